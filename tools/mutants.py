"""How the graders were tested: mutants of the solutions, made by rule, for each lesson.

    python tools/mutants.py --count      a row for each lesson: exercises, mutants, refused, equivalent
    python tools/mutants.py 33 34        these lessons, exercise by exercise
    python tools/mutants.py 33 --count   a row for this lesson alone

A mutant that a grader calls right is as right as the solution; tests/exercises/equivalents.toml says why.
One that is not listed there fails the tests, and is named here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "exercises"))

HEAD = "lesson    exercises  mutants  refused  equivalent"


def main(words: list[str] | None = None) -> int:
    import test_mutants

    from jwtlab import exercises
    from jwtlab.exercises import safely

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="numbers, such as 33; all of them by default"
    )
    parser.add_argument(
        "--count", action="store_true", help="a row for each lesson, and no rows for exercises"
    )
    asked = parser.parse_args(words)
    unknown = [number for number in asked.lessons if number not in exercises.lessons()]
    if unknown:
        parser.error(f"there is no lesson {unknown[0]}; there are {', '.join(exercises.lessons())}")

    safely.call.__kwdefaults__["seconds"] = 0.5  # as in the tests: an endless mutant is stopped soon
    rows: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    unexplained = []
    for exercise_id in test_mutants.ALL:
        lesson = exercise_id.partition(".")[0]
        if not asked.lessons or lesson in asked.lessons:
            made, survivors, _ = test_mutants.outcome(exercise_id)
            rows[lesson].append((exercise_id, made, len(survivors)))
            explained = test_mutants.EQUIVALENTS.get(exercise_id, {})
            unexplained += [f"{exercise_id}: {name}" for name in survivors if name not in explained]
    print(HEAD)
    for lesson, found in sorted(rows.items()):
        for each in found if asked.lessons and not asked.count else ():
            _line(each[0], [each])
        _line(lesson, found)
    _line("all", [each for found in rows.values() for each in found])
    for name in unexplained:
        print(f"called right, and not explained: {name}", file=sys.stderr)
    return 1 if unexplained else 0


def _line(name: str, found: list[tuple[str, int, int]]) -> None:
    made, right = sum(each[1] for each in found), sum(each[2] for each in found)
    print(f"{name:9} {len(found):9} {made:8} {made - right:8} {right:11}")


if __name__ == "__main__":
    sys.exit(main())
