"""The classroom: assignments with a variant for each student, and marks from submissions.

In a notebook a student uses `variant`, `check` and `submission_button`; a teacher uses
``jwtlab classroom``, and `overview` for the progress of a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab.classroom.button import submission_button
    from jwtlab.classroom.notebook import check
    from jwtlab.classroom.overviews import overview
    from jwtlab.classroom.variants import Variant, variant

__all__ = ["Variant", "check", "overview", "submission_button", "variant"]

_HOMES = {
    "variant": "jwtlab.classroom.variants",
    "Variant": "jwtlab.classroom.variants",
    "check": "jwtlab.classroom.notebook",
    "overview": "jwtlab.classroom.overviews",
    "submission_button": "jwtlab.classroom.button",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found  # also after the submodule of the same name has been loaded
    return found
