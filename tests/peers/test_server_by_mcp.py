"""The client of the package ``mcp`` finds its way through the lab's world: by a document, and by registration."""

from __future__ import annotations

import anyio
import httpx
import pytest

import jwtlab
from jwtlab.oauth import agents
from jwtlab.oauth.agents import DOCUMENT, TOOLS, called

pytest.importorskip("mcp")
import httpx2
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider, OAuthFlowError
from mcp.shared.auth import OAuthClientMetadata

BACK = "http://127.0.0.1:3000/callback"


class LabTransport(httpx2.AsyncBaseTransport):
    """Into the lab's network in place of sockets."""

    def __init__(self, network):
        self.network = network

    async def handle_async_request(self, request):
        sent = httpx.Request(
            request.method,
            str(request.url),
            headers=list(request.headers.items()),
            content=await request.aread(),
        )
        got = self.network.deliver("mcp", sent)
        return httpx2.Response(
            got.status_code, headers=list(got.headers.items()), content=got.read(), request=request
        )


class Kept:
    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


@pytest.fixture
def world():
    found = jwtlab.Lab().world("mcp").admit_strangers()
    agents.agent_site(found)
    return found


def ask(world, address, tool, document=None, change=lambda back: back):
    """One call of a tool by the package's client; Alice logs in and allows."""
    kept, browser, back = Kept(), world.browser("alice"), {}

    async def open_browser(where):
        page = browser.open(where)
        while not page.redirect.startswith(BACK):
            if "password" in page.forms[0].fields:
                page = browser.submit({"username": "alice", "password": world.people["alice"].password})
            else:
                page = browser.submit(press="Allow")
        back.update(httpx.URL(page.redirect).params)

    async def came_back():
        return AuthorizationCodeResult(**change({name: back.get(name) for name in ("code", "state", "iss")}))

    async def run():
        metadata = OAuthClientMetadata(
            client_name="Agent",
            redirect_uris=[BACK],
            token_endpoint_auth_method="none",
            grant_types=["authorization_code", "refresh_token"],
        )
        auth = OAuthClientProvider(
            address, metadata, kept, open_browser, came_back, client_metadata_url=document
        )
        async with httpx2.AsyncClient(transport=LabTransport(world.network), auth=auth) as http:
            return await http.post(address, json=called(tool))

    return anyio.run(run), kept


@pytest.mark.parametrize("document", [None, DOCUMENT], ids=["registers", "document"])
def test_the_real_client_logs_in(world, document):
    agents.ToolServer(world)
    answer, kept = ask(world, TOOLS, "read_notes", document)
    assert answer.json()["result"]["content"][0]["text"] == "feed the cat"
    claims = jwtlab.decode(kept.tokens.access_token).claims
    assert (claims["aud"], claims["sub"]) == (TOOLS, "alice")
    paths = [each.request.path for each in world.network.trace]
    assert ("/register" in paths, "/client.json" in paths) == (document is None, document is not None)
    if document:
        assert claims["client_id"] == DOCUMENT
    assert agents.seen_at_the_api(world)["act"] == {"sub": "tool-server"}


def test_the_real_client_compares_what_the_metadata_says(world):
    weather = agents.WeatherServer(world, says_it_is="https://api.example", scopes=("notes:read",))
    with pytest.raises(OAuthFlowError, match="does not match"):
        ask(world, agents.WEATHER, "weather", DOCUMENT)
    assert weather.loot == []


def test_the_real_client_wants_to_know_whose_answer_it_is(world):
    """The server announces ``iss`` (RFC 9207 §3), so an answer without it is refused."""
    agents.ToolServer(world)
    with pytest.raises(OAuthFlowError, match="iss"):
        ask(world, TOOLS, "read_notes", DOCUMENT, lambda back: back | {"iss": None})
    with pytest.raises(OAuthFlowError, match="iss"):
        ask(world, TOOLS, "read_notes", DOCUMENT, lambda back: back | {"iss": "https://mallory.example"})
