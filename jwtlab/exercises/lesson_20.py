"""Lesson 20: the bearer flow. Request, access, validation, expiry."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import InvalidToken
from jwtlab.exercises.forging import as_token
from jwtlab.exercises.kept_tokens import judge_cache
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.jose import jwt
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab

_SERVICE, _SCOPE = "report-service", "notes:write"


@mistakes(
    {
        "server-refused": "The server refused: {error}.",
        "whole-answer": 'This is the whole answer; take ["access_token"].',
        "response": 'This is the response. response.json()["access_token"] is the token in it.',
        "bytes": "Almost: these are bytes, and a token is text. Call .decode() on them.",
        "not-text": "A token is a text; this is {what}.",
        "bearer": "Bearer belongs to the header that carries the token, not to the token itself.",
        "no-token": "This is no token: {error}.",
        "refused": "The API would refuse it: {reason}. Let the server issue it.",
        "other-scope": "This token is for {scope}; ask for the scope notes:write.",
        "too-much": "It allows more than writing: {scope}. Ask for what you need and nothing else: a thief gets no "
        "more either.",
        "somebody-else": "This token was issued to {client}. Ask as report-service, with its secret.",
    }
)
def _judge_token(answer: Any) -> str:
    if isinstance(answer, dict):
        error = answer.get("error_description")
        raise Wrong("server-refused", error=error) if error else Wrong("whole-answer")
    if hasattr(answer, "json"):
        raise Wrong("response")
    token = as_token(answer)
    if token.lower().startswith("bearer"):
        raise Wrong("bearer")
    try:
        claims = decode(token).claims
    except InvalidToken as error:
        raise Wrong("no-token", error=error) from None
    reason = _refusal(token, claims.get("iat"))
    if reason:
        raise Wrong("refused", reason=reason)
    scope = str(claims.get("scope", "")).split()
    if _SCOPE not in scope:
        raise Wrong("other-scope", scope=" ".join(scope) or "nothing")
    if set(scope) != {_SCOPE}:
        raise Wrong("too-much", scope=" ".join(scope))
    if claims.get("client_id") != _SERVICE:
        raise Wrong("somebody-else", client=claims.get("client_id") or "nobody")
    return "You asked for one thing, proved who you are, and got a token for just that, for a quarter of an hour."


def _refusal(token: str, issued: object) -> str:
    """Why the API would refuse the token at the moment at which it was issued: the lesson moves the clock."""
    now = issued if isinstance(issued, int) and not isinstance(issued, bool) and issued >= 0 else EPOCH
    names: dict[str, Any] = {
        "issuer": "https://as.example",
        "audience": "https://api.example",
        "typ": "at+jwt",
    }
    failure = jwt.verify(
        token, Lab().key("RS256").public(), algorithms=["RS256"], now=now, **names
    ).first_failure
    return failure.reason if failure else ""


_BEARER = 'Bearer realm="https://api.example"'


def _refusal_case(
    mistake: str, status: int, error: str, expected: str, why: str = "", more: str = ""
) -> Case:
    challenge = f'{_BEARER}, error="{error}"{more}' if error else f"{_BEARER}{more}"
    return Case(mistake, (status, challenge), expected, why)


_NEW, _MORE, _SEND, _STOP = "get a new token", "ask for more rights", "send a token", "give up"
_NEARLY = ("{}_x", "x{}", "{}/", " {}", "{} ", "{} {}")


def _near_errors(status: int, error: str) -> list[Case]:
    texts = [form.replace("{}", error) for form in _NEARLY]
    texts += [
        error.upper(),
        error.title(),
        error[:-1],
        error.partition("_")[0],
        error.rpartition("_")[2],
        ".*",
    ]
    why = (
        "Compare the whole error, letter by letter: this is another one, and you do not know what would help."
    )
    return [_refusal_case("error-loosely", status, text, _STOP, why) for text in texts]


_judge_refusals = Table(
    cases=(
        Case("success", (200, ""), "go on", "Everything from 200 to 299 is a success."),
        *(Case("success", (status, ""), "go on", "") for status in (201, 204, 299)),
        _refusal_case("no-token", 401, "", _SEND, "Without an error in the header, no token had come along."),
        Case("no-token", (401, ""), _SEND, ""),
        Case("no-token", (401, "Bearer"), _SEND, ""),
        Case("no-token", (401, 'Bearer realm="invalid_token"'), _SEND, ""),
        _refusal_case("new-token", 401, "invalid_token", _NEW, "invalid_token: this one is not good any more."),
        _refusal_case("new-token", 401, "invalid_token", _NEW, "", ', error_description="expired, ask again"'),
        Case("new-token", (401, 'Bearer error="invalid_token", realm="api"'), _NEW, ""),
        _refusal_case("more-rights", 403, "insufficient_scope", _MORE,
                      "insufficient_scope: the token is good, but not for this."),
        _refusal_case("more-rights", 403, "insufficient_scope", _MORE, "", ', scope="notes:write"'),
        Case("forbidden", (403, ""), _STOP,
             "A 403 without insufficient_scope is about the person: more scope would not help."),
        Case("forbidden", (403, _BEARER), _STOP, ""),
        _refusal_case("forbidden-otherwise", 403, "invalid_request", _STOP,
                      "Only insufficient_scope means that more scope helps."),
        _refusal_case("forbidden-otherwise", 403, "invalid_token", _STOP),
        _refusal_case("unknown-401", 401, "invalid_request", _STOP,
                      "With another error than invalid_token, a new token need not help: give up."),
        *(_refusal_case("unknown-401", 401, error, _STOP) for error in ("insufficient_scope", "busy", "invalid")),
        _refusal_case("in-description", 401, "invalid_request", _STOP,
                      "The word stands in the description, which is for people. error says something else.",
                      ', error_description="this is no invalid_token"'),
        _refusal_case("in-description", 403, "invalid_request", _STOP, "",
                      ', error_description="insufficient_scope is something else"'),
        _refusal_case("bad-request", 400, "invalid_request", _STOP, "The request itself is wrong; no token helps."),
        _refusal_case("bad-request", 400, "invalid_token", _STOP),
        Case("redirect", (302, ""), _STOP, "A redirect is no success: an API does not send its callers elsewhere."),
        Case("redirect", (300, ""), _STOP, ""),
        *(Case("other-status", (status, ""), _STOP, "No token helps against this status.")
          for status in (404, 500, 503, 402, 400, 199)),
        _refusal_case("other-status", 404, "insufficient_scope", _STOP),
        *_near_errors(401, "invalid_token"),
        *_near_errors(403, "insufficient_scope"),
    ),
    praise="A client that reads the header repairs itself: it fetches, asks for more, or stops. It never loops.",
)  # fmt: skip


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
                'Look for the whole text error="invalid_token" in the header: the same word may stand in its '
                "description, where it means nothing.",
                "A 401 has three cases: that error, no error= at all, and any other error.",
            ),
            solution="""\
