"""A call that is wrong in itself: what is said of every argument of the wrong kind, to the letter.

Without these refusals Python would stumble somewhere behind them, and say something that nobody understands.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from material import CLAIMS, EXPECTED, LAB, good_token, nameless

import jwtlab
from jwtlab import Check, Key, KeySet, Policy, UnknownAlgorithm, UsageError, base64url
from jwtlab.jose import jws, strict_json, times
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm, allow_list

KEY = nameless("ES256")
HALF = KEY.public()
TEXT, NUMBER, NOTHING, LIST, OBJECT = (
    "text (str)",
    "a number (int)",
    "nothing (None)",
    "a list",
    "an object (dict)",
)
BYTES = "bytes"


def deep():
    value: list = []
    for _ in range(100_000):
        value = [value]
    return {"a": value}


def verifier(**settings):
    return jwtlab.Verifier(HALF, algorithms=["ES256"], **settings)


def verify(token="", keys=HALF, algorithms=("ES256",), **settings):
    return jwtlab.verify(token, keys, algorithms=algorithms, **EXPECTED | settings)


NO_LIST = 'algorithms is a list of names, such as ["ES256"]; this is '
NO_KEY = (
    "the key must be a Key or a KeySet; this is {}. Key.from_secret(...), Key.from_pem(...) or Key.from_jwk(...) make "
    "one"
)
NO_TIME = (
    "now is missing: what time is it for this verifier? Write now=lab.now in the lab, now=time.time() at work"
)
IS_NUMBER = "now is a number of seconds or an aware datetime; this is "
NO_ZONE = "now is a datetime without a time zone; write datetime.now(timezone.utc)"
PLAIN_TIME = datetime(2026, 1, 1)
CHECK = Check(id="a", title="A", spec="", run=lambda case: "")

CALLS = {
    # bytes and text
    "encode text": (
        lambda: base64url.encode("a"),
        f"base64url writes bytes; this is {TEXT}. Text has .encode()",
    ),
    "encode nothing": (
        lambda: base64url.encode(None),
        f"base64url writes bytes; this is {NOTHING}. Text has .encode()",
    ),
    "decode bytes": (lambda: base64url.decode(b"a"), f"base64url is text; this is {BYTES}"),
    "decode nothing": (lambda: base64url.decode(None), f"base64url is text; this is {NOTHING}"),
    # signing
    "header": (
        lambda: jwtlab.issue(CLAIMS, KEY, alg="ES256", header=["typ"]),
        f"the header must be an object (dict), not {LIST}",
    ),
    "empty header": (
        lambda: jwtlab.issue(CLAIMS, KEY, alg="ES256", header=()),
        "the header must be an object (dict), not a tuple",
    ),
    "claims": (
        lambda: jwtlab.issue("{}", KEY, alg="ES256"),
        f"the claims must be an object (dict), not {TEXT}",
    ),
    "key to sign with": (
        lambda: jwtlab.issue(CLAIMS, KEY.to_jwk(private=True), alg="ES256"),
        f"the key must be a Key; this is {OBJECT}. Key.generate('ES256') makes one",
    ),
    "set to sign with": (
        lambda: jws.sign(b"", KeySet([KEY]), alg="RS256"),
        "the key must be a Key; this is a KeySet. Key.generate('RS256') makes one",
    ),
    "payload": (
        lambda: jws.sign(CLAIMS, KEY, alg="ES256"),
        f"a payload is bytes; this is {OBJECT}. For claims there is jwtlab.issue",
    ),
    "payload of text": (
        lambda: jws.sign("a", KEY, alg="ES256"),
        f"a payload is bytes; this is {TEXT}. For claims there is jwtlab.issue",
    ),
    "alg said twice": (
        lambda: jws.sign(b"", KEY, alg="ES256", header={"alg": "HS256"}),
        "the header says alg 'HS256' and the call says 'ES256'; say it once, in alg=",
    ),
    # what is written
    "nested": (
        lambda: strict_json.write(deep(), "claims"),
        "the claims: brackets nest too deeply to be written as JSON, more than 200 levels",
    ),
    "half a character": (
        lambda: strict_json.write({"a": "\ud800"}, "header"),
        "the header cannot be written as JSON: 'utf-8' codec can't encode character '\\ud800' in position 6: "
        "surrogates not allowed",
    ),
    "date without a zone": (
        lambda: strict_json.write({"exp": PLAIN_TIME}, "claims"),
        "claims['exp'] is a datetime without a time zone, so nobody can tell which instant it means; write "
        "datetime.now(timezone.utc)",
    ),
    "name of a member": (
        lambda: strict_json.write({"a": [{1: 2}]}, "claims"),
        f"claims['a'][0]: JSON names are text; 1 is {NUMBER}",
    ),
    "name of a claim": (
        lambda: strict_json.write({None: 2}, "claims"),
        f"claims: JSON names are text; None is {NOTHING}",
    ),
    "infinite": (
        lambda: strict_json.write({"a": [0.0, float("inf")]}, "claims"),
        "claims['a'][1] is inf; JSON has no such number",
    ),
    "no number": (
        lambda: strict_json.write({"a": float("nan")}, "claims"),
        "claims['a'] is nan; JSON has no such number",
    ),
    "bytes in claims": (
        lambda: strict_json.write({"a": {"b": b""}}, "claims"),
        f"claims['a']['b'] is {BYTES}; JSON knows text, numbers, true, false, null, lists, objects",
    ),
    # verifying
    "algorithms as text": (lambda: allow_list("ES256"), NO_LIST + TEXT),
    "algorithms as bytes": (lambda: allow_list(b"ES256"), NO_LIST + BYTES),
    "algorithms missing": (lambda: allow_list(None), NO_LIST + NOTHING),
    "no algorithms": (
        lambda: verify(algorithms=[]),
        'algorithms is empty, so no token could ever pass; name those you use, such as ["ES256"]',
    ),
    "key as text": (lambda: verify(keys="secret"), NO_KEY.format(TEXT)),
    "key as bytes": (lambda: verify(keys=b"secret"), NO_KEY.format(BYTES)),
    "key as an object": (lambda: verify(keys=HALF.to_jwk()), NO_KEY.format(OBJECT)),
    "key missing": (lambda: verify(keys=None), NO_KEY.format(NOTHING)),
    "set of objects": (
        lambda: KeySet([HALF, HALF.to_jwk()]),
        f"a KeySet holds Key objects; this is {OBJECT}. Key.from_jwk(...) makes one",
    ),
    "issuer": (lambda: verifier(issuer=7), f"issuer is a text or a list of texts; this is {NUMBER}"),
    "issuer in bytes": (
        lambda: verifier(issuer=b"a"),
        f"issuer is a text or a list of texts; this is {BYTES}",
    ),
    "issuer as an object": (
        lambda: verifier(issuer={"a": 1}),
        f"issuer is a text or a list of texts; this is {OBJECT}",
    ),
    "no issuer": (lambda: verifier(issuer=[]), "issuer is a text or a list of texts that is not empty"),
    "audience": (
        lambda: verifier(audience=True),
        "audience is a text or a list of texts; this is true or false (bool)",
    ),
    "one audience of two": (
        lambda: verifier(audience=["a", None]),
        "audience is a text or a list of texts that is not empty",
    ),
    "typ": (lambda: verifier(typ=["JWT"]), f"typ is a text such as 'at+jwt'; this is {LIST}"),
    "leeway": (lambda: verifier(leeway=-1), "leeway forgives clocks that differ; it is not negative"),
    "nearly no leeway": (
        lambda: verifier(leeway=-0.001),
        "leeway forgives clocks that differ; it is not negative",
    ),
    "leeway as text": (
        lambda: verifier(leeway="1"),
        f"leeway is a number of seconds or an aware datetime; this is {TEXT}",
    ),
    "what a verifier has not": (
        lambda: verifier().replace(issuers="a"),
        "a verifier has no 'issuers'; it has: keys, algorithms, issuer, audience, typ, leeway, policy",
    ),
    # times
    "no time": (lambda: verify(now=None), NO_TIME),
    "time without a zone": (lambda: verify(now=PLAIN_TIME), NO_ZONE),
    "time as text": (lambda: verify(now="1"), IS_NUMBER + TEXT),
    "time as truth": (lambda: verify(now=True), IS_NUMBER + "true or false (bool)"),
    "time in milliseconds": (
        lambda: verify(now=LAB.now * 1000),
        "now lies beyond the year 9999; it counts seconds, not milliseconds",
    ),
    "time before 1970": (lambda: times.as_instant(-1, "now"), "now lies between 1970 and 9999"),
    # keys
    "bits as truth": (
        lambda: Key.generate("RS256", bits=True),
        "bits is a whole number, 8 or more; leave it out for the usual size",
    ),
    "bits too few": (
        lambda: Key.generate("HS256", bits=7),
        "bits is a whole number, 8 or more; leave it out for the usual size",
    ),
    # policies
    "check twice": (
        lambda: Policy((CHECK, CHECK), "p"),
        "a policy names each check once, not twice; duplicate: a",
    ),
    "check that is not there": (lambda: Policy((CHECK,))["b"], "there is no check 'b' here; there are: a"),
}


def said(call):
    with pytest.raises(UsageError) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("what", CALLS)
def test_call_that_is_wrong_in_itself(what):
    call, words = CALLS[what]
    assert said(call) == words


def test_rsa_key_that_nobody_makes():
    assert said(lambda: Key.generate("RS256", bits=8)).startswith("an RSA key of 8 bits cannot be made: ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none", "'none' means 'no signature'; it is no algorithm here"),
        ("NonE", "'NonE' means 'no signature'; it is no algorithm here"),
        (None, f"there is no algorithm {NOTHING}; there are: {', '.join(ALGORITHMS)}"),
        (["ES256"], f"there is no algorithm {LIST}; there are: {', '.join(ALGORITHMS)}"),
        ("es256", f"there is no algorithm 'es256'; there are: {', '.join(ALGORITHMS)}"),
    ],
)
def test_name_of_no_algorithm(name, words):
    for call in (
        lambda: Algorithm.named(name),
        lambda: allow_list(["HS256", name]),
        lambda: jwtlab.issue(CLAIMS, KEY, alg=name),
        lambda: verify(good_token(), algorithms=["ES256", name]),
    ):
        with pytest.raises(UnknownAlgorithm) as caught:
            call()
        assert str(caught.value) == words


def test_bytes_that_may_be_changed_are_bytes_too():
    assert base64url.encode(bytearray(b"ab")) == "YWI"
    assert jws.verify(jws.sign(bytearray(b"ab"), KEY, alg="ES256"), HALF, algorithms=["ES256"]) == b"ab"


def test_a_row_of_an_algorithm_finds_the_others_too():
    assert ALGORITHMS["ES256"].named("HS256") is Algorithm.named("HS256") is ALGORITHMS["HS256"]
