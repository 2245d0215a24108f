"""Lesson 20: the bearer flow. Request, access, validation, expiry."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import jwt
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab


def _judge_token(answer: Any) -> str:
    if isinstance(answer, dict):
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
    now = claims.get("iat", EPOCH)
    report = jwt.verify(
        answer,
        Lab().key("RS256").public(),
        algorithms=["RS256"],
        issuer="https://as.example",
        audience="https://api.example",
        typ="at+jwt",
        now=now if isinstance(now, int | float) and not isinstance(now, bool) and now >= 0 else EPOCH,
    )
    if report.first_failure is not None:
        raise Wrong(f"The API would refuse it: {report.first_failure.reason}. Let the server issue it.")
    scope = str(claims.get("scope", "")).split()
    if "notes:write" not in scope:
        raise Wrong(f"This token is for {' '.join(scope)}; ask for the scope notes:write.")
    if scope != ["notes:write"]:
        raise Wrong(
            "It may read as well. Ask for what you need and nothing else: a thief gets no more either."
        )
    return "You asked for one thing, proved who you are, and got a token for just that, for a quarter of an hour."


_BEARER = 'Bearer realm="https://api.example"'
_REFUSALS: tuple[tuple[int, str, str, str], ...] = (
    (200, "", "go on", "200 is no refusal."),
    (201, "", "go on", "Everything from 200 to 299 is a success, 201 for example."),
    (401, _BEARER, "send a token", "Without an error in the header, no token had come along."),
    (
        401,
        f'{_BEARER}, error="invalid_token", error_description="expired"',
        "get a new token",
        "invalid_token: this one is not good any more.",
    ),
    (
        403,
        f'{_BEARER}, error="insufficient_scope", scope="notes:write"',
        "ask for more rights",
        "insufficient_scope: the token is good, but not for this.",
    ),
    (403, "", "give up", "A 403 without insufficient_scope is about the person: more scope would not help."),
    (
        403,
        f'{_BEARER}, error="invalid_request"',
        "give up",
        "Only insufficient_scope means that more scope helps.",
    ),
    (
        400,
        f'{_BEARER}, error="invalid_request"',
        "give up",
        "The request itself is wrong; no token mends that.",
    ),
    (302, "", "give up", "A redirect is no success: an API does not send its callers elsewhere."),
    (404, "", "give up", "No token helps against a 404."),
    (500, "", "give up", "No token helps against a 500."),
)


def _judge_refusals(answer: Any) -> str:
    if all(call(answer, status, header) in (None, ...) for status, header, _, _ in _REFUSALS):
        raise NotYet
    for status, header, expected, advice in _REFUSALS:
        found = call(answer, status, header)
        if found != expected:
            raise Wrong(f"For {status} and {header!r} your function says {found!r}. {advice}")
    return (
        "A client that reads the header repairs itself: it fetches, asks for more, or stops. It never loops."
    )


class _Issuer:
    """Counts how often it is asked for a token."""

    def __init__(self, lifetime: int) -> None:
        self.lifetime, self.count = lifetime, 0

    def fetch(self) -> dict[str, Any]:
        self.count += 1
        return {"access_token": f"token-{self.count}", "expires_in": self.lifetime, "token_type": "Bearer"}


def _judge_cache(answer: Any) -> str:
    issuer, store = _Issuer(900), {}  # type: ignore[var-annotated]
    first = call(answer, store, 1000, issuer.fetch)
    if first in (None, ...):
        raise NotYet
    if isinstance(first, dict):
        raise Wrong("Your function returns the whole answer; return the token in it.")
    if first != "token-1":
        raise Wrong(
            f"With an empty store your function should fetch once and return that token; it gives {first!r}."
        )
    for now, expected, advice in (
        (1001, "token-1", "A second later the token is still good: do not fetch again."),
        (1869, "token-1", "869 s after it came it is good for 31 more: keep it."),
        (1871, "token-2", "29 s before its end it is too late to begin a call with it: fetch a new one."),
        (2700, "token-2", "The second token came at 1871 and is good until 2771: keep it until 2741."),
        (2800, "token-3", "The second token is over too."),
    ):
        before = issuer.count
        found = call(answer, store, now, issuer.fetch)
        if found != expected:
            raise Wrong(f"At {now} your function gives {found!r} instead of {expected!r}. {advice}")
        if issuer.count - before > 1:
            raise Wrong("Your function fetches twice for one token.")
    other, fresh = _Issuer(60), {}  # type: ignore[var-annotated]
    call(answer, fresh, 5000, other.fetch)
    if (
        call(answer, fresh, 5029, other.fetch) != "token-1"
        or call(answer, fresh, 5031, other.fetch) != "token-2"
    ):
        raise Wrong(
            "This server's tokens live 60 s. The lifetime is in the answer, expires_in; do not assume 900."
        )
    return "Few requests, and no call with a token that expires on the way. expires_in is all a client needs to know."


LESSON = Lesson(
    number="20",
    name="20_bearer_flow",
    title="The bearer flow",
    why="Whoever holds the token is let in. Its life has four steps: request, access, validation, expiry.",
    minutes=40,
    needs=("06",),
    exercises=(
        Exercise(
            id="20.1",
            title="Ask for a token",
            judge_answer=_judge_token,
            hints=(
                "It is the request of step 1, with another scope.",
                'form = {"grant_type": "client_credentials", "scope": "notes:write"}; then http.post as in step 1.',
                'http.post("https://as.example/token", data=form, auth=("report-service", secret)), then '
                '.json()["access_token"]',
            ),
            solution="""\
