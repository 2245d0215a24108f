"""Whoever counts up to a limit refuses beyond it too: two requests at the same moment may jump over it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from as_a_stranger import begin
from driving import Place, login_page

from jwtlab.oauth.authorization_server import attempts, strangers
from jwtlab.oauth.authorization_server.endpoints import magic_link
from jwtlab.oauth.store import fingerprint


def judged(policy, case):
    report = policy.run(case)
    failed = report.first_failure
    return (failed.id, failed.reason, failed.error.status) if failed else report.findings[-1].reason


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 12, 1_000_000])
def test_attempts(count):
    said = judged(attempts.ATTEMPT_CHECKS, attempts.Attempts(count))
    if count < 10:
        assert said == f"{count} wrong so far"
    else:
        assert said == ("attempts-left", "too many wrong attempts; wait a quarter of an hour", 429)


@pytest.mark.parametrize("count", [0, 8, 9, 10, 1_000])
def test_crowd(count):
    said = judged(strangers.CROWD_CHECKS, strangers.Crowd(True, count, 9))
    if count < 9:
        assert said == f"{count} so far"
    else:
        assert said == ("not-crowded", "too many of them lately; try again later", 429)


@pytest.mark.parametrize("guesses", [0, 4, 5, 6, 1_000])
def test_guesses_of_a_code(place, guesses):
    record = {
        "guesses": guesses,
        "used": False,
        "expires": place.lab.now + 1,
        "code": fingerprint("i:123456"),
    }
    case = SimpleNamespace(record=record, server=place.server, interaction="i", code="123456")
    said = judged(magic_link.ONE_TIME_CODE_CHECKS, case)
    if guesses < 5:
        assert said == ""
    else:
        assert said == ("one-time-code-guesses", "Too many wrong codes. Ask for a new one.", 429)


def test_two_that_guess_at_once_may_not_go_on_for_ever(place):
    """Both were let in as the tenth; eleven are counted, and the twelfth is refused."""
    browser = login_page(place)
    for _ in range(11):
        attempts.count(place.server, "password:alice")
    page = browser.submit({"username": "alice", "password": place.lab.users["alice"].password})
    assert page.status == 429


@pytest.mark.parametrize("addresses", [(), ("10.0.0.5",)])
def test_name_that_leads_nowhere_is_refused_without_the_guard_too(addresses):
    place = Place()
    place.world.admit_strangers()
    place.world.without("address-public", "address-plain")
    place.world.directory.point("nowhere.example", addresses)
    page = begin(place, "https://nowhere.example/client.json").page
    assert page.status == 400
    said = "nothing from that address" if not addresses else "document at that address"
    assert said in " ".join(page.text.split())
