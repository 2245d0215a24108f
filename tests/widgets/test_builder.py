"""TokenBuilder: it signs what stands in the form, says why it cannot, and never verifies."""

from __future__ import annotations

import ast
import inspect
import json

import pytest
from page import Page

import jwtlab
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.widgets import TokenBuilder, builder

lab = jwtlab.Lab()


def line(form: TokenBuilder, name: str) -> str:
    """Where a claim stands: ``"claim:3"``."""
    return f"claim:{[each for each, _ in form.claim_pairs].index(name)}"


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_token_verifies_for_every_algorithm(alg):
    form = TokenBuilder(alg=alg, lab=lab)
    assert form.problem == ""
    report = lab.verify(form.token, algorithms=[alg])
    assert report.accepted
    assert report.claims == form.claims
    assert "✓ Signed" in Page(form.html).text


def test_changing_the_algorithm_signs_anew_with_the_fitting_key():
    form = TokenBuilder(lab=lab)
    for alg in ALGORITHMS:
        form.act("alg", alg)
        assert lab.verify(form.token, algorithms=[alg]).accepted


def test_every_key_stroke_gives_the_token_of_the_form():
    form = TokenBuilder(lab=lab)
    for value in ("b", "bo", "bob"):
        form.act("value", value, line(form, "sub"))
        assert lab.verify(form.token).claims["sub"] == value
        assert Page(form.html).text.count(form.token.split(".")[1]) >= 1
    form.act("name", "username", line(form, "sub"))
    assert "sub" not in lab.verify(form.token).claims
    form.act("remove", "", line(form, "username"))
    assert "username" not in lab.verify(form.token).claims


def test_lines_are_added_with_a_sensible_value():
    form = TokenBuilder({"sub": "alice"}, lab=lab)
    for name in ("iss", "aud", "iat", "nbf", "exp", "jti", "admin"):
        assert f"+ {name} " in Page(form.html).text + " "
        form.act("add", name, "claim")
        assert f">+ {name}<" not in form.html
    claims = lab.verify(form.token).claims
    assert claims["exp"] == lab.now + 900
    assert claims["admin"] is True
    form.act("add", "", "header")
    form.act("name", "kid", f"header:{len(form.header_pairs) - 1}")
    form.act("value", "k-1", f"header:{len(form.header_pairs) - 1}")
    assert jwtlab.decode(form.token).header["kid"] == "k-1"


def test_empty_line_is_left_out_of_the_token():
    form = TokenBuilder({"sub": "alice"}, lab=lab)
    form.act("add", "", "claim")
    assert form.claims == {"sub": "alice"}
    assert form.problem == ""


TYPED = {
    "bob": "bob",
    "42": 42,
    "1.5": 1.5,
    "true": True,
    "null": None,
    '"42"': "42",
    '["a", "b"]': ["a", "b"],
    '{"a": 1}': {"a": 1},
    "True": "True",
    "01": "01",
    "": "",
    "{broken": "{broken",
    "ä ☃": "ä ☃",
}


@pytest.mark.parametrize("typed", TYPED)
def test_json_is_taken_as_json_and_the_rest_as_text(typed):
    form = TokenBuilder({"x": "y"}, lab=lab)
    form.act("value", typed, "claim:0")
    assert jwtlab.decode(form.token).claims == {"x": TYPED[typed]}


@pytest.mark.parametrize("value", TYPED.values(), ids=repr)
def test_claims_survive_the_way_through_the_form(value):
    assert jwtlab.decode(TokenBuilder({"x": value}).token).claims == {"x": value}


# What may not be


def refused(form: TokenBuilder) -> str:
    """The problem, after a look that nothing was signed and that the page says so."""
    page = Page(form.html)
    assert form.token == ""
    assert "Not signed" in page.text
    assert "Signed" not in page.text.replace("Not signed", "").replace("How it is signed", "")
    assert [e.text for e in page.all("p") if "jl-note" in e.attributes["class"]] == [form.problem]
    return form.problem


def test_name_that_stands_there_twice_is_refused():
    form = TokenBuilder({"sub": "alice"}, lab=lab)
    form.act("add", "sub", "claim")
    assert "'sub' appears there twice" in refused(form)
    form.act("name", "other", "claim:1")
    assert form.token
    form.act("add", "typ", "header")
    assert "'typ' appears there twice" in refused(form)


