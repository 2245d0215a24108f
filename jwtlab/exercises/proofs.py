"""Exercises 33.1 and 33.2: to build a DPoP proof, and to check one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.jose import base64url
from jwtlab.lab import EPOCH
from jwtlab.oauth import dpop

API = "https://api.example"
TOKEN, NOW = "a.bound.token", EPOCH
URL = f"{API}/notes?page=2"
_DIGEST = hashlib.sha256(TOKEN.encode())
_NAMES = ("jti", "htm", "htu", "iat", "ath")


@mistakes(
    {
        "signed-refused": "As a signed proof, the API would refuse it: {reason}. The claims alone will do.",
        "no-dict": "The claims are a dict; this is {what}.",
        "missing": "The proof lacks {names}.",
        "no-ath": "The proof lacks ath: with a token there is ath too (RFC 9449 §4.2).",
        "htm-case": "htm is written as in the request: GET, in capitals.",
        "htm": "htm is the method of the request, GET; {found!r} is another.",
        "htu-kind": "htu is an address, a text; this is {what}.",
        "htu-query": "htu is the address without query and fragment (RFC 9449 §4.2): leave ?page=2 off.",
        "htu": "htu is the whole address, scheme and host included: https://api.example/notes. {found!r} is another.",
        "iat-kind": "iat is a number of seconds; this is {what}.",
        "milliseconds": "iat is in milliseconds here; a JWT counts seconds.",
        "iat": "iat is {found:.0f}, and it is {now}: a proof is made just before it is sent. Take now.",
        "jti-kind": "jti is a text; this is {what}.",
        "jti": "This jti would soon come again. Two proofs never share a name: secrets.token_urlsafe(16) makes one.",
        "ath-bytes": "ath is a text, and these are bytes: jwtlab.base64url.encode makes a text of the digest.",
        "ath-token": "ath is the hash of the token, not the token itself.",
        "ath-hex": "This is the hash in hexadecimal; ath is base64url of the digest's bytes.",
        "ath-spelling": "The hash is right; the spelling is not: base64url, without = at the end.",
        "ath": "ath does not belong to this token: base64url of SHA-256 of its characters, in ASCII.",
    }
)
def judge_proof(answer: Any) -> str:
    if isinstance(answer, str):  # somebody has gone on and signed it
        answer = _signed(answer)
    if not isinstance(answer, Mapping):
        raise Wrong("no-dict", what=kind(answer))
    missing = [name for name in _NAMES if name not in answer]
    if missing:
        raise Wrong("no-ath" if missing == ["ath"] else "missing", names=", ".join(missing))
    _method_and_address(answer["htm"], answer["htu"])
    _moment(answer["iat"])
    _name(answer["jti"])
    _hash(answer["ath"])
    return "One method, one address, one moment, one token, and a name of its own. Whoever steals it has nothing."


def _signed(text: str) -> Mapping[str, Any]:
    case = dpop.ProofCase((text,), "GET", URL, NOW, lambda name: True, TOKEN)
    failure = dpop.examine(case).first_failure
    if failure is not None:
        raise Wrong("signed-refused", reason=failure.reason)
    return case.claims


def _method_and_address(htm: Any, htu: Any) -> None:
    if htm != "GET":
        raise Wrong("htm-case" if str(htm).strip().upper() == "GET" else "htm", found=str(htm)[:20])
    if not isinstance(htu, str):
        raise Wrong("htu-kind", what=kind(htu))
    if "?" in htu or "#" in htu:
        raise Wrong("htu-query")
    try:
        same = dpop.address(htu) == f"{API}/notes" and not any(each.isspace() for each in htu)
    except ValueError:
        same = False
    if not same:
        raise Wrong("htu", found=htu[:60])


def _moment(iat: Any) -> None:
    if isinstance(iat, bool) or not isinstance(iat, int | float):
        raise Wrong("iat-kind", what=kind(iat))
    if iat > 100 * NOW:
        raise Wrong("milliseconds")
    if not abs(iat - NOW) <= dpop.LIFETIME:
        raise Wrong("iat", found=iat, now=NOW)


def _name(jti: Any) -> None:
    if not isinstance(jti, str):
        raise Wrong("jti-kind", what=kind(jti))
    if not 16 <= len(jti) <= 512 or len(set(jti)) < 8:
        raise Wrong("jti")


def _hash(ath: Any) -> None:
    right = base64url.encode(_DIGEST.digest())
    if ath == right:
        return
    if isinstance(ath, bytes):
        raise Wrong("ath-bytes")
    if ath == TOKEN:
        raise Wrong("ath-token")
    if isinstance(ath, str) and ath.lower() == _DIGEST.hexdigest():
        raise Wrong("ath-hex")
    if isinstance(ath, str) and ath.strip().rstrip("=").replace("+", "-").replace("/", "_") == right:
        raise Wrong("ath-spelling")
    raise Wrong("ath")


_BOUND = "5xY6JMyFNVbteli7P4ZAIceajCVsOUMisRVBUev9qf8"
_HEADER: dict[str, Any] = {"typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "EC"}}
_REQUEST: dict[str, Any] = {
    "method": "GET",
    "address": f"{API}/notes",
    "token": TOKEN,
    "bound_to": _BOUND,
    "now": 1000,
}
_PROOF: dict[str, Any] = {
    "jti": "name-7",
    "htm": "GET",
    "htu": f"{API}/notes",
    "iat": 1000,
    "ath": base64url.encode(_DIGEST.digest()),
}
_OTHER_HASH = base64url.encode(hashlib.sha256(b"another.token").digest())


def _changed(whole: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """With the changes; ``None`` takes a member out."""
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def _proof(
    mistake: str,
    expected: bool,
    why: str = "",
    *,
    typ: str | None = "dpop+jwt",
    key: str = _BOUND,
    request: Mapping[str, Any] = MappingProxyType({}),
    **claims: Any,
) -> Case:
    """A case: what is different about the header, the claims (``None``: missing), the key and the request."""
    header = _changed(_HEADER, {"typ": typ})
    given = (header, _changed(_PROOF, claims), key, {**_REQUEST, **request}, {"name-1", "name-2"})
    return Case(mistake, given, expected, why)


judge_check = Table(
    cases=(
        _proof("in-order", True, "This proof is in order."),
        _proof("in-order", True, typ="dpop+jwt", jti="another", more="of it"),
        _proof("typ", False, "typ is not dpop+jwt: any JWT that this key signed would pass for a proof.", typ="JWT"),
        _proof("typ", False, typ=None),
        _proof("method", False, "htm names another method than the request has.", htm="DELETE"),
        _proof("method", False, request={"method": "DELETE"}),
        _proof("no-htm", False, "htm is missing, or is no text.", htm=None),
        _proof("address", False, "htu names another address than the request has.", htu="https://as.example/token"),
        _proof("address", False, request={"address": f"{API}/me"}),
        _proof("longer-address", False, "htu only begins like the address: compare the whole of it.",
               htu=f"{API}/notes/7"),
        _proof("shorter-address", False, "The address only begins like htu: compare the whole of it.", htu=f"{API}/"),
        _proof("shorter-address", False, htu=API, request={"address": f"{API}/"}),
        _proof("no-htu", False, "htu is missing: a proof is for one address.", htu=None),
        _proof("all-other", True, "Another method, address and time, and all of them fit: use the request.",
               htm="DELETE", htu=f"{API}/notes/7", iat=5000,
               request={"method": "DELETE", "address": f"{API}/notes/7", "now": 5010}),
        _proof("old", False, "It was made more than 60 s ago: too old.", iat=939),
        _proof("old", False, iat=0),
        _proof("in-time", True, "60 s ago is still in time.", iat=940),
        _proof("future", False, "It comes from the future: kept for later, it would never be too old.", iat=1061),
        _proof("future", False, iat=10**10),
        _proof("ahead", True, "60 s ahead is forgiven: clocks differ.", iat=1060),
        _proof("no-iat", False, "iat is missing: nobody knows when it was made.", iat=None),
        _proof("no-iat", False, iat=None, request={"now": 30}),
        _proof("hash", False, "ath belongs to another token than the one that came along.", ath=_OTHER_HASH),
        _proof("hash", False, request={"token": "another.token"}),
        _proof("hash", False, ath=_DIGEST.hexdigest()),
        _proof("hash", False, ath=TOKEN),
        _proof("no-hash", False, "ath is missing: the proof is for no token.", ath=None),
        _proof("key", False, "Mallory's own key made this proof; the token is bound to another.",
               key="a-key-of-mallory's"),
        _proof("unbound", False, "The token is bound to no key (bound_to is None), so no proof fits it.",
               request={"bound_to": None}),
        _proof("used", False, "This proof has been used before.", jti="name-1"),
        _proof("used", False, jti="name-2"),
        _proof("new-name", True, "This name is only a piece of a used one, so it is new.", jti="name"),
        _proof("new-name", True, jti="1"),
        _proof("no-jti", False, "jti is missing: without a name nobody sees that it comes twice.", jti=None),
        *near("typ", "dpop+jwt", lambda text: _proof("", False, typ=text).given, False),
        *near("htm", "GET", lambda text: _proof("", False, htm=text).given, False),
        *near("htu", f"{API}/notes", lambda text: _proof("", False, htu=text).given, False),
        *near("jkt", _BOUND, lambda text: _proof("", False, key=text).given, False),
        *near("ath", _PROOF["ath"], lambda text: _proof("", False, ath=text).given, False),
        *near("jti", "name-1", lambda text: _proof("", True, jti=text).given, True, without="shorter"),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="A stolen token needs the key, a stolen proof its moment, its method and its address: nothing is left.",
)  # fmt: skip
