"""How much of what others wrote is repeated in a message: exactly so many characters, or so many names."""

from __future__ import annotations

import pytest
from material import CLAIMS, EXPECTED, forge, nameless

import jwtlab
from jwtlab import InvalidKey, Key, KeySet, UnknownAlgorithm
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.token import read

KEY = nameless("ES256")
TWO = KeySet([Key.generate("ES256").public(), KEY.public()])
LETTERS = "abcdefghijklmnopqrstuvwxyz" * 10


def refused(header=None, claims=None, keys=None, **more):
    token = forge(
        header if isinstance(header, bytes) else {"alg": "ES256"} | (header or {}),
        claims if isinstance(claims, bytes) else CLAIMS | (claims or {}),
        KEY,
        "ES256",
    )
    return jwtlab.verify(
        token, keys or KEY.public(), algorithms=["ES256"], **EXPECTED | more
    ).first_failure.reason


def message(ask, error):
    with pytest.raises(error) as caught:
        ask()
    return str(caught.value)


def jwk_with(**change):
    return message(lambda: Key.from_jwk(KEY.public().to_jwk() | change), InvalidKey)


def left_out(kid):
    return str(KeySet.from_jwks({"keys": [{"kty": "X", "kid": kid}]}).ignored[0])


def named(letter):
    return ",".join(f'"{name}":1,"{name}":2' for name in LETTERS[:letter])


CHARACTERS = {
    # what: (a function of the text: the message, how many characters of it are quoted, what follows)
    "alg that nobody knows": (lambda text: message(lambda: Algorithm.named(text), UnknownAlgorithm), 59, ";"),
    "kty": (lambda text: jwk_with(kty=text), 40, "'"),
    "crv": (lambda text: jwk_with(crv=text), 40, "'"),
    "alg": (lambda text: refused({"alg": text}), 40, "'"),
    "typ": (lambda text: refused({"typ": text}, typ="JWT"), 40, "'"),
    "kid of no key": (lambda text: refused({"kid": text}, keys=TWO), 60, "'"),
    "kid of an entry left out": (left_out, 60, "'"),
}


@pytest.mark.parametrize("what", CHARACTERS)
def test_long_text_is_quoted_up_to_its_limit(what):
    said, limit, after = CHARACTERS[what]
    assert f"'{LETTERS[:limit]}{after}" in said(LETTERS)
    assert f"'{LETTERS[: limit - 1]}'" in said(LETTERS[: limit - 1])


# A text that would be longer ends in three dots, which count.
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (lambda text: refused(claims={"iss": text}), 78),
        (lambda text: refused(claims={"aud": text}), 78),
        (lambda text: refused(claims={"aud": text}, audience=None), 78),
        (lambda text: refused(claims={"jti": text}, seen={text}), 78),
        (lambda text: read(f"{text} {TOKEN}").faults[0].message, 40),
    ],
    ids=["iss", "aud", "aud that nobody expects", "jti", "what stands in front of a token"],
)
def test_text_that_is_too_long_ends_in_dots(said, kept):
    whole, long = LETTERS[:kept], LETTERS[: kept + 1]
    assert f"'{whole}'" in said(whole)
    cut = long[: kept - 2] + "…" if kept == 78 else f"'{long[: kept - 1]}…'"
    assert cut in said(long)
    assert long[:kept] not in said(long)


TOKEN = forge({"alg": "ES256"}, CLAIMS, KEY, "ES256")


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        (lambda n: refused(b'{"alg":"ES256",%s}' % named(n).encode()), 3),
        (lambda n: refused(claims=b"{%s}" % named(n).encode()), 3),
        (lambda n: refused({"crit": list(LETTERS[:n])} | dict.fromkeys(LETTERS[:n], 1)), 3),
        (
            lambda n: refused({"kid": "X"}, keys=KeySet([key_called(name) for name in LETTERS[:n]])),
            5,
        ),
    ],
    ids=["names twice in a header", "names twice in claims", "crit", "names of keys"],
)
def test_so_many_names_are_told_and_no_more(said, limit):
    for number in (limit - 1, limit, limit + 1):
        assert ", ".join(map(repr, LETTERS[: min(number, limit)])) in said(number)
        assert (repr(LETTERS[limit - 1]) in said(number)) == (number >= limit)
        assert repr(LETTERS[limit]) not in said(number)


def key_called(name):
    return Key.from_jwk(KEY.public().to_jwk() | {"kid": name})
