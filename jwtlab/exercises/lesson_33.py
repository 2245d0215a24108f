"""Lesson 33: a request that nobody can change (PAR), and a token that is bound to a key (DPoP, with its nonce)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url
from jwtlab.lab import EPOCH
from jwtlab.oauth import dpop

API, ARCHIVE = "https://api.example", "https://archive.example"

TOKEN, NOW = "a.bound.token", EPOCH
URL = f"{API}/notes?page=2"
_DIGEST = hashlib.sha256(TOKEN.encode())


def _judge_proof(answer: Any) -> str:
    if isinstance(answer, str):  # somebody has gone on and signed it
        answer = _signed(answer)
    if not isinstance(answer, Mapping):
        raise Wrong(f"The claims are a dict; this is {kind(answer)}.")
    missing = [name for name in ("jti", "htm", "htu", "iat", "ath") if name not in answer]
    if missing:
        more = " With a token there is ath too (RFC 9449 §4.2)." if missing == ["ath"] else ""
        raise Wrong(f"The proof lacks {', '.join(missing)}.{more}")
    _method_and_address(answer["htm"], answer["htu"])
    iat = answer["iat"]
    if isinstance(iat, bool) or not isinstance(iat, int | float):
        raise Wrong(f"iat is a number of seconds; this is {kind(iat)}.")
    if iat > 100 * NOW:
        raise Wrong("iat is in milliseconds here; a JWT counts seconds.")
    if not abs(iat - NOW) <= dpop.LIFETIME:
        raise Wrong(f"iat is {iat:.0f}, and it is {NOW}: a proof is made just before it is sent. Take now.")
    _name(answer["jti"])
    _hash(answer["ath"])
    return "One method, one address, one moment, one token, and a name of its own. Whoever steals it has nothing."


def _signed(text: str) -> Mapping[str, Any]:
    case = dpop.Case((text,), "GET", URL, NOW, lambda name: True, TOKEN)
    failure = dpop.examine(case).first_failure
    if failure is not None:
        raise Wrong(
            f"As a signed proof, the API would refuse it: {failure.reason}. The claims alone will do."
        )
    return case.claims


def _method_and_address(htm: Any, htu: Any) -> None:
    if htm != "GET":
        raise Wrong(
            "htm is written as in the request: GET, in capitals."
            if str(htm).upper() == "GET"
            else f"htm is the method of the request, GET; {str(htm)[:20]!r} is another."
        )
    if not isinstance(htu, str):
        raise Wrong(f"htu is an address, a text; this is {kind(htu)}.")
    if "?" in htu or "#" in htu:
        raise Wrong("htu is the address without query and fragment (RFC 9449 §4.2): leave ?page=2 off.")
    try:
        same = dpop.address(htu) == f"{API}/notes"
    except ValueError:
        same = False
    if not same:
        raise Wrong(
            "htu is the whole address, scheme and host included: https://api.example/notes. "
            f"{htu[:60]!r} is another."
        )


def _name(jti: Any) -> None:
    if not isinstance(jti, str):
        raise Wrong(f"jti is a text; this is {kind(jti)}.")
    if not 16 <= len(jti) <= 512:
        raise Wrong(
            "This jti would soon come again. Two proofs never share a name: secrets.token_urlsafe(16) makes one."
        )


def _hash(ath: Any) -> None:
    if isinstance(ath, bytes):
        raise Wrong("ath is a text, and these are bytes: jwtlab.base64url.encode makes a text of the digest.")
    right = base64url.encode(_DIGEST.digest())
    if ath == right:
        return
    if ath == TOKEN:
        raise Wrong("ath is the hash of the token, not the token itself.")
    if ath == _DIGEST.hexdigest():
        raise Wrong("This is the hash in hexadecimal; ath is base64url of the digest's bytes.")
    if isinstance(ath, str) and ath.rstrip("=").replace("+", "-").replace("/", "_") == right:
        raise Wrong("The hash is right; the spelling is not: base64url, without = at the end.")
    raise Wrong("ath does not belong to this token: base64url of SHA-256 of its characters, in ASCII.")


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
_USED = ("name-1", "name-2")

# What is different about the header, the claims, the key and the request; the verdict; why.
_Changes = tuple[dict[str, Any], dict[str, Any], str, dict[str, Any]]
_PROOFS: tuple[tuple[_Changes, bool, str], ...] = (
    (({}, {}, _BOUND, {}), True, "This proof is in order."),
    (
        ({"typ": "JWT"}, {}, _BOUND, {}),
        False,
        "typ is JWT: any JWT that this key signed would pass for a proof.",
    ),
    (({"typ": None}, {}, _BOUND, {}), False, "There is no typ."),
    (({}, {"htm": "DELETE"}, _BOUND, {}), False, "htm names another method."),
    (
        ({}, {}, _BOUND, {"method": "DELETE"}),
        False,
        "The request deletes, and the proof is for reading: compare htm with request['method'].",
    ),
    (({}, {"htu": "https://as.example/token"}, _BOUND, {}), False, "htu names another address."),
    (
        ({}, {"htu": f"{API}/notes/7"}, _BOUND, {}),
        False,
        "htu only begins like the address: compare the whole of it.",
    ),
    (
        ({}, {"htu": f"{API}/"}, _BOUND, {}),
        False,
        "The address only begins like htu: compare the whole of it.",
    ),
    (
        ({}, {}, _BOUND, {"address": f"{API}/me"}),
        False,
        "The request goes to another address than the proof: compare htu with request['address'].",
    ),
    (
        (
            {},
            {"htm": "DELETE", "htu": f"{API}/notes/7", "iat": 5000},
            _BOUND,
            {"method": "DELETE", "address": f"{API}/notes/7", "now": 5010},
        ),
        True,
        "Another method, address and time, and all of them fit.",
    ),
    (({}, {"iat": 939}, _BOUND, {}), False, "It was made 61 s ago: too old."),
    (({}, {"iat": 940}, _BOUND, {}), True, "60 s ago is still in time."),
    (
        ({}, {"iat": 1061}, _BOUND, {}),
        False,
        "It comes from the future: kept for later, it would never be too old.",
    ),
    (({}, {"iat": 1060}, _BOUND, {}), True, "60 s ahead is forgiven: clocks differ."),
    (({}, {"ath": _OTHER_HASH}, _BOUND, {}), False, "ath belongs to another token."),
    (
        ({}, {}, _BOUND, {"token": "another.token"}),
        False,
        "Another token came along than the one that was hashed.",
    ),
    (
        ({}, {}, "a-key-of-mallory's", {}),
        False,
        "Mallory's own key made this proof; the token is bound to another.",
    ),
    (
        ({}, {}, _BOUND, {"bound_to": None}),
        False,
        "The token is bound to no key (bound_to is None), so no proof fits it.",
    ),
    (({}, {"jti": "name-1"}, _BOUND, {}), False, "This proof has been used before."),
    (({}, {"ath": None}, _BOUND, {}), False, "ath is missing."),
    (
        ({}, {"jti": None}, _BOUND, {}),
        False,
        "jti is missing: without a name nobody sees that it comes twice.",
    ),
    (({}, {"htu": None}, _BOUND, {}), False, "htu is missing."),
    (({}, {"htm": None}, _BOUND, {}), False, "htm is missing."),
    (({}, {"iat": None}, _BOUND, {}), False, "iat is missing."),
)


def _changed(whole: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """With the changes; ``None`` takes a member out."""
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def _judge_check(answer: Any) -> str:
    def ask(changes: _Changes) -> Any:
        header, claims, key, request = changes
        used = set(_USED)
        found = call(
            answer,
            _changed(_HEADER, header),
            _changed(_PROOF, claims),
            key,
            {**_REQUEST, **request},
            used,
        )
        if used != set(_USED):
            raise Wrong("Your function changes used; whoever calls it writes the name down.")
        return found

    if all(ask(changes) in (None, ...) for changes, _, _ in _PROOFS[:2]):
        raise NotYet
    for changes, expected, advice in _PROOFS:
        found = ask(changes)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; your function gives {kind(found)}. The case: {advice}")
        if found is not expected:
            raise Wrong(f"Your function says {found}. {advice}")
    return "A stolen token needs the key, a stolen proof its moment, its method and its address: nothing is left."


_ASKED = {"error": "use_dpop_nonce", "error_description": "a nonce is needed"}
_ASKED_BY_API = {"WWW-Authenticate": 'DPoP error="use_dpop_nonce", algs="ES256"', "DPoP-Nonce": "n-2"}

# Status, headers and JSON of a response (or its text); the nonce to try again with, or None; why.
_RESPONSES: tuple[tuple[int, dict[str, str], dict[str, Any] | str, str | None, str], ...] = (
    (400, {"DPoP-Nonce": "n-1"}, _ASKED, "n-1", "The server asks for a nonce, and brings it along."),
    (401, _ASKED_BY_API, {"notes": "none"}, "n-2", "An API says it in WWW-Authenticate (RFC 9449 §9)."),
    (
        200,
        {"DPoP-Nonce": "n-3"},
        {"access_token": "a.b.c"},
        None,
        "This has worked: n-3 is for the next request.",
    ),
    (200, {}, {"access_token": "a.b.c"}, None, "This has worked, and there is no nonce."),
    (
        400,
        {"DPoP-Nonce": "n-4"},
        {"error": "invalid_grant"},
        None,
        "Another error: a nonce does not mend it.",
    ),
    (
        401,
        {"WWW-Authenticate": 'DPoP error="invalid_token"', "DPoP-Nonce": "n-5"},
        {},
        None,
        "The token is refused; a nonce does not mend that.",
    ),
    (400, {}, _ASKED, None, "A nonce is asked for, and none is there: there is nothing to try with."),
    (502, {}, "<html>Bad gateway</html>", None, "This is no JSON: a gateway has answered."),
    (400, {"DPoP-Nonce": "n-6"}, {}, None, "There is no error code, so nobody asks for a nonce."),
)


def _response(status: int, headers: Mapping[str, str], body: dict[str, Any] | str) -> httpx.Response:
    if isinstance(body, str):
        return httpx.Response(status, headers=headers, text=body)
    return httpx.Response(status, headers=headers, json=body)


def _judge_nonce(answer: Any) -> str:
    if all(call(answer, _response(*case[:3])) in (None, ...) for case in _RESPONSES[:2]):
        raise NotYet
    for status, headers, body, expected, advice in _RESPONSES:
        found = call(answer, _response(status, headers, body))
        if found is not None and not isinstance(found, str):
            raise Wrong(f"Return a nonce, which is a text, or None; this is {kind(found)}. {advice}")
        if found != expected:
            raise Wrong(f"For {status}, {headers}, {body} you return {found!r}. {advice}")
    return "One more try, with the nonce, and only when the server asked for it. Every other error stays an error."


LESSON = Lesson(
    number="33",
    name="33_bound_and_pushed",
    title="Bound and pushed",
    why="A request that nobody on the way can change, and a token that is useless without its key.",
    minutes=50,
    needs=("23",),
    exercises=(
        Exercise(
            id="33.1",
            title="Build a proof",
            judge_answer=_judge_proof,
            hints=(
                "The claims are jti, htm, htu, iat and ath.",
                "htu is the address without ?page=2.",
                "hashlib.sha256(token.encode()).digest() is what base64url.encode wants for ath.",
            ),
            solution="""\
