"""The learner's side: nothing without joining, nothing after leaving, and no lesson that waits."""

from __future__ import annotations

import json
import os
import threading

import httpx
import pytest

import jwtlab
from jwtlab import exercises, jupyter_settings
from jwtlab.board import card, learner, membership
from jwtlab.exercises import happenings
from jwtlab.widgets import Quiz, check

RIGHT = exercises.exercise("02.1")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "home" / "progress.json"))
    (tmp_path / "home").mkdir()
    yield tmp_path / "home"
    for reporter in tuple(card._current):
        card._stop(reporter)
    assert happenings._listeners == []


class Wire:
    """The network between kernel and board: counted, cut, mended."""

    def __init__(self, app) -> None:
        self.inner, self.cut, self.requests = httpx.WSGITransport(app=app), False, []
        self.moved = threading.Condition()

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request):
        with self.moved:
            self.requests.append((request.method, request.url.path, request.read()))
            self.moved.notify_all()
        if self.cut:
            raise httpx.ConnectError("no route")
        return self.inner.handle_request(request)

    def wait(self, ready) -> None:
        with self.moved:
            assert self.moved.wait_for(ready, timeout=30)


@pytest.fixture
def wire(board, monkeypatch):
    made = Wire(board.app)
    monkeypatch.setattr(card, "Reporter", lambda known, make=made.client: learner.Reporter(known, make))
    monkeypatch.setattr(
        card, "ask_to_join", lambda *values: learner.ask_to_join(*values, make_client=made.client)
    )
    monkeypatch.setattr(learner, "_pauses", lambda: iter(lambda: 0.01, None))
    return made


def until(reporter, ready) -> None:
    """Wait for a state of the sending thread; it says after each request that something has changed."""
    moved = threading.Event()
    before = reporter.changed
    reporter.changed = lambda: (before(), moved.set())
    while not ready():
        moved.wait(0.05)
        moved.clear()


def test_nothing_is_sent_without_joining(wire):
    check("02.1", {"iss": "wrong"})
    Quiz("02").act("choose", "0", "02.q1")
    assert jwtlab.board.stuck().on is False
    assert jwtlab.board.leave().on is False
    assert wire.requests == []


def test_what_happens_reaches_the_board_and_the_answer_does_not(wire, store):
    joined = jwtlab.board.join("board.test", store.word, name="alice")
    assert joined.on
    check("02.1", {"a-secret-answer": "nobody's business"})
    Quiz("02").act("choose", "1", "02.q1")
    jwtlab.board.stuck()
    until(joined.reporter, lambda: not joined.reporter.waiting)
    (answer,) = store.answers()
    assert (answer.exercise, answer.wrong) == ("02.1", 1)
    assert answer.mistake in {each.id for each in RIGHT.mistakes}
    assert store.choices() == [(1, "02.q1", 1, 1)]
    assert store.learners()[0].help == "02.1"
    sent = b"".join(body for _, path, body in wire.requests if path == "/report")
    assert b"a-secret-answer" not in sent
    # The card shows word for word what went over the wire.
    for each in joined.context()["sent"]:
        assert json.loads(each) in [
            e for _, p, b in wire.requests if p == "/report" for e in json.loads(b)["events"]
        ]


def test_off_is_off_at_once_and_on_again_is_the_same_learner(wire, store):
    joined = jwtlab.board.join("board.test", store.word, name="alice")
    joined.act("power", False)
    assert "off" in repr(joined)
    before = len(wire.requests)
    check("02.1", {})
    joined.act("stuck")
    assert len(wire.requests) == before
    assert happenings._listeners == []
    joined.act("power", True)
    check("02.1", {})
    until(joined.reporter, lambda: not joined.reporter.waiting)
    assert [who.name for who in store.learners()] == ["alice"]
    assert store.answers()[0].tries == 1


def test_what_waits_when_it_is_switched_off_is_not_sent(wire, store):
    joined = jwtlab.board.join("board.test", store.word)
    wire.cut = True
    check("02.1", {})
    wire.wait(lambda: any(path == "/report" for _, path, _ in wire.requests))
    reporter = joined.reporter
    jwtlab.board.leave()
    reporter._thread.join(30)
    assert not reporter._thread.is_alive()
    wire.cut = False
    assert store.answers() == []


def test_board_that_is_gone_is_said_quietly_and_nothing_is_lost_when_it_returns(wire, store):
    joined = jwtlab.board.join("board.test", store.word, name="alice")
    wire.cut = True
    for _ in range(3):
        assert "02.1" in repr(check("02.1", {}))
    until(joined.reporter, lambda: "does not answer" in joined.reporter.notice)
    assert "lessons go on" in joined.html
    wire.cut = False
    until(joined.reporter, lambda: not joined.reporter.waiting)
    assert store.answers()[0].tries == 3
    assert joined.reporter.notice == ""


