"""Lesson 26: OpenID Connect. Who logged in, when, and for whom; state, nonce and PKCE told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.lab import EPOCH


def _judge_time(answer: Any) -> str:
    if isinstance(answer, str):
        raise Wrong("This is a token, or a part of it. jwtlab.decode(...).claims reads it; take one claim.")
    if isinstance(answer, Mapping):
        raise Wrong("These are all the claims. Which of them is the time of the login?")
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise Wrong(f"The time is a number of seconds; this is {kind(answer)}.")
    if answer in (EPOCH + 1500, 900):
        raise Wrong("That is when the token ends, or how long it lives; the login was before.")
    if answer == EPOCH + 600:
        raise Wrong("That is when the token was made (iat); Alice had logged in ten minutes before.")
    if answer != EPOCH:
        raise Wrong("The claim is called auth_time (OpenID Connect Core §2), and it is in the ID token.")
    return "auth_time in the ID token. With single sign-on it may be hours before iat: lesson 27."


ISSUER, CLIENT = "https://as.example", "notes-app"
_CLAIMS: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "sub": "alice", "exp": 2000, "nonce": "n-1"}
_CASES: tuple[tuple[dict[str, Any], bool, str], ...] = (
    (_CLAIMS, True, "These claims are all right."),
    (_CLAIMS | {"iss": "https://mallory.example"}, False, "Another issuer."),
    (_CLAIMS | {"aud": "game"}, False, "It was made for another client."),
    (_CLAIMS | {"aud": "notes-app-2"}, False, "notes-app-2 is not notes-app: compare whole names."),
    (_CLAIMS | {"aud": [CLIENT]}, True, "aud may be a list of one."),
    (_CLAIMS | {"aud": [CLIENT, "game"]}, False, "aud names several, and azp is missing."),
    (_CLAIMS | {"aud": [CLIENT, "game"], "azp": CLIENT}, True, "Several, and azp says it was made for us."),
    (_CLAIMS | {"aud": [CLIENT, "game"], "azp": "game"}, False, "azp names another client."),
    (_CLAIMS | {"azp": "game"}, False, "azp is there and names another client."),
    (_CLAIMS | {"aud": ["game"], "azp": CLIENT}, False, "azp alone is not enough: we have to be in aud."),
    (_CLAIMS | {"exp": 1000}, False, "exp is now: expired."),
    (_CLAIMS | {"exp": 999}, False, "Expired."),
    (_CLAIMS | {"nonce": "n-2"}, False, "Another login's nonce."),
    ({k: v for k, v in _CLAIMS.items() if k != "nonce"}, False, "A nonce was sent, and none came back."),
    ({k: v for k, v in _CLAIMS.items() if k != "exp"}, False, "There is no exp."),
    ({k: v for k, v in _CLAIMS.items() if k != "aud"}, False, "There is no audience."),
)


def _judge_check(answer: Any) -> str:
    def ask(claims: dict[str, Any]) -> Any:
        return call(answer, dict(claims), ISSUER, CLIENT, "n-1", 1000)

    if all(ask(claims) in (None, ...) for claims, _, _ in _CASES):
        raise NotYet
    for claims, expected, advice in _CASES:
        found = ask(claims)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {claims} your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"For {claims} your function says {found}. {advice}")
    return (
        "Sixteen ID tokens, sixteen right answers. In a library these are options: issuer, audience, nonce."
    )


_ALICE = {"iss": ISSUER, "sub": "7", "email": "alice@mail.example", "name": "Alice"}


def _judge_identity(answer: Any) -> str:
    first = call(answer, dict(_ALICE))
    if first in (None, ...):
        raise NotYet
    others = (
        (
            _ALICE | {"iss": "https://other.example"},
            False,
            "Two issuers may both have a user 7: iss belongs to the key.",
        ),
        (_ALICE | {"sub": "8"}, False, "Another sub at the same issuer is another person."),
        (
            _ALICE | {"email": "alice@new.example"},
            True,
            "Alice has a new e-mail address, and is still Alice (§5.7).",
        ),
        (_ALICE | {"name": "Alice Liddell"}, True, "Alice has a new name, and is still Alice."),
        ({"iss": ISSUER, "sub": "7"}, True, "Claims such as email may be missing."),
    )
    for claims, same, advice in others:
        if (call(answer, dict(claims)) == first) is not same:
            raise Wrong(advice)
    joined = {"iss": "https://as.example", "sub": "17"}, {"iss": "https://as.example1", "sub": "7"}
    if call(answer, joined[0]) == call(answer, joined[1]):
        raise Wrong("Glued together, two pairs can become one text: keep iss and sub apart, as a tuple.")
    try:
        hash(first)
    except TypeError:
        raise Wrong(f"This cannot be the key of a dict: {kind(first)}. A tuple can.") from None
    return "iss and sub together, and nothing else. E-mail addresses are handed on to other people."


_WORDS = {
    "a": (
        "PKCE",
        "The app redeems the code itself, past the browser and the client: only the server can stop it.",
    ),
    "b": ("state", "The question is whether this browser asked for anything."),
    "c": ("nonce", "The token is genuine and in time; it only belongs to another login."),
}


def _judge_words(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict with the keys a, b and c; this is {kind(answer)}.")
    if all(value is None for value in answer.values()):
        raise NotYet
    for name, (expected, advice) in _WORDS.items():
        found = answer.get(name)
        if not isinstance(found, str) or found.strip().lower() != expected.lower():
            raise Wrong(f"{name}: {found!r}? {advice}")
    return "The code, the browser, the token: three things that can be swapped, three words that notice."


LESSON = Lesson(
    number="26",
    name="26_openid_connect",
    title="OpenID Connect",
    why="OAuth lets an application do something for you. OpenID Connect tells it who you are, in a way that "
    "can be "
    "checked.",
    minutes=55,
    needs=("23",),
    exercises=(
        Exercise(
            id="26.1",
            title="Read the right token",
            judge_answer=_judge_time,
            hints=(
                "One of the two tokens is made for the application.",
                "The ID token has a claim auth_time.",
                'jwtlab.decode(tokens["id_token"]).claims["auth_time"]',
            ),
            solution='answer = jwtlab.decode(tokens["id_token"]).claims["auth_time"]',
        ),
        Exercise(
            id="26.2",
            title="Check an ID token",
            judge_answer=_judge_check,
            hints=(
                "Make aud a list first; then everything is one case.",
                "azp: if it is there it must be the client; if aud has more than one name it must be there.",
                'claims.get("exp", 0) > now, claims.get("nonce") == nonce',
            ),
            solution="""\
