"""Our client application at npm's oidc-provider, a certified provider that nobody here wrote.

The application and our API run in this process; the provider listens on a loopback socket.
"""

from __future__ import annotations

import secrets
import threading
import time
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from jwtlab import Key
from jwtlab.oauth.client import ClientSettings, Credentials, Provider
from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.resource_server import ResourceServer

APP, API = "https://app.example", "https://api.example"
SECRET = "a secret + of/signs & spaces: 100% =?~"
ALICE = {"login": "alice", "password": "anything"}
KEY = Key.generate("ES256", kid="app-key")


def registration(client_id, method, alg, **more):
    """As RFC 7591 §2 names it."""
    return {
        "client_id": client_id,
        "token_endpoint_auth_method": method,
        "id_token_signed_response_alg": alg,
        "redirect_uris": [f"{APP}/callback"],
        "post_logout_redirect_uris": [f"{APP}/"],
        "grant_types": ["authorization_code", "refresh_token", "implicit"],
        "response_types": ["code", "code id_token"],
        **({"client_secret": SECRET} if method.startswith("client_secret") else {}),
        **more,
    }


def registrations(backchannel):
    return [
        registration("basic", "client_secret_basic", "RS256", backchannel_logout_uri=backchannel),
        registration("post", "client_secret_post", "ES256", require_pushed_authorization_requests=True),
        registration(
            "assertion",
            "private_key_jwt",
            "PS256",
            jwks={"keys": [KEY.public().to_jwk()]},
            backchannel_logout_uri=backchannel,
            backchannel_logout_session_required=True,
        ),
        registration("public", "none", "Ed25519"),
        registration("bound", "none", "ES256", dpop_bound_access_tokens=True),
    ]


CREDENTIALS = {
    "basic": Credentials("basic", "client_secret_basic", SECRET),
    "post": Credentials("post", "client_secret_post", SECRET),
    "assertion": Credentials("assertion", "private_key_jwt", key=KEY),
    "public": Credentials("public"),
    "bound": Credentials("bound"),
}
WAYS = {
    "basic": {},
    "post": {"features": ("state", "pkce", "nonce", "par")},
    "assertion": {},
    "public": {},
    "bound": {"dpop_key": Key.generate("ES256")},
}


