"""The system's clock goes back and forth under jwtlab serve: what was used works no second time, what is new works."""

from __future__ import annotations

import re
import secrets

import httpx
import pytest
from bound import Phone, Refused
from serving import client_of, forms, get_code, redeem, refreshed
from short_form import few

import jwtlab.served as module
from jwtlab import Key
from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.client.credentials import Credentials
from jwtlab.served import Options, Served

ISSUER, URI = "http://127.0.0.1:1", "http://127.0.0.1/callback"
HOUR, DAY, YEAR = 3600, 24 * 3600, 365 * 24 * 3600
NOW = 2_000_000_000.0
ASKED = {
    "response_type": "code",
    "client_id": "web",
    "redirect_uri": URI,
    "scope": "openid",
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
}


class Place:
    """jwtlab serve in process, with a clock in the hand."""

    def __init__(self, store: str | None) -> None:
        self.now = NOW
        self.served = Served(ISSUER, Options(store=store))
        self.told = self.served.description()

    def browser(self) -> httpx.Client:
        return httpx.Client(transport=httpx.WSGITransport(app=self.served.app), base_url=ISSUER)

    def move(self, seconds: float) -> None:
        self.now += seconds
        with self.browser() as http:  # the first request after it looks for what need not be kept
            assert http.get("/jwks").status_code == 200

    def phone(self) -> Phone:
        return Phone(self.told, self.browser(), URI, lambda: self.now)


@pytest.fixture(params=["memory", "file"])
def place(request, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(module.time, "time", lambda: made[0].now if made else NOW)
    made.append(Place(str(tmp_path / "store.db") if request.param == "file" else None))
    yield made[0]
    made[0].served.close()


# Each uses something up, and gives the question whether it works again.


def a_code(place):
    http = place.browser()
    given, verifier = get_code(place.told, http, URI)
    tokens = redeem(place.told, http, given["code"], verifier, URI).json()

    def again():
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        used = redeem(place.told, http, given["code"], verifier, URI).status_code == 200
        return (
            used or http.get("/userinfo", headers=bearer).status_code == 200
        )  # the second use took it along

    assert not again()
    return again


def a_refresh_token(place):
    http = place.browser()
    given, verifier = get_code(place.told, http, URI)
    spent = redeem(place.told, http, given["code"], verifier, URI).json()["refresh_token"]
    assert refreshed(place.told, http, spent).status_code == 200
    return lambda: refreshed(place.told, http, spent).status_code == 200


def a_session(place):
    http = place.browser()
    get_code(place.told, http, URI)
    cookies = httpx.Cookies(http.cookies)
    action, fields = forms(http.get("/logout").text)
    assert http.post(action, data=fields).status_code == 200

    def again():
        thief = place.browser()
        thief.cookies = httpx.Cookies(cookies)
        return 'name="password"' not in thief.get("/authorize", params=ASKED).text

    return again


def a_device_code(place):
    http = place.browser()
    given = http.post("/device_authorization", data={"client_id": "tv", "scope": "notes:read"}).json()
    form = {"grant_type": protocol.DEVICE_CODE, "client_id": "tv", "device_code": given["device_code"]}
    page = http.get("/device")
    if 'name="password"' in page.text:
        action, fields = forms(page.text)
        page = http.post(action, data={**fields, **place.told["users"][0]}, follow_redirects=True)
    action, fields = forms(page.text)
    page = http.post(action, data={**fields, "user_code": given["user_code"]})
    action, fields = forms(page.text)
    http.post(action, data={**fields, "decision": "allow"})

    def ask():
        return http.post("/token", data=form).status_code == 200

    assert ask()
    return ask


def a_pushed_request(place):
    phone = place.phone()
    pushed, _ = phone.push(proved=False)
    request_uri = pushed.json()["request_uri"]
    phone.code(request_uri)
    return lambda: phone.opened(request_uri).status_code == 303


def a_client_assertion(place):
    key = place.served.private_keys["worker-jwt"]
    text = Credentials("worker-jwt", key=key).assertion("worker-jwt", ISSUER, place.now, secrets.token_hex(8))
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": text,
    }

    def ask():
        return place.browser().post("/token", data=form)

    return _once(ask)


def an_assertion_for_a_person(place):
    key = place.served.private_keys["worker-jwt"]
    owner = Credentials("worker-jwt", key=key)
    grant = owner.assertion("alice", ISSUER, place.now, secrets.token_hex(8))

    def ask():
        form = {"grant_type": protocol.JWT_BEARER, "assertion": grant, "scope": "notes:read"}
        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        form["client_assertion"] = owner.assertion("worker-jwt", ISSUER, place.now, secrets.token_hex(8))
        return place.browser().post("/token", data=form)

    return _once(ask)


def a_proof_at_the_token_endpoint(place):
    key, worker = Key.generate("ES256"), client_of(place.told, "worker")
    proof = dpop.proof(key, "POST", f"{ISSUER}/token", now=place.now, jti=secrets.token_hex(8))
    auth = (worker["client_id"], worker["client_secret"])

    def ask():
        form = {"grant_type": "client_credentials", "scope": "notes:read"}
        return place.browser().post("/token", data=form, auth=auth, headers={"DPoP": proof})

    return _once(ask)


def a_proof_at_the_api(place):
    phone = place.phone()
    try:
        token = phone.tokens()["access_token"]
    except Refused as refusal:
        _set_back(refusal.answer)
        return lambda: False
    proof = phone.proof("GET", f"{place.told['api']}/notes", token)
    return _once(lambda: phone.read(token, proof))


