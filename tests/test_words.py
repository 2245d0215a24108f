"""One word for one thing, and the field's own: what this house used to say stays away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("jwtlab", "notebooks", "classroom", "docs", "tools", "benchmarks")
KINDS = {".py", ".ipynb", ".md", ".html", ".toml", ".js"}
OLD = {
    "login": r"\b[Ll]og-ins?\b",
    "logout": r"\b[Ll]og-outs?\b",
    "appears twice": r"\bstands? (there )?twice\b",
    "back channel": r"\bby the back way\b",
}


def texts():
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in KINDS and "node_modules" not in path.parts:
                yield path
    yield ROOT / "README.md"


@pytest.mark.parametrize("word", OLD)
def test_the_word_of_the_field_is_used(word):
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts()
        for match in re.finditer(OLD[word], path.read_text("utf-8"))
    ]
    assert found == [], f"say {word}"
