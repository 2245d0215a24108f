"""TokenInspector: what is broken is said with its place, what is there is explained, any key is read."""

from __future__ import annotations

import json
import re

import pytest
from page import Page

import jwtlab
from jwtlab.jose.claims import CLAIMS
from jwtlab.jose.header_parameters import HEADER_PARAMETERS
from jwtlab.widgets import TokenInspector

lab = jwtlab.Lab()
KEY = lab.key("ES256")
TOKEN = lab.token()
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")


def spelled(octets: bytes) -> str:
    return jwtlab.base64url.encode(octets)


def text_of(inspector: TokenInspector) -> str:
    return Page(inspector.html).text


def rows(token: str, **more) -> dict[str, str]:
    """Name of a header parameter or claim → all that stands beside it."""
    elements = Page(TokenInspector(token, **more).html).all("dt", "dd")
    pairs = zip(elements[::2], elements[1::2], strict=True)
    return {name.text: " ".join(said.text.split()) for name, said in pairs}


def with_header(text: str | bytes) -> str:
    return f"{spelled(text) if isinstance(text, bytes) else text}.{PAYLOAD}.{SIGNATURE}"


def with_payload(text: str | bytes) -> str:
    return f"{HEADER}.{spelled(text) if isinstance(text, bytes) else text}.{SIGNATURE}"


def with_signature(text: str) -> str:
    return f"{HEADER}.{PAYLOAD}.{text}"


NOTHING = "there is nothing here; paste a token"
TWIN = SIGNATURE[:-1] + chr(ord(SIGNATURE[-1]) + 1)
DEEP = b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"

BROKEN = [
    ("", NOTHING, ""),
    (" \n ", NOTHING, ""),
    ("abcd", "one part; a signed token has three, joined by two dots (RFC 7515 §7.1)", ""),
    (f"{HEADER}.{PAYLOAD}", "two parts; a signed token has three", ""),
    (f"{TOKEN}.abcd", "4 parts; a signed token has three", ""),
    ("a.b.c.d.e.f", "more than five parts; a signed token has three", ""),
    ("a.b.c.d.e", "five parts: this is a JWE, an encrypted token (RFC 7516 §7.1)", ""),
    ('{"alg": "ES256"}', "this is JSON, not a compact token", ""),
    (TOKEN + "=", "character 87 is '=': JWS leaves the padding off", "signature, position 87"),
    (
        with_payload("ab+d"),
        "character 3 is '+', which is plain base64; base64url writes '-'",
        "payload, position 3",
    ),
    (with_payload("a/bd"), "base64url writes '_' there", "payload, position 2"),
    (with_header(f"{HEADER[:4]}\n{HEADER[4:]}"), "header: character 5 is white space", "header, position 5"),
    (with_signature(f"ä{SIGNATURE}"), "'ä', which is not in the base64url alphabet", "signature, position 1"),
    (with_signature(SIGNATURE[:-1]), "85 characters can be no base64url", "signature, position 86"),
    (with_signature(TWIN), "its last 4 bits belong to no byte and must be zero", "signature, position 86"),
    (with_header(b"alg=none"), "header: not JSON: expecting value at character 1", "header, position 1"),
    (with_payload(b"hello"), "payload: not JSON: expecting value at character 1", "payload, position 1"),
    (with_payload(b'{"sub":'), "at character 8, where the text ends", "payload, position 8"),
    (with_payload(b"ab\xff"), "payload: byte 3 is not UTF-8", "payload, position 3"),
    (with_payload(b"[1]"), "payload: JSON, but not an object in braces: it is a list", ""),
    (with_payload(b'{"a":1,"a":2}'), "payload: 'a' appears there twice", ""),
    (with_payload(b'{"a":NaN}'), "payload: NaN is no JSON number", ""),
    (with_payload(DEEP), "payload: nested 41 levels deep", ""),
    (with_payload(b""), "at character 1, where the text ends", "payload, position 1"),
]


def notes(inspector: TokenInspector) -> list[str]:
    return [e.text for e in Page(inspector.html).all("p") if "jl-note" in e.attributes.get("class", "")]


