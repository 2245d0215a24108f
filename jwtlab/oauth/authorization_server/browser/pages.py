"""The pages that ask a person something."""

from __future__ import annotations

from flask import Response

from jwtlab.loopback import is_loopback
from jwtlab.oauth.authorization_server import interaction, responses
from jwtlab.oauth.authorization_server.browser.forms import hidden_fields
from jwtlab.oauth.authorization_server.documents import is_address
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.store import Record


def _place(redirect_uri: str) -> str:
    """Where an answer goes, in words for a person."""
    parts = split(redirect_uri)
    if is_loopback(parts.hostname):
        return f"a program on this computer ({parts.netloc})"
    return parts.netloc if parts.scheme in ("http", "https") else f"an app that answers to {parts.scheme}:"


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
    client = server.clients[record["client_id"]]
    return responses.page(
        "consent.html",
        client=client.name,
        stranger=client.stranger,
        known_at=split(client.client_id).netloc if is_address(client.client_id) else "",
        goes_to=_place(record["redirect_uri"]),
        person=person.name if person else session["sub"],
        scopes=[(each, server.scope_in_words(each)) for each in record["scope"]],
        redirect_uri=record["redirect_uri"],
        hidden=hidden_fields(server, name),
    )