import hashlib, secrets
answer = {
    "jti": secrets.token_urlsafe(16),
    "htm": "GET",
    "htu": "https://api.example/notes",
    "iat": now,
}
digest = hashlib.sha256(token.encode()).digest()
answer["ath"] = jwtlab.base64url.encode(digest)""",
        ),
        Exercise(
            id="33.2",
            title="Check a proof",
            judge_answer=_judge_check,
            hints=(
                "Seven questions: typ, method, address, time, token, key, name. Use .get, for a claim may be missing.",
                'Time: abs(request["now"] - claims["iat"]) <= 60, if there is an iat.',
                "The key: jkt has to be request['bound_to']. The name: there is one, and it is not in used.",
            ),
            solution="""\
import hashlib

def answer(header, claims, jkt, request, used):
    ath = jwtlab.base64url.encode(hashlib.sha256(request["token"].encode()).digest())
    if header.get("typ") != "dpop+jwt" or jkt != request["bound_to"]:
        return False
    if claims.get("htm") != request["method"] or claims.get("htu") != request["address"]:
        return False
    if "iat" not in claims or abs(request["now"] - claims["iat"]) > 60:
        return False
    return claims.get("ath") == ath and "jti" in claims and claims["jti"] not in used""",
        ),
        Exercise(
            id="33.3",
            title="The server asks for a nonce",
            judge_answer=_judge_nonce,
            hints=(
                "The header is response.headers.get('DPoP-Nonce').",
                "The token endpoint says use_dpop_nonce in the JSON, an API says it in WWW-Authenticate.",
                "'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '') finds the second; for the first, "
                "be prepared for a body that is no JSON.",
            ),
            solution="""\
