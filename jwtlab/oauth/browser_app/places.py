"""Where everybody is. What counts is who is of one site with whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """Five origins.

    Attributes:
        app: the application, and its backend.
        issuer, api: of the same site as the application, and of other origins.
        sibling: of the same site too: a forgotten blog, which Mallory has taken over.
        mallory: another site.
    """

    app: str
    issuer: str
    api: str
    sibling: str
    mallory: str


LAB_PLACES = Places(
    app="https://notes.example",
    issuer="https://login.notes.example",
    api="https://api.notes.example",
    sibling="https://blog.notes.example",
    mallory="https://mallory.example",
)
