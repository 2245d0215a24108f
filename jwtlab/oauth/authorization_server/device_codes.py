"""The codes of the device grant: one for the device, one for its person (RFC 8628 §3.2, §6.1)."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.server import Server

LIFETIME = 10 * 60
INTERVAL = 5
"""Seconds; each answer slow_down adds as much again (RFC 8628 §3.5)."""

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; nothing that is mixed up with a digit (RFC 8628 §6.1)."""


def new_user_code(server: Server) -> str:
    """Eight letters: 20^8 are enough where guesses are counted (RFC 8628 §5.1)."""
    while True:
        drawn = "".join(LETTERS[octet % 20] for octet in server.random(16) if octet < 240)[:8]
        if len(drawn) == 8 and server.store.get("user code", drawn) is None:
            return drawn


def shown_code(user_code: str) -> str:
    """With a hyphen, as people read it (RFC 8628 §6.1)."""
    return f"{user_code[:4]}-{user_code[4:]}"


def typed_code(text: str) -> str:
    """What a person typed, without what does not matter (RFC 8628 §6.1)."""
    return "".join(each for each in text.upper() if each in LETTERS)
