"""True tokens at the wrong time or in the wrong place. Nothing is forged: what is missing is a question.

Everything weak in here is weak on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, LibraryVerdict, Scenario, Stage, Variant
from jwtlab.checks import Policy, Refusal
from jwtlab.errors import ClaimRefused
from jwtlab.jose import jwt
from jwtlab.jose.verifier import Verifier

Goal = Mapping[str, Any]

DAY = 86_400
LAST_YEAR = material.NOW - 365 * DAY
AT_JWT = {"typ": "at+jwt"}


def _stage(
    goal: Goal,
    *,
    victim: Policy,
    header: Mapping[str, Any] | None = None,
    verifier: Verifier | None = None,
    seen: frozenset[str] | None = None,
    signer: str = "lab",
    good: str | None = None,
    **claims: Any,
) -> Stage:
    """A token that somebody issued with the goal's claims in it, and that Mallory sends."""
    taken = material.token(header=header, signer=material.key(owner=signer), **{**goal, **claims})
    verifier = verifier or material.verifier()
    return Stage(good or material.token(), {"taken": taken}, verifier, victim, seen)


def _variant(name: str, title: str, *stopped_by: str, code: str = "", **stage: Any) -> Variant:
    stage.setdefault("victim", jwt.STANDARD.without(*stopped_by))
    return Variant(name=name, title=title, stage=partial(_stage, **stage), stopped_by=stopped_by, code=code)


def _pyjwt_on_dates(scenario: Scenario) -> LibraryVerdict:
    """Called as the code that is shown: only the first variant switches the question off."""
    return (pyjwt.ask if scenario.variant.name == "ignored" else pyjwt.with_dates)(scenario)


