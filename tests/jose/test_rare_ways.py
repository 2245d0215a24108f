"""What hardly anybody comes across: each of these lines runs somewhere, and does what it says."""

from __future__ import annotations

import base64
import copy
import json
import pickle

import pytest
from material import CLAIMS, EXPECTED, LAB, forge, good_token, nameless

import jwtlab
from jwtlab import STANDARD, Check, InvalidKey, Key, KeySet, Policy
from jwtlab.errors import StorageError
from jwtlab.jose.claims import CLAIMS as REGISTERED
from jwtlab.jose.claims import claim
from jwtlab.jose.key_set import read_keys

ES256 = LAB.key("ES256")
PRIVATE = nameless("ES256")


def judged_with_secret(secret: bytes):
    key = Key.from_secret(secret)
    report = jwtlab.verify(
        forge({"alg": "HS256"}, CLAIMS, key, "HS256"),
        key,
        algorithms=["HS256"],
        policy=STANDARD.without("key-size"),
        **EXPECTED,
    )
    failed = report.first_failure
    return failed and (failed.id, failed.reason, failed.found)


JWK = json.dumps(PRIVATE.to_jwk(private=True)).encode()
SECRET_JWK = json.dumps(nameless("HS256").to_jwk(private=True)).encode()
IN_JSON = "JSON, not the secret itself. Load it with Key.from_jwk or KeySet.from_jwks"


@pytest.mark.parametrize(
    ("secret", "words", "form"),
    [
        (JWK, "a private JWK", "JWK"),
        (SECRET_JWK, "a secret JWK", "JWK"),
        (b'{"keys":[%s]}' % JWK, "a private JWK Set", "JWK Set"),
    ],
    ids=["private", "secret", "set"],
)
def test_key_in_json_that_is_handed_over_as_a_secret(secret, words, form):
    check_id, reason, found = judged_with_secret(secret)
    assert (check_id, found) == ("key-secret", form)
    assert reason.startswith("this key is handed over as a secret, but its bytes are ")
    assert reason.endswith(f": {IN_JSON}")
    assert "everybody knows it" not in reason


def test_private_key_in_pem_that_is_handed_over_as_a_secret_is_one():
    """Nobody else knows it, so nobody can sign with it."""
    assert judged_with_secret(PRIVATE.to_pem(private=True)) is None


def test_every_claim_has_a_row():
    for name, row in REGISTERED.items():
        assert claim(name) is row
    assert claim("urn:example:claim").spec == "RFC 7519 §4.2"


def test_set_is_copied_and_sent_to_other_processes():
    keys = KeySet.from_jwks({"keys": [ES256.public().to_jwk(), {"kty": "X", "kid": "odd"}]})
    keys.answers("something")["known"] = 1
    for again in (pickle.loads(pickle.dumps(keys)), copy.copy(keys), copy.deepcopy(keys)):
        assert (again, again.keys, again.ignored) == (keys, keys.keys, keys.ignored)
        assert [str(each) for each in again.ignored] == [str(each) for each in keys.ignored]
        assert jwtlab.verify(good_token(), again, algorithms=["ES256"], **EXPECTED).accepted
    assert "known" not in pickle.loads(pickle.dumps(keys)).answers("something")


JWKS = json.dumps({"keys": [ES256.public().to_jwk(), LAB.key("RS256").public().to_jwk()]})
WRAPPED = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("form", WRAPPED)
def test_set_that_is_wrapped_once_more_is_read(form):
    keys = read_keys(WRAPPED[form](JWKS))
    assert [key.kid for key in keys] == ["lab-es256", "lab-rs256"]
    useless = WRAPPED[form](json.dumps({"keys": [{"kty": "X"}, {"kty": "EC"}]}))
    with pytest.raises(InvalidKey, match=r"no key in this set can be used; keys\[0\]"):
        read_keys(useless)


def test_store_that_cannot_be_read_is_no_verdict():
    def run(case):
        raise StorageError("the disk is full")

    broken = Check(id="stored", title="Stored", spec="", run=run)
    fine = Check(id="fine", title="Fine", spec="", run=lambda case: "")
    for policy in (Policy((broken,)), Policy((fine, broken))):
        for keep_going in (False, True):
            with pytest.raises(StorageError, match="the disk is full"):
                policy.run(None, keep_going=keep_going)
    bad = Check(id="bad", title="Bad", spec="", run=lambda case: [][0])
    with pytest.raises(StorageError, match="the disk is full"):
        Policy((bad, broken)).run(None, keep_going=True)  # also behind one that has refused
    assert not Policy((bad, broken)).run(None).accepted


def test_report_is_equal_to_reports_alone():
    key = ES256.public()
    one, same = (jwtlab.verify(good_token(), key, algorithms=["ES256"], **EXPECTED) for _ in range(2))
    other = jwtlab.verify(good_token(), key, algorithms=["ES256"], **EXPECTED | {"issuer": "mallory"})
    assert one == same
    assert one != other
    assert one != one.findings
    assert (one == 1, one != None) == (False, True)  # noqa: E711  # what == says is what is asked
    with pytest.raises(TypeError):
        hash(one)
