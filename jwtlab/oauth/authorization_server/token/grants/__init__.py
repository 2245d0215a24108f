"""Every way to a token: one file a grant, which ends in its `GrantType`."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.token.grants import (
    authorization_code,
    client_credentials,
    device_code,
    jwt_bearer,
    password,
    refresh_token,
    token_exchange,
)

GRANT_TYPES = (
    authorization_code.GRANT_TYPE,
    refresh_token.GRANT_TYPE,
    client_credentials.GRANT_TYPE,
    jwt_bearer.GRANT_TYPE,
    device_code.GRANT_TYPE,
    token_exchange.GRANT_TYPE,
    password.GRANT_TYPE,
)
"""In the order of the metadata. Metadata, policies, parameters and the token endpoint derive from it."""
