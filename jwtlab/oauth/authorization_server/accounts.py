"""The people with an account at an authorization server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from jwtlab import passwords


class Person(Protocol):
    """What an authorization server knows of somebody; `jwtlab.lab.User` has it."""

    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


class Accounts:
    """The people with an account; passwords are kept as slow hashes.

    Args:
        people: with their passwords.
        random: ``count -> bytes``, for the salts.
    """

    def __init__(self, people: Iterable[Person], random: Callable[[int], bytes]) -> None:
        self._people = {each.username: each for each in people}
        self._salts = {username: random(passwords.SALT_BYTES) for username in self._people}
        self._nobody = random(passwords.SALT_BYTES)

    @property
    def people(self) -> Mapping[str, Person]:
        """By username."""
        return self._people

    def find(self, username: str) -> Person | None:
        return self._people.get(username)

    def by_email(self, email: str) -> Person | None:
        """Whose address this is; capital and small letters are the same."""
        wanted = email.strip().lower()
        return next((each for each in self._people.values() if each.email.lower() == wanted), None)

    def authenticate(self, username: str, password: str) -> Person | None:
        """Who this is, if the password is right. It takes as long for somebody who has no account."""
        person = self._people.get(username)
        if person is None:
            passwords.digest(password, self._nobody)
            return None
        salt = self._salts[username]
        return person if passwords.matches(password, salt, _stored(person.password, salt)) else None


@lru_cache(maxsize=256)
def _stored(password: str, salt: bytes) -> bytes:
    return passwords.digest(password, salt)
