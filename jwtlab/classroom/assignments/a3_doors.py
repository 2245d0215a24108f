"""⚠ Weak on purpose: the doors that a student breaks open in assignment 3.

A door is a service's verifier with one fault. Its code is shown to the student as it stands here, and
this very code judges the forgeries. Which fault each of a student's five doors has, and in which order
they come, is drawn from the student's id.
"""

from __future__ import annotations

import hmac
import inspect
import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key

Claims = dict[str, Any]
LONGEST = 20_000
"""Characters of a token that a door looks at."""
TYP = "at+jwt"
WORDS = (
    *("anchor", "basket", "button", "candle", "carpet", "castle", "cherry", "copper", "desert", "dragon"),
    *("feather", "forest", "garlic", "hammer", "island", "jacket", "kettle", "ladder", "magnet", "market"),
    *("mirror", "needle", "orange", "paddle", "pepper", "pillow", "pocket", "puzzle", "rabbit", "ribbon"),
    *("saddle", "silver", "spider", "summer", "tunnel", "velvet", "violin", "walnut", "window", "winter"),
)
YEARS = range(2010, 2030)
SIGNS = "!?#."


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


@dataclass(frozen=True)
class Door:
    """A weak verifier of one's own. Call it with a token: it gives the claims that it believes, or ``None``.

    Attributes:
        number: from 1 on.
        token: one that the issuer gave Mallory; the door lets it in, and that is no feat.
        wanted: claims that a forged token has to carry.
        known: what Mallory knows beside that.
        source: the door's code.
        family: what sort of fault it has.
        given: all tokens that the issuer gave, `token` among them.
    """

    number: int
    token: str
    wanted: Claims
    known: dict[str, Any]
    source: str = field(repr=False)
    family: str = field(repr=False)
    given: tuple[str, ...] = field(repr=False)
    service: Service = field(repr=False)
    judge: Judge = field(repr=False)

    def __call__(self, token: object) -> Claims | None:
        if not isinstance(token, str) or len(token) > LONGEST:
            return None
        try:
            return self.judge(token, self.service)
        except Exception:  # whatever a forged token breaks, the door stays shut
            return None

    def __str__(self) -> str:
        lines = [f"DOOR {self.number}", "", self.source.rstrip(), "", f"wanted = {self.wanted}"]
        for name, value in self.known.items():
            shown = f"{len(value)} of them, in a list" if name == "tokens" else value
            lines += ["", f"known[{name!r}] = {shown}"]
        return "\n".join([*lines, "", f"token = {self.token}"])


def sign_es256(key: Key, data: bytes) -> bytes:
    """An ES256 signature, for those who have a private key.

    Args:
        key: a private key on P-256, such as ``my.other_key``.
        data: the signing input.
    """
    return Algorithm.named("ES256").sign(key, data)


def my_doors(my: Variant) -> dict[int, Door]:
    """The doors of a student, by number."""
    draw = my.draw("a3 doors")
    families = draw.shuffled(list(FAMILIES))
    chosen = [(family, draw.choice(FAMILIES[family])) for family in families]
    return {number: _door(my, number, family, judge) for number, (family, judge) in enumerate(chosen, 1)}


def signing_text(token: str) -> str:
    """The part of a token that is signed."""
    return token.rpartition(".")[0]


def is_honest(door: Door, token: str) -> bool:
    """Is a token signed with a key that only issuer and service have?

    Raises:
        Exception: it is no token.
    """
    header, _, text, signature = read(token)
    if door.family == "secret":
        return False  # whoever found the secret may use it
    if ecdsa_fits(door.service.jwk, text, signature):
        return True
    hidden = [door.service.secret] if door.service.secret else []
    return header["alg"] == "HS256" and any(mac_fits(each, text, signature) for each in hidden)


