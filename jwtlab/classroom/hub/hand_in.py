"""Handing in: a small service of the hub. The hub says who somebody is; nobody sees another's work.

A browser uploads a file on the page; ``jwtlab hand-in FILE`` sends one from a learner's own server.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado import web

from jwtlab.classroom.hub import service
from jwtlab.classroom.hub import settings as hub_settings
from jwtlab.classroom.hub.disk import DiskNotice
from jwtlab.classroom.hub.handed_in import LARGEST, HandedIn, Receipt, Refused

ROOM = 100 * 1024**2
"""Bytes that have to be left on the disk before a file is taken."""


class HandInPage(HubOAuthenticated, web.RequestHandler):
    """The page: what was handed in, and a form."""

    def initialize(self, handed_in: HandedIn, notice: DiskNotice) -> None:
        """Called by tornado."""
        self.handed_in, self.notice = handed_in, notice

    @property
    def student(self) -> str:
        """Who is asking, as the hub says."""
        return str(self.current_user["name"])

    def set_default_headers(self) -> None:
        """What a student handed in stays with them."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header(
            "Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )

    @web.authenticated
    def get(self) -> None:
        """Show the page."""
        self._show()

    @web.authenticated
    def post(self) -> None:
        """Take a file."""
        files = [each for group in self.request.files.values() for each in group]
        try:
            if len(files) != 1:
                raise Refused("Choose one file, the notebook of an assignment.")
            if self.notice.free < ROOM:
                self.set_status(507)
                self._show(problem="The disk of this hub is full. Tell your teacher; keep your file.")
                return
            receipt = self.handed_in.take(self.student, files[0]["body"], datetime.now())
        except Refused as reason:
            self.set_status(400)
            self._show(problem=str(reason))
            return
        self._show(taken=receipt)

    def _show(self, taken: Receipt | None = None, problem: str = "") -> None:
        found = self.handed_in.of(self.student)
        if "application/json" in self.request.headers.get("Accept", ""):
            answer: dict[str, Any] = {
                "student": self.student,
                "handed_in": [_as_json(each) for each in found],
            }
            if taken:
                answer["taken"] = _as_json(taken)
            if problem:
                answer["problem"] = problem
            self.finish(answer)
            return
        self.render(
            "hand_in.html",
            student=self.student,
            found=found,
            taken=taken,
            problem=problem,
            notice=self.notice.text,
            prefix=prefix(),
        )


class Own(HandInPage):
    """One's own file, as it was handed in."""

    @web.authenticated
    def get(self, assignment: str) -> None:
        """Send it back."""
        data = self.handed_in.read(self.student, assignment)
        if data is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "application/x-ipynb+json")
        self.set_header("Content-Disposition", f'attachment; filename="{assignment}.ipynb"')
        self.finish(data)


def _as_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "assignment": receipt.assignment,
        "when": receipt.when.isoformat(timespec="seconds"),
        "fingerprint": receipt.fingerprint,
        "size": receipt.size,
        "notes": list(receipt.notes),
    }


def prefix() -> str:
    """Where the hub puts this service."""
    return os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/services/hand-in/")


def application(folder: Path) -> web.Application:
    """The service for a course's folder."""
    settings = hub_settings.read(folder / hub_settings.FILE)
    parts = {"handed_in": HandedIn(folder), "notice": DiskNotice(folder, settings.warn_below)}
    return web.Application(
        [
            (prefix(), HandInPage, parts),
            (rf"{prefix()}own/([a-z0-9_]+)", Own, parts),
            (rf"{prefix()}oauth_callback", HubOAuthCallbackHandler),
        ],
        template_path=str(Path(__file__).parent / "templates"),
        cookie_secret=os.urandom(32),
    )


async def main(folder: Path) -> None:
    """Serve until the hub ends."""
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    application(folder).listen(address.port or 0, "127.0.0.1", max_body_size=LARGEST + 1024**2)
    await asyncio.Event().wait()


def send(path: Path) -> dict[str, Any]:
    """Hand in a file from a learner's own server; gives the service's answer.

    Raises:
        UsageError: this is no hub, there is no such file, or it was refused.
    """
    import httpx

    from jwtlab.errors import UsageError

    token, hub = os.environ.get("JUPYTERHUB_API_TOKEN"), os.environ.get("JUPYTERHUB_API_URL")
    if not token or not hub:
        raise UsageError("this is no server of a hub; upload the file where your teacher says")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); give the notebook's path") from None
    # Straight to the proxy, which knows the way to the service.
    address = os.environ.get("JWTLAB_HAND_IN_URL") or hub.partition("/hub/api")[0] + "/services/hand-in/"
    headers = {"Authorization": f"token {token}", "Accept": "application/json"}
    try:
        with httpx.Client(trust_env=False, timeout=60, verify=False) as client:
            answer = client.post(address, headers=headers, files={"file": (path.name, data)})
        found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        raise UsageError(f"the hub did not take it ({error}); try the page «hand-in» of the hub") from None
    if "taken" not in found:
        raise UsageError(
            str(found.get("problem") or f"the hub did not take it (status {answer.status_code})")
        )
    return found


if __name__ == "__main__":
    service.run(main(Path(sys.argv[1])))
