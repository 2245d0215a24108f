"""The table of all lessons in the teacher's guide: python tools/guide.py

Writes classroom/guide/lessons.md anew from what the lessons say of themselves. A test compares the two.
"""

from __future__ import annotations

from pathlib import Path

from jwtlab import exercises

FILE = Path(__file__).resolve().parents[1] / "classroom" / "guide" / "lessons.md"
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


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    print(f"written: {FILE.name}")
