"""Lesson 25: hybrid. Half hashes, response types, and parts that belong together."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.hashes import HALVES, half, misspelt_half
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

CODE = "code-367"


def _half(value: str, alg: str) -> Case:
    right = half(value, f"sha{alg[-3:]}")
    return Case("other", (value, alg), right, "It should be {right!r}.", {"right": right})


def _look_at_half(found: Any, case: Case) -> None:
    value, alg = case.given
    if isinstance(found, bytes):
        raise Wrong("bytes")
    if not isinstance(found, str):
        raise Wrong("not-text", what=kind(found))
    for mistake, text in misspelt_half(value, f"sha{alg[-3:]}"):
        if found == text:
            raise Wrong(mistake)


_judge_half = Table(
    cases=(
        _half(CODE, "RS256"),
        _half("at.468", "ES256"),
        *(_half(CODE, alg) for alg in ("ES384", "PS512", "HS256", "RS384", "ES512", "HS384", "PS256")),
        _half("at.468", "RS512"),
        _half("SplxlOBeZQQYbYS6WxSbIA", "PS384"),
    ),
    look=_look_at_half,
    own={
        "bytes": "These are bytes; write them in base64url, as a text.",
        "not-text": "The result is a text; your function gives {what}.",
    }
    | HALVES
    | {"other-hash": "This is another hash than the one that alg names: SHA-256, SHA-384 or SHA-512."},
    praise="One function, two claims: c_hash for the code, at_hash for the access token.",
)

_CODE, _ID, _ACCESS = "code", "id_token", "access_token"
_BOTH: set[str] = {_ACCESS, _ID}


def _type(mistake: str, response_type: str, browser: set[str], why: str = "") -> Case:
    endpoint = _BOTH if "code" in browser else set()
    return Case(mistake, (response_type,), (browser, endpoint), why)


def _two_sets(found: Any) -> Any:
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("not-two", what=kind(found))
    if not all(isinstance(each, set | frozenset | list | tuple) for each in found):
        raise Wrong("not-sets", what=" and ".join(kind(each) for each in found))
    try:
        return tuple(set(each) for each in found)
    except TypeError:
        raise Wrong("not-sets", what="lists of other things than texts") from None


def _look_at_types(found: Any, case: Case) -> None:
    (response_type,), (browser, endpoint) = case.given, case.expected
    asked = f"For {response_type!r}:"
    if "token" in found[0] | found[1]:
        raise Wrong("token", asked)
    if found == (endpoint, browser) and browser != endpoint:
        raise Wrong("swapped", asked)
    if browser - found[0]:
        raise Wrong("browser-misses", asked, names=", ".join(sorted(browser - found[0])))
    if found[0] - browser:
        raise Wrong("browser-too-much", asked, names=", ".join(sorted(map(str, found[0] - browser)))[:80])
    if not endpoint:
        raise Wrong("no-code", asked)
    raise Wrong("endpoint", asked, names=", ".join(sorted(map(str, found[1]))) or "nothing")


_judge_types = Table(
    cases=(
        _type("code", "code", {_CODE}, "The code brings both tokens, with openid in the scope."),
        _type("hybrid", "code id_token", {_CODE, _ID}, "The browser brings what the list names."),
        _type("hybrid", "code token", {_CODE, _ACCESS}),
        _type("hybrid", "code id_token token", {_CODE, _ID, _ACCESS}),
        _type("order", "id_token code", {_CODE, _ID}, "The words may come in any order: split the text."),
        _type("order", "token id_token code", {_CODE, _ID, _ACCESS}),
        _type("order", "token code", {_CODE, _ACCESS}),
        _type("implicit", "id_token", {_ID}, "id_token is one word; the word token is not in the list."),
        _type("implicit", "id_token token", {_ID, _ACCESS}),
        _type("implicit", "token id_token", {_ID, _ACCESS}),
        _type("implicit", "token", {_ACCESS}),
    ),
    read=_two_sets,
    look=_look_at_types,
    own={
        "not-two": "Return two sets, browser and token endpoint; this is {what}.",
        "not-sets": "Two sets of names are wanted; these are {what}.",
        "token": "the word in the list is token, but what comes is called access_token.",
        "swapped": "the two sets are the wrong way round: the browser first.",
        "browser-misses": "the browser brings more than that: {names}. Split the text at its spaces; the order does "
        "not matter.",
        "browser-too-much": "the browser does not bring {names}: that is not in the list.",
        "no-code": "without a code nothing can be redeemed; the token endpoint gives nothing.",
        "endpoint": "the token endpoint does not give just {names}. With openid in the scope the code brings "
        "an access token and an ID token, whatever came before.",
    },
    praise="The list says what the browser brings; the code, if there is one, brings both tokens from the endpoint.",
)  # fmt: skip

_TOKEN, _AS = "at.468", "https://as.example"
_ALICE: dict[str, Any] = {"iss": _AS, "sub": "alice"}
_FRONT = _ALICE | {"c_hash": half(CODE)}
_CAME = {"code": CODE}
_CAME_BOTH, _FRONT_BOTH = _CAME | {"access_token": _TOKEN}, _FRONT | {"at_hash": half(_TOKEN)}
_CAROL = {"iss": "https://login.example", "sub": "Carol"}
_C_HASH = {mistake: f"c_hash: {hint}" for mistake, hint in HALVES.items()}


def _parts(
    mistake: str, expected: bool, why: str = "", *, came: Any = None, front: Any = None, back: Any = None
) -> Case:
    return Case(mistake, (came or _CAME, front or _FRONT, back or _ALICE), expected, why)


_judge_parts = Table(
    cases=(
        _parts("other-code", False, "The code is another one than c_hash says.", came={"code": "mallorys-code"}),
        _parts("no-c-hash", False, "There is no c_hash: nothing ties the code to the ID token. Raise nothing.",
               front=_ALICE),
        _parts("no-c-hash", False, front=_ALICE | {"c_hash": ""}),
        *(_parts(mistake, False, _C_HASH[mistake], front=_ALICE | {"c_hash": text})
          for mistake, text in misspelt_half(CODE)),
        _parts("good", True, "Everything belongs together here."),
        _parts("good", True, came={"code": "x"}, front=_CAROL | {"c_hash": half("x")}, back=_CAROL),
        _parts("with-token", True, "With an access token, and its at_hash.", came=_CAME_BOTH, front=_FRONT_BOTH),
        _parts("further", True, "Further claims of the two ID tokens need not be the same.",
               front=_FRONT | {"nonce": "n", "email": "a@x"}, back=_ALICE | {"at_hash": "x", "nonce": "m"}),
        _parts("further", True, "", front=_FRONT_BOTH),
        _parts("no-at-hash", False, "An access token came through the browser, and front has no at_hash for it. "
               "Raise nothing.", came=_CAME_BOTH),
        _parts("no-at-hash", False, came=_CAME_BOTH, front=_FRONT | {"at_hash": ""}),
        _parts("at-hash-in-back", False, "The at_hash in back belongs to the access token of the token endpoint.",
               came=_CAME_BOTH, back=_ALICE | {"at_hash": half(_TOKEN)}),
        _parts("other-token", False, "The access token is another one than at_hash says.",
               came=_CAME | {"access_token": "other"}, front=_FRONT_BOTH),
        _parts("hashes-swapped", False, "c_hash belongs to the code, and at_hash to the access token.",
               came=_CAME_BOTH, front=_ALICE | {"c_hash": half(_TOKEN), "at_hash": half(CODE)}),
        _parts("other-person", False, "The two ID tokens name different people.", back=_ALICE | {"sub": "mallory"}),
        _parts("other-person", False, came=_CAME_BOTH, front=_FRONT_BOTH, back=_ALICE | {"sub": "mallory"}),
        _parts("other-issuer", False, "The same sub of another issuer is another person.",
               back=_ALICE | {"iss": "https://other.example"}),
        _parts("same-address", False, "The e-mail address is the same, the person is not: iss and sub say who it is.",
               front=_FRONT | {"email": "a@x"}, back={"iss": _AS, "sub": "mallory", "email": "a@x"}),
        *near("c_hash", half(CODE), lambda text: (_CAME, _ALICE | {"c_hash": text}, _ALICE), False, without="letter"),
        *near("at_hash", half(_TOKEN), lambda text: (_CAME_BOTH, _FRONT | {"at_hash": text}, _ALICE), False,
              without="letter"),
        *near("sub", "alice", lambda text: (_CAME, _FRONT, _ALICE | {"sub": text}), False),
        *near("sub", "alice", lambda text: (_CAME, _FRONT | {"sub": text}, _ALICE), False),
        *near("iss", _AS, lambda text: (_CAME, _FRONT, _ALICE | {"iss": text}), False),
        *near("iss", _AS, lambda text: (_CAME, _FRONT | {"iss": text}, _ALICE), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Code, access token, person: each is tied to the signed ID token. Nothing is left to be swapped.",
)  # fmt: skip


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
                Option(text="Because it is encrypted there", why="It is not encrypted. It is only not sent."),
                Option(
                    text="Because tokens are too long for a query",
                    why="A fragment is part of the same address.",
                ),
                Option(
                    text="Browsers send the query string to servers, which may log it",
                    why="The fragment stays in the browser, where too many can see it already.",
                    right=True,
                ),
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
