"""Lesson 02: what claims say, whose names they have, how they count time, and what must not be in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.exercises.writing_claims import LEAKY, NOTES, judge_cleaning, judge_pass
from jwtlab.jose import times
from jwtlab.jose.token import decode
from jwtlab.lab import AUDIENCE, EPOCH, Lab

__all__ = ["LEAKY", "LESSON", "NAMES", "TICKET"]

NAMES = ("nbf", "jti", "https://bakery.example/points", "shoe_size", "expires")
"""The claim names that exercise 02.1 asks to sort."""

KINDS = dict(zip(NAMES, ("registered", "registered", "public", "private", "private"), strict=True))

TICKET = Lab("02").token("bob", minutes=200, nbf=EPOCH + 5 * 60)
"""The token of exercise 02.2."""


@mistakes(
    {
        "not-a-dict": "The answer is a dict from each name to its family; this is {what}.",
        "missing": "{name!r} is missing. Give every one of the {count} names its family.",
        "no-family": "{name!r}: a family is 'registered', 'public' or 'private', not {family!r}.",
        "expires": "'expires' is not one of the seven, whose name is exp, and nothing in it makes it unique. So which "
        "family is left?",
        "shoe_size": "'shoe_size' is an ordinary word that any other program may use for something else.",
        "address": "Only the owner of bakery.example makes names that begin with this address, so the name cannot "
        "collide by accident. Which family is that?",
        "seven": "{name!r} is one of the seven names that RFC 7519 itself defines; it is not {family}.",
    }
)
def _judge_names(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    missing = [name for name in NAMES if name not in answer]
    if missing:
        raise Wrong("missing", name=missing[0], count=len(NAMES))
    said = {name: str(answer[name]).strip().lower() for name in NAMES}
    said = {name: "registered" if family == "reserved" else family for name, family in said.items()}
    for name, family in said.items():
        if family not in KINDS.values():
            raise Wrong("no-family", name=name, family=family[:40])
    for name, family in said.items():
        if family != KINDS[name]:
            own = {"https://bakery.example/points": "address", "nbf": "seven", "jti": "seven"}
            raise Wrong(own.get(name, name), name=name, family=family)
    return (
        "Note expires: it looks like exp, but no verifier knows it. "
        "A date under a private name stops nobody unless your own program reads it."
    )


@mistakes(
    {
        "not-a-date": "The answer is a datetime with a time zone; this is {what}.",
        "as-it-stands": "This is the number as it stands in the token. Turn it into a datetime.",
        "number": "This is a number; a datetime with a time zone is asked for.",
        "text": "This is text. Keep the datetime itself: texts of dates cannot be compared.",
        "day": "This is a day without a time. datetime.fromtimestamp gives both.",
        "no-zone": "This datetime has no time zone, so it means another instant on every continent. Give "
        "fromtimestamp a second argument: timezone.utc.",
        "other-claim": "This is the date of {name}. The expiry date stands in exp.",
        "divided": "This lies in January 1970: the number was divided by 1000. It counts seconds already.",
        "off": "This is off by {span}. Take the number in exp as it is, and let fromtimestamp do the rest.",
    }
)
def _judge_date(answer: Any) -> str:
    claims = decode(TICKET).claims
    exp = claims["exp"]
    if isinstance(answer, bool) or not isinstance(answer, int | float | str | date):
        raise Wrong("not-a-date", what=kind(answer))
    if isinstance(answer, int | float):
        raise Wrong("as-it-stands" if answer == exp else "number")
    if isinstance(answer, str):
        raise Wrong("text")
    if not isinstance(answer, datetime):
        raise Wrong("day")
    if answer.utcoffset() is None:
        raise Wrong("no-zone")
    seconds = answer.timestamp()
    for name in ("iat", "nbf"):
        if seconds == claims[name]:
            raise Wrong("other-claim", name=name)
    if abs(seconds - exp / 1000) < 1:
        raise Wrong("divided")
    if seconds != exp:
        raise Wrong("off", span=times.span(seconds - exp))
    return "One number, one instant, the same everywhere on earth: that is what NumericDate is for."


def _aud(aud: Any, me: str = NOTES) -> tuple[dict[str, Any], str]:
    return {"sub": "alice", "aud": aud}, me


_judge_audience = Table(
    cases=(
        Case("text", _aud(NOTES), True, "A token whose aud is the text me is meant for me."),
        Case("list", _aud([AUDIENCE, NOTES]), True, "aud is a list here, and me is in it."),
        Case("list", _aud([NOTES]), True, ""),
        Case("me", _aud(AUDIENCE, AUDIENCE), True, "Compare with me, the second argument, and with no fixed name."),
        Case("me", _aud(NOTES, AUDIENCE), False, ""),
        Case("me", _aud("https://Notes.example", "https://Notes.example"), True, ""),
        Case("stranger", _aud(AUDIENCE), False, "That is somebody else."),
        Case("stranger", _aud([AUDIENCE]), False, ""),
        Case("begins", _aud(f"{NOTES}.evil.example"), False,
             "That is Mallory's. The operator in looks for a part of a text: compare with ==."),
        Case("begins-in-a-list", _aud([f"{NOTES}.evil.example"]), False,
             "That is Mallory's, in a list. Compare whole names."),
        Case("piece", _aud(NOTES[:-8]), False, "That is only a part of your name. Compare whole names."),
        Case("piece", _aud([NOTES[:-8]]), False, ""),
        Case("glued", _aud([NOTES[:8], NOTES[8:]]), False,
             "Two texts in a list are two names, also if they make yours when joined."),
        Case("empty", _aud([]), False, "An empty list names nobody."),
        Case("missing", ({"sub": "alice"}, NOTES), False, "A token that names no audience does not say that it is "
             'for you. claims.get("aud") gives None then.'),
        *near("aud", NOTES, _aud, False),
        *near("aud", NOTES, lambda text: _aud([AUDIENCE, text]), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="The whole name, compared as a whole, whether it stands alone or in a list (RFC 7519 §4.1.3).",
)  # fmt: skip


LESSON = Lesson(
    number="02",
    name="02_claims",
    title="Claims",
    why="A server decides by what the claims say, so you must know what they say, and to whom.",
    minutes=50,
    needs=("01",),
    exercises=(
        Exercise(
            id="02.1",
            title="Sort the names",
            judge_answer=_judge_names,
            hints=(
                "Is the name one of the seven? Then it is registered. If not, can anyone else have hit upon it?",
                "An address that belongs to somebody makes a name public. An ordinary word is private.",
                "Two are registered, one is public, two are private.",
            ),
            solution="""\
