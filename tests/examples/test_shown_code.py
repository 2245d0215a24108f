"""What lessons 41 and 43 show of the examples is in the examples, word for word."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWN = [("41", number) for number in range(3)] + [("43", number) for number in range(4)]


def shown(lesson):
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"^```python\n(.*?)^```", words, re.M | re.S)


@pytest.mark.parametrize(("lesson", "number"), SHOWN)
def test_shown_code_is_in_an_example(lesson, number):
    code = shown(lesson)[number].strip()
    for path in (ROOT / "examples").glob("*/app.py"):
        text = path.read_text("utf-8")
        if code in text or textwrap.indent(code, "    ") in text:
            return
    pytest.fail(f"in no example: {code[:80]}")


@pytest.mark.parametrize("lesson", ["41", "43"])
def test_all_of_it_is_looked_at(lesson):
    assert len(shown(lesson)) == sum(each == lesson for each, _ in SHOWN)
