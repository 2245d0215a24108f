"""JSON, read strictly: what RFC 7515 §4, RFC 7519 §4 and RFC 8725 §3.7 ask of headers and claims.

Python's ``json`` is the parser. This module adds what it lets pass: duplicate member names, NaN
and Infinity, numbers too large for any float, half surrogates, and nesting without end.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jwtlab.errors import UsageError, kind

MAX_DEPTH = 32
"""Levels of brackets that are read."""
MAX_WRITTEN = 200
"""Levels that are written: more than any reader here takes, and less than where the oldest Python gives up, so that no
answer depends on the version."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# A string, or the rest of the text if it has no end: so no text is looked at twice.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A JSON text as far as it could be read.

    Attributes:
        value: the parsed object, or ``None`` if it is not a JSON object at all.
        fault: why a strict reader refuses it, or ``""``.
        position: where, in characters from 0, or ``None``.
        duplicates: member names that occur twice in one object.
        doubled: the objects inside ``value`` in which they do.
    """

    value: dict[str, Any] | None
    fault: str = ""
    position: int | None = None
    duplicates: tuple[str, ...] = ()
    doubled: tuple[dict[str, Any], ...] = ()


def read(octets: bytes) -> Document:
    """Read bytes as a JSON object; never raises.

    The value is what a careless parser would give (the last of two equal names wins), so that a
    policy without the strict checks can go on with it. ``fault`` and ``duplicates`` are for the
    checks.
    """
    value = read_sound(octets)
    if value is not None:
        return Document(value)
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        return Document(None, f"byte {error.start + 1} is not UTF-8", error.start)
    depth = _depth(text)
    if depth > MAX_DEPTH:
        return Document(None, f"nested {depth} levels deep; {MAX_DEPTH} are enough for any token")
    return _parse(text)


def read_sound(octets: bytes) -> dict[str, Any] | None:
    """The object in a text that is beyond doubt: one pass of the parser, which stops at the first oddity.

    ``None`` says no more than that `read` has to look closely.
    """
    try:
        text = octets.decode("utf-8")
        if "\\u" in text or text.count("[") + text.count("{") > MAX_DEPTH:
            return None
        value, end = _scan(text, 0)
    except (ValueError, StopIteration):
        return None
    return value if end == len(text) and type(value) is dict else None


class _Odd(ValueError):
    """Something that a strict reader objects to."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Odd
    return members


def _constant(name: str) -> float:
    raise _Odd


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _Odd
    return value


_SOUND = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite)
_scan: Callable[[str, int], tuple[Any, int]] = _SOUND.scan_once  # type: ignore[attr-defined]  # typeshed


def write(value: Mapping[str, Any], name: str) -> bytes:
    """An object as compact UTF-8 JSON; aware datetimes become NumericDates (RFC 7519 §2).

    Args:
        value: a mapping with text as keys.
        name: what it is, for the message ("claims", "header").

    Raises:
        UsageError: something in it cannot be written as JSON; the message names the member.
    """
    if not isinstance(value, Mapping):
        raise UsageError(f"the {name} must be an object (dict), not {kind(value)}")
    try:
        if _is_plain(value):
            return _WRITER.encode(value).encode("utf-8")
        text = _WRITER.encode(_plain(value, name))
        if _depth(text) > MAX_WRITTEN:
            raise RecursionError
        return text.encode("utf-8")
    except RecursionError:
        raise UsageError(
            f"the {name}: brackets nest too deeply to be written as JSON, more than {MAX_WRITTEN} levels"
        ) from None
    except (TypeError, ValueError) as error:
        raise UsageError(f"the {name} cannot be written as JSON: {error}") from error


_WRITER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_TEXT, _SIMPLE = {str}, {str, int, bool, type(None)}


def _is_plain(value: Any) -> bool:
    """Is it an object of texts, whole numbers and the like, so that there is nothing to look for in it?"""
    return (
        type(value) is dict
        and _TEXT.issuperset(map(type, value))
        and _SIMPLE.issuperset(map(type, value.values()))
    )


def _plain(value: Any, place: str) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(
                f"{place} is a datetime without a time zone, so nobody can tell which instant it means; "
                "write datetime.now(timezone.utc)"
            )
        return int(value.timestamp())
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise UsageError(f"{place}: JSON names are text; {key!r} is {kind(key)}")
        return {key: _plain(item, f"{place}[{key!r}]") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{place} is {value}; JSON has no such number")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise UsageError(f"{place} is {kind(value)}; JSON knows text, numbers, true, false, null, lists, objects")


def fault_in(value: Any) -> str:
    """Why a strict reader refuses a value that was read already, or ``""``."""
    if isinstance(value, dict):
        return next((fault for pair in value.items() for each in pair if (fault := fault_in(each))), "")
    if isinstance(value, list):
        return next((fault for each in value if (fault := fault_in(each))), "")
    if isinstance(value, float) and not math.isfinite(value):
        return "a number in it is none, or too large to be read exactly"
    if isinstance(value, str) and _LONE_SURROGATE.search(value):
        return "a \\u escape in it stands for half a character"
    return ""


def _parse(text: str) -> Document:
    duplicates: dict[str, None] = {}
    doubled: list[dict[str, Any]] = []
    faults: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = dict(pairs)
        if len(result) < len(pairs):
            counted = Counter(name for name, _ in pairs)
            duplicates.update(dict.fromkeys(name for name, count in counted.items() if count > 1))
            doubled.append(result)
        return result

    def constant(name: str) -> float:
        faults.append(f"{name} is no JSON number (RFC 8259 §6)")
        return float(name.replace("Infinity", "inf"))

    def number(digits: str) -> float:
        value = float(digits)
        if math.isinf(value):
            faults.append("a number is too large to be read exactly")
        return value

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=constant, parse_float=number)
    except json.JSONDecodeError as error:
        return Document(None, f"not JSON: {_words(error)}", error.pos)
    except ValueError:  # an integer of more digits than Python will convert
        return Document(None, "a number has too many digits")
    if not isinstance(value, dict):
        return Document(None, f"JSON, but not an object in braces: it is {kind(value)}")
    if _has_lone_surrogate(text, value):
        faults.append("a \\u escape stands for half a character")
    return Document(value, faults[0] if faults else "", None, tuple(duplicates), tuple(doubled))


def _words(error: json.JSONDecodeError) -> str:
    if error.doc.startswith("\ufeff"):
        return "a byte order mark stands in front of it, which has to be left out (RFC 8259 §8.1)"
    found = error.doc[error.pos : error.pos + 1]
    there = f"found {found!r}" if found else "the text ends"
    message = error.msg[0].lower() + error.msg[1:]
    return f"{message} at character {error.pos + 1}, where {there}"


def _depth(text: str) -> int:
    """How deep brackets nest, outside strings. Counted before parsing: the parser recurses."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _has_lone_surrogate(text: str, value: Any) -> bool:
    if "\\u" not in text:
        return False
    return bool(_LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)))