@pytest.mark.parametrize(("token", "message", "place"), BROKEN, ids=[message for _, message, _ in BROKEN])
def test_what_is_broken_is_said_with_its_place(token, message, place):
    (note,) = notes(TokenInspector(token))
    assert message in note
    assert re.findall(r"\((\w+, position \d+)\)", note) == ([place] if place else [])


def test_place_counts_from_one_as_people_do():
    for position in range(1, len(HEADER) + 1):
        token = f"{HEADER[: position - 1]}!{HEADER[position:]}.{PAYLOAD}.{SIGNATURE}"
        text = text_of(TokenInspector(token))
        assert f"character {position} is '!'" in text
        assert f"(header, position {position})" in text


def test_each_broken_part_has_its_note():
    said = notes(TokenInspector("!.a+b=.ä"))
    assert [note.split(":")[0] for note in said] == ["header", "payload", "signature"]


EVE = b'{"sub":"zaphod"}'
NONE = b'{"alg":"none"}'


def test_encrypted_token_shows_its_header_and_claims_nothing_more():
    header = spelled(b'{"alg":"RSA-OAEP","enc":"A256GCM"}')
    inspector = TokenInspector(f"{header}.{spelled(EVE)}.c.d.e", key=KEY.public())
    text = text_of(inspector)
    assert "Only whoever holds the decryption key can read it" in text
    assert "how the content is encrypted" in text
    assert "zaphod" not in text
    assert inspector.report is not None
    assert not inspector.report.accepted


def test_payload_that_is_no_json_is_shown_as_text():
    token = jwtlab.jws.sign("not claims: äöü".encode(), KEY, alg="ES256")
    assert "not claims: äöü" in text_of(TokenInspector(token))


def test_what_is_left_of_a_broken_token_is_still_shown():
    shown = rows(f"{HEADER}.{PAYLOAD}.{SIGNATURE}!")
    assert shown["sub"].startswith("alice")


REGISTERED = {
    "iss": ("who issued it", "RFC 7519 §4.1.1"),
    "sub": ("whom it is about", "RFC 7519 §4.1.2"),
    "aud": ("for whom it is meant", "RFC 7519 §4.1.3"),
    "exp": ("from when on it is no longer valid", "RFC 7519 §4.1.4"),
    "nbf": ("before when it is not yet valid", "RFC 7519 §4.1.5"),
    "iat": ("when it was issued", "RFC 7519 §4.1.6"),
    "jti": ("its own name, to recognise it a second time", "RFC 7519 §4.1.7"),
}


def test_registered_claims_are_those_of_the_rfc():
    assert {name for name, entry in CLAIMS.items() if entry.registered == "registered"} == set(REGISTERED)


@pytest.mark.parametrize("name", REGISTERED)
def test_registered_claim_is_explained_with_its_section(name):
    shown = rows(lab.token(nbf=lab.now))
    meaning, section = REGISTERED[name]
    assert meaning in shown[name]
    assert shown[name].endswith(section)


@pytest.mark.parametrize("name", [name for name in CLAIMS if name not in REGISTERED])
def test_public_claim_is_explained_with_its_source(name):
    said = rows(lab.token(**{name: 1_767_225_600}))[name]
    assert CLAIMS[name].meaning in said
    assert said.endswith(CLAIMS[name].spec)


@pytest.mark.parametrize("name", [name for name in HEADER_PARAMETERS if name not in ("alg", "b64", "crit")])
def test_header_parameter_is_explained_with_its_source(name):
    said = rows(jwtlab.issue({}, KEY, alg="ES256", header={name: "x"}))[name]
    assert HEADER_PARAMETERS[name].meaning in said
    assert said.endswith(HEADER_PARAMETERS[name].spec)


def test_other_names_are_told_apart():
    shown = rows(lab.token(shoe_size=42, **{"https://shop.example/rank": "gold", "urn:x:y": 1}))
    assert "private claim" in shown["shoe_size"]
    assert "RFC 7519 §4.3" in shown["shoe_size"]
    assert "RFC 7519 §4.2" in shown["https://shop.example/rank"]
    assert "RFC 7519 §4.2" in shown["urn:x:y"]


def test_algorithm_is_explained_and_none_is_a_warning():
    assert "RFC 7518 §3.4" in rows(TOKEN)["alg"]
    for none in ("none", "NoNe"):
        shown = rows(f"{spelled(json.dumps({'alg': none}).encode())}.{PAYLOAD}.")
        assert "no signature at all" in shown["alg"]
    text = text_of(TokenInspector(f"{spelled(NONE)}.{PAYLOAD}."))
    assert "nothing vouches for this token" in text


