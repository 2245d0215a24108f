"""What lessons 27, 31 and 33 ask a reader to try in a stepper comes out as they say."""

from __future__ import annotations

import json

import pytest

from jwtlab.widgets import FlowStepper


def upto(flow, number, **options):
    """A stepper in which message ``number`` is about to be sent."""
    stepper = FlowStepper(flow, **options)
    while len(stepper.session.trace) + 1 < number:
        stepper.act("next")
    assert len(stepper.session.trace) + 1 == number
    return stepper


def place(stepper, name):
    return next((where, i, value) for i, (where, each, value) in enumerate(stepper.fields) if each == name)


def value(stepper, name):
    return place(stepper, name)[2]


def changed(stepper, name, text):
    where, index, _ = place(stepper, name)
    stepper.act("edit", text, f"{where}:{index}")
    stepper.act("next")
    return stepper


def without(stepper, name):
    stepper.act("drop", str(place(stepper, name)[1]))
    stepper.act("next")
    return stepper


def message(stepper, number):
    return stepper.session.trace[number - 1]


def error(stepper, number):
    return json.loads(message(stepper, number).response.body)["error"]


def another(text):
    return text[:-1] + ("x" if text[-1] != "x" else "y")


def test_27_the_second_application_asks_for_a_yes_and_for_no_password():
    stepper = upto("single-sign-on", 11)
    stepper.act("next")
    assert b"Allow Calendar app?" in message(stepper, 11).response.body
    stepper = without(upto("single-sign-on", 11), "Cookie")
    assert b"Password" in message(stepper, 11).response.body


def test_27_log_out_goes_to_a_registered_address_and_needs_a_hint():
    stepper = upto("single-sign-on", 19)
    stepper = changed(
        stepper, "post_logout_redirect_uri", another(value(stepper, "post_logout_redirect_uri"))
    )
    assert not message(stepper, 19).response.location
    stepper = without(upto("single-sign-on", 19), "id_token_hint")
    assert b"Log out?" in message(stepper, 19).response.body


def test_27_an_id_token_is_no_logout_token_for_two_reasons():
    stepper = FlowStepper("single-sign-on", attack="logout-token-forgery")
    stepper.act("run")
    assert message(stepper, 15).response.status == 200
    stepper.act("world", "sound")
    stepper.act("run")
    assert message(stepper, 15).refused_by == ("type-expected",)
    stepper.act("switch", False, "Notes app|type-expected")
    stepper.act("reset")
    stepper.act("run")
    assert message(stepper, 15).response.status == 400
    assert message(stepper, 15).refused_by


def test_31_a_code_that_no_device_shows():
    stepper = upto("device", 5)
    stepper = changed(stepper, "user_code", "XXXX-XXXX")
    assert b"No device shows this code now" in message(stepper, 5).response.body


def test_31_phishing_stops_at_a_page_that_names_the_device():
    stepper = FlowStepper("device", attack="device-phishing")
    stepper.act("world", "sound")
    stepper.act("run")
    assert b"Connect Television?" in message(stepper, 3).response.body


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("scope", "notes:read notes:write", "invalid_scope"),
        ("audience", "https://api.example", "invalid_target"),
    ],
)
def test_31_an_exchange_gives_no_more(name, text, expected):
    assert error(changed(upto("token-exchange", 12), name, text), 12) == expected


def test_31_the_archive_refuses_the_token_of_the_api():
    stepper = upto("token-exchange", 12)
    received = value(stepper, "subject_token")
    stepper.act("next")
    assert (
        "audience-expected" in message(changed(stepper, "Authorization", f"Bearer {received}"), 13).refused_by
    )


def test_33_a_pushed_request_is_judged_at_once_and_belongs_to_its_client():
    stepper = upto("par", 2)
    stepper = changed(stepper, "redirect_uri", another(value(stepper, "redirect_uri")))
    assert (message(stepper, 2).response.status, len(stepper.session.trace)) == (400, 2)
    assert message(changed(upto("par", 3), "client_id", "game"), 3).response.status == 400
    stepper = upto("par", 3)
    stepper = changed(stepper, "request_uri", another(value(stepper, "request_uri")))
    assert message(stepper, 3).response.status == 400


def test_33_a_token_without_a_proof_is_bound_to_nothing():
    stepper = without(upto("dpop", 6), "DPoP")
    assert json.loads(message(stepper, 6).response.body)["token_type"] == "Bearer"


def test_33_a_bound_token_needs_a_proof_and_the_right_one():
    stepper = without(upto("dpop", 9), "DPoP")
    stepper.act("run")
    assert message(stepper, 9).refused_by == ("dpop-one",)
    assert [each.request.path for each in stepper.session.trace][-2:] == ["/token", "/notes"]
    proof = value(upto("dpop", 6), "DPoP")
    assert "dpop-method" in message(changed(upto("dpop", 9), "DPoP", proof), 9).refused_by


def test_33_a_nonce_is_asked_for_and_mends_no_other_error():
    stepper = upto("dpop", 7, nonce=True)
    assert error(stepper, 6) == "use_dpop_nonce"
    stepper = changed(stepper, "DPoP", another(value(stepper, "DPoP")))
    assert error(stepper, 7) == "invalid_dpop_proof"
    assert not [each for each in list(stepper.session.trace)[7:] if each.request.path == "/token"]