def a_revoked_token_of_a_service(place):
    http, worker = place.browser(), client_of(place.told, "worker")
    auth = (worker["client_id"], worker["client_secret"])
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    token = http.post("/token", data=form, auth=auth).json()["access_token"]
    assert http.post("/revoke", data={"token": token}, auth=auth).status_code == 200
    bearer = {"Authorization": f"Bearer {token}"}
    return lambda: http.get("/api/notes", headers=bearer).status_code == 200


def a_login_link(place):
    http = place.browser()
    page = http.get("/authorize", params=ASKED).text
    _, fields = forms(page)
    http.post("/magic/send", data={**fields, "email": "alice@mail.example"})
    token = re.search(r"token=(\S+)", place.served.mailbox.newest("alice@mail.example").text).group(1)

    def again():
        answer = http.post("/magic", data={"token": token})
        return answer.status_code == 303 or "decision" in answer.text

    assert again()
    return again


def _once(ask):
    """Used now, if the server can tell that it is new."""
    first = ask()
    if first.status_code != 200:
        _set_back(first)
    return lambda: ask().status_code == 200


def _set_back(answer):
    """The server says why it cannot tell, and blames nobody."""
    assert answer.status_code == 503, answer.text
    assert "was set back" in answer.json()["error_description"]
    assert "WWW-Authenticate" not in answer.headers


THINGS = [
    a_code,
    a_refresh_token,
    a_session,
    a_device_code,
    a_pushed_request,
    a_client_assertion,
    an_assertion_for_a_person,
    a_proof_at_the_token_endpoint,
    a_proof_at_the_api,
    a_revoked_token_of_a_service,
    a_login_link,
]
JUMPS = {
    "an hour back and on": (-HOUR, HOUR),
    "an hour on and back": (HOUR, -HOUR, 61),
    "a day back and on": (-DAY, DAY),
    "a day on and back": (DAY, -DAY, 61),
    "days, step by step": (DAY, 61, DAY, 61, -DAY, -DAY, -HOUR, 2 * DAY),
    "a year on and back": (YEAR, 61, -YEAR, 61, YEAR),
}


@pytest.mark.parametrize("thing", THINGS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", few(JUMPS, *list(JUMPS)[::3]))
def test_nothing_used_works_again_wherever_the_clock_goes(place, thing, name):
    used = [thing(place)]
    for jump in JUMPS[name]:
        place.move(jump)
        assert not any(again() for again in used)
        used.append(thing(place))  # new things work, and are used up in their turn
        assert not any(again() for again in used)


# What waits for the clock does not wait for a day because the clock was wrong for a moment.


def test_wrong_guesses_are_forgiven_after_a_quarter_of_an_hour_also_of_a_clock_that_was_ahead(place):
    place.move(DAY)
    http = place.browser()

    def log_in(password):
        _, fields = forms(http.get("/authorize", params=ASKED).text)
        return http.post("/login", data={**fields, "username": "alice", "password": password})

    for _ in range(10):
        log_in("wrong")
    assert "too many wrong attempts" in log_in("wonderland").text
    place.move(-DAY)
    assert "too many wrong attempts" in log_in("wonderland").text
    place.move(15 * 60 + 1)
    assert "too many wrong attempts" not in log_in("wonderland").text


def test_new_signing_key_is_found_at_once_after_the_clock_was_set_back(place):
    place.move(DAY)
    token = place.phone().tokens()["access_token"]  # the API has fetched the keys tomorrow
    phone = place.phone()
    place.move(-DAY)
    place.served.server.keys.rotate()
    assert phone.read(phone.tokens()["access_token"]).status_code == 200
    assert token


def test_login_of_tomorrow_is_not_a_fresh_one(place):
    place.move(HOUR)
    http = place.browser()
    get_code(place.told, http, URI)
    place.move(-HOUR)
    page = http.get("/authorize", params={**ASKED, "max_age": "60"}).text
    assert 'name="password"' in page


def test_television_may_ask_on_after_the_clock_was_set_back(place):
    http = place.browser()
    given = http.post("/device_authorization", data={"client_id": "tv"}).json()
    form = {"grant_type": protocol.DEVICE_CODE, "client_id": "tv", "device_code": given["device_code"]}
    assert http.post("/token", data=form).json()["error"] == "authorization_pending"
    place.move(-HOUR)
    assert http.post("/token", data=form).json()["error"] == "authorization_pending"
    assert http.post("/token", data=form).json()["error"] == "slow_down"


def test_new_things_are_good_where_the_clock_is_wrong_by_a_day(place):
    """Nobody is refused for a wrong clock: what is remembered two days longer reaches so far."""
    for jump in (DAY, -DAY, -HOUR, DAY, HOUR, -DAY):
        place.move(jump)
        phone = place.phone()
        assert phone.read(phone.tokens()["access_token"]).status_code == 200


def test_learners_clock_may_go_anywhere_with_proofs_and_assertions_too():
    from jwtlab import Lab

    lab = Lab()
    world = lab.world()
    for jump in (400 * DAY, -800 * DAY, 400 * DAY):
        lab.clock.advance(jump)
        for name in ("dpop", "par", "client-credentials", "jwt-bearer"):
            assert lab.flow(name, world=world).run() is not None
