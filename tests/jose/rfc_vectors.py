"""The examples of the RFCs, as data: one file a specification, one vector an appendix or section.

A vector says what is expected of it. The loader refuses fields that it does not know and kinds that
no test asks for, so that a misspelt expectation cannot pass for a kept one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("vectors")


@dataclass(frozen=True)
class Vector:
    id: str


@dataclass(frozen=True)
class Signed(Vector):
    """A token, its key, and the text of header and payload that its bytes must spell."""

    key: dict[str, Any]
    alg: str
    token: str
    header: str
    payload: str
    signing_gives_the_same_token: bool


@dataclass(frozen=True)
class Claims(Vector):
    """A JWT: good at ``now``, expired at ``expired_at``."""

    key: dict[str, Any]
    alg: str
    token: str
    claims: dict[str, Any]
    now: int
    expired_at: int


@dataclass(frozen=True)
class Unsecured(Vector):
    """A token without a signature: it can be looked at, and the named check refuses it."""

    token: str
    header: str
    payload: str
    refused_by: str


@dataclass(frozen=True)
class Base64url(Vector):
    octets: list[int]
    text: str


@dataclass(frozen=True)
class Thumbprint(Vector):
    key: dict[str, Any]
    thumbprint: str


@dataclass(frozen=True)
class KeyPair(Vector):
    private: dict[str, Any]
    public: dict[str, Any]


@dataclass(frozen=True)
class Member:
    """What is expected of one key of a set: the algorithm it serves, or the check that refuses it."""

    kty: str
    kid: str | None
    private: bool
    bits: int
    signs: str | None
    refused_by: str | None


@dataclass(frozen=True)
class KeySetOf(Vector):
    jwks: dict[str, Any]
    expect: list[dict[str, Any]]

    @property
    def members(self) -> list[Member]:
        return [Member(**each) for each in self.expect]


KINDS: dict[str, type[Vector]] = {
    "signed": Signed,
    "claims": Claims,
    "unsecured": Unsecured,
    "base64url": Base64url,
    "thumbprint": Thumbprint,
    "key-pair": KeyPair,
    "key-set": KeySetOf,
}


def parse(document: dict[str, Any]) -> list[Vector]:
    """The vectors of one file; raises for unknown kinds and for unknown or missing fields."""
    if set(document) != {"vectors"}:
        raise ValueError(f"a vector file has the one member 'vectors', not {sorted(document)}")
    vectors = []
    for fields in document["vectors"]:
        fields = dict(fields)
        kind = KINDS[fields.pop("kind")]
        vectors.append(kind(**fields))
    return vectors


def load(kind: type[Vector] = Vector) -> list[Any]:
    """All vectors of a kind, in order of their files."""
    found = [
        vector
        for path in sorted(FOLDER.glob("*.json"))
        for vector in parse(json.loads(path.read_text("utf-8")))
    ]
    ids = [vector.id for vector in found]
    if len(set(ids)) != len(ids):
        raise ValueError("two vectors bear one id")
    return [vector for vector in found if isinstance(vector, kind)]
