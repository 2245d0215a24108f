"""How the graders were tested: mutants of the solutions, made by rule, for each lesson.

    python tools/mutants.py           a table: exercises, mutants, refused, right (with a reason)
    python tools/mutants.py 33        one lesson, exercise by exercise

A mutant that a grader calls right has its reason in tests/exercises/equivalents.toml, or the tests fail.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "exercises"))


def main(chosen: list[str]) -> int:
    import test_mutants

    from jwtlab.exercises import safely

    safely.call.__kwdefaults__["seconds"] = 0.5  # as in the tests: an endless mutant is stopped soon
    rows: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for exercise_id in test_mutants.ALL:
        lesson = exercise_id.partition(".")[0]
        if not chosen or lesson in chosen:
            made, survivors, _ = test_mutants.outcome(exercise_id)
            rows[lesson].append((exercise_id, made, len(survivors)))
    print("lesson    exercises  mutants  refused  right, with a reason")
    for lesson, found in sorted(rows.items()):
        if chosen:
            for exercise_id, made, right in found:
                print(f"{exercise_id:9} {1:9} {made:8} {made - right:8} {right:6}")
        _line(lesson, found)
    _line("all", [each for found in rows.values() for each in found])
    return 0


def _line(name: str, found: list[tuple[str, int, int]]) -> None:
    made, right = sum(each[1] for each in found), sum(each[2] for each in found)
    print(f"{name:9} {len(found):9} {made:8} {made - right:8} {right:6}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
