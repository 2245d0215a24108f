"""The settings of a client application: a value that is checked, and that nobody changes afterwards."""

from __future__ import annotations

import ast
import dataclasses
import json
from pathlib import Path

import pytest

import jwtlab
from jwtlab import Key, Lab, UsageError
from jwtlab.oauth.client import ClientApplication, ClientSettings
from jwtlab.oauth.client.settings import FEATURES
from jwtlab.oauth.world import APP

ROOMS = ("flows", "attacks", "mishaps", "native_apps", "client")
PACKAGE = Path(jwtlab.__file__).parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
KEY = Key.generate("ES256")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"scope": None}, "scope is a text"),
        ({"scope": ["openid"]}, "scope is a text"),
        ({"scope": "openid  profile"}, "scope: '' is no scope"),
        ({"scope": 'no"tes'}, "scope: 'no\"tes' is no scope"),
        ({"response_type": "cod"}, "response_type: there is no 'cod'; there are: 'code'"),
        ({"response_type": None}, "response_type: there is no None"),
        ({"response_mode": "post"}, "response_mode: there is no 'post'; there are: query"),
        ({"response_mode": []}, "response_mode: there is no"),
        ({"features": "pkce"}, "features is a set of names"),
        ({"features": None}, "features is a set of names"),
        ({"features": {"pcke"}}, "features: there is no 'pcke'; there are: state, pkce, nonce, par"),
        ({"features": [["pkce"]]}, "features: there is no"),
        ({"dpop_key": "secret"}, "dpop_key is a jwtlab.Key"),
        ({"dpop_key": Key.from_secret(b"x" * 32)}, "dpop_key is the private half of a key pair"),
        ({"dpop_key": KEY.public()}, "dpop_key is the private half of a key pair"),
        ({"extra": [("prompt", "none")]}, "extra is a mapping"),
        ({"extra": {"max_age": 60}}, "extra: a parameter is a text"),
        ({"extra": {"state": "x"}}, "extra: the application writes 'state' by itself"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_wrong_value_gets_a_sentence_that_names_it(wrong, named):
    with pytest.raises(UsageError) as made:
        ClientSettings(**wrong)
    with pytest.raises(UsageError) as replaced:
        ClientSettings().replace(**wrong)
    assert str(made.value) == str(replaced.value)
    assert named in str(made.value)


def test_a_setting_that_nobody_knows_is_named_with_those_there_are():
    with pytest.raises(UsageError, match="there is no setting 'scopes'; there are: scope, response_type"):
        ClientSettings().replace(scopes="openid")
    with pytest.raises(UsageError, match="there is no 'jarm'"):
        ClientSettings().takes("jarm")


def test_the_words_of_a_response_type_come_in_any_order():
    assert ClientSettings(response_type="id_token code").asks_for_code


def test_settings_are_a_value():
    extra, features = {"prompt": "none"}, {"pkce"}
    settings = ClientSettings(extra=extra, features=features, dpop_key=KEY)
    extra["prompt"] = "login"
    features.add("par")
    assert settings == ClientSettings(extra={"prompt": "none"}, features=("pkce",), dpop_key=KEY)
    other = settings.replace(scope="profile")
    assert (other.scope, other.dpop_key) == ("profile", KEY)
    assert settings.scope == ClientSettings().scope


def test_nobody_sets_an_attribute_of_settings_or_application():
    app = Lab().world().app
    for thing, name in (
        *((app.settings, each.name) for each in dataclasses.fields(ClientSettings)),
        (app.settings, "scopes"),
        *((app, each.name) for each in dataclasses.fields(ClientApplication)),
        (app, "scope"),
    ):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):  # slots: CPython issue 90562
            setattr(thing, name, "x")
    with pytest.raises(TypeError):
        app.settings.extra["prompt"] = "none"


def test_other_settings_leave_everybody_logged_in():
    world = Lab().world()
    alice = world.browser("alice")
    alice.open(f"{APP}/login")
    alice.follow_all()
    alice.submit({"username": "alice", "password": world.people["alice"].password})
    alice.submit(press="Allow")
    alice.follow_all()
    before = world.app
    after = world.configure(ClientSettings(scope="profile", features=FEATURES))
    assert after is world.app is not before
    assert "Hello Alice" in alice.open(f"{APP}/").text_shown
    asked = alice.open(f"{APP}/login")
    assert "request_uri=" in asked.redirect


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_shows_in_the_request(feature):
    """What is not taken is not sent."""
    world = Lab().world()
    sent = {"state": "state", "pkce": "code_challenge", "nonce": "nonce", "par": "request_uri"}
    with_it = ClientSettings(features={feature, "pkce"})  # without PKCE, nothing is taken by PAR
    for settings, expected in ((with_it, True), (ClientSettings(features=set(FEATURES) - {feature}), False)):
        world.configure(settings)
        address = world.browser("alice").open(f"{APP}/login").redirect
        pushed = next((e.request for e in reversed(world.network.trace) if e.request.path == "/par"), None)
        names = address if not settings.takes("par") or feature == "par" else f"{pushed.body!r}"
        assert (f"{sent[feature]}=" in names) == expected


def test_no_scope_leaves_the_parameter_out():
    world = Lab().world()
    world.configure(ClientSettings(scope=""))
    assert "scope=" not in world.browser("alice").open(f"{APP}/login").redirect


# Nobody configures by setting attributes


def attributes_set(source):
    """What a text of Python assigns to, on anything but ``self``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("setattr", "delattr"):
            yield ast.unparse(node)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            owner = ast.unparse(node.value)
            if owner != "self":
                yield ast.unparse(node)


def test_the_search_finds_each_way_of_setting_an_attribute():
    for line in ("a.b = 1", "a.b, c = 1, 2", "a.b += 1", "a.b: int = 1", "setattr(a, 'b', 1)", "del a.b"):
        assert list(attributes_set(line)), line
    assert not list(attributes_set("self.b = a.b"))


@pytest.mark.parametrize("room", ROOMS)
def test_flows_are_configured_by_values(room):
    files = sorted((PACKAGE / "oauth" / room).glob("*.py"))
    assert files
    found = {file.name: list(attributes_set(file.read_text(encoding="utf-8"))) for file in files}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("file", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda file: file.stem)
def test_lessons_configure_the_worlds_applications_by_values(file):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not source.startswith("%"):
            parts = [each for each in attributes_set(source) if ".app." in each or ".calendar." in each]
            assert parts == [], cell["id"]
