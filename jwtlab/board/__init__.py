"""The board: a room at a glance, for a class that wants it.

The learner's side are three calls in a notebook. Nothing is sent before `join`, and nothing after `leave`::

    jwtlab.board.join("http://192.168.1.20:8766", "river-lamp-47", name="alice")
    jwtlab.board.stuck()
    jwtlab.board.leave()

The teacher's side is the command ``jwtlab board``, a small WSGI application with one SQLite file.

| room | what is in it |
|---|---|
| `learner`, `membership`, `card` | the learner's side: what is sent, the thread that sends it, the card that shows it |
| `names`, `words`, `reports`, `limits` | what a board lets in |
| `store` | the one file in which it keeps everything |
| `heat`, `votes` | what the teacher's pages show of it |
| `app`, `teacher` | the WSGI application: the learners' door, the teacher's pages |
| `command`, `server` | ``jwtlab board`` |
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab.board.card import BoardCard, join, leave, stuck

PORT = 8766
"""One above that of ``jwtlab serve``."""

__all__ = ["PORT", "BoardCard", "join", "leave", "stuck"]


def __getattr__(name: str) -> Any:
    if name in __all__:  # loaded when it is used: the command needs no widgets
        return getattr(importlib.import_module("jwtlab.board.card"), name)
    raise AttributeError(f"jwtlab.board has no {name!r}; there are: {', '.join(__all__)}")
