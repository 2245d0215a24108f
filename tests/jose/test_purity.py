"""`import jwtlab` loads little, and nothing below the lab looks at a clock or rolls dice."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import jwtlab

ROOT = Path(jwtlab.__file__).parent
BELOW_THE_LAB = sorted(
    path
    for place in ("errors.py", "checks", "jose", "lab.py")
    for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
)
FORBIDDEN = {"time", "random", "secrets", "uuid"}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "import jwtlab",
        "import jwtlab; jwtlab.Lab().token()",
        "import jwtlab; lab = jwtlab.Lab(); lab.verify(lab.token()).claims; dir(jwtlab)",
    ],
    ids=["import", "issue", "verify"],
)
def test_core_loads_no_heavy_module(code):
    heavy = [
        "matplotlib",
        "ipywidgets",
        "anywidget",
        "IPython",
        "flask",
        "httpx",
        "jinja2",
        "jwt",
        "joserfc",
        "numpy",
    ]
    loaded = run(f"{code}\nimport sys\nprint([name for name in {heavy!r} if name in sys.modules])")
    assert loaded == "[]"


def test_face_is_complete():
    for name in jwtlab.__all__:
        if name not in ("exercises", "figures", "widgets"):
            assert getattr(jwtlab, name) is not None
    with pytest.raises(AttributeError, match="no 'nonsense'"):
        _ = jwtlab.nonsense


@pytest.mark.parametrize("path", BELOW_THE_LAB, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_asks_no_clock_and_no_dice(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert not imported & FORBIDDEN
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [f"{ast.unparse(call)} in line {call.lineno}" for call in calls if _asks_a_clock(call)]
    assert asked == []


def _asks_a_clock(call: ast.expr) -> bool:
    """``datetime.now``, ``date.today``; not ``value.time``, which reads what it was given."""
    if not isinstance(call, ast.Attribute) or call.attr not in CLOCKS:
        return False
    return isinstance(call.value, ast.Name) and call.value.id in ("datetime", "date", "time", "dt")


def test_urandom_is_nothing_but_a_default():
    found = []
    for path in BELOW_THE_LAB:
        tree = ast.parse(path.read_text("utf-8"))
        defaults = {
            id(default)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for default in (*node.args.defaults, *node.args.kw_defaults)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("urandom", "getrandom"):
                found.append((path.name, id(node) in defaults))
    assert found == [("key.py", True)]
