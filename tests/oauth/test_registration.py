"""Dynamic client registration (RFC 7591): what a client that nobody knew before may ask for, and what it may not."""

from __future__ import annotations

import pytest
from as_a_stranger import BACK, begin, to_the_end
from driving import AS, Place

from jwtlab.oauth.authorization_server import strangers
from jwtlab.oauth.store import SQLiteStore


@pytest.fixture
def place():
    found = Place()
    found.world.admit_strangers()
    return found


def register(place, **told):
    return place.http.post(f"{AS}/register", json={"client_name": "Agent", "redirect_uris": [BACK], **told})


def test_a_client_registers_itself(place):
    answer = register(place, token_endpoint_auth_method="none", unknown_member=[1], scope="notes:read admin")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    assert (told["scope"], told["token_endpoint_auth_method"]) == ("notes:read", "none")
    assert "client_secret" not in told
    assert place.server.metadata["registration_endpoint"] == f"{AS}/register"
    code = to_the_end(place, begin(place, told["client_id"], scope="notes:read"))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": told["client_id"],
    }
    assert place.http.post(f"{AS}/token", data=form | {"code_verifier": place.verifier}).status_code == 200


def test_with_nothing_said_it_gets_a_secret(place):
    """The default of RFC 7591 §2."""
    told = register(place).json()
    assert told["token_endpoint_auth_method"] == "client_secret_basic"
    assert len(told["client_secret"]) > 30
    assert told["client_secret_expires_at"] > told["client_id_issued_at"]
    assert told["client_secret"] != register(place).json()["client_secret"]


SECRET_KEY = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}
BAD_METADATA = {
    "no-redirects": ({"redirect_uris": []}, "invalid_redirect_uri"),
    "eleven": ({"redirect_uris": [BACK] * 11}, "invalid_redirect_uri"),
    "http": ({"redirect_uris": ["http://192.168.1.1/cb"]}, "invalid_redirect_uri"),
    "fragment": ({"redirect_uris": ["https://a.example/#x"]}, "invalid_redirect_uri"),
    "relative": ({"redirect_uris": ["/cb"]}, "invalid_redirect_uri"),
    "data": ({"redirect_uris": ["data:text/html,x"]}, "invalid_redirect_uri"),
    "web-on-loopback": ({"application_type": "web"}, "invalid_redirect_uri"),
    "number": ({"redirect_uris": [1]}, "invalid_client_metadata"),
    "name-no-text": ({"client_name": {"en": "x"}}, "invalid_client_metadata"),
    "name-long": ({"client_name": "x" * 81}, "invalid_client_metadata"),
    "name-lines": ({"client_name": "a\nb"}, "invalid_client_metadata"),
    "credentials": ({"grant_types": ["authorization_code", "client_credentials"]}, "invalid_client_metadata"),
    "only-refresh": ({"grant_types": ["refresh_token"]}, "invalid_client_metadata"),
    "token": ({"response_types": ["code", "token"]}, "invalid_client_metadata"),
    "method": ({"token_endpoint_auth_method": "tls_client_auth"}, "invalid_client_metadata"),
    "jwks-no-object": ({"token_endpoint_auth_method": "private_key_jwt", "jwks": [1]}, "invalid_client_metadata"),
    "secret-key": (
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [SECRET_KEY]}},
        "invalid_client_metadata",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_METADATA)
def test_metadata_that_does_not_do(place, fault):
    told, error = BAD_METADATA[fault]
    answer = register(place, **told)
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.text
    assert place.server.clients.strangers == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 9000])
def test_bodies_that_are_no_object(place, body):
    headers = {"Content-Type": "application/json"}
    answer = place.http.post(f"{AS}/register", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert place.http.post(f"{AS}/register", content=body).status_code == 400


def test_not_more_than_so_many(place, monkeypatch):
    monkeypatch.setattr(strangers, "MOST_STRANGERS", 2)
    assert [register(place).status_code for _ in range(3)] == [201, 201, 429]


def test_a_restart_forgets_no_stranger(tmp_path):
    store = SQLiteStore(tmp_path / "store")
    place = Place(store)
    place.world.admit_strangers()
    told = register(place).json()
    store.close()
    again = Place(SQLiteStore(tmp_path / "store"))
    assert again.server.clients[told["client_id"]].client_secret == told["client_secret"]
    again.lab.clock.advance(strangers.KEPT + 1)
    assert told["client_id"] not in again.server.clients
    again.server.store.close()


def test_a_page_of_another_site_may_register(place):
    answer = place.http.request("OPTIONS", f"{AS}/register", headers={"Origin": "https://page.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
