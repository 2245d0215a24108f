"""Of many who come at once with something that is good once, exactly one gets through."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from driving import AS, Place

from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.store import MemoryStore, SQLiteStore

MANY = 32


@pytest.fixture(params=["memory", "sqlite"])
def place(request, tmp_path):
    store = MemoryStore() if request.param == "memory" else SQLiteStore(tmp_path / "store.db")
    yield Place(store)
    store.close()


def at_once(call):
    """The results of 32 calls that begin together."""
    with ThreadPoolExecutor(MANY) as pool:
        return [each.result() for each in [pool.submit(call) for _ in range(MANY)]]


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def test_code_is_redeemed_once_and_the_winner_pays_for_the_others(place):
    code = place.code()
    answers = at_once(lambda: place.redeem(code))
    assert statuses(answers) == [200] + [400] * (MANY - 1)
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert not place.active(won["access_token"])
    assert not place.active(won["refresh_token"])


def test_refresh_token_is_used_once(place):
    token = place.tokens()["refresh_token"]
    answers = at_once(lambda: place.post("/token", grant_type="refresh_token", refresh_token=token))
    assert statuses(answers) == [200] + [400] * (MANY - 1)


def test_pushed_request_is_used_once(place):
    uri = place.post("/par", **place.request(client_id=None)).json()["request_uri"]
    query = {"client_id": "notes-app", "request_uri": uri}
    answers = at_once(lambda: place.http.get(f"{AS}/authorize", params=query))
    assert statuses(answers) == [200] + [400] * (MANY - 1)


def test_assertion_is_used_once(place):
    assertion = place.world.credentials["crm-sync"].assertion("alice", AS, place.lab.now, "once")
    form = {"grant_type": protocol.JWT_BEARER, "assertion": assertion}
    answers = at_once(lambda: place.http.post(f"{AS}/token", data=form))
    assert statuses(answers) == [200] + [400] * (MANY - 1)


def test_dpop_proof_is_used_once(place):
    proof = dpop.proof(place.lab.key("ES256", "client"), "POST", f"{AS}/token", now=place.lab.now, jti="once")
    answers = at_once(
        lambda: place.post(
            "/token", "report-service", {"DPoP": proof}, grant_type="client_credentials", scope="notes:read"
        )
    )
    assert statuses(answers) == [200] + [400] * (MANY - 1)


def test_device_code_is_redeemed_once(place):
    shown = place.post("/device_authorization", "television", scope="notes:read").json()
    browser = place.world.browser("alice")
    browser.open(shown["verification_uri_complete"])
    place.logged_in(browser)
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    answers = at_once(lambda: place.post("/token", "television", **form))
    assert statuses(answers).count(200) == 1


def test_magic_link_is_used_once(place):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
    browser.submit({"email": "alice@mail.example"}, form=1)
    token = httpx.URL(place.world.mailbox.newest("alice@mail.example").link).params["token"]
    sent = place.world.network.client("Test").build_request("POST", f"{AS}/magic", data={"token": token})
    sent.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    answers = at_once(lambda: place.world.network.deliver("Test", sent))
    assert statuses(answers) == [200] + [403] * (MANY - 1)
