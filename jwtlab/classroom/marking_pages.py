"""``jwtlab classroom mark``: a page with an answer, its rubric and a field for the points.

It listens on loopback, and only whoever knows the key in its address comes in. A student's text is shown as it
was written, and is never read as markup.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from markupsafe import Markup

from jwtlab.classroom import marking
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.oauth.http.addresses import origin_of
from jwtlab.style import style
from jwtlab.widgets.view import render

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
LONGEST_COMMENT = 4000


def make_app(folder: Path, key: str, *, names: bool = True) -> Flask:
    """The pages for a course.

    Args:
        folder: the course's folder.
        key: what stands first in every address; nobody else comes in.
        names: show whose answer it is. Without, answers are marked without knowing.
    """
    app = Flask("jwtlab.classroom.marking", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    pages = _Pages(folder, key, names)
    for path, view, methods in (
        ("/<given>/", pages.overview, ["GET"]),
        ("/<given>/<int:number>", pages.one, ["GET"]),
        ("/<given>/<int:number>", pages.save, ["POST"]),
    ):
        app.add_url_rule(path, f"{view.__name__}", pages.guarded(view), methods=methods)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return app


class _Pages:
    def __init__(self, folder: Path, key: str, names: bool) -> None:
        self.folder, self.key, self.names = folder, key, names
        self.saving = threading.Lock()

    def answers(self) -> list[marking.WrittenAnswer]:
        """In the order of the roster; without names in one that tells nothing of it."""
        return marking.answers(self.folder, shuffled=not self.names)

    def guarded(self, view: Callable[..., Any]) -> Callable[..., Any]:
        def asked(given: str, **values: int) -> Any:
            if not hmac.compare_digest(given.encode("utf-8", "replace"), self.key.encode()):
                return _words(
                    "Open the address that jwtlab classroom mark has printed; it holds the key.", 403
                )
            origin = request.headers.get("Origin")
            if request.method == "POST" and (origin is None or origin_of(origin)[1] != request.host):
                return _words("A mark comes from this page only.", 403)
            try:
                return view(**values)
            except JwtlabError as error:  # the course's folder has changed under the page
                return _words(str(error), 409)

        return asked

    def overview(self) -> Response:
        found = self.answers()
        rows: dict[tuple[str, str], list[int]] = {}
        for number, each in enumerate(found):
            rows.setdefault((each.assignment, each.question.id), []).append(number)
        questions = [
            {
                "question": found[numbers[0]].question,
                "assignment": assignment,
                "done": sum(found[number].points is not None for number in numbers),
                "count": len(numbers),
                "first": next((n for n in numbers if found[n].points is None), numbers[0]),
            }
            for (assignment, _), numbers in rows.items()
        ]
        return self._page(
            "Written answers", questions=questions, folder=self.folder.resolve().name, names=self.names
        )

    def one(self, number: int, problem: str = "", typed: tuple[str, str] | None = None) -> Response:
        found = self.answers()
        if not 0 <= number < len(found):
            return _words("There is no such answer.", 404)
        each = found[number]
        points, comment = typed or ("" if each.points is None else f"{each.points:g}", each.comment)
        alike = [n for n, other in enumerate(found) if other.question.id == each.question.id]
        return self._page(
            f"{each.question.id}: {each.question.title}",
            answer=each,
            number=number,
            who=each.name or each.student if self.names else f"Answer {alike.index(number) + 1}",
            of=len(alike),
            place=alike.index(number) + 1,
            before=number - 1 if number > 0 else None,
            after=number + 1 if number + 1 < len(found) else None,
            done=sum(found[n].points is not None for n in alike),
            waiting=next(iter(self._waiting(found, number)), None),
            points=points,
            comment=comment,
            problem=problem,
        )

    def save(self, number: int) -> Response:
        found = self.answers()
        if not 0 <= number < len(found):
            return _words("There is no such answer.", 404)
        each = found[number]
        points, comment = request.form.get("points", ""), request.form.get("comment", "")[:LONGEST_COMMENT]
        try:
            given = marking.read_points(points, each.question.points)
            with self.saving:
                marking.save(self.folder, each, given, comment.strip())
        except JwtlabError as error:
            answer = self.one(number, problem=str(error), typed=(points[:20], comment))
            answer.status_code = 400
            return answer
        onward = self._waiting(found, number)
        target = f"/{self.key}/" + (str(onward[0]) if onward else "")
        return redirect(target, 303)  # type: ignore[return-value]

    @staticmethod
    def _waiting(found: list[marking.WrittenAnswer], number: int) -> list[int]:
        """The answers that wait, those behind this one first."""
        waiting = [n for n, other in enumerate(found) if other.points is None and n != number]
        return [n for n in waiting if n > number] + [n for n in waiting if n < number]

    def _page(self, title: str, **context: Any) -> Response:
        text = render(
            "classroom_marking.html", style=Markup(style()), title=title, root=f"/{self.key}", **context
        )
        return Response(str(text), content_type="text/html; charset=utf-8")


def _words(words: str, status: int) -> Response:
    return Response(words + "\n", status, content_type="text/plain; charset=utf-8")


def run(folder: Path, port: int, *, names: bool = True) -> int:
    """Serve the pages on loopback until they are told to end; gives the exit code."""
    import waitress

    if not 0 <= port <= 65535:
        raise UsageError(f"a port is a number from 0 to 65535; this is {port}")

    marking.answers(folder)  # a sentence now, and not a page later
    key = secrets.token_urlsafe(18)
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            f"port {port} cannot be used ({error.strerror}); choose another, or leave --port out"
        ) from None
    server = waitress.create_server(make_app(folder, key, names=names), sockets=[listening], threads=2)
    print(f"Written answers: http://127.0.0.1:{server.effective_port}/{key}/", flush=True)
    print(
        f"What you give is kept in {folder / 'gradebook.db'} and {folder / marking.TABLE}. End with Ctrl+C.",
        flush=True,
    )
    try:
        server.run()
    finally:
        server.close()
    return 0
