"""The JavaScript of the application and of Mallory: files, put together."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jwtlab.oauth.browser_app.places import Places


@cache
def _text(name: str) -> str:
    return (files(__package__) / "scripts" / f"{name}.js").read_text("utf-8")


def application(design: str) -> str:
    """The application's own script, with this design's keeper of tokens."""
    return (
        _text("app")
        .replace("twin: app", f"twin: {design}")
        .replace("KEEPER", _text(f"keeper-{design}").strip())
    )


def worker() -> str:
    """The service worker."""
    return _text("worker")


def intruder(payload: str, places: Places) -> str:
    """Mallory's script.

    Args:
        payload: id of an attack that has an entry.
        places: where it sends what it finds.
    """
    action = _text(f"intruder-{payload}").strip()
    whole = _text("intruder").replace("twin: INTRUDER", f"twin: {payload}").replace("ACTION", action)
    return whole.replace("MALLORY", places.mallory).strip()


def library(payload: str) -> str:
    """The library that the page loads: as its author wrote it, or with a script in it."""
    return _text("poisoned-library").replace("PAYLOAD", payload) if payload else _text("library")


def stranger(name: str) -> str:
    """A script of a page of Mallory's own: ``"form"`` or ``"read"``."""
    return _text(f"stranger-{name}").strip()
