"""Cheats that aim at the loop around a student's code and not at the tests: each gains nothing, and stops nobody."""

from __future__ import annotations

import nbformat
import pytest
from course_of import Course, cell_of, hand_in

from jwtlab.classroom import grading
from jwtlab.classroom.assignments import assignment

pytestmark = pytest.mark.long

A1 = "a1_tokens"
CELL = {task.name: task.answer_cell for task in assignment(A1).tasks}
LOUD = """
for number in range(3, 30):
    try: os.write(number, b'{"value": "17"}\\n')
    except OSError: pass
"""
CELLS = {
    "patching the library": """
import base64, hashlib, hmac, json
json.loads = lambda *a, **k: {"value": "17"}
json.dumps = lambda *a, **k: '{"value": "17", "end": true}'
hmac.compare_digest = lambda *a: True
base64.urlsafe_b64encode = lambda data: data
""",
    "tracing": """
import sys, threading
def trace(frame, event, argument):
    frame.f_locals["found"] = frame.f_locals["value"] = "x"
    return trace
sys.settrace(trace); threading.settrace(trace); sys.setprofile(trace)
""",
    "at the end": "import atexit, os\ndef bye():" + LOUD.replace("\n", "\n    ") + "\natexit.register(bye)",
    "later": """
import os, threading, time
def later():
    while True:
        time.sleep(0.01)
        globals()["b64url"] = lambda data: "x"
        for number in range(3, 30):
            try: os.write(number, b'{"value": "1"}\\n')
            except OSError: pass
threading.Thread(target=later, daemon=True).start()
""",
    "hooking imports": """
import builtins, jwtlab.classroom.plain as plain
plain.to_text = lambda value: "17"
plain._plain = lambda value, depth: 17
real = builtins.__import__
def hooked(name, *more, **named):
    module = real(name, *more, **named)
    if name.endswith("plain"): module.to_text = lambda value: "17"
    return module
builtins.__import__ = hooked
""",
    "rewriting the loop": """
import gc, sys, types
for each in gc.get_objects():
    if isinstance(each, types.FunctionType) and each.__name__ in ("answer", "run_cell", "judge", "check"):
        each.__code__ = (lambda *a, **k: {"value": "17"}).__code__
frame = sys._getframe()
while frame:
    frame.f_globals["answer"] = lambda *a: {"value": "17"}
    frame = frame.f_back
""",
    "writing results": """
import glob, os
for place in ["/tmp", ".", "..", "/", "/var/tmp", "/dev/shm", *glob.glob("/tmp/*")]:
    for name in ("result.json", "verdict.json", "gradebook.db", "marks.csv"):
        try: open(os.path.join(place, name), "w").write('{"points": 17, "status": "graded"}')
        except OSError: pass
""",
    "ignoring signals": """
import os, signal
for number in range(1, 64):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
""",
    "closing everything": "import os\nfor number in range(50):\n    try: os.close(number)\n    except OSError: pass",
    "reading the line": """
import os
for number in range(3, 20):
    try:
        os.set_blocking(number, False)
        print(os.read(number, 100_000))
    except OSError: pass
""",
    "asking for input": "import sys\nsys.stdin.read()\nsys.stdout.close()\nsys.stderr = None\ninput('?')",
}
KINDS = """
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
    def split(self, *a): return [self, self, self]
    __class__ = property(lambda self: str)
class Table(dict):
    def __eq__(self, other): return True
    def items(self): return []
    __class__ = property(lambda self: dict)
class Meta(type):
    def __eq__(self, other): return True
    __hash__ = type.__hash__
class Any_(metaclass=Meta):
    def __str__(self): return "x"
"""
ANSWERS = {
    "false kinds": {
        "b64url": KINDS + "def b64url(data): return Text('x')",
        "read_claims": "def read_claims(token): return Table()",
        "build_token": "def build_token(claims, secret): return Any_()",
        "found": "found = Table()",
    },
    "deep": {
        "b64url": "import sys\nsys.setrecursionlimit(10**9)\ndef b64url(data): return b64url(data)",
        "found": "found = inner = []\nfor _ in range(100_000):\n    inner.append([]); inner = inner[0]",
    },
    "huge": {
        "b64url": "def b64url(data): return 'x' * 3_000_000",
        "read_claims": "def read_claims(token): return 10**5000",
        "build_token": "def build_token(claims, secret): return float('nan')",
        "found": "found = {'about': '\\ud800', 'left': float('inf')}",
    },
    "leaving": {
        "b64url": "import os\ndef b64url(data): os._exit(3)",
        "read_claims": "def read_claims(token): raise SystemExit(0)",
        "build_token": "def build_token(claims, secret): raise KeyboardInterrupt",
        "found": "import sys\nsys.exit(0)",
    },
    "markup": {"b64url": "def b64url(data): raise Exception('<img src=x onerror=alert(1)>\\x1b[31m;=1+1')"},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cheats")
    made = Course(folder / "course", dict.fromkeys(["honest", *CELLS, *ANSWERS], ""), A1)
    work = {"honest": made.solved(A1, "honest")}
    for student, source in CELLS.items():
        work[student] = made.untouched(A1, student)
        work[student].cells.insert(1, nbformat.v4.new_code_cell(source))
    for student, answers in ANSWERS.items():
        work[student] = made.untouched(A1, student)
        for name, source in answers.items():
            cell_of(work[student], CELL[name]).source = source
    for student, notebook in work.items():
        hand_in(folder / "in" / student / A1 / f"{A1}.ipynb", notebook)
    grading.grade(made.folder, folder / "in", jobs=2, time_limit=40)
    return made


@pytest.mark.parametrize("student", [*CELLS, *ANSWERS])
def test_cheat_gains_nothing_and_has_a_row(course, student):
    row = course.marks()[student, A1]
    assert (row["points"], row["of"], row["status"]) == ("0", "17", "graded")
    page = course.feedback(student, A1)
    for word in ("HIDDEN", "judged(", "Traceback", "<img src=x", course.folder.name):
        assert word not in page


def test_whoever_sits_beside_them_is_not_concerned(course):
    assert course.marks()["honest", A1]["points"] == "17"
