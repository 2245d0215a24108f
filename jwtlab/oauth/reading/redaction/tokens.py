"""A token with its secrets replaced: still a JWT that can be decoded, with its dates, its names and nobody's name."""

from __future__ import annotations

import json
import re
from typing import Any

from jwtlab.jose import base64url
from jwtlab.jose.token import read
from jwtlab.oauth.protocol import half_hash
from jwtlab.oauth.reading.redaction import names
from jwtlab.oauth.reading.redaction.addresses import SECRET_LIKE, address
from jwtlab.oauth.reading.redaction.values import StandIns

COMPACT = re.compile(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2}")
_WORD = re.compile(r"[\w .:/+*,-]{0,1000}")
_HALVES = {"at_hash": "access_token", "c_hash": "code", "s_hash": "state"}
_DEEPEST = 20
_MOST = 200


def token(text: str, known: StandIns, name: str, seen: dict[str, str] | None = None) -> str:
    """The stand-in of a token; one that cannot be read is replaced as a whole.

    Args:
        text: the token.
        known: the stand-ins.
        name: what carries it.
        seen: values that came along with it: ``access_token``, ``code``, ``state``; its half hashes are of them.
    """
    if text in known.known:
        return known.known[text]
    reading = read(text)
    header, claims = reading.header, reading.claims
    if header is None or claims is None or text.count(".") != 2:
        return known.of(text, name)
    algorithm = header.get("alg")
    shown = {
        key: _of_header(key, value, known)
        for key, value in header.items()
        if key in names.HEADER_PARAMETERS and _short(value)
    }
    if isinstance(header.get("jwk"), dict):
        shown["jwk"] = key_shown(header["jwk"])
    fresh = {key: claim(key, value, known) for key, value in list(claims.items())[:_MOST]}
    for half, of in _HALVES.items():
        value = (seen or {}).get(of, "")
        # One that did not fit before does not fit afterwards.
        if isinstance(claims.get(half), str) and value and _half(value, algorithm) == claims[half]:
            fresh[half] = _half(known.of(value, of), algorithm)
    signature = known.of(text.rpartition(".")[2], "signature") if text.rpartition(".")[2] else ""
    parts = (_encoded(shown), _encoded(fresh), base64url.encode(signature.encode()) if signature else "")
    return known.remember(text, ".".join(parts))


def _of_header(name: str, value: Any, known: StandIns) -> Any:
    """A header parameter: words and public names; an address keeps no parameters of its own, a name no person."""
    if not isinstance(value, str):
        return value
    return address(value, known) if name == "jku" or "@" in value or "/" in value else value


def _half(value: str, algorithm: Any) -> str:
    try:
        return half_hash(value, str(algorithm))
    except Exception:  # an algorithm that nobody knows
        return ""


def _encoded(members: dict[str, Any]) -> str:
    return base64url.encode(
        json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    )


def _short(value: Any) -> bool:
    return len(json.dumps(value)) <= 300


def key_shown(jwk: dict[str, Any]) -> dict[str, Any]:
    """The public members of a key, the others as a word."""
    return {
        str(name)[:40]: value if name in names.PUBLIC_KEY else "replaced"
        for name, value in jwk.items()
        if name not in ("x5c", "x5u")
    }


def claim(name: str, value: Any, known: StandIns, depth: int = 0) -> Any:
    """A claim or a member of a document, as it may be shown."""
    if value is None or isinstance(value, bool):
        return value
    if name in names.CLAIMS or name in names.PARAMETERS:
        return _plain(name, value, known)
    if name in names.ADDRESSES:
        return _addresses(value, known)
    if name in _HALVES and isinstance(value, str):
        return known.of(value, name)
    if isinstance(value, int | float):
        return 0
    if isinstance(value, str):
        return string(name, value, known)
    if depth >= _DEEPEST:
        return "replaced"
    if isinstance(value, list):
        return [claim(name, each, known, depth + 1) for each in value[:_MOST]]
    if isinstance(value, dict):
        shown = name in names.CHILDREN_SHOWN
        return {
            (str(key)[:200] if shown else _name(str(key), known)): claim(str(key), each, known, depth + 1)
            for key, each in list(value.items())[:_MOST]
        }
    return "replaced"


def string(name: str, value: str, known: StandIns) -> str:
    """The stand-in of a text that somebody's name, number or token may be."""
    if COMPACT.fullmatch(value):
        return token(value, known, name)
    return known.of(value, name)


def _name(key: str, known: StandIns) -> str:
    """The name of a member; in some documents it is somebody's."""
    plain = re.fullmatch(r"[\w.$:/#-]{1,60}", key) and not SECRET_LIKE.fullmatch(key)
    return known.inside(key) if plain else known.of(key, "name")


def word(name: str, value: str, known: StandIns) -> str:
    """A word of the protocol, such as a scope or a client_id; what is no such word is replaced."""
    words = names.WORDS.get(name)
    if words is not None:
        plain = all(each in words for each in value.split())
    else:
        plain = bool(_WORD.fullmatch(value)) and not (name in names.SINGLE and " " in value)
    return value if plain and not COMPACT.search(value) else known.of(value, name)


def _plain(name: str, value: Any, known: StandIns) -> Any:
    """Words of the protocol, numbers and lists of them."""
    if isinstance(value, str):
        return word(name, value, known)
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        return [_plain(name, each, known) for each in value[:_MOST]]
    if isinstance(value, dict):  # cnf
        return {
            str(name)[:40]: known.of(each, "thumbprint") if isinstance(each, str) else 0
            for name, each in value.items()
        }
    return "replaced"


def _addresses(value: Any, known: StandIns) -> Any:
    if isinstance(value, list):
        return [_addresses(each, known) for each in value[:_MOST]]
    return address(value, known) if isinstance(value, str) else 0
