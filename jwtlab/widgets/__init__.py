"""The widgets and cards of the lessons: the only floor that knows Jupyter.

Widgets: `TokenInspector`, `TokenBuilder`, `SignatureStepper`, `VerifierBench`, `AttackBench`, `CrackBench`,
`FlowStepper`, `FlowChooser`, `IssuerExplorer`, `TraceReader`, `Quiz`, `Predict`, `LessonMap`,
`Glossary`, `WhyIndex`. Cards: `lesson`, `check`, `hint`, `solution`, `table`, `scoreboard`, `flow_board`.
"""

from __future__ import annotations

from jwtlab.widgets.attack import AttackBench
from jwtlab.widgets.bench import VerifierBench
from jwtlab.widgets.builder import TokenBuilder
from jwtlab.widgets.cards import check, flow_board, hint, lab_check, lesson, scoreboard, solution, table
from jwtlab.widgets.chooser import FlowChooser
from jwtlab.widgets.crack import CrackBench
from jwtlab.widgets.flow import FlowStepper
from jwtlab.widgets.glossary import Glossary, WhyIndex
from jwtlab.widgets.inspector import TokenInspector
from jwtlab.widgets.issuer import IssuerExplorer
from jwtlab.widgets.map import LessonMap
from jwtlab.widgets.quiz import Predict, Quiz
from jwtlab.widgets.stepper import SignatureStepper
from jwtlab.widgets.trace_reader import TraceReader

__all__ = [
    "AttackBench",
    "CrackBench",
    "FlowChooser",
    "FlowStepper",
    "Glossary",
    "IssuerExplorer",
    "LessonMap",
    "Predict",
    "Quiz",
    "SignatureStepper",
    "TokenBuilder",
    "TokenInspector",
    "TraceReader",
    "VerifierBench",
    "WhyIndex",
    "check",
    "flow_board",
    "hint",
    "lab_check",
    "lesson",
    "scoreboard",
    "solution",
    "table",
]
