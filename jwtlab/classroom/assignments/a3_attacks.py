"""a3: forge tokens that open five weak doors; then mend."""

from __future__ import annotations

from jwtlab.classroom.assignments import a3_forge, a3_mend_algorithm, a3_mend_key
from jwtlab.classroom.assignments.a3_keys import my_algorithms
from jwtlab.classroom.assignments.a3_my_doors import my_doors, sign_es256
from jwtlab.classroom.model import GIVEN, Assignment
from jwtlab.classroom.rubrics import written

__all__ = ["ASSIGNMENT", "my_algorithms", "my_doors", "sign_es256"]

ASSIGNMENT = Assignment(
    name="a3_attacks",
    title="Forge, then mend",
    minutes=90,
    primitives=("jwt", "joserfc", "jose", "authlib", "jwcrypto", "jwtlab"),
    allowed=(
        "jwtlab.base64url",
        *GIVEN,
        *(f"jwtlab.classroom.assignments.a3_attacks.{name}" for name in __all__ if name != "ASSIGNMENT"),
    ),
    tasks=(
        *a3_forge.TASKS,
        a3_mend_algorithm.TASK,
        a3_mend_key.TASK,
    ),
    written=written("a3_attacks"),
)
