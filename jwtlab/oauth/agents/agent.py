"""An agent that knows an address and nothing else finds its way to a token (RFC 9728 §5, RFC 8414 §3, RFC 8707 §2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, jsonify

from jwtlab.errors import UsageError
from jwtlab.oauth import pkce
from jwtlab.oauth.agents.tools import TOOLS, called
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.messages import Request, header
from jwtlab.oauth.http.messages import Response as Answer
from jwtlab.oauth.http.steps import Steps, call, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World

AGENT = "Alice's agent"
DOCUMENT = "https://agent.example/client.json"
BACK = "http://127.0.0.1:3000/callback"
MCP = "MCP authorization 2026-07-28"
DRAFT = "Client ID Metadata Document"


@dataclass(frozen=True)
class Connected:
    """How an agent's way has ended.

    Attributes:
        said: what the tool answered, or why the way has ended.
        token: what the agent holds now; empty for nothing.
        client_id: under which name it came.
    """

    said: str
    token: str = ""
    client_id: str = ""


def agent_site(world: World) -> None:
    """The agent's maker puts its metadata document on the web."""

    def document() -> Response:
        return jsonify(
            client_id=DOCUMENT, client_name="Agent", redirect_uris=[BACK], token_endpoint_auth_method="none"
        )

    app = Flask("jwtlab.agent", static_folder=None)
    app.add_url_rule("/client.json", view_func=document)
    world.network.replace("https://agent.example", "Agent's site", app)


def connect(world: World, address: str = TOOLS, **options: Any) -> Connected:
    """As `connecting`, from the first message to the last."""
    flow = connecting(world, address, **options).run()
    return flow.outcome if isinstance(flow.outcome, Connected) else Connected(flow.stopped)


def connecting(world: World, address: str = TOOLS, **options: Any) -> Flow:
    """An agent asks a tool server that it has never met; each message can be looked at before it is sent.

    Args:
        world: where; the authorization server admits strangers from now on.
        address: of the tool server.
        options: of the way: ``registers`` (it registers itself, in place of having a document), ``names_resource``
            (it says for whom the token is to be), ``compares`` (it compares what the metadata says with where it
            has asked), ``user``, ``tool``, ``scope`` (in place of what the metadata lists), ``browser``.
    """
    world.admit_strangers()
    agent_site(world)
    return Flow(world, _way(world, address, **options), "agent", "An agent and a stranger's tools", MCP)


def _way(
    world: World,
    address: str,
    *,
    registers: bool = False,
    names_resource: bool = True,
    compares: bool = True,
    user: str = "alice",
    tool: str = "read_notes",
    scope: str = "",
    browser: UserAgent | None = None,
) -> Steps[Connected]:
    refusal = yield from call(
        AGENT, _ask(address, tool), "The agent knows an address, and has no token.", "RFC 6750 §3"
    )
    where = _parameter(header(refusal.headers, "WWW-Authenticate"), "resource_metadata")
    if not where:
        raise UsageError("The refusal names no resource_metadata, so there is nowhere to go on.")
    told = yield from _read(
        where, "The refusal says where the tool server describes itself.", "RFC 9728 §5.1"
    )
    if compares and told.get("resource") != address:
        return Connected(f"stopped: I asked {address}, and the metadata speaks of {told.get('resource')}")
    issuer = str((told.get("authorization_servers") or [""])[0])
    well_known = f"{issuer}/.well-known/oauth-authorization-server"
    server = yield from _read(
        well_known, "It names the authorization server, which describes itself too.", "RFC 8414 §3"
    )
    client_id = (yield from _register(server)) if registers else DOCUMENT
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": BACK,
        "scope": scope or " ".join(told.get("scopes_supported", ())),
        "state": world.secret(),
    }
    if names_resource:
        asked["resource"] = str(told["resource"])
    code = yield from _login(world, server, asked, user, browser)
    if isinstance(code, Connected):
        return code
    names = ("client_id", "redirect_uri", "resource")
    form: dict[str, str] = {name: asked[name] for name in names if name in asked}
    form |= {"grant_type": "authorization_code", **code}
    request = Request.make("POST", str(server["token_endpoint"]), form=form)
    answer = yield from call(
        AGENT, request, "The agent redeems the code, for the same tool server.", "RFC 8707 §2.2"
    )
    token = str((answer.json or {}).get("access_token", ""))
    if not token:
        return Connected(f"no token: {(answer.json or {}).get('error_description')}", client_id=client_id)
    answer = yield from call(
        AGENT, _ask(address, tool, token), "The agent calls the tool once more, with its token.", MCP
    )
    return Connected(_said(answer), token, client_id)


def _register(server: dict[str, Any]) -> Steps[str]:
    told = {"client_name": "Agent", "redirect_uris": [BACK], "token_endpoint_auth_method": "none"}
    told["application_type"] = "native"
    request = _json("POST", str(server["registration_endpoint"]), told)
    answer = yield from call(
        AGENT, request, "The server does not know the agent. So it registers itself.", "RFC 7591 §3.1"
    )
    return str((answer.json or {}).get("client_id", ""))


def _login(
    world: World, server: dict[str, Any], asked: dict[str, str], user: str, browser: UserAgent | None
) -> Steps[dict[str, str] | Connected]:
    verifier = pkce.new_verifier(world.random)
    challenge = {"code_challenge": pkce.challenge(verifier), "code_challenge_method": pkce.S256}
    address = f"{server['authorization_endpoint']}?{urlencode(asked | challenge)}"
    browser = browser or world.browser(user)
    name = world.people[user].name
    page = yield from visit(
        browser,
        address,
        f"The agent opens {name}'s browser. Its name is the address of a document.",
        f"{DRAFT} §5",
    )
    page = yield from log_in(world, browser, user)
    if not page.redirect:
        return Connected(f"no code: {page.title}")
    back = dict(parse_qsl(urlsplit(page.redirect).query))
    if "code" not in back:
        return Connected(f"no code: {back.get('error_description')}")
    if back.get("iss") != server["issuer"] or back.get("state") != asked["state"]:
        return Connected("stopped: that answer is from somebody else (RFC 9207 §2.4)")
    return {"code": back["code"], "code_verifier": verifier}


def _read(address: str, says: str, spec: str) -> Steps[dict[str, Any]]:
    answer = yield from call(AGENT, Request.make("GET", address), says, spec)
    if not isinstance(answer.json, dict):
        raise UsageError(f"There is no metadata at {address}, so there is nothing to go on with.")
    return answer.json


def _ask(address: str, tool: str, token: str = "") -> Request:
    return _json("POST", address, called(tool), {"Authorization": f"Bearer {token}"} if token else {})


def _json(method: str, address: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Request:
    return Request.make(method, address, json=body, headers=headers)


def _parameter(challenge: str, name: str) -> str:
    found = re.search(rf'(?:^|[\s,]){name}="([^"]*)"', challenge)
    return found.group(1) if found else ""


def _said(answer: Answer) -> str:
    body = answer.json if isinstance(answer.json, dict) else {}
    content = body.get("result", {}).get("content")
    return str(content[0]["text"]) if content else str(body.get("error_description", answer.status))
