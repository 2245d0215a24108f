"""The real hub with learners: they log in through jwtlab serve, run a lesson, hand in, and reach nobody else.

Two learners here; ``python tools/hub_class.py --learners 10`` is the same with ten, and measures.
"""

from __future__ import annotations

import json
import os
import re
import stat
import time
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

import hub_class
from hub_class import Learner

from jwtlab.classroom.hub import memory

pytestmark = pytest.mark.long
LESSON = "03_signatures.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory, machine):
    folder = tmp_path_factory.mktemp("hub") / "course"
    accounts = hub_class.make_class(folder, 2, "board = true\n")
    release = folder / "release" / "a1_tokens" / "a1_tokens.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(notebook_of("x"))
    with hub_class.hub(folder) as address:
        yield folder, address, accounts


def notebook_of(student):
    cell = {
        "cell_type": "code",
        "id": "first",
        "metadata": {},
        "source": f'STUDENT = "{student}"',
        "outputs": [],
        "execution_count": 1,
    }
    return json.dumps(
        {
            "cells": [cell],
            "metadata": {"jwtlab": {"assignment": "a1_tokens", "version": "1"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


@pytest.fixture(scope="module")
def room(course):
    """Both learners, with a server, a kernel and a file of their own."""
    _, address, accounts = course
    found = []
    for name in ("learner01", "learner02"):
        learner = Learner(address, name, accounts[name])
        learner.log_in()
        learner.start()
        kernel = learner.kernel()
        learner.run(kernel, [f"open('mine.txt', 'w').write('{name}')"])
        found.append((learner, kernel))
    yield found
    for learner, _ in found:
        learner.close()


def test_wrong_password_and_public_passwords_do_not_come_in(course):
    _, address, _ = course
    for name, word in [("learner01", "guess-guess"), ("alice", "wonderland")]:
        stranger = Learner(address, name, word)
        page = stranger.log_in()
        stranger.close()
        assert "Wrong user name or password" in page.text
        assert "/hub/" not in str(page.url)


def test_lesson_with_widgets_runs_in_the_kernel_of_ones_own_server(room):
    for learner, kernel in room:
        done = learner.run(kernel, hub_class.cells_of(learner, LESSON))
        assert done.errors == []
        assert done.widgets > 3


def test_server_and_kernel_load_what_a_learner_uses_and_no_more(course, room):
    folder, _, _ = course
    for learner, kernel in room:
        loaded = "import sys, debugpy\nprint([n for n in ('pydevd', 'jsonschema') if n in sys.modules])"
        said = learner.run(kernel, [loaded])
        assert (said.errors, said.text.strip()) == ([], "[]")  # the debugger is there for whoever asks for it
        # What asks the network is left out; the page of extensions works without it.
        extensions = learner.browser.get(f"{learner.server}/lab/api/extensions?refresh=0")
        assert extensions.status_code == 200, extensions.text[:500]
    maps = [Path(f"/proc/{each.pid}/maps").read_text("utf-8") for each in hub_class.servers()]
    assert len(maps) == len(room)
    # SQLAlchemy's compiled parts stand for the hub's database in a learner's server.
    assert not any(
        "sqlalchemy" in each or "charset_normalizer" in each for each in maps
    )  # and requests' for requests
    assert "loaded as a whole" not in (folder / "hub.log").read_text()


def test_command_of_the_guide_is_known_in_a_cell_and_runs_the_file_as_it_is_marked(course, room):
    learner, kernel = room[0]
    code = (
        f"open('mine.ipynb', 'w').write({notebook_of(learner.name)!r})\n"
        "import subprocess\n"
        "done = subprocess.run(['jwtlab', 'check-submission', 'mine.ipynb'], capture_output=True, text=True)\n"
        "print(done.stdout, done.stderr)"
    )
    said = learner.run(kernel, [code])
    assert f"Build and read a token, by {learner.name}" in said.text, said
    assert "0 of 9 graded cells are there" in said.text, said


def test_nothing_of_another_is_in_reach(course, room):
    folder, _, _ = course
    (one, kernel), (other, _) = room
    found = hub_class.spy(one, kernel, other.name, folder)
    hidden = ("files", "link", "progress", "database", "people", "submitted")
    assert {key: found[key] for key in hidden} == dict.fromkeys(hidden, "FileNotFoundError")
    assert found["mine"] == one.name
    assert found["names"] == []
    assert found["writable"] == []
    assert not any("node" in each for each in found["processes"])
    assert len(found["server"]) == 4  # the proxy, the hub, and both servers behind the proxy
    assert all(each in (403, 404) for each in found["server"]), found["server"]


def test_browser_of_one_does_not_reach_the_server_of_another(room):
    (one, _), (other, _) = room
    answer = one.browser.get(f"{other.server}/api/contents/mine.txt")
    assert answer.status_code in (403, 404)
    assert other.name not in answer.text.partition("content")[2]
    assert one.api("GET", "contents/mine.txt").json()["content"] == one.name


def test_kernels_are_not_on_a_port_where_others_could_listen(room):
    assert len(hub_class.listening()) == len(room)


def test_own_copies_are_kept_and_no_question_is_asked(course, room):
    folder, _, _ = course
    learner, _ = room[0]
    home = folder / "learners" / learner.name
    assert (home / LESSON).exists()
    assert (home / "assignments" / "a1_tokens.ipynb").exists()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    page = learner.browser.get(f"{learner.server}/lab").text
    disabled = json.loads(re.search(r'"disabledExtensions": (\[.*?\])', page, re.S)[1])
    assert "@jupyter/nbgrader" in disabled  # the teacher's tools are no learner's
    assert learner.browser.get(f"{learner.server}/formgrader").status_code == 404
    settings = learner.browser.get(
        f"{learner.server}/lab/api/settings/@jupyterlab/apputils-extension:notification"
    ).json()
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"
    tracker = learner.browser.get(f"{learner.server}/lab/api/settings/@jupyterlab/notebook-extension:tracker")
    assert tracker.json()["schema"]["properties"]["autoStartDefaultKernel"]["default"] is True


def test_handing_in_from_the_kernel_and_from_the_page(course, room):
    folder, address, _ = course
    (one, kernel), (other, _) = room
    text = notebook_of(one.name)
    code = (
        f"open('a1 (1).ipynb', 'w').write({text!r})\n"
        "import subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'jwtlab', 'hand-in', 'a1 (1).ipynb'], "
        "capture_output=True, text=True)\nprint(done.stdout, done.stderr)"
    )
    said = one.run(kernel, [code])
    assert "a1_tokens is handed in" in said.text, said
    target = folder / "submitted" / one.name / "a1_tokens" / "a1_tokens.ipynb"
    assert target.read_text() == text
    page = other.browser.get(f"{address}/services/hand-in/")
    assert "Nothing yet" in page.text
    assert one.name not in page.text
    assert other.browser.get(f"{address}/services/hand-in/own/a1_tokens").status_code == 404
    token = page.text.partition('name="_xsrf" value="')[2].partition('"')[0]
    files = {"file": ("x.ipynb", notebook_of("somebody"))}
    unasked = other.browser.post(f"{address}/services/hand-in/", files=files)
    assert unasked.status_code == 403  # a page of another site cannot hand in
    taken = other.browser.post(f"{address}/services/hand-in/", files=files, data={"_xsrf": token})
    assert "a1_tokens is handed in" in taken.text, taken.text[-2000:]
    assert "notebook says STUDENT" in taken.text
    assert target.read_text() == text
    wrong = other.browser.post(
        f"{address}/services/hand-in/", files={"file": ("x.ipynb", "{}")}, data={"_xsrf": token}
    )
    assert wrong.status_code == 400
    assert "Not taken" in wrong.text


BOARD = """
import jwtlab, time
from jwtlab.widgets import check
card = jwtlab.board.join(word={word!r}, name={name!r})
print(card)
check("02.1", {{"iss": "wrong"}})
card.act("stuck")
until = time.monotonic() + 60
while card.reporter.waiting and time.monotonic() < until:
    time.sleep(0.05)
print("SENT" if not card.reporter.waiting else "WAITS")
"""


def board_of(folder):
    """Word and teacher's page, as the hub's log shows them."""
    text = (folder / "hub.log").read_text()
    words = re.findall(r"^  word +(\S+)$", text, re.M)
    pages = re.findall(r"^For you, and nobody else: (\S+)$", text, re.M)
    return words, pages


def test_board_is_a_service_of_the_hub_and_goes_on_after_it_ended(course, room):
    folder, address, _ = course
    (one, kernel), (other, other_kernel) = room
    words, pages = board_of(folder)
    said = one.run(kernel, [BOARD.format(word=words[0], name="<img src=x>")])
    assert "The board: on" in said.text, said
    assert "SENT" in said.text
    teacher = hub_class.Learner(address, "teacher", "")
    assert teacher.browser.get(f"{address}/services/board/teacher/").status_code in (401, 403)
    room_page = teacher.browser.get(f"{address}{pages[0]}")
    assert "&lt;img src=x&gt;" in room_page.text
    assert "<img src=x>" not in room_page.text
    assert "02.1" in room_page.text

    act = f"{address}/services/board/teacher/act"
    helped = {"action": "helped", "value": "1"}
    for origin, status in (("http://mallory.example", 403), (address, 204)):
        pressed = teacher.browser.post(act, json=helped, headers={"Origin": origin})
        assert pressed.status_code == status, pressed.text
    (process,) = (
        each for each in memory.family(os.getpid()) if "jwtlab board" in " ".join(hub_class._words(each))
    )
    process.kill()
    until = time.monotonic() + hub_class.PATIENCE
    while len(board_of(folder)[0]) < 2:
        assert time.monotonic() < until, "the hub did not start its board again"
        time.sleep(0.2)
    again, _ = board_of(folder)
    assert again[1] == words[0]
    said = other.run(other_kernel, [BOARD.format(word=words[0], name="bob")])
    assert "SENT" in said.text, said
    room_page = teacher.browser.get(f"{address}/services/board/teacher/")  # with the cookie of before
    assert "&lt;img src=x&gt;" in room_page.text
    assert "bob" in room_page.text
    teacher.close()


def test_too_much_memory_ends_in_an_error_of_the_learners_own(room):
    learner, kernel = room[1]
    done = learner.run(kernel, ["hoard = bytearray(3 * 1024**3)", "print('alive')"])
    assert done.errors
    assert "MemoryError" in done.errors[0]
    assert "alive" in done.text