def answer(response):
    asked = 'error="use_dpop_nonce"' in response.headers.get("WWW-Authenticate", "")
    if response.status_code == 400:
        try:
            asked = response.json().get("error") == "use_dpop_nonce"
        except ValueError:
            asked = False
    return response.headers.get("DPoP-Nonce") if asked else None""",
        ),
    ),
    predictions=(
        Question(
            id="33.p1",
            text="A proxy writes down every request that goes to an API, with all headers. Mallory reads "
            "the file. What "
            "can she do with a bearer token that she finds there?",
            options=(
                Option(
                    text="Nothing, for it is signed",
                    why="The signature says who issued it. It does not say who may bring it.",
                ),
                Option(
                    text="Use it until it expires",
                    why="Whoever bears a bearer token may use it. This lesson binds it to a key.",
                    right=True,
                ),
                Option(
                    text="Use it once",
                    why="An access token is used many times: nobody counts.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="33.q1",
            text="What does the browser see of a pushed authorization request?",
            options=(
                Option(
                    text="Everything, but signed", why="That would be a signed request object (RFC 9101)."
                ),
                Option(
                    text="The client_id and a request_uri",
                    why="The rest has gone from the application to the server directly (RFC 9126 §4).",
                    right=True,
                ),
                Option(
                    text="Nothing at all",
                    why="The browser still goes to the server, or Alice could not log in there.",
                ),
            ),
        ),
        Question(
            id="33.q2",
            text="Mallory finds a request of ten minutes ago in an API's log: a DPoP-bound token, still valid, and its "
            "proof. What "
            "can she do?",
            options=(
                Option(
                    text="Send it again as it is",
                    why="The proof is ten minutes old, and its name has been used.",
                ),
                Option(
                    text="Make a new proof with a key of her own", why="The token is bound to the other key."
                ),
                Option(
                    text="Nothing with these two",
                    why="A new proof needs the private key, and that has never been sent.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="33.q3",
            text="A client has worked for a year. Today the token endpoint answers 400, error use_dpop_nonce. What is "
            "wrong?",
            options=(
                Option(
                    text="The client's key has expired",
                    why="A key in a proof has no expiry date; the error would be another one.",
                ),
                Option(
                    text="The proof was used twice",
                    why="That would be invalid_dpop_proof.",
                ),
                Option(
                    text="Nothing: the server asks for a nonce now; make a new proof with it, and send again",
                    why="The nonce is in the header DPoP-Nonce (RFC 9449 §8). A server may begin to ask at any time.",
                    right=True,
                ),
            ),
        ),
    ),
)
