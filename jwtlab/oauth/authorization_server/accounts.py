"""The people with an account at an authorization server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Protocol, cast

from jwtlab import passwords
from jwtlab.passwords import Hashed


class Account(Protocol):
    """What an authorization server says of somebody in tokens and on pages."""

    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


class Person(Account, Protocol):
    """Somebody whose password is public; `jwtlab.lab.User` is one."""

    @property
    def password(self) -> str: ...


class RegisteredAccount(Account, Protocol):
    """Somebody of whose password only the hash is known; `jwtlab.registry.people.RegisteredPerson` is one."""

    @property
    def password_hash(self) -> Hashed: ...


class Accounts:
    """The people with an account; passwords are kept as slow hashes.

    Args:
        people: with their passwords, or the hashes of them.
        random: ``count -> bytes``, for the salts.
    """

    def __init__(self, people: Iterable[Person | RegisteredAccount], random: Callable[[int], bytes]) -> None:
        self._people = {each.username: each for each in people}
        self._salts = {username: random(passwords.SALT_BYTES) for username in self._people}
        self._nobody = random(passwords.SALT_BYTES)

    @property
    def people(self) -> Mapping[str, Account]:
        """By username."""
        return self._people

    def find(self, username: str) -> Account | None:
        return self._people.get(username)

    def by_email(self, email: str) -> Account | None:
        """Whose address this is; capital and small letters are the same."""
        wanted = email.strip().lower()
        return next((each for each in self._people.values() if each.email.lower() == wanted), None)

    def authenticate(self, username: str, password: str) -> Account | None:
        """Who this is, if the password is right. It takes as long for somebody who has no account."""
        person = self._people.get(username)
        if person is None:
            self._spend_time(password)
            return None
        hashed = _hash_of(person)
        if hashed is not None:
            return person if hashed.matches(password) else None
        salt, public = self._salts[username], cast(Person, person).password
        return person if passwords.matches(password, salt, _stored(public, salt)) else None

    def _spend_time(self, password: str) -> None:
        """As much as the check of a password of the people here."""
        example = next((found for each in self._people.values() if (found := _hash_of(each))), None)
        if example is not None:
            example.matches(password)
        else:
            passwords.digest(password, self._nobody)


def _hash_of(person: Account) -> Hashed | None:
    found = getattr(person, "password_hash", None)
    return found if isinstance(found, Hashed) else None


@lru_cache(maxsize=256)
def _stored(password: str, salt: bytes) -> bytes:
    return passwords.digest(password, salt)
