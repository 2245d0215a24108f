"""Who is this? Answered to an application that holds an access token with ``openid`` (OpenID Connect Core §5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, request

from jwtlab.checks import Policy, Report
from jwtlab.errors import OAuthError
from jwtlab.jose import jwt
from jwtlab.oauth import bearer
from jwtlab.oauth.authorization_server import answers, received
from jwtlab.oauth.authorization_server.tokens import person_claims
from jwtlab.oauth.protocol import ACCESS_TOKEN_TYP, FORM_ENCODED, Parameters

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer


@dataclass(frozen=True)
class UserinfoRequest:
    """The parameters of a request to userinfo."""

    parameters: Parameters


REQUEST_CHECKS = Policy((FORM_ENCODED,), "userinfo request")


def userinfo(server: AuthorizationServer) -> Response:
    """GET or POST /userinfo."""
    shown = bearer.presented(request, server.endpoint("userinfo"), field=True)

    def judge(shown: bearer.Presented, policy: Policy) -> Report:
        return jwt.verify(
            shown.token,
            server.keys.published,
            algorithms=server.algorithms,
            issuer=server.issuer,
            audience=server.issuer,
            typ=ACCESS_TOKEN_TYP,
            now=server.clock(),
            policy=policy,
            context=shown,
        )

    try:
        server.decide("userinfo request", UserinfoRequest(received.form({"access_token"})))
        policies = {**bearer.POLICIES, "access token": server.userinfo_policy}
        claims = bearer.admit(
            shown,
            "openid",
            policies=policies,
            judge=judge,
            now=server.clock(),
            first_use=lambda name: server.first_use("proof", name, 300),
            nonces=server.nonces,
        )
    except OAuthError as error:
        body = {"error": error.code, "error_description": answers.plain(str(error))} if error.code else {}
        response = answers.json_answer(body, error.status)
        response.headers["WWW-Authenticate"] = bearer.challenge(error, server.issuer, "openid", shown.scheme)
        return response
    person = server.accounts.find(str(claims["sub"]))
    scope = str(claims.get("scope", "")).split()
    more = person_claims(person, scope) if person else {}
    return answers.json_answer({"sub": claims["sub"], **more})
