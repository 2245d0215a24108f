"""Lesson 05: verifying is a list of checks. What each is for, and how to write the verifier at work."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt as pyjwt

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near_misses, true_or_false
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import ISSUER, Lab

NOTES = "https://notes.example"
VARIABLE = "NOTES_SECRET"

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


def set_up() -> None:
    """Put a secret into the environment, unless there is one: nobody's source has to contain it."""
    os.environ.setdefault(VARIABLE, secrets.token_urlsafe(48))


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


def _life(
    mistake: str, claims: dict[str, Any], now: float, leeway: float, expected: bool, why: str = ""
) -> Case:
    return Case(mistake, (claims, now, leeway), expected, why)


_judge_alive = Table(
    cases=(
        _life("before-exp", {"exp": 1000}, 999, 0, True, "One second before exp it is still good."),
        _life("at-exp", {"exp": 1000}, 1000, 0, False,
              "At the very second of exp it is void: on or after (RFC 7519 §4.1.4)."),
        _life("after-exp", {"exp": 1000}, 1001, 0, False, "After exp it is void."),
        _life("leeway-exp", {"exp": 1000}, 1030, 60, True, "With a leeway of 60 it lives until 1059."),
        _life("leeway-exp", {"exp": 1000}, 1059, 60, True),
        _life("leeway-too-much", {"exp": 1000}, 1060, 60, False,
              "The leeway widens the window by 60 seconds and not by 61."),
        _life("no-exp", {}, 5, 0, False, "Without exp a token is dead: it must not live for ever."),
        _life("no-exp", {"nbf": 1}, 5, 60, False),
        _life("exp-zero", {"exp": 0}, 5, 0, False, "exp is there, and it is 0: a date long ago, not a missing date."),
        _life("before-nbf", {"exp": 1000, "nbf": 500}, 499, 0, False, "Before nbf it is not good yet."),
        _life("at-nbf", {"exp": 1000, "nbf": 500}, 500, 0, True, "At the second of nbf it is good."),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 441, 60, True,
              "The leeway widens the window at its beginning as well."),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 440, 60, True),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 439, 60, False),
        _life("exp-with-nbf", {"exp": 1000, "nbf": 500}, 1000, 0, False, "nbf has come, and exp has come as well."),
        _life("nbf-zero", {"exp": 1000, "nbf": 0}, 5, 0, True, "nbf is 0: a date long ago. It is good."),
        _life("fraction", {"exp": 1000.5}, 1000, 0, True, "A NumericDate may have a fraction (RFC 7519 §2)."),
        _life("fraction", {"exp": 1000.5}, 1000.5, 0, False),
        _life("fraction", {"exp": 1000, "nbf": 500.5}, 500, 0, False),
        _life("exp-text", {"exp": "1000"}, 5, 0, False,
              "A text is no date, even if digits stand in it. Return False, raise nothing."),
        _life("exp-null", {"exp": None}, 5, 0, False, "exp is there and is no number (JSON's null)."),
        _life("exp-list", {"exp": [1000]}, 5, 0, False, "A list is no date. Return False, raise nothing."),
        _life("exp-true", {"exp": True}, 0, 0, False, "True is no date, although Python counts it as 1."),
        _life("nbf-text", {"exp": 1000, "nbf": "soon"}, 5, 0, False,
              "nbf is a text here, so nobody can say from when on it is good."),
        _life("nbf-text", {"exp": 1000, "nbf": "1"}, 5, 0, False),
        _life("nbf-null", {"exp": 1000, "nbf": None}, 5, 0, False, "nbf is there and is no number (JSON's null)."),
        _life("nbf-list", {"exp": 1000, "nbf": []}, 5, 0, False, "nbf is a list, and no date."),
        _life("nbf-true", {"exp": 1000, "nbf": True}, 5, 0, False, "nbf is true, and no date."),
        _life("nbf-true", {"exp": 1000, "nbf": False}, 5, 0, False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} cases, and no shortcut: is it there, is it a date, has it passed.",
)  # fmt: skip


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


@contextmanager
def _environment_secret(secret: str) -> Iterator[None]:
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = secret
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _make(secret: str, alg: str = "HS256", **more: Any) -> str:
    now = datetime.now(UTC)  # PyJWT looks at the machine's clock, so these tokens do too
    claims = {"iss": ISSUER, "sub": "alice", "aud": NOTES, "iat": now, "exp": now + timedelta(minutes=5)}
    return pyjwt.encode({n: v for n, v in (claims | more).items() if v is not None}, secret, algorithm=alg)


_PYJWT = {
    "expired": "It expired five seconds ago: ExpiredSignatureError, and no leeway.",
    "secret": "It was signed with another secret, and yours did not notice: is the signature verified?",
    "exp": "It has no exp: options={'require': ['exp']}.",
    "audience": "It is meant for another service: audience=...",
    "no-audience": "It has no aud at all, so it is not meant for you: audience=...",
    "issuer": "It comes from another issuer: issuer=...",
    "no-issuer": "It has no iss, so nobody has issued it: issuer=...",
    "algorithm": "It is signed with HS512; algorithms=['HS256'] allows one.",
    "none": "It has alg none and no signature at all.",
    "not-yet": "It is good from tomorrow on; PyJWT looks at nbf by itself, if nobody switches that off.",
    "no-sub": "It names no subject, so there is none to return: options={'require': ['exp', 'sub']}.",
    "no-token": "This is no token at all: DecodeError is an InvalidTokenError too.",
}


