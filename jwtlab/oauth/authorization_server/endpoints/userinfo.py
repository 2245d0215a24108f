"""Who is this? Answered to an application that holds an access token with ``openid`` (OpenID Connect Core §5.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request

from jwtlab.checks import Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, OAuthError, StorageError
from jwtlab.jose import jwt
from jwtlab.oauth import bearer, dpop
from jwtlab.oauth.authorization_server import received, responses
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import OWN_TOKEN, own_verifier, person_claims
from jwtlab.oauth.protocol import FORM_ENCODED, OPENID_SCOPES, Parameters


@dataclass(frozen=True)
class UserinfoRequest:
    """The parameters of a request to userinfo."""

    parameters: Parameters


REQUEST_CHECKS = Policy((FORM_ENCODED,), "userinfo request")


def userinfo(server: Server) -> Response:
    """GET or POST /userinfo."""
    shown = bearer.presented(request, server.endpoint("userinfo"), field=True)

    def judge(shown: bearer.Presented, policy: Policy) -> Report:
        verifier = own_verifier(server, server.issuer, policy)
        return verifier.verify(shown.token, now=server.clock(), context=shown)

    try:
        server.decide("userinfo request", UserinfoRequest(received.form({"access_token"})))
        policies = {**bearer.POLICIES, "access token": _token_policy(server)}
        claims = bearer.admit(
            shown,
            "openid",
            policies=policies,
            judge=judge,
            now=server.clock(),
            first_use=lambda name: server.first_use("proof", name, 300),
            nonces=server.nonces,
        )
    except StorageError:
        raise  # no fault of the token
    except OAuthError as error:
        body = {"error": error.code, "error_description": responses.plain(str(error))} if error.code else {}
        response = responses.json_answer(body, error.status)
        response.headers["WWW-Authenticate"] = bearer.challenge(error, server.issuer, "openid", shown.scheme)
        return response
    person = server.accounts.find(str(claims["sub"]))
    scope = str(claims.get("scope", "")).split()
    more = person_claims(person, scope) if person else {}
    return responses.json_answer({"sub": claims["sub"], **more})


def _token_policy(server: Server) -> Policy:
    """As for an API, and nothing that was revoked, unless that check was taken out."""

    def not_revoked(case: jwt.Case) -> str:
        if server.is_revoked(case.claims):
            raise Refusal("it has been revoked", claim="jti", error=ClaimRefused)
        return ""

    policy = server.policies["access token"]
    if "not-revoked" in policy:
        known = replace(OWN_TOKEN["not-revoked"], run=not_revoked)
        policy = policy.without("not-revoked").adding(known)
    return policy.adding(bearer.SCHEME_MATCHES)


def _metadata(server: Server) -> dict[str, Any]:
    scopes = (scope for each in server.resources for scope in each.scopes)
    return {
        "userinfo_endpoint": server.endpoint("userinfo"),
        "scopes_supported": [*dict.fromkeys((*OPENID_SCOPES, *scopes))],
        "claims_supported": [
            *(
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                "at_hash",
                "c_hash",
                "amr",
                "azp",
                "sid",
            ),
            *("name", "preferred_username", "email", "email_verified"),
        ],
    }


ENDPOINT = Endpoint(
    path="/userinfo",
    methods=("GET", "POST"),
    answer=userinfo,
    policies={"userinfo request": REQUEST_CHECKS, "access token": OWN_TOKEN, "DPoP proof": dpop.CHECKS},
    metadata=_metadata,
    for_scripts=True,
)
