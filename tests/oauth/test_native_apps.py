"""Phones, web views and terminals of lesson 45: each attack, and its mend."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab.oauth.native_apps import App, Phone, code_taken, device_phishing, impersonation, web_view


@pytest.fixture
def world():
    return jwtlab.Lab().world("native apps")


@pytest.mark.parametrize(
    ("how", "app", "succeeded"),
    [
        ({"verifier": False}, "Mallory's torch", True),
        ({"verifier": True}, "Mallory's torch", False),
        ({"verifier": False, "claimed": True}, "Phone app", False),
        ({"verifier": True, "claimed": True}, "Phone app", False),
    ],
)
def test_code_that_another_app_gets(world, how, app, succeeded):
    told = code_taken(world, **how)
    assert (told.received_by, told.succeeded) == (app, succeeded)


@pytest.mark.parametrize(
    ("how", "succeeded"), [({}, True), ({"claimed": True}, False), ({"asks_again": True}, False)]
)
def test_app_that_pretends_to_be_another(world, how, succeeded):
    assert impersonation(world, **how).succeeded is succeeded


def test_web_view_sees_password_and_session(world):
    seen = web_view(world)
    assert seen["password"] == "wonderland"
    assert "__Host-session" in seen


@pytest.mark.parametrize("allows", [True, False])
def test_device_grant_turned_round(world, allows):
    shown, told = device_phishing(world, alice_allows=allows)
    assert told.succeeded is allows
    assert "Television" in shown


def test_host_vouches_for_its_app_alone():
    phone = Phone({"bank.example": ("Bank",)})
    bank = phone.install(App("Bank", ("com.bank",), ("bank.example",)))
    torch = phone.install(App("Torch", ("com.bank",), ("bank.example", "other.example")))
    assert phone.candidates("https://bank.example/x") == [bank]
    assert phone.candidates("com.bank:/x") == [bank, torch]
    for address in ("https://other.example/", "http://bank.example/", "com.game:/x"):
        assert phone.open(address) is None
    assert phone.open("com.bank:/x") is torch
    assert torch.opened == ["com.bank:/x"]
