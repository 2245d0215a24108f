"""The authorization response: a code, tokens, or an error (RFC 6749 §4.1.2, §4.2.2, OpenID Connect Core §3.3.2.5)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import responses
from jwtlab.oauth.authorization_server.browser.forms import finish
from jwtlab.oauth.authorization_server.browser.sessions import remember
from jwtlab.oauth.authorization_server.grant import Grant, new_code
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import access_token, id_token, person_claims
from jwtlab.oauth.http import templates
from jwtlab.oauth.store import Record


@dataclass
class _Answer:
    """What has been put together so far."""

    server: Server
    client: Client
    grant: Grant
    request: Record
    parameters: dict[str, str] = field(default_factory=dict)


def _code(answer: _Answer) -> None:
    answer.parameters["code"] = new_code(answer.server, answer.grant, answer.request)


def _token(answer: _Answer) -> None:
    server, grant = answer.server, answer.grant
    token, claims = access_token(
        server,
        answer.client,
        grant.sub,
        grant.scope,
        grant.audience(server),
        auth_time=grant.auth_time,
        more=server.rights(grant.sub),
    )
    grant.remember_token(server, claims)
    answer.parameters |= {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": str(claims["exp"] - claims["iat"]),
        "scope": " ".join(grant.scope),
    }


def _id_token(answer: _Answer) -> None:
    server, grant, beside = answer.server, answer.grant, answer.parameters
    person = server.accounts.find(grant.sub)
    # With nothing beside it there is no userinfo to ask: the claims travel in the ID token (Core §5.4).
    more = person_claims(person, grant.scope) if person and not beside else {}
    answer.parameters["id_token"] = id_token(
        server,
        answer.client,
        grant.record,
        nonce=answer.request["nonce"],
        token=beside.get("access_token"),
        code=beside.get("code"),
        more=more,
    )


_PARTS: Mapping[str, Callable[[_Answer], None]] = {"code": _code, "token": _token, "id_token": _id_token}
"""What the words of a response type bring; the ID token comes last, because it vouches for the others."""


def answer(server: Server, name: str, request: Record, session: Record) -> Response:
    """Whatever the response type lists."""
    client = server.clients[request["client_id"]]
    finish(server, name)
    grant = Grant.make(server, client, request, session)
    with server.store.transaction():
        # Both or neither: what no session knows of would survive the logout.
        if not remember(server, session, client.client_id, grant.id):
            raise OAuthError("the person has logged out meanwhile", "login_required")
        grant.save(server)
    made = _Answer(server, client, grant, request)
    wanted = request["response_type"].split()
    for word, add in _PARTS.items():
        if word in wanted:
            add(made)
    return _send(server, request["redirect_uri"], request["response_mode"], request["state"], made.parameters)


def refuse_to(server: Server, redirect_uri: str, mode: str, state: str | None, error: OAuthError) -> Response:
    """Send an error to a checked address."""
    parameters = {"error": error.code, "error_description": responses.plain(str(error))}
    return _send(server, redirect_uri, mode, state, parameters)


def _send(server: Server, uri: str, mode: str, state: str | None, parameters: Mapping[str, str]) -> Response:
    full = dict(parameters)
    if state is not None:
        full["state"] = state
    full["iss"] = server.issuer  # RFC 9207 §2: whose answer this is
    if mode == "form_post":
        # It may stand in a frame: a silent renewal gets its answer there, and nobody presses anything on it.
        scripts = [_fingerprint(templates.AUTO_SUBMIT)]
        return responses.page("form_post.html", action=uri, fields=full, scripts=scripts, framed=True)
    return responses.redirect(responses.with_parameters(uri, full, fragment=mode == "fragment"))


def _fingerprint(script: str) -> str:
    """By which a page names the one script that it may run (Content Security Policy §8.3)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
