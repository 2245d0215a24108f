"""What the README prints is true: its Python runs, and its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(*languages: str) -> list[str]:
    """The fenced blocks of the README in one of these languages, in order."""
    fenced = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
    return [text for language, text in fenced if language in languages]


def test_python_in_the_readme_runs(tmp_path):
    """From top to bottom as one program: a later block may use what an earlier one has made."""
    program = tmp_path / "readme.py"
    program.write_text("\n".join(blocks("python")), "utf-8")
    command = [sys.executable, "-W", "error", program]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr


def test_commands_in_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    asked_for = set(re.findall(r"^make ([a-z-]+)", "\n".join(blocks("sh", "bash", "console", "text")), re.M))
    assert asked_for <= targets


def test_links_to_files_lead_somewhere():
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_table_names_every_lesson_with_its_minutes():
    from jwtlab import exercises

    rows = re.findall(
        r"^\| (\d\d) \| \[(.+?)\]\(notebooks/(.+?)\.ipynb\) \| [^…|]+ \| (\d+) \|$", README, re.M
    )
    lessons = exercises.lessons().values()
    assert rows == [(each.number, each.title, each.name, str(each.minutes)) for each in lessons]