answer = {
    "nbf": "registered",
    "jti": "registered",
    "https://bakery.example/points": "public",
    "shoe_size": "private",
    "expires": "private",
}
answer = dict(answer)""",
        ),
        Exercise(
            id="02.2",
            title="When does Bob's ticket expire?",
            judge_answer=_judge_date,
            hints=(
                "jwtlab.decode(ticket).claims is a dict. Which claim is the expiry date?",
                "datetime.fromtimestamp(number, timezone.utc) turns seconds into an aware datetime.",
            ),
            solution="""\
seconds = jwtlab.decode(ticket).claims["exp"]
answer = datetime.fromtimestamp(seconds, timezone.utc)""",
        ),
        Exercise(
            id="02.3",
            title="Is this token for me?",
            judge_answer=_judge_audience,
            hints=(
                "aud may be a text, a list of texts, or missing. Deal with the three one after the other.",
                "isinstance(aud, list) tells a list from a text.",
                "Make a list of one out of a text; then `me in list` compares whole names.",
            ),
            solution="""\
def answer(claims, me):
    aud = claims.get("aud")
    names = aud if isinstance(aud, list) else [aud]
    return me in names""",
        ),
        Exercise(
            id="02.4",
            title="Write a pass",
            judge_answer=judge_pass,
            hints=(
                "Start with a dict of seven claims. Which of them is a list?",
                "All dates are numbers: lab.now, lab.now + 60, lab.now + 10 * 60.",
                'jwtlab.issue(visit, lab.key("ES256"), alg="ES256") signs them.',
            ),
            solution="""\
