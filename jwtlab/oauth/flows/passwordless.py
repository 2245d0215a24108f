"""Passwordless: a link or a one-time code by e-mail takes the place of the password. There is no RFC for it."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, submit, visit
from jwtlab.oauth.world import World


def passwordless(world: World, user: str = "alice", method: str = "link") -> Steps[Page]:
    """Somebody logs in at the notes app with their mailbox.

    Args:
        world: where it happens.
        user: who.
        method: ``"link"`` or ``"code"``.

    Returns:
        The last page: the application greets them.
    """
    person, browser = world.people[user], world.browser(user)
    app = world.configure(ClientSettings(scope="openid profile notes:read"))

    yield from visit(browser, app.address("/login"), f"{person.name} presses Log in at the application.")
    yield from follow(
        browser, "The application sends the browser to the authorization server.", "RFC 6749 §4.1.1"
    )
    yield from submit(
        browser,
        {"email": person.email},
        f"{person.name} types an e-mail address. The answer is the same for an address that nobody has.",
        form=1,
    )
    if method == "code":
        code = world.mailbox.newest(person.email).code
        yield from submit(
            browser, {"code": code}, f"{person.name} reads the code in the mailbox and types it."
        )
    else:
        link = world.mailbox.newest(person.email).link
        yield from visit(
            browser,
            link,
            f"{person.name} opens the link from the mailbox, in the same browser. It shows a page with a button: "
            "opening it is not enough, because mail scanners open links too.",
        )
        yield from submit(browser, None, f"{person.name} presses the button. The link is used up.")
    yield from log_in(world, browser, user)
    yield from follow(browser, "From here on it is the code flow.", "RFC 6749 §4.1.2")
    return (yield from follow(browser, "The application greets the person whom the ID token names."))
