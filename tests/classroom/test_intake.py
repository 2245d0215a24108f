"""What comes out of learning systems: whose a file is, which of several counts, what is no notebook."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from jwtlab.classroom import intake, repair
from jwtlab.classroom.file_names import moment_of, student_of
from jwtlab.classroom.roster import Roster, read_roster
from jwtlab.errors import UsageError

NAMES = {
    "alice": "Alice Adams",
    "bob": "Bob Bauer",
    "jürgen": "Jürgen Müller",
    "m.o_k": "Anna-Lena Groß",
    "s1234567": "Mary Jane van der Berg",
    "chen": "陈 伟",
    "x y": "Doe, John",
    "sean": "Seán O'Neill",
    "alice.b": "Alice Adams-Brown",
    "m": "Max Moor",
    "m.ok": "Mia Okafor",
    "carol@school.de": "Carol Clark",
    "007": "James Bond",
    "=1+1": "Eve Evans",
}
CLASS = Roster(NAMES)
PLACES = {
    "Alice Adams_123456_assignsubmission_file_/a1.ipynb": "alice",
    "Alice Adams_123456_assignsubmission_file_a1_tokens.ipynb": "alice",
    "Alice Adams_123456_assignsubmission_file/a1.ipynb": "alice",
    "Group 3-Alice Adams_123456_assignsubmission_file_/a1.ipynb": "alice",
    "Blue-Green-Anna-Lena Groß_12_assignsubmission_file_/a1.ipynb": "m.o_k",
    "Alice Adams-Brown_33_assignsubmission_file_/a.ipynb": "alice.b",
    "Seán ONeill_3_assignsubmission_file_/a.ipynb": "sean",
    "JÜRGEN MÜLLER_7_assignsubmission_file_/x.ipynb": "jürgen",
    "Juergen Mueller_7_assignsubmission_file_/x.ipynb": "jürgen",
    "John Doe_3_assignsubmission_file_/a.ipynb": "x y",
    "adamsalice_LATE_12345_678901_a1_tokens-1.ipynb": "alice",
    "mullerjurgen_12_34_a1.ipynb": "jürgen",
    "großanna-lena_1_2_a.ipynb": "m.o_k",
    "vanderbergmaryjane_1_2_a.ipynb": "s1234567",
    "o'neillsean_1_2_x.ipynb": "sean",
    "陈伟_1_2_x.ipynb": "chen",
    "adamsalice_12_34_bob.ipynb": "alice",
    "Assignment 1_alice_attempt_2026-11-01-12-00-00_a1_tokens.ipynb": "alice",
    "a1_tokens_alice_attempt_2026-11-01-12-00-00_bob.ipynb": "alice",
    "My_Home_m.o_k_attempt_2026-11-01-12-00-00.ipynb": "m.o_k",
    "Abgaben/Adams_Alice_alice_4711/20261101120000_a1_tokens.ipynb": "alice",
    "Abgaben/Gross_Anna-Lena_m.o_k_4711/20261101120000_a1.ipynb": "m.o_k",
    "submitted/BOB/a1_tokens/a1_tokens.ipynb": "bob",
    "ju\u0308rgen/a1_tokens/a1_tokens.ipynb": "jürgen",
    "=x%20y/a1_tokens/a1_tokens.ipynb": "x y",
    "Bob Bauer/a1.ipynb": "bob",
    "bob.ipynb": "bob",
    "bob_a1_tokens.ipynb": "bob",
    "a1_tokens-alice.ipynb": "alice",
    "m.ok.ipynb": "m.ok",  # and not of m
    "m.ok.ipynb.txt": "m.ok",
    "carol@school.de.ipynb": "carol@school.de",
    "a1_tokens_v2_bob.ipynb": "bob",
    "bob_a1_tokens_v2 (1).ipynb": "bob",
    "a1_tokens (3)_bob.ipynb": "bob",
    "bob-a1_tokens-1.ipynb": "bob",
    "007/a1.ipynb": "007",
    "7/a1.ipynb": None,
    "=%3D1%2B1/a1_tokens/a1_tokens.ipynb": "=1+1",
    "gradebook_C1_A1_2026-11-01-12-00-00/A 1_m.o_k_attempt_2026-11-01-12-00-00_x.ipynb": "m.o_k",
    "Abgaben/Team 4711/Bauer_Bob_bob_4711/a1.ipynb": "bob",
    "a1_tokens/a1_tokens (1).ipynb": None,
    "notebook.ipynb": None,
}


@pytest.mark.parametrize(("place", "student"), PLACES.items())
def test_whose_a_file_is_stands_in_the_name_that_the_system_gave_it(place, student):
    assert student_of(place, CLASS) == student


@pytest.mark.parametrize(
    "place",
    [
        "Alice Adams_1_assignsubmission_file_/bob/a1_tokens/a1_tokens.ipynb",
        "Alice Adams_1_assignsubmission_file_/Bob Bauer_2_assignsubmission_file_/a1.ipynb",
        "alice/a1_tokens/bob.ipynb",
        "Abgaben/Adams_Alice_alice_4711/Bauer_Bob_bob_4712/a1.ipynb",
    ],
)
def test_who_names_a_file_after_another_hands_in_nothing_for_them(place):
    assert student_of(place, CLASS) == "alice"


@pytest.mark.parametrize(
    "place",
    [
        "Nobody Known_1_assignsubmission_file_/bob.ipynb",
        "Participant_77_assignsubmission_file_/bob/a1.ipynb",
        "Assignment 1_nobody_attempt_2026-11-01-12-00-00_bob.ipynb",
    ],
)
def test_a_stranger_does_not_become_somebody_by_the_name_of_a_file(place):
    assert student_of(place, CLASS) is None


def test_two_of_one_name_are_nobody_by_their_name():
    twice = Roster({"a1": "Alice Adams", "a2": "Alice Adams"})
    assert student_of("Alice Adams_1_assignsubmission_file_/x.ipynb", twice) is None


def test_moments():
    assert moment_of("A_alice_attempt_2026-11-01-12-00-07_x.ipynb") == "20261101120007"
    assert moment_of("Adams_Alice_alice_1/20261101120000_x.ipynb") == "20261101120000"
    assert moment_of("alice/a1_tokens/a1_tokens.ipynb") == ""


def notebook(student: str = "alice", name: str = "a1_tokens") -> bytes:
    cells = [
        {
            "cell_type": "code",
            "id": "one",
            "metadata": {},
            "source": f'STUDENT = "{student}"',
            "outputs": [],
            "execution_count": None,
        }
    ]
    metadata = {"jwtlab": {"assignment": name, "version": "1"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def collected(tmp_path, files: dict[str, bytes], roster: Roster = CLASS):
    place = tmp_path / "all.zip"
    place.write_bytes(zipped(files))
    return {each.place: each for each in intake.collect(place, roster)}


def test_a_damaged_zip_of_one_concerns_nobody_else(tmp_path):
    (tmp_path / "bob.zip").write_bytes(b"PK\x03\x04 and nothing that follows")
    (tmp_path / "alice.zip").write_bytes(zipped({"a1.ipynb": notebook()}))
    found = {each.place: each for each in intake.collect(tmp_path, CLASS)}
    assert found["alice.zip/a1.ipynb"].assignment == "a1_tokens"
    assert (found["bob.zip"].student, found["bob.zip"].note) == ("bob", "the zip cannot be read")


def test_a_damaged_zip_of_all_is_named(tmp_path):
    (tmp_path / "all.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageError, match=r"all\.zip is no zip that can be read"):
        list(intake.collect(tmp_path / "all.zip", CLASS))
    (tmp_path / "marks.xlsx.pdf").write_bytes(b"%PDF")
    with pytest.raises(UsageError, match="is no zip; --submissions takes"):
        list(intake.collect(tmp_path / "marks.xlsx.pdf", CLASS))


def test_a_zip_in_a_zip_in_a_zip_and_no_further(tmp_path):
    inner = zipped({"a1.ipynb": notebook()})
    for _ in range(5):
        inner = zipped({"more.zip": inner})
    found = collected(
        tmp_path, {"alice.zip": inner, "bob.zip": zipped({"x.zip": zipped({"a.ipynb": notebook("bob")})})}
    )
    assert found["bob.zip/x.zip/a.ipynb"].student == "bob"
    assert [(each.student, each.note) for place, each in found.items() if place.startswith("alice")] == [
        ("alice", "a zip in a zip in a zip: nobody looks further")
    ]


def test_a_bomb_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST", 1_000_000)
    monkeypatch.setattr(intake, "LARGEST_INNER", 3_000_000)
    bomb = zipped({f"{number}.ipynb": b" " * 900_000 for number in range(20)})
    found = collected(tmp_path, {"alice.zip": bomb, "bob/large.ipynb": b" " * 1_000_001})
    assert found["alice.zip"].note == "more than 2 MB are in the zip"
    assert len(found) < 6
    assert found["bob/large.ipynb"].note.startswith("the file is larger than")


@pytest.mark.parametrize("file", ["a1_tokens.ipynb.txt", "a1_tokens.ipynb.json", "a1_tokens", "A1.IPYNB"])
def test_a_notebook_under_another_ending_is_one(tmp_path, file):
    (found,) = collected(tmp_path, {f"alice/{file}": notebook()}).values()
    assert found.assignment == "a1_tokens"


def test_what_is_no_notebook_is_told_to_its_owner_and_a_systems_lists_are_not_mentioned(tmp_path):
    files = {
        "Alice Adams_1_assignsubmission_file_/answer.pdf": b"%PDF-1.7",
        "grades.csv": b"a,b",
        "__MACOSX/alice/._a1.ipynb": b"\0",
        "alice/.ipynb_checkpoints/a1.ipynb": notebook(),
    }
    (found,) = collected(tmp_path, files).values()
    assert (found.student, found.notebook) == ("alice", None)
    assert found.note == "a file with the ending .pdf is no notebook"


def test_a_path_that_leads_out_is_read_like_any_other_and_leads_nowhere(tmp_path):
    files = {
        "../../bob/a1.ipynb": notebook("bob"),
        "/alice/a1.ipynb": notebook(),
        "..\\m.ok\\a1.ipynb": notebook("m.ok"),
    }
    before = sorted(tmp_path.rglob("*"))
    found = collected(tmp_path, files)
    assert sorted((each.student, each.assignment) for each in found.values()) == [
        (each, "a1_tokens") for each in ("alice", "bob", "m.ok")
    ]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "all.zip"])


def test_names_in_utf_8_of_which_the_zip_does_not_say_so(tmp_path):
    """As some servers write them: zipfile then reads them as code page 437."""
    data = zipped({"J??rgen M??ller_7_assignsubmission_file_/x.ipynb": notebook("")})
    for plain, real in ((b"J??rgen M??ller", "Jürgen Müller".encode()),):
        data = data.replace(plain, real)
    (tmp_path / "all.zip").write_bytes(data)
    (found,) = intake.collect(tmp_path / "all.zip", CLASS)
    assert found.student == "jürgen"


def heaviest(tmp_path, *places: str) -> str:
    found = collected(tmp_path, {place: notebook() for place in places}).values()
    return max(found, key=lambda each: each.weight).place


def test_of_several_the_last_counts_by_the_time_in_its_name(tmp_path):
    late = "A1_alice_attempt_2026-11-03-08-00-00_b.ipynb"
    early = "A1_alice_attempt_2026-11-01-12-00-00_z.ipynb"
    assert heaviest(tmp_path, late, early) == heaviest(tmp_path, early, late) == late


def test_of_several_without_a_time_the_one_that_kept_its_name_counts(tmp_path):
    place = "alice/a1_tokens/a1_tokens.ipynb"
    assert heaviest(tmp_path, "alice/a1_tokens/a1_tokens (1).ipynb", place, "alice/old/x.ipynb") == place


def test_a_file_that_only_says_it_is_hers_never_takes_the_place_of_hers(tmp_path):
    assert heaviest(tmp_path, "alice/x.ipynb", "zz_attempted/a1_tokens.ipynb") == "alice/x.ipynb"


def roster(tmp_path, text: str | bytes) -> Roster:
    (tmp_path / "roster.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "text",
    [
        "id,name\nzoë,Zoë Adams\n",
        "\ufeffid;name\r\nzoë;Zoë Adams\r\n",
        "Name\tID\nZoë Adams\tzoë\n",
        'id,name\n"zoë","Zoë Adams"\n\n,\n',
        "id,name\nzoë,Zoë Adams\n".encode("utf-16"),
        "id,name\rzoë,Zoë Adams\r",
        "id,name\nzoë,Zoë Adams\n".encode("cp1252"),
    ],
)
def test_a_roster_as_spreadsheets_write_it(tmp_path, text):
    assert dict(roster(tmp_path, text).names) == {"zoë": "Zoë Adams"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the first line"),
        ("student,name\n", "the first line"),
        ("id,name\n,Alice\n", "line 2: the id is missing"),
        ("id,name\nalice,A\nAlice,B\n", "line 3: Alice is there twice"),
        ("id,name\n../x,A\n", "line 2: an id cannot hold a slash"),
        (f"id,name\n{'ü' * 101},A\n", "line 2: an id has at most 200 letters, or half as many with accents"),
        ("id,name,also\nalice,A,bob\nbob,B,\n", "bob stands for two students"),
        ("id,name,also\nalice,A,7\nbob,B,7 8\n", "7 stands for two students"),
    ],
)
def test_a_mistake_in_the_roster_is_named(tmp_path, text, words):
    with pytest.raises(UsageError, match=words):
        roster(tmp_path, text)


def test_further_columns_and_other_ids(tmp_path):
    found = roster(tmp_path, "id,name,Also,SIS Login ID\nalice,Alice Adams,s77 s78,aa@example\nbob,Bob,,\n")
    assert found.more == {"SIS Login ID": {"alice": "aa@example", "bob": ""}}
    assert (found.by_id("S77"), found.by_id("s78"), found.by_id("s79")) == ("alice", "alice", None)


@pytest.mark.parametrize("written", ["alicee", "alic", "Alice Adams", "adams alice", "alice@school.example"])
def test_a_slip_is_one(written):
    assert CLASS.is_slip(written, "alice")


@pytest.mark.parametrize("written", ["bob", "mallory", "alice2", "al", "", "Alice Adams-Brown", "x" * 1000])
def test_another_id_is_no_slip(written):
    assert not CLASS.is_slip(written, "alice")
    assert not CLASS.is_slip("s1234568", "s1234567")
    assert CLASS.is_slip("1234567", "s1234567")
    assert not CLASS.is_slip("shared", "lender")  # of one length


@pytest.mark.parametrize(
    "source", ["STUDENT = 'bob'", ["STUDENT = ", "'bob'", 7], None], ids=["text", "lines", "none"]
)
@pytest.mark.parametrize("outputs", [[7], [{"output_type": "nonsense"}], None, {"a": 1}, "x"], ids=repr)
def test_what_marks_are_not_made_of_may_be_damaged(source, outputs):
    told = json.loads(notebook())
    told["cells"][0] |= {"outputs": outputs, "source": source, "metadata": 5, "id": 7}
    told["cells"] += [7, None]
    found = repair.read(json.dumps(told).encode())
    assert intake.inside(found)[:2] == ("a1_tokens", "1")
    assert isinstance(found.cells[0].source, str)
    assert (intake.inside(found)[2] == "bob") is (source is not None)


def test_which_assignment_it_is_the_cells_tell_where_the_metadata_are_lost(tmp_path):
    told = json.loads(notebook(name="x" * 50))
    told["cells"][0]["metadata"] = {"nbgrader": {"grade_id": "a3-1-answer"}}
    (found,) = collected(tmp_path, {"alice/a.ipynb": json.dumps(told).encode()}).values()
    assert found.assignment == "a3_attacks"
