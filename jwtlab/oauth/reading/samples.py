"""Recordings that come along: logins recorded by a real Chromium (``tools/recordings.py``)."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from jwtlab.errors import UsageError

NAMES = ("page-at-jwtlab-serve", "lost-host-at-jwtlab-serve", "app-at-oidc-provider")


def sample(name: str) -> Path:
    """A recording that comes along.

    Args:
        name: one of `NAMES`.

    Raises:
        UsageError: there is no such recording.
    """
    if name not in NAMES:
        raise UsageError(f"there is no sample {name!r}; there are: {', '.join(NAMES)}")
    return Path(str(resources.files("jwtlab"))) / "data" / "recordings" / f"{name}.har"
