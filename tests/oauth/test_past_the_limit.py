"""Whoever counts up to a limit refuses beyond it too: two requests at the same moment may jump over it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from as_a_stranger import begin
from driving import API, AS, Place, login_page

from jwtlab import Key
from jwtlab.checks import Refusal
from jwtlab.oauth import dpop
from jwtlab.oauth.authorization_server import attempts, client_metadata, documents, strangers
from jwtlab.oauth.authorization_server.authorization.request import AuthorizationRequest
from jwtlab.oauth.authorization_server.endpoints import magic_link
from jwtlab.oauth.dpop.checks import CHECKS, ProofCase
from jwtlab.oauth.http.guarded import Fetched
from jwtlab.oauth.protocol import Parameters
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


def described(**metadata):
    given = {"redirect_uris": ["https://app.example/callback"]} | metadata
    return client_metadata.CHECKS.run(
        client_metadata.Described(given, ("client_secret_basic",), ("openid",))
    ).accepted


def document(octets):
    start = b'{"client_id":"https://app.example/client","x":"'
    body = start + b"x" * (octets - len(start) - 2) + b'"}'
    fetched = Fetched(200, "application/json", body)
    failed = documents.DOCUMENT_CHECKS.run(documents.DocumentAnswer("https://app.example/client", fetched))
    return failed.first_failure is None or failed.first_failure.id != "document-size"


def address(letters):
    url = "https://app.example/"
    where = documents.DocumentAddress(url + "x" * (letters - len(url)), documents.Documents())
    return _passes(documents.address_plain, where)


def _passes(check, case):
    try:
        check(case)
    except Refusal:
        return False
    return True


def seconds(digits):
    asked = AuthorizationRequest(Place().server, Parameters([("max_age", "1" * digits)]), False)
    return asked.max_age == int("1" * digits)


def note(letters):
    place = Place()
    token = place.tokens(scope="openid notes:read notes:write")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return place.http.post(f"{API}/notes", json={"text": "x" * letters}, headers=headers).status_code == 201


PROVER = Key.generate("ES256")


def name_of_a_proof(letters):
    proof = dpop.proof(PROVER, "GET", API, now=1_767_225_600, jti="x" * letters)
    return CHECKS.run(ProofCase((proof,), "GET", API, 1_767_225_600, lambda name: True)).accepted


LIMITS = {
    "digits of max_age": (seconds, 11),
    "name of an application": (lambda n: described(client_name="x" * n), 80),
    "home of an application": (lambda n: described(client_uri="x" * n), 2000),
    "addresses of an application": (lambda n: described(redirect_uris=["https://app.example/"] * n), 10),
    "letters of its lists": (
        lambda n: described(redirect_uris=[f"https://app.example/{'x' * (n - 20)}"]),
        2000,
    ),
    "document": (document, 5 * 1024),
    "address of a document": (address, 500),
    "note": (note, 1000),
    "name of a proof": (name_of_a_proof, 512),
}


@pytest.mark.parametrize("what", LIMITS)
def test_as_long_as_it_may_be_and_longer(what):
    taken, limit = LIMITS[what]
    found = [taken(length) for length in (limit - 1, limit, limit + 1, limit + 2, 10 * limit)]
    assert found == [True, True, False, False, False]


def guessed_by_mail(place):
    browser = login_page(place)
    browser.submit({"email": "alice@mail.example"}, form=1)
    right = place.world.mailbox.newest("alice@mail.example").code
    return lambda good: browser.submit({"code": right if good else "0"}).text_shown


def guessed_password(place):
    browser = login_page(place)
    first, right = browser.page, place.lab.users["alice"].password

    def tried(good):
        browser.page = first
        return browser.submit({"username": "alice", "password": right if good else "wrong"}).text_shown

    return tried


def guessed_user_code(place):
    right = place.post("/device_authorization", "television").json()["user_code"]
    browser = login_page(place)
    place.logged_in(browser)

    def tried(good):
        return browser.open(f"{AS}/device?user_code={right if good else 'BBBB-BBBB'}").text_shown

    return tried


GUESSES = {
    "code by mail": (guessed_by_mail, 5, "Allow Notes app"),
    "password": (guessed_password, 10, "Allow Notes app"),
    "user code": (guessed_user_code, 10, "Television"),
}


@pytest.mark.parametrize("what", GUESSES)
def test_right_guess_counts_as_long_as_there_are_not_too_many_wrong_ones(what):
    begin_guessing, most, welcome = GUESSES[what]
    for wrong, good in ((0, True), (1, True), (most - 1, True), (most, False), (most + 1, False)):
        tried = begin_guessing(Place())
        for _ in range(wrong):
            assert welcome not in tried(False)
        assert (welcome in tried(True)) == good