def _bad_tokens(ours: str, other: str) -> Iterator[tuple[str, str]]:
    day = datetime.now(UTC) + timedelta(days=1)
    yield "expired", _make(ours, exp=datetime.now(UTC) - timedelta(seconds=5))
    yield "secret", _make(other)
    yield "exp", _make(ours, exp=None)
    yield "audience", _make(ours, aud="https://photos.example")
    yield from (("audience", _make(ours, aud=text)) for _, _, text in near_misses(NOTES))
    yield "no-audience", _make(ours, aud=None)
    yield "issuer", _make(ours, iss="https://evil.example")
    yield from (("issuer", _make(ours, iss=text)) for _, _, text in near_misses(ISSUER))
    yield "no-issuer", _make(ours, iss=None)
    yield "algorithm", _make(ours, alg="HS512")
    yield (
        "none",
        pyjwt.encode({"iss": ISSUER, "sub": "alice", "aud": NOTES, "exp": day}, "", algorithm="none"),
    )
    yield "not-yet", _make(ours, nbf=day, exp=day + timedelta(days=1))
    yield "no-sub", _make(ours, sub=None)
    yield "no-token", "what is this"


@mistakes(
    {
        "claims": 'These are all the claims. Only the subject is asked for: claims["sub"].',
        "subject-alone": "For a good token your function returns {found!r}. Return the subject alone.",
        "no-algorithms": "For a good token your function fell over: PyJWT asks for the list of algorithms, "
        "algorithms=['HS256'].",
        "whose-audience": "A good token of Alice is refused. It has an aud, and PyJWT refuses that as long as you do "
        "not say who you are: audience=...",
        "other-audience": "A good token of Alice is refused, and one for another service is not: compare the audience "
        "that you expect with the one that the text names.",
        "other-issuer": "A good token of Alice is refused because of its issuer: compare yours with the one that the "
        "text names.",
        "fixed-secret": "A good token of Alice, signed with the secret that stands in the environment now, gives "
        '{found!r}. Read os.environ["NOTES_SECRET"] inside the function.',
        "unsigned": "Your function does not verify the signature: options switch it off, or decode is not given the "
        "secret.",
    }
    | _PYJWT
)
def _judge_pyjwt(answer: Any) -> str:
    ours, other = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    with _environment_secret(ours):
        good = _ask_pyjwt(answer, _make(ours))
        if good is None or good is ...:
            raise NotYet
        if isinstance(good, Mapping):
            raise Wrong("claims")
        if good != "alice":
            raise Wrong(_why_refused(answer, good, ours), found=str(good)[:60])
        if _ask_pyjwt(answer, _make(ours, sub="bob")) != "bob":
            raise Wrong("subject-alone", found=good)
        if all(_ask_pyjwt(answer, _make(other, alg=alg)) == "alice" for alg in ("HS256", "HS512")):
            raise Wrong("unsigned")
        for mistake, token in _bad_tokens(ours, other):
            found, expected = _ask_pyjwt(answer, token), "expired" if mistake == "expired" else "invalid"
            if found != expected:
                raise Wrong(mistake, f"Your function returns {str(found)[:60]!r} instead of {expected!r}.")
    return (
        "This is a verifier that one can take to work: it requires, it compares, and it says no in two ways."
    )


def _ask_pyjwt(answer: Any, token: str) -> Any:
    try:
        return call(answer, token)
    except Wrong as problem:
        if isinstance(problem.__cause__, pyjwt.DecodeError) and "algorithms" in str(problem.__cause__):
            raise Wrong("no-algorithms") from None
        raise


def _why_refused(answer: Any, good: Any, ours: str) -> str:
    if isinstance(good, str) and "alice" in good:
        return "subject-alone"
    if _ask_pyjwt(answer, _make(ours, aud=None)) == "alice":
        return "whose-audience"
    for aud in ("https://api.example", "https://photos.example", "notes", NOTES + "/"):
        if _ask_pyjwt(answer, _make(ours, aud=aud)) == "alice":
            return "other-audience"
    for iss in ("https://as.example/", "https://issuer.example", NOTES):
        if _ask_pyjwt(answer, _make(ours, iss=iss)) == "alice":
            return "other-issuer"
    return "fixed-secret"


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
            judge_answer=_judge_alive,
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
            judge_answer=_judge_pyjwt,
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
                    text="That Alice sent it",
                    why="Whoever has a copy can send it. The signature is the issuer's, not the sender's.",
                ),
                Option(
                    text="That the issuer once said this",
                    why="This and no more. For whom, until when and which kind of token are checks of their own.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="05.q2",
            text="Users complain that they are logged out too often. Somebody sets the leeway to an hour. Good idea?",
            options=(
                Option(
                    text="Yes, that is what leeway is for",
                    why="It is for clocks that disagree by seconds. Longer life is the issuer's decision, in exp.",
                ),
                Option(
                    text="No, now every token lives an hour longer, stolen ones too",
                    why="Give users a way to get a new token instead; lesson 22 is about that.",
                    right=True,
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
                    text="It accepts it, for ever",
                    why="So require it: options={'require': ['exp']}.",
                    right=True,
                ),
                Option(
                    text="It takes iat plus an hour",
                    why="No library guesses a date. iat says how old a token is, not how long it is good.",
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
