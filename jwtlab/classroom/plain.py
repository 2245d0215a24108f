"""Plain data between the student's process and the judge: JSON, with bytes marked.

What comes out of a student's process is data of exactly these types and nothing else. An object that
says it equals everything becomes what it is made of, or a name of its type; it never reaches a judge.
This module runs inside the student's process too, so it needs nothing but the standard library.
"""

from __future__ import annotations

import base64
import json
from typing import Any

DEEPEST = 40
LONGEST = 2_000_000
"""Characters of an answer."""


class NotPlain(Exception):
    """A value that is no plain data; the message names its type."""


def to_text(value: Any) -> str:
    """A value as one line of JSON.

    Raises:
        NotPlain: it holds something else than text, numbers, bytes, booleans, None, lists, tuples and
            dicts with text as keys; or it is too deep or too long.
    """
    text = json.dumps(_plain(value, 0), ensure_ascii=True, allow_nan=True)
    if len(text) > LONGEST:
        raise NotPlain(f"a value of {len(text):,} characters")
    return text


def from_text(text: str) -> Any:
    """The value that `to_text` wrote.

    Raises:
        NotPlain: it is none.
    """
    try:
        return _value(json.loads(text), 0)
    except (ValueError, RecursionError) as error:
        raise NotPlain("text that is no plain data") from error


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotPlain("a value that is nested too deeply")
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind in (bytes, bytearray):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if kind in (list, tuple):
        return [_plain(each, depth + 1) for each in value]
    if kind is dict:
        if not all(type(name) is str for name in value):
            raise NotPlain("a dict whose keys are not text")
        if any(name.startswith("$") for name in value):
            return {"$dict": [[name, _plain(each, depth + 1)] for name, each in value.items()]}
        return {name: _plain(each, depth + 1) for name, each in value.items()}
    raise NotPlain(f"a {kind.__name__}")


def _value(found: Any, depth: int) -> Any:
    if depth > 2 * DEEPEST:
        raise NotPlain("a value that is nested too deeply")
    if isinstance(found, list):
        return [_value(each, depth + 1) for each in found]
    if not isinstance(found, dict):
        return found
    match found:
        case {"$bytes": str(text), **rest} if not rest:
            return base64.b64decode(text, validate=True)
        case {"$dict": list(pairs), **rest} if not rest:
            return {str(name): _value(each, depth + 1) for name, each in pairs}
    return {name: _value(each, depth + 1) for name, each in found.items()}
