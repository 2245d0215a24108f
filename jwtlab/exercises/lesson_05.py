"""Lesson 05: verifying is a list of checks. What each is for, and how to write the verifier at work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.lifetimes import judge_alive
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.exercises.with_pyjwt import NOTES, judge_pyjwt, set_up
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import ISSUER, Lab

__all__ = ["KEYS", "LESSON", "NOTES", "TOKENS", "set_up"]

_LAB = Lab("05")
KEYS = KeySet([_LAB.key("ES256").public(), _LAB.key("RS256").public()])
"""What the verifier of exercise 05.3 trusts."""

TOKENS: Mapping[str, str] = {
    "one": _LAB.token("alice"),
    "two": _LAB.token("bob", minutes=0),
    "three": _LAB.token("bob", aud=["https://photos.example", "https://api.example.evil.example"]),
    "four": _LAB.token("alice", nbf=_LAB.now + 1),
    "five": _LAB.token(
        "mallory", admin=True, key=_LAB.key("ES256", owner="mallory"), header={"kid": "lab-es256"}
    ),
    "six": _LAB.token("bob", exp=None),
}
"""The tokens of exercise 05.1."""


@mistakes(
    {
        "not-a-dict": "The answer is a dict from each token's name to a check's id; this is {what}.",
        "missing": "{name!r} is missing. There are {count} tokens.",
        "not-an-id": "For {name!r} your answer is {said!r}. Write the id of the check, or 'accepted'.",
        "accepted": "Nothing is wrong with {name!r}. What does lab.verify(tokens[{name!r}]).accepted say?",
        "refused": "{name!r} is refused. lab.verify(tokens[{name!r}]).first_failure says by which check.",
        "sentence": "For {name!r} this is a sentence. The name of the check is first_failure.id.",
        "other-check": "{name!r} is refused by another check than {said!r}. Ask lab.verify again.",
    }
)
def _judge_names(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    for name in TOKENS:
        if name not in answer:
            raise Wrong("missing", name=name, count=len(TOKENS))
    for name, token in TOKENS.items():
        failure = _LAB.verify(token).first_failure
        truth, said = failure.id if failure else "accepted", answer[name]
        if said is None or said is True or said is False:
            raise Wrong("not-an-id", name=name, said=said)
        said = str(getattr(said, "id", said)).strip()
        if said != truth:
            mistake = "other-check"
            if truth == "accepted":
                mistake = "accepted"
            elif said == "accepted":
                mistake = "refused"
            elif said.startswith(("✓", "✕")) or " " in said:
                mistake = "sentence"
            raise Wrong(mistake, name=name, said=said[:40])
    return "Five refusals, five different reasons. Four of the refused tokens carry a perfect signature."


def _notes_tokens() -> Iterator[Case]:
    lab, mallory = Lab("05 notes"), _LAB.key("ES256", owner="mallory")
    late: dict[str, Any] = {"iat": int(lab.now) - 900}

    def good(mistake: str, why: str = "", **claims: Any) -> Case:
        return Case(
            mistake, (lab.token("alice", header={"typ": "at+jwt"}, **{"aud": NOTES, **claims}),), True, why
        )

    def bad(mistake: str, why: str = "", typ: Any = "at+jwt", **claims: Any) -> Case:
        return Case(
            mistake, (lab.token("alice", header={"typ": typ}, **{"aud": NOTES, **claims}),), False, why
        )

    yield good("good", "A good access token for the notes has to be let in; print(report.first_failure) says why it "
               "was not.")  # fmt: skip
    yield good("aud-list", "aud may be a list of names.", aud=["https://photos.example", NOTES])
    yield good(
        "leeway", "It expired 20 seconds ago, and 30 are allowed for clocks.", **late, exp=lab.now - 20
    )
    yield good("leeway", **late, exp=lab.now - 29)
    forged = lab.token("mallory", key=mallory, aud=NOTES, header={"typ": "at+jwt", "kid": "lab-es256"})
    yield Case("not-verified", (forged,), False,
               "Mallory signed it with a key of her own. Did you verify, or only decode?")  # fmt: skip
    yield bad("leeway-too-much", "It expired 30 seconds ago; only a leeway below that is allowed.", **late,
              exp=lab.now - 30)  # fmt: skip
    yield bad(
        "audience",
        "It is meant for another service: say who you are, audience=...",
        aud="https://api.example",
    )
    yield bad("typ", "Its typ is JWT, not at+jwt: say what you expect, typ=...", typ="JWT")
    yield bad(
        "issuer", "It comes from another issuer: say whom you trust, issuer=...", iss=f"{ISSUER}.evil.example"
    )
    yield bad("algorithm", "It is signed with RS256, and only ES256 is allowed.", alg="RS256")
    yield bad("no-exp", "It has no exp, and would be good for ever.", exp=None)
    yield bad("not-yet", "It is good from tomorrow on.", nbf=lab.now + 86_400, exp=lab.now + 90_000)
    yield Case("no-token", ("what is this",), False, "This is no token at all; return None.")


def _read_claims(found: Any) -> Any:
    if hasattr(found, "accepted"):
        raise Wrong("report")
    return found


def _look_at_claims(found: Any, case: Case) -> None:
    if case.expected and isinstance(found, bool):
        raise Wrong("only-true")
    if case.expected and isinstance(found, Mapping):
        raise Wrong("other-claims")


def _claims_or_none(found: Any, expected: bool) -> bool:
    if not expected:
        return found is None
    return isinstance(found, Mapping) and found.get("sub") == "alice" and found.get("iss") == ISSUER


_judge_guard = Table(
    cases=tuple(_notes_tokens()),
    read=_read_claims,
    look=_look_at_claims,
    fits=_claims_or_none,
    none_counts=True,
    own={
        "report": "This is the report. Return report.claims if it was accepted, else None.",
        "only-true": "Return the claims themselves, not only whether they are good.",
        "other-claims": "These are not the token's claims. Return report.claims as it is.",
    },
    praise="Four let in, nine kept out. Every expectation in that call stops one of them.",
)


LESSON = Lesson(
    number="05",
    name="05_verifying",
    title="Verifying",
    why="A token is worth as much as the checks of whoever accepts it.",
    minutes=55,
    needs=("04",),
    exercises=(
        Exercise(
            id="05.1",
            title="Which check refuses it?",
            judge_answer=_judge_names,
            hints=(
                'lab.verify(tokens["one"]) gives a report. Look at .accepted and at .first_failure.',
                "first_failure is None for a good token; else first_failure.id is the name of the check.",
                "Make a dict with a loop over tokens.items().",
            ),
            solution="""\
