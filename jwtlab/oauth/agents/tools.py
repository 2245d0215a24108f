"""A tool server, sound: it takes tokens that are meant for it, and asks the API behind it with one of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
from flask import Flask, Response, g, jsonify, make_response, request

from jwtlab.jose.token import read
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.registration import Client, Resource
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.resource_server.metadata import metadata, metadata_address
from jwtlab.oauth.world import API, ISSUER, World

TOOLS = "https://tools.example/mcp"
TOOL, NOTES = "tools:use", "notes:read"
NAME = "Tool server"
_CLIENT, _SECRET = "tool-server", "tool-server-secret-for-lessons"


def origin(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def called(tool: str) -> dict[str, Any]:
    """The message that calls a tool (JSON-RPC 2.0, as the Model Context Protocol has it)."""
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}}


class ToolServer:
    """Answers at an address of its own with one tool, ``read_notes``.

    Args:
        world: where it answers.
        address: its identifier: what stands in ``aud``.
        name: how the record calls it.

    Attributes:
        gate: decides who is let in; a weak tool server is one with a check taken out of ``gate.policies``.
    """

    def __init__(self, world: World, address: str = TOOLS, name: str = NAME) -> None:
        self.world, self.address, self.name = world, address, name
        speak_for(world, address, {TOOL: "Use its tools for you"})
        self.gate = ResourceServer(
            address,
            issuer=ISSUER,
            client=world.network.client(name),
            clock=world.clock,
            base=urlsplit(address).path,
        )
        world.server.clients[_CLIENT] = Client(
            client_id=_CLIENT,
            name=name,
            token_endpoint_auth_method="client_secret_basic",
            client_secret=_SECRET,
            grant_types=(protocol.TOKEN_EXCHANGE,),
            response_types=(),
            resource=address,
            exchanges_for=(API,),
        )
        world.network.replace(origin(address), name, self._application())

    @property
    def metadata(self) -> dict[str, Any]:
        """What it says about itself (RFC 9728 §2)."""
        return metadata(self.address, ISSUER, (TOOL, NOTES), self.name)

    def token_for_the_api(self, token: str) -> str:
        """The caller's token, traded for one that is good at the API and names this server as the actor (RFC 8693).

        Raises:
            LookupError: the authorization server trades nothing.
        """
        form = {
            "grant_type": protocol.TOKEN_EXCHANGE,
            "subject_token": token,
            "audience": API,
            "scope": NOTES,
        }
        form |= {"subject_token_type": protocol.ACCESS_TOKEN_TYPE}
        http = self.world.network.client(self.name)
        answer = http.post(f"{ISSUER}/token", data=form, auth=(_CLIENT, _SECRET))
        if answer.status_code != 200:
            raise LookupError(str(answer.json().get("error_description")))
        return str(answer.json()["access_token"])

    def read_notes(self, token: str) -> httpx.Response:
        """The API's answer for whoever calls.

        Args:
            token: the caller's; it is meant for this server, and for nobody else.
        """
        bearer = {"Authorization": f"Bearer {self.token_for_the_api(token)}"}
        return self.world.network.client(self.name).get(f"{API}/notes", headers=bearer)

    def _call(self, claims: dict[str, Any]) -> Response:
        asked = request.get_json(silent=True)
        tool = asked.get("params", {}).get("name") if isinstance(asked, dict) else None
        if tool != "read_notes":
            return make_response(
                jsonify(error={"code": -32602, "message": "there is one tool: read_notes"}), 400
            )
        try:
            answer = self.read_notes(g.token)
        except LookupError as error:
            return _result(f"no notes: {error}", failed=True)
        if answer.status_code != 200:
            return _result(f"no notes: {answer.json().get('error_description')}", failed=True)
        return _result(", ".join(answer.json()["notes"]))

    def _application(self) -> Flask:
        app = Flask("jwtlab.tools", static_folder=None)

        def call() -> Response:
            g.token = request.headers.get("Authorization", "").partition(" ")[2].strip()
            return self.gate.guarded(TOOL, self._call)

        app.add_url_rule(urlsplit(self.address).path, view_func=call, methods=["POST"])
        where = urlsplit(metadata_address(self.address)).path
        app.add_url_rule(where, "metadata", lambda: jsonify(self.metadata))
        return app


def seen_at_the_api(world: World) -> dict[str, Any]:
    """The claims of the newest token that the API was shown; empty for none."""
    asked = [each.request for each in world.network.trace if each.request.url.startswith(f"{API}/notes")]
    token = header(asked[-1].headers, "Authorization").partition(" ")[2] if asked else ""
    return dict(read(token).claims or {})


def _result(text: str, failed: bool = False) -> Response:
    return jsonify(
        jsonrpc="2.0", id=1, result={"content": [{"type": "text", "text": text}], "isError": failed}
    )


def speak_for(world: World, address: str, scopes: dict[str, str]) -> None:
    """The authorization server gives out tokens for one API more."""
    if address not in world.server.audiences:
        world.server.resources = (*world.server.resources, Resource(address, scopes))
