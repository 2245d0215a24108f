"""Exercises 03.1 and 03.4: to sign with HS256 by hand, and to verify by hand."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near_misses, true_or_false
from jwtlab.jose import base64url
from jwtlab.jose.token import decode

SECRET = hashlib.sha256(b"the secret of lesson 03").digest()
"""The shared secret of exercise 03.1: 32 bytes."""

CLAIMS: Mapping[str, Any] = {"sub": "alice", "note": "signed by hand"}


def _hs256(message: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()


@mistakes(
    {
        "bytes": "Almost: these are bytes, and a token is text. End with .decode().",
        "not-text": "The answer is a token, a text with three parts; this is {what}.",
        "unreadable": "This cannot be read as a token: {error}.",
        "alg": "The header says alg {alg!r}; it should be HS256.",
        "header": "The header differs from the one that is given. Encode it unchanged.",
        "claims": "The payload differs from lesson_03.CLAIMS. Encode them unchanged.",
        "hexadecimal": "The signature is hexadecimal text. Sign with .digest(), which gives bytes, not .hexdigest().",
        "decoded": "You signed the JSON. What is signed is the encoded text: header.payload in base64url.",
        "no-dot": "The dot between the two parts is missing in what you signed.",
        "payload-alone": "You signed the payload alone. The header belongs to the signing input as well.",
        "no-key": "This is a hash without a key: everybody can compute it. Use hmac.new with the secret.",
        "dot-behind": "There is a dot too many: the signing input ends before the second dot.",
        "length": "The signature has {count} bytes; HMAC with SHA-256 gives 32.",
        "other": "The signature does not fit. Is it HMAC-SHA-256 of header.payload with lesson_03.SECRET?",
    }
)
def judge_signing(answer: Any) -> str:
    if isinstance(answer, bytes):
        raise Wrong("bytes")
    if not isinstance(answer, str):
        raise Wrong("not-text", what=kind(answer))
    try:
        token = decode(answer)
    except InvalidToken as error:
        raise Wrong("unreadable", error=error) from None
    if token.header.get("alg") != "HS256":
        raise Wrong("alg", alg=token.header.get("alg"))
    if dict(token.header) != {"alg": "HS256", "typ": "JWT"}:
        raise Wrong("header")
    if not token.payload or token.claims != dict(CLAIMS):
        raise Wrong("claims")
    header, payload, _ = token.segments
    right = _hs256(token.signing_input)
    if token.signature == right:
        return "The lab's own verifier accepts it: HMAC is a few lines, and the rest is spelling."
    for mistake, signature in (
        ("hexadecimal", right.hex().encode()),
        ("decoded", _hs256(base64url.decode(header) + b"." + token.payload)),
        ("no-dot", _hs256((header + payload).encode())),
        ("payload-alone", _hs256(payload.encode())),
        ("no-key", hashlib.sha256(token.signing_input).digest()),
        ("dot-behind", _hs256(token.signing_input + b".")),
    ):
        if token.signature == signature:
            raise Wrong(mistake)
    if len(token.signature) != 32:
        raise Wrong("length", count=len(token.signature))
    raise Wrong("other")


def _signed(header: Any, payload: str = '{"sub":"alice"}', secret: bytes = SECRET) -> str:
    text = f"{base64url.encode(json.dumps(header).encode())}.{base64url.encode(payload.encode())}"
    return f"{text}.{base64url.encode(_hs256(text.encode(), secret))}"


def _tokens() -> Iterator[Case]:
    good = _signed({"alg": "HS256", "typ": "JWT"})
    header, payload, signature = good.split(".")
    octets = base64url.decode(signature)

    def bad(mistake: str, token: str, why: str, secret: bytes = SECRET) -> Case:
        return Case(mistake, (token, secret), False, why)

    yield Case("good", (good, SECRET), True, "This is a good token.")
    yield Case("good", (_signed({"alg": "HS256"}, '{"sub":"bob"}', b"s" * 40), b"s" * 40), True, "")
    yield bad("other-secret", good, "It was signed with another secret.", b"x" * 32)
    yield bad("changed", f"{header}.{base64url.encode(b'{}')}.{signature}", "The payload was changed.")
    yield bad("no-signature", f"{header}.{payload}.", "The signature is missing.")
    yield bad("beginning", f"{header}.{payload}.{base64url.encode(octets[:6])}",
              "Only the beginning of the signature is there.")  # fmt: skip
    yield bad("beginning", f"{header}.{payload}.{base64url.encode(octets + b'x')}", "")
    yield bad("no-key", f"{header}.{payload}." + base64url.encode(hashlib.sha256(good.encode()).digest()),
              "It is a hash without the secret.")  # fmt: skip
    plain = hashlib.sha256(f"{header}.{payload}".encode()).digest()
    yield bad("no-key", f"{header}.{payload}.{base64url.encode(plain)}", "")
    text = base64url.encode(b'{"alg":"HS512"}') + "." + payload
    longer = hmac.new(SECRET, text.encode(), hashlib.sha512).digest()
    yield bad("hs512", f"{text}.{base64url.encode(longer)}", "It is signed with HS512, not with HS256.")
    yield bad("alg-none", _signed({"alg": "none"}), "Its header says alg none: look at the header as well.")
    yield bad("no-alg", _signed({"typ": "JWT"}), "Its header names no alg.")
    yield bad("no-alg", _signed({"alg": None}), "")
    yield bad("alg-kind", _signed({"alg": ["HS256"]}), "Its alg is a list, not a text; raise nothing.")
    yield bad("no-token", "no token at all", "It has no three parts: catch MalformedToken.")
    for other in (
        "",
        "..",
        f"{good}.{signature}",
        f"{header}.{payload}",
        f"{header}.{payload}.*",
        f"*.{payload}.x",
    ):
        yield bad("no-token", other, "")
    yield bad(
        "spelling",
        f"{good}=",
        "Its signature is spelled otherwise, and is no base64url: catch MalformedToken.",
    )
    yield bad("spelling", f"{good}\n", "")
    for _, _, alg in near_misses("HS256"):
        yield bad(
            "alg-loosely", _signed({"alg": alg}), "Its alg is nearly HS256, and not quite: compare with ==."
        )


def _in_constant_time(answer: Any) -> None:
    """Is compare_digest (or a library's own verify) named in the function or what it calls? Unknown counts as yes."""
    try:
        names = set(inspect.unwrap(answer).__code__.co_names)
    except AttributeError:
        return
    if not names & {"compare_digest", "verify"} and names & {"new", "digest"}:
        raise Wrong("equals-sign")


judge_verifier = Table(
    cases=tuple(_tokens()),
    read=true_or_false,
    own=TRUE_OR_FALSE
    | {
        "equals-sign": "All answers are right. One thing is left: compare with hmac.compare_digest, not with ==."
    },
    further=_in_constant_time,
    praise="{count} tokens judged rightly, in constant time. This is what the check signature-valid does for HS256.",
)
