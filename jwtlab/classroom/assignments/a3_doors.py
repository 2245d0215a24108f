"""⚠ Weak on purpose: the doors that a student breaks open in assignment 3.

A door is a service's verifier with one fault. Its code is shown to the student as it stands here, and
this very code judges the forgeries. Which fault each of a student's five doors has, and in which order
they come, is drawn from the student's id.
"""

from __future__ import annotations

import hmac
import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from jwtlab.jose import base64url

Claims = dict[str, Any]
LONGEST = 20_000
"""Characters of a token that a door looks at."""
TYP = "at+jwt"


@dataclass(frozen=True)
class Service:
    """What a door works with.

    Attributes:
        issuer, audience, now: what its tokens have to be.
        jwk, pem: the issuer's public key, twice the same.
        secret: shared with the issuer, for HS256.
        files: what the service has on its disk, name → content.
        keys: kid → secret.
    """

    issuer: str
    audience: str
    now: int
    jwk: Mapping[str, Any]
    pem: bytes
    secret: bytes = field(default=b"", repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)


# What all doors use. There is no fault in these.


def read(token: str) -> tuple[Claims, Claims, bytes, bytes]:
    """Header, claims, signing input, signature; raises for what is no token."""
    first, second, third = token.split(".")
    header, claims = (json.loads(base64url.decode(each)) for each in (first, second))
    return header, claims, f"{first}.{second}".encode("ascii"), base64url.decode(third)


def mac_fits(secret: bytes, text: bytes, signature: bytes) -> bool:
    """HS256."""
    return hmac.compare_digest(hmac.digest(secret, text, "sha256"), signature)


def ecdsa_fits(jwk: Mapping[str, Any], text: bytes, signature: bytes) -> bool:
    """ES256."""
    if len(signature) != 64 or jwk["kty"] != "EC" or jwk["crv"] != "P-256":
        return False
    x, y = (int.from_bytes(base64url.decode(jwk[name])) for name in ("x", "y"))
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        key.verify(utils.encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def good(claims: Claims, service: Service) -> bool:
    """Issuer, audience and end are as they should be."""
    named = claims["iss"] == service.issuer and claims["aud"] == service.audience
    return bool(named and claims["exp"] > service.now)


# The doors. Each has one fault.


def deny_list(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    alg = header["alg"]
    if alg in ("none", "None", "NONE"):  # nobody gets in without a signature
        return None
    signed = alg.lower() == "none" or (alg == "ES256" and ecdsa_fits(service.jwk, text, signature))
    return claims if signed and good(claims, service) else None


def trimmed_late(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    if header["alg"].lower() == "none":  # nobody gets in without a signature
        return None
    alg = header["alg"].strip().upper()  # some senders are careless
    signed = alg == "NONE" or (alg == "ES256" and ecdsa_fits(service.jwk, text, signature))
    return claims if signed and good(claims, service) else None


def cut_out(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    alg = header["alg"].replace("none", "")  # nobody gets in without a signature
    signed = alg == "none" or (alg == "ES256" and ecdsa_fits(service.jwk, text, signature))
    return claims if signed and good(claims, service) else None


def key_file(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    key = service.pem  # the issuer's public key, as it stands in the file
    if header["alg"] == "HS256":
        signed = mac_fits(key, text, signature)
    else:
        signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    return claims if signed and good(claims, service) else None


def key_setting(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    key = service.pem.strip()  # the issuer's public key, from a setting
    if header["alg"] == "HS256":
        signed = mac_fits(key, text, signature)
    else:
        signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    return claims if signed and good(claims, service) else None


def key_one_line(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    key = b"".join(service.pem.splitlines()[1:-1])  # without BEGIN and END, in one line
    if header["alg"] == "HS256":
        signed = mac_fits(key, text, signature)
    else:
        signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    return claims if signed and good(claims, service) else None


def shared_secret(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    signed = header["alg"] == "HS256" and mac_fits(service.secret, text, signature)
    return claims if signed and good(claims, service) else None


def file_of_kid(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    name = posixpath.normpath(f"keys/{header['kid']}")
    secret = service.files[name]  # a KeyError, if there is no such file
    signed = header["alg"] == "HS256" and mac_fits(secret, text, signature)
    return claims if signed and good(claims, service) else None


def table_of_kids(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    secret = service.keys.get(header["kid"], b"")
    signed = header["alg"] == "HS256" and mac_fits(secret, text, signature)
    return claims if signed and good(claims, service) else None


def key_in_header(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    jwk = header.get("jwk", service.jwk)
    signed = header["alg"] == "ES256" and ecdsa_fits(jwk, text, signature)
    return claims if signed and good(claims, service) else None


def without_aud(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    if not signed or header["typ"] != "at+jwt":
        return None
    return claims if claims["iss"] == service.issuer and claims["exp"] > service.now else None


def without_exp(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    if not signed or header["typ"] != "at+jwt":
        return None
    return claims if claims["iss"] == service.issuer and claims["aud"] == service.audience else None


def without_typ(token: str, service: Service) -> Claims | None:
    header, claims, text, signature = read(token)
    signed = header["alg"] == "ES256" and ecdsa_fits(service.jwk, text, signature)
    return claims if signed and good(claims, service) else None


Judge = Callable[[str, Service], Claims | None]

FAMILIES: Mapping[str, tuple[Judge, ...]] = MappingProxyType(
    {
        "none": (deny_list, trimmed_late, cut_out),
        "confusion": (key_file, key_setting, key_one_line),
        "secret": (shared_secret,),
        "key": (file_of_kid, table_of_kids, key_in_header),
        "not-asked": (without_aud, without_exp, without_typ),
    }
)
"""What sort of fault → the doors that have one of it. Each student meets one door of each family."""
