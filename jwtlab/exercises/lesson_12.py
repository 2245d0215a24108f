"""Lesson 12: true tokens at the wrong time. Expiry, leeway, and single use."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
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


@mistakes(
    {
        "one-set": "This is one set of claims. Three are asked for, in a list: [{...}, {...}, {...}].",
        "not-a-list": "The answer is a list of three dicts; this is {what}.",
        "not-claims": "Each of the three is a dict of claims; one of yours is {what}.",
        "crash": "With {claims} careless raises a TypeError. That is a crash, but no way in.",
        "refused": "careless refuses {claims}. Look for what makes `exp and exp < now` false.",
        "good-token": "{claims} is a good token: a sound verifier accepts it too.",
        "same-hole": "{claims} and {other} are the same hole: {reason}.",
        "too-few": "So far you have {count} of three holes: {found}.",
    }
)
def _judge_holes(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong("one-set")
    if not isinstance(answer, list | tuple):
        raise Wrong("not-a-list", what=kind(answer))
    reasons: dict[str, Any] = {}
    for claims in answer:
        if not isinstance(claims, Mapping):
            raise Wrong("not-claims", what=kind(claims))
        try:
            accepted = _careless(claims, _NOW)
        except TypeError:
            raise Wrong("crash", claims=dict(claims)) from None
        if not accepted:
            raise Wrong("refused", claims=dict(claims))
        reason = _why_refused(claims)
        if not reason:
            raise Wrong("good-token", claims=dict(claims))
        if reason in reasons:
            raise Wrong("same-hole", claims=dict(claims), other=reasons[reason], reason=reason)
        reasons[reason] = dict(claims)
    if len(reasons) < 3:
        raise Wrong("too-few", count=len(reasons), found="; ".join(reasons) or "none")
    return f"The holes: {'; '.join(reasons)}. Ask: is it there, is it a date, has it passed? One after the other."


@mistakes(
    {
        "not-a-number": "The answer is a number of seconds; this is {what}.",
        "behind": "With 30 the service that is behind is content. But the one that is 45 s ahead sees exp too early.",
        "apart": "75 is how far the two services are apart. Each of them only compares itself with the issuer.",
        "too-small": "With {answer:g} s the service that is 45 s ahead refuses tokens that have not expired yet.",
        "too-large": "{answer:g} s would do, but it is not the smallest. Every second more is one more for thieves.",
    }
)
def _judge_leeway(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise Wrong("not-a-number", what=kind(answer))
    if answer != 45:
        own: dict[float, str] = {30: "behind", 75: "apart"}
        raise Wrong(own.get(answer, "too-small" if answer < 45 else "too-large"), answer=answer)
    return "The largest distance from the issuer's clock decides, in either direction. Better still: set the clocks."


_AS = "https://as.example"
_FIRST = {"iss": _AS, "jti": "a", "exp": 2000}
# One after the other in one memory: what differs from the first, the time, the result, the mistake.
_COME: tuple[tuple[dict[str, Any], int, bool, str], ...] = (
    ({}, 1001, False, "replay"),
    ({"jti": "b"}, 1002, True, "other-jti"),
    ({"iss": "https://other.example"}, 1003, True, "other-issuer"),
    ({"iss": "https://other.example"}, 1004, False, "replay"),
    ({"jti": "A"}, 1005, True, "other-jti"),
    ({"jti": "a "}, 1006, True, "other-jti"),
    ({"jti": "aa"}, 1007, True, "other-jti"),
    ({"iss": f"{_AS}/1", "jti": "a"}, 1008, True, "other-issuer"),
    ({"jti": "/1a"}, 1009, True, "glued"),
    ({"jti": None}, 1010, False, "no-jti"),
    ({"exp": 2001}, 1011, False, "replay"),
    ({}, 1999, False, "forgotten"),
)
_GLUE = ("", "/", "|", ":", " ", ",", ".", "-", "#", ";", "_", "@", "::", ", ", "', '")


@mistakes(
    {
        "first-time": "The first time a token comes your function should return True.",
        "replay": "The same token comes again: refuse it.",
        "other-jti": "Another jti, letter by letter, is another token.",
        "other-issuer": "Two issuers may use one jti: remember iss too.",
        "glued": "Glued together, two pairs of iss and jti can become one text: keep the two apart, as a tuple.",
        "no-jti": "Without a jti it cannot be told from its copies: refuse it.",
        "forgotten": "It is not expired yet, so it must still be remembered.",
        "full": "200 other tokens came in between, and a token that has not expired is let in again. A full memory is "
        "no reason to forget it.",
        "grows": "At 8000 all but one have expired, and {count} entries are still there. Throw old ones out.",
        "elsewhere": "With an empty dict the same token is refused: the memory is to be seen, and nothing else.",
    }
)
def _judge_memory(answer: Any) -> str:
    seen: dict[Any, Any] = {}
    found = call(answer, dict(_FIRST), seen, 1000)
    if found is None or found is ...:
        raise NotYet
    _comes(answer, _FIRST, seen, 1000, True, "first-time", found)
    for changes, now, expected, mistake in _COME:
        claims = {name: value for name, value in {**_FIRST, **changes}.items() if value is not None}
        _comes(answer, claims, seen, now, expected, mistake)
    for glue in _GLUE:
        glued: dict[Any, Any] = {}
        _comes(answer, _FIRST | {"jti": f"x{glue}y"}, glued, 1000, True, "first-time")
        _comes(answer, _FIRST | {"iss": f"{_AS}{glue}x", "jti": "y"}, glued, 1000, True, "glued")
    _comes(answer, _FIRST, {}, 1000, True, "elsewhere")
    many = [_FIRST | {"jti": f"n{number}", "exp": 3000 + number} for number in range(200)]
    for claims in many:
        _comes(answer, claims, seen, 2500, True, "first-time")
    for claims in many:
        _comes(answer, claims, seen, 2501, False, "full")
    call(answer, _FIRST | {"jti": "late", "exp": 9000}, seen, 8000)
    if _entries(seen) > 20:
        raise Wrong("grows", count=_entries(seen))
    return "It remembers as long as it has to. Shared by all copies of the service, it stops every replay."


def _comes(
    answer: Any,
    claims: dict[str, Any],
    seen: dict[Any, Any],
    now: int,
    expected: bool,
    mistake: str,
    found: Any = ...,
) -> None:
    found = call(answer, dict(claims), seen, now) if found is ... else found
    if found is not expected:
        before = f"For {claims} at {now} your function returns {found!r} instead of {expected}."
        raise Wrong(mistake, before[:300])


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
answer = [{}, {"exp": 0}, {"exp": 1000}]""",
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
                Option(text="Speed", why="It is one addition for each token, far too little to notice."),
                Option(
                    text="Five minutes more for every thief",
                    why="That is why it should be no longer than the clocks need.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="12.q3",
            text="Which claim tells a replayed token from a fresh one?",
            options=(
                Option(
                    text="jti, with a list of those already seen",
                    why="The claim alone does nothing; the memory does.",
                    right=True,
                ),
                Option(text="iat", why="The copy has the same iat as the original."),
                Option(text="exp", why="Within its lifetime original and copy have the same exp."),
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
