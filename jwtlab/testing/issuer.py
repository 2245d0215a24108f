"""An OpenID provider for one test: on loopback, ready in an instant, its clock in the test's hand."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.jose.key import Key
from jwtlab.testing.mallory import KeySite
from jwtlab.testing.people import PEOPLE, Somebody
from jwtlab.testing.provider import Change, LoopbackProvider
from jwtlab.testing.signing import alg_of, given_key
from jwtlab.testing.sockets import Down, LoopbackServer
from jwtlab.testing.token_maker import TokenMaker

AUDIENCE = "https://api.example"
SCOPES = ("notes:read", "notes:write")


class Issuer(TokenMaker):
    """An OpenID provider on loopback.

    ::

        with Issuer() as issuer:
            token = issuer.token(sub="alice", scope="notes:read", aud="https://notes.example")

    Args:
        alg: what it signs with: an asymmetric algorithm, or ``"HS256"``, ``"HS384"``, ``"HS512"`` together
            with ``secret``.
        secret: what your application shares with whoever signs its tokens; ``alg`` is then ``"HS256"``
            unless it says otherwise. It is never published.
        key: the private key to sign with, if your application has its public half pinned.
        audience: for whom a token is unless ``aud`` says otherwise.
        scopes: what access tokens may be for, beside those of OpenID Connect.
        client_id, client_secret: of the application that logs people in here; a secret of ``None`` makes
            it a public client. Any redirect URI is taken.
        people: who has an account; the password of each is the username.
        clock: ``() -> seconds since 1970``; the machine's own by default, read anew each time, so that
            freezegun and time-machine work as well.
        port: 0 takes a free one.

    Raises:
        UsageError: the arguments contradict each other.
    """

    def __init__(
        self,
        alg: str = "",
        *,
        secret: str | bytes | None = None,
        key: Key | None = None,
        audience: str = AUDIENCE,
        scopes: Iterable[str] = SCOPES,
        client_id: str = "app",
        client_secret: str | None = "app-secret",
        people: Iterable[str] = PEOPLE,
        clock: Callable[[], float] | None = None,
        port: int = 0,
    ) -> None:
        self.audience, self.client_id, self.client_secret = audience, client_id, client_secret
        self._clock, self._ahead = clock or (lambda: time.time()), 0.0
        self._given = given_key(alg, secret, key)
        self.alg = alg or ("RS256" if self._given is None else alg_of(self._given))
        self.secret = self._given.secret if self._given is not None and self._given.is_symmetric else None
        if self.alg.startswith("HS") and self.secret is None:
            raise UsageError(f'{self.alg} needs the secret of your application: Issuer(secret="...")')
        self._people = tuple(Somebody(each) for each in people)
        self._scopes = tuple(scopes)
        self._socket = LoopbackServer(self._answer, port)
        self._provider: LoopbackProvider | None = None
        self._site: KeySite | None = None
        self._extra: dict[str, Key] = {}
        self._stopped = False

    # Beginning and end

    def start(self) -> Issuer:
        """Begin to listen. ``with Issuer() as issuer:`` does it by itself, and ends it."""
        self._socket.start()
        self._stopped = False
        if self._provider is None:
            self._provider = LoopbackProvider(
                self.issuer,
                make_key=self._make_key,
                clock=self.clock,
                people=self._people,
                audience=self.audience,
                scopes=self._scopes,
                client_id=self.client_id,
                client_secret=self.client_secret,
            )
        return self

    def stop(self) -> None:
        """Let go of its ports."""
        self._socket.stop()
        self._stopped = True
        if self._site is not None:
            self._site.stop()

    def __enter__(self) -> Issuer:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def check_started(self) -> None:
        """
        Raises:
            UsageError: it has not been started, or has been stopped for good.
        """
        _ = self.provider
        if self._stopped:
            raise UsageError(
                "this issuer has been stopped: what is asked of it stands within the with, or before stop()"
            )

    def down(self) -> Down:
        """From now on nobody answers: a connection is refused.

        Until `up`, or for the length of ``with issuer.down():``.
        """
        self._socket.stop()
        return Down(self.up)

    def up(self) -> None:
        """Answer again, at the same address and with the same keys."""
        self._socket.start()

    # Addresses

    @property
    def issuer(self) -> str:
        """Its identifier, ``iss`` of its tokens: ``"http://127.0.0.1:PORT"``.

        Raises:
            UsageError: it has not been started.
        """
        if not self._socket.port:
            raise UsageError("this issuer has no address yet: with Issuer() as issuer: ...")
        return self._socket.origin

    @property
    def jwks_uri(self) -> str:
        """Where its public keys are."""
        return f"{self.issuer}/jwks"

    @property
    def metadata_uri(self) -> str:
        """Where it says what it can do (OpenID Connect Discovery §4)."""
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def authorization_endpoint(self) -> str:
        return f"{self.issuer}/authorize"

    @property
    def token_endpoint(self) -> str:
        return f"{self.issuer}/token"

    @property
    def provider(self) -> LoopbackProvider:
        """The server behind it.

        Raises:
            UsageError: it has not been started.
        """
        if self._provider is None:
            raise UsageError("this issuer has not been started: with Issuer() as issuer: ...")
        return self._provider

    @property
    def site(self) -> KeySite:
        """Mallory's web site, on loopback as well: where a token's ``jku`` or ``x5u`` may lead."""
        if self._site is None:
            self._site = KeySite().start()
        return self._site

    # Time

    def clock(self) -> float:
        """What its clock shows, in seconds since 1970: hand it to your verifier, if that takes a clock."""
        return self._clock() + self._ahead

    @property
    def now(self) -> float:
        return self.clock()

    @property
    def ahead(self) -> float:
        """Seconds by which its clock was moved."""
        return self._ahead

    def later(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> float:
        """Move its clock on, or back with a negative number; gives the new time.

        Your application keeps its own clock. So ``issuer.later(minutes=-20)`` is the way to a token that has
        expired by the time it is made; what the issuer itself remembers (codes, refresh tokens, old keys)
        ages by its own clock.
        """
        self._ahead += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days).total_seconds()
        return self.now

    # Keys and tokens

    @property
    def key(self) -> Key:
        """The key that signs now, with its private half."""
        if self._given is not None and self._given.is_symmetric:
            return self._given
        return self.provider.server.keys.signing_key

    def key_for(self, alg: str) -> Key:
        """A key that signs with this algorithm: its own if that fits, or one that is published beside it."""
        if alg in (self.alg, self.key.alg) or alg in self.key.algorithms:
            return self.key
        family = "RSA" if alg[:2] in ("RS", "PS") else alg
        if family not in self._extra:
            made = Key.generate("RS256" if family == "RSA" else alg, kid=secrets.token_urlsafe(8))
            self._extra[family] = replace(made, alg=None if family == "RSA" else made.alg)
            self.provider.extra_keys.append(self._extra[family])
        return self._extra[family]

    def key_of_tomorrow(self, alg: str) -> Key:
        """A new key for this algorithm, published beside the others: the first half of a rotation."""
        made = Key.generate(alg, kid=secrets.token_urlsafe(8))
        self.provider.extra_keys.append(made)
        return made

    def withdraw(self, key: Key) -> None:
        """Publish it no longer."""
        self.provider.extra_keys.remove(key)

    def forget_extra_keys(self) -> None:
        """Publish nothing beside the signing keys."""
        self._extra.clear()
        self.provider.extra_keys.clear()

    def jwks(self) -> dict[str, Any]:
        """Its public keys as they are published, without a request."""
        keys = (*self.provider.server.keys.published, *(each.public() for each in self.provider.extra_keys))
        return {"keys": [key.to_jwk() | {"use": "sig"} for key in keys]}

    def rotate_keys(self) -> Key:
        """Sign with a new key from now on. The old one stays published until its last token has expired.

        Raises:
            UsageError: the secret is your application's, and cannot be rotated here.
        """
        if self.secret is not None:
            raise UsageError("a shared secret is not rotated by the issuer: make another Issuer(secret=...)")
        return self.provider.server.keys.rotate()

    # Login

    @property
    def people(self) -> tuple[str, ...]:
        """Who has an account."""
        return tuple(each.username for each in self._people)

    def logs_in(self, username: str | None) -> Issuer:
        """From now on this person logs in and allows everything, at every visit of a browser, without a form.

        ``None`` shows the form again: username and password are the same word.

        Raises:
            UsageError: nobody has such an account.
        """
        if username is not None and username not in self.people:
            raise UsageError(f"{username!r} has no account here; there are: {', '.join(self.people)}")
        self.provider.visitor = username
        return self

    def register(self, client_id: str, client_secret: str | None = None, *redirect_uris: str) -> None:
        """One more application."""
        client = self.provider.client(client_id, client_secret, redirect_uris)
        self.provider.server.clients[client_id] = client

    def change(self, path: str, change: Change | None) -> None:
        """Change the JSON that is answered at a path, such as ``"/token"``; ``None`` ends it."""
        self.provider.changes.pop(path, None)
        if change is not None:
            self.provider.changes[path] = change

    # Within

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.provider(environ, start_response)

    def _make_key(self, number: int) -> Key:
        if number == 0 and self._given is not None and not self._given.is_symmetric:
            return replace(self._given, kid=self._given.kid or secrets.token_urlsafe(8), alg=self.alg)
        return Key.generate("RS256" if self.secret is not None else self.alg, kid=secrets.token_urlsafe(8))

    def __repr__(self) -> str:
        where = self._socket.origin if self._socket.listens else "not listening"
        return f"<Issuer {where}, {self.alg}>"
