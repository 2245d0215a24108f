"""Each member of a JWK with a value of each type of JSON: read, passed over, or refused by its name."""

from __future__ import annotations

import pytest
from material import nameless

from jwtlab import InvalidKey, Key
from jwtlab.errors import kind

JWKS = {
    name: key.to_jwk(private=key.is_private)
    for name, key in {
        "oct": nameless("HS256"),
        "RSA": nameless("RS256").public(),
        "private RSA": nameless("RS256"),
        "EC": nameless("ES256").public(),
        "private EC": nameless("ES256"),
        "OKP": nameless("EdDSA").public(),
        "private OKP": nameless("EdDSA"),
    }.items()
}
NO_TEXT = [7, 0, 1.5, True, False, [], ["AQAB"], [7], {}, {"a": 1}, {"0": "a"}]
PASSED_OVER = ("x5u", "x5t", "x5t#S256", "iat", "anything")


def refusal(jwk):
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk(jwk)
    return str(caught.value)


@pytest.mark.parametrize("name", JWKS)
@pytest.mark.parametrize("value", NO_TEXT, ids=repr)
def test_number_of_a_key_that_is_no_text(name, value):
    jwk = JWKS[name]
    for member in jwk.keys() - {"kty", "crv"}:
        said = f"JWK of kty {jwk['kty']!r}: member {member!r} is base64url text; this is {kind(value)}"
        assert refusal(jwk | {member: value}) == said


@pytest.mark.parametrize("name", JWKS)
@pytest.mark.parametrize("member", ["kty", "crv", "kid", "use", "alg"])
def test_member_of_words_that_is_no_text(name, member):
    jwk = JWKS[name]
    for value in NO_TEXT:
        said = f"JWK: member {member!r} is text; this is {kind(value)}"
        assert refusal(jwk | {member: value}) == said
    if member not in ("kty", "crv"):
        assert getattr(Key.from_jwk(jwk | {member: None}), member) is None
        assert getattr(Key.from_jwk(jwk | {member: ""}), member) == ""


@pytest.mark.parametrize("name", JWKS)
def test_operations_that_are_no_list_of_texts(name):
    for value in (7, 0, True, False, "", "sign", {}, {"sign": 1}, [7], ["sign", None], [["sign"]]):
        said = "JWK: member 'key_ops' is a list of texts (RFC 7517 §4.3)"
        assert refusal(JWKS[name] | {"key_ops": value}) == said
    for value, read in ((None, None), ([], ()), (("sign",), ("sign",)), (["verify", "x"], ("verify", "x"))):
        assert Key.from_jwk(JWKS[name] | {"key_ops": value}).key_ops == read


@pytest.mark.parametrize("name", JWKS)
def test_certificate_that_is_none_is_passed_over(name):
    """RFC 7517 §4.7: what is in it is for whoever looks at certificates."""
    own = Key.from_jwk(JWKS[name])
    for value in (*NO_TEXT, None, "", "AQAB", [""], ["?"], ["AQAB", 7], [None], [["AQAB"]]):
        assert Key.from_jwk(JWKS[name] | {"x5c": value}) == own


@pytest.mark.parametrize("name", JWKS)
@pytest.mark.parametrize("member", PASSED_OVER)
def test_what_nobody_asks_for_is_passed_over(name, member):
    own = Key.from_jwk(JWKS[name])
    for value in (*NO_TEXT, None, "", "text"):
        assert Key.from_jwk(JWKS[name] | {member: value}) == own


@pytest.mark.parametrize("value", [*NO_TEXT, None, "", "text"], ids=repr)
def test_more_than_two_primes_are_refused_whatever_is_said_of_them(value):
    said = "JWK: RSA keys of more than two primes ('oth') are not supported"
    assert refusal(JWKS["RSA"] | {"oth": value}) == said
