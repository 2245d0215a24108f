"""The endpoints: one file each, which ends in its row. The token endpoint is put together from its grants."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.endpoints import (
    authorize,
    consent,
    device,
    device_authorization,
    introspection,
    login,
    logout,
    magic_link,
    metadata,
    pushed_authorization,
    registration,
    revocation,
    userinfo,
)

ENDPOINTS = (
    authorize.ENDPOINT,
    login.ENDPOINT,
    consent.ENDPOINT,
    *magic_link.ENDPOINTS,
    pushed_authorization.ENDPOINT,
    device_authorization.ENDPOINT,
    *device.ENDPOINTS,
    metadata.ENDPOINT,
    userinfo.ENDPOINT,
    introspection.ENDPOINT,
    revocation.ENDPOINT,
    registration.ENDPOINT,
    *logout.ENDPOINTS,
)
"""Routes, CORS, error forms, policies and metadata derive from it."""
