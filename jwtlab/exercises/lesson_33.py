"""Lesson 33: a request that nobody can change (PAR), and a token that is bound to a key (DPoP, with its nonce)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.proofs import judge_check, judge_proof
from jwtlab.exercises.table import Case, Table, near

_ASKED = {"error": "use_dpop_nonce", "error_description": "a nonce is needed"}
_BY_API = {"WWW-Authenticate": 'DPoP error="use_dpop_nonce", algs="ES256"'}


def _response(status: int, headers: Mapping[str, str], body: Any) -> tuple[httpx.Response]:
    if isinstance(body, str):
        return (httpx.Response(status, headers=headers, text=body),)
    return (httpx.Response(status, headers=headers, json=body),)


def _nonce(
    mistake: str, status: int, nonce: str, body: Any, expected: str | None, why: str = "", **headers: str
) -> Case:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return Case(mistake, (status, shown | ({"DPoP-Nonce": nonce} if nonce else {}), body), expected, why)


def _text_or_none(found: Any) -> Any:
    if found is not None and not isinstance(found, str):
        raise Wrong("kind", what=kind(found))
    return found


_TOKENS = {"access_token": "a.b.c"}
_judge_nonce = Table(
    cases=(
        _nonce("asked", 400, "n-1", _ASKED, "n-1", "The server asks for a nonce, and brings it along."),
        _nonce("asked", 400, "another-one", {"error": "use_dpop_nonce"}, "another-one"),
        _nonce("by-api", 401, "n-2", {"notes": "none"}, "n-2", "An API says it in WWW-Authenticate (RFC 9449 §9).",
               WWW_Authenticate=_BY_API["WWW-Authenticate"]),
        _nonce("by-api", 401, "n-9", "<html>Unauthorized</html>", "n-9",
               WWW_Authenticate='DPoP algs="ES256 PS256", error="use_dpop_nonce"'),
        _nonce("by-api", 401, "n-10", "", "n-10", WWW_Authenticate='DPoP error="use_dpop_nonce"'),
        _nonce("worked", 200, "n-3", _TOKENS, None, "This has worked: the nonce in it is for the next request."),
        _nonce("worked", 200, "", _TOKENS, None),
        _nonce("worked", 204, "n-3", "", None),
        _nonce("other-error", 400, "n-4", {"error": "invalid_grant"}, None, "Another error: a nonce does not mend it."),
        _nonce("other-error", 400, "n-4", {"error": "invalid_dpop_proof"}, None),
        _nonce("other-error", 400, "n-6", {}, None),
        _nonce("other-error", 503, "n-6", {"error": "temporarily_unavailable"}, None),
        _nonce("token-refused", 401, "n-5", {}, None, "The token is refused; a nonce does not mend that.",
               WWW_Authenticate='DPoP error="invalid_token"'),
        _nonce("token-refused", 401, "n-5", "", None, WWW_Authenticate="DPoP"),
        _nonce("none-there", 400, "", _ASKED, None,
               "A nonce is asked for, and none is there: there is nothing to try with."),
        _nonce("none-there", 401, "", {}, None, WWW_Authenticate=_BY_API["WWW-Authenticate"]),
        _nonce("no-json", 502, "", "<html>Bad gateway</html>", None, "This is no JSON: a gateway has answered."),
        _nonce("no-json", 400, "n-7", "use_dpop_nonce is a word on this page", None),
        *near("error", "use_dpop_nonce", lambda text: _nonce("", 400, "n", {"error": text}, None).given, None),
    ),
    arguments=_response,
    read=_text_or_none,
    changes=True,
    none_counts=True,
    own={"kind": "Return a nonce, which is a text, or None; this is {what}."},
    praise="One more try, with the nonce, and only when the server asked for it. Every other error stays an error.",
)  # fmt: skip


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
            judge_answer=judge_proof,
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
            judge_answer=judge_check,
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
                    text="Nothing: the server asks for a nonce now; make a new proof with it, and send again",
                    why="The nonce is in the header DPoP-Nonce (RFC 9449 §8). A server may begin to ask at any time.",
                    right=True,
                ),
                Option(
                    text="The proof was used twice",
                    why="That would be invalid_dpop_proof.",
                ),
                Option(
                    text="The client's key has expired",
                    why="A key in a proof has no expiry date; the error would be another one.",
                ),
            ),
        ),
    ),
)
