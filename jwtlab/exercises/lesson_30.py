"""Lesson 30: break the weak flow, mend it, see it hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from jwtlab.errors import kind
from jwtlab.exercises.breaking import board, changed
from jwtlab.exercises.login_links import judge_link
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.oauth.attacks import FLOW_ATTACKS
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.steps import Step

NO_PKCE = ("code-challenge-present", "code-verifier-asked")
"""What the server of exercise 30.1 forgets."""


_NOTES = "Notes of alice"


def _misses_by_its_path(answer: Any, steps: list[Step]) -> bool:
    """Does the function change a message only if its path is written in another way than paths are?"""
    for step in steps:
        address = step.request.url.partition("?")[0]
        for path in (
            step.request.path.lstrip("/"),
            f"{step.request.path}/",
            step.request.path.upper(),
            address,
        ):
            try:
                if (
                    call(answer, replace(step, request=cast(Request, _Elsewhere(step.request, path))))
                    is not None
                ):
                    return True
            except Wrong:
                continue
    return False


class _Elsewhere:
    """A request that says another path than its own."""

    def __init__(self, request: Request, path: str) -> None:
        self._request, self.path = request, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def _played(answer: Any, without: tuple[str, ...]) -> tuple[Flow, list[Step], int]:
    """The login, changed by the learner's function: the flow, its steps, and how many were changed."""
    steps: list[Step] = []
    changes = 0

    def change(step: Step) -> Any:
        nonlocal changes
        steps.append(step)
        new = call(answer, step)
        if new is None or new is ...:
            return None
        if not isinstance(new, Request):
            raise Wrong("not-a-request", what=kind(new))
        if not step.sender.endswith("browser"):
            raise Wrong("not-browser", sender=step.sender, path=step.request.path)
        changes += 1
        return new

    return changed("authorization-code", without, change), steps, changes


@mistakes(
    {
        "not-a-request": "Your function gives {what}; it should give a request, or None to leave it alone.",
        "not-browser": "You change what the {sender} sends to {path}. You are at Alice's browser, and get at its "
        "messages only.",
        "path": "Your function changes nothing: no message has a path like the one you ask for. A path begins with a "
        'slash and has nothing behind it: "/authorize".',
        "no-code": "No code was given any more.{why} Take out what binds the code, and nothing else.",
        "bound": "The code is still bound to a challenge. Which message brings it, and in which parameter?",
        "stopped": "The flow does not come to its end: {why}",
        "sound": "The sound server lets this pass too, so it cannot be the hole.",
    }
)
def _judge_downgrade(answer: Any) -> str:
    flow, steps, changes = _played(answer, NO_PKCE)
    if not changes:
        if _misses_by_its_path(answer, steps):
            raise Wrong("path")
        raise NotYet("Your function leaves every message alone. Write it, and run this cell again.")
    store = flow.world.server.store
    codes = [store.get("code", name) for name in store.names("code")]
    if not codes:
        refused = next((each for each in flow.trace if each.refused_by), None)
        why = f" The server says: {refused.refused_by[0]}." if refused else ""
        raise Wrong("no-code", why=why)
    if codes[-1] and codes[-1]["code_challenge"] is not None:
        raise Wrong("bound")
    if flow.stopped or flow.outcome is None or flow.outcome.title != _NOTES:
        raise Wrong("stopped", why=flow.stopped[:200] or "Alice does not get to her notes; she would notice.")
    sound, _, _ = _played(answer, ())
    if sound.outcome is not None and sound.outcome.title == _NOTES:
        raise Wrong("sound")
    return (
        "A downgrade: whoever can change one message in the browser switches PKCE off, and nobody notices. Now a "
        "stolen code can be put into another login, which is what PKCE was there to prevent (RFC 9700 §4.8.1)."
    )


_NEXT = "{count} of {all} hold. Next: "


