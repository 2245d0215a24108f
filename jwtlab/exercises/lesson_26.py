"""Lesson 26: OpenID Connect. Who logged in, when, and for whom; state, nonce and PKCE told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.identity import judge_identity
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.exercises.words import Row, Words
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab

ISSUER, CLIENT = "https://as.example", "notes-app"


@cache
def _response(login: int, issued: int, others_login: int | None, lifetime: int = 900) -> dict[str, Any]:
    """A token response: when the person logged in, and what the access token says of that, if anything."""
    lab = Lab("26")
    dates: dict[str, Any] = {"iat": EPOCH + issued, "exp": EPOCH + issued + lifetime}
    at: dict[str, Any] = {} if others_login is None else {"auth_time": EPOCH + others_login}
    api: dict[str, Any] = {"aud": "https://api.example", "client_id": CLIENT, "scope": "openid notes:read"}
    return {
        "access_token": lab.token("alice", iss=ISSUER, header={"typ": "at+jwt"}, **api, **dates, **at),
        "expires_in": lifetime,
        "id_token": lab.token("alice", iss=ISSUER, aud=CLIENT, nonce="n-1", **dates, auth_time=EPOCH + login),
        "token_type": "Bearer",
    }


def _login(
    mistake: str, login: int, issued: int, others_login: int | None, why: str = "", lifetime: int = 900
) -> Case:
    return Case(mistake, (_response(login, issued, others_login, lifetime),), EPOCH + login, why)


def _look_at_time(found: Any, case: Case) -> None:
    if isinstance(found, str):
        raise Wrong("text")
    if isinstance(found, Mapping):
        raise Wrong("all-claims")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Wrong("not-a-number", what=kind(found))
    (response,) = case.given
    id_token, access_token = (decode(response[name]).claims for name in ("id_token", "access_token"))
    for mistake, wrong in (
        ("access-token", access_token.get("auth_time")),
        ("iat", id_token["iat"]),
        ("exp", id_token["exp"]),
        ("exp", response["expires_in"]),
    ):
        if found == wrong and wrong != case.expected:
            raise Wrong(mistake)


_judge_time = Table(
    cases=(
        _login("auth-time", 0, 600, 0, "The claim is called auth_time (OpenID Connect Core §2), and it is in the ID "
               "token."),
        _login("access-token", 0, 0, None, "This access token does not say when anybody logged in, and it need not: "
               "it is for the API. Read the token that is for the application."),
        _login("access-token", 50, 600, None),
        _login("access-token", 70, 650, 600, lifetime=300),
        _login("access-token", 3600, 9000, 70, lifetime=60),
    ),
    look=_look_at_time,
    fits=lambda found, expected: not isinstance(found, bool) and bool(found == expected),
    own={
        "text": "This is a token, or a part of it. jwtlab.decode(...).claims reads it; take one claim.",
        "all-claims": "These are all the claims. Which of them is the time of the login?",
        "not-a-number": "The time is a number of seconds; this is {what}.",
        "iat": "That is when the token was made (iat); the login may have been long before.",
        "exp": "That is when the token expires, or how long it lives; the login was before.",
    },
    praise="auth_time in the ID token, which is made for the application. With single sign-on it may be hours before "
    "iat: lesson 27.",
)  # fmt: skip

_CLAIMS: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "sub": "alice", "exp": 2000, "nonce": "n-1"}
_LOGIN, _ELSEWHERE = "https://login.example/", ("https://login.example/", "G.me/", "N.7/", 50)
_OTHERS: dict[str, Any] = {"iss": _LOGIN, "aud": "G.me/", "sub": "bob", "exp": 60, "nonce": "N.7/"}


def _id_token(mistake: str, expected: bool, why: str = "", *, without: str = "", **changes: Any) -> Case:
    claims = {name: value for name, value in (_CLAIMS | changes).items() if name != without}
    return Case(mistake, (claims,), expected, why)


def _asked(
    claims: dict[str, Any], issuer: str = ISSUER, client_id: str = CLIENT, nonce: str = "n-1", now: int = 1000
) -> tuple[Any, ...]:
    return claims, issuer, client_id, nonce, now


def _near_claims(name: str, *, several: bool = False) -> Iterator[Case]:
    for claims, asked in ((_CLAIMS, ()), (_OTHERS, _ELSEWHERE)):
        right = claims["aud" if name == "azp" else name]
        base = claims | ({"aud": [right, "game"]} if name == "azp" else {})

        def make(text: str, base: Any = base, asked: Any = asked) -> tuple[Any, ...]:
            return base | {name: [text] if several else text}, *asked

        # hmac.compare_digest, which is right for a nonce, takes no text beyond ASCII
        yield from near(name, right, make, False, without="letter" if name == "nonce" else "")


_judge_check = Table(
    cases=(
        _id_token("good", True, "These claims are all right."),
        Case("given", (_OTHERS, *_ELSEWHERE), True, "Compare with what is handed over."),
        *(Case("given", (_OTHERS | {name: _CLAIMS[name]}, *_ELSEWHERE), False, "") for name in ("iss", "aud", "nonce")),
        Case("given", (_OTHERS | {"exp": 50}, *_ELSEWHERE), False, ""),
        Case("given", (_CLAIMS, *_ELSEWHERE), False, ""),
        _id_token("list-of-one", True, "aud may be a list of one.", aud=[CLIENT]),
        _id_token("last-second", True, "One second later than now is later.", exp=1001),
        _id_token("azp-is-me", True, "azp is there, and names us.", azp=CLIENT),
        _id_token("several", True, "Several, and azp says it was made for us.", aud=[CLIENT, "game"], azp=CLIENT),
        _id_token("several", True, aud=["game", CLIENT], azp=CLIENT),
        _id_token("other-issuer", False, "The issuer is another one than the one that was asked.", iss="https://mallory.example"),
        _id_token("no-iss", False, "There is no issuer. Raise nothing.", without="iss"),
        _id_token("other-client", False, "It was made for another client.", aud="game"),
        _id_token("other-client", False, aud=["game"]),
        _id_token("piece", False, "The client's name is only a piece of aud: compare whole names.", aud="notes-app-2"),
        _id_token("no-azp", False, "aud names several, and azp is missing.", aud=[CLIENT, "game"]),
        _id_token("other-azp", False, "azp names another client.", aud=[CLIENT, "game"], azp="game"),
        _id_token("other-azp-alone", False, "azp is there and names another client, though aud names us alone.",
                  azp="game"),
        _id_token("other-azp-alone", False, aud=[CLIENT], azp="game"),
        _id_token("azp-alone", False, "azp alone is not enough: we have to be in aud.", aud=["game"], azp=CLIENT),
        _id_token("azp-alone", False, without="aud", azp=CLIENT),
        _id_token("azp-alone", False, aud=["game", "bank"], azp=CLIENT),
        _id_token("expired", False, "exp is now, or was before: it has expired.", exp=1000),
        _id_token("expired", False, exp=999),
        _id_token("other-nonce", False, "This is another login's nonce.", nonce="n-2"),
        _id_token("no-nonce", False, "A nonce was sent, and none came back. Raise nothing.", without="nonce"),
        _id_token("no-exp", False, "There is no exp. Raise nothing.", without="exp"),
        _id_token("no-aud", False, "There is no audience. Raise nothing.", without="aud"),
        _id_token("no-aud", False, aud=[]),
        *_near_claims("iss"),
        *_near_claims("aud"),
        *_near_claims("aud", several=True),
        *_near_claims("azp"),
        *_near_claims("nonce"),
    ),
    arguments=_asked,
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} ID tokens, all judged rightly. In a library these are options: issuer, audience, nonce.",
)  # fmt: skip

_judge_words = Words(
    rows=(
        Row(
            "a",
            "PKCE",
            {
                "state": (
                    "a-state",
                    "The client compares state, and here the thief never goes by the client.",
                ),
                "nonce": (
                    "a-nonce",
                    "The client compares the nonce, and the thief never goes by it. Who can still say no?",
                ),
            },
        ),
        Row(
            "b",
            "state",
            {
                "PKCE": (
                    "b-pkce",
                    "PKCE would stop it too (RFC 9700 §2.1), but only at the token endpoint, when the code has been "
                    "sent there. What does the application see at once?",
                ),
                "nonce": (
                    "b-nonce",
                    "The nonce would show it too (RFC 9700 §2.1), but only when the code has been redeemed. What does "
                    "the application see at once?",
                ),
            },
        ),
        Row(
            "c",
            "nonce",
            {
                "state": (
                    "c-state",
                    "This browser did begin a login, so state fits. The token is genuine, and from another login.",
                ),
                "PKCE": ("c-pkce", "PKCE is about the code. Here the ID token belongs to another login."),
            },
        ),
    ),
    praise="The code, the browser, the token: three things that can be swapped, three words that notice.",
)


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
                'return jwtlab.decode(tokens["id_token"]).claims["auth_time"]',
            ),
            solution="""\
def answer(tokens):
    return jwtlab.decode(tokens["id_token"]).claims["auth_time"]""",
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
            judge_answer=judge_identity,
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
                    text="Exchange it for an access token",
                    why="An API does not fetch tokens for those who come.",
                ),
                Option(
                    text="Refuse it: typ and audience are wrong",
                    why="RFC 9068 §4: at+jwt, and the API's own name.",
                    right=True,
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
