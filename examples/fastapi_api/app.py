"""An API that lets access tokens in: each route says which scope it needs; whose a note is, the API knows."""

import json
import os
import sys
import threading
from itertools import count
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field

ALGORITHMS = ["RS256"]  # what this issuer signs with; the token is not asked
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]  # RFC 9068 §2.2


class Issuer:
    """Whose tokens are taken, and where its keys are: looked up when the first token comes."""

    def __init__(self, issuer, jwks_uri=None):
        self.issuer, self._jwks_uri, self._keys, self._lock = issuer, jwks_uri, None, threading.Lock()

    def key_for(self, token):
        with self._lock:
            if self._keys is None:
                self._keys = jwt.PyJWKClient(self._jwks_uri or self._looked_up(), timeout=5)
        return self._keys.get_signing_key_from_jwt(token)  # a set is kept for five minutes

    def _looked_up(self):
        address = f"{self.issuer}/.well-known/oauth-authorization-server"
        about = jwt.PyJWKClient(
            address, cache_jwk_set=False, timeout=5
        ).fetch_data()  # JSON, without redirects
        if about.get("issuer") != self.issuer:  # RFC 8414 §3.3
            raise jwt.PyJWKClientConnectionError(f"{address} speaks for {about.get('issuer')}")
        return about["jwks_uri"]


def refuse(status, error="", scope="", why=""):
    """RFC 6750 §3: what was wrong, in a header. Without a token no error is named (§3.1)."""
    said = {"realm": "notes", "error": error, "error_description": why, "scope": scope}
    header = ", ".join(f'{name}="{value}"' for name, value in said.items() if value)
    return HTTPException(status, why or None, {"WWW-Authenticate": f"Bearer {header}"})


class NewNote(BaseModel):
    text: str = Field(min_length=1, max_length=500)


def create_app(issuer, audience, jwks_uri=None):
    app = FastAPI(title="Notes")
    known, notes, numbers = Issuer(issuer, jwks_uri), {}, count(1)

    def claims_of(request: Request) -> dict:
        """Who comes with which token. This is no coroutine: FastAPI runs it in a thread, as keys may be fetched."""
        headers = request.headers.getlist("authorization")
        if not headers:
            raise refuse(401)
        scheme, _, token = headers[0].partition(" ")
        if len(headers) > 1 or not token.strip():
            raise refuse(400, "invalid_request", why="one Authorization header, with Bearer and a token")
        if scheme.lower() != "bearer":
            raise refuse(401)
        try:
            return verified(token)
        except jwt.PyJWKClientConnectionError as error:  # our trouble, and no reason to ask for another token
            raise HTTPException(503, "the issuer's keys cannot be fetched", {"Retry-After": "30"}) from error
        except (jwt.PyJWTError, ValueError) as error:
            raise refuse(401, "invalid_token", why="the token is not good here") from error

    def verified(token):
        typ = str(jwt.get_unverified_header(token).get("typ"))
        if typ.lower().removeprefix("application/") != "at+jwt":
            raise jwt.InvalidTokenError("no access token")  # RFC 9068 §4: an ID token opens nothing here
        return jwt.decode(
            token,
            known.key_for(token),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=audience,
            options={"require": REQUIRED},
        )

    def needs(scope):
        """A dependency: a good token that allows this to the application which holds it."""

        def allowed(claims: Annotated[dict, Depends(claims_of)]) -> dict:
            if scope not in str(claims.get("scope", "")).split():  # whole words
                raise refuse(403, "insufficient_scope", scope, "the token allows less")
            return claims

        return Depends(allowed)

    reader = Annotated[dict, needs("notes:read")]
    writer = Annotated[dict, needs("notes:write")]

    def own(number, claims):
        """A scope says what an application may do for a person. Whose a note is, is another question."""
        note = notes.get(number)
        if note is None or note["owner"] != claims["sub"]:
            raise HTTPException(404)  # that there is one is told to nobody else
        return note

    @app.get("/notes")
    def every_note(claims: reader):
        return {"notes": [n for n in notes.values() if n["owner"] == claims["sub"]]}

    @app.post("/notes", status_code=201)
    def write(new: NewNote, claims: writer):
        number = next(numbers)
        notes[number] = {"id": number, "owner": claims["sub"], "text": new.text}
        return notes[number]

    @app.get("/notes/{number}")
    def one_note(number: int, claims: reader):
        return own(number, claims)

    @app.delete("/notes/{number}", status_code=204)
    def forget(number: int, claims: writer):
        own(number, claims)
        notes.pop(number, None)

    return app


if __name__ == "__main__":
    import uvicorn

    served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json", whose tokens are for its own API
    app = create_app(served["issuer"], audience=served["api"])
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
