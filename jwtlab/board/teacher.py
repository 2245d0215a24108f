"""The teacher's pages: the room, the questions, the learners, the beamer, the data.

Every page is whole without its script. With it, the page asks every moment whether anything has changed, and
gets its live part drawn anew. So there is no connection to keep open, and a restart of the board is survived.
"""

from __future__ import annotations

import csv
import hmac
import io
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Request, Response, redirect, request

from jwtlab.board import heat, votes
from jwtlab.board.reports import question_of
from jwtlab.board.store import BoardStore
from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import origin_of
from jwtlab.spreadsheet import harmless

if TYPE_CHECKING:
    from jwtlab.board.app import Board, Guard


class KeyGuard:
    """The teacher is who has the key: in the address that ``jwtlab board`` prints, later in a cookie.

    Args:
        store: where the key is kept, so that an open page outlives a restart.
        name: a cookie knows no ports, so each board on a machine needs a name of its own.
    """

    def __init__(self, store: BoardStore, name: str) -> None:
        self.store, self.cookie = store, f"jwtlab-board-{name}"

    def admit(self, asked: Request) -> Response | None:
        if self._fits(asked.cookies.get(self.cookie)):
            return None
        if asked.method == "GET" and self._fits(asked.args.get("key")):
            rest = [(name, value) for name, value in asked.args.items(multi=True) if name != "key"]
            onward: Response = redirect(asked.path + (f"?{urlencode(rest)}" if rest else ""), 303)  # type: ignore[assignment]
            onward.set_cookie(self.cookie, self.store.key, httponly=True, samesite="Strict")
            return onward
        words = "These pages are the teacher's. Open the address that jwtlab board has printed; it holds the key.\n"
        return Response(words, 403, content_type="text/plain; charset=utf-8")

    def _fits(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(
            given.encode("utf-8", "replace"), self.store.key.encode()
        )


def add_pages(board: Board, guard: Guard) -> None:
    """Add the teacher's pages to a board's application."""
    pages = Pages(board)
    root = f"{board.prefix}/teacher"
    for path, view in (
        ("/", pages.room),
        ("/questions", pages.questions),
        ("/questions/<name>", pages.question),
        ("/learners", pages.learners),
        ("/beamer", pages.beamer),
        ("/data", pages.data),
        ("/progress.csv", pages.progress_csv),
        ("/answers.csv", pages.answers_csv),
    ):
        board.app.add_url_rule(root + path, view.__name__, _guarded(guard, view))
    board.app.add_url_rule(f"{root}/act", "act", _guarded(guard, pages.act), methods=["POST"])


def _guarded(guard: Guard, view: Callable[..., Response]) -> Callable[..., Response]:
    def guarded(**values: str) -> Response:
        return guard.admit(request) or view(**values)

    return guarded


def _discuss(store: BoardStore, value: str) -> None:
    store.set_vote(_question(value), 2, store.vote(value)[1])


def _back(store: BoardStore, value: str) -> None:
    store.set_vote(_question(value), 1, store.vote(value)[1])


def _show(store: BoardStore, value: str) -> None:
    round_, shown = store.vote(_question(value))
    store.set_vote(value, round_, not shown)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise UsageError("value: the number of a learner")
    return int(value)


def _question(value: str) -> str:
    if value not in question_of():
        raise UsageError("value: the id of a question")
    return value


ACTIONS: Mapping[str, Callable[[BoardStore, str], None]] = {
    "helped": lambda store, value: store.helped(_number(value)),
    "remove": lambda store, value: store.remove(_number(value)),
    "door": lambda store, value: store.set_fact("open", "no" if store.is_open else "yes"),
    "discuss": _discuss,
    "back": _back,
    "show": _show,
    "delete-all": lambda store, value: store.delete_all(),
}
"""What a button on these pages does."""


class Pages:
    """See the module."""

    def __init__(self, board: Board) -> None:
        self.board, self.store = board, board.store

    def room(self) -> Response:
        lesson = request.args.get("lesson", "")
        names = request.args.get("names") != "no"
        return self._live(
            "room", lambda: {"room": heat.look(self.store, lesson), "names": names, "heat": heat}
        )

    def questions(self) -> Response:
        return self._live("questions", lambda: {"votes": votes.all_votes(self.store)})

    def question(self, name: str) -> Response:
        if name not in question_of():
            raise UsageError(f"there is no question {name!r}")
        return self._live("question", lambda: {"vote": votes.look(self.store, name)})

    def learners(self) -> Response:
        def values() -> dict[str, Any]:
            solved = {who.id: 0 for who in self.store.learners()}
            for each in self.store.answers():
                solved[each.learner] = solved.get(each.learner, 0) + each.solved
            return {"learners": self.store.learners(), "solved": solved, "heat": heat}

        return self._live("learners", values)

    def beamer(self) -> Response:
        return self._live("beamer", lambda: {"count": len(self.store.learners())})

    def data(self) -> Response:
        return self._live("data", lambda: {"count": len(self.store.learners())})

    def _live(self, page: str, values: Callable[[], dict[str, Any]]) -> Response:
        """A page, or only its live part, or nothing if that has not changed since it was drawn."""
        version = self.store.version
        if "part" in request.args and request.args.get("seen") == version:
            return Response(status=204)
        drawn = self.board.render(f"{page}_live.html", **values())
        if "part" in request.args:
            response = Response(drawn, content_type="text/html; charset=utf-8")
        else:
            titles = {"room": "Room", "beamer": "For the beamer"}
            response = self.board.page(
                "teacher.html",
                page=page,
                title=titles.get(page, page.capitalize()),
                live=drawn,
                version=version,
            )
        response.headers["X-Version"] = version
        return response

    def act(self) -> Response:
        """A button was pressed: in the page by its script (JSON), or in a form."""
        if not _from_this_page(request):
            return Response("This came from another page.\n", 403, content_type="text/plain")
        given = request.get_json(silent=True) if request.is_json else request.form
        asked = given if isinstance(given, Mapping) else {}
        action, value = str(asked.get("action", "")), str(asked.get("value", ""))
        if action not in ACTIONS:
            raise UsageError(f"action: one of {', '.join(ACTIONS)}")
        ACTIONS[action](self.store, value)
        if request.is_json:
            return Response(status=204)
        back: Response = redirect(f"{self.board.prefix}/teacher/data", 303)  # type: ignore[assignment]
        return back

    def progress_csv(self) -> Response:
        names = {who.id: who.called for who in self.store.learners()}
        heads = ("learner", "name", "exercise", "tries", "wrong", "solved", "last_mistake")
        rows = (
            (each.learner, names.get(each.learner, ""), each.exercise, each.tries, each.wrong,
             "yes" if each.solved else "no", each.mistake)
            for each in self.store.answers()
        )  # fmt: skip
        return _table("progress.csv", heads, rows)

    def answers_csv(self) -> Response:
        names = {who.id: who.called for who in self.store.learners()}
        heads = ("learner", "name", "question", "round", "option", "right")
        rows = (
            (learner, names.get(learner, ""), name, "before" if round_ == 1 else "after", chr(ord("A") + option),
             "yes" if question_of()[name].options[option].right else "no")
            for learner, name, round_, option in self.store.choices()
        )  # fmt: skip
        return _table("answers.csv", heads, rows)


def _from_this_page(asked: Request) -> bool:
    """A browser says where a request comes from (Fetch standard: ``Origin`` goes with every POST)."""
    origin = asked.headers.get("Origin")
    return origin is not None and origin_of(origin)[1] == asked.host


def _table(name: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """CSV as spreadsheets read it: with a byte order mark, and nothing in it that they would take for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([harmless(c) if isinstance(c, str) else c for c in row] for row in rows)
    response = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
