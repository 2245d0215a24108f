"""What is registered at an authorization server: client applications and APIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jwtlab.errors import UsageError
from jwtlab.jose.key_set import KeySet
from jwtlab.loopback import is_loopback
from jwtlab.oauth import protocol
from jwtlab.oauth.http.addresses import split


@dataclass(frozen=True)
class Client:
    """A client application, as it is registered (RFC 6749 §2, names of RFC 7591 §2).

    Attributes:
        client_id: its name in the protocol; public.
        name: for people.
        token_endpoint_auth_method: how it proves who it is: ``"none"`` (a public client, which can keep
            no secret), ``"client_secret_basic"``, ``"client_secret_post"`` or ``"private_key_jwt"``.
        client_secret: shared with the server, for the two secret methods.
        jwks: its public keys, for ``private_key_jwt`` and assertions.
        redirect_uris: where a browser may be sent back to, compared character by character.
        grant_types, response_types: what it may use.
        scope: everything it may ask for.
        post_logout_redirect_uris: where a browser may go after logout.
        backchannel_logout_uri: where the server tells it that somebody has logged out.
        acts_for: usernames that an administrator has approved for assertions (RFC 7523), without a
            browser and without a question.
        exchanges_for: audiences for which it may exchange tokens (RFC 8693).
        trusted: the service's own application: no consent is asked.
        require_pushed_authorization_requests: RFC 9126 §6.
        dpop_bound_access_tokens: RFC 9449 §5.2.
        resource: its own audience, if it is an API that asks what tokens are worth (RFC 7662).
        id_token_audiences: further audiences of its ID tokens; then ``azp`` names the client.
        stranger: it came by itself, and nobody has looked at what it says of itself.

    Raises:
        UsageError: the registration contradicts itself.
    """

    client_id: str
    name: str = ""
    token_endpoint_auth_method: str = "none"
    client_secret: str | None = field(default=None, repr=False)
    jwks: KeySet | None = None
    redirect_uris: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN)
    response_types: tuple[str, ...] = ("code",)
    scope: str = "openid profile email offline_access notes:read notes:write"
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    acts_for: tuple[str, ...] = ()
    exchanges_for: tuple[str, ...] = ()
    trusted: bool = False
    require_pushed_authorization_requests: bool = False
    dpop_bound_access_tokens: bool = False
    resource: str | None = None
    id_token_audiences: tuple[str, ...] = ()
    stranger: bool = False

    def __post_init__(self) -> None:
        method = self.token_endpoint_auth_method
        if method.startswith("client_secret") != (self.client_secret is not None):
            raise UsageError(f"{self.client_id}: with {method} a client_secret is needed, or not allowed")
        if method == "private_key_jwt" and not self.jwks:
            raise UsageError(f"{self.client_id}: with private_key_jwt its public keys (jwks) are needed")
        for uri in (*self.redirect_uris, *self.post_logout_redirect_uris):
            check_redirect_uri(uri)

    @property
    def is_public(self) -> bool:
        """It can keep no secret (RFC 6749 §2.1)."""
        return self.token_endpoint_auth_method == "none"

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self.scope.split())


_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")


def check_redirect_uri(uri: str) -> str:
    """The address itself, if it can be registered.

    Raises:
        UsageError: it is no absolute URI, has a fragment (RFC 6749 §3.1.2), would run a script, or contains what
            no URI contains (RFC 3986 §2): such an address would be sent in another spelling than it was registered.
    """
    if not _URI.fullmatch(uri):
        raise UsageError(
            f"{uri!r} cannot be a redirect URI: it begins with a scheme, and what is no letter, digit or sign "
            "of a URI is written as % and two digits (RFC 3986 §2)"
        )
    parts = split(uri)
    if not parts.scheme or "#" in uri or parts.scheme in ("javascript", "data", "file"):
        raise UsageError(f"{uri!r} cannot be a redirect URI: write a whole address without a fragment")
    if parts.scheme in ("http", "https") and not parts.hostname:
        raise UsageError(f"{uri!r} cannot be a redirect URI: it names no host")
    return uri


def same_redirect_uri(registered: str, given: str) -> bool:
    """Equal, character by character; only the port of a loopback address is free (RFC 9700 §4.1.3, RFC 8252 §7.3)."""
    if registered == given:
        return True
    try:
        one, other = urlsplit(registered), urlsplit(given)
        if not (is_loopback(one.hostname) and one.scheme == other.scheme == "http"):
            return False
        # The address with its port cut out has to be the same text: no user, no other spelling of the host.
        return _without_port(registered, one.port) == _without_port(given, other.port)
    except ValueError:  # no port, no address
        return False


def _without_port(uri: str, port: int | None) -> str:
    scheme, _, rest = uri.partition("://")
    authority = rest.split("/", 1)[0].split("?", 1)[0]
    bare = authority.removesuffix(f":{port}") if port is not None else authority
    return f"{scheme}://{bare}{rest[len(authority) :]}"


@dataclass(frozen=True)
class Resource:
    """An API (a resource server, RFC 6749 §1.1).

    Attributes:
        audience: its identifier, which stands in ``aud`` (RFC 8707 §2).
        scopes: scope → what it means, in words for the consent page.
    """

    audience: str
    scopes: Mapping[str, str]
