"""What the registered names mean, in a phrase, and where each is defined.

Sources: the IANA registries "JSON Web Token Claims" and "JSON Web Signature and Encryption Header
Parameters", and the specifications that they name.
"""

from __future__ import annotations

from dataclasses import dataclass

from jwtlab.jose.header_parameters import HEADER_PARAMETERS


@dataclass(frozen=True)
class Name:
    """A registered name.

    Attributes:
        meaning: what it says, in a phrase.
        spec: where it is defined; empty for a name that no specification defines.
        kind: ``"registered"`` (RFC 7519 §4.1), ``"public"`` (the IANA registry, RFC 7519 §4.2) or
            ``"private"`` (RFC 7519 §4.3).
    """

    meaning: str
    spec: str = ""
    kind: str = "public"


HEADER: dict[str, Name] = {name: Name(row.meaning, row.spec) for name, row in HEADER_PARAMETERS.items()}

_REGISTERED = {
    "iss": Name("who issued it", "RFC 7519 §4.1.1"),
    "sub": Name("whom it is about", "RFC 7519 §4.1.2"),
    "aud": Name("for whom it is meant", "RFC 7519 §4.1.3"),
    "exp": Name("from when on it is no longer valid", "RFC 7519 §4.1.4"),
    "nbf": Name("before when it is not yet valid", "RFC 7519 §4.1.5"),
    "iat": Name("when it was issued", "RFC 7519 §4.1.6"),
    "jti": Name("its own name, to recognise it a second time", "RFC 7519 §4.1.7"),
}

_OIDC = "OpenID Connect Core §"
_PUBLIC = {
    "auth_time": Name("when the user logged in", _OIDC + "2"),
    "nonce": Name("ties an ID token to the request that asked for it", _OIDC + "2"),
    "acr": Name("how strong the login was", _OIDC + "2"),
    "amr": Name("by which means the user logged in", _OIDC + "2"),
    "azp": Name("the client that it was issued to", _OIDC + "2"),
    "at_hash": Name("half a hash of the access token issued with it", _OIDC + "3.1.3.6"),
    "c_hash": Name("half a hash of the code issued with it", _OIDC + "3.3.2.11"),
    "sid": Name("the session at the issuer", "OpenID Connect Front-Channel Logout §3"),
    "events": Name("what has happened (a security event, such as a logout)", "RFC 8417 §2.2"),
    "name": Name("full name", _OIDC + "5.1"),
    "given_name": Name("given name", _OIDC + "5.1"),
    "family_name": Name("family name", _OIDC + "5.1"),
    "preferred_username": Name("the name the user goes by; it may change hands", _OIDC + "5.1"),
    "email": Name("e-mail address; it may change hands, so it is no identity", _OIDC + "5.1"),
    "email_verified": Name("whether the issuer checked the address", _OIDC + "5.1"),
    "picture": Name("address of a picture", _OIDC + "5.1"),
    "locale": Name("language and region", _OIDC + "5.1"),
    "zoneinfo": Name("time zone", _OIDC + "5.1"),
    "updated_at": Name("when the profile last changed", _OIDC + "5.1"),
    "scope": Name("what the client was allowed to ask for", "RFC 8693 §4.2"),
    "client_id": Name("the client that asked for it", "RFC 8693 §4.3"),
    "act": Name("who acts on behalf of the subject", "RFC 8693 §4.1"),
    "may_act": Name("who may act on behalf of the subject", "RFC 8693 §4.4"),
    "cnf": Name("the key that the bearer must prove to hold", "RFC 7800 §3.1"),
    "roles": Name("roles of the subject", "RFC 9068 §2.2.3.1"),
    "groups": Name("groups of the subject", "RFC 9068 §2.2.3.1"),
    "entitlements": Name("what the subject is entitled to", "RFC 9068 §2.2.3.1"),
    "htm": Name("the HTTP method a DPoP proof is for", "RFC 9449 §4.2"),
    "htu": Name("the address a DPoP proof is for", "RFC 9449 §4.2"),
    "ath": Name("hash of the access token a DPoP proof goes with", "RFC 9449 §4.2"),
}

CLAIMS: dict[str, Name] = {
    **{name: Name(entry.meaning, entry.spec, "registered") for name, entry in _REGISTERED.items()},
    **_PUBLIC,
}

DATES = ("exp", "nbf", "iat", "auth_time", "updated_at")
"""Claims that are NumericDates."""

PRIVATE_CLAIM = Name("private claim: means what your application says", "RFC 7519 §4.3", "private")
URI_CLAIM = Name(
    "public claim: a name that nobody else can have, being an address", "RFC 7519 §4.2", "public"
)
UNKNOWN_PARAMETER = Name("not registered: means what sender and receiver agreed", "RFC 7515 §4.3", "private")


def claim(name: str) -> Name:
    """What a claim of this name means."""
    if name in CLAIMS:
        return CLAIMS[name]
    return URI_CLAIM if "://" in name or name.startswith("urn:") else PRIVATE_CLAIM


def header_parameter(name: str) -> Name:
    """What a header parameter of this name means."""
    return HEADER.get(name, UNKNOWN_PARAMETER)
