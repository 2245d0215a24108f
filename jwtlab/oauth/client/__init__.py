"""A client: its credentials, what it knows of a server, what it asks of every answer, and a web application.

Read `application` first; `policies` lists every decision by name.
"""

from __future__ import annotations

from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.client.authorization_response import RESPONSE_CHECKS, AuthorizationResponse
from jwtlab.oauth.client.credentials import Credentials
from jwtlab.oauth.client.id_token import (
    ID_TOKEN_CHECKS,
    LoginExpected,
    examine_id_token,
    id_token_algorithms,
)
from jwtlab.oauth.client.issuer_client import IssuerClient
from jwtlab.oauth.client.logout_token import LOGOUT_TOKEN_CHECKS, examine_logout_token
from jwtlab.oauth.client.policies import POLICIES
from jwtlab.oauth.client.provider import DISCOVERY_CHECKS, Discovered, Provider
from jwtlab.oauth.client.settings import ClientSettings
from jwtlab.oauth.client.token_response import TOKEN_RESPONSE_CHECKS, asks_for_nonce
from jwtlab.oauth.client.userinfo import USERINFO_CHECKS, Userinfo

__all__ = [
    "DISCOVERY_CHECKS",
    "ID_TOKEN_CHECKS",
    "LOGOUT_TOKEN_CHECKS",
    "POLICIES",
    "RESPONSE_CHECKS",
    "TOKEN_RESPONSE_CHECKS",
    "USERINFO_CHECKS",
    "AuthorizationResponse",
    "ClientApplication",
    "ClientSettings",
    "Credentials",
    "Discovered",
    "IssuerClient",
    "LoginExpected",
    "Provider",
    "Userinfo",
    "asks_for_nonce",
    "examine_id_token",
    "examine_logout_token",
    "id_token_algorithms",
]
