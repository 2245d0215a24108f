"""Running a learner's verifier against every forgery, and against good tokens.

The verifier stands at a `Desk`: one service, one issuer, ES256. Everything is fixed, so that the same
verifier always gets the same score.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import jwt as pyjwt

from jwtlab.attacks import ATTACKS, GOAL, material
from jwtlab.attacks.confusion import key_forms
from jwtlab.attacks.kid import STYLE_SHEET
from jwtlab.checks import Policy, Report
from jwtlab.errors import InvalidToken
from jwtlab.exercises.model import Mistake, Wrong, in_words
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import near_misses
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.token import decode
from jwtlab.jose.verifier import STANDARD, Verifier

Verify = Callable[[str], Any]

_RUNS = itertools.count(1)


@dataclass(frozen=True)
class Desk:
    """What the verifier knows.

    Attributes:
        verifier: a sound one; its parts are on the desk, too: ``keys`` (the issuer's public keys, a `KeySet`),
            ``algorithms`` (the allow-list), and ``issuer``, ``audience``, ``typ`` (good tokens are access tokens).
        pem: the same key as PEM, for PyJWT.
        now: what time it is, in seconds since 1970.
        used: ``jti`` values that must not come in (again): used up, or revoked.
    """

    verifier: Verifier = field(repr=False)
    pem: bytes = field(repr=False)
    now: float = material.NOW
    used: frozenset[str] = frozenset({"used-once", "revoked-1"})

    @property
    def keys(self) -> KeySet:
        return self.verifier.keys

    @property
    def algorithms(self) -> tuple[str, ...]:
        return self.verifier.algorithms

    @property
    def issuer(self) -> str:
        return str(self.verifier.issuer)

    @property
    def audience(self) -> str:
        return str(self.verifier.audience)

    @property
    def typ(self) -> str:
        return str(self.verifier.typ)

    def judge(self, token: str, policy: Policy = STANDARD, *, keep_going: bool = False) -> Report:
        """What the sound verifier says, with everything that the desk knows."""
        verifier = self.verifier.replace(policy=policy)
        return verifier.verify(token, now=self.now, seen=self.used, keep_going=keep_going)


DESK = Desk(material.verifier(typ="at+jwt"), material.key().to_pem())


@dataclass(frozen=True)
class Sample:
    """A token that is sent to the verifier.

    Attributes:
        name: what it is.
        token: the token.
        family: under which heading it is counted; ``""`` for good tokens.
        also: further tokens of the same kind; they count as one with it.
    """

    name: str
    token: str = field(repr=False)
    family: str = ""
    also: tuple[str, ...] = field(default=(), repr=False)

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.token, *self.also


HINTS: Mapping[str, str] = {
    "what is no token": "Text that is no token must be refused, not crash the service: the empty text, five parts, "
    "70,000 letters. jwtlab.decode raises InvalidToken for it, and raising that counts as a refusal.",
    "signature": "Is the signature verified for every token, also if it is empty, and with your key rather than one "
    "from the header? jwtlab.verify does that. It needs your keys, your algorithms and the time of this desk, "
    "and a report has claims only if it was accepted (lesson 05).",
    "algorithm": "The header chooses how it is checked. Bring a list of your own: algorithms=desk.algorithms.",
    "time": "Some come too late or too early, or have a date that is none. "
    "Compare with desk.now, require exp, and distrust dates that are thousands of years away.",
    "place": "These are genuine tokens, but for somebody else or of somebody else: issuer=, audience=, typ=.",
    "once": "These were used up or revoked. Their jti stands in desk.used, however the token is spelled.",
    "two readers": "One claim appears twice, a header marks something as critical, or the text is two tokens in one. "
    "Another reader would read something else: refuse what is ambiguous.",
}
"""Family → what to do about it, in the order in which it is advised."""

_POINTS = "{points} of {total} points. {advice}"
MISTAKES = (
    Mistake(id="cut-short", hint="{advice}"),
    Mistake(id="turned-away", hint=f"Good tokens first. {_POINTS}"),
    Mistake(id="crashes", hint=f"It crashes. {_POINTS}"),
    *(Mistake(id=name.replace(" ", "-"), hint=f"{_POINTS} (Family: {name}.)") for name in HINTS),
)
"""What a verifier can be told by its `Score`: the first family that is not stopped, as an id."""


@cache
def good_tokens(run: int = 0) -> tuple[Sample, ...]:
    """Tokens that have to be let in.

    Args:
        run: in each run their jti are new, so that a verifier may remember those it has seen.
    """

    def good(number: int, **claims: Any) -> str:
        header = {"typ": claims.pop("typ", DESK.typ)}
        return material.token(header=header, **{"jti": f"good-{run}-{number}", **claims})

    return (
        Sample("alice's token", good(1, sub="alice")),
        Sample("a token for two services", good(2, aud=["https://b.example", DESK.audience])),
        Sample("a token in its last second", good(3, exp=material.NOW + 1, iat=material.NOW - 899)),
        Sample("a token that is good from now on", good(4, nbf=material.NOW)),
        Sample("a token that ends in the middle of a second", good(5, exp=material.NOW + 0.5)),
        Sample("a token with claims of its own", good(6, role="writer", name="Zoë")),
        Sample(
            "a token whose jti is nearly on the list",
            good(7, jti=f"used-once-{run}"),
            also=(good(8, jti=f"{run}-used-once"), good(9, typ="application/at+jwt"), good(10, typ="AT+JWT")),
        ),
    )


_NO_DATES: tuple[Any, ...] = (True, [material.NOW + 900], {})


@cache
def forgeries() -> tuple[Sample, ...]:
    """Everything that has to be kept out."""
    return tuple(_forgeries())


def _forgeries() -> Iterator[Sample]:
    good, goal = material.token(header={"typ": DESK.typ}), dict(GOAL)

    def forge(attack: str, **knowledge: Any) -> str:
        return ATTACKS[attack].forge(goal, **knowledge)

    def issued(header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        return material.token(header={"typ": DESK.typ, **(header or {})}, **{**goal, **claims})

    for name, text in (
        ("nothing", ""),
        ("a word", "token"),
        ("five parts", "a.b.c.d.e"),
        ("a long text", "e" * 70_000),
    ):
        yield Sample(name, text, "what is no token")
    yield Sample("claims changed", forge("unverified", original=good), "signature")
    yield Sample("signature cut off", forge("signature-stripped", original=good), "signature")
    yield Sample("r = s = 0", forge("psychic-signature", original=good), "signature")
    yield from _own_keys(good, forge)
    for spelling in ("none", "None", "nOnE"):
        yield Sample(f"alg {spelling}", forge("alg-none", original=good, spelling=spelling), "algorithm")
    for form in ("pem", "pem-no-newline", "jwk"):
        octets = key_forms(material.key())[form]
        yield Sample(
            f"public key as secret ({form})",
            forge("key-confusion", original=good, public_key=octets),
            "algorithm",
        )
    yield from _named_secrets(good, goal)
    yield Sample(
        "expired last year", issued(iat=material.NOW - 31_536_000, exp=material.NOW - 31_535_100), "time"
    )
    yield Sample("expired this second", issued(exp=material.NOW), "time")
    yield Sample("without exp", issued(exp=None), "time")
    yield Sample("exp in milliseconds", issued(exp=(material.NOW - 900) * 1000), "time")
    yield Sample(
        "exp as text",
        issued(exp=str(material.NOW + 900)),
        "time",
        tuple(issued(exp=value) for value in _NO_DATES),
    )
    yield Sample(
        "for tomorrow",
        issued(nbf=material.NOW + 86_400, exp=material.NOW + 90_000),
        "time",
        (issued(nbf=material.NOW + 1), issued(nbf=True), issued(nbf="0")),
    )
    yield Sample("for another service", issued(aud="https://cafe.example"), "place")
    yield Sample(
        "for a look-alike",
        issued(aud=f"{DESK.audience}.mallory.example"),
        "place",
        tuple(issued(aud=text) for text in _near(DESK.audience)),
    )
    yield Sample("of another issuer", issued(iss="https://mallory.example"), "place")
    yield Sample(
        "of an issuer that begins alike",
        issued(iss=f"{DESK.issuer}.mallory.example"),
        "place",
        tuple(issued(iss=text) for text in _near(DESK.issuer)),
    )
    others = (
        "not-at+jwt",
        "at+jwt2",
        "x/at+jwt",
        None,
        [DESK.typ],
        "application/jwt",
        "",
        "at",
        "at+jw",
        "plication/at+jwt",
        "at+jwt/x",
    )
    yield Sample(
        "an ID token",
        issued(header={"typ": "JWT"}),
        "place",
        (_untyped(), *(issued(header={"typ": typ}) for typ in others)),
    )
    yield Sample("used before", issued(jti="used-once"), "once")
    revoked = issued(jti="revoked-1")
    yield Sample("revoked", revoked, "once")
    for spelling in ("padding", "high-s"):
        yield Sample(
            f"revoked, in another spelling ({spelling})",
            forge("malleable-token", revoked=revoked, spelling=spelling),
            "once",
        )
    yield Sample("a claim twice", _twice(), "two readers")
    yield Sample("a critical header", issued(header={"crit": ["x"], "x": 1}), "two readers")
    yield Sample("two tokens in one", forge("polyglot", original=good), "two readers")


def _near(text: str) -> Iterable[str]:
    """One near miss of each kind."""
    return {sort: other for sort, _, other in near_misses(text)}.values()


def _own_keys(good: str, forge: Callable[..., str]) -> Iterator[Sample]:
    own = material.key(owner="mallory")
    for attack, name in (
        ("embedded-jwk", "jwk in the header"),
        ("jku-spoof", "jku in the header"),
        ("x5c", "x5c in the header"),
    ):
        header = ATTACKS[attack].scenario().knowledge["header"]
        yield Sample(name, forge(attack, original=good, own_key=own, header=header), "signature")
    yield Sample("mallory's key", forge("embedded-jwk", original=good, own_key=own, header={}), "signature")


def _named_secrets(good: str, goal: Mapping[str, Any]) -> Iterator[Sample]:
    for name, kid, secret in (
        ("kid as a path", "../static/style.css", STYLE_SHEET),
        ("kid as SQL", "x' UNION SELECT 'abc';--", b"abc"),
        ("the secret changeme", "lab-hs256", b"changeme"),
        ("the empty secret", "lab-hs256", b""),
    ):
        text = material.signing_input(good, goal, alg="HS256", kid=kid)
        yield Sample(name, material.seal(text, material.hs256(secret, text)), "algorithm")


def _twice() -> str:
    members = json.dumps(material.claims(**GOAL), separators=(",", ":"))
    return _sealed({"typ": DESK.typ}, '{"admin":false,' + members[1:])


def _untyped() -> str:
    return _sealed({}, json.dumps(material.claims(**GOAL)))


def _sealed(header: Mapping[str, Any], payload: str) -> str:
    """A token that the issuer signed, of any header and payload."""
    head = material.segment({"alg": "ES256", "kid": material.key().kid, **header})
    text = f"{head}.{base64url.encode(payload.encode())}"
    return material.seal(text, Algorithm.named("ES256").sign(material.key(), text.encode()))


@dataclass(frozen=True)
class Family:
    """How one family of forgeries fared.

    Attributes:
        name: a key of `HINTS`.
        stopped: names of those that were refused.
        let_in: names of those that were accepted.
        crashed: name → what the verifier raised.
    """

    name: str
    stopped: tuple[str, ...]
    let_in: tuple[str, ...]
    crashed: Mapping[str, str]

    @property
    def total(self) -> int:
        return len(self.stopped) + len(self.let_in) + len(self.crashed)


@dataclass(frozen=True)
class Score:
    """What came out of a run.

    Attributes:
        families: in the order of `HINTS`.
        welcome: good tokens that were let in.
        turned_away: good tokens that were not: name → why.
        trouble: why the run was cut short, or nothing.
    """

    families: tuple[Family, ...]
    welcome: tuple[str, ...]
    turned_away: Mapping[str, str]
    trouble: str = ""

    @property
    def total(self) -> int:
        return sum(family.total for family in self.families)

    @property
    def stopped(self) -> int:
        return sum(len(family.stopped) for family in self.families)

    @property
    def points(self) -> int:
        """Forgeries stopped, counted only if every good token is let in."""
        return 0 if self.turned_away or self.trouble else self.stopped

    @property
    def perfect(self) -> bool:
        return self.points == self.total

    @property
    def mistake(self) -> str:
        """The id of what stands first in the way, of `MISTAKES`; nothing for a perfect score."""
        if self.trouble:
            return "cut-short"
        if self.turned_away:
            return "turned-away"
        family = next((each for each in self.families if each.crashed or each.let_in), None)
        return "" if family is None else "crashes" if family.crashed else family.name.replace(" ", "-")

    @property
    def advice(self) -> str:
        """What to do next."""
        if self.trouble:
            return self.trouble
        if self.turned_away:
            name, why = next(iter(self.turned_away.items()))
            return f"A good token is turned away: {name}{f' ({why})' if why else ''}. Nothing counts before all get in."
        for family in self.families:
            if family.crashed:
                name, why = next(iter(family.crashed.items()))
                return (
                    f"{name}: your verifier crashes ({why}). Return None, or raise the library's own error."
                )
            if family.let_in:
                return f"This gets in: {family.let_in[0]}. {HINTS[family.name]}"
        return "Nothing gets in that should not, and everything that should. This verifier may go to work."

    def __str__(self) -> str:
        lines = [
            f"{self.points} of {self.total} points · good tokens let in: {len(self.welcome)} of {len(good_tokens())}"
        ]
        lines += [
            f"  {family.name:17} {len(family.stopped):2} of {family.total:2} stopped"
            for family in self.families
        ]
        return "\n".join([*lines, self.advice])


def run(verify: Verify) -> Score:
    """Send everything to a learner's verifier.

    Args:
        verify: ``token -> claims``; a refusal is ``None`` or ``False``, or an `InvalidToken` or an error
            of PyJWT that is raised. Anything else that is raised counts as a crash.

    Returns:
        The score; an endless loop cuts the run short and is said there. Never raises.
    """
    welcome: list[str] = []
    turned_away: dict[str, str] = {}
    try:
        for sample in good_tokens(next(_RUNS)):
            for token in sample.tokens:
                fault, why = _ask(verify, token, partial(_fault, decode(token).claims))
                if fault is not None or why:
                    turned_away[sample.name] = fault or why
                    break
            else:
                welcome.append(sample.name)
        families = tuple(_run_family(verify, name) for name in HINTS)
    except _CutShort as reason:
        return Score(_untried(), tuple(welcome), turned_away, str(reason))
    return Score(families, tuple(welcome), turned_away)


class _CutShort(Exception):
    """There is no sense in going on."""


def _fault(claims: Mapping[str, Any], answer: Any) -> str | None:
    """What is wrong with the verifier's answer to a good token: nothing, or why it is no welcome."""
    if isinstance(answer, Report):
        return "this is the report; return report.claims if it was accepted"
    if isinstance(answer, Mapping) and dict(answer) == claims:
        return None
    if isinstance(answer, Mapping) and answer:
        return "return its claims as they stand in the token, all of them"
    return "return its claims" if answer else ""


def _ask(verify: Verify, token: str, look: Callable[[Any], Any]) -> tuple[Any, str]:
    """What there is to see in the verifier's answer, and what it raised: a refusal or a crash."""

    def answer(text: str) -> Any:
        return look(verify(text))  # looked at in here: an answer, too, may raise or never end

    try:
        return call(answer if callable(verify) else verify, token), ""
    except Wrong as problem:
        cause = problem.__cause__
        if cause is None:
            raise _CutShort(str(problem)) from None
        if isinstance(cause, InvalidToken | pyjwt.PyJWTError):
            return None, f"refused: {in_words(cause)[:160]}"
        return None, f"{type(cause).__name__}: {in_words(cause)[:80]}"


def _run_family(verify: Verify, name: str) -> Family:
    stopped, let_in, crashed = [], [], {}
    for sample in forgeries():
        if sample.family == name:
            for token in sample.tokens:
                accepted, why = _ask(verify, token, bool)
                if why and not why.startswith("refused: "):
                    crashed[sample.name] = why
                    break
                if accepted:
                    let_in.append(sample.name)
                    break
            else:
                stopped.append(sample.name)
    return Family(name, tuple(stopped), tuple(let_in), crashed)


def _untried() -> tuple[Family, ...]:
    names = [(name, tuple(s.name for s in forgeries() if s.family == name)) for name in HINTS]
    return tuple(Family(name, (), members, {}) for name, members in names)
