"""Lesson 16: the learner's own verifier against every forgery of part 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from jwtlab.exercises import gauntlet
from jwtlab.exercises.gauntlet import DESK
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes

__all__ = ["DESK", "LESSON"]

FIRST_AIM = 20
"""Points that exercise 16.1 asks for."""


def _score(answer: Any) -> gauntlet.Score:
    if not callable(answer):
        raise Wrong("no-function")
    code = getattr(answer, "__code__", None)
    if code is not None and not code.co_names and not code.co_freevars:
        raise NotYet  # it calls nothing: the cell as it was
    return gauntlet.run(answer)


def _wrong(score: gauntlet.Score) -> Wrong:
    return Wrong(score.mistake, points=score.points, total=score.total, advice=score.advice)


@mistakes({}, gauntlet.MISTAKES)
def _judge_first(answer: Any) -> str:
    score = _score(answer)
    if score.points < FIRST_AIM:
        raise _wrong(score)
    return (
        f"{score.points} of {score.total} points. 17 forgeries fall to two questions: "
        "does the signature fit, is the algorithm on my list?"
    )


@mistakes({}, gauntlet.MISTAKES)
def _judge_all(answer: Any) -> str:
    score = _score(answer)
    if not score.perfect:
        raise _wrong(score)
    return f"{score.total} of {score.total}. Every forgery of this part is refused, and every good token gets in."


_LABS_OWN = ("jwtlab.checks", "jwtlab.jose.jwt", "jwtlab.jose.jws", "jwtlab.jose.verifier")


@mistakes(
    {"labs-own": "This exercise is about PyJWT: use jwt.decode, and none of the lab's own checks."},
    gauntlet.MISTAKES,
)
def _judge_pyjwt(answer: Any) -> str:
    """As 16.2; and what the verifier calls is looked at: the lab's own checks must not be among it."""
    used: list[str] = []
    code = getattr(answer, "__code__", None)
    if not callable(answer) or (code is not None and not code.co_names):
        return _judge_all(answer)
    try:
        return _judge_all(_watched(answer, used))
    finally:
        if used:
            raise Wrong("labs-own")


def _watched(answer: Callable[[str], Any], used: list[str]) -> Callable[[str], Any]:
    def look(frame: FrameType, event: str, argument: Any) -> None:
        if (
            event == "call"
            and frame.f_globals.get("__name__") in _LABS_OWN
            and frame.f_code.co_name in ("run", "verify")
        ):
            used.append(frame.f_code.co_name)

    def watched(token: str) -> Any:
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            return answer(token)
        finally:
            sys.setprofile(before)

    return watched


_BY_HAND = """\
verifier = jwtlab.Verifier(
    desk.keys, algorithms=desk.algorithms, issuer=desk.issuer, audience=desk.audience, typ=desk.typ
)

def answer(token):
    report = verifier.verify(token, now=desk.now, seen=desk.used)
    return report.claims if report.accepted else None"""

_PYJWT = """\
import json
import jwt
from jwtlab.jose import base64url

# This lab's clock stands still and PyJWT's does not, so the dates are compared below.
OPTIONS = {"require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}

def unique(pairs):
    if len(dict(pairs)) < len(pairs):
        raise jwt.InvalidTokenError("a name appears twice")

def is_date(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and value < 253_402_300_800

def answer(token):
    claims = jwt.decode(
        token, desk.pem, algorithms=["ES256"], issuer=desk.issuer, audience=desk.audience, options=OPTIONS
    )
    json.loads(base64url.decode(token.split(".")[1]), object_pairs_hook=unique)
    typ = jwt.get_unverified_header(token).get("typ")  # PyJWT has verified it with the rest
    if not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"):
        return None
    exp, nbf = claims["exp"], claims.get("nbf", 0)
    if not is_date(exp) or not is_date(nbf) or not nbf <= desk.now < exp or claims.get("jti") in desk.used:
        return None
    return claims"""

