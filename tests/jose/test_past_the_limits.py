"""Every limit of length and depth: as much as it may be, one more, and far more; told with the right number."""

from __future__ import annotations

import pytest
from material import CLAIMS, EXPECTED, forge, nameless

import jwtlab
from jwtlab import InvalidKey, Key, base64url
from jwtlab.errors import UsageError
from jwtlab.jose import key_text, strict_json, times
from jwtlab.jose.token import read

KEY = nameless("ES256")


def fault(text, check):
    found = read(text).fault(check)
    return found and found.message


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 65_538, 700_000, 1_048_576, 1_048_577, 5_000_000])
def test_length_of_a_token(length):
    text = "a" * length
    said = f"{length:,} characters; the limit is 65,536, many times what a header line carries"
    assert fault(text, "token-size") == (said if length > 65_536 else None)
    looked_at = fault(text, "compact-form")
    assert (looked_at == "longer than 1,048,576 characters: not even looked at") == (length > 1_048_576)
    assert (looked_at is None) == (65_536 < length <= 1_048_576)  # one fault is enough


@pytest.mark.parametrize("depth", [1, 2, 31, 32, 33, 34, 64, 5_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_depth_of_json(depth, brackets):
    opening, closing = ('{"a":', "}") if brackets == "{}" else ("[", "]")
    text = '{"a":' + opening * (depth - 1) + "1" + closing * (depth - 1) + "}"
    for octets in (
        text.encode(),
        text.replace("a", "\\u0061").encode(),
    ):  # read at once, and looked at closely
        said = strict_json.read(octets).fault
        assert said == (f"nested {depth} levels deep; 32 are enough for any token" if depth > 32 else "")
        assert (strict_json.read(octets).value is None) == (depth > 32)


@pytest.mark.parametrize("depth", [31, 32, 33, 40])
@pytest.mark.parametrize("beside", [1, 2, 40, 500])
def test_depth_is_counted_whatever_stands_beside(depth, beside):
    """What opens and closes before counts for nothing, in whichever brackets, and neither does what is in a text."""
    deep = "[" * (depth - 1) + "]" * (depth - 1)
    for before in ("[]", "{}", '{"b":[]}', '"[[{"', '"]]}\\"]"'):
        for text in (
            f'{{"a":[{f"{before}," * beside}1],"c":{deep}}}',
            f'{{"c":{deep},"a":[{f"{before}," * beside}1]}}',
        ):
            said = strict_json.read(text.encode()).fault
            assert said == (f"nested {depth} levels deep; 32 are enough for any token" if depth > 32 else "")


@pytest.mark.parametrize("length", [1, 1_000, 1_023, 1_024, 1_025, 1_026, 10_000])
def test_header_is_judged_alike_whether_it_is_kept_or_too_long_to_be_kept(length):
    for _ in range(2):
        header = {"alg": "ES256", "x": "x" * length}
        for claims, id_ in ((CLAIMS, None), (CLAIMS | {"iss": "mallory"}, "issuer-expected")):
            token = forge(header, claims, KEY, "ES256")
            report = jwtlab.verify(token, KEY.public(), algorithms=["ES256"], **EXPECTED)
            assert (report.first_failure and report.first_failure.id) == id_
            assert report["signature-valid"].passed
            assert jwtlab.decode(token).header == header


def test_header_that_was_kept_is_nobody_else_s_to_change():
    token = forge({"alg": "ES256", "x": "1"}, CLAIMS, KEY, "ES256")
    for _ in range(3):
        header = read(token).header
        assert header == {"alg": "ES256", "x": "1"}
        header["alg"] = "none"
    nested = forge({"alg": "ES256", "x": {"y": [1]}}, CLAIMS, KEY, "ES256")
    for _ in range(3):
        header = read(nested).header
        assert header["x"] == {"y": [1]}
        header["x"]["y"].append(2)


@pytest.mark.parametrize("length", [1_048_575, 1_048_576, 1_048_577, 1_048_578, 4_000_000])
def test_length_of_a_text_that_may_be_a_key(length):
    pem = KEY.public().to_pem()
    found = key_text.recognise(pem + b" " * (length - len(pem)))
    assert (found is not None) == (length <= 1_048_576)


@pytest.mark.parametrize("length", [31, 32, 33, 34, 64, 320])
@pytest.mark.parametrize("member", ["x", "y", "d"])
def test_length_of_a_coordinate(length, member):
    jwk = KEY.to_jwk(private=True) | {member: base64url.encode(b"\1" * length)}
    said = f"has {length} bytes; on P-256 it has 32 (RFC 7518 §6.2.1, RFC 8037 §2)"
    if length == 32:
        assert len(Key.from_jwk(jwk).octets[member]) == 32
        return
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk(jwk)
    assert str(caught.value) == f"JWK of kty 'EC': member {member!r} {said}"


@pytest.mark.parametrize(
    "value", [253_402_300_799, 253_402_300_800, 253_402_300_801, 1e12, 1e15, 1e299, 1e300, 1e308]
)
def test_dates_up_to_the_last_second_of_the_year_9999(value):
    good = value <= 253_402_300_799
    assert times.is_numeric_date(value) == good
    token = forge({"alg": "ES256"}, CLAIMS | {"exp": value}, KEY, "ES256")
    report = jwtlab.verify(token, KEY.public(), algorithms=["ES256"], **EXPECTED)
    assert report.accepted == good
    if not good:
        milliseconds = value / 1000 <= 253_402_300_799
        assert report.first_failure.reason == (
            "exp lies beyond the year 9999: these look like milliseconds; a NumericDate counts seconds"
            if milliseconds
            else "exp is no date between 1970 and 9999"
        )


@pytest.mark.parametrize(("length", "times_read"), [(44, 1), (1_023, 1), (1_024, 1), (1_026, 2), (4_000, 2)])
def test_header_that_is_no_longer_than_a_kilobyte_is_read_once(length, times_read, monkeypatch):
    """An issuer writes the same few headers over and over; of long ones nothing is kept."""
    octets = length * 3 // 4
    header = b'{"alg":"ES256","x":"' + f"{length}".encode().rjust(octets - 22, b"x") + b'"}'
    assert (len(header), len(base64url.encode(header))) == (octets, length)
    tokens = [forge(header, CLAIMS | {"sub": sub}, KEY, "ES256") for sub in ("alice", "bob")]
    seen, read_sound = [], strict_json.read_sound
    monkeypatch.setattr(strict_json, "read_sound", lambda octets: seen.append(octets) or read_sound(octets))
    for token in tokens:
        assert read(token).faults == ()
    assert len({each for each in seen if each == header}) == 1
    assert min(seen.count(header), 2) == times_read


@pytest.mark.parametrize(
    ("levels", "is_written"), [(199, True), (200, True), (201, False), (900, False), (100_000, False)]
)
def test_what_is_written_has_one_depth_on_every_python(levels, is_written):
    """The claims themselves are the first level. Python 3.14 writes, by itself, what 3.11 gives up on."""
    value = 1
    for _ in range(levels - 1):
        value = [value]
    if is_written:
        assert strict_json.write({"a": value}, "claims").count(b"[") == levels - 1
    else:
        with pytest.raises(UsageError, match=r"the claims: brackets nest too deeply .* 200 levels"):
            strict_json.write({"a": value}, "claims")
