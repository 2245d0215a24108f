"""NumericDate (RFC 7519 §2): seconds since 1970-01-01T00:00:00Z, in words. No clock is read here."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from jwtlab.errors import UsageError, kind

LATEST = 253_402_300_799
"""The last second of the year 9999."""


def is_numeric_date(value: Any) -> bool:
    """A finite number, not true or false, between 1970 and 9999."""
    if type(value) is int:
        return 0 <= value <= LATEST
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 <= value <= LATEST


def as_seconds(value: float | datetime | timedelta | None, name: str) -> float:
    """An instant or a span that somebody handed over, in seconds.

    Raises:
        UsageError: it is missing, has no time zone, or is no number.
    """
    if value is None:
        raise UsageError(
            f"{name} is missing: what time is it for this verifier? Write now=lab.now in the lab, "
            "now=time.time() at work"
        )
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(f"{name} is a datetime without a time zone; write datetime.now(timezone.utc)")
        return value.timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise UsageError(f"{name} is a number of seconds or an aware datetime; this is {kind(value)}")
    if abs(value) > LATEST:
        raise UsageError(f"{name} lies beyond the year 9999; it counts seconds, not milliseconds")
    return value


def as_instant(value: float | datetime | None, name: str) -> float:
    """An instant that somebody handed over, in seconds since 1970.

    Raises:
        UsageError: as `as_seconds`; or it lies before 1970 or beyond the year 9999.
    """
    seconds = as_seconds(value, name)
    if not is_numeric_date(seconds):
        raise UsageError(f"{name} lies between 1970 and 9999")
    return seconds


def when(value: float) -> str:
    """An instant for people: ``"1 Jan 2026, 00:30:00 UTC"``."""
    instant = datetime.fromtimestamp(math.floor(value), UTC)
    return f"{instant.day} {instant:%b %Y, %H:%M:%S} UTC"


def clock_time(value: float) -> str:
    """The time of day alone: ``"00:30:00"``."""
    return f"{datetime.fromtimestamp(math.floor(value), UTC):%H:%M:%S}"


def span(seconds: float) -> str:
    """A length of time in its two largest units: ``"15 minutes"``, ``"1 day 3 hours"``, ``"0 seconds"``."""
    left = round(abs(seconds))
    words = []
    for name, size in (("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count:,} {name}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"


def relative(value: float, now: float) -> str:
    """An instant as seen from another: ``"in 5 minutes"``, ``"3 hours ago"``, ``"now"``."""
    if value == now:
        return "now"
    seconds = round(abs(value - now))
    words = span(seconds) if seconds else "less than a second"
    return f"in {words}" if value > now else f"{words} ago"


def two_instants(one: float, other: float) -> tuple[str, str]:
    """Two instants to be compared: with the date only if they lie on different days.

    Where they lie within one second, the fraction tells them apart.
    """
    same_day = one // 86_400 == other // 86_400
    write = clock_time if same_day else when
    written = write(one), write(other)
    if written[0] != written[1] or one == other:
        return written
    for digits in (1, 3, 6):
        one_fraction, other_fraction = f"{one % 1:.{digits}f}", f"{other % 1:.{digits}f}"
        if one_fraction != other_fraction and "1" not in (one_fraction[0], other_fraction[0]):
            return written[0] + one_fraction[1:], written[1] + other_fraction[1:]
    return f"{one!r} seconds", f"{other!r} seconds"
