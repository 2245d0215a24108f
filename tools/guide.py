"""What of the teacher's guide is made: python tools/guide.py

Writes classroom/guide/lessons.md anew from what the lessons say of themselves, and the rubrics in the section
"Marking guide" of classroom/README.md from ``jwtlab/data/rubrics.toml``. Tests compare them.
"""

from __future__ import annotations

from pathlib import Path

from jwtlab import exercises
from jwtlab.classroom import rubrics
from jwtlab.classroom.assignments import ASSIGNMENTS

FILE = Path(__file__).resolve().parents[1] / "classroom" / "guide" / "lessons.md"
README = FILE.parents[1] / "README.md"
HEAD = """\
# All lessons, with their times

Minutes are for somebody to whom all of it is new: reading, playing with the widgets, all exercises and the \
quiz. They are what the head of each lesson says.

*Vote* is the question at the start, to be asked before anything is explained. *Needs* are the lessons before.

| lesson | minutes | exercises | vote | needs |
|---|---|---|---|---|
"""


def text() -> str:
    """The page."""
    found = list(exercises.lessons().values())
    rows = []
    for each in found:
        asked = f"{each.exercises[0].id} to {each.exercises[-1].id}" if len(each.exercises) > 1 else ""
        asked = asked or (each.exercises[0].id if each.exercises else "")
        vote = ", ".join(question.id for question in each.predictions)
        link = f"[{each.number} {each.title}](../../notebooks/{each.name}.ipynb)"
        rows.append(f"| {link} | {each.minutes} | {asked} | {vote} | {', '.join(each.needs)} |\n")
    minutes = sum(each.minutes for each in found)
    end = (
        f"\nTogether {len(found)} lessons, {minutes} minutes: {minutes / 60:.0f} hours.\n\n"
        "This page is made by `python tools/guide.py`.\n"
    )
    return HEAD + "".join(rows) + end


def with_rubrics(readme: str) -> str:
    """The guide's first page, with the rubrics between their two marks."""
    before, begin, rest = readme.partition("<!-- rubrics -->\n")
    _, end, after = rest.partition("<!-- end of the rubrics -->")
    if not begin or not end:
        raise SystemExit(f"{README.name} has lost the two marks between which the rubrics stand")
    made = rubrics.as_markdown(question for plan in ASSIGNMENTS for question in plan.written)
    return f"{before}{begin}\n{made}\n{end}{after}"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    README.write_text(with_rubrics(README.read_text("utf-8")), "utf-8")
    print(f"written: {FILE.name}, {README.name}")
