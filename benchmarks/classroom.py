"""Grading a class: submissions a minute and peak memory, for 1, 10, 60 and 300 submissions in one command.

The real command grades solved notebooks of assignment 1, each of a student with a world of their own. Memory
is the sum over the command and everything that it starts, shared pages counted once (proportional set size),
looked at twice a second. It takes minutes, so `make bench` leaves it out unless it is named.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
from measure import Row

from jwtlab.classroom import course

LONG = True
SIZES = (1, 10, 60, 300)
NAME = "a1_tokens"
MARKER = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\n?", re.M)
FULL = 17


def a_class(seconds: float) -> Iterator[Row]:
    """One command for each size of a class; ``seconds`` is not asked here: a class takes as long as it takes."""
    with tempfile.TemporaryDirectory(prefix="jwtlab-bench-") as place:
        folder = Path(place) / "course"
        course.new(folder)
        course.release(folder)
        for size in SIZES:
            yield _graded(folder, Path(place) / f"of-{size}", size)


def _graded(folder: Path, submissions: Path, size: int) -> Row:
    students = [f"student-{size}-{number:03d}" for number in range(size)]
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], *([each, ""] for each in students)])
    solved = _solved(folder)
    for each in students:
        target = submissions / each / NAME / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(solved.replace("WHO-IT-IS", each), "utf-8")
    began = time.monotonic()
    peak = _peak_of(
        [sys.executable, "-m", "jwtlab", "classroom", "grade", str(folder), "--submissions", str(submissions)]
    )
    minutes = (time.monotonic() - began) / 60
    with (folder / "marks.csv").open(encoding="utf-8", newline="") as file:
        points = [float(row["points"]) for row in csv.DictReader(file)]
    assert points == [FULL] * size, points
    people = "1 submission" if size == 1 else f"{size} submissions"
    return Row(
        f"graded in one command: {people}",
        "a minute",
        {"jwtlab": size / minutes, "peak memory (MB)": peak / 1024**2},
    )


def _solved(folder: Path) -> str:
    """The released notebook with the official answers, of a student called ``WHO-IT-IS``."""
    source = nbformat.read(folder / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    release: Any = nbformat.read(course.release_file(folder, NAME), as_version=4)
    answers = {
        cell.metadata.nbgrader.grade_id: MARKER.sub("", cell.source)
        for cell in source.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in release.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        cell.source = re.sub(r'^STUDENT = ""', 'STUDENT = "WHO-IT-IS"', cell.source)
    return json.dumps(release)


def _peak_of(command: list[str]) -> int:
    """Run a command to its end; bytes that it and its children held together, at most."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        top = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, _memory(top))
            time.sleep(0.5)
    assert process.returncode == 0, f"the command ended with {process.returncode}"
    return peak


def _memory(top: psutil.Process) -> int:
    whole = 0
    try:
        processes = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0
    for each in processes:
        try:
            told = each.memory_full_info()
            whole += getattr(told, "pss", 0) or told.rss
        except (psutil.Error, OSError):
            continue
    return whole


BENCHMARKS = [a_class]
