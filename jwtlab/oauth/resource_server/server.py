"""An API: it lets in who holds a good access token for what they want (RFC 6750, RFC 9068 §4, RFC 9449 §7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from jwtlab.checks import Check, Policy, Report
from jwtlab.errors import OAuthError
from jwtlab.jose import jwt
from jwtlab.jose.token import read
from jwtlab.jose.verifier import Verifier
from jwtlab.oauth import bearer, dpop
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.protocol import ACCESS_TOKEN_TYP, refuse
from jwtlab.oauth.resource_server.issuer_keys import KEY_CACHE_CHECKS, IssuerKeys
from jwtlab.oauth.resource_server.metadata import metadata, metadata_address
from jwtlab.oauth.resource_server.permissions import PERMISSION_CHECKS, AccessRequest
from jwtlab.oauth.store import MemoryStore, Store, first_use

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""What the API accepts. It is asymmetric, all of it: an API that can check should not be able to sign."""


FIRST_NOTES: Mapping[str, tuple[str, ...]] = {
    "alice": ("feed the cat",),
    "bob": ("buy nails",),
    "team": ("release on Friday",),
}
"""What people had written before the lesson began."""

MOST_NOTES = 200
"""Of one person; the oldest go first."""

SCOPES = ("profile", "notes:read", "notes:write")
"""What it knows."""

