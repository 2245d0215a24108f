"""Likely wrong answers where the answer is a value: made by rule out of the right one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from jwtlab.jose import base64url


def wrong_values(right: Any) -> Iterator[tuple[str, Any]]:
    """What a learner hands in instead of a value: its description and the value."""
    yield from (("in a list", [right]), ("in a tuple", (right,)), ("its repr", repr(right)))
    for kind, rule in _RULES:
        if isinstance(right, kind) and not (isinstance(right, bool) and kind is int):
            yield from rule(right)


def _texts(right: str) -> Iterator[tuple[str, Any]]:
    yield "as bytes", right.encode()
    yield "reversed", right[::-1]
    yield "doubled", right + right
    yield "without its last letter", right[:-1]
    yield "without its first letter", right[1:]
    yield "with a letter more", right + "x"
    yield "quoted", f'"{right}"'
    yield "empty", ""
    yield "as a set", {right}
    yield "its length", len(right)
    yield "in base64", base64.b64encode(right.encode()).decode()
    yield "in hexadecimal", right.encode().hex()
    if right.count(".") == 2 and not right.startswith("http"):
        yield from _tokens(right)
    elif right.isalnum():
        for name, text in (("upper", right.upper()), ("title", right.title()), ("with a space", f"{right} ")):
            if text != right:
                yield name, text


def _tokens(right: str) -> Iterator[tuple[str, Any]]:
    header, payload, signature = right.split(".")
    yield "as a Bearer header", f"Bearer {right}"
    yield "padded", f"{right}=="
    yield "without the signature", f"{header}.{payload}"
    yield "with header and payload swapped", f"{payload}.{header}.{signature}"
    yield "the header alone", header
    yield "the payload alone", payload
    yield "its parts", right.split(".")
    claims = json.loads(base64url.decode(payload))
    yield "its claims", claims
    for name, other in _members(claims):
        text = base64url.encode(json.dumps(other).encode())
        yield f"payload {name}, the old signature", f"{header}.{text}.{signature}"
    for name, other in _members(json.loads(base64url.decode(header))):
        text = base64url.encode(json.dumps(other).encode())
        yield f"header {name}, the old signature", f"{text}.{payload}.{signature}"


def _octets(right: bytes) -> Iterator[tuple[str, Any]]:
    yield "in hexadecimal", right.hex()
    yield "reversed", right[::-1]
    yield "with a line break", right + b"\n"
    yield "in capital letters", right.upper()
    yield "in small letters", right.lower()
    yield "cut", right[:-1]


def _numbers(right: float) -> Iterator[tuple[str, Any]]:
    for name, value in (
        ("one more", right + 1),
        ("one less", right - 1),
        ("negative", -right),
        ("in thousandths", right * 1000),
        ("in thousands", right // 1000),
        ("twice", right * 2),
        ("half", right // 2),
        ("zero", 0),
        ("true", True),
    ):
        if value != right:
            yield name, value
    if right < 10**12:
        yield "as text", str(right)


def _dates(right: datetime) -> Iterator[tuple[str, Any]]:
    yield "without a zone", right.replace(tzinfo=None)
    yield "an hour later", right + timedelta(hours=1)
    yield "a fraction later", right + timedelta(microseconds=500_000)
    yield "in seconds", right.timestamp()
    yield "as text", right.isoformat()
    yield "as a day", right.date()


def _dicts(right: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    yield "as JSON", json.dumps(dict(right), default=str)
    yield "its names", list(right)
    yield "its values", list(right.values())
    yield "empty", {}
    yield from _members(right)
    names = list(right)
    for one, other in pairwise(names):
        if right[one] != right[other]:
            yield f"{one} and {other} swapped", {**right, one: right[other], other: right[one]}


def _members(right: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in right.items():
        yield f"without {name}", {each: member for each, member in right.items() if each != name}
        if isinstance(value, str):
            yield f"{name} longer", {**right, name: f"{value}x"}
        if isinstance(value, int) and not isinstance(value, bool):
            yield f"{name} as text", {**right, name: str(value)}
            yield f"{name} in thousandths", {**right, name: value * 1000}
        if isinstance(value, bool):
            yield f"{name} the other way", {**right, name: not value}
            yield f"{name} as text", {**right, name: str(value)}
        yield f"{name} null", {**right, name: None}


def _several(right: Any) -> Iterator[tuple[str, Any]]:
    members = list(right)
    made = type(right) if isinstance(right, list | tuple | set) else list
    yield "empty", made([])
    for index in range(len(members)):
        rest = made(members[:index] + members[index + 1 :])
        yield f"without number {index + 1}", rest
    if isinstance(right, tuple):
        yield "the other way round", made(members[::-1])


_RULES = (
    (str, _texts),
    (bytes, _octets),
    (int | float, _numbers),
    (datetime, _dates),
    (Mapping, _dicts),
    (list | tuple | set, _several),
)
