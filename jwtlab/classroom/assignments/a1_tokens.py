"""a1: build and read a token from primitives, with base64, hashlib, hmac and json only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import GIVEN, Answer, Assignment, Part, Raised, Task, Wrong
from jwtlab.classroom.rubrics import written
from jwtlab.classroom.variants import Variant

_FLAT = (",", ":")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _token(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    text = ".".join(_encode(json.dumps(each, separators=_FLAT).encode("utf-8")) for each in (header, claims))
    return f"{text}.{_encode(hmac.digest(secret, text.encode('ascii'), 'sha256'))}"


def _expect(found: Any, wanted: Any, words: str) -> None:
    if type(found) is not type(wanted) or found != wanted:
        raise Wrong(words)


# a1.1: base64url


def _encodes(answer: Answer, my: Variant, draw: Draw) -> None:
    for text in (my.subject, my.issuer):
        _expect(
            answer.call(text.encode()),
            _encode(text.encode()),
            "compare with the example in the text, letter by letter",
        )


def _no_padding(answer: Answer, my: Variant, draw: Draw) -> None:
    for length in (1, 2, 4, 5, 0):
        found = answer.call(draw.bytes(length))
        if isinstance(found, str) and found.endswith("="):
            raise Wrong("there are = signs at the end; RFC 7515 §2 leaves them out")
        if not isinstance(found, str):
            raise Wrong("the result has to be text, not bytes")


def _url_letters(answer: Answer, my: Variant, draw: Draw) -> None:
    for data in (b"\xfb\xef\xbe", b"\xff\xff\xff", bytes([draw.between(0xF8, 0xFF) for _ in range(9)])):
        found = answer.call(data)
        if isinstance(found, str) and set(found) & set("+/"):
            raise Wrong("+ and / have a meaning in addresses; base64url has - and _ in their place")
        _expect(found, _encode(data), "some bytes come out wrong: try bytes that are no text")


def _any_bytes(answer: Answer, my: Variant, draw: Draw) -> None:
    for _ in range(20):
        data = draw.bytes(draw.between(0, 80))
        _expect(answer.call(data), _encode(data), "it works for some lengths and not for others")


# a1.2: reading


def _reads(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = my.claims()
    _expect(
        answer.call(_token({"alg": "HS256", "typ": "JWT"}, claims, my.secret)),
        claims,
        "it does not give the claims as a dict",
    )


def _reads_all_lengths(answer: Answer, my: Variant, draw: Draw) -> None:
    for extra in range(6):
        claims = my.claims(note="x" * extra + draw.text(draw.between(1, 20)))
        token = _token({"alg": "HS256"}, claims, my.secret)
        try:
            _expect(answer.call(token), claims, "some tokens come out wrong")
        except Raised as raised:
            if raised.kind == "NotImplementedError":
                raise
            raise Wrong(
                f"it raised {raised.kind} for some tokens: how long is a part, and what did the encoder leave out?"
            ) from None


def _reads_other_letters(answer: Answer, my: Variant, draw: Draw) -> None:
    for name in ("Zoë", "Łukasz", "名前", "ÿþ÷¿"):
        claims = my.claims(name=name + draw.text(3))
        header = {"alg": "HS256"}
        text = ".".join(
            _encode(json.dumps(each, ensure_ascii=False, separators=_FLAT).encode("utf-8"))
            for each in (header, claims)
        )
        _expect(
            answer.call(f"{text}.{_encode(b'signature')}"),
            claims,
            "names with letters beyond ASCII come out wrong: the bytes are UTF-8",
        )


# a1.3: signing


def _builds(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = my.claims()
    found = answer.call(claims, my.secret)
    if not isinstance(found, str) or found.count(".") != 2:
        raise Wrong("a token is text of three parts with two dots between them")
    _signed(found, claims, my.secret)


def _builds_any(answer: Answer, my: Variant, draw: Draw) -> None:
    for length in (32, 48, 64, 65, 100):
        secret = draw.bytes(length)
        claims = my.claims(jti=draw.text(draw.between(5, 16)), admin=draw.choice((True, False)))
        found = answer.call(claims, secret)
        if not isinstance(found, str):
            raise Wrong("a token is text")
        _signed(found, claims, secret)


def _signed(token: str, claims: dict[str, Any], secret: bytes) -> None:
    parts = token.split(".")
    if len(parts) != 3:
        raise Wrong("a token has three parts")
    if any(set(part) & set("=+/") for part in parts):
        raise Wrong("the parts are not base64url")
    try:
        header, found = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts[:2])
    except (ValueError, UnicodeError):
        raise Wrong("header or payload cannot be read as JSON") from None
    if not isinstance(header, dict) or header.get("alg") != "HS256":
        raise Wrong("the header has to say alg: HS256")
    _expect(found, claims, "the payload does not hold the claims that were handed over")
    wanted = hmac.digest(secret, f"{parts[0]}.{parts[1]}".encode("ascii"), hashlib.sha256)
    if base64.urlsafe_b64decode(parts[2] + "==") != wanted:
        raise Wrong("the signature does not match: what exactly is signed, and with which bytes as key?")


# a1.4: reading one's own


def found_token(my: Variant) -> str:
    """The token that this student found in a log file."""
    draw = my.draw("found token")
    claims = my.claims(
        sub=f"user-{draw.text(8)}", iat=my.now - draw.between(100, 900), scope=draw.choice(("read", "write"))
    )
    return _token({"alg": "HS256", "typ": "JWT", "kid": draw.text(6)}, claims, my.secret)


def _claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return found


def _who(answer: Answer, my: Variant, draw: Draw) -> None:
    found = answer.value()
    if not isinstance(found, dict):
        raise Wrong('the answer is a dict with "sub" and "seconds"')
    _expect(
        found.get("sub"),
        _claims_of(found_token(my))["sub"],
        "whom is the token about? Read your own token: every student has another",
    )


def _how_long(answer: Answer, my: Variant, draw: Draw) -> None:
    found = answer.value()
    claims = _claims_of(found_token(my))
    seconds = found.get("seconds") if isinstance(found, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds != claims["exp"] - my.now:
        raise Wrong("how many seconds is it still good at my.now? exp is an instant, not a length")


ASSIGNMENT = Assignment(
    name="a1_tokens",
    title="Build and read a token",
    minutes=60,
    primitives=("jwt", "joserfc", "jose", "authlib", "jwcrypto", "jwtlab"),
    allowed=(*GIVEN, "jwtlab.classroom.assignments.a1_tokens.found_token"),
    tasks=(
        Task(
            id="a1.1",
            title="Write base64url",
            name="b64url",
            parts=(
                Part(id="encodes", title="Text comes out as in the example", points=1, test=_encodes),
                Part(id="padding", title="No padding", points=1, test=_no_padding),
                Part(id="letters", title="Letters that survive an address", points=1, test=_url_letters),
                Part(id="any", title="Any bytes of any length", points=1, test=_any_bytes, hidden=True),
            ),
        ),
        Task(
            id="a1.2",
            title="Read the claims of a token",
            name="read_claims",
            parts=(
                Part(id="reads", title="Your own token", points=1, test=_reads),
                Part(
                    id="lengths",
                    title="Payloads of every length",
                    points=2,
                    test=_reads_all_lengths,
                    hidden=True,
                ),
                Part(
                    id="utf8", title="Names in any script", points=1, test=_reads_other_letters, hidden=True
                ),
            ),
        ),
        Task(
            id="a1.3",
            title="Build a signed token",
            name="build_token",
            parts=(
                Part(id="builds", title="Your claims, your secret", points=3, test=_builds),
                Part(id="any", title="Any claims, any secret", points=3, test=_builds_any, hidden=True),
            ),
        ),
        Task(
            id="a1.4",
            title="Read the token from the log",
            name="found",
            parts=(
                Part(id="who", title="Whom it is about", points=1, test=_who),
                Part(id="how-long", title="How long it is still good", points=2, test=_how_long),
            ),
        ),
    ),
    written=written("a1_tokens"),
)
