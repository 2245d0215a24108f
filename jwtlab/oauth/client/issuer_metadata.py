"""What an issuer says about itself (RFC 8414), and what to look at in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.errors import UsageError
from jwtlab.loopback import is_loopback
from jwtlab.oauth import pkce
from jwtlab.oauth.client.provider import speaks_for
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.protocol import refuse

_SIGNING = "id_token_signing_alg_values_supported"


DISCOVERY_PATH = "/.well-known/openid-configuration"


def check_address(address: str) -> str:
    """An issuer's address, without a slash at its end.

    Raises:
        UsageError: it is no address, or http to another machine.
    """
    text = address.strip().removesuffix(DISCOVERY_PATH).rstrip("/")
    parts = split(text)
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise UsageError(f"{address[:80]!r} is no issuer; write an address such as https://issuer.example")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise UsageError(
            f"{text[:80]} is not protected by TLS: whoever sits between could be the issuer. Use https"
        )
    return text


@dataclass(frozen=True)
class MetadataDocument:
    """A metadata document, and the address under which it was asked for."""

    asked: str
    content: Any

    def text(self, name: str) -> str:
        found = self.content.get(name) if isinstance(self.content, dict) else None
        return found if isinstance(found, str) else ""

    def words(self, name: str) -> list[str]:
        found = self.content.get(name) if isinstance(self.content, dict) else None
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def document_object(case: MetadataDocument) -> str:
    if not isinstance(case.content, dict):
        raise refuse("server_error", "the document is no JSON object")
    return f"{len(case.content)} members"


def issuer_same(case: MetadataDocument) -> str:
    return speaks_for(case.asked, case.text("issuer"))


def endpoints_there(case: MetadataDocument) -> str:
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not case.text(name):
            raise refuse("server_error", f"{name} is missing", name)
    return ""


def endpoints_protected(case: MetadataDocument) -> str:
    for name in case.content if isinstance(case.content, dict) else {}:
        if name == "jwks_uri" or name.endswith("_endpoint"):
            try:
                check_address(case.text(name).partition("?")[0])
            except UsageError as error:
                raise refuse("server_error", f"{name}: {error}", name, found=case.text(name)) from error
    return ""


def algorithms_sound(case: MetadataDocument) -> str:
    announced = case.words(_SIGNING)
    if not announced:
        raise refuse(
            "server_error",
            "it does not say how ID tokens are signed",
            "id_token_signing_alg_values_supported",
        )
    if "none" in announced:
        raise refuse(
            "server_error",
            "it would send ID tokens without a signature",
            _SIGNING,
            found=announced,
        )
    return ", ".join(announced)


def pkce_offered(case: MetadataDocument) -> str:
    if pkce.S256 not in case.words("code_challenge_methods_supported"):
        raise refuse(
            "server_error",
            "it does not announce PKCE with S256; ask its documentation",
            "code_challenge_methods_supported",
            expected=pkce.S256,
            found=case.words("code_challenge_methods_supported"),
        )
    return ""


def issuer_named(case: MetadataDocument) -> str:
    promised = isinstance(case.content, dict) and case.content.get(
        "authorization_response_iss_parameter_supported"
    )
    if promised is not True:
        raise refuse(
            "server_error",
            "it does not promise to name itself in its answers (iss); use another redirect URI for each server",
            "authorization_response_iss_parameter_supported",
        )
    return ""


METADATA_CHECKS = Policy(
    (
        Check(
            id="document-object",
            title="It is a JSON object",
            spec="RFC 8414 §3.2",
            run=document_object,
            group="Metadata",
            purpose="",
        ),
        Check(
            id="issuer-same",
            title="It speaks for the issuer that was asked",
            spec="RFC 8414 §3.3",
            run=issuer_same,
            group="Metadata",
            purpose="One server passes for another, and gets its codes.",
        ),
        Check(
            id="endpoints-there",
            title="It names the addresses that a login needs",
            spec="OpenID Connect Discovery §3",
            run=endpoints_there,
            group="Metadata",
            purpose="",
        ),
        Check(
            id="endpoints-protected",
            title="All of them are protected by TLS, or on this machine",
            spec="OpenID Connect Discovery §7.1",
            run=endpoints_protected,
            group="Metadata",
            purpose="Whoever sits between reads codes and tokens.",
        ),
        Check(
            id="algorithms-sound",
            title="ID tokens are signed",
            spec="OpenID Connect Discovery §3",
            run=algorithms_sound,
            group="Metadata",
            purpose="Anybody writes ID tokens.",
        ),
        Check(
            id="pkce-offered",
            title="It offers PKCE with S256",
            spec="RFC 9700 §2.1.1",
            run=pkce_offered,
            group="Advice",
            purpose="Whoever overhears the code redeems it.",
        ),
        Check(
            id="issuer-named",
            title="It names itself in its answers",
            spec="RFC 9207 §3",
            run=issuer_named,
            group="Advice",
            purpose="A code of one server is carried to another.",
        ),
    ),
    "metadata",
)
"""What to look at in a metadata document. The group *Advice* is no reason to turn away."""
