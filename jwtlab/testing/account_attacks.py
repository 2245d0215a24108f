"""Attacks on what an application makes of a good login: whose account it is, which session, and where to next."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from jwtlab.oauth.http.addresses import split
from jwtlab.testing import login_faults as faults
from jwtlab.testing.login_attack import (
    MALLORY,
    VICTIM,
    LoginAttack,
    changed,
    with_claims,
    with_email,
    with_id_token,
    with_openid,
)
from jwtlab.testing.logins import Arrival, Login, at_the_issuers, with_parameters
from jwtlab.testing.senders import SentReply

# Whose account is it?


def _taken_for(**claims: Any) -> Callable[[Login], Arrival]:
    """Mallory logs in as herself; what she may choose herself is the victim's: an e-mail address, a name."""

    def play(login: Login) -> Arrival:
        def about(body: dict[str, Any]) -> dict[str, Any]:
            return body | claims

        with changed(login, "/userinfo", about):
            arrival = with_id_token(with_claims(**claims), MALLORY)(login)
        if VICTIM not in str(arrival.user) or MALLORY in arrival.named:
            return replace(arrival, logged_in=False)
        address = claims.get("email", " ")
        shown = VICTIM not in arrival.named.replace(
            address, ""
        )  # a page may show it, and mean Mallory's account
        return replace(arrival, doubtful=shown and arrival.named.strip() != address)

    return play


# Which session is it?


def _fixed_session(login: Login) -> Arrival:
    """Mallory's cookies, from before the login, in the victim's browser; afterwards in her own again."""
    browser, doors = login.doors.browser, login.doors
    assert browser is not None
    login.begin()
    hers = browser.cookies()
    if not hers:
        return Arrival(False, said="nothing is kept before the login")
    request = login.leads_to(at_the_issuers(browser, doors.path))  # the victim begins with her cookies
    login.arrive(login.allow(request, VICTIM))
    browser.with_cookies(hers)
    user, _ = login.asked()
    return Arrival(user is not None, user, f"{user or 'nobody'} is logged in with the cookies from before")


def _anybodys_session(**changed: str | None) -> Callable[[Login], Arrival]:
    """Mallory's answer in a browser that has begun no login: what is not there is equal to what is not sent."""

    def play(login: Login) -> Arrival:
        browser = login.doors.browser
        assert browser is not None
        hers = login.allow(login.begin(), MALLORY)
        browser.fresh()
        return login.arrive(with_parameters(hers, **changed))

    return play


def _second_try(**changed: str | None) -> Callable[[Login], Arrival]:
    """The first visit uses up what the browser kept; the second one brings nothing to compare with nothing."""

    def play(login: Login) -> Arrival:
        hers = login.allow(login.begin(), MALLORY)
        request = login.begin()
        login.arrive(f"{request.parameters.get('redirect_uri', '')}?state=made-up&error=access_denied")
        return login.arrive(with_parameters(hers, **changed))

    return play


# Where to next?

ELSEWHERE = "mallory.example"
NAMES = (
    *("next", "next_url", "return", "return_to", "returnTo", "returnUrl", "return_url", "redirect"),
    *("redirect_to", "redirect_url", "redirectUrl", "url", "continue", "target", "dest", "destination", "rd"),
    *("back", "from", "goto", "then", "after", "origin", "r", "u"),
)
"""How applications call the place where somebody wanted to go."""
HOPS = 3
_WAYS = {
    "address": ("another site's address", "https://{elsewhere}/"),
    "slashes": ("an address without a scheme", "//{elsewhere}/"),
    "backslash": ("a backslash, which browsers read as a slash", "/\\{elsewhere}/"),
    "tab": ("a tab between two slashes, which browsers pass over", "/\t/{elsewhere}/"),
    "user": ("your own address as the user of another site", "{own}@{elsewhere}/"),
    "longer": ("an address that begins like yours and goes on", "{own}.{elsewhere}/"),
}


