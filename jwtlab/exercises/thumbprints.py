"""Exercise 07.2: the thumbprint of a key (RFC 7638)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from jwtlab.exercises.model import Wrong
from jwtlab.exercises.table import Case, Table
from jwtlab.exercises.unfit_keys import lesson_key
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.lab import Lab

_LAB = Lab("04")
_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
_MISPRINTS = {
    "bytes": "These are the 32 bytes of the hash. A thumbprint is text: base64url, without padding.",
    "hexadecimal": "The hash is right, but written in hexadecimal. A thumbprint is base64url.",
    "padding": "Almost: leave off the padding (=).",
    "bytes-padding": "These are bytes, and the padding (=) is still there.",
    "plain-base64": "The hash is right, but this is plain base64. Use base64.urlsafe_b64encode.",
    "spaces": "There were spaces in the JSON: separators=(',', ':') leaves them out.",
    "unsorted": "The members stood in another order. Sort their names: sort_keys=True.",
    "unsorted-spaces": "The members have to be sorted by name, and there must be no spaces.",
    "too-many": "There are too many members in it. kid, alg and d stay out.",
    "whole": "The whole JWK went in. Take the required members only, sorted, without spaces.",
}


def _sha256(members: Mapping[str, Any], separators: tuple[str, str] = (",", ":")) -> bytes:
    return hashlib.sha256(json.dumps(members, separators=separators).encode()).digest()


def _misprints(jwk: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """What comes out when one step is forgotten, and which one it was."""
    required = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    unsorted = {name: jwk[name] for name in jwk if name in required}
    octets, wide = _sha256(required), (", ", ": ")
    plain = base64.b64encode(octets).decode()
    yield from ((octets, "bytes"), (octets.hex(), "hexadecimal"))
    yield base64.urlsafe_b64encode(octets).decode(), "padding"
    yield base64.urlsafe_b64encode(octets), "bytes-padding"
    yield from ((plain, "plain-base64"), (plain.rstrip("="), "plain-base64"))
    for digest, mistake in (
        (_sha256(required, wide), "spaces"),
        (_sha256(unsorted), "unsorted"),
        (_sha256(unsorted, wide), "unsorted-spaces"),
        (_sha256(dict(sorted(jwk.items()))), "too-many"),
        (_sha256(jwk, wide), "whole"),
    ):
        yield from ((base64url.encode(digest) + end, mistake) for end in ("", "="))


def _look_at_thumbprint(found: Any, case: Case) -> None:
    for wrong, mistake in _misprints(case.given[0]):
        if type(found) is type(wrong) and found == wrong:
            raise Wrong(mistake, before=f"With {case.values['title']}:")
    raise Wrong("nothing" if found is None else "other", before=f"With {case.values['title']}:")


def _thumb(title: str, key: Key, **more: Any) -> Case:
    jwk = key.to_jwk(private=key.is_private) | more
    return Case("key-type", (jwk,), key.thumbprint(), "With {title} it should be another.", {"title": title})


judge_thumbprint = Table(
    cases=(
        _thumb("an EC key", _LAB.key("ES256").public()),
        _thumb("a private EC key (its thumbprint is that of the public half)", _LAB.key("ES384")),
        _thumb("an RSA key", _LAB.key("RS256").public()),
        _thumb("an Ed25519 key (kty OKP, which has no y)", _LAB.key("EdDSA").public()),
        *(_thumb("another EC key", lesson_key(f"print {number}")) for number in range(6)),
        _thumb("an RSA key with a certificate", _LAB.key("RS256").public(), x5c=["MIIB"], use="sig"),
    ),
    look=_look_at_thumbprint,
    own={
        **_MISPRINTS,
        "nothing": "your function gave nothing. Is there a return?",
        "other": "this is another hash. The input is the JSON of the required members, nothing more.",
    },
    praise="Two parties who never met now give the same key the same name. Key.generate names key pairs this way.",
)
