"""The lab is a world of its own: its clock stands still, its dice are loaded, its keys are public.

So every learner, every run and the text of the lessons see the same tokens. The keys, secrets and
passwords in here are printed in a public file: use them for nothing but learning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from jwtlab.checks import Policy, Report
from jwtlab.demo import AUDIENCE, EPOCH, ISSUER, demo_key
from jwtlab.errors import UsageError
from jwtlab.jose import base64url, jwt, times
from jwtlab.jose.algorithms import allow_list
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet

if TYPE_CHECKING:
    import httpx

    from jwtlab.apps.notes import NotesService
    from jwtlab.oauth.flows.flow import Flow
    from jwtlab.oauth.http.trace import Trace
    from jwtlab.oauth.reading.recording import Recording
    from jwtlab.oauth.world import World

__all__ = ["AUDIENCE", "EPOCH", "ISSUER", "USERS", "Clock", "Entropy", "Lab", "User"]


class Clock:
    """A clock that stands still until somebody moves it.

    Args:
        now: the instant it shows, in seconds since 1970.
    """

    def __init__(self, now: float = EPOCH) -> None:
        self._now = now

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> float:
        """Move the clock on (or back, with a negative number); gives the new time."""
        self._now += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days).total_seconds()
        if self._now == int(self._now):
            self._now = int(self._now)
        return self._now

    def set(self, instant: float | datetime) -> float:
        """Put the clock to an instant; gives it in seconds."""
        self._now = times.as_instant(instant, "the clock")
        return self._now

    def datetime(self) -> datetime:
        """The same instant as an aware datetime."""
        return datetime.fromtimestamp(self._now, UTC)

    def __repr__(self) -> str:
        return f"<Clock: {times.when(self._now)}>"


class Entropy:
    """Loaded dice: bytes that look random and are the same in every run. Never use them outside a lab.

    Args:
        seed: another seed gives other bytes.
    """

    def __init__(self, seed: int | str = 1) -> None:
        self._seed = f"jwtlab:{seed}".encode()
        self._counter = 0

    def bytes(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        self._counter += 1
        return hashlib.shake_256(self._seed + self._counter.to_bytes(8)).digest(count)

    def token(self, count: int = 16) -> str:
        """The next ``count`` bytes as base64url text, for identifiers."""
        return base64url.encode(self.bytes(count))


@dataclass(frozen=True)
class User:
    """One of the people of the lab.

    Attributes:
        username: the login name, also used as ``sub``.
        name: for display.
        email: an address in a domain that cannot exist.
        password: public, like everything here.
        roles: what the person may do.
    """

    username: str
    name: str
    email: str
    password: str
    roles: tuple[str, ...] = ()


USERS: Mapping[str, User] = {
    user.username: user
    for user in (
        User("alice", "Alice", "alice@mail.example", "wonderland", ("reader", "writer")),
        User("bob", "Bob", "bob@mail.example", "builder", ("reader",)),
        User("mallory", "Mallory", "mallory@mail.example", "let-me-in", ()),
    )
}


class Lab:
    """The world of a lesson.

    Args:
        seed: of the loaded dice.
        now: where the clock stands at first, in seconds since 1970.

    Attributes:
        clock: a `Clock`; ``lab.clock.advance(minutes=20)`` moves time.
        random: an `Entropy`.
        users: alice, bob and mallory, by username.
        issuer, audience: the names that the lab's tokens carry as ``iss`` and ``aud``.
        trace: what was said in the newest flow, or ``None`` before the first.
    """

    def __init__(self, seed: int | str = 1, now: float = EPOCH) -> None:
        self.clock = Clock(now)
        self.random = Entropy(seed)
        self.users = dict(USERS)
        self._seed = seed
        self.trace: Trace | None = None
        self.issuer = ISSUER
        self.audience = AUDIENCE

    @property
    def now(self) -> float:
        """What the lab's clock shows, in seconds since 1970."""
        return self.clock.now

    def key(self, alg: str = "ES256", owner: str = "lab") -> Key:
        """A demo key, with private half; it is the same every time.

        Args:
            alg: the algorithm that it is for.
            owner: ``"lab"``; ``"mallory"`` for a key that nobody should trust; for RS256 and ES256 also
                ``"rotated"`` (the lab's next key) and ``"client"`` (an application's own).

        Raises:
            UnknownAlgorithm: no such algorithm.
            UsageError: no such owner.
        """
        return demo_key(alg, owner)

    def keys(self, *algs: str) -> KeySet:
        """The public halves of demo keys as a set, for a verifier.

        Args:
            algs: names of asymmetric algorithms; by default ES256, RS256 and EdDSA.
        """
        return KeySet(self.key(alg).public() for alg in algs or ("ES256", "RS256", "EdDSA"))

    def claims(self, sub: str = "alice", *, minutes: float = 15, **more: Any) -> dict[str, Any]:
        """Claims as a sound issuer writes them: iss, sub, aud, iat, exp and jti.

        Args:
            sub: whom the token is about.
            minutes: how long it is good for.
            more: further claims, or other values for these; ``None`` leaves a claim out.
        """
        now = int(self.now)
        claims = {
            "iss": self.issuer,
            "sub": sub,
            "aud": self.audience,
            "iat": now,
            "exp": now + round(minutes * 60),
            "jti": more["jti"] if "jti" in more else self.random.token(8),
        } | more
        return {name: value for name, value in claims.items() if value is not None}

    def token(
        self,
        sub: str = "alice",
        *,
        alg: str = "ES256",
        minutes: float = 15,
        header: Mapping[str, Any] | None = None,
        key: Key | None = None,
        **more: Any,
    ) -> str:
        """A token of the lab: `claims`, signed with the lab's key for ``alg`` (or with ``key``)."""
        return jwt.issue(
            self.claims(sub, minutes=minutes, **more), key or self.key(alg), alg=alg, header=header
        )

    def verify(
        self,
        token: str | bytes,
        keys: Key | KeySet | Iterable[Key] | None = None,
        *,
        algorithms: Iterable[str] = ("ES256",),
        **expectations: Any,
    ) -> Report:
        """`jwtlab.verify` with the lab's clock, issuer, audience and keys filled in."""
        filled: dict[str, Any] = {
            "issuer": self.issuer,
            "audience": self.audience,
            "now": self.now,
        } | expectations
        algorithms = allow_list(algorithms)
        if keys is None:
            keys = self.verifying_keys(*algorithms)
        return jwt.verify(token, keys, algorithms=algorithms, **filled)

    def verifying_keys(self, *algs: str) -> KeySet:
        """What a verifier of the lab's own tokens needs: public halves, and secrets for HMAC."""
        keys = [self.key(alg) for alg in algs]
        return KeySet(key if key.is_symmetric else key.public() for key in keys)

    def notes(self, policy: Policy = jwt.STANDARD) -> tuple[NotesService, httpx.Client]:
        """The notes service of lesson 06, with a client that reaches it in this process.

        Args:
            policy: how the service judges tokens.

        Returns:
            The service, and an ``httpx.Client`` for it: ``client.post("/login", json=...)``.
        """
        from jwtlab.apps.notes import (
            ORIGIN,
            NotesService,
        )  # loads Flask and httpx, which import jwtlab should not
        from jwtlab.oauth.http.network import Network

        service = NotesService(
            self.key("HS256"), "HS256", self.users.values(), lambda: self.now, self.random.bytes, policy
        )
        network = Network(lambda: self.now)
        network.add(ORIGIN, "Notes service", service.app)
        return service, network.client("You", ORIGIN)

    def world(self, name: str = "world", *, legacy: bool = False) -> World:
        """A world for flows: servers, applications and browsers on a network of their own.

        Args:
            name: worlds of different names draw different random numbers.
            legacy: the server answers retired grants too (implicit, password).
        """
        from jwtlab.oauth.world import World

        dice = Entropy(f"{self._seed}:{name}")
        return World(
            clock=lambda: self.now,
            random=dice.bytes,
            key=self.key,
            people=self.users.values(),
            legacy=legacy,
            advance=self.clock.advance,
        )

    def flow(
        self, id: str, *, without: str | Iterable[str] = (), world: World | None = None, **options: Any
    ) -> Flow:
        """Begin a flow; nothing is sent yet.

        Args:
            id: such as ``"authorization-code"``; ``jwtlab.oauth.FLOWS`` lists them.
            without: ids of checks to take out, wherever they are asked (`World.without`).
            world: where it happens; a new one by default, the same every time.
            options: of the flow, such as ``user="bob"``.

        Returns:
            A `Flow`: ``flow.pending`` is the next message, ``flow.send()`` sends it, ``flow.run()`` all.
            What was said is in ``flow.trace``, and in ``lab.trace``.

        Raises:
            UsageError: there is no such flow, check or option.
        """
        from jwtlab.oauth import flows
        from jwtlab.oauth.flows.flow import Flow

        kind = flows.find(id)
        place = self.world(id) if world is None else world
        place.without(*([without] if isinstance(without, str) else without))
        try:
            steps = kind.begin(place, **options)
        except TypeError as error:
            raise UsageError(f"{id}: {error}") from error
        flow = Flow(place, steps, kind.id, kind.title, kind.spec)
        self.trace = flow.trace
        return flow

    def flow_attack(self, id: str, *, weak: bool = True, keep: str | Iterable[str] = ()) -> Flow:
        """Begin an attack on a flow; nothing is sent yet.

        Args:
            id: such as ``"code-interception"``; ``jwtlab.oauth.FLOW_ATTACKS`` lists them.
            weak: in the careless world, in which it succeeds; ``False`` for the sound one.
            keep: checks that the careless world keeps all the same.

        Returns:
            A `Flow`; at its end ``flow.outcome.succeeded`` says whether Mallory has what she wanted.

        Raises:
            UsageError: there is no such attack.
        """
        from jwtlab.oauth import attacks
        from jwtlab.oauth.flows.flow import Flow

        attack = attacks.find(id)
        kept = [keep] if isinstance(keep, str) else list(keep)
        without = tuple(each for each in attack.weak if each not in kept) if weak else ()
        place = self.world(f"attack {id}")
        flow = Flow(place, attack.begin(place, without=without), id, attack.title, attack.spec)
        self.trace = flow.trace
        return flow

    def mishap(self, id: str) -> Recording:
        """A recorded login that went wrong, as somebody outside sees it: its messages, and nobody's checks.

        Args:
            id: such as ``"lost-host"``; ``jwtlab.oauth.mishaps.MISHAPS`` lists them.

        Raises:
            UsageError: there is no such login.
        """
        from jwtlab.oauth import mishaps

        # In a lab of its own: some of them wait, and the clock of this one stays where it is.
        world = Lab(self._seed, self.now).world(f"mishap {id}")
        return mishaps.find(id).record(world)

    def __repr__(self) -> str:
        return f"<Lab: {times.when(self.now)}>"
