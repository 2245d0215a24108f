"""Logins that went wrong: twelve recordings to practise on, each with one fault. `MISHAPS` holds them by id."""

from __future__ import annotations

from collections.abc import Mapping

from jwtlab.errors import UsageError
from jwtlab.oauth.mishaps.catalogue import TWELVE
from jwtlab.oauth.mishaps.model import Mend, Mishap

__all__ = ["MISHAPS", "Mend", "Mishap", "find"]

MISHAPS: Mapping[str, Mishap] = {each.id: each for each in TWELVE}


def find(id: str) -> Mishap:
    """The login of this id.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    if id not in MISHAPS:
        raise UsageError(f"there is no recorded login {id!r}; there are: {', '.join(MISHAPS)}")
    return MISHAPS[id]
