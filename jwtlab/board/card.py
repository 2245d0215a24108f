"""The calls of a learner, and the card that shows what is sent."""

from __future__ import annotations

import json
import os
from typing import Any

from jwtlab import jupyter_settings, names
from jwtlab.board import membership
from jwtlab.board.learner import Reporter, ask_to_join
from jwtlab.errors import UsageError
from jwtlab.exercises import happenings
from jwtlab.widgets.view import View, action

_NOT_JOINED = 'You are not on a board. To join: jwtlab.board.join("THE ADDRESS", "THE WORD", name="…")'


class BoardCard(View):
    """Whether anything is sent, what, to whom; with a switch and the "I am stuck" button.

    Args:
        reporter: what sends; ``None`` if there is none.
        trouble: why there is none, in a sentence.
    """

    template = "board.html"

    def __init__(self, reporter: Reporter | None, trouble: str = "") -> None:
        self.reporter, self.trouble = reporter, trouble
        super().__init__()
        if reporter is not None:
            reporter.changed = self.refresh

    @property
    def on(self) -> bool:
        """Is anything sent?"""
        return self.reporter is not None and self.reporter.on

    @action("power")
    def power(self, value: Any = False, target: str = "") -> None:
        """The switch: off at once, and on again as the same learner."""
        if self.reporter is None:
            return
        if not value:
            _stop(self.reporter)
        elif not self.reporter.on:
            again = _start(Reporter(self.reporter.membership, self.reporter._make_client))
            self.reporter, self.trouble = again, ""
            again.changed = self.refresh

    @action("stuck")
    def stuck(self, value: Any = "", target: str = "") -> None:
        """The button "I am stuck"; pressed again, "I can go on"."""
        if self.reporter is not None and self.on:
            self.reporter.ask_for_help(not self.reporter.helping)

    @action("delete")
    def delete(self, value: Any = "", target: str = "") -> None:
        """Stop, and have the board forget everything that this learner sent."""
        if self.reporter is None:
            return
        reporter, self.reporter = self.reporter, None
        self.trouble = _leave_and_delete(reporter)

    def context(self) -> dict[str, Any]:
        sent = [json.dumps(each, ensure_ascii=False) for each in self.reporter.sent] if self.reporter else []
        return {"on": self.on, "reporter": self.reporter, "trouble": self.trouble, "sent": sent[::-1]}

    def __repr__(self) -> str:
        if self.reporter is None:
            return f"The board: {self.trouble}"
        known = self.reporter.membership
        state = "on" if self.on else "off, nothing is sent"
        notice = f". {self.reporter.notice}" if self.reporter.notice else ""
        return f"The board: {state}; you are {known.name} at {known.address}{notice}"


_current: list[Reporter] = []


def join(address: str | None = None, word: str | None = None, *, name: str = "") -> BoardCard:
    """Take part in your class's board: your progress is sent to it until you leave.

    Sent are the number of an exercise, whether the answer was right, the short name of a mistake, which option
    of a question you chose, and that you are stuck if you say so. What you write is not sent.

    Args:
        address: as the teacher shows it, such as ``"http://192.168.1.20:8766"``. Without it you go on as on the
            board that you joined before, for example in the next lesson; in a hub that has a board, it is that.
        word: that stands beside the address.
        name: as you want to be seen; without one you are a number.

    Returns:
        A card that says whether it worked. It raises nothing: a lesson goes on without a board.
    """
    before = membership.load()
    try:
        of_hub = os.environ.get(jupyter_settings.BOARD)
        if address is not None or (of_hub and (word is not None or before is None)):
            where = membership.read_address(address if address is not None else of_hub)
        elif before is not None:
            where, word = before.address, word or before.word
        else:
            return BoardCard(None, _NOT_JOINED)
        if not isinstance(word, str) or not word.strip():
            raise UsageError("the word is missing; it stands beside the address")
        secret = before.secret if before is not None and before.address == where else ""
        found = ask_to_join(where, word.strip()[:200], names.clean(name), secret)
    except UsageError as error:
        return BoardCard(None, f"Not joined: {error}.")
    membership.save(found)
    return BoardCard(_start(Reporter(found)))


def stuck(on: bool = True) -> BoardCard:
    """Tell the teacher that you are stuck, or with ``False`` that you can go on."""
    if not _current or not _current[0].on:
        return BoardCard(None, _NOT_JOINED)
    _current[0].ask_for_help(bool(on))
    return BoardCard(_current[0])


def leave(*, delete: bool = False) -> BoardCard:
    """Send nothing more, from this moment.

    Args:
        delete: have the board forget what you sent, too.
    """
    if not _current:
        if delete and (before := membership.load()):
            return BoardCard(None, _leave_and_delete(Reporter(before)))
        return BoardCard(None, "You are not on a board; nothing is sent.")
    reporter = _current[0]
    if delete:
        return BoardCard(None, _leave_and_delete(reporter))
    _stop(reporter)
    return BoardCard(reporter)


def _start(reporter: Reporter) -> Reporter:
    """From now on this one sends, and no other."""
    for older in tuple(_current):
        _stop(older)
    _current[:] = [reporter]
    happenings.listen(reporter.hear)
    return reporter


def _stop(reporter: Reporter) -> None:
    happenings.stop(reporter.hear)
    reporter.stop()
    if reporter in _current:
        _current.remove(reporter)


def _leave_and_delete(reporter: Reporter) -> str:
    _stop(reporter)
    if reporter.delete():
        membership.forget()
        return "You have left the board, and it has forgotten what you sent."
    return (
        "You have left the board; nothing more is sent. It does not answer, so what you sent is still there: "
        "try jwtlab.board.leave(delete=True) again later, or ask your teacher."
    )
