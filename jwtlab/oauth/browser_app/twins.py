"""In Python what the application's scripts do: each function is the twin of a file in ``scripts``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from jwtlab.jose import base64url
from jwtlab.oauth import dpop, pkce
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.web.browser import Twin
from jwtlab.oauth.web.reply import Reply
from jwtlab.oauth.web.window import CryptoKey, Window
from jwtlab.oauth.web.worker import ServiceWorker

SCOPE = "notes:read notes:write"


class Keeper(Protocol):
    """Where the tokens are, and how a request gets one."""

    def open(self) -> None: ...
    def has(self) -> bool: ...
    def log_in(self) -> None: ...
    def redeem(self, form: Mapping[str, str]) -> None: ...
    def call(self, method: str, path: str, json: Any = None) -> Reply: ...


class _InTheBrowser:
    """What four of the five have in common: the page is the client, and logs in by itself."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.issuer, self.api, self.client = (window.data[name] for name in ("issuer", "api", "client"))

    def open(self) -> None:
        """Nothing to prepare."""

    def log_in(self) -> None:
        window = self.window
        verifier, state = pkce.new_verifier(window.random), base64url.encode(window.random(32))
        window.session_storage["pending"] = f"{verifier} {state}"
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": f"{window.origin}/callback",
            "scope": SCOPE,
            "state": state,
            "code_challenge": pkce.challenge(verifier),
            "code_challenge_method": "S256",
        }
        window.navigate(f"{self.issuer}/authorize?{urlencode(asked)}")


class LocalStorage(_InTheBrowser):
    def has(self) -> bool:
        return "access_token" in self.window.local_storage

    def redeem(self, form: Mapping[str, str]) -> None:
        tokens = self.window.fetch(f"{self.issuer}/token", "POST", form=form).json()
        for name in ("access_token", "refresh_token"):
            self.window.local_storage[name] = tokens[name]

    def call(self, method: str, path: str, json: Any = None) -> Reply:
        headers = {"Authorization": f"Bearer {self.window.local_storage['access_token']}"}
        return self.window.fetch(self.api + path, method, headers=headers, json=json)


class Memory(_InTheBrowser):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._tokens: dict[str, str] = {}

    def has(self) -> bool:
        return bool(self._tokens)

    def redeem(self, form: Mapping[str, str]) -> None:
        self._tokens = self.window.fetch(f"{self.issuer}/token", "POST", form=form).json()

    def call(self, method: str, path: str, json: Any = None) -> Reply:
        headers = {"Authorization": f"Bearer {self._tokens['access_token']}"}
        return self.window.fetch(self.api + path, method, headers=headers, json=json)


class InWorker(_InTheBrowser):
    def open(self) -> None:
        self.window.register_worker(f"/worker.js?{urlencode({'issuer': self.issuer, 'api': self.api})}")

    def has(self) -> bool:
        return bool(self.window.post_to_worker({"ask": "has"}))

    def redeem(self, form: Mapping[str, str]) -> None:
        self.window.post_to_worker({"ask": "redeem", "form": form})

    def call(self, method: str, path: str, json: Any = None) -> Reply:
        return self.window.fetch(self.api + path, method, json=json)


def worker(place: ServiceWorker) -> None:
    """worker.js: it holds the tokens, and puts one on every request to the API."""
    issuer, api = (place.query[name] for name in ("issuer", "api"))
    tokens: dict[str, str] = {}

    def message(said: Mapping[str, Any]) -> bool:
        if said["ask"] == "redeem":
            tokens.update(place.fetch(Request.make("POST", f"{issuer}/token", form=said["form"])).json())
        return bool(tokens)

    def fetch(request: Request) -> Reply | None:
        if not tokens or not request.url.startswith(f"{api}/"):
            return None
        return place.fetch(request.with_header("Authorization", f"Bearer {tokens['access_token']}"))

    place.on_message, place.on_fetch = message, fetch


class BoundKey(LocalStorage):
    def _proof(self, method: str, url: str, token: str | None = None) -> str:
        window = self.window
        key: CryptoKey = window.database.setdefault("dpop", window.generate_key("ES256", extractable=False))
        name = base64url.encode(window.random(32))
        return key.use(
            lambda inside: dpop.proof(inside, method, url, now=window.now, jti=name, access_token=token)
        )

    def redeem(self, form: Mapping[str, str]) -> None:
        url = f"{self.issuer}/token"
        tokens = self.window.fetch(url, "POST", headers={"DPoP": self._proof("POST", url)}, form=form).json()
        for name in ("access_token", "refresh_token"):
            self.window.local_storage[name] = tokens[name]

    def call(self, method: str, path: str, json: Any = None) -> Reply:
        token, url = self.window.local_storage["access_token"], self.api + path
        headers = {"Authorization": f"DPoP {token}", "DPoP": self._proof(method, url, token)}
        return self.window.fetch(url, method, headers=headers, json=json)


class AtBackend:
    def __init__(self, window: Window) -> None:
        self.window = window
        self._token = ""

    def open(self) -> None:
        """Nothing to prepare."""

    def has(self) -> bool:
        answer = self.window.fetch("/backend/session")
        if answer.ok:
            self._token = answer.json()["csrf_token"]
        return answer.ok

    def log_in(self) -> None:
        self.window.navigate("/backend/login")

    def redeem(self, form: Mapping[str, str]) -> None:
        """The backend does."""

    def call(self, method: str, path: str, json: Any = None) -> Reply:
        return self.window.fetch(f"/backend{path}", method, headers={"X-CSRF-Token": self._token}, json=json)


KEEPERS: Mapping[str, Callable[[Window], Keeper]] = {
    "local-storage": LocalStorage,
    "memory": Memory,
    "service-worker": InWorker,
    "bound-key": BoundKey,
    "backend": AtBackend,
}


def application(make: Callable[[Window], Keeper]) -> Twin:
    """app.js, with one of the keepers."""

    def run(window: Window) -> None:
        keeper = make(window)

        def show() -> None:
            answer = keeper.call("GET", "/notes")
            if not answer.ok:
                return
            notes = answer.json()["notes"]
            window.insert_html("notes", "".join(f"<li>{note}</li>" for note in notes))
            window.names["library"]()

        def add() -> None:
            keeper.call("POST", "/notes", {"text": window.shown.get("text", "")})
            show()

        keeper.open()
        form = _answered(window)
        if form is not None:
            keeper.redeem(form)
        elif window.query:
            return
        elif not keeper.has():
            keeper.log_in()
            return
        window.on_click("reload", show)
        window.on_click("add", add)
        show()

    return run


def _answered(window: Window) -> dict[str, str] | None:
    """The token request, if this page was opened by the answer to its own request."""
    verifier, _, state = window.session_storage.get("pending", "").partition(" ")
    got = window.query
    if "code" not in got or not state or got.get("state") != state:
        return None
    del window.session_storage["pending"]
    window.replace_state("/")
    return {
        "grant_type": "authorization_code",
        "client_id": window.data["client"],
        "code": got["code"],
        "redirect_uri": f"{window.origin}/callback",
        "code_verifier": verifier,
    }


def library(window: Window) -> None:
    """library.js: harmless."""
    window.names["library"] = lambda: None


TWINS: Mapping[str, Twin] = {
    **{name: application(make) for name, make in KEEPERS.items()},
    "worker": worker,
    "library": library,
}
