"""A service with a login and an API: users in SQLite, tokens instead of sessions.

    POST /login    credentials → token (authentication)
    GET  /notes    token with role reader → notes (authorization)
    POST /notes    token with role writer → a new note
    POST /logout   the token goes on the deny list

Every decision is a `Policy`, and `NotesService.report` keeps the last one for whoever wants to look.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from flask import Flask, Response, jsonify, make_response, request

from jwtlab import passwords
from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, ReplayedToken
from jwtlab.jose import jwt
from jwtlab.jose.key import Key
from jwtlab.jose.verifier import Verifier

ORIGIN = "https://notes.example"
COOKIE = "__Host-token"
CLIENT = "notes-web"
"""The one client: the service's own page. A token of type ``at+jwt`` names its client (RFC 9068 §2.2)."""
LIFETIME = 15 * 60
REALM = 'Bearer realm="notes"'


class NotesUser(Protocol):
    """What the service wants to know of a user; `jwtlab.lab.User` has it."""

    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


class NotesService:
    """The service and its data.

    Args:
        key: signs and verifies the tokens (a shared secret or a key pair).
        alg: the algorithm.
        users: who may log in.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``, for salts and token names.
        policy: how tokens are judged; the deny list is added to it.

    Attributes:
        app: the WSGI application.
        verifier: decides about a token: signature, claims, deny list.
        report: the `Report` on the last token that the API judged, or ``None``.
    """

    def __init__(
        self,
        key: Key,
        alg: str,
        users: Iterable[NotesUser],
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        policy: Policy = jwt.STANDARD,
    ) -> None:
        self.key, self.alg, self.clock, self.random = key, alg, clock, random
        not_revoked = Check(
            id="not-revoked",
            title="Not on the deny list",
            spec="",
            run=self._not_revoked,
            group="Time",
            purpose="Otherwise logging out has no effect on copies.",
        )
        self.verifier = Verifier(
            key if key.is_symmetric else key.public(),
            algorithms=[alg],
            issuer=ORIGIN,
            audience=ORIGIN,
            typ="at+jwt",
            policy=policy.adding(not_revoked),
        )
        self.report: Report | None = None
        self.lock = threading.Lock()
        self.database = _database(users, random)
        self.app = self._routes()

    @property
    def policy(self) -> Policy:
        """How tokens are judged, the deny list included."""
        return self.verifier.policy

    # Authentication: credentials → token

    def login(self) -> Response:
        """Check the credentials and issue a token."""
        form = request.get_json(silent=True)
        form = form if isinstance(form, dict) else {}
        username, password = _text(form.get("username", "")), str(form.get("password", ""))
        if not self._password_is_right(username, password):
            # The same words for a wrong name and a wrong password: the answer must not say who has an account.
            return _answer({"error": "wrong user name or password"}, 401)
        token = self._issue(username)
        if form.get("cookie") is True:
            response = _answer({"logged_in": username})
            # No script can read it, it travels only over TLS, and other sites cannot send a POST with it.
            response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Lax", path="/")
            return response
        body = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME}
        response = _answer(body)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _password_is_right(self, username: str, password: str) -> bool:
        row = self.query("SELECT salt, hash FROM users WHERE username = ?", username)
        # For an unknown name a hash is computed all the same: the time must not tell either.
        salt, stored = row[0] if row else (b"\0" * passwords.SALT_BYTES, b"\0" * 32)
        return passwords.matches(password, salt, stored) and bool(row)

    def _issue(self, username: str) -> str:
        now = int(self.clock())
        ((roles,),) = self.query("SELECT roles FROM users WHERE username = ?", username)
        claims = {
            "iss": ORIGIN,
            "sub": username,
            "aud": ORIGIN,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": self.random(8).hex(),
            "client_id": CLIENT,
            "roles": roles.split(),
        }
        return jwt.issue(claims, self.key, alg=self.alg, header={"typ": "at+jwt"})

    # Authorization: token → decision

    def guarded(self, role: str, answer: Callable[[dict[str, Any]], Response]) -> Response:
        """Decide: 401 if we do not know who asks, 403 if we do and they may not, else the answer."""
        token, refusal = self._credentials()
        if token is None:
            return refusal or _unauthorized()
        self.report = self.judge(token)
        failure = self.report.first_failure
        if failure is not None:
            return _unauthorized("invalid_token", failure.reason)
        claims = self.report.claims
        if role not in claims.get("roles", ()):
            return _forbidden(f"this needs the role {role}")
        return answer(claims)

    def judge(self, token: str) -> Report:
        """The report on a token: signature, claims, deny list."""
        return self.verifier.verify(token, now=self.clock())

    def _credentials(self) -> tuple[str | None, Response | None]:
        """The token of a request: from the header (RFC 6750 §2.1), or else from the cookie."""
        header = request.headers.get("Authorization")
        if header is not None:
            return bearer_token(header), None
        cookie = request.cookies.get(COOKIE)
        foreign = request.headers.get("Origin", ORIGIN) != ORIGIN
        if cookie is not None and request.method != "GET" and foreign:
            # A browser sends the cookie by itself, also when another site made the request (CSRF).
            # More rights would not help, so this is no insufficient_scope, and no challenge asks for a token.
            return None, _answer(
                {"error": "cross-site request", "reason": "this request comes from another site"}, 403
            )
        return cookie, None

    def _not_revoked(self, case: jwt.Case) -> str:
        jti = case.claims.get("jti")
        if not isinstance(jti, str):
            raise Refusal(
                "it has no name to put on the deny list", claim="jti", found=jti, error=ClaimRefused
            )
        if self.query("SELECT 1 FROM revoked WHERE jti = ?", jti):
            raise Refusal("somebody logged out with this token", claim="jti", found=jti, error=ReplayedToken)
        return "not on the list"

    def logout(self, claims: dict[str, Any]) -> Response:
        """Put the token on the deny list, until it would expire anyway."""
        self.execute("INSERT OR IGNORE INTO revoked VALUES (?, ?)", claims["jti"], claims["exp"])
        self.execute("DELETE FROM revoked WHERE exp <= ?", int(self.clock()))
        response = _answer({"logged_out": claims["sub"]})
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
        return response

    # Notes

    def read(self, claims: dict[str, Any]) -> Response:
        rows = self.query("SELECT text FROM notes WHERE owner = ? ORDER BY rowid", claims["sub"])
        return _answer({"owner": claims["sub"], "notes": [text for (text,) in rows]})

    def write(self, claims: dict[str, Any]) -> Response:
        form = request.get_json(silent=True)
        text = form.get("text") if isinstance(form, dict) else None
        if not isinstance(text, str) or text != _text(text) or not 0 < len(text) <= 1000:
            return _answer({"error": 'send JSON with a "text" of 1 to 1000 characters'}, 400)
        self.execute("INSERT INTO notes VALUES (?, ?)", claims["sub"], text)
        return _answer({"owner": claims["sub"], "saved": text}, 201)

    # Plumbing

    def _routes(self) -> Flask:
        app = Flask("notes")
        app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
        app.add_url_rule("/login", "login", self.login, methods=["POST"])
        app.add_url_rule("/notes", "read", lambda: self.guarded("reader", self.read), methods=["GET"])
        app.add_url_rule("/notes", "write", lambda: self.guarded("writer", self.write), methods=["POST"])
        app.add_url_rule("/logout", "logout", lambda: self.guarded("reader", self.logout), methods=["POST"])
        return app

    def query(self, sql: str, *values: Any) -> list[Any]:
        """Rows of the database; values are bound, never pasted into the SQL."""
        with self.lock:
            return self.database.execute(sql, values).fetchall()

    def execute(self, sql: str, *values: Any) -> None:
        with self.lock, self.database:
            self.database.execute(sql, values)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


