"""What lesson 43 shows of the examples is in the examples, word for word."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]


def shown():
    notebook = nbformat.read(ROOT / "notebooks" / "43_protecting_an_api.ipynb", as_version=4)
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"^```python\n(.*?)^```", words, re.M | re.S)


@pytest.mark.parametrize("number", range(4))
def test_shown_code_is_in_an_example(number):
    code = shown()[number].strip()
    for path in (ROOT / "examples").glob("*_api/app.py"):
        text = path.read_text("utf-8")
        if code in text or textwrap.indent(code, "    ") in text:
            return
    pytest.fail(f"in no example: {code[:80]}")


def test_all_of_it_is_looked_at():
    assert len(shown()) == 4