EXPIRED = Attack(
    id="expired",
    title="A token from last year",
    knows="an old token, from a log file or a backup",
    story="A token of an administrator leaked long ago, and Mallory sends it today. "
    "The service does not look at exp, or the issuer wrote an exp that no clock ever reaches.",
    spec="RFC 7519 §4.1.4, §2",
    cves=(),
    forge=material.present,
    variants=(
        _variant(
            "ignored",
            "exp is never read",
            "not-expired",
            code='claims = jwt.decode(token, KEY, algorithms=["ES256"], options={"verify_exp": False})',
            iat=LAST_YEAR,
            exp=LAST_YEAR + 900,
        ),
        _variant("missing", "the token has no exp", "expiry-present", iat=LAST_YEAR, exp=None),
        _variant(
            "milliseconds",
            "exp counts milliseconds, so it lies beyond the year 50000",
            "numeric-dates",
            iat=LAST_YEAR,
            exp=(LAST_YEAR + 900) * 1000,
        ),
        _variant("text", "exp is a text", "numeric-dates", iat=LAST_YEAR, exp=str(LAST_YEAR + 900)),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"])   # exp is compared, if it is there',
    pyjwt=_pyjwt_on_dates,
)

NOT_YET = Attack(
    id="not-yet-valid",
    title="A token for tomorrow",
    knows="a token that begins to count later",
    story="Mallory's rights as administrator begin tomorrow, and she already holds the token. "
    "The service looks at exp only and lets her in today.",
    spec="RFC 7519 §4.1.5",
    cves=(),
    forge=material.present,
    variants=(
        _variant(
            "nbf",
            "nbf is never read",
            "already-valid",
            nbf=material.NOW + DAY,
            exp=material.NOW + 2 * DAY,
        ),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"], options={"verify_nbf": False})',
)

REPLAYED = Attack(
    id="replayed",
    title="A single-use token, used twice",
    knows="a token that they overheard",
    story="A link for one login carries a token that is good for fifteen minutes; Mallory reads it over a shoulder "
    "and uses it again. The service keeps no list of the jti values that it has seen.",
    spec="RFC 7519 §4.1.7",
    cves=(),
    forge=material.present,
    variants=(
        _variant(
            "jti",
            "the jti was used before",
            "not-replayed",
            seen=frozenset({"used-once"}),
            jti="used-once",
        ),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"])   # PyJWT keeps no list; that is your part',
    pyjwt=pyjwt.ask,
)

AUDIENCE = Attack(
    id="wrong-audience",
    title="A token for somebody else",
    knows="an account at another service of the same issuer",
    story="At the café's Wi-Fi portal Mallory is administrator, and its tokens come from the same issuer. "
    "The bank verifies the signature and never asks for whom the token was meant.",
    spec="RFC 8725 §2.7, §3.9; RFC 7519 §4.1.3",
    cves=(),
    forge=material.present,
    variants=(
        _variant(
            "other-service",
            "aud names another service",
            "audience-expected",
            aud="https://cafe.example",
        ),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"], options={"verify_aud": False})',
    pyjwt=partial(pyjwt.ask, audience=None, options={"verify_aud": False}),
)


# wrong-issuer: one key set for many tenants, one of whom is Mallory.

TENANTS = material.verifier(material.key(), material.key(owner="mallory"))


def _weak_issuer(title: str, trusted: Any) -> Policy:
    def run(case: jwt.Case) -> str:
        iss = str(case.claims.get("iss"))
        if not any(trusted(iss, expected) for expected in case.issuers or ()):
            raise Refusal(f"the issuer is {iss!r}", claim="iss", found=iss, error=ClaimRefused)
        return "⚠ close enough"

    return material.with_weak("issuer-expected", title, run)


_issuer = partial(_variant, verifier=TENANTS, signer="mallory")

ISSUER = Attack(
    id="wrong-issuer",
    title="A token of another issuer",
    knows="a key of their own in the verifier's key set",
    story="The service trusts the keys of many tenants, and Mallory is one: she signs as whomever she likes. "
    "Only an exact comparison of iss with the tenant that was meant keeps them apart.",
    spec="RFC 8725 §2.7, §3.8",
    cves=("CVE-2024-53861",),
    forge=material.present,
    variants=(
        _issuer("any", "iss is never read", "issuer-expected", iss="https://mallory.example"),
        _issuer(
            "partial",
            "iss only has to be a part of the expected text",
            "issuer-expected",
            iss="https://as",
            victim=_weak_issuer("iss is a part of whom I trust", lambda iss, expected: iss in expected),
        ),
        _issuer(
            "prefix",
            "iss only has to begin like the expected text",
            "issuer-expected",
            iss="https://as.example.mallory.example",
            victim=_weak_issuer(
                "iss begins like whom I trust", lambda iss, expected: iss.startswith(expected)
            ),
        ),
    ),
    code='if claims["iss"] in "https://as.example":   # PyJWT 2.10.0 compared one text like this\n    ...',
    pyjwt=lambda scenario: pyjwt.ask(scenario, material.key(owner="mallory").to_pem()),
)


# wrong-type

_ACCESS = material.verifier(typ="at+jwt")
_type = partial(_variant, verifier=_ACCESS, header={"typ": "JWT"}, good=material.token(header=AT_JWT))

TYPE = Attack(
    id="wrong-type",
    title="An ID token in place of an access token",
    knows="an ID token, such as one from the browser",
    story="An ID token tells an application who logged in; Mallory sends it to the API as if it were an access token. "
    "The same issuer signed both with the same key, and the API does not look at typ.",
    spec="RFC 8725 §2.8, §3.11, §3.12; RFC 9068 §4",
    cves=(),
    forge=material.present,
    variants=(
        _type("same-audience", "application and API share one name", "type-expected"),
        _type(
            "id-token",
            "aud names the application",
            "type-expected",
            "audience-expected",
            aud="web-shop",
            nonce="n-0S6_WzA2Mj",
        ),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"], audience=API)   # PyJWT never reads typ',
    pyjwt=pyjwt.ask,
)
