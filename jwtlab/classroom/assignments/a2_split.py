"""Judges of a2.1: a token is taken apart, strictly."""

from __future__ import annotations

import json
from typing import Any

from jwtlab.classroom.assignments.a2_world import as_json, good_claims, good_header, make_token
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url


def _four(answer: Answer, token: Any) -> Any:
    """What `split` gives for a token that is one.

    Raises:
        Wrong: not four things.
    """
    found = answer.call(token)
    if found is None:
        raise Wrong("a good token gives None")
    if not isinstance(found, list) or len(found) != 4:
        raise Wrong("return four things: header, claims, signature, signing_input")
    return found


def reads(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = good_claims(my, draw, name="Zoë Łukasz")
    header, payload, *_ = _four(answer, make_token(my, claims))
    if header != good_header(my):
        raise Wrong("the first of the four is the header, as a dict")
    if payload != claims:
        raise Wrong("the second of the four is the claims, as a dict")


def exact(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = json.dumps(good_claims(my, draw, name="Zoë"), indent=1).encode("utf-8")
    header = json.dumps(good_header(my, kid=draw.text(5)), separators=(" , ", " : ")).encode("utf-8")
    for each in (make_token(my, claims, header), make_token(my, good_claims(my, draw))):
        _, _, signature, signing_input = _four(answer, each)
        text, _, last = each.rpartition(".")
        if signature != base64url.decode(last):
            raise Wrong("the third of the four is the signature, as bytes")
        if signing_input != text.encode("ascii"):
            raise Wrong(
                "the fourth of the four is the first two parts and the dot between them, as bytes, exactly "
                "as they came: what you write anew may be written otherwise"
            )


def _refuses(answer: Answer, bad: list[tuple[str, Any]], my: Variant, draw: Draw) -> None:
    """Each of these is no token: `split` gives ``None`` and raises nothing."""
    _four(answer, make_token(my, good_claims(my, draw)))
    for words, token in draw.shuffled(bad):
        try:
            found = answer.call(token)
        except Raised as raised:
            if raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found is not None:
            raise Wrong(words)


def pieces(answer: Answer, my: Variant, draw: Draw) -> None:
    token = make_token(my, good_claims(my, draw))
    header, payload, signature = token.split(".")
    words = "a token has exactly three parts"
    bad: list[tuple[str, Any]] = [
        (words, each)
        for each in (
            "",
            ".",
            header,
            f"{header}.{payload}",
            f"{token}.",
            f".{token}",
            f"{token}.{signature}",
            f"{header}.{payload}.{signature}..",
        )
    ]
    others: list[Any] = [None, draw.number(1000), True, token.encode(), [header, payload, signature], {}, 1.5]
    bad += [("what is no text is no token", each) for each in others]
    _refuses(answer, bad, my, draw)


def letters(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = as_json(good_claims(my, draw))
    if len(claims) % 3 == 0:
        claims += b" "  # so that the payload's last letter has bits that belong to no byte
    token = make_token(my, claims)
    header, payload, signature = token.split(".")
    letters = base64url.ALPHABET

    def another(part: str) -> str:
        return part[:-1] + letters[letters.index(part[-1]) + 1]

    def padded(part: str) -> str:
        return part + "=" * (-len(part) % 4 or 1)

    bad: list[tuple[str, Any]] = [
        ("there is no padding in a token", f"{header}.{payload}.{padded(signature)}"),
        ("there is no padding in a token", f"{header}.{padded(payload)}.{signature}"),
        ("there is no padding in a token", f"{padded(header)}.{payload}.{signature}"),
        (
            "the last letter has bits that belong to no byte: they are zero",
            f"{header}.{payload}.{another(signature)}",
        ),
        (
            "the last letter has bits that belong to no byte: they are zero",
            f"{header}.{another(payload)}.{signature}",
        ),
    ]
    for letter in ("+", "/", " ", "\n", "\t", "\0", "é", "-=", "ａ", "%"):
        words = "a letter that is not in base64url stands in it"
        bad += [(words, f"{header}.{payload}.{signature}{letter}"), (words, f"{letter}{token}")]
        place = draw.between(1, len(payload) - 1)
        bad.append((words, f"{header}.{payload[:place]}{letter}{payload[place:]}.{signature}"))
    bad.append(("no bytes have so many letters", f"{header}.{payload}.{signature[:41]}"))
    _refuses(answer, bad, my, draw)


def objects(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = good_claims(my, draw)
    bad: list[tuple[str, Any]] = []
    for octets in (
        b"",
        b"[]",
        b"null",
        b"true",
        b"7",
        b'"text"',
        as_json([claims]),
        as_json(list(claims.items())),
        b"{",
        b"{'a': 1}",
        as_json(claims)[:-1],
        as_json(claims) + b"}",
        b'{"a": "\xff\xfe"}',
        json.dumps(claims).encode("utf-16"),
    ):
        words = "header and claims are each one JSON object, in UTF-8"
        bad += [(words, make_token(my, octets)), (words, make_token(my, claims, octets))]
    _refuses(answer, bad, my, draw)


def strict(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, header = good_claims(my, draw), good_header(my)
    twice = "a name that appears twice in one object has two readers who read two things"
    number = "NaN and Infinity are no JSON"
    deep = "brackets without end make a parser give up: that is no reason to fall over"
    bad: list[tuple[str, Any]] = [
        (twice, make_token(my, as_json(claims)[:-1] + b',"sub":"admin"}')),
        (twice, make_token(my, b'{"sub":"admin",' + as_json(claims)[1:])),
        (twice, make_token(my, as_json(claims)[:-1] + b',"more":{"a":1,"a":2}}')),
        (twice, make_token(my, claims, b'{"alg":"none",' + as_json(header)[1:])),
        *((number, make_token(my, as_json(claims)[:-1] + b',"n":' + each + b"}")) for each in _NO_NUMBERS),
        (deep, make_token(my, b"[" * 100_000)),
        (deep, make_token(my, b'{"a":' * 100_000, header)),
    ]
    _refuses(answer, bad, my, draw)


_NO_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")
