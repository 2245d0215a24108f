"""The example of lesson 46: a tool server, attacked with the kit; and the real client of ``mcp``, which logs in."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import anyio
import httpx
import pytest
from example_apps import CHROMIUM_ARGS, load, running
from serving import free_port, serving

import jwtlab
from jwtlab.oauth.agents import called
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.page import read_page
from jwtlab.testing import attack_api

pytest.importorskip("mcp")
import httpx2
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata
from starlette.testclient import TestClient

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "agent_tool_server"
ADDRESS = "http://127.0.0.1:8000/mcp"
BACK = "http://127.0.0.1:3000/callback"
SCOPE = "tools:use notes:read"
HEADERS = {"Accept": "application/json, text/event-stream"}


example = load("agent_tool_server")


@contextmanager
def tools(issuer, notes_for=lambda token: "feed the cat"):
    """The application, with a function that calls the tool with a token."""
    app = example.create_app(issuer.issuer, ADDRESS, notes_for, issuer.jwks_uri)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:

        def send(token, **headers):
            shown = {"Authorization": f"Bearer {token}"} if token else {}
            return client.post("/mcp", json=called("read_notes"), headers=HEADERS | shown | headers)

        yield client, send


def test_the_kit_finds_nothing(issuer):
    with tools(issuer) as (_, send):
        outcome = attack_api(lambda token: send(token).status_code, issuer, audience=ADDRESS, scope=SCOPE)
    outcome.check()
    assert not outcome.advice.of("crash")


def test_it_says_where_it_is_described_and_hands_nothing_on(issuer):
    seen = []
    with tools(issuer, lambda token: seen.append(token) or "feed the cat") as (client, send):
        bare = send("")
        where = "http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"
        assert (bare.status_code, f'resource_metadata="{where}"' in bare.headers["WWW-Authenticate"]) == (
            401,
            True,
        )
        told = client.get("/.well-known/oauth-protected-resource/mcp").json()
        assert (told["resource"], told["authorization_servers"]) == (ADDRESS, [issuer.issuer])
        token = issuer.token(aud=ADDRESS, scope=SCOPE)
        assert (
            send(token, Host="mallory.example").status_code == 421
        )  # rebinding: a page calls it by another name
        answer = send(token)
    assert answer.json()["result"]["content"][0]["text"] == "feed the cat"
    assert seen == [token]


class Traded:
    """An authorization server and an API that note what they are shown."""

    def __init__(self, answer):
        self.answer, self.seen = answer, []

    def post(self, address, data, auth):
        self.seen.append((data["subject_token"], data["audience"], auth))
        return httpx.Response(200, json=self.answer)

    def get(self, address, headers):
        self.seen.append(headers["Authorization"])
        return httpx.Response(200, json={"notes": ["feed the cat"]}, request=httpx.Request("GET", address))


def test_the_api_never_sees_the_caller_s_token():
    http = Traded({"access_token": "traded"})
    behalf = example.OnBehalf("https://as.example", "resource-1", "secret", "https://api.example", http)
    assert behalf("caller") == "feed the cat"
    assert http.seen == [("caller", "https://api.example", ("resource-1", "secret")), "Bearer traded"]
    http = Traded({"error": "invalid_target"})
    assert "invalid_target" in example.OnBehalf("https://as.example", "r", "s", "https://api.example", http)(
        "caller"
    )
    assert len(http.seen) == 1


# The real client of mcp


class Kept:
    """Where the client keeps what it has."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Alice:
    """A person with a browser: opens what the client opens, logs in, allows."""

    def __init__(self):
        self.pages, self.back = [], {}

    async def open(self, address):
        await anyio.to_thread.run_sync(self._go, address)

    def _go(self, address):
        with httpx.Client(trust_env=False) as http:
            answer = http.get(address)
            while not answer.headers.get("Location", "").startswith(BACK):
                if "Location" in answer.headers:
                    answer = http.get(str(answer.url.join(answer.headers["Location"])))
                    continue
                page = read_page(str(answer.url), Response.of(answer))
                self.pages.append(" ".join(page.text_shown.split()))
                (form,) = page.forms[:1]
                fields = {**form.fields}
                if "password" in fields:
                    fields |= {"username": "alice", "password": "wonderland"}
                else:
                    fields |= {"decision": "allow"}
                headers = {"Origin": f"{answer.url.scheme}://{answer.url.netloc.decode()}"}
                answer = http.post(form.action, data=fields, headers=headers)
            self.back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    async def came_back(self):
        return AuthorizationCodeResult(
            code=self.back["code"], state=self.back["state"], iss=self.back.get("iss")
        )


