"""Tables for spreadsheets and from them: no text becomes a formula, and one student's rows are found in any form."""

from __future__ import annotations

import pytest

from jwtlab.classroom import marks
from jwtlab.classroom.forgetting import forget
from jwtlab.classroom.marks import MarksRow
from jwtlab.classroom.roster import Roster, read_table

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n =1", "＝1+1", "x;=1+1", "x; @a", "a\n;\n-2"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_of_a_student_is_a_formula_in_no_cell(tmp_path, text):
    row = MarksRow(text, "a1_tokens", 1, 17, "graded", text)
    marks.write(tmp_path / "marks.csv", [row])
    marks.write_for_import(tmp_path / "import.csv", [row], Roster({text: text}, {"mail": {text: text}}))
    for name in ("marks.csv", "import.csv"):
        for line in (tmp_path / name).read_text("utf-8-sig").splitlines()[1:]:
            for separator in (",", ";"):  # as spreadsheets of one country or another take cells apart
                for cell in line.split(separator):
                    assert not cell.strip(' "').startswith(tuple("=+-@＝＋－＠")), line


@pytest.mark.parametrize("text", ["7:;9", "a; b", "a-b", "x=1", "1-2; 3"])
def test_what_is_no_formula_stays_as_it_is(tmp_path, text):
    row = MarksRow("alice", "a1_tokens", 1, 17, "graded", text)
    marks.write(tmp_path / "marks.csv", [row])
    assert marks.read(tmp_path / "marks.csv") == [row]


@pytest.mark.parametrize("student", ["=1+1", "-x", "alice"])
def test_a_table_is_read_as_it_was_written(tmp_path, student):
    row = MarksRow(student, "a1_tokens", 1, 17, "graded", "")
    marks.write(tmp_path / "marks.csv", [row])
    assert marks.read(tmp_path / "marks.csv") == [row]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "id,name\n=b ö,B\nzoë,Z\n",
        "\nname;ID\r\nB;=b ö\r\nZ;zoë\r\n",
        "id\tname\tmail\n=b ö\tB\tx,y\nzoë\tZ\t\n",
    ],
)
def test_a_student_is_forgotten_in_every_form_of_a_roster(tmp_path, text, encoding):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.lstrip("\n").encode(encoding))
    rows = [MarksRow(each, "a1_tokens", 1, 17, "graded", "") for each in ("=b ö", "zoë")]
    marks.write(tmp_path / "marks.csv", rows)
    before = read_table(path)
    said = forget(tmp_path, "=b ö")
    assert {"1 row of roster.csv", "1 row of marks.csv"} <= set(said)
    after = read_table(path)
    assert (after.encoding, after.separator) == (before.encoding, before.separator)
    assert after.rows == [row for row in before.rows if "=b ö" not in row]
    assert [each.student for each in marks.read(tmp_path / "marks.csv")] == ["zoë"]
