"""What a learner's side remembers about a board: a file beside the progress, for nobody else to read."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jwtlab.errors import UsageError, kind
from jwtlab.exercises.progress import default_path

FILE = ".jwtlab-board.json"


@dataclass(frozen=True)
class Membership:
    """How one learner is known to one board.

    Attributes:
        address: of the board.
        word: that was asked for.
        name: that was chosen.
        secret: by which the board knows the learner; whoever has it reports in their name.
    """

    address: str
    word: str
    name: str
    secret: str


def path() -> Path:
    """Where it is kept."""
    return default_path().with_name(FILE)


def load() -> Membership | None:
    """The last membership, or ``None`` if there is none that can be read."""
    try:
        found = json.loads(path().read_text("utf-8"))
        values = {name: found[name] for name in ("address", "word", "name", "secret")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Membership(**values) if all(isinstance(each, str) for each in values.values()) else None


def save(membership: Membership) -> None:
    """Keep it. Where nothing can be written it lasts as long as the kernel."""
    with contextlib.suppress(OSError):
        path().unlink(missing_ok=True)  # an older file might be open to others
        with os.fdopen(
            os.open(path(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(asdict(membership), file)


def forget() -> None:
    with contextlib.suppress(OSError):
        path().unlink(missing_ok=True)


def read_address(given: object) -> str:
    """The address of a board as people type it, in full.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(given, str):
        raise UsageError(f"the address of a board is a text; this is {kind(given)}")
    text = given.strip().rstrip("/")
    text = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.username or parts.query or parts.fragment or any(each.isspace() for each in text):
        raise UsageError(f"{given[:80]!r} is no address of a board; one looks like http://192.168.1.20:8766")
    return text
