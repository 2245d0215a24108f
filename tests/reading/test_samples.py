"""The recordings that come along were made by a real Chromium, and are read as they should be."""

from __future__ import annotations

import json

import pytest

from jwtlab import UsageError
from jwtlab.oauth.reading.judging import numbers_of
from jwtlab.oauth.reading.recording import read_har
from jwtlab.oauth.reading.samples import NAMES, sample
from jwtlab.widgets import TraceReader

SAID = {"page-at-jwtlab-serve": ([], []), "lost-host-at-jwtlab-serve": (["login-host-same"], []),
        "app-at-oidc-provider": ([], ["frame-refused"])}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_is_chromium_s_and_small(name):
    log = json.loads(sample(name).read_text("utf-8"))["log"]
    assert log["browser"]["name"] == "chromium"
    assert sample(name).stat().st_size < 80_000
    assert "/home/" not in sample(name).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_judged_as_it_should_be(name):
    judgement = read_har(sample(name)).judgement
    causes = [
        each.id for each in judgement.failures if each.id not in ("cookie-returned", "application-accepts")
    ]
    assert (causes, [each.id for each in judgement.advice]) == SAID[name]


def test_its_first_wrong_message_is_the_redirect():
    first = read_har(sample("lost-host-at-jwtlab-serve")).judgement.first_wrong
    assert (first.id, numbers_of(first)) == ("login-host-same", (1, 2))


@pytest.mark.parametrize("name", NAMES)
def test_no_password_nor_code_nor_cookie_is_shown(name):
    raw = json.loads(sample(name).read_text("utf-8"))["log"]["entries"]
    secret = {"wonderland", "anything"} if name != "app-at-oidc-provider" else set()
    for each in raw:
        secret |= {cookie["value"] for side in ("request", "response") for cookie in each[side]["cookies"]}
        secret |= {pair["value"] for pair in each["request"]["queryString"]
                   if pair["name"] in ("code", "state", "nonce", "code_challenge")}  # fmt: skip
    reader = TraceReader.from_har(sample(name))
    text = reader.to_html() + json.dumps(reader.to_json())
    for number in range(1, len(reader.recording.trace) + 1):
        reader.act("look", number)
        text += reader.html
    assert len(secret) > 5
    assert [each for each in secret if len(each) > 3 and each in text] == []


def test_there_is_no_other():
    with pytest.raises(UsageError, match="page-at-jwtlab-serve"):
        sample("x")
