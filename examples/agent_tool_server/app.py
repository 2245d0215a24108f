"""A tool server for agents (Model Context Protocol): tokens for itself only, traded for the API behind it."""

import json
import os
import sys
from urllib.parse import urlsplit

import httpx
import jwt
import uvicorn
from anyio import to_thread
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

ALGORITHMS = ["RS256"]  # what this issuer signs with; the token is not asked
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]  # RFC 9068 §2.2
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
TOOL, NOTES = "tools:use", "notes:read"


class OursOnly:
    """Which tokens are let in: signed by the issuer, meant for this tool server, and no ID tokens."""

    def __init__(self, issuer, address, jwks_uri=""):
        self.issuer, self.address = issuer, address
        self.keys = jwt.PyJWKClient(jwks_uri or f"{issuer}/jwks", timeout=5)

    async def verify_token(self, token):
        return await to_thread.run_sync(
            self.verify, token
        )  # keys may have to be fetched: not in the event loop

    def verify(self, token):
        try:
            if str(jwt.get_unverified_header(token).get("typ")).lower() not in (
                "at+jwt",
                "application/at+jwt",
            ):
                return None
            key = self.keys.get_signing_key_from_jwt(token).key
            asked = {"issuer": self.issuer, "audience": self.address, "options": {"require": REQUIRED}}
            claims = jwt.decode(token, key, ALGORITHMS, **asked)
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        scopes = str(claims.get("scope", "")).split()
        return AccessToken(
            token=token,
            client_id=str(claims["client_id"]),
            subject=claims["sub"],
            scopes=scopes,
            resource=self.address,
        )


class OnBehalf:
    """Trades the caller's token for one that is good at the API and names us as the actor (RFC 8693 §2.1, §4.1)."""

    def __init__(self, issuer, client_id, secret, api, http):
        self.issuer, self.api, self.http, self.auth = issuer, api, http, (client_id, secret)

    def __call__(self, token):
        form = {"grant_type": EXCHANGE, "subject_token": token, "subject_token_type": ACCESS_TOKEN}
        form |= {"audience": self.api, "scope": NOTES}
        answer = self.http.post(f"{self.issuer}/token", data=form, auth=self.auth).json()
        if "access_token" not in answer:
            return f"no notes: {answer.get('error_description', answer.get('error'))}"
        # The caller's own token ends here: it is not passed on.
        bearer = {"Authorization": f"Bearer {answer['access_token']}"}
        notes = self.http.get(f"{self.api}/notes", headers=bearer).raise_for_status().json()["notes"]
        return "\n".join(notes)


def create_app(issuer, address, notes_for, jwks_uri=""):
    """The tool server; ``notes_for(token)`` trades the caller's token and asks the API behind."""
    settings = AuthSettings(
        issuer_url=issuer,
        resource_server_url=address,  # served as protected resource metadata, and named in each 401 (RFC 9728)
        required_scopes=[TOOL, NOTES],
        validate_token_resource=True,
    )
    tools = MCPServer("Notes", auth=settings, token_verifier=OursOnly(issuer, address, jwks_uri))

    @tools.tool()
    async def read_notes() -> str:
        """Read the notes of whoever has logged in."""
        return await to_thread.run_sync(notes_for, get_access_token().token)

    parts = urlsplit(address)
    only_here = TransportSecuritySettings(
        allowed_hosts=[parts.netloc], allowed_origins=[f"{parts.scheme}://{parts.netloc}"]
    )
    return tools.streamable_http_app(
        streamable_http_path=parts.path, stateless_http=True, json_response=True, transport_security=only_here
    )


def main():
    told = json.loads(sys.stdin.readline() or "{}")
    port = int(os.environ.get("PORT", "8000"))
    address = f"http://127.0.0.1:{port}/mcp"
    mine = next((each for each in told.get("clients", ()) if each.get("resource") == address), None)
    if mine is None:
        sys.exit(f"Start it so: jwtlab serve --json --resource {address}={TOOL} | python app.py")
    http = httpx.Client(timeout=10, trust_env=False)
    behalf = OnBehalf(told["issuer"], mine["client_id"], mine["client_secret"], told["api"], http)
    uvicorn.run(create_app(told["issuer"], address, behalf), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
