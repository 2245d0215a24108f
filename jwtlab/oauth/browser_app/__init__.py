"""A single-page application into which a script gets, kept in five ways and behind five walls.

`play` runs one case in the lab's browser: which `DESIGNS` keeps its tokens where, which of the `ATTACKS` comes, by
which entry, and which of the `DEFENCES` are up. `table` plays every case. VULNERABLE ON PURPOSE: the application shows
notes without escaping them, so that a script gets in.

The servers are ordinary WSGI applications and the scripts ordinary JavaScript, so that a real browser can play the
same cases: a test does, and compares.
"""

from __future__ import annotations

from jwtlab.oauth.browser_app.catalogue import (
    ATTACKS,
    DEFENCES,
    DESIGNS,
    Defence,
    Design,
    PageAttack,
    PlayedCase,
    cases,
)
from jwtlab.oauth.browser_app.places import LAB_PLACES, Places
from jwtlab.oauth.browser_app.playing import Play, PlayOutcome, play, prepare, table
from jwtlab.oauth.browser_app.stage import DesignStage

__all__ = [
    "ATTACKS",
    "DEFENCES",
    "DESIGNS",
    "LAB_PLACES",
    "Defence",
    "Design",
    "DesignStage",
    "PageAttack",
    "Places",
    "Play",
    "PlayOutcome",
    "PlayedCase",
    "cases",
    "play",
    "prepare",
    "table",
]
