"""Keys in JSON (RFC 7517), and what people paste in their place."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jwtlab.jose.key_text.pieces import PRINTED, Piece
from jwtlab.jose.key_types import KEY_TYPES

# JSON


def json_pieces(text: str) -> Iterator[Piece]:
    stripped = text.strip().strip("\0").strip()
    if stripped[:1] not in ("{", "["):
        return
    value, suffix = _json_value(stripped)
    if isinstance(value, Mapping) and isinstance(value.get("keys"), list):
        halves = {_half_of_jwk(each) for each in value["keys"] if isinstance(each, Mapping)}
        half = next((name for name in ("secret", "private") if name in halves), "public")
        yield Piece("JWK Set", half, f"a JWK Set{suffix}", content=value)
    elif isinstance(value, Mapping) and "kty" in value:
        half = _half_of_jwk(value)
        words = {
            "secret": "a shared secret as JWK",
            "private": "a private JWK",
            "public": "a public key as JWK",
        }[half]
        yield Piece("JWK", half, words + suffix, content=value)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping) and "kty" in each:
                yield Piece("JWK", _half_of_jwk(each), "a list of JWKs", content=each)


def _json_value(text: str) -> tuple[Any, str]:
    """The value, and what to say of its spelling."""
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text) if len(text) < 65_536 else None, PRINTED
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None, ""


def _half_of_jwk(jwk: Mapping[str, Any]) -> str:
    row = KEY_TYPES.get(str(jwk.get("kty")))
    if row is not None and not row.public:
        return "secret"
    return "private" if "d" in jwk else "public"
