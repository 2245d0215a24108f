"""The parameters of the current request, as they were sent: undecoded octets in, known names out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from jwtlab.oauth.protocol import FORM, Parameters, read_parameters

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer


@dataclass(frozen=True)
class Received:
    """The parameters of a request, before anything else is known of it."""

    parameters: Parameters


def judged_form(server: AuthorizationServer, known: Collection[str]) -> Parameters:
    """Of the body, if they will do.

    Raises:
        OAuthError: ``invalid_request``.
    """
    parameters = form(known)
    server.decide("parameters", Received(parameters))
    return parameters


def form(known: Collection[str]) -> Parameters:
    """Of the body. Only a form has any (RFC 6749 Appendix B); an empty body is an empty form."""
    body = request.get_data()
    is_form = request.mimetype == FORM or not body
    return Parameters(read_parameters(body) if is_form else (), known, form_encoded=is_form)


def query(known: Collection[str]) -> Parameters:
    """Of the address."""
    return Parameters(read_parameters(request.query_string), known)


def query_or_form(known: Collection[str]) -> Parameters:
    """Of the address, or with POST of the body (OpenID Connect Core §3.1.2.1)."""
    return form(known) if request.method == "POST" else query(known)
