"""Lesson 06: login and API. Credentials become a token, the token opens an API, and logout is not free."""

from __future__ import annotations

from typing import Any

from jwtlab.apps.notes import ORIGIN
from jwtlab.checks import Report
from jwtlab.errors import InvalidToken
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.jose import jwt
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab


@mistakes(
    {
        "whole-answer": 'This is the whole answer of the server. The token is in it: ["access_token"].',
        "response": 'This is the response. response.json() gives what is in it, ["access_token"] the token.',
        "not-text": "A token is a text.",
        "bearer": "Bearer belongs to the header that carries the token, not to the token itself.",
        "no-token": "This is no token: {error}.",
        "somebody-else": "This token is about {sub!r}; log in as bob.",
        "own-work": "The service would refuse it: {reason}. Let the service issue it: POST /login.",
    }
)
def _judge_login(answer: Any) -> str:
    if isinstance(answer, dict):
        raise Wrong("whole-answer")
    if hasattr(answer, "json"):
        raise Wrong("response")
    if not isinstance(answer, str):
        raise Wrong("not-text")
    if answer.lower().startswith("bearer "):
        raise Wrong("bearer")
    try:
        claims = decode(answer).claims
    except InvalidToken as error:
        raise Wrong("no-token", error=error) from None
    if claims.get("sub") != "bob":
        raise Wrong("somebody-else", sub=claims.get("sub"))
    failure = _judged(answer).first_failure
    if failure is not None:
        raise Wrong("own-work", reason=failure.reason)
    return "Bob proved once who he is. From now on the token says it for him, until it expires."


def _judged(token: str, now: float = EPOCH) -> Report:
    names: dict[str, Any] = {"issuer": ORIGIN, "audience": ORIGIN, "typ": "at+jwt"}
    return jwt.verify(token, Lab().key("HS256"), algorithms=["HS256"], now=now, **names)


def _header(mistake: str, header: str | None, expected: str | None, why: str = "") -> Case:
    return Case(mistake, (header,), expected, why)


_judge_header = Table(
    cases=(
        _header("token", "Bearer abc.def.ghi", "abc.def.ghi",
                "The token is what comes after the word Bearer and a space."),
        _header("token", "Bearer AbC-_.d~+/=", "AbC-_.d~+/="),
        _header("token", "Bearer x", "x"),
        _header("no-header", None, None,
                "A request may come without the header: then the argument is None, and so is the answer."),
        _header("other-scheme", "Basic YWxpY2U6eA==", None,
                "This is another scheme than Bearer; it carries no token of that kind."),
        _header("other-scheme", "DPoP abc.def.ghi", None),
        _header("other-scheme", "Token abc.def.ghi", None),
        _header("case", "bearer abc.def.ghi", "abc.def.ghi",
                "The scheme's case does not matter: bearer is Bearer (RFC 9110 §11.1)."),
        _header("case", "BEARER abc.def.ghi", "abc.def.ghi"),
        _header("case", "bEARER AbC", "AbC"),
        _header("word-alone", "Bearer", None, "The word alone carries no token."),
        _header("space-alone", "Bearer ", None, "The word and a space carry no token: an empty text is none."),
        _header("empty", "", None, "An empty header carries no token."),
        _header("no-word", "abc.def.ghi", None, "Here is no scheme, and so no bearer token."),
        _header("no-word", " abc.def.ghi", None),
        _header("glued", "Bearerabc.def.ghi", None,
                "Without a space between them, Bearerabc is one word and another scheme."),
        _header("glued", "Bearer:abc.def.ghi", None),
        _header("glued", "Bearer\tabc.def.ghi", None),
        _header("nearly", "Bear abc.def.ghi", None, "This only looks like the scheme Bearer; it is another one."),
        _header("nearly", "earer abc.def.ghi", None),
        _header("nearly", "Bearers abc.def.ghi", None),
        _header("nearly", "XBearer abc.def.ghi", None),
        _header("nearly", "Bearer/ abc.def.ghi", None),
        _header("nearly", "Beare\u0280 abc.def.ghi", None),
        _header("nearly", "Basic Bearer abc.def.ghi", None),
        _header("two-words", "Bearer one two", None,
                "Two words after Bearer are no token; do not guess which one was meant."),
        _header("two-words", "Bearer one two three", None),
        _header("two-words", "Bearer one ", None),
    ),
    none_counts=True,
    praise="{count} headers, all answered rightly. Guessing at a malformed header is how two servers come to disagree.",
)  # fmt: skip


def _reports() -> dict[str, Report]:
    lab = Lab()
    names: dict[str, Any] = {"iss": ORIGIN, "aud": ORIGIN, "header": {"typ": "at+jwt"}, "alg": "HS256"}
    tokens = {
        "alice (reader, writer)": lab.token("alice", roles=["reader", "writer"], **names),
        "bob (reader)": lab.token("bob", roles=["reader"], **names),
        "bob (no roles)": lab.token("bob", **names),
        "bob (an empty list of roles)": lab.token("bob", roles=[], **names),
        "bob (Reader, reader2, read)": lab.token(
            "bob", roles=["Reader", "reader2", "read", "reader ", "xreader", "der"], **names
        ),
        "bob (admin)": lab.token("bob", roles=["admin", "Writer"], **names),
        "a forgery (writer)": lab.token("bob", roles=["writer"], key=lab.key("HS256", "mallory"), **names),
        "an expired token (writer)": lab.token("alice", roles=["writer"], minutes=-1, **names),
    }
    return {name: _judged(token) for name, token in tokens.items()}


