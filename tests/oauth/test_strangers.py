"""Clients that nobody knew before: documents that are names, and the guard before the fetching."""

from __future__ import annotations

import json

import httpx
import pytest
from as_a_stranger import AGENT, BACK, DOCUMENT, begin, to_the_end
from driving import AS, Place
from flask import Flask, Response

import jwtlab
from jwtlab.oauth.authorization_server import documents, strangers
from jwtlab.oauth.http.guarded import is_public

INSIDE = "https://10.0.0.5"


def described(**changed):
    told = {"client_id": DOCUMENT, "client_name": "Agent", "redirect_uris": [BACK], **changed}
    return {name: value for name, value in told.items() if value is not None}


class Host:
    """Somebody's site: answers with whatever it was told to."""

    def __init__(self, place, origin=AGENT):
        self.asked, self.body, self.status = [], json.dumps(described()), 200
        self.type, self.headers = "application/json", {}
        app = Flask("host")
        app.add_url_rule("/<path:path>", view_func=self.answer)
        place.world.network.add(origin, f"Site {origin}", app)

    def answer(self, path):
        self.asked.append(path)
        response = Response(self.body, self.status, content_type=self.type)
        response.headers.update(self.headers)
        return response


@pytest.fixture
def place():
    """A server that admits strangers."""
    found = Place()
    found.world.admit_strangers()
    return found


@pytest.fixture
def host(place):
    return Host(place)


def refused(place, client_id=DOCUMENT):
    """The sentence on the page: nobody is redirected anywhere."""
    browser = begin(place, client_id)
    assert browser.page.status == 400
    assert not browser.page.redirect
    return browser.page.text


# Documents


def test_a_document_is_a_client_to_the_end(place, host):
    browser = begin(place, scope="openid notes:read offline_access", resource="https://api.example")
    answer = to_the_end(place, browser)
    assert answer["iss"] == AS
    form = {
        "client_id": DOCUMENT,
        "redirect_uri": BACK,
        "code": answer["code"],
        "code_verifier": place.verifier,
    }
    tokens = place.http.post(f"{AS}/token", data={"grant_type": "authorization_code", **form}).json()
    claims = jwtlab.decode(tokens["access_token"]).claims
    assert (claims["client_id"], claims["sub"]) == (DOCUMENT, "alice")
    assert "https://api.example" in claims["aud"]
    assert place.api(tokens["access_token"]).status_code == 200
    again = {
        "grant_type": "refresh_token",
        "refresh_token": tokens.get("refresh_token", ""),
        "client_id": DOCUMENT,
    }
    assert "refresh_token" not in tokens or place.http.post(f"{AS}/token", data=again).status_code == 200
    assert host.asked == ["client.json"]


def test_the_page_says_who_nobody_knows(place, host):
    browser = begin(place)
    browser.submit({"username": "alice", "password": place.lab.users["alice"].password})
    said = " ".join(browser.page.text.split())
    assert "Nobody here knows this application" in said
    assert "agent.example" in said
    assert "a program on this computer (127.0.0.1:3000)" in said


def test_a_stranger_is_asked_for_every_time(place, host):
    """Any program on this computer can say the same name (RFC 8252 §8.6)."""
    browser = begin(place)
    place.logged_in(browser)
    browser.open(
        str(httpx.URL(f"{AS}/authorize", params=place.request(client_id=DOCUMENT, redirect_uri=BACK)))
    )
    assert any(label == "Allow" for _, _, label in browser.page.forms[0].buttons)


def test_it_is_kept_for_as_long_as_it_says_and_fetched_anew(place, host):
    host.headers = {"Cache-Control": "max-age=120"}
    for _ in range(2):
        begin(place)
    assert len(host.asked) == 1
    place.lab.clock.advance(121)
    host.body = json.dumps(described(redirect_uris=["https://agent.example/other"]))
    begin(place)
    assert len(host.asked) == 2
    assert place.server.clients[DOCUMENT].redirect_uris == ("https://agent.example/other",)


@pytest.mark.parametrize("said", ["max-age=999999999", "no-store", "max-age=0", "max-age=x", ""])
def test_freshness_has_limits(said):
    seconds = strangers._fresh_for(said)
    assert strangers.LEAST_FRESH <= seconds <= strangers.MOST_FRESH


