"""The parameters of the current request, as they were sent: undecoded octets in, known names out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from jwtlab.oauth import bearer, dpop
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import FORM, Parameters, read_parameters


@dataclass(frozen=True)
class Received:
    """The parameters of a request, before anything else is known of it."""

    parameters: Parameters


def judged_form(server: Server, known: Collection[str]) -> Parameters:
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


def shown_key(
    server: Server, endpoint: str, *, needed: bool = False, announced: str | None = None
) -> str | None:
    """The thumbprint of the key that the current request proves by DPoP, or ``None`` (RFC 9449 §5).

    Args:
        server: who is asked.
        endpoint: where the request came to.
        needed: the client has promised a proof.
        announced: the thumbprint that the request itself names (``dpop_jkt``).

    Raises:
        OAuthError: the proof does not do, shows another key than was announced, or is missing.
    """
    proofs = bearer.proof_values(request.headers.get("DPoP"))
    if not proofs and not needed:
        return None
    case = dpop.ProofCase(
        proofs,
        request.method,
        server.endpoint(endpoint),
        server.clock(),
        lambda name: server.first_use("proof", name, 300),
        bound_to=announced,
        nonces=server.nonces,
    )
    report = server.note("DPoP proof", dpop.examine(case, server.policies["DPoP proof"]))
    thumbprint: str = report.value
    return thumbprint
