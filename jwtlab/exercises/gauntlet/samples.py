"""The tokens that are sent: good ones, and forgeries by family."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jwtlab.attacks import ATTACKS, GOAL, material
from jwtlab.attacks.confusion import key_forms
from jwtlab.attacks.kid import STYLE_SHEET
from jwtlab.exercises.gauntlet.desk import DESK
from jwtlab.exercises.table import near_misses
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm


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
