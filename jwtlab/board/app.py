"""The board as a WSGI application: the learners' door here, the teacher's pages in `teacher`.

A learner's kernel sends ``POST /join`` with the word, and gets a secret; with the secret it sends
``POST /report``, and ``DELETE /me`` to be forgotten. Nothing can be read through this door.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jinja2
from flask import Flask, Request, Response, jsonify, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from jwtlab import names, palette
from jwtlab.board import reports
from jwtlab.board.limits import Limit
from jwtlab.board.store import BoardStore, Learner, NameTaken, RoomFull
from jwtlab.board.words import same
from jwtlab.errors import UsageError
from jwtlab.style import style

HERE = Path(__file__).resolve().parent
LONGEST = 32 * 1024
"""Bytes of a request; a report of fifty events has about 5,000."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Guard(Protocol):
    """Who may see the teacher's pages."""

    def admit(self, asked: Request) -> Response | None:
        """``None`` for the teacher; for others the answer that they get."""


class Board:
    """One board behind one address.

    Args:
        store: where it keeps everything.
        address: under which learners reach it, without a slash at the end.
        guard: who is the teacher.
        prefix: the path in front of everything, such as ``/services/board`` under a hub.
        clock: for the limits; seconds from anywhere.

    Attributes:
        app: the WSGI application.
    """

    def __init__(
        self,
        store: BoardStore,
        address: str,
        guard: Guard,
        prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from jwtlab.board.teacher import add_pages

        self.store, self.address, self.prefix = store, address, prefix
        # A class behind one router has one address: only wrong words are counted there.
        self._wrong_words = Limit(30, 0.5, clock)
        self._joins = Limit(400, 20, clock)
        self._reports = Limit(60, 2, clock)
        self.app = Flask("jwtlab.board", static_folder=None)
        self.app.config["MAX_CONTENT_LENGTH"] = LONGEST
        self.app.after_request(_harden)
        self.app.register_error_handler(HTTPException, _in_words)
        self.app.register_error_handler(UsageError, lambda error: _refused(400, str(error)))
        rule = self.app.add_url_rule
        rule(f"{prefix}/", "welcome", self._welcome)
        rule(f"{prefix}/join", "join", self._join, methods=["POST"])
        rule(f"{prefix}/report", "report", self._report, methods=["POST"])
        rule(f"{prefix}/me", "forget", self._forget, methods=["DELETE"])
        rule(f"{prefix}/static/<name>", "static_file", static_file)
        add_pages(self, guard)

    def _welcome(self) -> Response:
        return self.page("welcome.html")

    def _join(self) -> Response:
        sender = request.remote_addr
        wait = self._joins.wait(sender) or self._wrong_words.wait(sender, cost=0)
        if wait:
            return _refused(429, "too many have tried from your address; wait a moment", wait)
        asked = _body()
        if not same(asked.get("word"), self.store.word):
            self._wrong_words.wait(sender)
            return _refused(403, "this is not the word of this board; it stands beside the address")
        secret = asked.get("secret")
        back = self.store.known(secret) if isinstance(secret, str) else None
        if not self.store.is_open and back is None:
            return _refused(403, "the teacher lets nobody else in at the moment")
        try:
            learner, secret = self.store.join(names.clean(asked.get("name")), secret if back else None)
        except NameTaken as error:
            return _refused(409, str(error))
        except RoomFull as error:
            return _refused(503, str(error))
        return jsonify({"learner": learner.id, "name": learner.called, "secret": secret})

    def _report(self) -> Response:
        learner = self._sender()
        if learner is None:
            return _refused(401, "this board does not know you (any more); join again")
        body = _body()
        many = len(body["events"]) if isinstance(body.get("events"), list) else 0
        wait = self._reports.wait(learner.id, cost=1 + min(many, reports.MOST) / 10)
        if wait:
            return _refused(429, "too many reports; the rest can wait", wait)
        report = reports.read(body)
        self.store.take(learner, report)
        now = self.store.known(_bearer()) or learner
        answer = {
            "accepted": len(report.events),
            "refused": list(report.refused),
            "help": now.help is not None,
        }
        response = jsonify(answer)
        response.status_code = 422 if report.refused else 200
        return response

    def _forget(self) -> Response:
        learner = self._sender()
        if learner is not None:
            self.store.remove(learner.id)
        return Response(status=204)

    def _sender(self) -> Learner | None:
        secret = _bearer()
        return self.store.known(secret) if secret else None

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, every value in it escaped."""
        return Response(self.render(template, **values), status, content_type="text/html; charset=utf-8")

    def render(self, template: str, **values: Any) -> Markup:
        """A rendered template; escaped, so it may stand inside another."""
        return Markup(environment().get_template(template).render(board=self, store=self.store, **values))


def _bearer() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _body() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True) if request.is_json else None
    except RecursionError:  # brackets in brackets in brackets
        body = None
    if not isinstance(body, dict):
        raise UsageError("the body is a JSON object, with Content-Type: application/json")
    return body


def _refused(status: int, why: str, wait: float = 0) -> Response:
    response = jsonify({"error": why})
    response.status_code = status
    if wait:
        response.headers["Retry-After"] = str(max(1, round(wait + 0.5)))
    return response


def _in_words(error: HTTPException) -> Response:
    status = error.code or 500
    words = {404: "there is no such page on the board", 413: f"a request has {LONGEST:,} bytes at most"}
    return _refused(status, words.get(status, str(error.description)))


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    return response


def static_file(name: str) -> Response:
    """The style sheet and the two scripts; nothing else of this machine."""
    if name == "board.css":
        return Response(_style_sheet(), content_type="text/css; charset=utf-8")
    files = {"board.js": HERE / "static" / name, "view.js": HERE.parent / "widgets" / "static" / name}
    if name not in files:
        return _refused(404, "there is no such file")
    return Response(files[name].read_text("utf-8"), content_type="text/javascript; charset=utf-8")


@cache
def _style_sheet() -> str:
    rules = (HERE / "static" / "board.css").read_text("utf-8")
    light, dark = palette.variables(palette.LIGHT), palette.variables(palette.DARK)
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f":root {{ color-scheme: light dark; {light} }}\n{dark}\n{style()}\n{rules}"


@cache
def environment() -> jinja2.Environment:
    """The pages' templates, with escaping switched on for every one of them."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["clock"] = lambda seconds: time.strftime("%H:%M", time.localtime(seconds))
    return env