_FOR_EVER = 1e11
_IN_A_WORD = {403: "forbidden", 404: "not_found"}
"""What the body says of a refusal that no code of RFC 6750 §3.1 fits."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class ResourceServer:
    """An API with a profile and notes.

    Args:
        audience: its identifier, expected in ``aud``.
        issuer: whose tokens it takes.
        client: reaches the issuer.
        clock: ``() -> seconds since 1970``.
        base: path under which it answers, such as ``"/api"``; the audience ends with it.
        store: for the notes, and the proofs that have been used; in memory by default.
        is_revoked: ``claims -> bool``, where the API can ask that at once; most APIs cannot, and hear of a
            revocation only when the token expires.
        policies: other decisions than `bearer.POLICIES` and ``"keys"``.

    Attributes:
        app: the WSGI application: ``GET /me`` (scope ``profile``), ``GET /notes`` (``notes:read``),
            ``POST /notes`` (``notes:write``), ``GET /roles`` (any good token); ``GET`` and ``POST
            /team/notes`` also ask for a role, ``GET /people/NAME/notes`` for the person itself. Its metadata is
            where RFC 9728 §3.1 has it.
        verifier: what it expects of an access token; keys and policy are filled in for each one.
        policies: its decisions; a weak API is one with a check taken out.
        nonces: `dpop.Nonces` if it demands a nonce in each DPoP proof, or ``None`` (RFC 9449 §9).
    """

    def __init__(
        self,
        audience: str,
        *,
        issuer: str,
        client: httpx.Client,
        clock: Callable[[], float],
        base: str = "",
        store: Store | None = None,
        is_revoked: Callable[[Mapping[str, Any]], bool] | None = None,
        policies: Mapping[str, Policy] = {},
    ) -> None:
        self.audience, self.issuer, self.clock = audience, issuer, clock
        self.verifier = Verifier(
            (), algorithms=ALGORITHMS, issuer=issuer, audience=audience, typ=ACCESS_TOKEN_TYP
        )
        self._origin = audience.removesuffix(base)
        self.store: Store = MemoryStore() if store is None else store
        asked = (_not_revoked(is_revoked),) if is_revoked else ()
        self.policies = {
            **bearer.POLICIES,
            "access token": bearer.ACCESS_TOKEN_CHECKS.adding(*asked),
            "keys": KEY_CACHE_CHECKS,
            "permission": PERMISSION_CHECKS,
            **policies,
        }
        self.nonces: dpop.Nonces | None = None
        self.keys = IssuerKeys(issuer, client, clock, lambda: self.policies["keys"])
        self.app = self._application(base)

    def _judge(self, shown: bearer.Presented, policy: Policy) -> Report:
        keys = self.keys.keys_for(_kid(shown.token))
        verifier = self.verifier.replace(keys=keys, policy=policy)
        return verifier.verify(shown.token, now=self.clock(), context=shown)

    def _first_use(self, name: str) -> bool:
        return first_use(self.store, "proof at the API", name, self.clock(), 300)

    def notes_of(self, owner: str) -> list[str]:
        """What somebody has written."""
        record = self.store.get("notes", owner)
        return record["notes"] if record else list(FIRST_NOTES.get(owner, ()))

    def guarded(self, scope: str, answer: Callable[[dict[str, Any]], Response]) -> Response:
        """Answer who holds a token with this scope; everybody else learns why not."""
        shown = bearer.presented(request, self._origin + urlsplit(request.base_url).path)
        try:
            claims = bearer.admit(
                shown,
                scope,
                policies=self.policies,
                judge=self._judge,
                now=self.clock(),
                first_use=self._first_use,
                nonces=self.nonces,
            )
            response = answer(claims)
        except OAuthError as error:
            word = error.code or _IN_A_WORD.get(error.status, "unauthorized")
            response = _json({"error": word, "error_description": str(error)}, error.status)
            if error.status < 500 and (
                error.code or error.status == 401
            ):  # the token is to blame (RFC 6750 §3)
                response.headers["WWW-Authenticate"] = bearer.challenge(
                    error, self.audience, scope, shown.scheme, metadata_address(self.audience)
                )
        if self.nonces is not None and shown.proofs:
            response.headers["DPoP-Nonce"] = self.nonces.current
        return response

    # What it has to offer

    def me(self, claims: dict[str, Any]) -> Response:
        kept = ("sub", "client_id", "scope", "roles", "act")
        return _json({name: claims[name] for name in kept if name in claims})

    def read(self, claims: dict[str, Any]) -> Response:
        return _json({"owner": claims["sub"], "notes": self.notes_of(str(claims["sub"]))})

    def write(self, claims: dict[str, Any]) -> Response:
        try:
            given = request.get_json(silent=True)
        except RecursionError:  # a list in a list in a list: Python's reader gives up
            given = None
        text = given.get("text") if isinstance(given, dict) else None
        if not isinstance(text, str) or not 0 < len(text) <= 1000 or _UNPRINTABLE.search(text):
            return _json({"error": "invalid_request", "error_description": 'send JSON with a "text"'}, 400)
        owner = str(claims["sub"])
        with self.store.transaction():
            kept = [*self.notes_of(owner), text][-MOST_NOTES:]
            self.store.put("notes", owner, {"notes": kept}, _FOR_EVER)
        return _json({"owner": claims["sub"], "saved": text}, 201)

    @property
    def metadata(self) -> dict[str, Any]:
        """What it says about itself (RFC 9728 §2)."""
        return metadata(self.audience, self.issuer, SCOPES, "Notes")

    def describe(self) -> Response:
        """Its metadata; everybody may read it, and keep it for some minutes."""
        response = _json(self.metadata)
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    def _permitted(self, asked: AccessRequest) -> None:
        """Authorization proper: the token was good, but may this person do that?

        Raises:
            OAuthError: with status 403 or 404, and without a code.
        """
        _ = record_report("permission", self.policies["permission"].run(asked)).value

    def read_team(self, claims: dict[str, Any]) -> Response:
        self._permitted(AccessRequest(claims, "team-notes.read"))
        return _json({"owner": "team", "notes": self.notes_of("team")})

    def write_team(self, claims: dict[str, Any]) -> Response:
        self._permitted(AccessRequest(claims, "team-notes.write"))
        return self.write(claims | {"sub": "team"})

    def read_person(self, claims: dict[str, Any]) -> Response:
        owner = str((request.view_args or {}).get("owner", ""))
        self._permitted(AccessRequest(claims, owner=owner))
        return self.read(claims | {"sub": owner})

    def _application(self, base: str) -> Flask:
        app = Flask("jwtlab.api", static_folder=None)
        app.url_map.merge_slashes = False
        app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
        routes = (
            ("/me", "GET", "profile", self.me),
            ("/roles", "GET", "", self.me),
            ("/notes", "GET", "notes:read", self.read),
            ("/notes", "POST", "notes:write", self.write),
            ("/team/notes", "GET", "notes:read", self.read_team),
            ("/team/notes", "POST", "notes:write", self.write_team),
            ("/people/<owner>/notes", "GET", "notes:read", self.read_person),
        )
        for path, method, scope, answer in routes:
            view = _view(self, scope, answer)
            app.add_url_rule(base + path, f"{method} {path}", view, methods=[method])
        app.add_url_rule(urlsplit(metadata_address(self.audience)).path, "metadata", self.describe)
        app.register_error_handler(HTTPException, _http_error)
        app.before_request(_preflight)
        return app


def _view(
    server: ResourceServer, scope: str, answer: Callable[[dict[str, Any]], Response]
) -> Callable[..., Response]:
    return lambda **_: server.guarded(scope, answer)


def _preflight() -> Response | None:
    """A page of another site asks whether it may send its token (Fetch standard): it may, no cookie counts here."""
    if request.method != "OPTIONS":
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    return response


def _not_revoked(is_revoked: Callable[[Mapping[str, Any]], bool]) -> Check:
    def run(case: jwt.Case) -> str:
        if is_revoked(case.claims):
            raise refuse(
                "invalid_token", "it has been revoked", "jti", status=401, found=case.claims.get("jti")
            )
        return ""

    return Check(
        id="not-revoked",
        title="Not revoked",
        spec="RFC 7009 §2.1",
        run=run,
        group="Time",
        purpose="Logout and revocation have no effect until exp.",
    )


def _kid(token: str) -> str | None:
    kid = (read(token).header or {}).get("kid")
    return kid if isinstance(kid, str) else None


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    response = make_response(jsonify(body), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, DPoP-Nonce"
    return response


def _http_error(error: HTTPException) -> Response:
    response = _json({"error": "invalid_request", "error_description": error.name}, error.code or 400)
    allowed = error.get_response().headers.get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response