def test_signature_is_shown_in_the_numbers_of_its_algorithm():
    octets = jwtlab.decode(TOKEN).signature
    shown = rows(TOKEN)
    assert shown["r"] == f"{octets[:12].hex(' ')} … 32 bytes"
    assert shown["s"] == f"{octets[32:44].hex(' ')} … 32 bytes"
    assert {"R", "S"} <= set(rows(lab.token(alg="EdDSA")))
    assert rows(lab.token(alg="RS256"))["bytes"].endswith("256 bytes")
    assert rows(lab.token(alg="HS256"))["bytes"].endswith("32 bytes")


def test_dates_are_seen_from_the_labs_clock():
    world = jwtlab.Lab()
    token = world.token(nbf=world.now - 60, auth_time=world.now - 3600)
    shown = rows(token, lab=world)
    assert shown["exp"].startswith(f"{int(world.now) + 900} 1 Jan 2026, 00:15:00 UTC · expires in 15 minutes")
    assert "· now;" in shown["iat"]
    assert "1 minute ago" in shown["nbf"]
    assert "1 hour ago" in shown["auth_time"]
    assert "the lab's clock: 1 Jan 2026, 00:00:00 UTC" in text_of(TokenInspector(token, lab=world))
    world.clock.advance(minutes=15)
    assert "expired just now" in rows(token, lab=world)["exp"]
    world.clock.advance(days=1, hours=2)
    assert "expired 1 day 2 hours ago" in rows(token, lab=world)["exp"]
    assert "the lab's clock: 2 Jan 2026, 02:15:00 UTC" in text_of(TokenInspector(token, lab=world))


def test_dates_in_the_future_are_marked():
    shown = rows(lab.token(nbf=lab.now + 300, iat=lab.now + 60), lab=lab)
    assert "in 5 minutes: not yet" in shown["nbf"]
    assert "in 1 minute: not yet" in shown["iat"]
    assert 'class="jl-bad">in 5 minutes' in TokenInspector(lab.token(nbf=lab.now + 300)).html


@pytest.mark.parametrize("value", ['"soon"', "true", "null", "[]", "-1", "1e300", "1767225600000", "NaN"])
def test_what_is_no_date_is_said_to_be_none(value):
    token = jwtlab.jws.sign(f'{{"exp":{value}}}'.encode(), KEY, alg="ES256")
    assert "this is no NumericDate (seconds since 1970) RFC 7519 §2" in rows(token)["exp"]


@pytest.mark.parametrize("value", ["0", "253402300799", "1767225600.5"])
def test_dates_at_the_edges_are_dates(value):
    token = jwtlab.jws.sign(f'{{"exp":{value}}}'.encode(), KEY, alg="ES256")
    assert "UTC · exp" in rows(token)["exp"]


# The key field


def with_key(text: str, token: str = TOKEN, **more) -> TokenInspector:
    inspector = TokenInspector(token, lab=lab, **more)
    inspector.act("key", text)
    return inspector


def test_without_a_key_nothing_is_verified():
    for text in ("", "  \n"):
        inspector = with_key(text)
        assert inspector.report is None
        assert "Not verified" in text_of(inspector)
        assert "Cannot be read" not in text_of(inspector)


PUBLIC = KEY.public()
KEYS = {
    "JWK": json.dumps(PUBLIC.to_jwk()),
    "JWK, spread out": json.dumps(PUBLIC.to_jwk(), indent=4) + "\n\n",
    "JWK Set": json.dumps(jwtlab.KeySet([lab.key("RS256").public(), PUBLIC]).to_jwks()),
    "PEM": PUBLIC.to_pem().decode(),
    "PEM with space around": f"\n  {PUBLIC.to_pem().decode()}  ",
    "private JWK": json.dumps(KEY.to_jwk(private=True)),
}


@pytest.mark.parametrize("name", KEYS)
def test_key_is_read_and_verifies(name):
    inspector = with_key(KEYS[name])
    assert inspector.report.accepted
    text = text_of(inspector)
    assert "Accepted" in text
    assert "EC key on P-256" in text
    assert "taken as" not in text
    other = with_key(KEYS[name], lab.token(key=lab.key("ES256", "mallory")))
    assert not other.report.accepted
    assert "Refused" in text_of(other)