visit = {
    "iss": lab.issuer,
    "sub": "bob",
    "aud": ["https://api.example", "https://notes.example"],
    "iat": lab.now,
    "nbf": lab.now + 60,
    "exp": lab.now + 10 * 60,
    "jti": lab.random.token(),
}
answer = jwtlab.issue(visit, lab.key("ES256"), alg="ES256")""",
        ),
        Exercise(
            id="02.5",
            title="Clean a payload",
            judge_answer=judge_cleaning,
            hints=(
                "Read the payload as a postcard that a stranger holds. Which lines would harm Alice?",
                "Three claims have to go. The others are needed, and tell a stranger little.",
                "A dict without some names: {n: v for n, v in payload.items() if n not in (...)}.",
            ),
            solution="""\
secret = ("password_hash", "card", "diagnosis")
answer = {name: value for name, value in payload.items() if name not in secret}""",
        ),
    ),
    predictions=(
        Question(
            id="02.p1",
            text="A server wants its tokens to live for an hour. Its programmer writes the expiry date as "
            '"exp": 1767229200000, a number of milliseconds. What happens?',
            options=(
                Option(
                    text="Nothing: every library understands milliseconds",
                    why="A library reads a number and cannot see what you meant by it. The unit is fixed: seconds.",
                ),
                Option(
                    text="The token is expired at once",
                    why="The other way round: the number is too large, so the date lies far in the future.",
                ),
                Option(
                    text="The token lives for about 56,000 years",
                    why="As seconds, this number is a date in the year 57971. Unless a verifier is strict, "
                    "the token never expires.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="02.q1",
            text="Which claims must every JWT have?",
            options=(
                Option(
                    text="All seven registered ones",
                    why="They are offered, not imposed: each of them is optional.",
                ),
                Option(
                    text="exp, because a token must expire",
                    why="A wise rule, and the lab insists on it. But RFC 7519 §4.1.4 makes exp optional.",
                ),
                Option(
                    text="None; the application decides which it requires",
                    why="RFC 7519 §4.1 makes none mandatory. So the verifier has to insist on those it needs.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="02.q2",
            text='Bob\'s token says "aud": ["https://api.example", "https://notes.example"]. Who may accept it?',
            options=(
                Option(
                    text="Only a service that has both names",
                    why="One is enough: each recipient looks for itself in the list (RFC 7519 §4.1.3).",
                ),
                Option(
                    text="Each of the two services",
                    why="Each finds its own name in the list. So each of them could also pass it on to the other.",
                    right=True,
                ),
                Option(
                    text="Any service under .example",
                    why="Names are compared whole and letter by letter; a common ending means nothing.",
                ),
            ),
        ),
        Question(
            id="02.q3",
            text="Why not put all two hundred permissions of a user into the token?",
            options=(
                Option(
                    text="It travels with every request, and stays as it is until it expires",
                    why="It costs bandwidth each time, may exceed a header's limit, and a permission taken away "
                    "today stays in the token until exp.",
                    right=True,
                ),
                Option(
                    text="JSON allows only a few members",
                    why="JSON sets no such limit. What counts is where the token has to travel.",
                ),
                Option(
                    text="The signature gets longer and slower with each one",
                    why="The length of a signature depends on the algorithm and key, not on the payload.",
                ),
            ),
        ),
    ),
    checks=(
        "payload-json",
        "claims-unique",
        "claim-types",
        "numeric-dates",
    ),
)
