"""JSON Web Token: issue and verify (RFC 7519 §7), with the practices of RFC 8725.

`STANDARD` is the whole decision as a list: everything JWS asks, then everything about the claims.
"""

from __future__ import annotations

import string
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jwtlab.checks import Check, NotAsked, Note, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, ExpiredToken, NotYetValid, ReplayedToken, UsageError, kind
from jwtlab.jose import jwa, jws, strict_json, times
from jwtlab.jose.jwk import Key, KeySet, as_key_set
from jwtlab.jose.keychecks import KEY_CHECKS

DATES = ("exp", "nbf", "iat")


def issue(
    claims: Mapping[str, Any],
    key: Key,
    *,
    alg: str,
    header: Mapping[str, Any] | None = None,
    policy: Policy = KEY_CHECKS,
) -> str:
    """Sign claims into a token (RFC 7519 §7.1).

    The claims are signed as they stand: nothing is added, and nothing is judged. Judging is the
    verifier's business, and a lab has to be able to make bad tokens.

    Args:
        claims: the claims; an aware ``datetime`` becomes a NumericDate.
        key: a private key or a shared secret that fits ``alg``.
        alg: the algorithm's name.
        header: further header parameters; ``typ`` is ``"JWT"`` unless it says otherwise.
        policy: the checks that the key has to pass before it signs.

    Returns:
        The token in compact serialization.

    Raises:
        InvalidKey: the key is unfit; ``.finding`` says why.
        UnknownAlgorithm: no such algorithm.
        UsageError: something cannot be written as JSON; the message names it.
    """
    payload = strict_json.write(claims, "claims")
    if header is not None and not isinstance(header, Mapping):
        raise UsageError(f"the header must be an object (dict), not {kind(header)}")
    return jws.sign(payload, key, alg=alg, header={"typ": "JWT", **(header or {})}, policy=policy)


def verify(
    token: str | bytes,
    keys: Key | KeySet | Iterable[Key],
    *,
    algorithms: Iterable[str],
    issuer: str | Iterable[str] | None = None,
    audience: str | Iterable[str] | None = None,
    typ: str | None = None,
    now: float | datetime | None = None,
    leeway: float | timedelta = 0,
    seen: Container[str] | None = None,
    policy: Policy | None = None,
    context: Any = None,
    keep_going: bool = False,
) -> Report:
    """Decide whether to trust a token (RFC 7519 §7.2): signature and claims in one call.

    A bad token never raises here. It is reported, and ``report.claims`` raises.

    Args:
        token: the token in compact serialization.
        keys: the keys that the verifier trusts: a `Key`, a `KeySet` or an iterable of keys.
        algorithms: the algorithms that the verifier accepts. There is no default: the verifier
            brings the list, the token never does (RFC 8725 §3.1).
        issuer: whom the verifier trusts as ``iss``: one name or several.
        audience: the names under which the verifier knows itself, one of which must be in ``aud``.
            A token with an ``aud`` is refused by a verifier that has none (RFC 7519 §4.1.3).
        typ: the kind of token expected, such as ``"at+jwt"`` (RFC 8725 §3.11).
        now: the current time, in seconds since 1970 or as an aware datetime. No clock is read here.
        leeway: seconds by which clocks may differ.
        seen: the ``jti`` values that have been used. If given, a token without ``jti`` or with a
            used one is refused. Recording the new one after acceptance is the caller's part.
        policy: the checks to run (`STANDARD`).
        context: whatever further checks of your own policy want to look at, as ``case.context``.
        keep_going: ask every check even after one has failed.

    Returns:
        A `Report`.

    Raises:
        UsageError, UnknownAlgorithm: the call itself is wrong (never the token).
    """
    case = Case(
        token,
        as_key_set(keys),
        jwa.allow_list(algorithms),
        _names(issuer, "issuer"),
        _names(audience, "audience"),
        _typ(typ),
        times.as_instant(now, "now"),
        _leeway(leeway),
        seen,
        context,
    )
    return (STANDARD if policy is None else policy).run(
        case, lambda checked: checked.claims, keep_going=keep_going
    )


@dataclass(frozen=True)
class Case(jws.Case):
    """A token in front of a verifier, with what the verifier expects of its claims."""

    issuers: tuple[str, ...] | None
    audiences: tuple[str, ...] | None
    typ: str | None
    now: float
    leeway: float
    seen: Container[str] | None
    context: Any = None

    @property
    def claims(self) -> dict[str, Any]:
        return jws.readable(self.reading.claims, "the claims")

    def date(self, name: str) -> float | None:
        """A date claim, or ``None`` if it is missing or no date (which `numeric_dates` refuses)."""
        value = self.claims.get(name)
        return value if times.is_numeric_date(value) else None