def _sent_away(shape: str) -> Callable[[Login], Arrival]:
    def play(login: Login) -> Arrival:
        browser, path = login.doors.browser, login.doors.path
        assert browser is not None
        own = split(login.begin().parameters.get("redirect_uri", ""))
        place = shape.format(elsewhere=ELSEWHERE, own=f"{own.scheme}://{own.netloc}")
        asked = urlencode(dict.fromkeys(NAMES, place))
        browser.fresh()
        found = at_the_issuers(browser, f"{path}{'&' if '?' in path else '?'}{asked}")
        if _leads_away(found.location):
            return _away(found.location)
        back = login.allow(login.leads_to(found), VICTIM)
        return _followed(login, f"{back}&{asked}")

    return play


def _followed(login: Login, address: str) -> Arrival:
    """The way back, and a few steps further, as a browser goes them."""
    arrival = login.arrive(address)
    location = arrival.location
    for _ in range(HOPS):
        if _leads_away(location):
            return _away(location)
        browser = login.doors.browser
        if not location or browser is None:
            break
        found: SentReply = browser.get(location)
        location = found.location if 300 <= found.status < 400 else ""
    return Arrival(False, said=arrival.said)


def _away(location: str) -> Arrival:
    return Arrival(True, said=f"sends the browser to {location}")


def _leads_away(location: str) -> bool:
    """Would a browser leave for the other site? (The basic URL parser of the URL Standard, as far as it matters.)"""
    text = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    found = re.match(r"(?:https?:)?/{2,}([^/?#]*)", text, re.I) or re.match(r"https?:([^/?#]+)", text, re.I)
    if found is None:
        return False
    host = found[1].rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    return host == ELSEWHERE or host.endswith(f".{ELSEWHERE}")


_CSRF = (
    "Whoever opens Mallory's link is logged in as Mallory, and leaves what they write or pay in her account."
)
_FIXED = "Mallory leaves her cookie in somebody's browser, and is in their account when they have logged in."
_PHISH = "A link that begins with your own address ends on Mallory's copy of your page."
_SAME = "Who may choose an address or a name for herself, chooses somebody else's, and gets their account."

ACCOUNT_ATTACKS: tuple[LoginAttack, ...] = (
    *(
        LoginAttack(f"csrf:{name}", title, _CSRF, faults.STATE, play, by_browser=name.startswith("no-login"))
        for name, title, play in (
            ("no-login", "Mallory's callback address, where no login has begun", _anybodys_session()),
            ("no-login-no-state", "the same, without state", _anybodys_session(state=None)),
            ("no-login-empty-state", "the same, with an empty state", _anybodys_session(state="")),
            ("second-try", "without state, after a first visit has used it up", _second_try(state=None)),
            ("second-try-empty-state", "the same, with an empty state", _second_try(state="")),
        )
    ),
    LoginAttack(
        "taken-for-another:email",
        "Mallory's own account, with the victim's e-mail address, which nobody has verified",
        _SAME,
        faults.ACCOUNT,
        _taken_for(email=f"{VICTIM}@mail.example", email_verified=False),
        with_email,
        by_who=True,
    ),
    LoginAttack(
        "taken-for-another:verified-email",
        "Mallory's own account, with an e-mail address that was the victim's before",
        _SAME,
        faults.ACCOUNT,
        _taken_for(email=f"{VICTIM}@mail.example", email_verified=True),
        with_email,
        by_who=True,
    ),
    LoginAttack(
        "taken-for-another:username",
        "Mallory's own account, with the victim's name in preferred_username",
        _SAME,
        faults.ACCOUNT,
        _taken_for(preferred_username=VICTIM),
        with_openid,
        advice=True,  # a page may show it and mean somebody else
        by_who=True,
    ),
    LoginAttack(
        "fixed-session",
        "the cookies from before the login open the account after it",
        _FIXED,
        faults.SESSION,
        _fixed_session,
        by_browser=True,
        by_who=True,
    ),
    *(
        LoginAttack(
            f"open-redirect:{name}",
            f"a login that is to end elsewhere: {title}",
            _PHISH,
            faults.NEXT,
            _sent_away(shape),
            by_browser=True,
        )
        for name, (title, shape) in _WAYS.items()
    ),
)
"""What is tried after everything about the tokens is right."""
