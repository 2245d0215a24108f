"""What an endpoint is: an address, who answers, and everything that follows from it being there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from jwtlab.checks import Policy
from jwtlab.oauth.authorization_server.server import Server


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint of the authorization server. Routes, CORS, error forms, metadata and policies derive from it.

    Attributes:
        path: such as ``"/token"``.
        methods: of HTTP.
        answer: ``server -> Response``, for Flask's current request.
        policies: its decisions, by name.
        metadata: ``server -> members`` of the metadata document (RFC 8414 §2).
        for_scripts: pages of other sites may call it. No cookie counts here, so every origin may.
        page: people come here. Errors are pages, not JSON, and a HEAD is not answered: looking at the
            headers must not give a code away.
    """

    path: str
    methods: tuple[str, ...] = ("POST",)
    answer: Callable[[Server], Response]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    metadata: Callable[[Server], Mapping[str, Any]] = lambda server: {}
    for_scripts: bool = False
    page: bool = False