class _Database(sqlite3.Connection):
    """It closes itself when nobody has it any more.

    In a service that ends together with its application nobody else is asked in time, and since Python 3.13 a
    connection that nobody has closed is told as a fault.
    """

    def __del__(self) -> None:
        self.close()


def bearer_token(header: str) -> str | None:
    """The token of an ``Authorization`` header, or ``None`` (RFC 6750 §2.1; the scheme's case does not matter)."""
    scheme, _, token = header.partition(" ")
    token = token.strip(" ")
    return token if scheme.lower() == "bearer" and token and " " not in token else None


def _database(users: Iterable[NotesUser], random: Callable[[int], bytes]) -> sqlite3.Connection:
    database = _Database(":memory:", check_same_thread=False)
    database.executescript(
        "CREATE TABLE users (username TEXT PRIMARY KEY, salt BLOB, hash BLOB, roles TEXT);"
        "CREATE TABLE notes (owner TEXT, text TEXT);"
        "CREATE TABLE revoked (jti TEXT PRIMARY KEY, exp INTEGER);"
    )
    for user in users:
        salt = random(passwords.SALT_BYTES)
        row = (user.username, salt, passwords.digest(user.password, salt), " ".join(user.roles))
        database.execute("INSERT INTO users VALUES (?, ?, ?, ?)", row)
    database.execute("INSERT INTO notes VALUES ('alice', 'feed the cat')")
    database.commit()
    return database


def _text(value: Any) -> str:
    """Text that can be stored: JSON may hold half characters, which UTF-8 and the database cannot write."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return make_response(jsonify(body), status)


def _unauthorized(error: str = "", reason: str = "") -> Response:
    """401 with the challenge of RFC 6750 §3; without a token no error is named (§3.1)."""
    response = _answer(
        {"error": error or "no token", "reason": reason or "send Authorization: Bearer <token>"}, 401
    )
    # Only printable ASCII without quotes and backslashes may stand in the description (RFC 6750 §3).
    plain = "".join(c for c in reason if " " <= c <= "~" and c not in '"\\')
    response.headers["WWW-Authenticate"] = (
        f'{REALM}, error="{error}", error_description="{plain}"' if error else REALM
    )
    return response


def _forbidden(reason: str) -> Response:
    response = _answer({"error": "insufficient_scope", "reason": reason}, 403)
    response.headers["WWW-Authenticate"] = f'{REALM}, error="insufficient_scope"'
    return response