def _door(my: Variant, number: int, family: str, judge: Judge) -> Door:
    draw = my.draw(f"a3 door {number}")
    wanted = {"sub": f"{draw.choice(('carol', 'dave', 'erin'))}-{draw.text(6)}", "role": "admin"}
    service = Service(
        issuer=my.issuer,
        audience=my.audience,
        now=my.now,
        jwk=my.key.public().to_jwk(),
        pem=my.key.public().to_pem(),
    )
    header: Claims = {"alg": "ES256", "typ": TYP}
    known: Claims = {}
    given: list[str] = []
    if family == "secret":
        words = sorted(draw.shuffled(WORDS)[:24])
        secret, rule = _secret(draw, words)
        known = {"words": words, "rule": rule}
        service = _with(service, secret=secret)
        header["alg"] = "HS256"
    if judge in (file_of_kid, table_of_kids):
        secret, kid = draw.bytes(32), f"{my.place}-{draw.text(4)}"
        header |= {"alg": "HS256", "kid": kid}
        if judge is file_of_kid:
            folder = f"{draw.choice(YEARS)}/"
            header["kid"] = kid = folder + kid
            style = f"body {{ color: #{draw.text(6, '0123456789abcdef')} }}\n".encode()
            files = {f"keys/{kid}": secret, "static/style.css": style}
            known = {"static/style.css": style, "files": sorted(files)}
            service = _with(service, secret=secret, files=files)
        else:
            service = _with(service, secret=secret, keys={kid: secret})
    if family == "confusion":
        known = {"pem": service.pem}
    own = my.claims(role="reader", jti=draw.text(12))
    token = _issue(my, service, header, own)
    given.append(token)
    if family == "not-asked":
        given += _taken(my, draw, service, header, own, wanted)
        known = {"tokens": draw.shuffled(given)}
    source = inspect.getsource(judge).replace(  # the function's name would tell its fault
        f"def {judge.__name__}(token: str, service: Service) -> Claims | None:", "def door(token, service):"
    )
    return Door(number, token, wanted, known, source, family, tuple(given), service, judge)


def _with(service: Service, **changes: Any) -> Service:
    return replace(service, **changes)


def _secret(draw: Draw, words: list[str]) -> tuple[bytes, str]:
    """A secret that somebody made up, and by which rule."""
    word, kind = draw.choice(words), draw.number(3)
    if kind == 0:
        return f"{word}{draw.between(10, 99)}".encode(), "a word and a number of two digits, like teapot42"
    if kind == 1:
        rule = f"a word with a capital letter and a year from {YEARS[0]} to {YEARS[-1]}, like Teapot2014"
        return f"{word.capitalize()}{draw.choice(YEARS)}".encode(), rule
    rule = f"a word, one of the signs {' '.join(SIGNS)} and one digit, like teapot#7"
    return f"{word}{draw.choice(SIGNS)}{draw.number(10)}".encode(), rule


def _issue(my: Variant, service: Service, header: Claims, claims: Claims, key: Key | None = None) -> str:
    text = ".".join(
        base64url.encode(json.dumps(each, separators=(",", ":")).encode()) for each in (header, claims)
    )
    if header["alg"] == "HS256":
        signature = hmac.digest(service.secret, text.encode(), "sha256")
    else:
        signature = sign_es256(key or my.key, text.encode())
    return f"{text}.{base64url.encode(signature)}"


def _taken(
    my: Variant, draw: Draw, service: Service, header: Claims, own: Claims, wanted: Claims
) -> list[str]:
    """Tokens that fell into Mallory's hands: for each question one that fails it, great and small."""
    day = 86_400
    old = {"iat": my.now - 9 * day, "exp": my.now - 9 * day + my.lifetime}
    other = {"aud": f"https://{draw.text(6)}.{my.issuer.removeprefix('https://')}"}
    found = []
    for person in ({}, wanted):
        for typ, changes in ((TYP, old), (TYP, other), ("invite+jwt", {})):
            claims = {**own, **person, **changes, "jti": draw.text(12)}
            found.append(_issue(my, service, {**header, "typ": typ}, claims))
    stranger = {**own, **wanted, "jti": draw.text(12)}
    found.append(_issue(my, service, header, stranger, my.other_key))
    return found