def test_what_goes_wrong_is_not_remembered(place, host):
    host.status = 500
    refused(place)
    assert DOCUMENT not in place.server.clients
    host.status = 200
    assert begin(place).page.status == 200


PRIVATE_KEY = jwtlab.Lab().key("ES256", "client").to_jwk(private=True)
BAD_DOCUMENTS = {
    "another-name": json.dumps(described(client_id="https://agent.example/other.json")),
    "name-with-other-case": json.dumps(described(client_id="https://AGENT.example/client.json")),
    "no-name": json.dumps(described(client_id=None)),
    "secret": json.dumps(described(client_secret="s")),
    "secret-method": json.dumps(described(token_endpoint_auth_method="client_secret_basic")),
    "no-redirects": json.dumps(described(redirect_uris=[])),
    "redirects-missing": json.dumps(described(redirect_uris=None)),
    "redirects-no-list": json.dumps(described(redirect_uris=BACK)),
    "http": json.dumps(described(redirect_uris=["http://agent.example/cb"])),
    "script": json.dumps(described(redirect_uris=["javascript:alert(1)"])),
    "bare-scheme": json.dumps(described(redirect_uris=["agent:/cb"])),
    "user-name": json.dumps(described(redirect_uris=["https://as.example@mallory.example/cb"])),
    "without-person": json.dumps(described(grant_types=["client_credentials"])),
    "implicit": json.dumps(described(response_types=["token"])),
    "unseen-signs": json.dumps(described(client_name="Notes\u202eppa")),
    "keys-elsewhere": json.dumps(
        described(token_endpoint_auth_method="private_key_jwt", jwks_uri="https://10.0.0.5/k")
    ),
    "no-keys": json.dumps(described(token_endpoint_auth_method="private_key_jwt")),
    "too-long": json.dumps(described(more="x" * 6000)),
    "too-long-with-spaces": json.dumps(described()) + " " * 6000,
    "private-key": json.dumps(
        described(token_endpoint_auth_method="private_key_jwt", jwks={"keys": [PRIVATE_KEY]})
    ),
    "no-json": "client",
    "list": "[]",
    "twice": '{"client_id": "x", "client_id": "' + DOCUMENT + '"}',
    "deep": "[" * 5000,
    "empty": "",
}


@pytest.mark.parametrize("fault", BAD_DOCUMENTS)
def test_documents_that_do_not_do(place, host, fault):
    host.body = BAD_DOCUMENTS[fault]
    refused(place)
    assert DOCUMENT not in place.server.clients


@pytest.mark.parametrize("kind", ["text/html", "image/png", "text/plain; charset=utf-8", "application/xml"])
def test_other_media_types_do_not_do(place, host, kind):
    host.type = kind
    assert "application/json" in refused(place)


def test_a_more_special_json_does(place, host):
    host.type = "application/oauth-client+json; charset=utf-8"
    assert begin(place).page.status == 200


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(place, host, status):
    inside = Host(place, INSIDE)
    host.status, host.headers = status, {"Location": f"{INSIDE}/client.json"}
    assert "redirect" in refused(place)
    assert inside.asked == []


NEVER_FETCHED = (
    "http://agent.example/client.json",
    "https://agent.example",
    "https://agent.example/a/../client.json",
    "https://agent.example/%2e%2e/client.json",
    "https://agent.example/client.json#x",
    "https://alice@agent.example/client.json",
    "https://agent.example\\@mallory.example/client.json",
    "https://agent.example:99999/client.json",
    "https://[::1/client.json",
    "https://nobody.example/client.json",
    "https:///client.json",
    "https://agent.example/" + "a" * 600,
)


@pytest.mark.parametrize("client_id", NEVER_FETCHED, ids=range(len(NEVER_FETCHED)))
def test_addresses_from_which_nothing_is_fetched(place, host, client_id):
    refused(place, client_id)
    assert host.asked == []


@pytest.mark.parametrize(
    "client_id", ["https://10.0.0.5/client.json", "https://printer.mallory.example/client.json"]
)
def test_nobody_sends_the_server_into_its_own_network(place, client_id):
    inside = Host(place, INSIDE)
    place.world.directory.point("printer.mallory.example", "10.0.0.5")
    nowhere = refused(place, "https://nobody.example/client.json")
    assert refused(place, client_id) == nowhere, "whoever asks learns nothing about what is inside"
    assert inside.asked == []