def _names(value: str | Iterable[str] | None, name: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = (value,) if isinstance(value, str) else value
    if isinstance(names, bytes | Mapping) or not isinstance(names, Iterable):
        raise UsageError(f"{name} is a text or a list of texts; this is {kind(value)}")
    names = tuple(names)
    if not names or not all(isinstance(each, str) for each in names):
        raise UsageError(f"{name} is a text or a list of texts that is not empty")
    return names


def _typ(typ: str | None) -> str | None:
    if typ is None or isinstance(typ, str):
        return typ
    raise UsageError(f"typ is a text such as 'at+jwt'; this is {kind(typ)}")


def _leeway(leeway: float | timedelta) -> float:
    seconds = times.as_seconds(leeway, "leeway")
    if seconds < 0:
        raise UsageError("leeway forgives clocks that differ; it is not negative")
    return seconds


# The checks on claims.


def _refuse(reason: str, claim: str, **evidence: Any) -> Refusal:
    return Refusal(reason, claim=claim, **{"error": ClaimRefused, **evidence})


def claim_types(case: Case) -> str:
    for name in ("iss", "sub", "jti"):
        value = case.claims.get(name, "")
        if not isinstance(value, str):
            raise _refuse(f"{name} is text; this is {kind(value)}", name, expected="text", found=value)
    aud = case.claims.get("aud", "")
    texts = aud if isinstance(aud, list) else [aud]
    if not all(isinstance(each, str) for each in texts):
        raise _refuse("aud is a text or a list of texts", "aud", expected="text or texts", found=aud)
    return ""


def numeric_dates(case: Case) -> str:
    for name in DATES:
        value = case.claims.get(name, 0)
        if not times.is_numeric_date(value):
            raise _refuse(_date_fault(name, value), name, expected="seconds since 1970", found=value)
    return ""


def _date_fault(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name} is a number of seconds since 1970; this is {kind(value)}"
    if times.is_numeric_date(value / 1000 if abs(value) < 1e300 else None):
        return f"{name} lies beyond the year 9999: these look like milliseconds; a NumericDate counts seconds"
    return f"{name} is no date between 1970 and 9999"


def type_expected(case: Case) -> Note:
    typ = case.header.get("typ")
    if case.typ is None:
        return NotAsked("the verifier did not say which kind of token it expects")
    if not isinstance(typ, str):
        said = "does not say of which kind it is (typ)" if typ is None else "has a typ that is no text"
        raise _refuse(f"the token {said}; expected {case.typ!r}", "typ", expected=case.typ, found=typ)
    if media_type(typ) != media_type(case.typ):
        reason = f"this is a token of typ {typ[:40]!r}; expected {case.typ!r}. Every kind has its own place"
        raise _refuse(reason, "typ", expected=case.typ, found=typ)
    return f"typ is {typ}"


# RFC 2045 §5.1 compares without case, in ASCII: str.lower would take the Kelvin sign for a k.
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def media_type(typ: str) -> str:
    """A ``typ`` for comparing: case does not matter, and ``application/`` may be left out (RFC 7515 §4.1.9)."""
    typ = typ.translate(_ASCII_LOWER)
    rest = typ.removeprefix("application/")
    return typ if "/" in rest else rest


def issuer_expected(case: Case) -> Note:
    iss = case.claims.get("iss")
    if case.issuers is None:
        return NotAsked("the verifier did not say whom it trusts as issuer")
    if iss not in case.issuers:
        wanted = " or ".join(map(repr, case.issuers))
        reason = "the token names no issuer (iss)" if iss is None else f"the issuer is {_short(iss)}"
        raise _refuse(f"{reason}; trusted is exactly {wanted}", "iss", expected=case.issuers, found=iss)
    return f"iss is {iss}"


def audience_expected(case: Case) -> Note:
    aud = case.claims.get("aud")
    if case.audiences is None:
        if aud is None:
            return NotAsked("neither the token nor the verifier names an audience")
        reason = (
            f"the token is meant for {_short(aud)}, and this verifier was not told its own name (audience=)"
        )
        raise _refuse(reason, "aud", expected=None, found=aud)
    meant = aud if isinstance(aud, list) else [aud]
    if not any(name in meant for name in case.audiences):
        reason = (
            "the token names no audience (aud)" if aud is None else f"the token is meant for {_short(aud)}"
        )
        mine = " or ".join(map(repr, case.audiences))
        raise _refuse(f"{reason}; this verifier is {mine}", "aud", expected=case.audiences, found=aud)
    return f"aud is {_short(aud)}"


def expiry_present(case: Case) -> str:
    if "exp" not in case.claims:
        raise _refuse("the token has no exp: once it leaks it is good for ever", "exp", expected="a date")
    return ""


def not_expired(case: Case) -> Note:
    exp = case.date("exp")
    if exp is None:
        return NotAsked("there is no date to compare with")
    if exp + case.leeway <= case.now:
        then, now = times.two_instants(exp, case.now)
        reason = (
            f"exp is {then}, now is {now}, leeway {case.leeway:g} s: expired {times.relative(exp, case.now)}. "
            "Ask for a new token; do not raise the leeway"
        )
        raise _refuse(reason, "exp", error=ExpiredToken, expected=f"later than {case.now:g}", found=exp)
    return f"expires {times.relative(exp, case.now)}" if exp > case.now else "within the leeway"


def already_valid(case: Case) -> Note:
    return _not_in_the_future(case, "nbf", "Wait, or compare the clocks of both sides")


def issued_in_past(case: Case) -> Note:
    return _not_in_the_future(case, "iat", "One of the two clocks is wrong, or iat counts something else")


def _not_in_the_future(case: Case, name: str, advice: str) -> Note:
    value = case.date(name)
    if value is None:
        return NotAsked(f"the token has no {name}")
    if value - case.leeway > case.now:
        then, now = times.two_instants(value, case.now)
        reason = f"{name} is {then}, now is {now}, leeway {case.leeway:g} s. {advice}"
        raise _refuse(reason, name, error=NotYetValid, expected=f"not after {case.now:g}", found=value)
    return f"{name} is {times.relative(value, case.now)}"


def not_replayed(case: Case) -> Note:
    jti = case.claims.get("jti")
    if case.seen is None:
        return NotAsked("the verifier keeps no list of used tokens")
    if not isinstance(jti, str):
        raise _refuse(
            "the token has no jti, so nobody can tell whether it was used before", "jti", error=ReplayedToken
        )
    if jti in case.seen:
        raise _refuse(
            f"the token with jti {_short(jti)} has been used before", "jti", error=ReplayedToken, found=jti
        )
    return "used for the first time"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


PAYLOAD, PURPOSE, TIME = "Payload", "Purpose", "Time"


CLAIM_CHECKS = Policy(
    (
        Check(
            id="payload-json",
            title="The payload is a JSON object",
            spec="RFC 7519 §7.2",
            run=jws.no_fault("payload-json"),
            group=PAYLOAD,
            purpose="Claims that two readers read differently are two different sets of rights.",
        ),
        Check(
            id="claims-unique",
            title="No claim appears twice",
            spec="RFC 7519 §4",
            run=jws.no_fault("claims-unique"),
            group=PAYLOAD,
            purpose="The gateway reads the first admin, the service the last.",
        ),
        Check(
            id="claim-types",
            title="Claims are of their type",
            spec="RFC 7519 §4.1",
            run=claim_types,
            group=PAYLOAD,
            purpose="A list where text is expected makes comparisons mean something else.",
        ),
        Check(
            id="numeric-dates",
            title="Dates are numbers of seconds",
            spec="RFC 7519 §2",
            run=numeric_dates,
            group=PAYLOAD,
            purpose="An exp in milliseconds or as text never expires.",
        ),
        Check(
            id="type-expected",
            title="It is the kind of token I expect",
            spec="RFC 8725 §3.11",
            run=type_expected,
            group=PURPOSE,
            purpose="Otherwise an ID token opens an API.",
        ),
        Check(
            id="issuer-expected",
            title="It comes from whom I trust",
            spec="RFC 8725 §3.8",
            run=issuer_expected,
            group=PURPOSE,
            purpose="Otherwise whoever has a key in the set speaks for everybody.",
        ),
        Check(
            id="audience-expected",
            title="It is meant for me",
            spec="RFC 7519 §4.1.3",
            run=audience_expected,
            group=PURPOSE,
            purpose="Otherwise a token for the café's Wi-Fi opens the bank.",
        ),
        Check(
            id="expiry-present",
            title="It has an expiry date",
            spec="",
            run=expiry_present,
            group=TIME,
            purpose="RFC 7519 makes exp optional; a token without it is good for ever once it leaks.",
        ),
        Check(
            id="not-expired",
            title="Not expired",
            spec="RFC 7519 §4.1.4",
            run=not_expired,
            group=TIME,
            purpose="A stolen token must stop working by itself.",
        ),
        Check(
            id="already-valid",
            title="Already valid",
            spec="RFC 7519 §4.1.5",
            run=already_valid,
            group=TIME,
            purpose="A token issued for tomorrow is not good today.",
        ),
        Check(
            id="issued-in-past",
            title="Not issued in the future",
            spec="",
            run=issued_in_past,
            group=TIME,
            purpose="A rule of the house, since RFC 7519 §4.1.6 sets none: a token from the future shows that a "
            "clock is wrong, and its exp cannot be trusted either.",
        ),
        Check(
            id="not-replayed",
            title="Not used before",
            spec="RFC 7519 §4.1.7",
            run=not_replayed,
            group=TIME,
            purpose="Otherwise whoever overhears a single-use token uses it again.",
        ),
    ),
    "claims",
)
"""What has to hold of the claims once the signature does."""

STANDARD = Policy((jws.JWS_CHECKS + CLAIM_CHECKS).checks, "standard")
"""The sound verifier: every check of JWS and JWT, in order."""
