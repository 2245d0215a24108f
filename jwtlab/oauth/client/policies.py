"""Every decision of a client application, by name."""

from __future__ import annotations

from collections.abc import Mapping

from jwtlab.checks import Policy
from jwtlab.oauth.client.authorization_response import RESPONSE_CHECKS
from jwtlab.oauth.client.id_token import ID_TOKEN_CHECKS
from jwtlab.oauth.client.logout_token import LOGOUT_TOKEN_CHECKS
from jwtlab.oauth.client.provider import DISCOVERY_CHECKS
from jwtlab.oauth.client.token_response import TOKEN_RESPONSE_CHECKS
from jwtlab.oauth.client.userinfo import USERINFO_CHECKS

POLICIES: Mapping[str, Policy] = {
    "discovery": DISCOVERY_CHECKS,
    "authorization response": RESPONSE_CHECKS,
    "token response": TOKEN_RESPONSE_CHECKS,
    "ID token": ID_TOKEN_CHECKS,
    "userinfo": USERINFO_CHECKS,
    "logout token": LOGOUT_TOKEN_CHECKS,
}
"""Every decision of a client application, by name."""
