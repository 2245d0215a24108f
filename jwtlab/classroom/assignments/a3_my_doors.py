"""Which five doors a student meets, in which order, and with what: drawn from the student's id."""

from __future__ import annotations

import hmac
import inspect
import json
from dataclasses import dataclass, field, replace
from typing import Any

from jwtlab.classroom.assignments.a3_doors import (
    FAMILIES,
    LONGEST,
    TYP,
    Claims,
    Judge,
    Service,
    ecdsa_fits,
    file_of_kid,
    mac_fits,
    read,
    table_of_kids,
)
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key

WORDS = (
    *("anchor", "basket", "button", "candle", "carpet", "castle", "cherry", "copper", "desert", "dragon"),
    *("feather", "forest", "garlic", "hammer", "island", "jacket", "kettle", "ladder", "magnet", "market"),
    *("mirror", "needle", "orange", "paddle", "pepper", "pillow", "pocket", "puzzle", "rabbit", "ribbon"),
    *("saddle", "silver", "spider", "summer", "tunnel", "velvet", "violin", "walnut", "window", "winter"),
)
YEARS = range(2010, 2030)
SIGNS = "!?#."


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
