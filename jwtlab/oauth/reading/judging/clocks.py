"""Whose clock is wrong: what servers say in ``Date`` and in ``iat``, against one another and against the recorder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.jose import times
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import wrong
from jwtlab.oauth.reading.logins import Logins

MOST_SECONDS = 60
"""What two sound clocks and a slow answer may differ by; verifiers often allow as much."""


def clocks_agree(case: Logins) -> Note:
    shown: dict[str, tuple[int, float]] = {}
    for each in case.trace:
        said = _said(each)
        if said is not None and each.at:
            shown.setdefault(each.receiver, (each.number, said - each.at))
    late = {who: (number, ahead) for who, (number, ahead) in shown.items() if abs(ahead) > MOST_SECONDS}
    if late:
        # The recorder's own clock may be the wrong one: then all the others agree against it.
        if len(late) == len(shown) > 1 and _near_each_other(list(late.values())):
            number, ahead = min(late.values())
            raise wrong(
                f"the clock of the machine that recorded this is {_in_words(-ahead)}: all servers agree against it",
                number,
                "Date",
            )
        who, (number, ahead) = min(late.items(), key=lambda pair: pair[1][0])
        raise wrong(
            f"the clock of {who} is {_in_words(ahead)}. Tokens seem expired there, or of the future; set it by "
            "NTP, and leave the checks of exp and iat as they are",
            number,
            "Date",
        )
    for number, issued in _issued(case):
        at = next(each.at for each in case.trace if each.number == number)
        if at and issued - at > MOST_SECONDS:
            raise wrong(
                f"the clock that issued this token is {_in_words(issued - at)}, by the recorder's clock",
                number,
                "iat",
            )
    return f"{len(shown)} clocks agree" if shown else NotAsked("no answer carries a Date")


def _said(each: Exchange) -> float | None:
    if each.response is None:
        return None
    text = header(each.response.headers, "date")
    if not text or header(each.response.headers, "age"):  # out of a cache
        return None
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _issued(case: Logins) -> Iterator[tuple[int, float]]:
    for number, token, _, _ in case.id_tokens:
        issued: Any = token.claims.get("iat")
        if times.is_numeric_date(issued):
            yield number, float(issued)


def _near_each_other(found: list[tuple[int, float]]) -> bool:
    ahead = [seconds for _, seconds in found]
    return max(ahead) - min(ahead) <= MOST_SECONDS


def _in_words(ahead: float) -> str:
    return f"{times.span(abs(round(ahead)))} {'fast' if ahead > 0 else 'slow'}"


CLOCK_CHECKS = (
    Check(
        id="clocks-agree",
        title="The clocks agree, but for a minute",
        spec="RFC 7519 §4.1.4",
        run=clocks_agree,
        group="Places",
        purpose="A fresh token is expired, or comes from the future.",
    ),
)
