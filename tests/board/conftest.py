"""A board in process, with a clock that the test moves."""

from __future__ import annotations

import httpx
import pytest
from crowd import Pupil

from jwtlab.board.app import Board
from jwtlab.board.store import BoardStore
from jwtlab.board.teacher import KeyGuard

ADDRESS = "http://board.test"


class Clock:
    now = 1_767_225_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    made = BoardStore(tmp_path / "board.sqlite", clock)
    yield made
    made.close()


@pytest.fixture
def board(store, clock):
    return Board(store, ADDRESS, KeyGuard(store, "test"), clock=clock)


@pytest.fixture
def client(board):
    with httpx.Client(transport=httpx.WSGITransport(app=board.app), base_url=ADDRESS) as made:
        yield made


@pytest.fixture
def teacher(board):
    """The teacher's browser: it has the key already."""
    transport = httpx.WSGITransport(app=board.app)
    headers = {"Origin": ADDRESS}
    with httpx.Client(transport=transport, base_url=ADDRESS, headers=headers) as made:
        assert made.get("/teacher/", params={"key": board.store.key}).status_code == 303
        yield made


@pytest.fixture
def join(client, store):
    """``join(name) -> Pupil``"""
    return lambda name="": Pupil(client, ADDRESS, store.word, name)
