"""Client applications of one's own for ``jwtlab serve``: a TOML file with the names of RFC 7591 §2.

::

    [clients.shop]
    client_name = "Shop"
    token_endpoint_auth_method = "client_secret_basic"
    redirect_uris = ["http://127.0.0.1/callback"]

A secret that is not written here is drawn at the start (and kept in the ``--store``, if there is one).
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jwtlab.errors import JwtlabError, UsageError
from jwtlab.jose import key_set
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import client_authentication
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.token.grants import GRANT_TYPES
from jwtlab.registry import tables

KIND = "clients"
SHORTEST_SECRET = 16
KEYS = (
    "client_name",
    "token_endpoint_auth_method",
    "client_secret",
    "jwks",
    "jwks_file",
    "redirect_uris",
    "grant_types",
    "response_types",
    "scope",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "require_pushed_authorization_requests",
    "dpop_bound_access_tokens",
    "acts_for",
    "exchanges_for",
    "trusted",
    "is_the_api",
)


def read_clients(path: Path, *, api: str, secret: Callable[[str], str]) -> list[Client]:
    """The clients in a file.

    Args:
        path: the file.
        api: the API of ``jwtlab serve``.
        secret: ``client_id -> secret``, for a client that has none in the file.

    Raises:
        UsageError: the file is missing or wrong; the message names file, entry, line and the way out.
    """
    entries = tables.read(path, KIND, "--clients")
    if not entries:
        raise UsageError(f"{path} has no clients in it; an entry begins with a line [{KIND}.NAME]")
    return [_client(each, api, secret) for each in entries]


def _client(entry: tables.TableEntry, api: str, secret: Callable[[str], str]) -> Client:
    entry.only(*KEYS)
    if not entry.name.isascii() or not entry.name.isprintable() or not 0 < len(entry.name) <= 200:
        # RFC 6749 Appendix A.1: VSCHAR
        raise entry.wrong("a client_id is written with printable ASCII characters")
    method = _one_of(
        entry, "token_endpoint_auth_method", [each.id for each in client_authentication.METHODS], "none"
    )
    redirect_uris = entry.texts_of("redirect_uris")
    grants = _all_of(
        entry,
        "grant_types",
        [each.id for each in GRANT_TYPES],
        (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN)
        if redirect_uris
        else (protocol.CLIENT_CREDENTIALS,),
    )
    values: dict[str, Any] = {
        "client_id": entry.name,
        "name": entry.text_of("client_name", entry.name),
        "token_endpoint_auth_method": method,
        "client_secret": _secret(entry, method, secret),
        "jwks": _keys(entry, method),
        "redirect_uris": redirect_uris,
        "grant_types": grants,
        "response_types": _all_of(
            entry,
            "response_types",
            [each.id for each in protocol.RESPONSE_TYPES],
            ("code",) if redirect_uris else (),
        ),
        "post_logout_redirect_uris": entry.texts_of("post_logout_redirect_uris"),
        "acts_for": entry.texts_of("acts_for"),
        "exchanges_for": entry.texts_of("exchanges_for"),
        "trusted": entry.truth_of("trusted"),
        "require_pushed_authorization_requests": entry.truth_of("require_pushed_authorization_requests"),
        "dpop_bound_access_tokens": entry.truth_of("dpop_bound_access_tokens"),
        "resource": api if entry.truth_of("is_the_api") else None,
        "backchannel_logout_uri": _web_address(entry, "backchannel_logout_uri"),
    }
    if "scope" in entry.values:
        values["scope"] = entry.text_of("scope")
    if protocol.AUTHORIZATION_CODE in grants and not redirect_uris:
        raise entry.wrong(
            'with authorization_code it needs redirect_uris = ["http://127.0.0.1/callback"]', "grant_types"
        )
    if protocol.CLIENT_CREDENTIALS in grants and method == "none":  # RFC 6749 §4.4
        raise entry.wrong(
            "client_credentials is for clients that show who they are; add "
            'token_endpoint_auth_method = "client_secret_basic"',
            "grant_types",
        )
    try:
        return Client(**values)
    except UsageError as error:
        raise entry.wrong(str(error)) from None


def _secret(entry: tables.TableEntry, method: str, draw: Callable[[str], str]) -> str | None:
    if not method.startswith("client_secret"):
        if "client_secret" in entry.values:
            raise entry.wrong(
                f"with {method} a client has no secret; delete client_secret, or write "
                'token_endpoint_auth_method = "client_secret_basic"',
                "client_secret",
            )
        return None
    if "client_secret" not in entry.values:
        return draw(entry.name)
    found = entry.text_of("client_secret")
    if len(found) < SHORTEST_SECRET or not found.isascii() or not found.isprintable():
        raise entry.wrong(
            f"a client_secret has {SHORTEST_SECRET} printable ASCII characters or more; "
            "delete the line, and one is drawn",
            "client_secret",
        )
    return found


def _keys(entry: tables.TableEntry, method: str) -> KeySet | None:
    given = [key for key in ("jwks", "jwks_file") if key in entry.values]
    if len(given) > 1:
        raise entry.wrong("jwks and jwks_file are two ways to say the same; keep one", "jwks_file")
    if not given:
        if method == "private_key_jwt":
            raise entry.wrong('with private_key_jwt its public key is needed: jwks_file = "shop.pem"')
        return None
    try:
        if given == ["jwks"]:
            value = entry.values["jwks"]
            if not isinstance(value, dict):
                raise entry.wrong('jwks is a JWK Set: jwks = {keys = [{kty = "EC", ...}]}', "jwks")
            found = KeySet.from_jwks(value)
        else:
            place = entry.path.parent / entry.text_of("jwks_file")
            found = key_set.read_keys(tables.text_of(place, f"jwks_file of [{entry.kind}.{entry.name}]"))
    except JwtlabError as error:
        if str(error).startswith(str(entry.path)):
            raise
        raise entry.wrong(f"its keys cannot be read: {error}", given[0]) from None
    keys = list(found)
    if not keys or any(each.is_symmetric for each in keys):
        raise entry.wrong("these are no public keys; give an RSA, EC or Ed25519 key", given[0])
    return KeySet(each.public() for each in keys)


def _one_of(entry: tables.TableEntry, key: str, known: list[str], default: str) -> str:
    value = entry.text_of(key, default)
    if value not in known:
        raise entry.wrong(_unknown(key, value, known), key)
    return value


def _all_of(
    entry: tables.TableEntry, key: str, known: list[str], default: tuple[str, ...]
) -> tuple[str, ...]:
    values = entry.texts_of(key, default)
    for value in values:
        if value not in known:
            raise entry.wrong(_unknown(key, value, known), key)
    return values


def _unknown(key: str, value: str, known: list[str]) -> str:
    near = get_close_matches(value, known, 1)
    return f"{key} {value!r} is not known; " + (
        f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    )


def _web_address(entry: tables.TableEntry, key: str) -> str | None:
    if key not in entry.values:
        return None
    value = entry.text_of(key)
    if not value.startswith(("http://", "https://")):
        raise entry.wrong(f"{key} begins with http:// or https://", key)
    return value
