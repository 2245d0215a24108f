"""What a client asks of an ID token (OpenID Connect Core §3.1.3.7, §3.2.2.11, §3.3.2.12)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, NotAsked, Note, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused
from jwtlab.jose import jwt
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.jose.verifier import Verifier
from jwtlab.oauth.client.provider import Provider
from jwtlab.oauth.protocol import half_hash

# The ID token


@dataclass(frozen=True)
class LoginExpected:
    """What an ID token has to fit.

    Attributes:
        client_id: ours.
        nonce: what the browser was sent with, or ``None``.
        access_token, code: what came together with the ID token.
        front: it came through the browser.
        max_age: what was asked for.
        subject: who it has to be, if that is known already.
    """

    client_id: str
    nonce: str | None = None
    access_token: str | None = None
    code: str | None = None
    front: bool = False
    max_age: int | None = None
    subject: str | None = None


def _refuse(reason: str, claim: str, expected: Any = None, found: Any = None) -> Refusal:
    return Refusal(reason, claim=claim, expected=expected, found=found, error=ClaimRefused)


def party_authorized(case: jwt.Case) -> str:
    azp, mine = case.claims.get("azp"), case.context.client_id
    several = isinstance(case.claims.get("aud"), list) and len(case.claims["aud"]) > 1
    if several and azp is None:
        raise _refuse("it is for several, and does not say for whom it was made", "azp", mine)
    if azp is not None and azp != mine:
        raise _refuse("it was made for another client", "azp", mine, azp)
    return ""


def nonce_matches(case: jwt.Case) -> Note:
    expected, found = case.context.nonce, case.claims.get("nonce")
    if expected is None:
        return NotAsked("none was sent")
    if not isinstance(found, str) or not hmac.compare_digest(
        expected.encode(), found.encode("utf-8", "replace")
    ):
        raise _refuse("it belongs to another login", "nonce", expected, found)
    return "the one this browser was sent with"


def access_token_hash(case: jwt.Case) -> Note:
    return _hash(case, "at_hash", case.context.access_token)


def code_hash(case: jwt.Case) -> Note:
    return _hash(case, "c_hash", case.context.code)


def _hash(case: jwt.Case, claim: str, value: str | None) -> Note:
    found = case.claims.get(claim)
    if value is None:
        return NotAsked("nothing came along")
    if found is None and not case.context.front:
        return NotAsked("not needed: it came directly from the server")
    expected = half_hash(value, str(case.header.get("alg")))
    if not isinstance(found, str) or not hmac.compare_digest(
        expected.encode(), found.encode("utf-8", "replace")
    ):
        raise _refuse("what came along belongs to another login", claim, expected, found)
    return "they belong together"


def login_fresh(case: jwt.Case) -> Note:
    limit = case.context.max_age
    if limit is None:
        return NotAsked("nobody asked for a fresh one")
    at = case.date("auth_time")
    if at is not None and at > case.now + case.leeway + 5:
        raise _refuse(
            "the person logged in later than now; one of the two clocks is wrong", "auth_time", limit, at
        )
    if at is None:
        raise _refuse("it does not say when the person logged in (auth_time)", "auth_time", limit)
    if case.now - at > limit + case.leeway + 5:
        raise _refuse(f"the person logged in more than {limit} seconds ago", "auth_time", limit, at)
    return ""


def issued_at_present(case: jwt.Case) -> str:
    """The one required claim that no other check asks for."""
    if "iat" not in case.claims:
        raise _refuse("it does not say when it was made", "iat")
    return ""


def subject_same(case: jwt.Case) -> str:
    expected, found = case.context.subject, case.claims.get("sub")
    if not isinstance(found, str) or not found:
        raise _refuse("it does not say who logged in", "sub")
    if expected is not None and found != expected:
        raise _refuse("it is about somebody else than before", "sub", expected, found)
    return found


ID_TOKEN_CHECKS = jwt.STANDARD.adding(
    Check(
        id="party-authorized",
        title="It was made for us (azp)",
        spec="OpenID Connect Core §3.1.3.7",
        run=party_authorized,
        group="Purpose",
        purpose="Another application's ID token logs its user in here.",
    ),
    Check(
        id="nonce-matches",
        title="It belongs to this login (nonce)",
        spec="OpenID Connect Core §3.1.3.7",
        run=nonce_matches,
        group="Purpose",
        purpose="An ID token that was overheard is played again.",
    ),
    Check(
        id="access-token-hash",
        title="The access token belongs to it (at_hash)",
        spec="OpenID Connect Core §3.2.2.9",
        run=access_token_hash,
        group="Purpose",
        purpose="Somebody else's access token is slipped in.",
    ),
    Check(
        id="code-hash",
        title="The code belongs to it (c_hash)",
        spec="OpenID Connect Core §3.3.2.10",
        run=code_hash,
        group="Purpose",
        purpose="Somebody else's code is slipped in.",
    ),
    Check(
        id="login-fresh",
        title="The person logged in lately enough",
        spec="OpenID Connect Core §3.1.3.7",
        run=login_fresh,
        group="Time",
        purpose="Whoever sits down at a forgotten screen pays with your card.",
    ),
    Check(
        id="subject-same",
        title="It is about the same person as before",
        spec="OpenID Connect Core §3.3.3.6",
        run=subject_same,
        group="Purpose",
        purpose="Two tokens of one answer are about two people.",
    ),
    Check(
        id="issued-at-present",
        title="It says when it was made (iat)",
        spec="OpenID Connect Core §2",
        run=issued_at_present,
        group="Time",
        purpose="Nobody can say how old it is.",
    ),
)
"""What a client asks of an ID token (OpenID Connect Core §3.1.3.7, §3.2.2.11, §3.3.2.12)."""


def examine_id_token(
    token: str, provider: Provider, expected: LoginExpected, now: float, policy: Policy
) -> Report:
    """Judge an ID token by the provider's keys."""
    return verifier_for(provider, policy).verify(token, now=now, context=expected)


def verifier_for(provider: Provider, policy: Policy) -> Verifier:
    """Who judges what a provider signs for this client: ID tokens and logout tokens."""
    return Verifier(
        provider.keys or (),
        algorithms=id_token_algorithms(provider),
        issuer=provider.issuer,
        audience=provider.credentials.client_id,
        leeway=5,
        policy=policy,
    )


def id_token_algorithms(provider: Provider) -> tuple[str, ...]:
    """What the client accepts: what the provider announces, and only key pairs."""
    announced = provider.metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    known = [each for each in announced if each in ALGORITHMS and Algorithm.named(each).kty != "oct"]
    return tuple(known) or ("RS256",)
