"""The widgets and cards of the lessons: the only floor that knows Jupyter.

Widgets: `TokenInspector`, `TokenBuilder`, `SignatureStepper`, `VerifierBench`, `AttackBench`, `CrackBench`,
`FlowStepper`, `FlowChooser`, `IssuerExplorer`, `TraceReader`, `Quiz`, `Predict`, `LessonMap`,
`Glossary`, `WhyIndex`. Cards: `lesson`, `check`, `hint`, `solution`, `table`, `scoreboard`,
`flow_board`, `cheat_sheet`.

Each is loaded when it is first asked for: a lesson on tokens needs neither Flask nor httpx, which a flow does.
"""

from __future__ import annotations

import importlib
from typing import Any

_ROOMS = {
    "attack": ("AttackBench",),
    "bench": ("VerifierBench",),
    "builder": ("TokenBuilder",),
    "cards": ("check", "flow_board", "hint", "lab_check", "lesson", "scoreboard", "solution", "table"),
    "chooser": ("FlowChooser", "cheat_sheet"),
    "crack": ("CrackBench",),
    "flow": ("FlowStepper",),
    "glossary": ("Glossary", "WhyIndex"),
    "inspector": ("TokenInspector",),
    "issuer": ("IssuerExplorer",),
    "map": ("LessonMap",),
    "quiz": ("Predict", "Quiz"),
    "stepper": ("SignatureStepper",),
    "trace_reader": ("TraceReader",),
}
_PLACES = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"jwtlab.widgets has no {name!r}; there are: {', '.join(__all__)}")
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__
