"""The pages that ask a person something."""

from __future__ import annotations

from flask import Response

from jwtlab.oauth.authorization_server import interaction, responses
from jwtlab.oauth.authorization_server.browser.forms import hidden_fields
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.store import Record


def login_page(server: Server, name: str, record: Record, error: str = "", status: int = 200) -> Response:
    """Who are you?"""
    client = server.clients.get(record["client_id"])
    return responses.page(
        "login.html",
        status,
        client=client.name if client else "",
        hidden=hidden_fields(server, name),
        hint=record.get("login_hint") or "",
        error=error,
        passwordless=server.mail is not None,
    )


def consent_page(server: Server, name: str, record: Record, session: Record) -> Response:
    """May they?"""
    # Allow counts for the person who was shown the page, and for nobody who logs in meanwhile.
    interaction.keep(server, name, record | {"shown_to": session["sub"]})
    person = server.accounts.find(session["sub"])
    return responses.page(
        "consent.html",
        client=server.clients[record["client_id"]].name,
        person=person.name if person else session["sub"],
        scopes=[(each, server.scope_in_words(each)) for each in record["scope"]],
        redirect_uri=record["redirect_uri"],
        hidden=hidden_fields(server, name),
    )