LESSON = Lesson(
    number="16",
    name="16_fix_the_verifier",
    title="Fix the verifier",
    why="You understand a defence when nothing gets past the one that you wrote.",
    minutes=70,
    needs=("15",),
    exercises=(
        Exercise(
            id="16.1",
            title="Half of them",
            judge_answer=_judge_first,
            hints=(
                "Two families are enough for twenty points: the signature, and the list of algorithms.",
                "jwtlab.verify(token, desk.keys, algorithms=desk.algorithms, now=desk.now) gives a report.",
                "A token with an aud is refused unless you say who you are: audience=desk.audience.",
            ),
            solution="""\
def answer(token):
    report = jwtlab.verify(
        token, desk.keys, algorithms=desk.algorithms, audience=desk.audience, now=desk.now
    )
    return report.claims if report.accepted else None""",
        ),
        Exercise(
            id="16.2",
            title="All of them",
            judge_answer=_judge_all,
            hints=(
                "Run scoreboard(my_verify) after every change: it says what gets in, and what to do next.",
                "Everything that desk knows is there to be used. Print it, and go through it line by line.",
                "jti values that must not come in again: seen=desk.used.",
            ),
            solution=_BY_HAND,
        ),
        Exercise(
            id="16.3",
            title="All of them, with PyJWT",
            judge_answer=_judge_pyjwt,
            hints=(
                "jwt.decode with algorithms, issuer, audience and require does more than half. Raising is refusing.",
                "Left to you are: the dates of this desk, typ, a claim that appears twice, and the used jti.",
                "Compare exp and nbf with desk.now yourself: each a number, and none of them thousands of years away.",
            ),
            solution=_PYJWT,
        ),
    ),
    predictions=(
        Question(
            id="16.p1",
            text="The naive verifier only decodes. It is sent this part's forgeries and some texts that are no tokens. "
            "How many of them does it stop?",
            options=(
                Option(
                    text="None",
                    why="It cannot read what is no token, so it refuses a few without wanting to.",
                ),
                Option(
                    text="A few, by accident",
                    why="What it cannot read it cannot accept. Everything that looks right gets in.",
                    right=True,
                ),
                Option(text="About half", why="Half of them would need a question. This verifier asks none."),
            ),
        ),
    ),
    quiz=(
        Question(
            id="16.q1",
            text="A verifier stops every forgery, and two of the good tokens as well. What is it worth?",
            options=(
                Option(
                    text="Nearly everything: security comes first",
                    why="A wall without a gate stops everybody, too. Nobody needs a service that nobody can use.",
                ),
                Option(
                    text="All its points but two",
                    why="Here nothing counts until every good token is accepted.",
                ),
                Option(
                    text="Nothing: users will have it switched off",
                    why="Sooner or later somebody removes the check that is in the way.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="16.q2",
            text="In the matrix some checks have no filled square. Why have them?",
            options=(
                Option(
                    text="They make the list look longer",
                    why="Each refuses something; it is just never the only one.",
                ),
                Option(
                    text="If another is forgotten or broken, they still stand",
                    why="Defence in depth, and a message that names what is really wrong.",
                    right=True,
                ),
                Option(
                    text="The RFCs demand every one",
                    why="Some are house rules, and say so. They are there because they help.",
                ),
            ),
        ),
        Question(
            id="16.q3",
            text="Which is the safest way to verify tokens at work?",
            options=(
                Option(
                    text="A library in wide use, with every expectation said",
                    why="And a test that sends it forgeries like these.",
                    right=True,
                ),
                Option(
                    text="A verifier of one's own, as in this lesson",
                    why="You have seen how many holes there are. Write one to learn, not to rely on.",
                ),
                Option(
                    text="A library in wide use, with its defaults",
                    why="The defaults know neither your issuer nor your name nor your kinds of token.",
                ),
            ),
        ),
    ),
)