def test_public_key_cannot_sign():
    form = TokenBuilder(lab=lab)
    form.act("key_choice", "public")
    assert "public" in refused(form)


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES384", "EdDSA"])
def test_key_of_another_algorithm_is_refused_by_name(alg):
    form = TokenBuilder(alg=alg, lab=lab)
    form.act("key_choice", "lab:HS256" if alg == "RS256" else "lab:RS256")
    assert alg in refused(form)
    form.act("key_choice", "lab")
    assert form.problem == ""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "no key yet"),
        ("{", "a JWK is a JSON object"),
        ('{"keys": []}', "a set without a key"),
        ('{"keys": [{"kty": "odd"}]}', "kty 'odd'"),
        ('{"kty": "RSA"}', "member 'n' is missing"),
        ("-----BEGIN nonsense", "this is no PEM key"),
        ("a shared secret", "ES256 takes an EC key on P-256"),
    ],
)
def test_key_that_cannot_sign_is_explained(key, words):
    form = TokenBuilder(lab=lab)
    form.act("key_choice", "own")
    form.act("key", key)
    assert words in refused(form)


@pytest.mark.parametrize("value", ["NaN", "1e999", '{"a": -Infinity}', '"\\ud800"', "[" * 900 + "]" * 900])
def test_value_that_json_cannot_hold_is_explained(value):
    form = TokenBuilder({"x": 1}, lab=lab)
    form.act("value", value, "claim:0")
    assert refused(form).startswith(("claims['x']", "the claims"))


def test_header_cannot_name_another_algorithm():
    form = TokenBuilder({"sub": "alice"}, header={"alg": "none"}, lab=lab)
    assert "alg" in refused(form)


def test_own_key_signs():
    key = jwtlab.Key.generate("ES384")
    form = TokenBuilder(alg="ES384", key=key, lab=lab)
    assert jwtlab.jws.verify(form.token, key.public(), algorithms=["ES384"])
    form.act("alg", "HS256")
    refused(form)
    form.act("key", "a secret of at least thirty-two letters")
    secret = jwtlab.Key.from_secret("a secret of at least thirty-two letters")
    assert jwtlab.jws.verify(form.token, secret, algorithms=["HS256"])
    form.act("key_choice", "lab")
    assert "a secret of at least" not in form.html


def test_mallorys_token_is_signed_and_nobody_trusts_it():
    form = TokenBuilder(lab=lab)
    form.act("key_choice", "mallory")
    assert form.token
    assert not lab.verify(form.token).accepted


def test_key_chosen_is_always_the_key_that_signs():
    form = TokenBuilder(lab=lab)
    for alg in ALGORITHMS:
        form.act("key_choice", "lab:RS256" if form.alg != "RS256" else "lab:HS256")
        form.act("alg", alg)
        selected = [e for e in Page(form.html).all("option") if "selected" in e.attributes]
        assert [option.attributes["value"] for option in selected] == [alg, form.key_choice]


def test_expired_token_is_signed_all_the_same():
    # A builder judges nothing: what is in the form is what is signed.
    form = TokenBuilder(lab.claims(exp=0), lab=lab)
    assert form.problem == ""
    assert not lab.verify(form.token).accepted
    text = Page(form.html).text
    assert "expired" in text
    assert "Accepted" not in text
    assert "Refused" not in text


def test_builder_never_verifies(monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("a builder verifies nothing")

    for place, name in ((jwtlab.jose.jwt, "verify"), (jwtlab.jose.jws, "verify"), (Algorithm, "verify")):
        monkeypatch.setattr(place, name, never)
    form = TokenBuilder(lab=lab)
    for alg in ALGORITHMS:
        form.act("alg", alg)
        assert form.token
    names = {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(builder)))
        if isinstance(node, ast.Attribute)
    }
    assert "verify" not in names
    assert "It signs and never verifies" in Page(form.html).text


def test_what_readers_will_understand_is_the_lab_clocks_view():
    world = jwtlab.Lab()
    world.clock.advance(days=2)
    text = Page(TokenBuilder({"exp": world.now + 60, "note": "hi"}, lab=world).html).text
    assert "expires in 1 minute" in text
    assert "private claim" in text


def test_form_has_room_for_sixty_lines():
    form = TokenBuilder({}, lab=lab)
    for _ in range(70):
        form.act("add", "", "claim")
    assert len(form.claim_pairs) == 60


def test_unknown_algorithm_is_refused_at_once():
    with pytest.raises(jwtlab.UnknownAlgorithm):
        TokenBuilder(alg="none")


def test_demo_key_is_not_shown_in_the_form():
    form = TokenBuilder(alg="HS256", lab=lab)
    assert json.dumps(lab.key("HS256").to_jwk(private=True))[6:30] not in form.html
    assert form.key_text == ""
