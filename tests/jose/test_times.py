"""Instants and spans in words, and what counts as one; to the second, and to the last second of the year 9999."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from jwtlab import UsageError
from jwtlab.jose import times

NEW_YEAR = 1_767_225_600  # 2026-01-01T00:00:00Z
LAST = 253_402_300_799
DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (0.4, "0 seconds"),
        (1, "1 second"),
        (2, "2 seconds"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "1 minute 1 second"),
        (-61, "1 minute 1 second"),
        (3_599, "59 minutes 59 seconds"),
        (3_600, "1 hour"),
        (3_661, "1 hour 1 minute"),
        (DAY - 1, "23 hours 59 minutes"),
        (DAY, "1 day"),
        (DAY + 60, "1 day 1 minute"),
        (364 * DAY, "364 days"),
        (365 * DAY, "1 year"),
        (731 * DAY, "2 years 1 day"),
        (1e11, "3,170 years 357 days"),
    ],
)
def test_span_is_said_in_its_two_largest_units(seconds, words):
    assert times.span(seconds) == words


@pytest.mark.parametrize(
    ("one", "other", "written"),
    [
        (0, 0, ("00:00:00", "00:00:00")),
        (0, 3_600, ("00:00:00", "01:00:00")),
        (DAY - 1, DAY, ("1 Jan 2026, 23:59:59 UTC", "2 Jan 2026, 00:00:00 UTC")),
        (0.5, 0, ("00:00:00.5", "00:00:00.0")),
        (0.96, 0.99, ("00:00:00.960", "00:00:00.990")),
        (0.9996, 0.9991, ("00:00:00.999600", "00:00:00.999100")),
        (0.9999990, 0.9999993, ("1767225600.999999 seconds", "1767225600.9999993 seconds")),
    ],
)
def test_two_instants_are_written_as_exactly_as_it_takes_to_tell_them_apart(one, other, written):
    assert times.two_instants(NEW_YEAR + one, NEW_YEAR + other) == written


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NEW_YEAR, "now"),
        (NEW_YEAR + 300, "in 5 minutes"),
        (NEW_YEAR - 3 * 3_600, "3 hours ago"),
        (NEW_YEAR + 0.3, "in less than a second"),
        (NEW_YEAR - 0.3, "less than a second ago"),
        (NEW_YEAR + 0.7, "in 1 second"),
    ],
)
def test_instant_seen_from_another(value, words):
    assert times.relative(value, NEW_YEAR) == words


def test_instants_are_written_in_utc_and_never_too_late():
    assert times.when(NEW_YEAR + 0.999) == "1 Jan 2026, 00:00:00 UTC"
    assert times.when(NEW_YEAR + 1_800) == "1 Jan 2026, 00:30:00 UTC"
    assert times.clock_time(NEW_YEAR + 3_661.9) == "01:01:01"
    assert times.when(LAST) == "31 Dec 9999, 23:59:59 UTC"


@pytest.mark.parametrize("value", [0, 0.0, 1, 0.5, NEW_YEAR, LAST, float(LAST)])
def test_numeric_date(value):
    assert times.is_numeric_date(value)
    assert times.as_instant(value, "now") == value


@pytest.mark.parametrize(
    "value",
    [-1, -0.5, LAST + 1, LAST + 1.0, math.inf, -math.inf, math.nan, True, False, "1", None, [1]],
    ids=repr,
)
def test_no_numeric_date(value):
    assert not times.is_numeric_date(value)
    with pytest.raises(UsageError, match=r"^now "):
        times.as_instant(value, "now")


def test_spans_and_instants_become_seconds():
    assert times.as_seconds(timedelta(minutes=15), "lifetime") == 900
    assert times.as_seconds(datetime(2026, 1, 1, tzinfo=UTC), "now") == NEW_YEAR
    assert times.as_seconds(-LAST, "leeway") == -LAST
    assert times.as_seconds(2.5, "leeway") == 2.5


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "now is missing"),
        (datetime(2026, 1, 1), "time zone"),
        (LAST + 1, "milliseconds"),
        (-LAST - 1, "milliseconds"),
        (math.nan, "a number of seconds"),
        (True, "a number of seconds"),
        ("soon", "a number of seconds"),
    ],
    ids=repr,
)
def test_what_is_no_time_is_refused_in_words(value, words):
    with pytest.raises(UsageError, match=words):
        times.as_seconds(value, "now")
