"""Lesson 31: newer tools. Device, token exchange, PAR, DPoP, introspection and revocation."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url, jwt
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab
from jwtlab.oauth import dpop

API, ARCHIVE = "https://api.example", "https://archive.example"


def _judge_exchange(answer: Any) -> str:
    if isinstance(answer, Mapping):
        error = answer.get("error_description")
        raise Wrong(
            f"The server refused: {error}." if error else 'This is the whole answer; take ["access_token"].'
        )
    if hasattr(answer, "json"):
        raise Wrong('This is the response. response.json()["access_token"] is the token in it.')
    if not isinstance(answer, str):
        raise Wrong(f"A token is a text; this is {kind(answer)}.")
    try:
        claims = decode(answer).claims
    except InvalidToken as error:
        raise Wrong(f"This is no token: {error}.") from None
    if claims.get("aud") == API:
        raise Wrong(
            "This token is for the API itself, and the archive would refuse it. Ask for the audience "
            "https://archive.example."
        )
    iat = claims.get("iat", EPOCH)
    report = jwt.verify(
        answer,
        Lab().key("RS256").public(),
        algorithms=["RS256"],
        issuer="https://as.example",
        audience=ARCHIVE,
        typ="at+jwt",
        now=iat if isinstance(iat, int | float) and not isinstance(iat, bool) and iat >= 0 else EPOCH,
    )
    if report.first_failure is not None:
        raise Wrong(f"The archive would refuse it: {report.first_failure.reason}. Let the server issue it.")
    actor = claims.get("act")
    if claims.get("sub") != "alice" or not isinstance(actor, dict) or actor.get("sub") != "notes-api":
        raise Wrong("It does not say that notes-api acts for alice. Exchange the token in received.")
    scope = str(claims.get("scope", "")).split()
    if "notes:read" not in scope:
        raise Wrong("With this token nobody reads notes: the scope notes:read is missing.")
    if scope != ["notes:read"]:
        raise Wrong(
            f"This token may do more than read notes: {' '.join(scope)}. Say which scope you want; without a "
            "word you get all that the old token had."
        )
    return "For the archive alone, for reading alone, and act says that the API did it, for Alice."


_REPLY: dict[str, Any] = {"active": True, "aud": API, "sub": "alice", "scope": "profile notes:read"}
_REPLIES: tuple[tuple[dict[str, Any], bool, str], ...] = (
    (_REPLY, True, "Active, for this API, and the scope is in it."),
    ({"active": False}, False, "The token is not active; there is nothing else to read."),
    (_REPLY | {"active": False}, False, "active decides first, whatever else is there."),
    (
        {"error": "invalid_client"},
        False,
        "The server answered with an error. No active, no entry.",
    ),
    (
        {k: v for k, v in _REPLY.items() if k != "active"},
        False,
        "Nobody has said that it is active: a missing word is no yes.",
    ),
    (
        _REPLY | {"active": "false"},
        False,
        'active is a text here. Only the value true counts; "false" is truthy.',
    ),
    (_REPLY | {"aud": ARCHIVE}, False, "Active, but made for another API."),
    (_REPLY | {"aud": f"{API}.evil"}, False, "Compare whole names: this one only begins like ours."),
    (_REPLY | {"aud": [ARCHIVE, API]}, True, "aud may be a list, and we are in it."),
    (_REPLY | {"aud": [ARCHIVE]}, False, "aud is a list, and we are not in it."),
    (
        {k: v for k, v in _REPLY.items() if k != "aud"},
        False,
        "aud is missing: nobody says that the token is for us.",
    ),
    (_REPLY | {"scope": "profile"}, False, "The scope does not cover the call."),
    (
        _REPLY | {"scope": "notes:readonly"},
        False,
        "notes:readonly is another word than notes:read: split the scope at the spaces.",
    ),
    (
        {k: v for k, v in _REPLY.items() if k != "scope"},
        False,
        "scope is missing: the token covers nothing.",
    ),
    (_REPLY | {"scope": "notes:read"}, True, "One scope, the right one."),
)


def _judge_reply(answer: Any) -> str:
    def ask(reply: dict[str, Any]) -> Any:
        return call(answer, copy.deepcopy(reply), API, "notes:read")

    if all(ask(reply) in (None, ...) for reply, _, _ in _REPLIES[:2]):
        raise NotYet
    for reply, expected, advice in _REPLIES:
        found = ask(reply)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {reply} your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"For {reply} your function says {found}. {advice}")
    found = call(answer, copy.deepcopy(_REPLY), ARCHIVE, "notes:read")
    if found is not False:
        raise Wrong(
            "Asked as the archive, your function still takes the API's token: use me, not a fixed name."
        )
    if call(answer, copy.deepcopy(_REPLY), API, "notes:write") is not False:
        raise Wrong("Writing was needed, and the token reads: use needed, not a fixed scope.")
    return "active says that the token lives. Whether it is for you, and for this, you still decide yourself."


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


LESSON = Lesson(
    number="31",
    name="31_newer_tools",
    title="Newer tools",
    why="Five troubles that the plain flows leave, and a small tool for each: no keyboard, one door further, a wish "
    "that can be tampered with, a stolen token, a token to be taken back.",
    minutes=40,
    needs=("22",),
    exercises=(
        Exercise(
            "31.1",
            "One door further",
            _judge_exchange,
            (
                "Five fields: grant_type, subject_token, subject_token_type, audience, scope.",
                "The audience is ARCHIVE; the scope is what you need and nothing else.",
                'http.post(f"{AS}/token", data=form, auth=as_api).json()["access_token"]',
            ),
            """\