@mistakes(
    {
        "not-a-dict": "The answer is a dict, attack → check; this is {what}.",
        "no-such-attack": "There is no attack called {name!r}. The names are those of the table and of the board.",
        "no-mend": _NEXT + "{name} has no mend yet: {words}",
        "unknown": _NEXT + "{name} with {mend!r}: {words}. The ids stand in small letters behind each check.",
        "has-it": _NEXT + "{name} with {mend!r}: {words}.",
        "turns-away": _NEXT + "{name} with {mend!r}: {words}. Look for the check that only Mallory fails.",
    }
)
def _judge_mends(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    if not any(isinstance(each, str) and each.strip() for each in answer.values()):
        raise NotYet("Name a check for each attack, and run this cell again.")
    strange = next((name for name in answer if name not in FLOW_ATTACKS), None)
    if strange is not None:
        raise Wrong("no-such-attack", name=str(strange)[:60])
    rounds = board(answer)
    broken = [each for each in rounds if not each.holds]
    for each in broken[:1]:
        mistake = each.why if each.mend else "no-mend"
        count = len(rounds) - len(broken)
        raise Wrong(mistake, count=count, all=len(rounds), name=each.id, mend=each.mend, words=each.words)
    return f"All {len(rounds)} hold, each by one check. That is what a sound server is: nobody forgot one."


LESSON = Lesson(
    number="30",
    name="30_breaking_flows",
    title="Breaking flows",
    why="Whoever has broken a flow by hand knows what each check of it is there for.",
    minutes=90,
    needs=("33", "31"),
    exercises=(
        Exercise(
            id="30.1",
            title="Switch PKCE off, unnoticed",
            judge_answer=_judge_downgrade,
            hints=(
                "Look for the message that carries code_challenge; your function sees it as step.request.",
                'if step.request.path == "/authorize": return step.request.changed(...)',
                "changed(code_challenge=None, code_challenge_method=None) takes both parameters out.",
            ),
            solution="""\
def answer(step):
    if step.request.path == "/authorize":
        return step.request.changed(code_challenge=None, code_challenge_method=None)
    return None""",
        ),
        Exercise(
            id="30.2",
            title="A link for Alice",
            judge_answer=judge_link,
            hints=(
                "It is an authorization request like any other, for the client phone-app; the redirect_uri is yours.",
                "You make the challenge, so you know the verifier: pkce.new_verifier, pkce.challenge.",
                "The scope may be profile notes:read; code_challenge_method is S256.",
            ),
            solution="""\
from urllib.parse import urlencode

verifier = pkce.new_verifier(lab.random.bytes)
parameters = {
    "response_type": "code",
    "client_id": "phone-app",
    "redirect_uri": "https://mallory.example/callback",
    "scope": "profile notes:read",
    "code_challenge": pkce.challenge(verifier),
    "code_challenge_method": "S256",
}
answer = ("https://as.example/authorize?" + urlencode(parameters), verifier)""",
            points=2,
        ),
        Exercise(
            id="30.3",
            title="Mend them all",
            judge_answer=_judge_mends,
            hints=(
                "Play each attack in its stepper in the sound world: the red line names the check that stops it.",
                "FLOW_ATTACKS[id].story tells what is missing, FLOW_ATTACKS[id].spec where the rule is written.",
                "The board names one attack that still gets through, and what it says.",
            ),
            solution="""\
answer = {
    "code-interception": "code-verifier",
    "code-interception-without-pkce": "code-challenge-present",
    "login-csrf": "state-matches",
    "code-injection": "code-verifier",
    "code-replay": "code-unused",
    "mix-up": "issuer-matches",
    "lax-redirect": "redirect-uri-registered",
    "open-redirector": "redirect-uri-registered",
    "refresh-token-theft": "refresh-unused",
    "implicit-token-injection": "access-token-hash",
    "id-token-substitution": "audience-expected",
    "id-token-at-api": "type-expected",
    "logout-token-forgery": "logout-event",
    "dpop-downgrade": "scheme-matches",
    "jwks-cached-for-ever": "keys-fresh",
    "magic-link-reuse": "link-browser",
    "scanner-prefetch": "link-pressed",
    "device-phishing": "device-confirmed",
}""",
            points=3,
        ),
    ),
    predictions=(
        Question(
            id="30.p1",
            text="A server has forgotten one single check out of more than a hundred. How many attacks "
            "does that let through?",
            options=(
                Option(
                    text="None: the other checks make up for it",
                    why="Sometimes a second check covers the gap, but not always.",
                ),
                Option(
                    text="It depends on the check: some are covered by a second one, others are not",
                    why="You will see both in the board of this lesson.",
                    right=True,
                ),
                Option(text="All of them", why="Each attack has its own weak place."),
            ),
        ),
    ),
    quiz=(
        Question(
            id="30.q1",
            text="Why does PKCE not help against a lax comparison of the redirect_uri?",
            options=(
                Option(
                    text="Mallory makes the request herself, so she knows the verifier",
                    why="PKCE protects the one who asked; here the one who asked is Mallory.",
                    right=True,
                ),
                Option(
                    text="PKCE is for telephones only", why="It protects every client that redeems codes."
                ),
                Option(text="SHA-256 is too weak", why="Nobody breaks the hash here."),
            ),
        ),
        Question(
            id="30.q2",
            text="In the mix-up attack the honest server makes no mistake. Whose check is missing?",
            options=(
                Option(text="The API's", why="The API sees a good token."),
                Option(
                    text="The application's: it does not look who answers (iss)",
                    why="It takes the code of one server to another one.",
                    right=True,
                ),
                Option(text="Alice's", why="She logged in at the honest server, on its own page."),
            ),
        ),
        Question(
            id="30.q3",
            text="Which of these attacks does no check stop for good?",
            options=(
                Option(text="Code replay", why="A code works once: the second time the server refuses it."),
                Option(text="ID token at the API", why="The typ and the audience stop it."),
                Option(
                    text="Device phishing: a person who is told to press Allow may press it",
                    why="A clear page helps, a short lifetime too. The last check is the person.",
                    right=True,
                ),
            ),
        ),
    ),
)
