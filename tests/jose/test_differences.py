"""What PyJWT and joserfc let pass by default, and we refuse.

Our refusal is strict. What the libraries do is pinned to the versions that constraints.txt names: a new
version that refuses more makes this table red, and the lessons that quote it must be read again.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

import jwt as pyjwt
import pytest
from joserfc import errors as joserfc_errors
from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt
from material import CLAIMS, EXPECTED, LAB, forge, good_token, nameless, roca_key, small_rsa_key, verifying

import jwtlab
from jwtlab import Key, KeySet, base64url

IGNORE = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
HS256 = LAB.key("HS256")


@dataclass
class Difference:
    """A token that we refuse by a named check, and whether the libraries accept it."""

    token: str
    key: Key
    refused_by: str
    pyjwt: bool
    joserfc: bool
    more: dict[str, Any] = field(default_factory=dict)
    alongside: tuple[Key, ...] = ()  # further keys in the trusted set


def by(key: Key, alg: str, refused_by: str, pyjwt: bool = True, joserfc: bool = True) -> Difference:
    return Difference(
        forge({"alg": alg}, CLAIMS, key, alg), verifying(replace(key, alg=alg)), refused_by, pyjwt, joserfc
    )


def spelled(token: str, pyjwt: bool) -> Difference:
    return Difference(token, HS256, "base64url-strict", pyjwt, joserfc=False)


def twin(token: str) -> str:
    """The same signature, spelled with another last character."""
    last = base64url.ALPHABET.index(token[-1])
    return token[:-1] + base64url.ALPHABET[last ^ 1]


def claims(changes: dict[str, Any], refused_by: str, **more: Any) -> Difference:
    changed = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    token = forge({"alg": "HS256", "typ": "JWT"}, changed, HS256, "HS256")
    return Difference(token, HS256, refused_by, True, True, more)


def twice() -> Difference:
    payload = json.dumps(CLAIMS).replace('"sub": "alice"', '"sub": "alice", "sub": "mallory"').encode()
    return Difference(forge({"alg": "HS256"}, payload, HS256, "HS256"), HS256, "claims-unique", True, True)


def mixed_set() -> Difference:
    key = LAB.key("ES256")
    return Difference(good_token(), key.public(), "set-unmixed", True, True, alongside=(HS256,))


TABLE = {
    "HMAC key of 5 bytes": lambda: by(Key.from_secret(b"short"), "HS256", "key-size"),
    "RSA key of 1024 bits": lambda: by(small_rsa_key(), "RS256", "key-size"),
    "RSA key of the ROCA generator": lambda: by(roca_key(), "RS256", "key-roca"),
    "secret and public key in one set": mixed_set,
    "key meant for encryption": lambda: by(nameless("ES256", use="enc"), "ES256", "key-use", joserfc=False),
    "padding after the signature": lambda: spelled(good_token("HS256") + "=", pyjwt=True),
    # PyJWT 2.15.1 refuses these two ("Invalid crypto padding"); it still takes the padding above.
    "!! after the signature": lambda: spelled(good_token("HS256") + "!!", pyjwt=False),
    "last-character twin": lambda: spelled(twin(good_token("HS256")), pyjwt=False),
    "token without exp": lambda: claims({"exp": None}, "expiry-present"),
    "token of another kind": lambda: claims({}, "type-expected", typ="at+jwt"),
    "claim that appears twice": twice,
}


def ours(case: Difference, policy: jwtlab.Policy = jwtlab.STANDARD) -> jwtlab.Report:
    keys = KeySet([*case.alongside, case.key])
    return jwtlab.verify(
        case.token, keys, algorithms=[case.key.algorithms[0]], policy=policy, **(EXPECTED | case.more)
    )


def pyjwt_accepts(case: Difference) -> bool:
    alg = case.key.algorithms[0]
    private = case.key.is_symmetric
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if case.alongside:
            keys = [key.to_jwk(private=key.is_symmetric) for key in (*case.alongside, case.key)]
            trusted = pyjwt.PyJWKSet.from_dict({"keys": keys})[case.key.kid]
        else:
            trusted = pyjwt.PyJWK.from_dict(case.key.to_jwk(private=private))
        try:
            pyjwt.decode(case.token, trusted, algorithms=[alg], options=IGNORE)
        except pyjwt.InvalidTokenError:
            return False
    return True


def joserfc_accepts(case: Difference) -> bool:
    alg = case.key.algorithms[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        members = [key.to_jwk(private=key.is_symmetric) for key in (*case.alongside, case.key)]
        trusted = (
            joserfc_jwk.KeySet.import_key_set({"keys": members})
            if case.alongside
            else joserfc_jwk.import_key(members[0])
        )
        try:
            joserfc_jwt.decode(case.token, trusted, algorithms=[alg])
        except joserfc_errors.JoseError:
            return False
    return True


@pytest.mark.parametrize("name", TABLE)
def test_difference_is_refused_here(name):
    case = TABLE[name]()
    report = ours(case)
    assert report.first_failure.id == case.refused_by
    assert ours(case, jwtlab.STANDARD.without(case.refused_by)).accepted


@pytest.mark.parametrize("name", TABLE)
def test_difference_is_as_pinned_in_pyjwt(name):
    case = TABLE[name]()
    assert pyjwt_accepts(case) is case.pyjwt


@pytest.mark.parametrize("name", TABLE)
def test_difference_is_as_pinned_in_joserfc(name):
    case = TABLE[name]()
    assert joserfc_accepts(case) is case.joserfc


def test_later_claim_wins_in_the_libraries():
    """Two readers that take different ones see two different people."""
    case = twice()
    assert pyjwt.decode(case.token, HS256.secret, algorithms=["HS256"], options=IGNORE)["sub"] == "mallory"


@pytest.mark.parametrize("alg", ["HS256", "ES256"])
def test_good_token_is_accepted_by_all_three(alg):
    case = Difference(good_token(alg), verifying(LAB.key(alg)), "", True, True)
    assert ours(case).accepted
    assert pyjwt_accepts(case)
    assert joserfc_accepts(case)
