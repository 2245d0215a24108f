"""Assignments 4 and 5 in one class run with the real nbgrader: honest work, partly right work, and the cheats.

`test_class_and_cheats` has the same for assignment 1, with damaged files and what is out of reach.
"""

from __future__ import annotations

import copy

import nbformat
import pytest
from course_of import Course, cell_of, hand_in

from jwtlab.classroom import grading
from jwtlab.classroom.assignments import assignment
from jwtlab.classroom.bubblewrap import program as bubblewrap

pytestmark = pytest.mark.long

NAMES = ("a4_flows", "a5_capstone")
ALONE = {"a4_flows": "a4-1", "a5_capstone": "a5-2"}
"""An answer that needs no other, and its task."""
POINTS = {
    task.answer_cell.removesuffix("-answer"): task.points for n in NAMES for task in assignment(n).tasks
}


def add(notebook, *lines: str, at: int = 2) -> None:
    """Put a cell of the student's own into a notebook."""
    notebook.cells.insert(at, nbformat.v4.new_code_cell("\n".join(lines)))


def forging(course, name):
    """Nothing solved; tests edited, what they call redefined, marks printed, metadata changed."""
    notebook = course.untouched(name, "forging")
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader", {})
        if told.get("grade_id", "").endswith("-test"):
            cell.source, told["points"], told["locked"] = "40", 0, False
        elif told.get("solution") and cell.cell_type == "code":
            told["grade"], told["points"] = True, 40
    add(
        notebook,
        "import os, jwtlab, jwtlab.classroom.notebook as n, jwtlab.classroom.model as m, jwtlab.checks as c",
        "n.check = n.judged = m.judge = check = judged = lambda *a, **k: 40.0",
        "m.Part.points = m.Task.points = property(lambda self: 40)",
        "jwtlab.Verifier.verify = lambda *a, **k: type('Report', (), {'accepted': True, 'claims': {}})()",
        "for number in range(3, 64):",
        '    try: os.write(number, b\'{"value": "40"}\\n\')',
        "    except OSError: pass",
        "print(40.0)",
        "40.0",
    )
    return notebook


def equal(course, name):
    """Every answer is an object that equals everything, is everything's instance, and holds everything."""
    notebook = course.untouched(name, "equal")
    lines = [
        "class Every(dict):",
        "    def __eq__(self, other): return True",
        "    def __ne__(self, other): return False",
        "    def __getitem__(self, key): return self",
        "    def __contains__(self, key): return True",
        "    def get(self, *given): return self",
        "    def __call__(self, *given): return self",
        "    __hash__ = None",
        "class Number(int):",
        "    def __eq__(self, other): return True",
        "    def __ne__(self, other): return False",
        "    __hash__ = int.__hash__",
    ]
    add(notebook, *lines)
    for task in assignment(name).tasks:
        made = "Every()" if task.name in ("choices",) or task.name.startswith("fault") else "lambda *given: "
        made += "" if made == "Every()" else ("Number(200)" if task.name == "decide" else "Every()")
        cell_of(notebook, task.answer_cell).source = f"{task.name} = {made}"
    return notebook


def deleting(course, name):
    notebook = course.untouched(name, "deleting")
    notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    return notebook


def doubling(course, name):
    """One answer is right, and its test stands there four times."""
    notebook = course.solved(name, "doubling", f"{ALONE[name]}-answer")
    for cell in notebook.cells[:]:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == f"{ALONE[name]}-test":
            notebook.cells += [copy.deepcopy(cell) for _ in range(3)]
            others = [copy.deepcopy(cell) for _ in range(2)]
            for number, other in enumerate(others):
                other.metadata.nbgrader["grade_id"] = f"{ALONE[name]}-bonus-{number}"
            notebook.cells += others
    return notebook


