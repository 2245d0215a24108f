"""A client of key sets over a day, as lesson 43 tells it."""

from __future__ import annotations

import pytest

from jwtlab.testing import Issuer
from jwtlab.testing.key_watch import KeyWatch


@pytest.fixture
def issuer():
    with Issuer() as running:
        yield running


def test_keys_are_fetched_once_and_again_after_five_minutes(issuer):
    watch, token = KeyWatch(issuer), issuer.token()
    assert (watch.asked, watch.ask(token), watch.ask(token), watch.asked) == (0, "key found", "key found", 1)
    watch.later(299)
    assert (watch.ask(token), watch.asked) == ("key found", 1)
    watch.later(2)
    assert (watch.ask(token), watch.asked) == ("key found", 2)


def test_new_key_waits_for_half_a_minute(issuer):
    watch = KeyWatch(issuer)
    watch.ask(issuer.token())
    issuer.rotate_keys()
    fresh = issuer.token()
    assert (watch.ask(fresh), watch.asked) == ("no such key", 1)
    watch.later(31)
    assert (watch.ask(fresh), watch.asked) == ("key found", 2)


def test_made_up_names_are_not_asked_for_one_by_one(issuer):
    patient, eager = KeyWatch(issuer), KeyWatch(issuer, cooldown_duration=0)
    patient.ask(issuer.token())
    eager.ask(issuer.token())
    before = patient.asked, eager.asked
    for number in range(5):
        token = issuer.token(header={"kid": f"made-up-{number}"})
        assert patient.ask(token) == "no such key"
        asked = patient.asked
        assert eager.ask(token) == "no such key"
        assert eager.asked == before[1] + number + 1
        assert asked == before[0] + number  # those of the other one are seen as well, and none of its own


def test_known_keys_count_while_the_issuer_is_down(issuer):
    watch, token = KeyWatch(issuer), issuer.token()
    watch.ask(token)
    with issuer.down():
        assert watch.ask(token) == "key found"
        watch.later(301)
        assert watch.ask(token) == "issuer not reached"
    assert watch.ask(token) == "key found"


def test_keys_kept_one_by_one_outlive_everything(issuer):
    """What the lesson warns of: ``cache_keys=True`` never asks again."""
    watch, token = KeyWatch(issuer, cache_keys=True), issuer.token()
    watch.ask(token)
    with issuer.down():
        watch.later(10**6)
        assert watch.ask(token) == "key found"
