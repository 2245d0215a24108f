"""The API of lesson 43: attacked with the kit, in every framework's own way refused, and asked by a real login."""

from __future__ import annotations

import base64
import hashlib
import secrets
import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from example_apps import CHROMIUM_ARGS, load, log_in, running_behind_serve

from jwtlab.testing import Issuer, attack_api

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "fastapi_api"
AUDIENCE = "https://notes.example"
BOTH = "notes:read notes:write"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


example = load("fastapi_api")


def client_of(issuer):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette wants to move on to another HTTP library
        from fastapi.testclient import TestClient

        return TestClient(example.create_app(issuer.issuer, AUDIENCE))


@pytest.fixture
def client(issuer):
    return client_of(issuer)


def bearer(issuer, scope=BOTH, **claims):
    return {"Authorization": f"Bearer {issuer.token(aud=AUDIENCE, scope=scope, **claims)}"}


def challenge(answer):
    return answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/notes", "notes:read"),
        ("GET", "/notes/1", "notes:read"),
        ("DELETE", "/notes/7", "notes:write"),
    ],
)
def test_the_kit_finds_nothing(client, issuer, method, path, scope):
    """A note that is there for alice is found; one that is not is 404, which is a refusal to the kit."""
    client.post("/notes", json={"text": "feed the cat"}, headers=bearer(issuer))
    if method == "DELETE":  # each good token forgets one

        def send(token):
            number = client.post("/notes", json={"text": "x"}, headers=bearer(issuer)).json()["id"]
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return client.delete(f"/notes/{number}", headers=headers)

        outcome = attack_api(send, issuer, audience=AUDIENCE, scope=scope)
    else:
        outcome = attack_api((client, path), issuer, audience=AUDIENCE, scope=scope)
    outcome.check()
    assert {"no-token", "alg-none:none", "wrong-scope:longer", "wrong-audience", "wrong-type"} <= {
        *outcome.refused,
        *(each.partition(":")[0] for each in outcome.refused),
    }
    assert not outcome.advice.of("crash")


def test_without_a_token_no_error_is_named(client):
    answer = client.get("/notes")
    assert answer.status_code == 401
    assert challenge(answer) == 'Bearer realm="notes"'  # RFC 6750 §3.1


def test_another_scheme_is_no_token(client):
    answer = client.get("/notes", headers={"Authorization": "Basic YWxpY2U6d29uZGVybGFuZA=="})
    assert (answer.status_code, challenge(answer)) == (401, 'Bearer realm="notes"')


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer  "])
def test_malformed_request_is_400(client, value):
    answer = client.get("/notes", headers={"Authorization": value})
    assert answer.status_code == 400
    assert 'error="invalid_request"' in challenge(answer)


def test_two_tokens_are_one_too_many(client, issuer):
    token = bearer(issuer)["Authorization"]
    answer = client.get("/notes", headers=[("Authorization", token), ("Authorization", token)])
    assert answer.status_code == 400


def test_bad_token_is_401_and_too_little_scope_is_403(client, issuer):
    expired = client.get("/notes", headers=bearer(issuer, minutes=-1))
    assert expired.status_code == 401
    assert 'error="invalid_token"' in challenge(expired)
    weak = client.get("/notes", headers=bearer(issuer, scope="openid"))
    assert weak.status_code == 403
    assert 'error="insufficient_scope"' in challenge(weak)
    assert 'scope="notes:read"' in challenge(weak)


@pytest.mark.parametrize("token", ["a.b.c", "é", "....", "e30.e30.", "eyJ0eXAiOjV9.e30.x", "x y"])
def test_what_is_no_token_is_refused_quietly(client, token):
    answer = client.get("/notes", headers={"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert token not in answer.text + challenge(answer)


@pytest.mark.parametrize("missing", ["sub", "exp", "jti", "client_id", "iat", "iss"])
def test_what_rfc_9068_requires_is_required(client, issuer, missing):
    assert client.get("/notes", headers=bearer(issuer)).status_code == 200
    assert client.get("/notes", headers=bearer(issuer, **{missing: None})).status_code == 401


def test_a_scope_does_not_open_other_peoples_notes(client, issuer):
    alice, bob = bearer(issuer), bearer(issuer, sub="bob")
    number = client.post("/notes", json={"text": "feed the cat"}, headers=alice).json()["id"]
    assert client.get(f"/notes/{number}", headers=alice).json()["text"] == "feed the cat"
    for method in ("GET", "DELETE"):
        assert client.request(method, f"/notes/{number}", headers=bob).status_code == 404
    assert client.get("/notes", headers=bob).json() == {"notes": []}
    reader = bearer(issuer, scope="notes:read")
    assert client.delete(f"/notes/{number}", headers=reader).status_code == 403
    assert client.delete(f"/notes/{number}", headers=alice).status_code == 204
    assert client.get(f"/notes/{number}", headers=alice).status_code == 404


def test_while_the_issuer_is_down(issuer):
    """Known keys go on; without them it is the API's trouble (503), and nobody is sent for another token."""
    known, unknown, token = client_of(issuer), client_of(issuer), bearer(issuer)
    assert known.get("/notes", headers=token).status_code == 200
    with issuer.down():
        assert known.get("/notes", headers=token).status_code == 200
        answer = unknown.get("/notes", headers=token)
        assert answer.status_code == 503
        assert "WWW-Authenticate" not in answer.headers
        assert answer.headers["Retry-After"] == "30"
    assert unknown.get("/notes", headers=token).status_code == 200  # it had not given up


def test_metadata_of_another_issuer_is_not_believed(issuer):
    with Issuer() as other:
        made = example.Issuer(issuer.issuer)
        made.issuer = other.issuer + "/"  # asks there, and expects another name
        with pytest.raises(example.jwt.PyJWKClientConnectionError):
            made.key_for(issuer.token())


@pytest.mark.long
@pytest.mark.browser
def test_alice_gets_a_token_in_chromium_and_the_api_takes_it(chromium_path):
    """What README says: jwtlab serve, the example behind it, and a login of the public client."""
    from playwright.sync_api import sync_playwright

    with running_behind_serve("fastapi_api") as (address, told):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
            token = token_of_alice(browser.new_page(), told["issuer"])
            browser.close()
        answer = httpx.get(f"{address}/notes", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        assert (answer.status_code, answer.json()) == (200, {"notes": []})
        assert httpx.get(f"{address}/notes", trust_env=False).status_code == 401


def token_of_alice(page, issuer):
    verifier, callback = secrets.token_urlsafe(32), "http://127.0.0.1/callback"
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": "spa",
        "redirect_uri": callback,
        "scope": "openid notes:read",
        "state": "s",
        "resource": f"{issuer}/api",
        "code_challenge": digest,
        "code_challenge_method": "S256",
    }
    page.route(f"{callback}*", lambda route: route.fulfill(body="back"))
    page.goto(f"{issuer}/authorize?{urlencode(asked)}")
    log_in(page)
    page.wait_for_url(f"{callback}*")
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(page.url).query)["code"][0],
        "client_id": "spa",
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    return httpx.post(f"{issuer}/token", data=form, trust_env=False).raise_for_status().json()["access_token"]
