"""What an application says of itself, read and judged (RFC 7591 §2): nobody has looked at it before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.jose.key_set import KeySet
from jwtlab.loopback import is_loopback
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.registration import Client, check_redirect_uri
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.protocol import refuse

GRANT_TYPES = (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN)
"""What a stranger may use: a person is asked each time. Grants without a person are for those that somebody knows."""

MOST_REDIRECT_URIS, MOST_LETTERS = 10, 2000
_TEXTS = (
    "client_name",
    "client_uri",
    "logo_uri",
    "scope",
    "token_endpoint_auth_method",
    "jwks_uri",
    "application_type",
)
_LISTS = ("redirect_uris", "grant_types", "response_types", "post_logout_redirect_uris")
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Signs that are not seen, or that turn the direction of writing: with them one name looks like another."""


@dataclass(frozen=True)
class Described:
    """What an application says of itself.

    Attributes:
        metadata: the JSON object.
        methods: in which ways a client may show who it is here.
        scope: everything that a stranger may ask for.
        document: it is a document of the client's own, at the address that is its name.
    """

    metadata: Mapping[str, Any]
    methods: tuple[str, ...]
    scope: tuple[str, ...]
    document: bool = False

    @property
    def method(self) -> str:
        """How it shows who it is. A document can hold no secret, so there it is a public client unless it says more."""
        return str(
            self.metadata.get(
                "token_endpoint_auth_method", "none" if self.document else "client_secret_basic"
            )
        )

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A member that is a list of texts."""
        return tuple(self.metadata.get(name, default))

    @property
    def name(self) -> str:
        return str(self.metadata.get("client_name", "")) or "An application without a name"

    @property
    def grant_types(self) -> tuple[str, ...]:
        return self.texts("grant_types", (protocol.AUTHORIZATION_CODE,))

    @property
    def asked_scope(self) -> tuple[str, ...]:
        """What is left of the scope that it names: what a stranger may ask for."""
        named = str(self.metadata.get("scope", "")).split() if "scope" in self.metadata else self.scope
        return tuple(each for each in self.scope if each in named)

    def client(self, client_id: str, secret: str | None = None) -> Client:
        """As the server knows it from now on."""
        jwks = self.metadata.get("jwks") or {"keys": []}
        return Client(
            client_id=client_id,
            name=self.name,
            token_endpoint_auth_method=self.method,
            client_secret=secret,
            jwks=KeySet.from_jwks(jwks) if self.method == "private_key_jwt" else None,
            redirect_uris=self.texts("redirect_uris"),
            grant_types=self.grant_types,
            response_types=self.texts("response_types", ("code",)),
            post_logout_redirect_uris=self.texts("post_logout_redirect_uris"),
            scope=" ".join(self.asked_scope),
            stranger=True,
        )


def _bad_uri(reason: str) -> Exception:
    return refuse("invalid_redirect_uri", reason, "redirect_uris")


def _no(reason: str, member: str) -> Exception:
    return refuse("invalid_client_metadata", reason, member)


def described_types(case: Described) -> str:
    for name in _TEXTS:
        value = case.metadata.get(name, "")
        if not isinstance(value, str) or len(value) > MOST_LETTERS:
            raise _no(f"{name} is a text of at most {MOST_LETTERS} letters", name)
    for name in _LISTS:
        value = case.metadata.get(name, [])
        texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
        if not texts or sum(map(len, value)) > MOST_LETTERS:
            raise _no(f"{name} is a list of texts", name)
    return ""


def described_redirects(case: Described) -> str:
    uris = case.texts("redirect_uris")
    if not 0 < len(uris) <= MOST_REDIRECT_URIS:
        raise _bad_uri(f"redirect_uris names from 1 to {MOST_REDIRECT_URIS} addresses")
    for uri in (*uris, *case.texts("post_logout_redirect_uris")):
        _check_stranger_uri(uri, str(case.metadata.get("application_type", "")))
    return f"{len(uris)} addresses"


def _check_stranger_uri(uri: str, kind: str) -> None:
    try:
        parts = split(check_redirect_uri(uri))
    except UsageError as error:
        raise _bad_uri(str(error)) from error
    here = is_loopback(parts.hostname)
    if parts.username is not None or parts.password is not None:
        raise _bad_uri(f"{uri}: no user name stands in a redirect URI")
    if parts.scheme == "http" and not here:
        raise _bad_uri(f"{uri}: codes do not travel over http, except on one machine")
    if parts.scheme not in ("http", "https") and "." not in parts.scheme:
        reason = f"{uri}: a scheme of one's own is a domain name turned round, such as com.example.app (RFC 8252 §7.1)"
        raise _bad_uri(reason)
    if kind == "web" and (parts.scheme != "https" or here):
        reason = (
            f"{uri}: a web application has https addresses; one on this machine is application_type native"
        )
        raise _bad_uri(reason)


def described_grants(case: Described) -> str:
    for each in case.grant_types:
        if each not in GRANT_TYPES:
            raise _no(f"a client that nobody has looked at may not use {each[:80]}", "grant_types")
    if (
        case.texts("response_types", ("code",)) != ("code",)
        or protocol.AUTHORIZATION_CODE not in case.grant_types
    ):
        raise _no("response_types is [code], and goes with grant_types authorization_code", "response_types")
    return " ".join(case.grant_types)


def described_method(case: Described) -> str:
    if case.method not in case.methods:
        known = ", ".join(case.methods)
        raise _no(f"token_endpoint_auth_method is one of {known}", "token_endpoint_auth_method")
    if case.method != "private_key_jwt":
        return case.method
    if "jwks_uri" in case.metadata:
        raise _no("send the keys as jwks: this server fetches no jwks_uri", "jwks_uri")
    try:
        keys = KeySet.from_jwks(case.metadata.get("jwks") or {"keys": []})
    except JwtlabError as error:
        raise _no(f"jwks: {error}", "jwks") from error
    if not keys or any(each.is_private or each.is_symmetric for each in keys):
        raise _no("with private_key_jwt go public keys, and nothing but public keys, as jwks", "jwks")
    return case.method


def described_name(case: Described) -> str:
    if len(case.name) > 80 or _UNREADABLE.search(case.name):
        raise _no("client_name has at most 80 letters, all of which can be seen", "client_name")
    return case.name


CHECKS = Policy(
    (
        Check(
            id="described-types",
            title="Every member has its type",
            spec="RFC 7591 §2",
            run=described_types,
            group="Client",
            purpose="What is no text is taken for one.",
        ),
        Check(
            id="described-redirects",
            title="Its redirect URIs are on https, on this machine, or its own scheme",
            spec="RFC 7591 §5",
            run=described_redirects,
            group="Client",
            purpose="Codes travel in the open, or to a script.",
        ),
        Check(
            id="described-grants",
            title="It wants nothing without a person",
            spec="RFC 7591 §2",
            run=described_grants,
            group="Client",
            purpose="Whoever registers himself gets tokens for himself.",
        ),
        Check(
            id="described-method",
            title="It shows who it is in a way that we know",
            spec="RFC 7591 §2",
            run=described_method,
            group="Client",
            purpose="",
        ),
        Check(
            id="described-name",
            title="Its name can be read",
            spec="RFC 7591 §5",
            run=described_name,
            group="Client",
            purpose="Signs that nobody sees make one name look like another.",
        ),
    ),
    "client metadata",
)
"""Of every application that describes itself, whether it registers or has a document."""