answer = {}
for name, token in tokens.items():
    failure = lab.verify(token).first_failure
    answer[name] = failure.id if failure else "accepted" """.rstrip(),
        ),
        Exercise(
            id="05.2",
            title="Is it alive?",
            judge_answer=judge_alive,
            hints=(
                "Three questions for each date: is it there, is it a date, has it passed?",
                "A date is an int or a float, and no bool: isinstance(value, bool) tells them apart.",
                "It is dead if now >= exp + leeway, and not good yet if now < nbf - leeway.",
            ),
            solution="""\
def answer(claims, now, leeway):
    def is_date(value):
        return isinstance(value, int | float) and not isinstance(value, bool)

    if not is_date(claims.get("exp")) or now >= claims["exp"] + leeway:
        return False
    if "nbf" not in claims:
        return True
    return is_date(claims["nbf"]) and now >= claims["nbf"] - leeway""",
        ),
        Exercise(
            id="05.3",
            title="Guard the notes",
            judge_answer=_judge_guard,
            hints=(
                "Everything that the text names is an argument of jwtlab.verify. Count them: there are eight.",
                "jwtlab.verify(token, KEYS, algorithms=..., issuer=..., audience=..., typ=..., now=..., leeway=...)",
                "Keep the report, and return report.claims if report.accepted else None.",
            ),
            solution="""\
