"""Programs without people: a nightly job with a key pair, and an API that calls another one for whoever asks."""

import argparse
import json
import os
import sys
import time
import uuid

import httpx
import jwt
from flask import Flask, g, jsonify, request
from werkzeug.exceptions import HTTPException

ALGORITHMS = ["RS256"]  # what this issuer signs with; the token is not asked
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]  # RFC 9068 §2.2
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


class Stop(Exception):
    """The sentence that ends the program."""


class Service:
    """A client in its own right: a token for itself, by a statement signed with its own key (RFC 7523 §2.2)."""

    def __init__(self, issuer, client_id, jwk, http, clock=time.time):
        self.issuer, self.client_id, self.http, self.clock = issuer, client_id, http, clock
        self.jwk, self.key = jwk, jwt.PyJWK(jwk)
        self.token, self.until = "", 0.0

    def statement(self):
        now = int(self.clock())
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": self.issuer}
        claims |= {
            "iat": now,
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }  # a new one each time: it is good once
        return jwt.encode(claims, self.key.key, self.jwk["alg"], headers={"kid": self.jwk["kid"]})

    def access_token(self):
        """The token that is still good for half a minute, or a new one: no refresh token is needed (§4.4.3)."""
        if self.clock() > self.until - 30:
            form = {"grant_type": "client_credentials", "scope": "notes:read"}
            form |= {"client_assertion_type": ASSERTION, "client_assertion": self.statement()}
            answer = ask(self.http, f"{self.issuer}/token", form)
            self.token, self.until = answer["access_token"], self.clock() + answer["expires_in"]
        return self.token


def ask(http, address, form, auth=None):
    answer = http.post(address, data=form, auth=auth)
    body = answer.json()
    if "access_token" not in body:
        raise Stop(f"{address}: {body.get('error')}: {body.get('error_description', '')}")
    return body


def notes_of(http, api, token):
    answer = http.get(f"{api}/notes", headers={"Authorization": f"Bearer {token}"})
    return answer.raise_for_status().json()["notes"]


class OnBehalf:
    """Trades the token of a caller for one that holds less and names us as the actor (RFC 8693 §2.1, §4.1)."""

    def __init__(self, issuer, client_id, secret, api, http):
        self.issuer, self.api, self.http, self.auth = issuer, api, http, (client_id, secret)

    def __call__(self, token):
        form = {"grant_type": EXCHANGE, "subject_token": token, "subject_token_type": ACCESS_TOKEN}
        form |= {"audience": self.api, "scope": "notes:read"}
        mine = ask(self.http, f"{self.issuer}/token", form, self.auth)["access_token"]
        return notes_of(self.http, self.api, mine)


def create_app(issuer, audience, notes_for, jwks_uri=""):
    """The API in the middle; ``notes_for(token)`` trades the caller's token and asks the API behind it."""
    app, keys = Flask(__name__), jwt.PyJWKClient(jwks_uri or f"{issuer}/jwks", timeout=5)

    @app.before_request
    def let_in():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return refuse(401)
        try:
            if str(jwt.get_unverified_header(token).get("typ")).lower() not in (
                "at+jwt",
                "application/at+jwt",
            ):
                return refuse(401, "invalid_token")
            key = keys.get_signing_key_from_jwt(token).key
            asked = {"issuer": issuer, "audience": audience, "options": {"require": REQUIRED}}
            claims = jwt.decode(token, key, ALGORITHMS, **asked)
        except jwt.PyJWKClientConnectionError:
            return jsonify(error="temporarily_unavailable"), 503
        except (jwt.PyJWTError, ValueError, TypeError):
            return refuse(401, "invalid_token")
        if "notes:read" not in str(claims.get("scope", "")).split():
            return refuse(403, "insufficient_scope")
        g.token, g.claims = token, claims
        return None

    @app.get("/summary")
    def summary():
        return jsonify(person=g.claims["sub"], notes=len(notes_for(g.token)))

    @app.errorhandler(Stop)
    @app.errorhandler(httpx.HTTPError)
    def upstream(error):
        return jsonify(error="bad_gateway"), 502

    @app.errorhandler(HTTPException)
    def plain(error):
        return jsonify(error=error.name), error.code

    return app


def refuse(status, error=""):
    challenge = 'Bearer realm="summary"' + (f', error="{error}"' if error else "")
    return jsonify(error=error or "unauthorized"), status, {"WWW-Authenticate": challenge}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="do the night's work, and serve nothing")
    asked = parser.parse_args()
    told = json.loads(sys.stdin.readline() or "{}")
    if "issuer" not in told:
        sys.exit("Start it behind the lab's server: jwtlab serve --json | python app.py")
    clients = {each["client_id"]: each for each in told["clients"]}
    http = httpx.Client(timeout=10, trust_env=False)
    night = Service(told["issuer"], "worker-jwt", clients["worker-jwt"]["jwk"], http)
    try:
        print("tonight:", notes_of(http, told["api"], night.access_token()), flush=True)
    except (Stop, httpx.HTTPError) as error:
        sys.exit(str(error))
    if not asked.once:
        behalf = OnBehalf(told["issuer"], "api", clients["api"]["client_secret"], told["api"], http)
        port = int(os.environ.get("PORT", "8000"))
        create_app(told["issuer"], told["api"], behalf).run("127.0.0.1", port)


if __name__ == "__main__":
    main()
