"""Programs on people's own machines: which of them an address leads to, and what goes wrong there (RFC 8252).

VULNERABLE ON PURPOSE: some of the apps here are Mallory's, and some phones let her have her way.
"""

from __future__ import annotations

from jwtlab.oauth.native_apps.phone import App, Phone, WebView
from jwtlab.oauth.native_apps.scenes import (
    SceneOutcome,
    code_taken,
    device_phishing,
    impersonation,
    log_in_at,
    web_view,
)

__all__ = [
    "App",
    "Phone",
    "SceneOutcome",
    "WebView",
    "code_taken",
    "device_phishing",
    "impersonation",
    "log_in_at",
    "web_view",
]