def test_what_a_set_holds_is_told():
    text = text_of(with_key(KEYS["JWK Set"]))
    assert "called 'lab-rs256'; " in text
    assert "called 'lab-es256'" in text
    odd = json.dumps({"keys": [{"kty": "odd"}, PUBLIC.to_jwk()]})
    inspector = with_key(odd)
    assert inspector.report.accepted
    assert f"ignored: {jwtlab.KeySet.from_jwks(odd).ignored[0]}" in text_of(inspector)
    assert with_key('{"keys": []}').report is None
    assert "a set without a key" in text_of(with_key('{"keys": []}'))


def test_secret_is_taken_as_text_or_as_base64url():
    octets = bytes(range(200, 232))
    token = lab.token(alg="HS256", key=jwtlab.Key.from_secret(octets))
    inspector = with_key(spelled(octets), token)
    page = Page(inspector.html)
    pressed = {b.attributes["data-value"]: b.attributes["aria-pressed"] for b in page.all("button")}
    assert pressed == {"text": "true", "base64url": "false"}
    assert not inspector.report.accepted
    inspector.act("secret_as", "base64url")
    assert inspector.report.accepted
    assert "a shared secret of 256 bits" in text_of(inspector)
    words = "a secret of more than thirty-two letters, as it stands"
    assert with_key(words, lab.token(alg="HS256", key=jwtlab.Key.from_secret(words))).report.accepted


NONSENSE = {
    "{": "a JWK is a JSON object; this is not JSON",
    '{"kty":"RSA"}': "member 'n' is missing (RFC 7518 §6)",
    '{"kid":"x"}': "the member 'kty' (key type) is missing",
    '{"kty":"odd"}': "kty 'odd' is not known",
    '{"keys":5}': "a JWK Set has a member 'keys' that is a list",
    '{"keys":[5]}': "keys[0]: a JWK is an object",
    '{"kty":"OKP","crv":"X25519","x":"AAAA"}': "curves that sign here are Ed25519",
    "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----": "a public key in PEM, but damaged",
    "-----BEGIN": "this is no PEM key that can be read",
}


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_the_key_field_is_named(text):
    inspector = with_key(text)
    assert inspector.report is None
    assert "Cannot be read." in text_of(inspector)
    assert NONSENSE[text] in text_of(inspector)


def test_secret_that_is_no_base64url_is_named():
    inspector = with_key("not base64url!")
    inspector.act("secret_as", "base64url")
    assert inspector.report is None
    assert "secret: character 4 is white space" in text_of(inspector)


def test_bare_secret_does_not_verify_a_token_of_a_key_pair():
    # Key confusion: the text of a public key is no shared secret.
    pem = PUBLIC.to_pem()
    forged = jwtlab.issue({"sub": "admin"}, jwtlab.Key.from_secret(b"s" * 32), alg="HS256")
    assert not with_key(pem.decode(), forged).report.accepted
    assert not with_key("s" * 32, TOKEN).report.accepted


def test_inspector_does_not_judge_what_depends_on_who_asks():
    foreign = lab.token(iss="https://else.example", aud="somebody else")
    inspector = with_key(KEYS["JWK"], foreign)
    assert inspector.report.accepted
    assert "issuer, audience and kind are not judged here" in text_of(inspector)


def test_inspector_judges_time_by_the_labs_clock():
    world = jwtlab.Lab()
    token = world.token()
    assert TokenInspector(token, key=PUBLIC, lab=world).report.accepted
    world.clock.advance(minutes=16)
    late = TokenInspector(token, key=PUBLIC, lab=world)
    assert late.report.first_failure.id == "not-expired"


def test_key_can_be_handed_over_as_an_object():
    for key, alg in ((PUBLIC, "ES256"), (KEY, "ES256"), (lab.keys(), "RS256"), (lab.key("HS256"), "HS256")):
        inspector = TokenInspector(lab.token(alg=alg), key=key, lab=lab)
        assert inspector.report.accepted
    assert '"d"' not in TokenInspector(TOKEN, key=KEY).key_text