def answer(claims, issuer, client_id, nonce, now):
    aud = claims.get("aud", [])
    aud = [aud] if isinstance(aud, str) else aud
    azp = claims.get("azp")
    if claims.get("iss") != issuer or client_id not in aud:
        return False
    if azp != client_id and (azp is not None or len(aud) > 1):
        return False
    return claims.get("exp", 0) > now and claims.get("nonce") == nonce""",
        ),
        Exercise(
            id="26.3",
            title="Who is it?",
            judge_answer=_judge_identity,
            hints=(
                "What of the claims never changes?",
                "sub is unique at its issuer, and only there.",
                'return (claims["iss"], claims["sub"])',
            ),
            solution="""\
def answer(claims):
    return (claims["iss"], claims["sub"])""",
        ),
        Exercise(
            id="26.4",
            title="Three words",
            judge_answer=_judge_words,
            hints=(
                "Ask of each: is it the browser, the token or the code that was swapped?",
                "Only one of the three is compared by the server.",
                "The nonce stands in the ID token.",
            ),
            solution='answer = {"a": "PKCE", "b": "state", "c": "nonce"}',
        ),
    ),
    predictions=(
        Question(
            id="26.p1",
            text="An application has got an access token with which it can read Alice's profile. Does it know "
            "that the person at the browser is Alice?",
            options=(
                Option(
                    text="Yes: she must have logged in to get the token",
                    why="Somebody did log in, at some time, for some application. It need not be this person, "
                    "here, now.",
                ),
                Option(
                    text="No: it knows that somebody once allowed something",
                    why="The token is for the API. Nothing in it says that this person is here now, or that it "
                    "was made for this login. That is what the ID token is for.",
                    right=True,
                ),
                Option(
                    text="Yes, if the token is a JWT",
                    why="The format does not change what the token is about.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="26.q1",
            text="An API gets an ID token as Bearer. What should it do?",
            options=(
                Option(
                    text="Take it: the signature is good", why="It was made for the client, not for the API."
                ),
                Option(
                    text="Refuse it: typ and audience are wrong",
                    why="RFC 9068 §4: at+jwt, and the API's own name.",
                    right=True,
                ),
                Option(
                    text="Exchange it for an access token",
                    why="An API does not fetch tokens for those who come.",
                ),
            ),
        ),
        Question(
            id="26.q2",
            text="Why does the client compare userinfo's sub with the ID token's?",
            options=(
                Option(
                    text="The access token might have been swapped for somebody else's",
                    why="Then userinfo would describe somebody else (OpenID Connect Core §5.3.2).",
                    right=True,
                ),
                Option(
                    text="userinfo is not protected by TLS",
                    why="It is, like every other address of the server.",
                ),
                Option(text="Names can be spelt in two ways", why="sub is compared, not the name."),
            ),
        ),
        Question(
            id="26.q3",
            text="The server has a new key. How does the client learn of it?",
            options=(
                Option(text="It is told by e-mail", why="There may be thousands of clients."),
                Option(
                    text="It meets a kid that it does not know, and fetches the keys again",
                    why="But not too often, because strangers can make up any kid.",
                    right=True,
                ),
                Option(
                    text="It fetches the keys before each check",
                    why="That would be a request for every token.",
                ),
            ),
        ),
    ),
)
