"""Which flow for which application: a table of questions and of advice, and who reads it.

`questions` is what is asked, `advice` what comes of it, `habits` what to leave and what to do besides; `choosing`
finds the row for some answers, and `sheet` prints all of it on one page. Nothing here runs a flow.
"""

from __future__ import annotations

from jwtlab.oauth.choosing.advice import ROWS, AdviceRow
from jwtlab.oauth.choosing.choosing import Advice, advise, open_rows, paths
from jwtlab.oauth.choosing.habits import AVOID, BESIDES, Avoid, Besides
from jwtlab.oauth.choosing.questions import QUESTIONS, Ask, PossibleAnswer
from jwtlab.oauth.choosing.sheet import CheatSheet, flows_cheat_sheet

__all__ = [
    "AVOID",
    "BESIDES",
    "QUESTIONS",
    "ROWS",
    "Advice",
    "AdviceRow",
    "Ask",
    "Avoid",
    "Besides",
    "CheatSheet",
    "PossibleAnswer",
    "advise",
    "flows_cheat_sheet",
    "open_rows",
    "paths",
]
