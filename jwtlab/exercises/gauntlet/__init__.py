"""Running a learner's verifier against every forgery, and against good tokens.

The verifier stands at a `Desk`: one service, one issuer, ES256. Everything is fixed, so that the same
verifier always gets the same score.
"""

from __future__ import annotations

from jwtlab.exercises.gauntlet.desk import DESK, Desk, Verify
from jwtlab.exercises.gauntlet.running import run
from jwtlab.exercises.gauntlet.samples import HINTS, Sample, forgeries, good_tokens
from jwtlab.exercises.gauntlet.score import MISTAKES, Family, Score

__all__ = [
    "DESK",
    "HINTS",
    "MISTAKES",
    "Desk",
    "Family",
    "Sample",
    "Score",
    "Verify",
    "forgeries",
    "good_tokens",
    "run",
]