def test_lesson_never_waits_for_the_board(wire, store):
    """The board holds every request back; the lesson goes on all the same, and the queue stays small."""
    joined = jwtlab.board.join("board.test", store.word)
    held = threading.Event()
    real = wire.inner.handle_request
    wire.inner.handle_request = lambda request: (held.wait(30), real(request))[1]
    for _ in range(learner.LONGEST_QUEUE + 200):
        happenings._tell(happenings.Chosen("02.q1", 0))
    assert joined.reporter.waiting == learner.LONGEST_QUEUE
    assert not held.is_set()  # nobody has let a request through, and here we are
    held.set()
    until(joined.reporter, lambda: not joined.reporter.waiting or joined.reporter.notice)


def test_listener_that_fails_breaks_no_lesson(home):
    def bad(happening):
        raise RuntimeError(happening)

    happenings.listen(bad)
    try:
        assert check("02.1", {})
    finally:
        happenings.stop(bad)


def test_next_lesson_goes_on_as_the_same_learner(wire, store, home):
    jwtlab.board.join("board.test", store.word, name="alice")
    file = home / membership.FILE
    assert file.exists()
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    card._stop(card._current[0])  # the kernel ends
    again = jwtlab.board.join()
    assert again.on
    assert [who.name for who in store.learners()] == ["alice"]


def test_in_a_hub_the_word_is_enough_and_without_a_word_nothing_is_sent(wire, store, monkeypatch):
    monkeypatch.setenv(jupyter_settings.BOARD, "http://board.test/services/board")
    assert "the word is missing" in repr(jwtlab.board.join())
    assert wire.requests == []
    monkeypatch.setenv(jupyter_settings.BOARD, "http://board.test")
    assert jwtlab.board.join(word=store.word, name="alice").on
    assert jwtlab.board.join().on  # the next lesson
    assert [each.name for each in store.learners()] == ["alice"]


def test_leaving_can_delete(wire, store, home):
    joined = jwtlab.board.join("board.test", store.word, name="alice")
    check("02.1", {})
    until(joined.reporter, lambda: not joined.reporter.waiting)
    assert "forgotten" in repr(jwtlab.board.leave(delete=True))
    assert (store.learners(), store.answers()) == ([], [])
    assert not (home / membership.FILE).exists()


def test_removed_by_the_teacher_it_stops(wire, store):
    joined = jwtlab.board.join("board.test", store.word, name="alice")
    store.delete_all()
    check("02.1", {})
    until(joined.reporter, lambda: not joined.reporter.on)
    assert "does not know you any more" in joined.html
    assert not joined.on


@pytest.mark.parametrize(
    ("address", "word", "name", "said"),
    [
        ("board.test", "wrong", "alice", "not the word"),
        ("board.test", "", "alice", "word is missing"),
        ("board.test", None, "alice", "word is missing"),
        ("", "x", "", "no address"),
        ("ftp://board.test", "x", "", "no address"),
        ("http://user:pw@board.test", "x", "", "no address"),
        ("http://board.test:99999", "x", "", "no address"),
        ("http://[::1", "x", "", "no address"),
        (7, "x", "", "is a text"),
        ("board.test", "WORD", "x" * 41, "40 characters"),
        ("board.test", "WORD", "x" * 1_000_000, "40 characters"),
        ("board.test", "WORD", 7, "name is a text"),
        ("board.test/elsewhere", "WORD", "", "no such page"),
    ],
)
def test_foreseeable_mistake_gets_a_card_and_no_traceback(wire, store, address, word, name, said):
    found = jwtlab.board.join(address, store.word if word == "WORD" else word, name=name)
    assert not found.on
    assert said in repr(found)
    assert "Not joined" in found.html


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"secret": 1, "name": 2}', b"\xff", b"[" * 50_000]
)
def test_what_is_no_board_is_said(body):
    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body)))
    with pytest.raises(jwtlab.UsageError, match="is no board"):
        learner.ask_to_join("http://board.test", "w", "", "", lambda: client)


def test_card_shows_hostile_names_as_text(wire, store):
    joined = jwtlab.board.join("board.test", store.word, name="<img src=x onerror=1>")
    assert "<img" not in joined.html
    assert "&lt;img" in joined._repr_mimebundle_()[0]["text/html"]


def test_nothing_is_loaded_for_who_does_not_join():
    import subprocess
    import sys

    code = "import sys, jwtlab.widgets; print([m for m in sys.modules if m.startswith('jwtlab.board')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
