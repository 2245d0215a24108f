"""What works and is risky about tokens: how long they live, where they are kept, to whom they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.jose import times
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import wrong
from jwtlab.oauth.reading.judging.tokens import NO_REDEEMING
from jwtlab.oauth.reading.logins import Logins

LONGEST_ACCESS = 2 * 3600
"""Seconds; most servers give between five minutes and an hour and a half."""


def tokens_not_kept(case: Logins) -> Note:
    good = [one for one in case.redeemings if one.good and "access_token" in one.answer]
    for one in good:
        response = one.exchange.response
        if response is not None and "no-store" not in header(response.headers, "cache-control").lower():
            raise wrong(
                "the answer with the tokens may be kept in a cache",
                one.number,
                "Cache-Control",
                expected="no-store",
            )
    return "no-store" if good else NO_REDEEMING


def access_short(case: Logins) -> Note:
    said = 0
    for number, seconds in _lifetimes(case):
        said += 1
        if seconds > LONGEST_ACCESS:
            raise wrong(
                f"the access token is good for {times.span(round(seconds))}, and cannot be taken back where an "
                "API checks alone",
                number,
                "expires_in",
                expected="minutes, to an hour or so",
                found=seconds,
            )
    return "short" if said else NotAsked("no answer says expires_in")


def _lifetimes(case: Logins) -> Iterator[tuple[int, float]]:
    for one in case.redeemings:
        value = one.answer.get("expires_in")
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e11:
            yield one.number, float(value)
    for each in case.answers:
        text = each["expires_in"]
        if text.isascii() and text.isdecimal() and len(text) < 10:
            yield each.number, float(text)


def refresh_rotated(case: Logins) -> Note:
    trades = [one for one in case.redeemings if one["grant_type"] == "refresh_token" and one.good]
    for one in trades:
        headers = one.exchange.request.headers
        secret = one["client_secret"] or one["client_assertion"] or header(headers, "authorization")
        same = one.answer.get("refresh_token") in (None, one["refresh_token"])
        if same and not secret and not header(headers, "dpop"):
            raise wrong(
                "a public client keeps the same refresh token: a stolen one is as good, and nobody notices",
                one.number,
                "refresh_token",
            )
    return "rotated, or bound" if trades else NotAsked("nothing is refreshed in this recording")


def id_token_kept_home(case: Logins) -> Note:
    ours = {one.answer.get("id_token") for one in case.redeemings} | {
        each["id_token"] for each in case.answers
    }
    for each, token in case.bearers:
        if token in ours:
            raise wrong(
                "the ID token is shown to an API. It tells the application who has logged in; an API is shown "
                "the access token",
                each.number,
                "Authorization",
            )
    return "APIs are shown access tokens" if case.bearers else NotAsked("no API is called in this recording")


TOKEN_PRACTICE = (
    Check(
        id="tokens-not-kept",
        title="No cache keeps the tokens (no-store)",
        spec="RFC 6749 §5.1",
        run=tokens_not_kept,
        group="Tokens",
        purpose="Whoever uses the computer next finds them.",
    ),
    Check(
        id="access-short",
        title="The access token is short-lived",
        spec="RFC 6819 §5.1.5.3",
        run=access_short,
        group="Tokens",
        purpose="A stolen token is good for long.",
    ),
    Check(
        id="refresh-rotated",
        title="A public client's refresh tokens rotate",
        spec="RFC 9700 §4.14.2",
        run=refresh_rotated,
        group="Tokens",
        purpose="A theft is never noticed.",
    ),
    Check(
        id="id-token-kept-home",
        title="No API is shown the ID token",
        spec="RFC 9068 §5",
        run=id_token_kept_home,
        group="Tokens",
        purpose="An API that takes it takes it of every application.",
    ),
)