import re


def answer(status, challenge):
    found = re.search(r'[ ,]error="?([^",]+)', challenge)
    error = found[1] if found else None
    if 200 <= status < 300:
        return "go on"
    if status == 401 and error == "invalid_token":
        return "get a new token"
    if status == 401 and error is None:
        return "send a token"
    if status == 403 and error == "insufficient_scope":
        return "ask for more rights"
    return "give up\"""",
        ),
        Exercise(
            id="20.3",
            title="Keep the token, but not too long",
            judge_answer=judge_cache,
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
                    text="Only the authorization server", why="It has signed the token, not encrypted it."
                ),
                Option(
                    text="Whoever holds it, the client too",
                    why="But a client must not look: the content is between server and API (RFC 9068 §6).",
                    right=True,
                ),
            ),
        ),
        Question(
            id="20.q2",
            text="A call to an API is refused with 403 and insufficient_scope. What helps?",
            options=(
                Option(
                    text="A token with more scope, if the client may have it",
                    why="The header can name the scope that is needed (RFC 6750 §3).",
                    right=True,
                ),
                Option(text="A new token with the same scope", why="It would be refused in the same way."),
                Option(text="The same token again", why="It is valid, and it still does not cover this."),
            ),
        ),
        Question(
            id="20.q3",
            text="Why does the client credentials grant give no refresh token?",
            options=(
                Option(text="Such tokens do not expire", why="They do, like all the others."),
                Option(
                    text="The client can ask again whenever it likes",
                    why="It holds its credentials anyway; a refresh token would be one more secret (RFC 6749 "
                    "§4.4.3).",
                    right=True,
                ),
                Option(text="The API forgot to ask for one", why="An API never asks for tokens; clients do."),
            ),
        ),
    ),
)
