"""The pages of `jwtlab serve` in a real browser: what only a browser does (cookies, Origin, scripts, policies)."""

from __future__ import annotations

import base64
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import expect
from serving import serving

pytestmark = pytest.mark.browser
VERIFIER = "a-verifier-has-at-least-forty-three-letters"


@pytest.fixture(scope="module")
def told():
    with serving("--port", "0") as (_, said):
        yield said


class Application(BaseHTTPRequestHandler):
    """The other end: it keeps what arrives, and shows a page."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path.startswith("/callback"):
            self.server.arrived.append((self.path, body, dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>The application</h1>")

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def application():
    with ThreadingHTTPServer(("127.0.0.1", 0), Application) as listening:
        listening.arrived = []
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        listening.callback = f"http://127.0.0.1:{listening.server_port}/callback"
        yield listening
        listening.shutdown()


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def ask(told, callback, **changed):
    asked = {
        "response_type": "code",
        "client_id": "spa",
        "redirect_uri": callback,
        "scope": "openid profile",
        "state": "s-1",
        "nonce": "n-1",
        "prompt": "consent",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
        .rstrip(b"=")
        .decode(),
        "code_challenge_method": "S256",
    }
    return f"{told['issuer']}/authorize?{urlencode(asked | changed)}"


def log_in(page, told, name="alice"):
    user = next(each for each in told["users"] if each["username"] == name)
    page.get_by_label("User name").fill(user["username"])
    page.get_by_label("Password").fill(user["password"])
    page.get_by_role("button", name="Log in", exact=True).click()


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_person_logs_in_allows_and_comes_back(page, told, application, mode):
    page.goto(ask(told, application.callback, response_mode=mode))
    log_in(page, told)
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="The application", exact=True)).to_be_visible()
    path, body, headers = application.arrived[0]
    given = parse_qs(body if mode == "form_post" else urlsplit(path).query)
    assert given["state"] == ["s-1"]
    assert given["iss"] == [told["issuer"]]
    # The next site does not learn which page it was.
    assert "Referer" not in headers
    form = {"grant_type": "authorization_code", "client_id": "spa", "code": given["code"][0]}
    form |= {"redirect_uri": application.callback, "code_verifier": VERIFIER}
    assert "id_token" in httpx.post(f"{told['issuer']}/token", data=form).json()


def test_link_and_code_by_mail_and_device_and_log_out(page, told, application):
    page.goto(ask(told, application.callback))
    page.get_by_text("Log in without a password").click()
    page.get_by_label("E-mail").fill("alice@mail.example")
    page.get_by_role("button", name="Send me a link").click()
    mail = httpx.get(f"{told['mailbox']}/json").json()[-1]["text"]
    page.goto(next(word for word in mail.split() if "/magic?" in word))
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    shown = httpx.post(f"{told['issuer']}/device_authorization", data={"client_id": "tv"}).json()
    page.goto(shown["verification_uri"])
    page.get_by_label("Code").fill(shown["user_code"])
    page.get_by_role("button").first.click()
    page.get_by_role("button", name="Allow").click()
    form = {"client_id": "tv", "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    tokens = httpx.post(f"{told['issuer']}/token", data=form | {"device_code": shown["device_code"]}).json()
    assert "access_token" in tokens
    page.goto(f"{told['issuer']}/logout")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()


def test_page_of_the_application_calls_token_endpoint_and_api(page, told, application):
    """A single-page application: everything by fetch, from another origin (CORS)."""
    page.goto(ask(told, application.callback, scope="openid profile"))
    log_in(page, told, "bob")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="The application", exact=True)).to_be_visible()
    code = parse_qs(urlsplit(application.arrived[0][0]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": "spa", "code": code}
    form |= {"redirect_uri": application.callback, "code_verifier": VERIFIER}
    who = page.evaluate(
        """async ([issuer, api, form]) => {
          const answer = await fetch(issuer + "/token", { method: "POST", body: new URLSearchParams(form) });
          const { access_token } = await answer.json();
          const headers = { Authorization: "Bearer " + access_token };
          const me = await (await fetch(api + "/me", { headers })).json();
          const refused = await fetch(api + "/notes", { headers });
          return [me.sub, refused.status, refused.headers.get("WWW-Authenticate")];
        }""",
        [told["issuer"], told["api"], form],
    )
    assert who[:2] == ["bob", 403]
    assert "insufficient_scope" in who[2]
