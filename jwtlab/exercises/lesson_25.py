"""Lesson 25: hybrid. Half hashes, response types, and parts that belong together."""

from __future__ import annotations

import hashlib
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
CODE = "SplxlOBeZQQYbYS6WxSbIA"


def _half(value: str, alg: str = "RS256") -> str:
    digest = _HASHES[alg[-3:]](value.encode("ascii")).digest()
    return base64url.encode(digest[: len(digest) // 2])


def _judge_half(answer: Any) -> str:
    cases = [(CODE, alg) for alg in ("RS256", "ES384", "PS512", "HS256")] + [("abc.def.ghi", "ES256")]
    if all(call(answer, value, alg) in (None, ...) for value, alg in cases):
        raise NotYet
    for value, alg in cases:
        found = call(answer, value, alg)
        if found == _half(value, alg):
            continue
        where = f"For {value!r} and {alg}"
        whole = _HASHES[alg[-3:]](value.encode()).digest()
        if isinstance(found, bytes):
            raise Wrong(f"{where} your function gives bytes; write them in base64url, as a text.")
        if not isinstance(found, str):
            raise Wrong(f"{where} your function gives {kind(found)}; the result is a text.")
        if found.endswith("="):
            raise Wrong(f"{where} there is padding at the end; base64url in tokens has none.")
        if found == base64url.encode(whole):
            raise Wrong(f"{where} that is the whole hash; only its left half is used.")
        if found == base64url.encode(whole)[: len(base64url.encode(whole)) // 2]:
            raise Wrong(f"{where} you have halved the text. Halve the bytes, then encode them.")
        if found == base64url.encode(whole[len(whole) // 2 :]):
            raise Wrong(f"{where} that is the right half; the left one is wanted.")
        if found == whole[: len(whole) // 2].hex():
            raise Wrong(f"{where} these are hexadecimal digits; base64url is wanted.")
        if found == base64url.encode(hashlib.sha256(value.encode()).digest()[:16]) and alg[-3:] != "256":
            raise Wrong(f"{where} the hash is SHA-{alg[-3:]}, as the algorithm says.")
        raise Wrong(f"{where} it should be {_half(value, alg)!r}, and is {found!r}.")
    return "One function, two claims: c_hash for the code, at_hash for the access token."


_CODE, _ID, _ACCESS = "code", "id_token", "access_token"
_TYPES: tuple[tuple[str, set[str], set[str]], ...] = (
    ("code", {_CODE}, {_ACCESS, _ID}),
    ("code id_token", {_CODE, _ID}, {_ACCESS, _ID}),
    ("id_token code", {_CODE, _ID}, {_ACCESS, _ID}),
    ("code token", {_CODE, _ACCESS}, {_ACCESS, _ID}),
    ("code id_token token", {_CODE, _ID, _ACCESS}, {_ACCESS, _ID}),
    ("token id_token code", {_CODE, _ID, _ACCESS}, {_ACCESS, _ID}),
    ("id_token", {_ID}, set()),
    ("id_token token", {_ID, _ACCESS}, set()),
    ("token", {_ACCESS}, set()),
)


def _judge_types(answer: Any) -> str:
    if all(call(answer, each) in (None, ...) for each, _, _ in _TYPES):
        raise NotYet
    for response_type, browser, endpoint in _TYPES:
        found = call(answer, response_type)
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise Wrong(
                f"Return two sets, browser and token endpoint; for {response_type!r} it is {kind(found)}."
            )
        for place, got, wanted in zip(("browser", "token endpoint"), found, (browser, endpoint), strict=True):
            if not isinstance(got, set | frozenset | list | tuple):
                raise Wrong(f"{response_type!r}, {place}: a set of names is wanted; this is {kind(got)}.")
            try:
                names = set(got)
            except TypeError:
                raise Wrong(f"{response_type!r}, {place}: a set of names is wanted.") from None
            if "token" in names:
                raise Wrong(
                    f"{response_type!r}, {place}: the word is token, what comes is called access_token."
                )
            if names != wanted:
                raise Wrong(_advice(response_type, place, names, wanted))
    return "The list says what the browser brings; the code, if there is one, brings both tokens from the endpoint."


def _advice(response_type: str, place: str, names: set[Any], wanted: set[str]) -> str:
    if place == "token endpoint" and not wanted:
        return f"{response_type!r}: without a code nothing can be redeemed; the token endpoint gives nothing."
    if place == "token endpoint":
        return (
            f"{response_type!r}, token endpoint: with openid in the scope the code brings an access token and an "
            "ID token, whatever came before."
        )
    missing, extra = sorted(wanted - names), sorted(str(each) for each in names - wanted)
    said = f"missing: {', '.join(missing)}" if missing else f"not in the list: {', '.join(extra)}"
    return f"{response_type!r}, browser: {said}. Split the text at its spaces; the order does not matter."


_FRONT: dict[str, Any] = {"iss": "https://as.example", "sub": "alice", "c_hash": _half(CODE)}
_BACK: dict[str, Any] = {"iss": "https://as.example", "sub": "alice"}
_TOKEN = "abc.def.ghi"
_WHOLE: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] = (
    {"code": CODE, "access_token": _TOKEN},
    _FRONT | {"at_hash": _half(_TOKEN)},
    _BACK,
)
_PARTS: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, Any], bool, str], ...] = (
    ({"code": CODE}, _FRONT, _BACK, True, "Everything belongs together here."),
    (*_WHOLE, True, "With an access token, and its at_hash."),
    ({"code": "mallorys-code"}, _FRONT, _BACK, False, "The code is another one than c_hash says."),
    ({"code": CODE}, {k: v for k, v in _FRONT.items() if k != "c_hash"}, _BACK, False,
     "There is no c_hash: nothing ties the code to the ID token."),
    ({"code": CODE}, _FRONT | {"c_hash": ""}, _BACK, False, "An empty c_hash is none."),
    ({"code": CODE}, _FRONT | {"c_hash": 5}, _BACK, False, "A number is no c_hash; do not fall over it."),
    ({"code": CODE, "access_token": _TOKEN}, _FRONT, _BACK, False,
     "An access token came through the browser, and front has no at_hash for it."),
    (_WHOLE[0] | {"access_token": "other"}, _WHOLE[1], _BACK, False, "The access token is another one."),
    ({"code": CODE}, _FRONT, _BACK | {"sub": "mallory"}, False, "The two ID tokens are about different people."),
    ({"code": CODE}, _FRONT, _BACK | {"iss": "https://other.example"}, False,
     "The same sub of another issuer is another person."),
    ({"code": CODE}, _FRONT | {"email": "a@x"}, _BACK | {"sub": "mallory", "email": "a@x"}, False,
     "The e-mail address is the same, the person is not: iss and sub say who it is."),
    ({"code": CODE}, _FRONT, _BACK | {"at_hash": "x", "nonce": "n"}, True,
     "Further claims of the back ID token are none of this function's business."),
)  # fmt: skip


def _judge_parts(answer: Any) -> str:
    def ask(came: dict[str, Any], front: dict[str, Any], back: dict[str, Any]) -> Any:
        return call(answer, dict(came), dict(front), dict(back))

    if all(ask(*case[:3]) in (None, ...) for case in _PARTS):
        raise NotYet
    for came, front, back, expected, advice in _PARTS:
        found = ask(came, front, back)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"Your function says {found}. {advice}")
    return "Code, access token, person: each is tied to the signed ID token. Nothing is left to be swapped."


LESSON = Lesson(
    number="25",
    name="25_hybrid",
    title="Hybrid",
    why="Part of the answer comes at once, through the browser; the other part is fetched with the code. So "
    "the application has to make sure that the parts belong together.",
    minutes=40,
    needs=("24",),
    exercises=(
        Exercise(
            id="25.1",
            title="Half a hash",
            judge_answer=_judge_half,
            hints=(
                "Three steps: hash the ASCII bytes, take the left half of the bytes, write them in "
                "base64url.",
                'getattr(hashlib, "sha" + alg[-3:]) is the hash that alg names.',
                "digest[: len(digest) // 2], then jwtlab.base64url.encode(...)",
            ),
            solution="""\
def answer(value, alg):
    digest = getattr(hashlib, "sha" + alg[-3:])(value.encode("ascii")).digest()
    return jwtlab.base64url.encode(digest[: len(digest) // 2])""",
        ),
        Exercise(
            id="25.2",
            title="What comes which way?",
            judge_answer=_judge_types,
            hints=(
                "response_type.split() gives the words.",
                "In the list it is called token; what comes is an access_token.",
                "With a code, the token endpoint gives both tokens, whatever the browser brought.",
            ),
            solution="""\
def answer(response_type):
    words = response_type.split()
    browser = {"access_token" if word == "token" else word for word in words}
    return browser, {"access_token", "id_token"} if "code" in words else set()""",
        ),
        Exercise(
            id="25.3",
            title="Do the parts belong together?",
            judge_answer=_judge_parts,
            hints=(
                "Three questions: code and c_hash; the access token, if one came, and at_hash; iss and sub "
                "of both.",
                "Use your function of 25.1 with RS256, and compare with front.get(...).",
                'front.get("c_hash") == half(came["code"], "RS256")',
            ),
            solution="""\
def answer(came, front, back):
    def half(value):
        return jwtlab.base64url.encode(hashlib.sha256(value.encode("ascii")).digest()[:16])

    if front.get("c_hash") != half(came["code"]):
        return False
    if "access_token" in came and front.get("at_hash") != half(came["access_token"]):
        return False
    return (front["iss"], front["sub"]) == (back["iss"], back["sub"])""",
        ),
    ),
    predictions=(
        Question(
            id="25.p1",
            text="An ID token (a signed JWT that says who logged in) and a code come back together through "
            "Alice's browser. There Mallory puts her own code in the place of Alice's. Who can notice "
            "first?",
            options=(
                Option(
                    text="Nobody: a code is a random word like any other",
                    why="It is. But something that is signed can say which code belongs here.",
                ),
                Option(
                    text="The application, if the ID token says which code came with it",
                    why="That is what the claim c_hash is for: the ID token is signed, so nobody can change it "
                    "to fit.",
                    right=True,
                ),
                Option(
                    text="Only the authorization server, when the code is redeemed",
                    why="It can, with PKCE. But the application holds a signed token already, and can notice "
                    "before.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="25.q1",
            text="Why does the answer come after the # when a token is in it, and not in the query string?",
            options=(
                Option(
                    text="Browsers send the query string to servers, which may log it",
                    why="The fragment stays in the browser, where too many can see it already.",
                    right=True,
                ),
                Option(
                    text="Because tokens are too long for a query",
                    why="A fragment is part of the same address.",
                ),
                Option(text="Because it is encrypted there", why="It is not encrypted. It is only not sent."),
            ),
        ),
        Question(
            id="25.q2",
            text="The application gets an ID token through the browser and another one for the code. What has "
            "to be "
            "equal in both?",
            options=(
                Option(text="All claims", why="Some differ rightly: iat, c_hash and at_hash, for example."),
                Option(
                    text="iss and sub",
                    why="Together they say who it is (OpenID Connect Core §3.3.3.6).",
                    right=True,
                ),
                Option(
                    text="The e-mail address",
                    why="An address can be given to somebody else later. Only iss and sub say who it is.",
                ),
            ),
        ),
        Question(
            id="25.q3",
            text="A new application wants to know at once who logged in, and to read Alice's notes. What "
            "do you propose?",
            options=(
                Option(
                    text="The code flow with PKCE and openid: both tokens come from the token endpoint",
                    why="It costs one request in the back channel, and no token in the browser can be swapped.",
                    right=True,
                ),
                Option(
                    text="code id_token token: everything is there the soonest",
                    why="But an access token is in the address bar (RFC 9700 §2.1.2).",
                ),
                Option(text="token: it is the simplest", why="But it says nothing about who logged in."),
            ),
        ),
    ),
)
