"""What ``make test`` leaves to ``make test-long``: the mark ``long``, and how a few stand for many.

A test is long if it needs many seconds on its own, or plays for each of many what a few show. Whatever it looks
after, something short looks after the most of it: nothing is first noticed by a long test that a few seconds
could have told. ``.ci/run`` runs both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def few(values: Iterable[Any], *chosen: Any) -> list[Any]:
    """Parameters of a test, of which all but the chosen ones are long.

    Args:
        values: all of them, in their order; a tuple for a test of several parameters.
        chosen: those that stand for all in ``make test``; each is one of ``values``.

    Raises:
        LookupError: one of the chosen is none of them, so the short form would lack it without a word.
    """
    found = list(values)
    for each in chosen:
        if each not in found:
            raise LookupError(f"{each!r} is none of {found!r}")
    return [each if each in chosen else _long(each) for each in found]


def _long(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)


def spread(values: Sequence[Any], count: int) -> list[Any]:
    """At most ``count`` of the values, evenly from the first to the last: always the same ones."""
    if len(values) <= count:
        return list(values)
    return [values[number * (len(values) - 1) // (count - 1)] for number in range(count)]
