"""Which values each type of JSON takes: all types against all kinds of values, and against each other's near misses."""

from __future__ import annotations

import pytest

from jwtlab.errors import kind
from jwtlab.jose import json_types

VALUES = {
    "null": None,
    "true": True,
    "false": False,
    "0": 0,
    "1": 1,
    "-1": -1,
    "1.5": 1.5,
    "last second": 253_402_300_799,
    "after it": 253_402_300_800,
    "no number": float("nan"),
    "infinite": float("inf"),
    "empty text": "",
    "text": "a",
    "digits": "1",
    "bytes": b"a",
    "empty list": [],
    "texts": ["a", "b"],
    "text and number": ["a", 1],
    "number and text": [1, "a"],
    "lists": [["a"]],
    "tuple": ("a",),
    "empty object": {},
    "object": {"a": 1},
}
TAKEN = {
    "TEXT": {"empty text", "text", "digits"},
    "TEXTS": {"empty list", "texts"},
    "TEXT_OR_TEXTS": {"empty text", "text", "digits", "empty list", "texts"},
    "OBJECT": {"empty object", "object"},
    "BOOLEAN": {"true", "false"},
    "WHOLE_NUMBER": {"0", "1", "-1", "last second", "after it"},
    "NUMERIC_DATE": {"0", "1", "1.5", "last second"},
    "ANYTHING": set(VALUES),
}


@pytest.mark.parametrize("name", TAKEN)
def test_values_that_a_type_takes(name):
    row = getattr(json_types, name)
    assert {label for label, value in VALUES.items() if row.holds(value)} == TAKEN[name]


def test_kinds_of_values_in_words():
    assert {label: kind(value) for label, value in VALUES.items()} == {
        **dict.fromkeys(VALUES, ""),
        "null": "nothing (None)",
        **dict.fromkeys(("true", "false"), "true or false (bool)"),
        **dict.fromkeys(("0", "1", "-1", "last second", "after it"), "a number (int)"),
        **dict.fromkeys(("1.5", "no number", "infinite"), "a number (float)"),
        **dict.fromkeys(("empty text", "text", "digits"), "text (str)"),
        "bytes": "bytes",
        **dict.fromkeys(("empty list", "texts", "text and number", "number and text", "lists"), "a list"),
        "tuple": "a tuple",
        **dict.fromkeys(("empty object", "object"), "an object (dict)"),
    }