class Silent(WSGIRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def backchannel():
    """A loopback socket for logout tokens; its list says which application is behind it at the moment."""
    behind = []
    server = make_server("127.0.0.1", 0, lambda *asked: behind[-1](*asked), handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/backchannel-logout", behind
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def issuer(oidc_provider, backchannel):
    with oidc_provider(registrations(backchannel[0])) as description:
        yield description["issuer"]


@pytest.fixture
def application(issuer, internet):
    """``application(client_id, ...)``: our client application, registered at the provider, in a new browser's reach."""

    def make(client_id, *, credentials=None, **options):
        chosen = {**WAYS[client_id], **options}
        app = ClientApplication(
            "App",
            APP,
            providers={"peer": Provider(issuer, credentials or CREDENTIALS[client_id])},
            api=API,
            clock=time.time,
            random=secrets.token_bytes,
            send=lambda request: internet.deliver("App", request),
            settings=ClientSettings(**chosen),
        )
        internet.applications[APP] = app
        return app

    return make


@pytest.fixture
def api(issuer, internet):
    """Our API, which takes the tokens of the provider."""
    with internet.client("API") as client:
        internet.applications[API] = ResourceServer(API, issuer=issuer, client=client, clock=time.time).app
        yield


def session(app):
    """The only session that somebody is logged in with."""
    found = [each for each in app.sessions.values() if "tokens" in each]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("client_id", CREDENTIALS)
def test_log_in_refresh_and_log_out(application, person, client_id):
    app = application(client_id, scope="openid profile offline_access", extra={"prompt": "consent"})
    alice = person(ALICE)
    page = alice.visit(f"{APP}/login")
    assert alice.pressed == ["Sign-in", "Continue"]
    # Discovery, keys, the ID token with its nonce and at_hash, and userinfo have been asked and checked by now.
    assert (page.url, page.status) == (f"{APP}/", 200)
    assert "Hello alice of the peer." in page.text_shown
    known = session(app)
    assert known["sub"] == "alice"
    first = dict(known["tokens"])
    assert first["token_type"] == ("DPoP" if client_id == "bound" else "Bearer")

    page = alice.visit(f"{APP}/refresh")
    assert (page.url, page.status) == (f"{APP}/", 200)
    second = session(app)["tokens"]
    assert second["access_token"] != first["access_token"]
    if client_id in ("public",):  # the provider rotates what is bound to no one
        assert second["refresh_token"] != first["refresh_token"]

    page = alice.visit(f"{APP}/logout", press=["Yes, sign me out"])
    assert alice.pressed[-1] == "Yes, sign me out"
    assert (page.url, "Nobody is logged in." in page.text_shown) == (f"{APP}/", True)
    alice.pressed.clear()
    alice.visit(f"{APP}/login")
    assert alice.pressed[0] == "Sign-in"


@pytest.mark.parametrize("mode", ["fragment", "form_post"])
def test_hybrid(application, person, mode):
    app = application("basic", response_type="code id_token", response_mode=mode, scope="openid profile")
    alice = person(ALICE)
    page = alice.visit(f"{APP}/login")
    assert (page.url, "Hello alice of the peer." in page.text_shown) == (f"{APP}/", True)
    assert session(app)["sub"] == "alice"


def test_our_api_takes_the_access_tokens_of_the_provider(application, person, api):
    application("basic", scope="notes:read")
    alice = person(ALICE)
    alice.visit(f"{APP}/login")
    page = alice.visit(f"{APP}/notes")
    assert (page.status, page.title) == (200, "Notes of alice")
    assert "feed the cat" in page.text_shown


def test_our_api_takes_the_bound_access_tokens_of_the_provider(application, person, api):
    app = application("bound", scope="notes:read")
    alice = person(ALICE)
    alice.visit(f"{APP}/login")
    assert alice.visit(f"{APP}/notes").title == "Notes of alice"
    session(app)["tokens"]["token_type"] = "Bearer"  # without its proof
    page = alice.visit(f"{APP}/notes")
    assert page.status == 502
    assert "invalid_token" in page.text_shown


@pytest.mark.parametrize(("client_id", "stays"), [("basic", ["bob"]), ("assertion", ["alice", "bob"])])
def test_back_channel_log_out(application, person, backchannel, client_id, stays):
    """By the person (``sub``) for one client, by the session (``sid``) for the other."""
    app = application(client_id, scope="openid profile")
    backchannel[1].append(app)
    here, there, elsewhere = person(ALICE), person(ALICE), person({**ALICE, "login": "bob"})
    for each in (here, there, elsewhere):
        each.visit(f"{APP}/login")
    assert sorted(each["sub"] for each in app.sessions.values()) == ["alice", "alice", "bob"]
    # The person leaves at the provider, not at the application; the provider tells the application.
    metadata = app.providers["peer"].metadata
    here.visit(metadata["end_session_endpoint"], press=["Yes, sign me out"])
    deadline = time.monotonic() + 40
    while len(app.sessions) > len(stays):
        assert time.monotonic() < deadline, "no logout token came, or it was refused"
        time.sleep(0.02)
    assert sorted(each["sub"] for each in app.sessions.values()) == stays
    assert "Nobody is logged in." in here.visit(f"{APP}/").text_shown


def test_the_provider_does_not_know_our_secret(application, person):
    app = application("basic", credentials=Credentials("basic", "client_secret_basic", "guessed"))
    page = person(ALICE).visit(f"{APP}/login")
    assert (page.status, "invalid_client" in page.text_shown) == (400, True)
    assert not any("tokens" in each for each in app.sessions.values())


def test_another_key_signs_our_assertion(application, person):
    stranger = Credentials("assertion", "private_key_jwt", key=Key.generate("ES256", kid="app-key"))
    application("assertion", credentials=stranger)
    page = person(ALICE).visit(f"{APP}/login")
    assert (page.status, "invalid_client" in page.text_shown) == (400, True)


def test_the_person_says_no(application, person):
    application("basic")
    alice = person({})
    browser = alice.browser
    browser.open(f"{APP}/login")
    browser.follow_all()
    browser.click("[ Cancel ]")
    page = browser.follow_all()
    assert (page.status, "access_denied" in page.text_shown) == (400, True)


@pytest.mark.parametrize(
    ("name", "code"), [("state", "invalid_request"), ("iss", "invalid_request"), ("code", "invalid_grant")]
)
def test_a_changed_answer_is_refused(application, person, name, code):
    application("public")
    alice = person(ALICE, home=f"{APP}/callback?")
    answer = httpx.URL(alice.visit(f"{APP}/login"))
    alice.home = "-"
    page = alice.visit(str(answer.copy_set_param(name, "another")))
    assert (page.status, code in page.text_shown) == (400, True)
