"""The claims that have a registered meaning, one row each: name, type, section, meaning.

Sources: the IANA registry "JSON Web Token Claims" and the specifications that it names. The check of
types, the inspector and the glossary read these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from jwtlab.jose.json_types import (
    ANYTHING,
    BOOLEAN,
    NUMERIC_DATE,
    OBJECT,
    TEXT,
    TEXT_OR_TEXTS,
    TEXTS,
    JsonType,
)

REGISTERED, PUBLIC, PRIVATE = "registered", "public", "private"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One row.

    Attributes:
        name: as it stands in the claims.
        type: what its value may be.
        meaning: what it says, in a phrase.
        spec: where it is defined.
        explanation: the same for a glossary, in one or two sentences; by default the meaning.
        of: the kind of token that it belongs to, where it belongs to one only: ``"an ID token"``.
        registered: ``"registered"`` (RFC 7519 §4.1: a verifier looks at its type), ``"public"`` (in the IANA
            registry, RFC 7519 §4.2) or ``"private"`` (RFC 7519 §4.3).
    """

    name: str
    type: JsonType = TEXT
    meaning: str
    spec: str
    explanation: str = field(default="", repr=False)
    of: str = ""
    registered: str = PUBLIC


ROWS = (
    Claim(
        name="iss",
        meaning="who issued it",
        spec="RFC 7519 §4.1.1",
        explanation="who issued the token. A verifier compares it, character by character, with whom it trusts.",
        registered=REGISTERED,
    ),
    Claim(
        name="sub",
        meaning="whom it is about",
        spec="RFC 7519 §4.1.2",
        explanation="whom the token is about. Only together with iss is it unique.",
        registered=REGISTERED,
    ),
    Claim(
        name="aud",
        type=TEXT_OR_TEXTS,
        meaning="for whom it is meant",
        spec="RFC 7519 §4.1.3",
        explanation="whom the token is meant for. Whoever does not find itself there has to refuse it.",
        registered=REGISTERED,
    ),
    Claim(
        name="exp",
        type=NUMERIC_DATE,
        meaning="from when on it is no longer valid",
        spec="RFC 7519 §4.1.4",
        explanation="from this second on the token has expired. It counts seconds since 1970, not milliseconds.",
        registered=REGISTERED,
    ),
    Claim(
        name="nbf",
        type=NUMERIC_DATE,
        meaning="before when it is not yet valid",
        spec="RFC 7519 §4.1.5",
        explanation="before this second the token is not valid yet.",
        registered=REGISTERED,
    ),
    Claim(
        name="iat",
        type=NUMERIC_DATE,
        meaning="when it was issued",
        spec="RFC 7519 §4.1.6",
        explanation="when the token was made.",
        registered=REGISTERED,
    ),
    Claim(
        name="jti",
        meaning="its own name, to recognise it a second time",
        spec="RFC 7519 §4.1.7",
        explanation="the token's own name, unique for its issuer, so that a verifier notices when it "
        "comes a second time.",
        registered=REGISTERED,
    ),
    Claim(
        name="auth_time",
        type=NUMERIC_DATE,
        meaning="when the user logged in",
        spec="OpenID Connect Core §2",
        explanation="when the user last logged in, which may be long before the token was made.",
    ),
    Claim(
        name="nonce",
        meaning="ties an ID token to the request that asked for it",
        spec="OpenID Connect Core §2",
    ),
    Claim(
        name="acr",
        meaning="how strong the login was",
        spec="OpenID Connect Core §2",
        explanation="how strong the login was, in words that server and client have agreed on.",
    ),
    Claim(
        name="amr",
        type=TEXTS,
        meaning="by which means the user logged in",
        spec="OpenID Connect Core §2",
        explanation="by what means somebody logged in, such as a password (pwd) or a one-time code (otp).",
    ),
    Claim(
        name="azp",
        meaning="the client that it was issued to",
        spec="OpenID Connect Core §2",
        explanation="the client to which an ID token was issued, where the audience alone does not say it.",
    ),
    Claim(
        name="at_hash",
        meaning="half a hash of the access token issued with it",
        spec="OpenID Connect Core §3.1.3.6",
        explanation="half of the hash of the access token that came with it. It shows that the two belong together.",
        of="an ID token",
    ),
    Claim(
        name="c_hash",
        meaning="half a hash of the code issued with it",
        spec="OpenID Connect Core §3.3.2.11",
        explanation="half of the hash of the code that came with it. A swapped code no longer fits.",
        of="an ID token",
    ),
    Claim(
        name="sid",
        meaning="the session at the issuer",
        spec="OpenID Connect Front-Channel Logout §3",
        explanation="in which session of the server somebody logged in. A logout token ends that one.",
    ),
    Claim(
        name="events",
        type=OBJECT,
        meaning="what has happened (a security event, such as a logout)",
        spec="RFC 8417 §2.2",
    ),
    Claim(
        name="name",
        meaning="full name",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="given_name",
        meaning="given name",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="family_name",
        meaning="family name",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="preferred_username",
        meaning="the name the user goes by; it may change hands",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="email",
        meaning="e-mail address; it may change hands, so it is no identity",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="email_verified",
        type=BOOLEAN,
        meaning="whether the issuer checked the address",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="picture",
        meaning="address of a picture",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="locale",
        meaning="language and region",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="zoneinfo",
        meaning="time zone",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="updated_at",
        type=NUMERIC_DATE,
        meaning="when the profile last changed",
        spec="OpenID Connect Core §5.1",
    ),
    Claim(
        name="scope",
        meaning="what the client was allowed to ask for",
        spec="RFC 8693 §4.2",
    ),
    Claim(
        name="client_id",
        meaning="the client that asked for it",
        spec="RFC 8693 §4.3",
    ),
    Claim(
        name="act",
        type=OBJECT,
        meaning="who acts on behalf of the subject",
        spec="RFC 8693 §4.1",
        explanation="who really acts, when a token is about somebody else. Acts may be nested: "
        "the outermost is the present one.",
    ),
    Claim(
        name="may_act",
        type=OBJECT,
        meaning="who may act on behalf of the subject",
        spec="RFC 8693 §4.4",
        explanation="who is allowed to act for the one the token is about.",
    ),
    Claim(
        name="cnf",
        type=OBJECT,
        meaning="the key that the bearer must prove to hold",
        spec="RFC 7800 §3.1",
        explanation="the key that belongs to the token. Who brings the token has to show that it holds this key.",
    ),
    Claim(
        name="roles",
        type=ANYTHING,
        meaning="roles of the subject",
        spec="RFC 9068 §2.2.3.1",
    ),
    Claim(
        name="groups",
        type=ANYTHING,
        meaning="groups of the subject",
        spec="RFC 9068 §2.2.3.1",
    ),
    Claim(
        name="entitlements",
        type=ANYTHING,
        meaning="what the subject is entitled to",
        spec="RFC 9068 §2.2.3.1",
    ),
    Claim(
        name="htm",
        meaning="the HTTP method a DPoP proof is for",
        spec="RFC 9449 §4.2",
        explanation="the HTTP method that it is for.",
        of="a DPoP proof",
    ),
    Claim(
        name="htu",
        meaning="the address a DPoP proof is for",
        spec="RFC 9449 §4.2",
        explanation="the address that it is for, without query and fragment.",
        of="a DPoP proof",
    ),
    Claim(
        name="ath",
        meaning="hash of the access token a DPoP proof goes with",
        spec="RFC 9449 §4.2",
        explanation="the hash of the access token that it goes with.",
        of="a DPoP proof",
    ),
)

CLAIMS: Mapping[str, Claim] = MappingProxyType({row.name: row for row in ROWS})
"""Every claim with a registered meaning, by name."""


def claim(name: str) -> Claim:
    """The row of a claim; for a name that is in none, what can be said of it all the same."""
    if name in CLAIMS:
        return CLAIMS[name]
    if "://" in name or name.startswith("urn:"):
        meaning = "public claim: a name that nobody else can have, being an address"
        return Claim(name=name, type=ANYTHING, meaning=meaning, spec="RFC 7519 §4.2")
    meaning = "private claim: means what your application says"
    return Claim(name=name, type=ANYTHING, meaning=meaning, spec="RFC 7519 §4.3", registered=PRIVATE)
