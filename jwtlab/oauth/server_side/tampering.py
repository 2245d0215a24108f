"""One value of a login is changed on its way: what notices, and in which function of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.server_side.diary import raised_in
from jwtlab.oauth.server_side.place import DIARY, MakeApp, deploy
from jwtlab.oauth.world import World

ON_THE_WAY_THERE = ("nonce", "code_challenge", "redirect_uri", "scope", "client_id")
ON_THE_WAY_BACK = ("state", "code", "iss")


@dataclass(frozen=True)
class Noticed:
    """What became of a login in which one value was changed.

    Attributes:
        said: the words of whoever noticed; empty if nobody did.
        where: the function of the library, or nothing if it was not the library.
    """

    said: str
    where: str


def tamper(world: World, make: MakeApp, name: str, value: str = "", user: str = "alice") -> Noticed:
    """Let somebody log in, and change one parameter of a message on its way.

    Args:
        world: where; it must have no diary yet.
        make: makes the application, a Flask one.
        name: the parameter: one of `ON_THE_WAY_THERE` (of the authorization request) or `ON_THE_WAY_BACK`.
        value: what it becomes; by default something that nobody has drawn.
        user: who.

    Raises:
        UsageError: there is no such parameter, or a diary already.
    """
    if name not in ON_THE_WAY_THERE + ON_THE_WAY_BACK:
        raise UsageError(f"change one of: {', '.join(ON_THE_WAY_THERE + ON_THE_WAY_BACK)}")
    app: Any = deploy(world, make)
    app.testing = True  # exceptions come out as they are
    app.error_handler_spec.clear()
    value = value or ("x" * 43 if name == "code_challenge" else "changed")
    browser = world.browser(user)
    there = browser.open(f"{DIARY}/login").redirect
    page = browser.open(_changed(there, name, value) if name in ON_THE_WAY_THERE else there)
    back = _log_in(world, browser, page, user).redirect
    if not back.startswith(DIARY):
        return Noticed(f"{browser.page.status}, at the authorization server" if browser.page else "", "")
    try:
        last = browser.open(_changed(back, name, value) if name in ON_THE_WAY_BACK else back)
    except Exception as error:
        return Noticed(str(error), raised_in(error))
    return Noticed("" if last.status < 400 else last.text_shown or last.text, "")


def _changed(address: str, name: str, value: str) -> str:
    return Request.make("GET", address).changed(**{name: value}).url


def _log_in(world: World, browser: UserAgent, page: Page, user: str) -> Page:
    while page.forms and not page.redirect:
        asks = "password" in page.forms[0].fields
        person = {"username": user, "password": world.people[user].password}
        page = browser.submit(person) if asks else browser.submit(press="Allow")
    return page