_REPORTS = _reports()


def _decide(mistake: str, who: str, role: str, expected: int, why: str = "") -> Case:
    return Case(mistake, (who, role), expected, why)


_judge_decision = Table(
    cases=(
        _decide("good", "alice (reader, writer)", "writer", 200, "It is good and has the role: 200."),
        _decide("good", "alice (reader, writer)", "reader", 200),
        _decide("good", "bob (reader)", "reader", 200),
        _decide("good", "bob (admin)", "Writer", 200),
        _decide("role-missing", "bob (reader)", "writer", 403, "We know who asks, and he may not: 403."),
        _decide("role-missing", "bob (admin)", "reader", 403),
        _decide("forged", "a forgery (writer)", "writer", 401,
                "Nobody vouches for it, so we do not know who asks: 401."),
        _decide("forged", "a forgery (writer)", "reader", 401),
        _decide("expired", "an expired token (writer)", "writer", 401,
                "No longer good: 401, and the client gets a new one."),
        _decide("no-roles", "bob (no roles)", "reader", 403, 'A claim may be missing: claims.get("roles", []).'),
        _decide("no-roles", "bob (an empty list of roles)", "reader", 403),
        _decide("nearly", "bob (Reader, reader2, read)", "reader", 403, "Roles are compared whole, letter by letter."),
        _decide("nearly", "bob (admin)", "writer", 403),
    ),
    arguments=lambda who, role: (_REPORTS[who], role),
    fits=lambda found, expected: not isinstance(found, bool) and bool(found == expected),
    changes=True,
    praise="401: I do not know who you are. 403: I do, and you may not. Clients act on the difference.",
)  # fmt: skip


LESSON = Lesson(
    number="06",
    name="06_login_and_api",
    title="Login and API",
    why="This is what tokens are for: prove once who you are, then show a token with every request.",
    minutes=35,
    needs=("05",),
    exercises=(
        Exercise(
            id="06.1",
            title="Log in as bob",
            judge_answer=_judge_login,
            hints=(
                "Ask the service as in the lesson: POST /login with user name and password.",
                'Bob\'s password is lab.users["bob"].password.',
                'client.post("/login", json={...}).json()["access_token"]',
            ),
            solution="""\
credentials = {"username": "bob", "password": lab.users["bob"].password}
answer = client.post("/login", json=credentials).json()["access_token"]""",
        ),
        Exercise(
            id="06.2",
            title="Read the Authorization header",
            judge_answer=_judge_header,
            hints=(
                "Split the header once, at the first space. What must hold of both halves?",
                "scheme, _, token = (header or '').partition(' '); compare scheme.lower() with 'bearer'.",
                "Give the token only if it is not empty and has no space in it; else None.",
            ),
            solution="""\
def answer(header):
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() == "bearer" and token and " " not in token:
        return token
    return None""",
        ),
        Exercise(
            id="06.3",
            title="Decide: 200, 401 or 403",
            judge_answer=_judge_decision,
            hints=(
                "Two questions, in this order: do we know who asks? May they?",
                "report.accepted answers the first. Only then may you look at report.claims.",
                'The second: role in report.claims.get("roles", []).',
            ),
            solution="""\
def answer(report, role):
    if not report.accepted:
        return 401
    return 200 if role in report.claims.get("roles", []) else 403""",
        ),
    ),
    predictions=(
        Question(
            id="06.p1",
            text="Alice clicks on “log out”, and her browser forgets the token. Mallory had copied it a minute before. "
            "What can Mallory do with it?",
            options=(
                Option(
                    text="Nothing: Alice has logged out",
                    why="The token does not know that. Nothing in it changes when somebody forgets a copy.",
                ),
                Option(
                    text="Everything, until it expires",
                    why="A token is judged by what it says. Unless the server keeps a list, logout changes nothing.",
                    right=True,
                ),
                Option(
                    text="Nothing: it works only in Alice's browser",
                    why="A bearer token works for whoever bears it; that is what the word means.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="06.q1",
            text="A request comes with a good token, but its owner may not do this. Which status fits?",
            options=(
                Option(
                    text="403",
                    why="403 says: I know who you are, and you may not. Another token of the same kind would not help.",
                    right=True,
                ),
                Option(
                    text="401",
                    why="401 says: I do not know who you are. The client would get a new token, in vain.",
                ),
                Option(
                    text="404",
                    why="It may be used to hide that something exists, but it is not the plain answer.",
                ),
            ),
        ),
        Question(
            id="06.q2",
            text="What does a table of users keep instead of passwords?",
            options=(
                Option(
                    text="Encrypted passwords",
                    why="Whoever steals the table and the key has all the passwords.",
                ),
                Option(
                    text="A SHA-256 hash of each",
                    why="Fast, so guessed by the billion; and equal passwords have equal hashes.",
                ),
                Option(
                    text="A salt and a slow hash of each",
                    why="The salt makes equal passwords different, the slowness makes each guess expensive.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="06.q3",
            text="Logout must work at once, for every copy of a token. What does that cost?",
            options=(
                Option(text="Nothing: delete the cookie", why="That deletes one copy, in one browser."),
                Option(
                    text="The server must remember something again",
                    why="A deny list, or sessions. Short lifetimes keep the list short.",
                    right=True,
                ),
                Option(
                    text="A longer key", why="The key says who signed; it does not know who has logged out."
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
        "issuer-expected",
        "audience-expected",
        "not-expired",
    ),
)
