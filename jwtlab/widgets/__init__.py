"""The widgets and cards of the lessons: the only floor that knows Jupyter.

Widgets: `TokenInspector`, `TokenBuilder`, `SignatureStepper`, `VerifierBench`, `AttackBench`, `CrackBench`,
`FlowStepper`, `IssuerExplorer`, `Quiz`, `Predict`, `LessonMap`. Cards: `lesson`, `check`, `hint`, `solution`, `table`.
"""

from __future__ import annotations

from jwtlab.widgets.attack import AttackBench
from jwtlab.widgets.bench import VerifierBench
from jwtlab.widgets.builder import TokenBuilder
from jwtlab.widgets.cards import check, hint, lab_check, lesson, scoreboard, solution, table
from jwtlab.widgets.crack import CrackBench
from jwtlab.widgets.flow import FlowStepper
from jwtlab.widgets.inspector import TokenInspector
from jwtlab.widgets.issuer import IssuerExplorer
from jwtlab.widgets.quiz import LessonMap, Predict, Quiz
from jwtlab.widgets.stepper import SignatureStepper

__all__ = [
    "AttackBench",
    "CrackBench",
    "FlowStepper",
    "IssuerExplorer",
    "LessonMap",
    "Predict",
    "Quiz",
    "SignatureStepper",
    "TokenBuilder",
    "TokenInspector",
    "VerifierBench",
    "check",
    "hint",
    "lab_check",
    "lesson",
    "scoreboard",
    "solution",
    "table",
]
