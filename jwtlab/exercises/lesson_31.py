"""Lesson 31: a device without a keyboard, and a token exchanged for the next service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table, near
from jwtlab.jose.token import decode
from jwtlab.jose.verifier import Verifier
from jwtlab.lab import EPOCH, Lab

API, ARCHIVE = "https://api.example", "https://archive.example"


_ARCHIVE_VERIFIER = Verifier(
    Lab().key("RS256").public(),
    algorithms=["RS256"],
    issuer="https://as.example",
    audience=ARCHIVE,
    typ="at+jwt",
)
_DOING = "notes-api acts for alice"


@mistakes(
    {
        "refused": "The server refused: {error}.",
        "whole-answer": 'This is the whole answer; take ["access_token"].',
        "response": 'This is the response. response.json()["access_token"] is the token in it.',
        "no-text": "A token is a text; this is {what}.",
        "no-token": "This is no token: {error}.",
        "old-token": "This token is for the API itself, and the archive would refuse it. Ask for the audience "
        "https://archive.example.",
        "archive-refuses": "The archive would refuse it: {reason}. Let the server issue it.",
        "actor": f"It does not say that {_DOING}. Exchange the token in received.",
        "no-scope": "With this token nobody reads notes: the scope notes:read is missing.",
        "more-scope": "This token may do more than read notes: {scope}. Say which scope you want; without a word you "
        "get all that the old token had.",
    }
)
def _judge_exchange(answer: Any) -> str:
    if isinstance(answer, Mapping):
        error = answer.get("error_description")
        raise Wrong("refused" if error else "whole-answer", error=error)
    if hasattr(answer, "json"):
        raise Wrong("response")
    if not isinstance(answer, str):
        raise Wrong("no-text", what=kind(answer))
    try:
        claims = decode(answer).claims
    except InvalidToken as error:
        raise Wrong("no-token", error=error) from None
    if claims.get("aud") == API:
        raise Wrong("old-token")
    iat = claims.get("iat", EPOCH)
    at = iat if isinstance(iat, int | float) and not isinstance(iat, bool) and iat >= 0 else EPOCH
    failure = _ARCHIVE_VERIFIER.verify(answer, now=at).first_failure
    if failure is not None:
        raise Wrong("archive-refuses", reason=failure.reason)
    actor = claims.get("act")
    if claims.get("sub") != "alice" or not isinstance(actor, dict) or actor.get("sub") != "notes-api":
        raise Wrong("actor")
    scope = str(claims.get("scope", "")).split()
    if "notes:read" not in scope:
        raise Wrong("no-scope")
    if scope != ["notes:read"]:
        raise Wrong("more-scope", scope=" ".join(scope))
    return "For the archive alone, for reading alone, and act says that the API did it, for Alice."


_TOKENS = {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900}


def _poll(mistake: str, error: str, pause: float, expected: float | str, why: str = "") -> Case:
    return Case(mistake, ({"error": error} if error else _TOKENS, pause), expected, why)


def _seconds_or_word(found: Any) -> Any:
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        raise Wrong("kind", what=kind(found))
    return found


_judge_poll = Table(
    cases=(
        _poll("done", "", 5, "done", "There is no error: the tokens are here."),
        _poll("done", "", 20, "done"),
        _poll("pending", "authorization_pending", 5, 5, "Nobody has decided yet: ask again after the same pause."),
        _poll("pending", "authorization_pending", 7, 7),
        _poll("slow-down", "slow_down", 5, 10, "slow_down adds five seconds to the pause, from now on."),
        _poll("added", "slow_down", 15, 20, "Five seconds are added each time, whatever the pause was."),
        _poll("added", "slow_down", 1, 6),
        _poll("stays", "authorization_pending", 20, 20, "The longer pause stays: pending does not shorten it."),
        _poll("denied", "access_denied", 5, "stop", "Somebody said no. Asking again does not change that."),
        _poll("expired", "expired_token", 5, "stop", "The device code has expired. The device has to begin anew."),
        _poll("other", "invalid_client", 5, "stop", "Any other error ends the polling (RFC 8628 §3.5)."),
        _poll("other", "server_error", 10, "stop"),
        _poll("unknown", "pending", 5, "stop",
              "This is no error code of RFC 8628. What you do not know ends the polling."),
        _poll("unknown", "slow", 5, "stop"),
        _poll("unknown", "access_pending", 5, "stop"),
        *near("error", "authorization_pending", lambda text: ({"error": text}, 5), "stop"),
        *near("error", "slow_down", lambda text: ({"error": text}, 5), "stop"),
    ),
    read=_seconds_or_word,
    fits=lambda found, expected: bool(found == expected),
    own={"kind": 'Return seconds, "stop" or "done"; this is {what}.'},
    praise="Two errors mean go on, every other error means stop. A client that mixes them up polls for ever.",
)  # fmt: skip


LESSON = Lesson(
    number="31",
    name="31_newer_tools",
    title="Newer tools",
    why="A television has no keyboard, and a token for one service is wrong for the next: there is a small flow "
    "for each.",
    minutes=40,
    needs=("23",),
    exercises=(
        Exercise(
            id="31.1",
            title="One door further",
            judge_answer=_judge_exchange,
            hints=(
                "Five fields: grant_type, subject_token, subject_token_type, audience, scope.",
                "The audience is ARCHIVE; the scope is what you need and nothing else.",
                'http.post(f"{AS}/token", data=form, auth=as_api).json()["access_token"]',
            ),
            solution="""\
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
            id="31.2",
            title="Poll like a television",
            judge_answer=_judge_poll,
            hints=(
                "Look at error first: if there is none, the tokens are here.",
                "authorization_pending keeps the pause; slow_down makes it five seconds longer.",
                "Write the two that go on by name. Everything else stops.",
            ),
            solution="""\
def answer(reply, interval):
    error = reply.get("error")
    if error is None:
        return "done"
    if error == "authorization_pending":
        return interval
    return interval + 5 if error == "slow_down" else "stop\"""",
        ),
    ),
    predictions=(
        Question(
            id="31.p1",
            text="You want to watch films on a television that has a remote control and no keyboard. How should it get "
            "your permission?",
            options=(
                Option(
                    text="Type the password with the arrow keys",
                    why="That is slow, and then the television has your password.",
                ),
                Option(
                    text="The television shows a code, and you type it on your phone, where you log in",
                    why="The password stays on the phone. The television gets a token, and nothing else.",
                    right=True,
                ),
                Option(
                    text="The television gets a password that all televisions of its maker share",
                    why="Then it would act as the maker, and nobody has asked you.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="31.q1",
            text="An e-mail asks you to open your own company's login page and type a code. What is wrong?",
            options=(
                Option(
                    text="The page may be a fake",
                    why="It may be genuine, and that is what makes it dangerous.",
                ),
                Option(
                    text="Codes are less secure than passwords",
                    why="The code is harmless; whose it is matters.",
                ),
                Option(
                    text="The code may belong to somebody else's device",
                    why="Whoever began the device flow gets the tokens (RFC 8628 §5.4). Type only codes that your own "
                    "device shows.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="31.q2",
            text="A television gets the error slow_down. What does it do?",
            options=(
                Option(text="It gives up", why="slow_down is not a refusal: somebody may still approve."),
                Option(
                    text="It waits five seconds longer than before, this time and every time after",
                    why="The longer pause stays until the flow ends (RFC 8628 §3.5).",
                    right=True,
                ),
                Option(
                    text="It asks for a new device code",
                    why="The old one is still good; a new one would begin anew.",
                ),
            ),
        ),
        Question(
            id="31.q3",
            text="A service gets Alice's token and needs another service for her. What should it send there?",
            options=(
                Option(
                    text="A token that it got for hers, by token exchange",
                    why="The audience is the next service, sub is Alice, and act says who acts for her.",
                    right=True,
                ),
                Option(
                    text="Its own token", why="Then the other service does not know that it is about Alice."
                ),
                Option(
                    text="Alice's token, as it came",
                    why="Its audience is somebody else, so a careful service refuses it.",
                ),
            ),
        ),
    ),
)
