"""Are these the claims that the verifier expects? RFC 7519 §4.1, RFC 8725 §3.

Each check is a function of the `Case` that returns a note (as a function, where it takes time to
write), `NotAsked` where the verifier gave it nothing to compare with, or raises `Refusal`.
"""

from __future__ import annotations

import string
from typing import Any

from jwtlab.checks import Check, NotAsked, Note, Policy, Refusal
from jwtlab.errors import ClaimRefused, ExpiredToken, MalformedToken, NotYetValid, ReplayedToken, kind
from jwtlab.jose import times
from jwtlab.jose.case import Case
from jwtlab.jose.claims import CLAIMS, REGISTERED
from jwtlab.jose.header_checks import no_fault, soundly_read
from jwtlab.jose.json_types import NUMERIC_DATE

_REGISTERED = [row for row in CLAIMS.values() if row.registered == REGISTERED]
_TYPES = tuple((row.name, row.type) for row in _REGISTERED if row.type is not NUMERIC_DATE)
DATES = tuple(row.name for row in _REGISTERED if row.type is NUMERIC_DATE)


def _refuse(reason: str, claim: str, **evidence: Any) -> Refusal:
    return Refusal(reason, claim=claim, **evidence)


def claim_types(case: Case) -> str:
    claims = case.claims
    for name, type in _TYPES:
        if name in claims and not type.holds(claims[name]):
            found = claims[name]
            raise _refuse(
                f"{name} is {type.words}; this is {kind(found)}", name, expected=type.words, found=found
            )
    return ""


def numeric_dates(case: Case) -> str:
    claims = case.claims
    for name in DATES:
        if name in claims and not times.is_numeric_date(claims[name]):
            value = claims[name]
            raise _refuse(_date_fault(name, value), name, expected=NUMERIC_DATE.words, found=value)
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
    return lambda: f"typ is {typ}"


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
    return lambda: f"iss is {iss}"


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
    return lambda: f"aud is {_short(aud)}"


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
            f"exp is {then}, now is {now}, leeway {case.leeway:.15g} s: expired {times.relative(exp, case.now)}. "
            "Ask for a new token; do not raise the leeway"
        )
        raise _refuse(reason, "exp", expected=f"later than {case.now:.15g}", found=exp)
    return lambda: f"expires {times.relative(exp, case.now)}" if exp > case.now else "within the leeway"


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
        reason = f"{name} is {then}, now is {now}, leeway {case.leeway:.15g} s. {advice}"
        raise _refuse(reason, name, expected=f"not after {case.now:.15g}", found=value)
    return lambda: f"{name} is {times.relative(value, case.now)}"


def not_replayed(case: Case) -> Note:
    jti = case.claims.get("jti")
    if case.seen is None:
        return NotAsked("the verifier keeps no list of used tokens")
    if not isinstance(jti, str):
        raise _refuse("the token has no jti, so nobody can tell whether it was used before", "jti")
    if jti in case.seen:
        raise _refuse(f"the token with jti {_short(jti)} has been used before", "jti", found=jti)
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
            run=no_fault("payload-json"),
            group=PAYLOAD,
            purpose="Claims that two readers read differently are two different sets of rights.",
            error=MalformedToken,
            memory=soundly_read,
        ),
        Check(
            id="claims-unique",
            title="No claim appears twice",
            spec="RFC 7519 §4",
            run=no_fault("claims-unique"),
            group=PAYLOAD,
            purpose="The gateway reads the first admin, the service the last.",
            error=MalformedToken,
            memory=soundly_read,
        ),
        Check(
            id="claim-types",
            title="Claims are of their type",
            spec="RFC 7519 §4.1",
            run=claim_types,
            group=PAYLOAD,
            purpose="A list where text is expected makes comparisons mean something else.",
            error=ClaimRefused,
        ),
        Check(
            id="numeric-dates",
            title="Dates are numbers of seconds",
            spec="RFC 7519 §2",
            run=numeric_dates,
            group=PAYLOAD,
            purpose="An exp in milliseconds or as text never expires.",
            error=ClaimRefused,
        ),
        Check(
            id="type-expected",
            title="It is the kind of token I expect",
            spec="RFC 8725 §3.11",
            run=type_expected,
            group=PURPOSE,
            purpose="Otherwise an ID token opens an API.",
            error=ClaimRefused,
        ),
        Check(
            id="issuer-expected",
            title="It comes from whom I trust",
            spec="RFC 8725 §3.8",
            run=issuer_expected,
            group=PURPOSE,
            purpose="Otherwise whoever has a key in the set speaks for everybody.",
            error=ClaimRefused,
        ),
        Check(
            id="audience-expected",
            title="It is meant for me",
            spec="RFC 7519 §4.1.3",
            run=audience_expected,
            group=PURPOSE,
            purpose="Otherwise a token for the café's Wi-Fi opens the bank.",
            error=ClaimRefused,
        ),
        Check(
            id="expiry-present",
            title="It has an expiry date",
            spec="",
            run=expiry_present,
            group=TIME,
            purpose="RFC 7519 makes exp optional; a token without it is good for ever once it leaks.",
            error=ClaimRefused,
        ),
        Check(
            id="not-expired",
            title="Not expired",
            spec="RFC 7519 §4.1.4",
            run=not_expired,
            group=TIME,
            purpose="A stolen token must stop working by itself.",
            error=ExpiredToken,
        ),
        Check(
            id="already-valid",
            title="Already valid",
            spec="RFC 7519 §4.1.5",
            run=already_valid,
            group=TIME,
            purpose="A token issued for tomorrow is not good today.",
            error=NotYetValid,
        ),
        Check(
            id="issued-in-past",
            title="Not issued in the future",
            spec="",
            run=issued_in_past,
            group=TIME,
            purpose="A rule of the house, since RFC 7519 §4.1.6 sets none: a token from the future shows that a "
            "clock is wrong, and its exp cannot be trusted either.",
            error=NotYetValid,
        ),
        Check(
            id="not-replayed",
            title="Not used before",
            spec="RFC 7519 §4.1.7",
            run=not_replayed,
            group=TIME,
            purpose="Otherwise whoever overhears a single-use token uses it again.",
            error=ReplayedToken,
        ),
    ),
    "claims",
)
"""What has to hold of the claims once the signature does."""
