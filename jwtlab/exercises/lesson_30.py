"""Lesson 30: break the weak flow, mend it, see it hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import JwtlabError, kind
from jwtlab.exercises.breaking import board, changed
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.lab import Lab
from jwtlab.oauth import pkce
from jwtlab.oauth.attacks.mallory import SITE, answer_of, open_site
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.steps import Step, Steps, visit
from jwtlab.oauth.world import ISSUER, World

NO_PKCE = ("code-challenge-present", "code-verifier-asked")
"""What the server of exercise 30.1 forgets."""


def _judge_downgrade(answer: Any) -> str:
    first = Lab().flow("authorization-code").pending
    assert first is not None
    if call(answer, first) is ...:
        raise NotYet
    seen: list[str] = []

    def change(step: Step) -> Any:
        new = call(answer, step)
        if new is not None and new is not ...:
            if not isinstance(new, Request):
                raise Wrong(
                    f"Your function gives {kind(new)}; it should give a request, or None to leave it alone."
                )
            if not step.sender.endswith("browser"):
                raise Wrong(
                    f"You change what the {step.sender} sends to {step.request.path}. You are at Alice's browser, and "
                    "get at its messages only."
                )
            seen.append(step.request.path)
        return new

    flow = changed("authorization-code", NO_PKCE, change)
    if not seen:
        raise NotYet
    if flow.stopped:
        raise Wrong(f"The flow does not come to its end: {flow.stopped[:200]}")
    codes = [flow.world.server.store.get("code", name) for name in flow.world.server.store.names("code")]
    if not codes:
        refused = next((each for each in flow.trace if each.refused_by), None)
        why = f" The server says: {refused.refused_by[0]}." if refused else ""
        raise Wrong(f"No code was given any more.{why} Take out what binds the code, and nothing else.")
    if codes[-1] and codes[-1]["code_challenge"] is not None:
        raise Wrong(
            "The code is still bound to the application's challenge. Which message brings the challenge?"
        )
    if flow.outcome is None or flow.outcome.title != "Notes of alice":
        raise Wrong(
            "The code is bound to nothing now, but Alice does not get to her notes; she would notice."
        )
    sound = changed("authorization-code", (), change)
    if sound.outcome is not None and sound.outcome.title == "Notes of alice":
        raise Wrong("The sound server lets this pass too, so it cannot be the hole.")
    return "A downgrade: whoever can change one message in the browser switches PKCE off, and nobody notices."


def _judge_link(answer: Any) -> str:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong(f"The answer is a pair: the link, and your verifier. This is {kind(answer)}.")
    link, verifier = answer
    if not isinstance(link, str) or not isinstance(verifier, str):
        raise Wrong("Link and verifier are both texts.")
    if not pkce.VERIFIER.fullmatch(verifier):
        raise Wrong("A verifier has 43 to 128 letters; pkce.new_verifier(lab.random.bytes) makes one.")
    code = _code_for(link, ("redirect-uri-registered",))
    form = {"grant_type": "authorization_code", "client_id": "phone-app", "code": code}
    form |= {"redirect_uri": f"{SITE}/callback", "code_verifier": verifier}
    world = _LAST[-1]
    with world.network.client("Mallory") as http:
        tokens = http.post(f"{ISSUER}/token", data=form).json()
    if "access_token" not in tokens:
        raise Wrong(f"The code arrived, but you cannot redeem it: {tokens.get('error_description')}.")
    try:
        _code_for(link, ())
    except Wrong:
        return (
            "PKCE did not help: you made the request yourself. Only the exact comparison of the address does."
        )
    raise Wrong("The sound server sends a code there too. Something else was asked for.")


_LAST: list[World] = []


def _code_for(link: str, without: tuple[str, ...]) -> str:
    """The code that arrives at Mallory's site when Alice opens the link and logs in."""
    lab = Lab()
    world = lab.world("lesson 30").without(*without)
    _LAST[:] = [world]
    open_site(world)
    browser = world.browser("alice")

    def script() -> Steps[dict[str, str]]:
        yield from visit(browser, link, "Alice opens the link.")
        return answer_of((yield from log_in(world, browser, "alice")))

    try:
        flow = Flow(world, script()).run()
    except JwtlabError as error:
        raise Wrong(f"Alice's browser cannot open this: {error}") from None
    page = browser.page
    if flow.stopped or page is None:
        raise Wrong(f"Alice's browser cannot open this: {flow.stopped}")
    if not page.redirect:
        raise Wrong(f"Alice is sent nowhere; the server's page says: {page.text_shown[-160:]}")
    if not page.redirect.startswith(f"{SITE}/callback"):
        raise Wrong(f"The answer goes to {page.redirect.split('?')[0]}; it should go to {SITE}/callback.")
    given = flow.outcome or {}
    if "code" not in given:
        said = given.get("error_description", "no reason")
        raise Wrong(f"The answer arrives, but without a code: {given.get('error')}, {said}.")
    return str(given["code"])


def _judge_mends(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict, attack → check; this is {kind(answer)}.")
    if not any(isinstance(each, str) and each.strip() for each in answer.values()):
        raise NotYet
    rounds = board(answer)
    broken = [each for each in rounds if not each.holds]
    if broken:
        first = broken[0]
        tried = f"{first.id} with {first.mend!r}" if first.mend else f"{first.id} has no mend yet"
        raise Wrong(f"{len(rounds) - len(broken)} of {len(rounds)} hold. Next: {tried}: {first.words}")
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
            judge_answer=_judge_link,
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
