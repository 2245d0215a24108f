"""The JSON types that registered names have: what a value may be, and how to say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jwtlab.jose import times


@dataclass(frozen=True)
class JsonType:
    """A type of value.

    Attributes:
        words: for a sentence: ``"text"``, ``"a list of texts"``.
        holds: is a value of this type?
    """

    words: str
    holds: Callable[[Any], bool] = field(repr=False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


TEXT = JsonType("text", _is_text)
TEXTS = JsonType("a list of texts", _are_texts)
TEXT_OR_TEXTS = JsonType("a text or a list of texts", lambda value: _is_text(value) or _are_texts(value))
OBJECT = JsonType("an object", lambda value: isinstance(value, dict))
BOOLEAN = JsonType("true or false", lambda value: isinstance(value, bool))
WHOLE_NUMBER = JsonType(
    "a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)
)
NUMERIC_DATE = JsonType("seconds since 1970", times.is_numeric_date)
ANYTHING = JsonType("any value", lambda value: True)