@pytest.mark.parametrize("addresses", [("192.31.196.1", "10.0.0.5"), ("10.0.0.5", "192.31.196.1")])
def test_one_address_of_several_is_enough_to_refuse(place, addresses):
    inside = Host(place, INSIDE)
    place.world.directory.point("two.mallory.example", addresses)
    refused(place, "https://two.mallory.example/client.json")
    assert inside.asked == []


def test_a_name_is_looked_up_once(place):
    """With a second look-up the guard would see one address, and the connection go to another (rebinding)."""
    inside, asked = Host(place, INSIDE), []
    place.world.directory.point("twice.mallory.example", "192.31.196.1", "10.0.0.5")
    directory = place.world.directory

    def resolve(host, port):
        asked.append(host)
        return directory.resolve(host, port)

    place.server.documents = documents.Documents(resolve, directory.fetch)
    refused(place, "https://twice.mallory.example/client.json")
    assert (asked, inside.asked) == (["twice.mallory.example"], [])


def test_without_the_guard_it_goes_inside(place):
    inside = Host(place, INSIDE)
    place.world.directory.point("printer.mallory.example", "10.0.0.5")
    place.world.without("address-public")
    refused(place, "https://printer.mallory.example/switch-off")
    assert inside.asked == ["switch-off"]


def test_not_more_than_so_many_a_minute(place, host):
    for number in range(strangers.MOST_FETCHES):
        begin(place, f"{AGENT}/{number}")
    assert len(host.asked) == strangers.MOST_FETCHES
    assert begin(place).page.status == 429
    place.lab.clock.advance(strangers.WINDOW + 1)
    assert begin(place).page.status == 200


def test_a_document_s_client_shows_its_key(place, host):
    key = place.lab.key("ES256", "client")
    jwks = {"keys": [key.public().to_jwk()]}
    host.body = json.dumps(described(token_endpoint_auth_method="private_key_jwt", jwks=jwks))
    answer = to_the_end(place, begin(place))
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": BACK}
    form |= {"code_verifier": place.verifier, "client_id": DOCUMENT}
    assert place.http.post(f"{AS}/token", data=form).status_code == 401
    now = int(place.lab.now)
    claims = {"iss": DOCUMENT, "sub": DOCUMENT, "aud": AS, "iat": now, "exp": now + 60, "jti": "1"}
    shown = jwtlab.issue(claims, key, alg="ES256")
    form |= {"client_assertion": shown}
    form |= {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    assert place.http.post(f"{AS}/token", data=form).status_code == 200


def test_a_pushed_request_may_have_a_document_too(place, host):
    form = place.request(client_id=DOCUMENT, redirect_uri=BACK)
    pushed = place.http.post(f"{AS}/par", data=form)
    assert pushed.status_code == 201, pushed.text
    browser = place.world.browser("alice")
    asked = {"client_id": DOCUMENT, "request_uri": pushed.json()["request_uri"]}
    browser.open(str(httpx.URL(f"{AS}/authorize", params=asked)))
    assert "code" in to_the_end(place, browser)


def test_who_does_not_admit_strangers_fetches_nothing():
    place = Place()
    host = Host(place)
    assert "No application is registered" in refused(place)
    assert host.asked == []
    assert "client_id_metadata_document_supported" not in place.server.metadata
    answer = place.http.post(f"{AS}/register", json={"redirect_uris": [BACK]})
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


# Addresses

INNER = (
    "127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "0.0.0.0", "255.255.255.255", "224.0.0.1", "239.255.255.250",
    "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "240.0.0.1", "168.63.129.16", "::1", "::",
    "fe80::1", "fd00:ec2::254", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.5",
    "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:5", "2002:7f00:1::",
    "2002:a00:5::1", "::10.0.0.5", "192.0.0.8", "192.0.0.170", "3fff::1", "5f00::1",
    "printer", "127.1", "0x7f.0.0.1", "1.2.3",
)  # fmt: skip


@pytest.mark.parametrize("address", ["", *INNER])
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["192.31.196.1", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"],
)
def test_addresses_that_are_public(address):
    assert is_public(address)
