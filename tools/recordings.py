"""Record logins with a real Chromium, as HAR files: the samples of lesson 47, and what the tests read.

    python tools/recordings.py [NAME ...]      record anew into jwtlab/data/recordings (all by default)

The browser, its pages and every server run on loopback; nothing else is asked. ``app-at-oidc-provider`` needs Node and
the packages of tests/peers (npm ci there).
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "jwtlab" / "data" / "recordings"
PEERS = ROOT / "tests" / "peers"
CHROMIUM = [
    f"--{each}"
    for each in (
        *("no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"),
        *("disable-component-update", "disable-sync"),
    )
]
PAGE = """<!doctype html><meta charset="utf-8"><title>Notes in the browser</title>
<link rel="stylesheet" href="/style.css"><button id="login">Log in</button><p id="said"></p>
<script>
const ISSUER = "%(issuer)s", API = "%(api)s", HERE = location.origin + "/callback";
const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+]/g, "-").replace(/[/]/g, "_")
  .replace(/=/g, "");
const fresh = () => text(crypto.getRandomValues(new Uint8Array(32)));
document.querySelector("#login").onclick = async () => {
  const verifier = fresh(), state = fresh(), nonce = fresh();
  sessionStorage.setItem(state, verifier);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  location = ISSUER + "/authorize?" + new URLSearchParams({ response_type: "code", client_id: "spa", redirect_uri: HERE,
    scope: "openid profile notes:read", state, nonce, code_challenge: text(hash), code_challenge_method: "S256" });
};
const back = new URLSearchParams(location.search);
if (back.get("code")) finish();
async function finish() {
  const verifier = sessionStorage.getItem(back.get("state"));
  const form = new URLSearchParams({ grant_type: "authorization_code", code: back.get("code"), redirect_uri: HERE,
    client_id: "spa", code_verifier: verifier });
  const tokens = await (await fetch(ISSUER + "/token", { method: "POST", body: form })).json();
  history.replaceState({}, "", "/");
  const headers = { Authorization: "Bearer " + tokens.access_token };
  const notes = await (await fetch(API + "/notes", { headers })).json();
  document.querySelector("#said").textContent = "Notes: " + notes.notes.join(", ");
}
</script>"""


class Silent(WSGIRequestHandler):
    """A server that does not write every request to the terminal."""

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def listening(make: Callable[[int], Any]) -> Iterator[int]:
    """A WSGI application on a loopback socket; ``make`` gets the port."""
    behind: list[Any] = []
    server = make_server("127.0.0.1", 0, lambda *asked: behind[0](*asked), handler_class=Silent)
    behind.append(make(server.server_port))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def started(command: list[str], folder: Path = ROOT) -> Iterator[dict[str, Any]]:
    """A server in a process of its own: what its first line says. It is ended by its id."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


@contextmanager
def recording(path: Path, chromium: str | None = None) -> Iterator[Any]:
    """A page in a new Chromium; everything that it sends is in the file afterwards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = chromium or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        context = browser.new_context(
            record_har_path=path, record_har_content="embed", record_har_mode="full"
        )
        try:
            yield context.new_page()
        finally:
            context.close()  # writes the file
            browser.close()


def page_application(issuer: str, api: str) -> Any:
    """The application that lives in the browser: a page, a style sheet, and nothing behind it."""
    body = (PAGE % {"issuer": issuer, "api": api}).encode()

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        style = environ["PATH_INFO"].endswith(".css")
        kind = "text/css" if style else "text/html; charset=utf-8"
        start_response("200 OK", [("Content-Type", kind), ("Referrer-Policy", "no-referrer")])
        return [b"body { font-family: sans-serif }" if style else body]

    return answer


def _send(request: httpx.Request) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.send(request)


def web_application(issuer: str, credentials: Any, origin: str, scope: str, comes_back_to: str = "") -> Any:
    """jwtlab's client application, with the real clock and real dice."""
    from jwtlab.oauth.client import ClientSettings, Provider
    from jwtlab.oauth.mishaps.people import BadApplication

    return BadApplication(
        "App",
        origin,
        providers={"peer": Provider(issuer, credentials)},
        api="http://127.0.0.1:1",
        clock=time.time,
        random=secrets.token_bytes,
        send=_send,
        settings=ClientSettings(scope=scope),
        comes_back_to=comes_back_to,
        cookie_says="HttpOnly; Path=/; SameSite=Lax",
    )


