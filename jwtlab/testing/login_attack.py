"""What an attack on a login is, and how the issuer's answers are changed for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jwtlab.jose.token import decode
from jwtlab.testing.faults import MissingCheck
from jwtlab.testing.logins import Arrival, Login, LoginRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

VICTIM, MALLORY = "alice", "mallory"

Claims = dict[str, Any]
Fits = Callable[[LoginRequest], bool]


def always(request: LoginRequest) -> bool:
    """It can be played at every login."""
    return True


def with_nonce(request: LoginRequest) -> bool:
    return "nonce" in request.parameters


def with_openid(request: LoginRequest) -> bool:
    """There is an ID token, as far as can be seen."""
    return "openid" in request.parameters.get("scope", "openid").split()


def with_email(request: LoginRequest) -> bool:
    """The application asks for people's addresses."""
    return with_openid(request) and "email" in request.parameters.get("scope", "email").split()


@dataclass(frozen=True)
class LoginAttack:
    """An attack on a login.

    Attributes:
        id: never changes.
        title: what is done, in a phrase.
        why: why it matters where it works, in one sentence.
        fault: the check that is missing there, and the fix.
        play: ``login -> Arrival``; it has worked if somebody is logged in at the end.
        asks: can it be played at a login that asks like this?
        advice: a sound application may let it through.
        on_id_token: it deceives only who reads the ID token.
        by_browser: it needs a browser whose cookies can be changed: a client or an address, no functions.
        by_who: it needs to be told who is logged in.
    """

    id: str
    title: str
    why: str
    fault: MissingCheck
    play: Callable[[Login], Arrival] = field(repr=False)
    asks: Fits = field(default=always, repr=False)
    advice: bool = False
    on_id_token: bool = False
    by_browser: bool = False
    by_who: bool = False

    def fits(self, request: LoginRequest, login: Login) -> bool:
        """Can it be played at this application?"""
        if self.by_browser and login.doors.browser is None:
            return False
        if self.by_who and (login.doors.who is None and not (login.home and login.home.user)):
            return False
        return self.asks(request)


@contextmanager
def changed(login: Login, path: str, change: Callable[[Claims], Claims]) -> Iterator[None]:
    """The JSON that the issuer answers at a path, changed for a while."""
    login.issuer.change(path, change)
    try:
        yield
    finally:
        login.issuer.change(path, None)


def with_id_token(change: Callable[[Login, Claims], str], user: str = VICTIM) -> Callable[[Login], Arrival]:
    """The login of somebody, in which another ID token comes out of the token endpoint."""

    def play(login: Login) -> Arrival:
        def other(body: dict[str, Any]) -> dict[str, Any]:
            if "id_token" not in body:
                return body
            return body | {"id_token": change(login, dict(decode(body["id_token"]).claims))}

        address = login.allow(login.begin(), user)
        with changed(login, "/token", other):
            return login.arrive(address)

    return play


def with_claims(**claims: Any) -> Callable[[Login, Claims], str]:
    """An ID token of the issuer with other claims; ``None`` leaves one out."""

    def change(login: Login, old: Mapping[str, Any]) -> str:
        new = {name: value for name, value in {**old, **claims}.items() if value is not None}
        return login.issuer.sign_id_token(new)

    return change
