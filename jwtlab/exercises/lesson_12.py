"""Lesson 12: true tokens at the wrong time. Expiry, leeway, and single use."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import times

OFFSETS = (-30, 10, 45)
"""How far the services' clocks in exercise 12.2 are ahead of the issuer's, in seconds."""

_NOW = 1000


def _careless(claims: Mapping[str, Any], now: float) -> bool:
    """The check of the lesson, holes and all."""
    exp = claims.get("exp")
    return not (exp and exp < now)


def _why_refused(claims: Mapping[str, Any]) -> str:
    """Why a sound verifier refuses these claims at 1000, or nothing."""
    if "exp" not in claims:
        return "there is no exp"
    exp = claims["exp"]
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return "exp is no number"
    if exp == _NOW:
        return "exp is now"
    if exp == 0:
        return "exp is 0"
    if not times.is_numeric_date(exp):
        return "exp lies beyond all calendars"
    if exp < _NOW:
        return "expired"
    for name in ("nbf", "iat"):
        value = claims.get(name, 0)
        if not times.is_numeric_date(value):
            return f"{name} is no date"
        if value > _NOW:
            return f"{name} lies in the future"
    return ""


def _judge_holes(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong("This is one set of claims. Three are asked for, in a list: [{...}, {...}, {...}].")
    if not isinstance(answer, list | tuple):
        raise Wrong(f"The answer is a list of three dicts; this is {kind(answer)}.")
    reasons: dict[str, Any] = {}
    for claims in answer:
        if not isinstance(claims, Mapping):
            raise Wrong(f"Each of the three is a dict of claims; one of yours is {kind(claims)}.")
        try:
            accepted = _careless(claims, _NOW)
        except TypeError:
            raise Wrong(
                f"With {dict(claims)} careless raises a TypeError. That is a crash, but no way in."
            ) from None
        if not accepted:
            raise Wrong(f"careless refuses {dict(claims)}. Look for what makes `exp and exp < now` false.")
        reason = _why_refused(claims)
        if not reason:
            raise Wrong(f"{dict(claims)} is a good token: a sound verifier accepts it too.")
        if reason in reasons:
            raise Wrong(f"{dict(claims)} and {reasons[reason]} are the same hole: {reason}.")
        reasons[reason] = dict(claims)
    if len(reasons) < 3:
        raise Wrong(f"So far you have {len(reasons)} of three holes: {'; '.join(reasons) or 'none'}.")
    return f"The holes: {'; '.join(reasons)}. Ask: is it there, is it a date, has it passed? One after the other."


def _judge_leeway(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise Wrong(f"The answer is a number of seconds; this is {kind(answer)}.")
    if answer == 30:
        raise Wrong(
            "With 30 the service that is behind is content. But the one that is 45 s ahead sees exp too early."
        )
    if answer == 75:
        raise Wrong(
            "75 is how far the two services are apart. Each of them only compares itself with the issuer."
        )
    if answer < 45:
        raise Wrong(
            f"With {answer:g} s the service that is 45 s ahead refuses tokens that have not expired yet."
        )
    if answer != 45:
        raise Wrong(
            f"{answer:g} s would do, but it is not the smallest. Every second more is one more for thieves."
        )
    return "The largest distance from the issuer's clock decides, in either direction. Better still: set the clocks."


def _judge_memory(answer: Any) -> str:
    seen: dict[Any, Any] = {}
    first = {"iss": "https://as.example", "jti": "a", "exp": 2000}
    found = call(answer, dict(first), seen, 1000)
    if found in (None, ...):
        raise NotYet
    if found is not True:
        raise Wrong(f"The first time a token comes your function should return True; it returns {found!r}.")
    for claims, now, expected, advice in (
        (first, 1001, False, "The same token comes again: refuse it."),
        (first | {"jti": "b"}, 1002, True, "Another jti is another token."),
        (
            first | {"iss": "https://other.example"},
            1003,
            True,
            "Two issuers may use one jti: remember iss too.",
        ),
        (
            {"iss": "https://as.example", "exp": 2000},
            1004,
            False,
            "Without a jti it cannot be told from its copies.",
        ),
        (first, 1999, False, "It is not expired yet, so it must still be remembered."),
    ):
        found = call(answer, dict(claims), seen, now)
        if found is not expected:
            raise Wrong(
                f"For {claims} at {now} your function returns {found!r} instead of {expected}. {advice}"
            )
    many = [first | {"jti": f"n{number}", "exp": 3000 + number} for number in range(200)]
    for claims in many:
        if call(answer, dict(claims), seen, 2500) is not True:
            raise Wrong(f"The first time {claims} comes your function should return True.")
    for claims in many:
        if call(answer, dict(claims), seen, 2501) is not False:
            raise Wrong(
                f"After 200 other tokens {claims} comes again at 2501, and is let in. A full memory is no reason "
                "to forget a token that has not expired."
            )
    call(answer, first | {"jti": "late", "exp": 9000}, seen, 8000)
    if _entries(seen) > 20:
        raise Wrong(
            f"At 8000 all but one have expired, and {_entries(seen)} entries are still there. Throw old ones out."
        )
    return "It remembers as long as it has to. Shared by all copies of the service, it stops every replay."


def _entries(memory: Any) -> int:
    """How many things a memory holds, also where dicts and lists stand in one another."""
    if isinstance(memory, Mapping):
        return sum(max(1, _entries(value)) for value in memory.values())
    if isinstance(memory, list | tuple | set | frozenset | deque):
        return sum(max(1, _entries(each)) for each in memory)
    return 1


LESSON = Lesson(
    number="12",
    name="12_expired_tokens",
    title="Expired tokens",
    why="Genuine tokens open doors they should not, at the wrong time or once too often.",
    minutes=35,
    needs=("11",),
    exercises=(
        Exercise(
            id="12.1",
            title="Three holes",
            judge_answer=_judge_holes,
            hints=(
                "`exp and exp < now` is false in more than one way. Which values of exp count as nothing in Python?",
                "One hole is at the edge: what does `<` say when both are equal?",
                "No exp at all; exp 0; exp exactly now.",
            ),
            solution="""\
