"""How long what the server hands out is good for, in seconds."""

from __future__ import annotations

ACCESS_LIFETIME = 15 * 60
ID_LIFETIME = 15 * 60
LOGOUT_LIFETIME = 2 * 60
"""Tokens."""

CODE_LIFETIME = 60
"""RFC 6749 §4.1.2 allows ten minutes, and a redirect takes one."""

REFRESH_LIFETIME = 14 * 24 * 3600
"""From one use to the next."""

GRANT_LIFETIME = 90 * 24 * 3600
"""After that the person is asked again, however often the token was refreshed."""

SESSION_LIFETIME = 8 * 3600
INTERACTION_LIFETIME = 30 * 60
"""Of a person at a browser; of a request that waits for one."""
