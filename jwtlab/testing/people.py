"""Who has an account at a test's issuer."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = ("alice", "bob", "mallory")


@dataclass(frozen=True)
class Somebody:
    """A person of a test.

    Attributes:
        username: also ``sub``, and the password of the form that nobody sees who uses `Issuer.logs_in`.
    """

    username: str
    roles: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.username.capitalize()

    @property
    def email(self) -> str:
        return f"{self.username}@mail.example"

    @property
    def password(self) -> str:
        return self.username