def log_in_at_jwtlab(page: Any) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("wonderland")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Allow").click()


def page_at_jwtlab_serve(path: Path, served: dict[str, Any], chromium: str | None = None) -> None:
    """A page with a script logs in at `jwtlab serve`: the token request is in the recording."""
    application = page_application(served["issuer"], served["api"])
    with listening(lambda port: application) as port, recording(path, chromium) as page:
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name="Log in", exact=True).click()
        log_in_at_jwtlab(page)
        page.get_by_text("Notes:").wait_for()


def lost_host_at_jwtlab_serve(path: Path, served: dict[str, Any], chromium: str | None = None) -> None:
    """An application that is opened at localhost, and comes back to 127.0.0.1."""
    from jwtlab.oauth.client import Credentials

    client = next(each for each in served["clients"] if each["client_id"] == "web")
    credentials = Credentials("web", "client_secret_basic", client["client_secret"])

    def make(port: int) -> Any:
        here, back = f"http://localhost:{port}", f"http://127.0.0.1:{port}/callback"
        return web_application(served["issuer"], credentials, here, "openid profile", back)

    with listening(make) as port, recording(path, chromium) as page:
        page.goto(f"http://localhost:{port}/login")
        log_in_at_jwtlab(page)
        page.get_by_text("did not ask for a login").wait_for()


def app_at_oidc_provider(
    path: Path, provider: Callable[[list[Any]], Any], chromium: str | None = None
) -> None:
    """A web application with a server behind it, at npm's oidc-provider, which nobody here wrote.

    Args:
        path: of the file.
        provider: ``clients -> context manager`` that starts the provider.
        chromium: the browser.
    """
    from jwtlab.oauth.client import Credentials

    secret = "a-secret-of-the-recorded-application"
    made: list[Any] = []
    with listening(lambda port: lambda *asked: made[0](*asked)) as port:
        origin = f"http://127.0.0.1:{port}"
        client = {
            "client_id": "web",
            "client_secret": secret,
            "token_endpoint_auth_method": "client_secret_basic",
            "redirect_uris": [f"{origin}/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
        }
        with provider([client]) as told:
            credentials = Credentials("web", "client_secret_basic", secret)
            made.append(web_application(told["issuer"], credentials, origin, "openid profile email"))
            with recording(path, chromium) as page:
                page.goto(f"{origin}/login")
                page.locator("input[name=login]").fill("alice")
                page.locator("input[name=password]").fill("anything")
                page.get_by_role("button", name="Sign-in").click()
                page.get_by_role("button", name="Continue").click()
                page.get_by_text("Hello").wait_for()


def serve() -> Any:
    """`jwtlab serve` on a free port."""
    return started([sys.executable, "-m", "jwtlab", "serve", "--port", "0", "--json"])


def oidc_provider(clients: list[Any]) -> Any:
    """npm's oidc-provider on a free port."""
    return started([str(shutil.which("node")), "provider.mjs", json.dumps(clients)], PEERS)


def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    todo: dict[str, Callable[[Path], None]] = {
        "page-at-jwtlab-serve": lambda path: _with_jwtlab(page_at_jwtlab_serve, path),
        "lost-host-at-jwtlab-serve": lambda path: _with_jwtlab(lost_host_at_jwtlab_serve, path),
        "app-at-oidc-provider": lambda path: app_at_oidc_provider(path, oidc_provider),
    }
    for name in names or todo:
        path = FOLDER / f"{name}.har"
        todo[name](path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def _with_jwtlab(record: Callable[[Path, dict[str, Any]], None], path: Path) -> None:
    with serve() as served:
        record(path, served)


if __name__ == "__main__":
    main(sys.argv[1:])
