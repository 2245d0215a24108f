"""What the tests of the kit share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch):
    """Authlib asks for TLS, and takes loopback only if it is told so."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
