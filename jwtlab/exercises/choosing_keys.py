"""Exercise 32.3: the key of a set with which a token is to be verified."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import Wrong
from jwtlab.exercises.table import Case, Table, near, near_misses

_RSA = {"kty": "RSA", "kid": "key-a", "use": "sig", "n": "x", "e": "AQAB"}
_EC = {"kty": "EC", "crv": "P-256", "kid": "Key-b", "x": "x", "y": "y"}
_ENC = {"kty": "RSA", "kid": "key-c", "use": "enc", "n": "x", "e": "AQAB"}
_OCT = {"kty": "oct", "kid": "key-d", "k": "x"}
_NEW = {"kty": "AKP", "kid": "key-e", "alg": "ML-DSA-44", "pub": "x"}
_BARE = {"kty": "RSA", "n": "y", "e": "AQAB"}
_MARKED = _BARE | {"alg": "PS256"}
_SET = (_RSA, _EC, _ENC, _OCT, _NEW)
_MALLORYS = {"kty": "RSA", "kid": "key-a", "n": "mallory", "e": "AQAB"}


def _look_at_key(found: Any, case: Case) -> None:
    if found == _MALLORYS:
        raise Wrong(
            "header-key", f"For the header {case.given[1]} your function gives the key of the header."
        )


def _key(
    mistake: str,
    keys: Any,
    alg: str | None,
    kid: str | None,
    expected: Any = None,
    why: str = "",
    **more: Any,
) -> Case:
    header = {name: value for name, value in (("alg", alg), ("kid", kid)) if value is not None}
    return Case(mistake, ({"keys": list(keys)}, header | more), expected, why)


judge_key = Table(
    cases=(
        _key("by-kid", _SET, "RS256", "key-a", _RSA, "The key of this kid is there and fits."),
        _key("by-kid", _SET, "PS256", "key-a", _RSA),
        _key("by-kid", _SET, "ES256", "Key-b", _EC),
        _key("no-kid", [_RSA], "RS256", None, _RSA, "There is one key only, and it fits: a kid is not needed."),
        _key("no-kid", _SET, "RS256", None, _RSA),
        _key("no-kid", [_ENC, _BARE, _EC], "PS256", None, _BARE),
        _key("two-fit", [_RSA, _BARE], "RS256", None, None, "It is not clear which key is meant: two would fit."),
        _key("two-fit", [_RSA, _RSA | {"n": "z"}], "RS256", "key-a"),
        _key("same-kid", [_EC | {"kid": "key-a"}, _RSA], "RS256", "key-a", _RSA,
             "Two keys have this kid, and one of them fits: that one."),
        _key("same-kid", [_ENC | {"kid": "key-a"}, _RSA], "RS256", "key-a", _RSA),
        _key("unknown-kid", _SET, "RS256", "key-z", None,
             "No key has this kid: fetch the set again, at most now and then. A kid that is there counts."),
        _key("unknown-kid", [_RSA], "RS256", "key-z"),
        _key("unknown-kid", [_BARE], "RS256", "key-a"),
        _key("unknown-kid", [_RSA], "RS256", ""),
        _key("empty-set", [], "RS256", "key-a", None, "The set is empty."),
        _key("empty-set", [], "RS256", None),
        _key("kind-of-key", _SET, "ES256", "key-a", None, "The kind of the key decides: RS256 and PS256 need RSA, "
             "ES256 needs EC."),
        _key("kind-of-key", _SET, "RS256", "Key-b"),
        _key("kind-of-key", [_EC], "RS256", None),
        _key("kind-of-key", [_NEW], "ES256", None),
        _key("curve", [_EC | {"crv": "P-384"}], "ES256", "Key-b", None,
             "ES256 means the curve P-256 (RFC 7518 §3.4); this key is on another."),
        _key("curve", [_EC | {"crv": "P-521"}], "ES256", None),
        _key("curve", [{**_EC, "crv": "secp256k1"}], "ES256", "Key-b"),
        _key("encryption", _SET, "RS256", "key-c", None, "This key is for encryption: its use is enc."),
        _key("encryption", [_ENC], "RS256", None),
        _key("encryption", [_EC | {"use": "enc"}], "ES256", "Key-b"),
        _key("key-ops", [_RSA | {"key_ops": ["encrypt"]}], "RS256", "key-a", None,
             "The key has key_ops, and verify is not among them (RFC 7517 §4.3)."),
        _key("key-ops", [_BARE | {"key_ops": ["sign"]}], "PS256", None),
        _key("key-ops", [_EC | {"key_ops": []}], "ES256", "Key-b"),
        _key("key-ops-verify", [_RSA | {"key_ops": ["verify"]}], "RS256", "key-a", _RSA | {"key_ops": ["verify"]},
             "key_ops has verify in it: this key may be used."),
        _key("key-ops-verify", [_BARE | {"key_ops": ["sign", "verify"]}], "PS256", None,
             _BARE | {"key_ops": ["sign", "verify"]}),
        _key("key-alg", [_RSA | {"alg": "RS256"}], "PS256", "key-a", None,
             "The key is meant for another algorithm: its own alg says so (RFC 7517 §4.4)."),
        _key("key-alg", [_BARE | {"alg": "RSA-OAEP-256"}], "RS256", None),
        _key("key-alg", [_EC | {"alg": "ECDH-ES"}], "ES256", "Key-b"),
        _key("key-alg-fits", [_RSA | {"alg": "RS256"}, _MARKED], "PS256", None, _MARKED,
             "The alg of one of the two keys is that of the header."),
        _key("hs256", _SET, "HS256", "key-a", None,
             "HS256 with a public key: everybody could make the token (lesson 11)."),
        _key("hs256", [_RSA], "HS256", None),
        _key("hs256", _SET, "HS256", "key-d"),
        _key("hs256", [_OCT], "RS256", "key-d"),
        _key("not-accepted", _SET, "RS512", "key-a", None, "This alg is not on your list, though the key may fit."),
        *(_key("not-accepted", _SET, alg, "key-a") for alg in ("none", "PS512", "", "S256")),
        _key("not-accepted", _SET, "ES384", "Key-b"),
        _key("not-accepted", _SET, "none", None),
        *(_key("alg-loosely", [key], text, key["kid"], None, "This alg only looks like one of your list.")
          for key, alg in ((_RSA, "RS256"), (_RSA, "PS256"), (_EC, "ES256")) for _, _, text in near_misses(alg)),
        _key("no-alg", [_RSA], None, "key-a", None, "There is no alg in the header."),
        _key("no-alg", [_BARE], None, None),
        _key("header-key", _SET, "RS256", "key-a", _RSA,
             "The header brings a key along (jwk). Whoever made the token chose it: lesson 14.", jwk=_MALLORYS),
        _key("header-key", [_EC], "RS256", "key-a", jwk=_MALLORYS),
        _key("header-key", [], "RS256", None, jwk=_MALLORYS),
        *(_key("member-loosely", [key | {name: text}], alg, None, None, "A member of the key only looks right.")
          for key, name, alg in ((_BARE, "kty", "RS256"), (_EC, "kty", "ES256"), (_EC, "crv", "ES256"),
                                 (_RSA, "use", "RS256"), (_MARKED, "alg", "PS256"))
          for _, _, text in near_misses(key[name])),
        *(_key("member-loosely", [_BARE | {"key_ops": [text]}], "RS256", None) for _, _, text in near_misses("verify")),
        *near("kid", "key-a", lambda text: _key("", [_RSA, _EC], "RS256", text).given, None),
        *near("kid", "key-a", lambda text: _key("", [_RSA | {"kid": text}], "RS256", "key-a").given, None),
        *near("kid", "Key-b", lambda text: _key("", [_RSA, _EC], "ES256", text).given, None),
    ),
    look=_look_at_key,
    none_counts=True,
    praise="The token proposes a key by its name; the set and the algorithm decide.",
)  # fmt: skip