def answer(token):
    report = jwtlab.verify(
        token,
        lesson_05.KEYS,
        algorithms=["ES256"],
        issuer=lab.issuer,
        audience=lesson_05.NOTES,
        typ="at+jwt",
        now=lab.now,
        leeway=30,
    )
    return report.claims if report.accepted else None""",
        ),
        Exercise(
            id="05.4",
            title="Do it yourself, with PyJWT",
            judge_answer=judge_pyjwt,
            hints=(
                "Begin with the function of the lesson, and change what it returns.",
                "Read the secret inside the function. Require claims with options={'require': [...]}: "
                "exp, and sub, which you return.",
                "try jwt.decode(...), then except jwt.ExpiredSignatureError, then except jwt.InvalidTokenError.",
            ),
            solution="""\
import os
import jwt

def answer(token):
    try:
        claims = jwt.decode(
            token,
            os.environ["NOTES_SECRET"],
            algorithms=["HS256"],
            issuer="https://as.example",
            audience="https://notes.example",
            options={"require": ["exp", "sub"]},
        )
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.InvalidTokenError:
        return "invalid"
    return claims["sub"]""",
        ),
    ),
    predictions=(
        Question(
            id="05.p1",
            text="A token says exp: 12:15:00. A request with it arrives at 12:15:00, to the second. The verifier "
            "allows no leeway. Is the token still good?",
            options=(
                Option(
                    text="Yes, it expires one second later",
                    why="exp is the first moment at which it has expired, not the last at which it is valid.",
                ),
                Option(
                    text="No",
                    why="On or after the date in exp a token must not be accepted (RFC 7519 §4.1.4).",
                    right=True,
                ),
                Option(
                    text="That is up to the library",
                    why="The RFC leaves no choice here. Libraries that differ by a second have a bug.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="05.q1",
            text="A token has a perfect signature, made by the issuer that you trust. What do you know?",
            options=(
                Option(
                    text="That it is meant for you",
                    why="The issuer signs tokens for many services. Only aud says for which.",
                ),
                Option(
                    text="That the issuer once said this",
                    why="This and no more. For whom, until when and which kind of token are checks of their own.",
                    right=True,
                ),
                Option(
                    text="That Alice sent it",
                    why="Whoever has a copy can send it. The signature is the issuer's, not the sender's.",
                ),
            ),
        ),
        Question(
            id="05.q2",
            text="Users complain that they are logged out too often. Somebody sets the leeway to an hour. Good idea?",
            options=(
                Option(
                    text="No, now every token lives an hour longer, stolen ones too",
                    why="Give users a way to get a new token instead; lesson 22 is about that.",
                    right=True,
                ),
                Option(
                    text="Yes, that is what leeway is for",
                    why="It is for clocks that disagree by seconds. Longer life is the issuer's decision, in exp.",
                ),
                Option(
                    text="It makes no difference, exp stays the same",
                    why="The claim stays the same, but the verifier now accepts it until exp plus an hour.",
                ),
            ),
        ),
        Question(
            id="05.q3",
            text="What does jwt.decode(token, key, algorithms=['HS256']) in PyJWT do with a token that has no exp?",
            options=(
                Option(
                    text="It refuses it",
                    why="It compares exp with the clock if it is there. To insist on it is your job.",
                ),
                Option(
                    text="It takes iat plus an hour",
                    why="No library guesses a date. iat says how old a token is, not how long it is good.",
                ),
                Option(
                    text="It accepts it, for ever",
                    why="So require it: options={'require': ['exp']}.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
        "type-expected",
        "issuer-expected",
        "audience-expected",
        "expiry-present",
        "not-expired",
        "already-valid",
    ),
)
