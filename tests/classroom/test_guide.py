"""The guide for teachers is true: its links, numbers, ids, commands and Python."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from jwtlab import cli, exercises
from jwtlab.classroom.assignments import ASSIGNMENTS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path for path in (ROOT / "classroom").rglob("*.md") if not {"node_modules", ".venv"} & set(path.parts)
)
GUIDE = ROOT / "classroom" / "guide"
ID = re.compile(r"\b(\d\d\.[pq]?\d)\b")


def text(page: Path) -> str:
    return page.read_text("utf-8")


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text(page), re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_in_the_table_of_contents():
    linked = re.findall(r"\]\((guide/[^)#]+)\)", text(ROOT / "classroom" / "README.md"))
    assert {path.name for path in GUIDE.glob("*.md")} == {Path(each).name for each in linked}


@pytest.mark.parametrize("page", [each for each in PAGES if each.parent == GUIDE], ids=names)
def test_ids_exist(page):
    for each in ID.findall(text(page)):
        found = exercises.question(each) if re.search("[pq]", each) else exercises.exercise(each)
        assert found.id == each


def test_ten_misconceptions_each_with_a_vote_and_an_exercise():
    rows = re.findall(r"^\| (\d+) \|(.+)\|(.+)\|(.+)\|(.+)\|$", text(GUIDE / "misconceptions.md"), re.M)
    assert [int(row[0]) for row in rows] == list(range(1, 11))
    for _, _, _, vote, exercise in rows:
        assert exercises.question(vote.strip()).options
        assert exercises.exercise(exercise.strip()).solution
    helps = re.findall(r"^(\d+)\. ", text(GUIDE / "misconceptions.md").partition("## What helps")[2], re.M)
    assert [int(each) for each in helps] == list(range(1, 11))


def test_table_of_lessons_is_current():
    spec = importlib.util.spec_from_file_location("guide", ROOT / "tools" / "guide.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert text(GUIDE / "lessons.md") == module.text(), "run python tools/guide.py"


def clock(words: str) -> int:
    hours, minutes = words.split(":")
    return 60 * int(hours) + int(minutes)


@pytest.mark.parametrize(("title", "whole"), [("Sixty minutes", 60), ("Half a day", 240)])
def test_plan_of_a_day_adds_up(title, whole):
    part = text(GUIDE / "plans.md").partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [
        (clock(each), int(minutes)) for each, minutes in re.findall(r"^\| (\d:\d\d) \| (\d+) \|", part, re.M)
    ]
    at = 0
    for begins, minutes in rows:
        assert begins == at
        at += minutes
    assert at == whole
    # A lesson that is planned whole has the time that it needs.
    whole_lessons = re.compile(r"^\| \d:\d\d \| (\d+) \| lesson (\d\d)(?:, with its \w+ exercises)? \|", re.M)
    for minutes, number in whole_lessons.findall(part):
        assert int(minutes) >= exercises.lesson(number).minutes


def test_plan_of_six_weeks_has_the_lessons_minutes_and_order():
    part = text(GUIDE / "plans.md").partition("## Six weeks\n")[2].partition("\n## ")[0]
    table = [line for line in part.splitlines() if re.match(r"\| \d ", line)]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table]
    rows = [(cells[0][0], *cells[1:]) for cells in lines]
    assert [row[0] for row in rows] == list("123456")
    known = exercises.lessons()
    done: set[str] = set()
    given: list[str] = []
    for _, numbers, minutes, out, _ in rows:
        listed = numbers.split(", ")
        assert sum(known[each].minutes for each in listed) == int(minutes)
        for each in listed:
            assert set(known[each].needs) <= done, each
            done.add(each)
        given += re.findall(r"a\d_\w+", out)
    assert given == [each.name for each in ASSIGNMENTS if each.name in given]
    table = re.findall(
        r"^\| (a\d_\w+) \| .+? \| ([^|]+) \| \d+ \|$", text(ROOT / "classroom" / "README.md"), re.M
    )
    for name, before in table:
        if name in given:
            first, _, last = before.partition(" to ")
            needed = [n for n in known if first <= n <= last] if last else before.split(", ")
            assert set(needed) <= done, name
    rest = re.search(r"^Lessons ([\d, and]+) are for", part, re.M)
    assert done | set(re.findall(r"\d\d", rest[1])) >= {each for each in known if not each.startswith("4")}


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in re.findall(r"^```sh\n(.*?)^```", text(page), re.M | re.S):
            lines = [line.partition(" #")[0].strip() for line in block.splitlines()]
            found += [(names(page), line) for line in lines if line.startswith("jwtlab ")]
    return found


@pytest.mark.parametrize(("page", "line"), commands(), ids=[f"{page}: {line}" for page, line in commands()])
def test_commands_exist_with_these_options(page, line, monkeypatch):
    def fails(self, message):
        raise AssertionError(f"{line}: {message}")

    monkeypatch.setattr(argparse.ArgumentParser, "error", fails)
    cli._parser().parse_args(shlex.split(line)[1:])


def test_programs_named_in_the_guide_are_there():
    for page in PAGES:
        for name in re.findall(r"`?python (tools/\w+\.py)|`((?:tests|jwtlab)/[\w/]+(?:\.py)?)`", text(page)):
            assert (ROOT / (name[0] or name[1])).exists(), (page.name, name)


def test_python_of_the_guide_runs(tmp_path, monkeypatch):
    """The blocks of the page about progress, and the command that prints a lesson's solutions."""
    monkeypatch.delenv("JWTLAB_PROGRESS", raising=False)
    (tmp_path / "progress.json").write_text('{"done": ["01.1"]}', "utf-8")
    (tmp_path / "handed-in").mkdir()
    blocks = re.findall(r"^```python\n(.*?)^```", text(GUIDE / "progress.md"), re.M | re.S)
    assert len(blocks) == 2
    program = "\n".join(blocks) + "\nprint(progress.load('alice.json').known, seen.rows)"
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.strip() == "frozenset({'01.1'}) ()", said.stderr
    line = re.search(r'^python -c "(.+)"$', text(GUIDE / "answers.md"), re.M)
    said = subprocess.run([sys.executable, "-c", line[1]], capture_output=True, text=True, check=True)
    assert all(each.solution in said.stdout for each in exercises.lesson("02").exercises)


def test_files_named_under_privacy_are_those_of_the_code():
    """A name that the code no longer uses, or a file that the page forgets, is seen here."""
    from jwtlab.board import membership
    from jwtlab.classroom.hub import login
    from jwtlab.exercises import progress

    page = text(GUIDE / "privacy.md")
    for name in (progress.FILE, membership.FILE, login.PEOPLE_FILE):
        assert f"`{name}`" in page
    source = "\n".join(
        path.read_text("utf-8") for path in sorted((ROOT / "jwtlab" / "classroom").rglob("*.py"))
    )
    for name in ("roster.csv", ".secret", "gradebook.db", "marks.csv", "marks_for_import.csv", "autograded"):
        assert f'"{name}"' in source
        assert f"`{name}`" in page
    for name in (".grading", "feedback", "submitted", "learners", "login.db", "jupyterhub.sqlite", "earlier"):
        assert name in source
        assert name in page
