"""Lesson 02: what claims say, whose names they have, how they count time, and what must not be in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import jws, times
from jwtlab.jose.token import decode
from jwtlab.lab import AUDIENCE, EPOCH, ISSUER, Lab

NAMES = ("nbf", "jti", "https://bakery.example/points", "shoe_size", "expires")
"""The claim names that exercise 02.1 asks to sort."""

KINDS = dict(zip(NAMES, ("registered", "registered", "public", "private", "private"), strict=True))

TICKET = Lab("02").token("bob", minutes=200, nbf=EPOCH + 5 * 60)
"""The token of exercise 02.2."""

NOTES = "https://notes.example"

LEAKY: Mapping[str, Any] = {
    "iss": ISSUER,
    "sub": "alice",
    "aud": AUDIENCE,
    "iat": EPOCH,
    "exp": EPOCH + 900,
    "roles": ["reader", "writer"],
    "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99",
    "card": "4111 1111 1111 1111",
    "diagnosis": "hay fever",
    "jti": "ticket-7",
}
"""The payload that exercise 02.5 asks to clean."""

SECRETS = {
    "password_hash": "A hash is no lock: whoever holds it can try passwords at home until one fits.",
    "card": "A card number in a token is a card number on a postcard.",
    "diagnosis": "Health data is nobody's business on the way.",
}


def _judge_names(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict from each name to its family; this is {kind(answer)}.")
    missing = [name for name in NAMES if name not in answer]
    if missing:
        raise Wrong(f"{missing[0]!r} is missing. Give every one of the {len(NAMES)} names its family.")
    said = {name: str(answer[name]).strip().lower() for name in NAMES}
    said = {name: "registered" if family == "reserved" else family for name, family in said.items()}
    for name, family in said.items():
        if family not in KINDS.values():
            raise Wrong(f"{name!r}: a family is 'registered', 'public' or 'private', not {family[:40]!r}.")
    for name, family in said.items():
        if family != KINDS[name]:
            raise Wrong(_why_not(name, family))
    return (
        "Note expires: it looks like exp, but no verifier knows it. "
        "A date under a private name stops nobody unless your own program reads it."
    )


def _why_not(name: str, family: str) -> str:
    if name == "expires":
        return (
            "'expires' is not one of the seven, whose name is exp, and nothing in it makes it unique. "
            "So which family is left?"
        )
    if name == "shoe_size":
        return "'shoe_size' is an ordinary word that any other program may use for something else."
    if name == "https://bakery.example/points":
        return (
            "Only the owner of bakery.example makes names that begin with this address, so the name "
            "cannot collide by accident. Which family is that?"
        )
    return f"{name!r} is one of the seven names that RFC 7519 itself defines; it is not {family}."


def _judge_date(answer: Any) -> str:
    claims = decode(TICKET).claims
    exp = claims["exp"]
    if isinstance(answer, bool) or not isinstance(answer, int | float | str | date):
        raise Wrong(f"The answer is a datetime with a time zone; this is {kind(answer)}.")
    if isinstance(answer, int | float):
        if answer == exp:
            raise Wrong("This is the number as it stands in the token. Turn it into a datetime.")
        raise Wrong("This is a number; a datetime with a time zone is asked for.")
    if isinstance(answer, str):
        raise Wrong("This is text. Keep the datetime itself: texts of dates cannot be compared.")
    if not isinstance(answer, datetime):
        raise Wrong("This is a day without a time. datetime.fromtimestamp gives both.")
    if answer.utcoffset() is None:
        raise Wrong(
            "This datetime has no time zone, so it means another instant on every continent. "
            "Give fromtimestamp a second argument: timezone.utc."
        )
    return _compare_dates(answer.timestamp(), claims)


def _compare_dates(seconds: float, claims: Mapping[str, Any]) -> str:
    exp = claims["exp"]
    for name in ("iat", "nbf"):
        if seconds == claims[name]:
            raise Wrong(f"This is the date of {name}. The expiry date stands in exp.")
    if abs(seconds - exp / 1000) < 1:
        raise Wrong("This lies in January 1970: the number was divided by 1000. It counts seconds already.")
    if abs(seconds - exp) >= 1:
        raise Wrong(
            f"This is off by {times.span(seconds - exp)}. "
            "Take the number in exp as it is, and let fromtimestamp do the rest."
        )
    return "One number, one instant, the same everywhere on earth: that is what NumericDate is for."


def _judge_audience(answer: Any) -> str:
    me, other = NOTES, AUDIENCE
    single = call(answer, {"sub": "alice", "aud": me}, me)
    listed = call(answer, {"sub": "alice", "aud": [other, me]}, me)
    if single is None and listed is None:
        raise NotYet("Write the function's body, with return, and run the cell again.")
    if not isinstance(single, bool) or not isinstance(listed, bool):
        raise Wrong(
            f"Return True or False in every case; your function returned {kind(single)} and {kind(listed)}."
        )
    if not single:
        raise Wrong("A token whose aud is the text me is meant for me; your function says no.")
    if not listed:
        raise Wrong(f"A token with aud [{other!r}, {me!r}] is meant for me as well; your function says no.")
    for aud, why in _STRANGERS:
        if call(answer, {"sub": "alice", "aud": aud}, me):
            raise Wrong(f"With aud {aud!r} your function says yes. {why}")
    if _unless_it_raises(answer, {"sub": "alice"}, me):
        raise Wrong("A token that names no audience at all was let in. It does not say that it is for you.")
    return "The whole name, compared as a whole, whether it stands alone or in a list (RFC 7519 §4.1.3)."


_STRANGERS: tuple[tuple[Any, str], ...] = (
    (AUDIENCE, "That is somebody else."),
    (
        NOTES + ".evil.example",
        "That is Mallory's. The operator in looks for a part of a text: compare with ==.",
    ),
    ([NOTES + ".evil.example"], "That is Mallory's, in a list. Compare whole names."),
    (NOTES[:-8], "That is only a part of your name. Compare whole names."),
    (NOTES.upper(), "Capital letters count: the values of aud are case-sensitive (RFC 7519 §4.1.3)."),
    ([], "An empty list names nobody."),
)


def _unless_it_raises(function: Any, claims: Mapping[str, Any], me: str) -> Any:
    try:
        return call(function, claims, me)
    except Wrong as reason:
        raise Wrong(
            f'There may be no aud at all: claims.get("aud") gives None then. {str(reason)[:120]}'
        ) from None


def _judge_pass(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong('These are the claims. Sign them: jwtlab.issue(visit, lab.key("ES256"), alg="ES256").')
    if not isinstance(answer, str):
        raise Wrong(f"The answer is a signed token, a text; this is {kind(answer)}.")
    try:
        claims = decode(answer).claims
    except InvalidToken as error:
        raise Wrong(f"This cannot be read as a token: {error}.") from None
    try:
        jws.verify(answer, Lab().key("ES256").public(), algorithms=["ES256"])
    except InvalidToken:
        raise Wrong('The signature is not that of the lab\'s key. Sign with lab.key("ES256").') from None
    _judge_who(claims)
    _judge_when(claims)
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise Wrong("The pass needs a name of its own: a jti, as text. lab.random.token() makes one up.")
    return "Who, for whom, from when, until when, which one: a verifier can decide with this."


def _judge_who(claims: Mapping[str, Any]) -> None:
    for name, value in (("iss", ISSUER), ("sub", "bob")):
        if name not in claims:
            raise Wrong(f"The claim {name} is missing; it should be {value!r}.")
        if claims[name] != value:
            raise Wrong(f"{name} is {str(claims[name])[:60]!r}; it should be {value!r}.")
    aud = claims.get("aud")
    if isinstance(aud, str) and AUDIENCE in aud and NOTES in aud:
        raise Wrong(
            "Both audiences stand in one text. No service has such a name: write a list of two texts."
        )
    if not isinstance(aud, list) or not all(isinstance(each, str) for each in aud):
        raise Wrong(f"aud should be a list with the two audiences; it is {kind(aud)}.")
    if sorted(aud) != sorted([AUDIENCE, NOTES]):
        raise Wrong(f"aud should name {AUDIENCE} and {NOTES}, and nobody else.")


def _judge_when(claims: Mapping[str, Any]) -> None:
    for name in ("iat", "nbf", "exp"):
        if name not in claims:
            raise Wrong(f"The claim {name} is missing.")
        value = claims[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong(f"{name} is {kind(value)}; a NumericDate is a number, without quotes.")
        if value > times.LATEST:
            raise Wrong(f"{name} looks like milliseconds. A NumericDate counts seconds.")
    iat, nbf, exp = claims["iat"], claims["nbf"], claims["exp"]
    if iat < EPOCH - 86_400:
        raise Wrong("iat lies long before the lab's present. It is the instant of issuing: lab.now.")
    if iat != EPOCH:
        raise Wrong(
            f"iat should be the lab's present, {EPOCH}: the lab's clock stands still there (lab.now)."
        )
    if exp in (600, 60, 10) or exp - iat == 10:
        raise Wrong("exp is an instant, in seconds: iat plus 10 times 60.")
    if nbf != iat + 60:
        raise Wrong(f"nbf is {times.relative(nbf, iat)} as seen from iat; it should be one minute after it.")
    if exp == nbf + 600:
        raise Wrong("exp counts from nbf here; the ten minutes begin at iat.")
    if exp != iat + 600:
        raise Wrong(f"exp is {times.relative(exp, iat)} as seen from iat; it should be in 10 minutes.")


def _judge_cleaning(answer: Any) -> str:
    if isinstance(answer, str | bytes):
        raise Wrong("The answer is the cleaned payload, a dict; there is no need to encode or sign it.")
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is the cleaned payload, a dict; this is {kind(answer)}.")
    for name, why in SECRETS.items():
        if name not in answer:
            continue
        if answer[name] == LEAKY[name]:
            raise Wrong(f"{name} is still there. {why}")
        if not answer[name]:
            raise Wrong(f"{name} is empty, but its name still tells that there is one. Take the claim out.")
        raise Wrong(
            f"{name} is only spelled differently. What can be turned back is not hidden: take it out."
        )
    extra = [str(name) for name in answer if name not in LEAKY]
    if extra:
        raise Wrong(f"There is a new claim, {extra[0][:40]!r}. Only take out; put nothing in.")
    gone = [name for name in LEAKY if name not in SECRETS and name not in answer]
    if gone:
        raise Wrong(f"{gone[0]} is gone, but a verifier or the service needs it, and it is no secret.")
    changed = [name for name in answer if answer[name] != LEAKY[name]]
    if changed:
        raise Wrong(f"{changed[0]} has changed. What may stay, stays as it is.")
    return (
        "The service can look up the rest in its own database by sub, where it is guarded, "
        "and where it can be changed."
    )


LESSON = Lesson(
    number="02",
    name="02_claims",
    title="Claims",
    why="A server decides by what the claims say, so you must know what they say, and to whom.",
    minutes=50,
    needs=("01",),
    exercises=(
        Exercise(
            "02.1",
            "Sort the names",
            _judge_names,
            (
                "Is the name one of the seven? Then it is registered. If not, can anyone else have hit upon it?",
                "An address that belongs to somebody makes a name public. An ordinary word is private.",
                "Two are registered, one is public, two are private.",
            ),
            """\
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
            "02.2",
            "When does Bob's ticket expire?",
            _judge_date,
            (
                "jwtlab.decode(ticket).claims is a dict. Which claim is the expiry date?",
                "datetime.fromtimestamp(number, timezone.utc) turns seconds into an aware datetime.",
            ),
            """\
seconds = jwtlab.decode(ticket).claims["exp"]
answer = datetime.fromtimestamp(seconds, timezone.utc)""",
        ),
        Exercise(
            "02.3",
            "Is this token for me?",
            _judge_audience,
            (
                "aud may be a text, a list of texts, or missing. Deal with the three one after the other.",
                "isinstance(aud, list) tells a list from a text.",
                "Make a list of one out of a text; then `me in list` compares whole names.",
            ),
            """\
def answer(claims, me):
    aud = claims.get("aud")
    names = aud if isinstance(aud, list) else [aud]
    return me in names""",
        ),
        Exercise(
            "02.4",
            "Write a pass",
            _judge_pass,
            (
                "Start with a dict of seven claims. Which of them is a list?",
                "All dates are numbers: lab.now, lab.now + 60, lab.now + 10 * 60.",
                'jwtlab.issue(visit, lab.key("ES256"), alg="ES256") signs them.',
            ),
            """\
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
            "02.5",
            "Clean a payload",
            _judge_cleaning,
            (
                "Read the payload as a postcard that a stranger holds. Which lines would harm Alice?",
                "Three claims have to go. The others are needed, and tell a stranger little.",
                "A dict without some names: {n: v for n, v in payload.items() if n not in (...)}.",
            ),
            """\
secret = ("password_hash", "card", "diagnosis")
answer = {name: value for name, value in payload.items() if name not in secret}""",
        ),
    ),
    predictions=(
        Question(
            "02.p1",
            "A server wants its tokens to live for an hour. Its programmer writes the expiry date as "
            '"exp": 1767229200000, a number of milliseconds. What happens?',
            (
                Option(
                    "Nothing: every library understands milliseconds",
                    "A library reads a number and cannot see what you meant by it. The unit is fixed: seconds.",
                ),
                Option(
                    "The token is expired at once",
                    "The other way round: the number is too large, so the date lies far in the future.",
                ),
                Option(
                    "The token lives for about 56,000 years",
                    "As seconds, this number is a date in the year 57971. Unless a verifier is strict, "
                    "the token never expires.",
                    True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "02.q1",
            "Which claims must every JWT have?",
            (
                Option(
                    "All seven registered ones", "They are offered, not imposed: each of them is optional."
                ),
                Option(
                    "exp, because a token must expire",
                    "A wise rule, and the lab insists on it. But RFC 7519 §4.1.4 makes exp optional.",
                ),
                Option(
                    "None; the application decides which it requires",
                    "RFC 7519 §4.1 makes none mandatory. So the verifier has to insist on those it needs.",
                    True,
                ),
            ),
        ),
        Question(
            "02.q2",
            'Bob\'s token says "aud": ["https://api.example", "https://notes.example"]. Who may accept it?',
            (
                Option(
                    "Only a service that has both names",
                    "One is enough: each recipient looks for itself in the list (RFC 7519 §4.1.3).",
                ),
                Option(
                    "Each of the two services",
                    "Each finds its own name in the list. So each of them could also pass it on to the other.",
                    True,
                ),
                Option(
                    "Any service under .example",
                    "Names are compared whole and letter by letter; a common ending means nothing.",
                ),
            ),
        ),
        Question(
            "02.q3",
            "Why not put all two hundred permissions of a user into the token?",
            (
                Option(
                    "JSON allows only a few members",
                    "JSON sets no such limit. What counts is where the token has to travel.",
                ),
                Option(
                    "It travels with every request, and stays as it is until it expires",
                    "It costs bandwidth each time, may exceed a header's limit, and a permission taken away "
                    "today stays in the token until exp.",
                    True,
                ),
                Option(
                    "The signature gets longer and slower with each one",
                    "The length of a signature depends on the algorithm and key, not on the payload.",
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
