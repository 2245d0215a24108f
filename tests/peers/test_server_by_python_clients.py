"""Our server in the hands of Authlib and requests-oauthlib: a code with PKCE, and the API with what it gave."""

from __future__ import annotations

import asyncio
import secrets
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import InvalidGrantError, MismatchingStateError
from requests_oauthlib import OAuth2Session as RequestsSession

with warnings.catch_warnings():
    # Authlib wants to move on to another HTTP library than the one that JupyterLab has.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

HOME = "http://127.0.0.1:9/callback"
SCOPE = "openid profile notes:read offline_access"


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch):
    """Both ask for TLS, and take loopback only if they are told so."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def back(served, person):
    """``back(url)``: where Alice's browser wants to go after she has logged in and allowed it."""
    alice = next(each for each in served["users"] if each["username"] == "alice")

    def visit(address, home=HOME):
        return person(alice, home=home).visit(address)

    return visit


def secret_of(served, client_id):
    return next(each["client_secret"] for each in served["clients"] if each["client_id"] == client_id)


@pytest.mark.parametrize("client_id", ["spa", "web", "web-post"])
def test_authlib(served, back, client_id):
    issuer, secret = served["issuer"], secret_of(served, client_id)
    method = {"spa": "none", "web": "client_secret_basic", "web-post": "client_secret_post"}[client_id]
    with AuthlibSession(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=HOME,
        code_challenge_method="S256",
        token_endpoint=f"{issuer}/token",
    ) as session:
        session.trust_env = False
        verifier = secrets.token_urlsafe(48)
        url, state = session.create_authorization_url(f"{issuer}/authorize", code_verifier=verifier)
        answer = back(url)
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.fetch_token(
                authorization_response=answer, state=state, code_verifier=secrets.token_urlsafe(48)
            )
        token = session.fetch_token(authorization_response=answer, state=state, code_verifier=verifier)
        assert (token["token_type"], token["scope"]) == ("Bearer", SCOPE)
        notes = session.get(f"{served['api']}/notes")
        assert (notes.status_code, notes.json()["owner"]) == (200, "alice")
        assert session.get(f"{issuer}/userinfo").json()["name"] == "Alice"
        newer = session.refresh_token(f"{issuer}/token", token["refresh_token"])
        assert newer["access_token"] != token["access_token"]
        gone = session.revoke_token(f"{issuer}/revoke", newer["refresh_token"], "refresh_token")
        assert gone.status_code == 200
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.refresh_token(f"{issuer}/token", newer["refresh_token"])
        assert session.get(f"{issuer}/userinfo").status_code == 401


def test_authlib_without_waiting(served, back):
    async def go():
        async with AsyncOAuth2Client(
            "web",
            secret_of(served, "web"),
            scope=SCOPE,
            redirect_uri=HOME,
            code_challenge_method="S256",
            trust_env=False,
        ) as client:
            verifier = secrets.token_urlsafe(48)
            url, state = client.create_authorization_url(
                f"{served['issuer']}/authorize", code_verifier=verifier
            )
            token = await client.fetch_token(
                f"{served['issuer']}/token",
                authorization_response=back(url),
                state=state,
                code_verifier=verifier,
            )
            answers = [
                await client.get(f"{served['api']}{path}") for path in ("/notes", "/me", "/team/notes")
            ]
            return token, answers

    # In a thread of its own: Playwright's tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        token, answers = thread.submit(asyncio.run, go()).result(30)
    assert token["expires_in"] == 900
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert answers[1].json()["client_id"] == "web"


@pytest.mark.parametrize("client_id", ["spa", "web", "web-post"])
def test_requests_oauthlib(served, back, client_id):
    issuer, secret = served["issuer"], secret_of(served, client_id)
    # A secret goes into the header, or into the form if the client is registered so.
    more = {"client_secret": secret, "include_client_id": client_id != "web"} if secret else {}
    if client_id == "spa":
        more = {"include_client_id": True}
    elif client_id == "web":
        more = {"auth": (client_id, secret)}
    with RequestsSession(client_id, redirect_uri=HOME, scope=SCOPE.split(), pkce="S256") as session:
        session.trust_env = False
        url, _ = session.authorization_url(f"{issuer}/authorize")
        answer = back(url)
        with pytest.raises(MismatchingStateError):
            session.fetch_token(
                f"{issuer}/token", authorization_response=answer.replace("state=", "state=x"), **more
            )
        token = session.fetch_token(f"{issuer}/token", authorization_response=answer, **more)
        assert token["scope"] == SCOPE.split()
        notes = session.get(f"{served['api']}/notes")
        assert (notes.status_code, notes.json()["owner"]) == (200, "alice")
        assert session.post(f"{served['api']}/notes", json={"text": "x"}).status_code == 403
        with pytest.raises(InvalidGrantError):  # the same code again: everything that came of it dies
            session.fetch_token(f"{issuer}/token", authorization_response=answer, **more)
        assert session.get(f"{issuer}/userinfo").status_code == 401
