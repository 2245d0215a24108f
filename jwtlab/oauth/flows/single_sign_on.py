"""Single sign-on: two applications, one login, and a logout that reaches both (OpenID Connect)."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World


def single_sign_on(world: World, user: str = "alice") -> Steps[Page]:
    """Somebody logs in once, uses two applications, and logs out of everything.

    Args:
        world: where it happens.
        user: who.

    Returns:
        The last page: the second application, after the logout.
    """
    name, browser = world.people[user].name, world.browser(user)
    for application in (world.app, world.calendar):
        world.configure(ClientSettings(scope="openid profile"), application)

    yield from enter(world, browser, user, world.app, f"{name} logs in at the first application.")
    yield from enter(
        world,
        browser,
        user,
        world.calendar,
        f"{name} opens the second application. The server knows the browser by its own cookie: no password is asked.",
    )
    yield from visit(
        browser,
        world.app.address("/logout"),
        f"{name} logs out at the first application.",
        "OpenID Connect RP-Initiated Logout §2",
    )
    yield from follow(
        browser,
        "The first application sends the browser to the server. It ends its session, and tells every "
        "application that was reached from it, by a signed logout token.",
        "OpenID Connect Back-Channel Logout §2.5",
    )
    yield from follow(browser, "Back to the first application.", "OpenID Connect RP-Initiated Logout §3")
    return (
        yield from visit(
            browser,
            world.calendar.address("/"),
            f"{name} looks at the second application: logged out there too.",
        )
    )


def enter(
    world: World, browser: UserAgent, user: str, application: ClientApplication, says: str
) -> Steps[Page]:
    """Log in at an application."""
    yield from visit(browser, application.address("/login"), says)
    yield from follow(browser, f"{application.name} sends the browser to the server.", "RFC 6749 §4.1.1")
    yield from log_in(world, browser, user)
    yield from follow(
        browser, f"The browser brings {application.name} a code.", "OpenID Connect Core §3.1.2.5"
    )
    return (yield from follow(browser, f"{application.name} knows who it is."))
