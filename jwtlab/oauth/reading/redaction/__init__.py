"""Secrets, tokens, cookies and people out of a trace, so that it can be shown: `redacted`."""

from __future__ import annotations

from jwtlab.oauth.reading.redaction.messages import redacted

__all__ = ["redacted"]