answer = [{"sub": "alice"}, {"exp": 0}, {"exp": 1000}]""",
        ),
        Exercise(
            id="12.2",
            title="How much leeway?",
            judge_answer=_judge_leeway,
            hints=(
                "Take them one by one. What does each see when a fresh token comes, and what shortly before exp?",
                "A clock that is 30 s behind sees nbf 30 s in the future. One that is ahead sees exp too early.",
                "It is the largest of the three distances.",
            ),
            solution="answer = max(abs(offset) for offset in offsets)",
        ),
        Exercise(
            id="12.3",
            title="A memory that forgets",
            judge_answer=_judge_memory,
            hints=(
                "Use (iss, jti) as the key of the dict, and exp as its value.",
                "Before you look: remove all entries whose exp is not after now.",
                "for name in [n for n, exp in seen.items() if exp <= now]: del seen[name]",
            ),
            solution="""\
def answer(claims, seen, now):
    for name in [name for name, exp in seen.items() if exp <= now]:
        del seen[name]
    if "jti" not in claims:
        return False
    name = (claims["iss"], claims["jti"])
    if name in seen:
        return False
    seen[name] = claims["exp"]
    return True""",
        ),
    ),
    predictions=(
        Question(
            id="12.p1",
            text="Mallory finds a token of the administrator in an old log file. It says exp: yesterday. "
            "Whose mistake would let her in?",
            options=(
                Option(
                    text="The issuer's: it should have revoked the token",
                    why="It could, with a list that every verifier looks at. But exp is there so that nobody has to.",
                ),
                Option(
                    text="The verifier's: it has to compare exp with its clock",
                    why="The date is in the token; reading it is the verifier's job.",
                    right=True,
                ),
                Option(
                    text="The signature's: it should break after exp",
                    why="A signature has no date of its own. It is as good today as on its first day.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="12.q1",
            text="A token was issued with exp in milliseconds. What does a verifier do that only compares numbers?",
            options=(
                Option(
                    text="It refuses it as expired",
                    why="The number is far larger than now, so it seems to lie in the future.",
                ),
                Option(
                    text="It accepts it for thousands of years",
                    why="Refuse dates that no honest issuer writes.",
                    right=True,
                ),
                Option(text="It divides by 1000", why="It cannot know. Seconds is what RFC 7519 §2 says."),
            ),
        ),
        Question(
            id="12.q2",
            text="What does a leeway of five minutes cost?",
            options=(
                Option(text="Nothing", why="Every token, a stolen one too, is good for five minutes more."),
                Option(
                    text="Five minutes more for every thief",
                    why="That is why it should be no longer than the clocks need.",
                    right=True,
                ),
                Option(text="Speed", why="It is one addition for each token, far too little to notice."),
            ),
        ),
        Question(
            id="12.q3",
            text="Which claim tells a replayed token from a fresh one?",
            options=(
                Option(text="exp", why="Within its lifetime original and copy have the same exp."),
                Option(text="iat", why="The copy has the same iat as the original."),
                Option(
                    text="jti, with a list of those already seen",
                    why="The claim alone does nothing; the memory does.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=(
        "numeric-dates",
        "expiry-present",
        "not-expired",
        "already-valid",
        "issued-in-past",
        "not-replayed",
    ),
)