def reading(course, name):
    """It looks for the secret, the solutions, the gradebook and the others, and would use what it finds."""
    notebook = course.untouched(name, "reading")
    places = [course.folder, course.folder.parent / "submissions"]
    add(
        notebook,
        "import json, os, pathlib",
        "stolen = {}",
        f"for place in {[str(each) for each in places]!r}:",
        f"    for path in pathlib.Path(place).rglob('*{name}.ipynb'):",
        "        for cell in json.loads(path.read_text('utf-8'))['cells']:",
        "            told = cell['metadata'].get('nbgrader', {})",
        "            text = ''.join(cell['source'])",
        "            if told.get('solution') and 'NotImplementedError' not in text:",
        "                stolen[told['grade_id']] = text",
    )
    for task in assignment(name).tasks:
        cell_of(notebook, task.answer_cell).source = f"exec(stolen.get({task.answer_cell!r}, ''))"
    return notebook


def breaking(course, name):
    """All is solved; one cell floods the output, and one leaves the process."""
    notebook = course.solved(name, "breaking")
    add(
        notebook,
        "import os",
        "for _ in range(100):",
        "    os.write(1, b'x' * 1_000_000); print('y' * 1_000_000)",
    )
    add(notebook, "import os", "os._exit(0)")
    return notebook


def looping(course, name):
    """All is solved but one answer, which never comes back."""
    notebook = course.solved(name, "looping")
    answer = cell_of(notebook, f"{ALONE[name]}-answer")
    function = next(
        task.name for task in assignment(name).tasks if task.answer_cell == f"{ALONE[name]}-answer"
    )
    answer.source += f"\n\ndef {function}(*given):\n    while True: pass\n"
    return notebook


CLASS = {
    "alice": lambda course, name: course.solved(name, "alice"),
    "bob": lambda course, name: course.untouched(name, "bob"),
    "carol": lambda course, name: course.solved(name, "carol", f"{ALONE[name]}-answer"),
    "copying": lambda course, name: course.solved(name, "alice"),
    **{each.__name__: each for each in (forging, equal, deleting, doubling, breaking, looping)},
}
if bubblewrap() is not None:  # without it nothing hides the course's files, and the guide says so
    CLASS["reading"] = reading
FULL = {name: assignment(name).points for name in NAMES}
WANTED = {
    "alice": lambda name: FULL[name],
    "breaking": lambda name: FULL[name],
    "carol": lambda name: POINTS[ALONE[name]],
    "doubling": lambda name: POINTS[ALONE[name]],
}
"""Everybody else has nothing; of who loops, only what the others do is known."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The class, graded once."""
    folder = tmp_path_factory.mktemp("cheats")
    made = Course(folder / "course", dict.fromkeys(CLASS, ""), *NAMES)
    for name in NAMES:
        for student, make in CLASS.items():
            hand_in(folder / "submissions" / student / name / f"{name}.ipynb", make(made, name))
    grading.grade(made.folder, folder / "submissions", jobs=2, time_limit=60)
    return made


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("student", [each for each in CLASS if each != "looping"])
def test_everybody_has_what_is_theirs_and_no_cheat_gains_anything(course, student, name):
    row = course.marks()[student, name]
    assert float(row["of"]) == FULL[name]
    assert float(row["points"]) == WANTED.get(student, lambda name: 0)(name), row


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_never_ends_costs_its_own_task_and_stops_nobody(course, name):
    row = course.marks()["looping", name]
    assert row["status"] == "graded"
    assert float(row["points"]) <= FULL[name] - POINTS[ALONE[name]]
    assert "in time" in course.feedback("looping", name) or "longer than" in course.feedback("looping", name)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_told_what_happened(course, name):
    marks = course.marks()
    status = {student: marks[student, name]["status"] for student in CLASS}
    assert status["copying"] == "copied"
    assert {status[each] for each in ("deleting", "doubling", "forging")} == {"repaired"}
    assert "left out" in marks["breaking", name]["note"]
    assert "There is no answer yet" in course.feedback("bob", name)
    for student in ("bob", "carol", "equal", "forging"):
        page = course.feedback(student, name)
        for secret in ("HIDDEN", "judged(", "Traceback", course.folder.name):
            assert secret not in page, (student, secret)