def call_tool(address, kept, alice):
    """What an agent does with the package: connect, list the tools, call one."""

    async def run():
        metadata = OAuthClientMetadata(
            client_name="Agent", redirect_uris=[BACK], token_endpoint_auth_method="none"
        )
        auth = OAuthClientProvider(address, metadata, kept, alice.open, alice.came_back)
        async with (
            httpx2.AsyncClient(auth=auth, trust_env=False, timeout=20) as http,
            streamable_http_client(address, http_client=http) as streams,
            ClientSession(*streams[:2]) as session,
        ):
            await session.initialize()
            names = [each.name for each in (await session.list_tools()).tools]
            return names, (await session.call_tool("read_notes", {})).content[0].text

    return anyio.run(run)


@contextmanager
def tool_server():
    """jwtlab serve, and the example behind it: the tool server's address, and what serve says of itself."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/mcp"
    with (
        serving("--port", "0", "--resource", f"{address}=tools:use") as (_, told),
        running("agent_tool_server", told, port),
    ):
        yield address, told


def logs_in_and_calls(alice):
    """The client of mcp knows one address and nothing else."""
    with tool_server() as (address, told):
        kept = Kept()
        assert call_tool(address, kept, alice) == (["read_notes"], "feed the cat")
        claims = jwtlab.decode(kept.tokens.access_token).claims
        assert (claims["aud"], claims["sub"]) == (address, "alice")
        assert claims["client_id"] == kept.client.client_id
        assert "Nobody here knows this application" in alice.pages[-1]
        bearer = {"Authorization": f"Bearer {kept.tokens.access_token}"}
        api = httpx.get(f"{told['api']}/notes", headers=bearer, trust_env=False)
        assert api.status_code == 401, "the token is good at the tool server, and nowhere else"


def test_one_command_and_the_real_client_logs_in():
    logs_in_and_calls(Alice())


class AliceInChromium(Alice):
    """The same person, with a real browser."""

    def __init__(self, chromium_path):
        super().__init__()
        self.chromium_path = chromium_path

    def _go(self, address):
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=self.chromium_path, args=CHROMIUM_ARGS)
            page = browser.new_page()
            # Nobody listens at the client's port: what would arrive there is all that is wanted.
            page.route(f"{BACK}*", lambda route: route.fulfill(body="back"))
            page.goto(address)
            page.get_by_label("User name").fill("alice")
            page.get_by_label("Password").fill("wonderland")
            page.get_by_role("button", name="Log in", exact=True).click()
            page.get_by_role("heading", name="Allow Agent?").wait_for()
            self.pages.append(" ".join(page.inner_text("body").split()))
            page.get_by_role("button", name="Allow").click()
            page.wait_for_url(f"{BACK}*")
            self.back = dict(parse_qsl(urlsplit(page.url).query))
            browser.close()


@pytest.mark.long
@pytest.mark.browser
def test_alice_logs_in_with_chromium(chromium_path):
    logs_in_and_calls(AliceInChromium(chromium_path))


def test_alone_it_says_what_to_do():
    done = subprocess.run(
        [sys.executable, FOLDER / "app.py"], input="", capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "jwtlab serve --json --resource" in done.stderr
