"""Small helpers for tests that talk to the servers directly."""

from __future__ import annotations

import base64
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from jwtlab import Lab
from jwtlab.oauth import UserAgent, pkce
from jwtlab.oauth.store import Store

AS = "https://as.example"
API = "https://api.example"
CALLBACK = "https://app.example/callback"


class Place:
    """A world with a plain HTTP client, and a clock that can be moved."""

    def __init__(self, store: Store | None = None, legacy: bool = False, lab: Lab | None = None) -> None:
        from jwtlab.oauth.world import World

        self.lab = lab or Lab()
        self.world = World(
            clock=lambda: self.lab.now,
            random=self.lab.random.bytes,
            key=self.lab.key,
            people=self.lab.users.values(),
            legacy=legacy,
            store=store,
            advance=self.lab.clock.advance,
        )
        self.http = self.world.network.client("Test")
        self.server = self.world.server

    def basic(self, client_id: str) -> dict[str, str]:
        secret = self.server.clients[client_id].client_secret
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def post(self, path: str, client_id: str = "notes-app", headers=None, **form: str) -> httpx.Response:
        """A form with the client's credentials."""
        client = self.server.clients[client_id]
        given = dict(headers or {})
        if client.is_public:
            form = {"client_id": client_id, **form}
        else:
            given = self.basic(client_id) | given
        return self.http.post(f"{AS}{path}", data=form, headers=given)

    def request(self, **changed: str | None) -> dict[str, str]:
        """The parameters of a good authorization request, with changes."""
        self.verifier = pkce.new_verifier(self.world.random)
        good = {
            "response_type": "code",
            "client_id": "notes-app",
            "redirect_uri": CALLBACK,
            "scope": "openid profile notes:read",
            "state": "state",
            "nonce": "nonce",
            "code_challenge": pkce.challenge(self.verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def logged_in(self, browser: UserAgent, username: str = "alice") -> None:
        """Fill in whatever the server's page asks."""
        page = browser.page
        if page.forms and "password" in page.forms[0].fields:
            page = browser.submit({"username": username, "password": self.lab.users[username].password})
        if page.forms and any(label == "Allow" for _, _, label in page.forms[0].buttons):
            browser.submit(press="Allow")

    def code(self, username: str = "alice", **changed: str | None) -> str:
        """A code, fresh from the server."""
        browser = self.world.browser(username)
        browser.open(str(httpx.URL(f"{AS}/authorize", params=self.request(**changed))))
        self.logged_in(browser, username)
        return httpx.URL(browser.page.redirect).params["code"]

    def redeem(self, code: str, client_id: str = "notes-app", **changed: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        }
        return self.post("/token", client_id, **(form | changed))

    def tokens(self, **changed: str | None) -> dict:
        return self.redeem(self.code(**changed)).json()

    def api(self, token: str, path: str = "/notes", scheme: str = "Bearer", **headers: str) -> httpx.Response:
        return self.http.get(f"{API}{path}", headers={"Authorization": f"{scheme} {token}", **headers})

    def active(self, token: str) -> bool:
        return self.post("/introspect", token=token).json()["active"]


def ask(place, **changed):
    return place.http.get(f"{AS}/authorize", params=place.request(**changed))


def error(answer):
    return answer.json()["error"]


def redirected(answer):
    assert answer.status_code == 303, answer.text
    url = httpx.URL(answer.headers["location"])
    assert str(url).startswith(CALLBACK)
    return dict(url.params) | dict(httpx.QueryParams(url.fragment))


def login_page(place, **changed):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(**changed))))
    return browser


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def visit(place, browser, username="alice", **changed):
    browser.open(f"{AS}/authorize?{urlencode(place.request(**changed))}")
    place.logged_in(browser, username)
    return browser.page


def change(place, client_id, **changed):
    place.server.clients[client_id] = replace(place.server.clients[client_id], **changed)


def get(place, pairs, path="/authorize", raw=None):
    """A request with exactly this query; httpx would write it anew."""
    query = raw if raw is not None else urlencode(pairs)
    with place.world.network.client("Test") as client:
        return client.get(httpx.URL(f"{AS}{path}", query=query.encode()))


def told(answer):
    """The parameters of the answer at the application's address, and how they came."""
    assert answer.status_code == 303, answer.text
    target = urlsplit(answer.headers["location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
    if target.fragment:
        return dict(parse_qsl(target.fragment)), "fragment"
    return dict(parse_qsl(target.query)), "query"


def is_page(answer):
    return answer.headers["content-type"].startswith("text/html") and "location" not in answer.headers
