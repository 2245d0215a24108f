"""What a browser came for, kept while its person logs in, and what is still missing before it gets its answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server.lifetimes import INTERACTION_LIFETIME
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import subject_of_hint
from jwtlab.oauth.store import Record, fingerprint

AUTHORIZATION, DEVICE, LOGOUT = "authorization", "device", "logout"
"""The kinds of interactions: an application, a device, or a logout waits."""


class StillNeeded(Enum):
    """What a waiting request still needs."""

    LOGIN = auto()
    """Somebody has to log in: at this browser, now."""

    CONSENT = auto()
    """Whoever has logged in has to allow it."""


def begin(server: Server, kind: str, what: Mapping[str, Any], browser: str) -> tuple[str, Record]:
    """Keep what a browser came for.

    Args:
        server: where it came to.
        kind: one of the kinds above.
        what: the request, as it will be needed later.
        browser: its cookie.

    Returns:
        The interaction's name, which only this browser's pages carry, and its record.
    """
    name, expires = server.secret(), server.clock() + INTERACTION_LIFETIME
    record: Record = {**what, "kind": kind, "browser": fingerprint(browser), "expires": expires}
    keep(server, name, record)
    return name, record


def find(server: Server, name: str) -> Record | None:
    """The record, if it still waits."""
    record = server.store.get("interaction", fingerprint(name))
    return record if record is not None and record["expires"] > server.clock() else None


def keep(server: Server, name: str, record: Record) -> None:
    """Write down what has changed."""
    server.store.put("interaction", fingerprint(name), record, record["expires"])


def end(server: Server, name: str) -> None:
    """It waits no longer."""
    server.store.delete("interaction", fingerprint(name))


def missing(server: Server, record: Record, session: Record | None) -> StillNeeded | None:
    """What comes next: a login, a consent, or nothing (OpenID Connect Core §3.1.2.3, §3.1.2.4).

    Args:
        server: where it waits.
        record: of the interaction.
        session: of its browser, if somebody has logged in there.

    Raises:
        OAuthError: something is missing, and the request wants no page (``prompt=none``), or the wrong
            person has logged in.
    """
    silent = "none" in record.get("prompt", ())
    if session is None or _stale(server, record, session):
        if silent:
            raise OAuthError("somebody has to log in first", "login_required")
        return StillNeeded.LOGIN
    if record["kind"] != AUTHORIZATION:
        return None
    hint = record.get("id_token_hint")
    if hint and subject_of_hint(server, hint) != session["sub"]:
        # Somebody else has logged in than the one who was meant (OpenID Connect Core §3.1.2.1).
        raise OAuthError(
            "the id_token_hint names somebody else than has logged in, or nobody", "login_required"
        )
    if _must_ask(server, record, session):
        if silent:
            raise OAuthError("the person has to be asked first", "consent_required")
        return StillNeeded.CONSENT
    return None


def _stale(server: Server, record: Record, session: Record) -> bool:
    """Does this login not do for what is asked?"""
    if record.get("fresh"):  # logged in for this very request
        return False
    age = server.clock() - session["auth_time"]
    # A login of the future: the clock was set back, and nobody knows how old it is.
    too_old = record.get("max_age") is not None and not 0 <= age < record["max_age"]
    again = not {"login", "select_account"}.isdisjoint(record.get("prompt", ()))
    expected = subject_of_hint(server, record.get("id_token_hint"))
    return too_old or again or (expected is not None and expected != session["sub"])


def _must_ask(server: Server, record: Record, session: Record) -> bool:
    client = server.clients[record["client_id"]]
    if client.trusted or record.get("allowed"):
        return False
    if client.stranger:  # whoever says this name need not be who said it last time (RFC 8252 §8.6)
        return True
    known = server.store.get("consent", f"{session['sub']} {client.client_id}") or {"scope": []}
    return "consent" in record["prompt"] or not set(record["scope"]) <= set(known["scope"])