form = {"grant_type": "client_credentials", "scope": "notes:write"}
response = http.post("https://as.example/token", data=form, auth=("report-service", secret))
answer = response.json()["access_token"]""",
        ),
        Exercise(
            id="20.2",
            title="What a refusal means",
            judge_answer=_judge_refusals,
            hints=(
                "First the successes, then 401 and 403 each with their header, then the rest.",
                'A 401 with "invalid_token" in the header differs from one without.',
                'if status == 401: return "get a new token" if "invalid_token" in challenge else "send a token"',
            ),
            solution="""\
def answer(status, challenge):
    if 200 <= status < 300:
        return "go on"
    if status == 401:
        return "get a new token" if "invalid_token" in challenge else "send a token"
    if status == 403 and "insufficient_scope" in challenge:
        return "ask for more rights"
    return "give up\"""",
        ),
        Exercise(
            id="20.3",
            title="Keep the token, but not too long",
            judge_answer=_judge_cache,
            hints=(
                "Remember two things in store: the token, and until when it is good.",
                'until = now + answer["expires_in"] when you fetch; fetch when there is none or now > until - 30.',
                'if now > store.get("until", 0) - 30: fetch, and write both into store.',
            ),
            solution="""\
def answer(store, now, fetch):
    if now > store.get("until", 0) - 30:
        got = fetch()
        store["token"], store["until"] = got["access_token"], now + got["expires_in"]
    return store["token"]""",
        ),
    ),
    predictions=(
        Question(
            id="20.p1",
            text="The API gets a signed access token that it has never seen, from a client that it has never "
            "heard of. Whom does it have to ask whether the token is good?",
            options=(
                Option(
                    text="The authorization server, for each token",
                    why="It may (lesson 34 shows how), but then every call waits for a second server.",
                ),
                Option(
                    text="The client",
                    why="The client would say yes.",
                ),
                Option(
                    text="Nobody: the server's public key is enough",
                    why="It fetches the keys now and then, and checks each token by itself. The price: it does "
                    "not hear of logouts.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="20.q1",
            text="An access token is a signed JWT. Who can read the claims in it?",
            options=(
                Option(
                    text="Only the API: it has the key",
                    why="The key checks the signature. Reading needs no key.",
                ),
                Option(
                    text="Whoever holds it, the client too",
                    why="But a client must not look: the content is between server and API (RFC 9068 §6).",
                    right=True,
                ),
                Option(
                    text="Only the authorization server", why="It has signed the token, not encrypted it."
                ),
            ),
        ),
        Question(
            id="20.q2",
            text="A call to an API is refused with 403 and insufficient_scope. What helps?",
            options=(
                Option(text="The same token again", why="It is valid, and it still does not cover this."),
                Option(text="A new token with the same scope", why="It would be refused in the same way."),
                Option(
                    text="A token with more scope, if the client may have it",
                    why="The header can name the scope that is needed (RFC 6750 §3).",
                    right=True,
                ),
            ),
        ),
        Question(
            id="20.q3",
            text="Why does the client credentials grant give no refresh token?",
            options=(
                Option(
                    text="The client can ask again whenever it likes",
                    why="It holds its credentials anyway; a refresh token would be one more secret (RFC 6749 "
                    "§4.4.3).",
                    right=True,
                ),
                Option(text="Such tokens do not expire", why="They do, like all the others."),
                Option(text="The API forgot to ask for one", why="An API never asks for tokens; clients do."),
            ),
        ),
    ),
)