form = {
    "grant_type": protocol.TOKEN_EXCHANGE,
    "subject_token": received,
    "subject_token_type": protocol.ACCESS_TOKEN_TYPE,
    "audience": ARCHIVE,
    "scope": "notes:read",
}
answer = http.post(f"{AS}/token", data=form, auth=as_api).json()["access_token"]""",
        ),
        Exercise(
            "31.2",
            "Read the answer of introspection",
            _judge_reply,
            (
                "Three questions: is it active, is it for me, does it cover this?",
                'reply.get("active") is True; a text such as "false" is not True.',
                'needed in reply.get("scope", "").split()',
            ),
            """\
def answer(reply, me, needed):
    aud = reply.get("aud", [])
    aud = [aud] if isinstance(aud, str) else aud
    return reply.get("active") is True and me in aud and needed in reply.get("scope", "").split()""",
        ),
        Exercise(
            "31.3",
            "Build a proof",
            _judge_proof,
            (
                "The claims are jti, htm, htu, iat and ath.",
                "htu is the address without ?page=2.",
                "hashlib.sha256(token.encode()).digest() is what base64url.encode wants for ath.",
            ),
            """\
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
            "31.4",
            "Check a proof",
            _judge_check,
            (
                "Seven questions: typ, method, address, time, token, key, name. Use .get, for a claim may be missing.",
                'Time: abs(request["now"] - claims["iat"]) <= 60, if there is an iat.',
                "The key: jkt has to be request['bound_to']. The name: there is one, and it is not in used.",
            ),
            """\
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
    ),
    predictions=(
        Question(
            "31.p1",
            "Alice presses log-out, and the application has its access token, a JWT, revoked at the server. When does "
            "an API that checks tokens by itself refuse it?",
            (
                Option("At once", "Nobody has told the API; it asks the server for keys, not for news."),
                Option(
                    "When it expires",
                    "Signature and expiry are as good as before. That is why access tokens are short-lived.",
                    True,
                ),
                Option(
                    "When it fetches the keys again",
                    "The keys have not changed: the token's signature still fits.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "31.q1",
            "An e-mail asks you to open the page of your own company's log-in and type a code. What is wrong?",
            (
                Option("The page may be a fake", "It may be genuine, and that is what makes it dangerous."),
                Option(
                    "The code may belong to somebody else's device",
                    "Whoever began the device flow gets the tokens (RFC 8628 §5.4). Type only codes that your own "
                    "device shows.",
                    True,
                ),
                Option("Codes are less secure than passwords", "The code is harmless; whose it is matters."),
            ),
        ),
        Question(
            "31.q2",
            "Mallory finds a request of ten minutes ago in an API's log: a DPoP-bound token, still valid, and its "
            "proof. What "
            "can she do?",
            (
                Option("Send it again as it is", "The proof is ten minutes old, and its name has been used."),
                Option("Make a new proof with a key of her own", "The token is bound to the other key."),
                Option(
                    "Nothing with these two",
                    "A new proof needs the private key, and that has never been sent.",
                    True,
                ),
            ),
        ),
        Question(
            "31.q3",
            "Why does introspection say nothing but active: false for a token that it does not know?",
            (
                Option("It saves time", "A reason would cost nothing."),
                Option(
                    "A reason would help whoever tries tokens",
                    "Expired, revoked, made for somebody else: each word would be a hint (RFC 7662 §2.2).",
                    True,
                ),
                Option(
                    "The API is not supposed to know that a token expired",
                    "It may; exp is in the JWT anyway.",
                ),
            ),
        ),
    ),
)
