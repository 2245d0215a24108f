"""What a client application is set to: what it asks for, what it wants back, and which precautions it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from jwtlab.errors import UsageError, kind
from jwtlab.jose.key import Key
from jwtlab.oauth.protocol import RESPONSE_MODES, RESPONSE_TYPES
from jwtlab.oauth.protocol import response_types as known_response_types

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "state": "ties the answer to this browser (RFC 6749 §10.12)",
        "pkce": "ties the code to this client (RFC 7636)",
        "nonce": "ties the ID token to this login (OpenID Connect Core §3.1.2.1)",
        "par": "hands the request over by the back channel (RFC 9126)",
    }
)
"""The precautions that an application may take, and what each is for."""

USUAL_FEATURES = frozenset({"state", "pkce", "nonce"})

OWN_PARAMETERS = frozenset(
    {
        *("response_type", "client_id", "redirect_uri", "scope", "response_mode"),
        *("state", "nonce", "code_challenge", "code_challenge_method", "request_uri"),
    }
)
"""What an application writes into its authorization request by itself."""

_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientSettings:
    """The settings of a client application: a value, which nobody changes; `replace` makes another.

    Attributes:
        scope: what it asks for, separated by single spaces (RFC 6749 §3.3); nothing leaves the parameter out.
        response_type: what it wants back (RFC 6749 §3.1.1).
        response_mode: how it wants that; ``None`` leaves it to the server.
        features: which precautions it takes, of `FEATURES`.
        dpop_key: a private key that its tokens are bound to (RFC 9449); ``None`` for bearer tokens.
        extra: further parameters of the authorization request, such as ``prompt``.

    Raises:
        UsageError: a value that cannot be meant; the sentence names it.
    """

    scope: str = "openid profile notes:read"
    response_type: str = "code"
    response_mode: str | None = None
    features: Set[str] = USUAL_FEATURES
    dpop_key: Key | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, read in _READ.items():
            object.__setattr__(self, name, read(getattr(self, name)))

    def replace(self, **changed: Any) -> ClientSettings:
        """The same settings but for these.

        Raises:
            UsageError: there is no such setting, or it cannot have such a value.
        """
        known = [each.name for each in fields(self)]
        for name in changed:
            if name not in known:
                raise UsageError(f"there is no setting {name!r}; there are: {', '.join(known)}")
        return replace(self, **changed)

    def takes(self, feature: str) -> bool:
        """Does the application take this precaution?

        Raises:
            UsageError: nobody knows it.
        """
        _known_feature(feature)
        return feature in self.features

    @property
    def asks_for_openid(self) -> bool:
        """It wants to know who somebody is (OpenID Connect Core §3.1.2.1)."""
        return "openid" in self.scope.split()

    @property
    def asks_for_code(self) -> bool:
        return "code" in self.response_type.split()


def _scope(value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"scope is a text of words with a space between them; this is {kind(value)}")
    for word in value.split(" ") if value else ():
        if _SCOPE_TOKEN.fullmatch(word) is None:
            raise UsageError(
                f"scope: {word!r} is no scope. Scopes are printable ASCII without quotes and backslashes, with one "
                "space between two of them (RFC 6749 §3.3)"
            )
    return value


def _response_type(value: Any) -> str:
    if not isinstance(value, str) or known_response_types.find(value.split()) is None:
        known = ", ".join(repr(each.id) for each in RESPONSE_TYPES)
        raise UsageError(f"response_type: there is no {value!r}; there are: {known}")
    return value


def _response_mode(value: Any) -> str | None:
    if value is not None and value not in RESPONSE_MODES:
        known = ", ".join(RESPONSE_MODES)
        raise UsageError(
            f"response_mode: there is no {value!r}; there are: {known}, or None for the usual one"
        )
    return None if value is None else str(value)


def _features(value: Any) -> frozenset[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise UsageError(f"features is a set of names, such as {{'state', 'pkce'}}; this is {kind(value)}")
    names = list(value)
    for name in names:
        _known_feature(name)
    return frozenset(names)


def _known_feature(name: Any) -> None:
    if not isinstance(name, str) or name not in FEATURES:
        raise UsageError(f"features: there is no {name!r}; there are: {', '.join(FEATURES)}")


def _dpop_key(value: Any) -> Key | None:
    if value is None:
        return None
    if not isinstance(value, Key):
        raise UsageError(f"dpop_key is a jwtlab.Key, or None; this is {kind(value)}")
    if value.is_symmetric or not value.is_private:
        raise UsageError(
            f"dpop_key is the private half of a key pair (RFC 9449 §4.2); this is {value.type_in_words}"
        )
    return value


def _extra(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise UsageError(f"extra is a mapping of parameters to texts; this is {kind(value)}")
    for name, text in value.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise UsageError(f"extra: a parameter is a text, and so is its value; this is {name!r}: {text!r}")
        if name in OWN_PARAMETERS:
            raise UsageError(f"extra: the application writes {name!r} by itself, from its other settings")
    return MappingProxyType(dict(value))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "scope": _scope,
    "response_type": _response_type,
    "response_mode": _response_mode,
    "features": _features,
    "dpop_key": _dpop_key,
    "extra": _extra,
}
