"""A lab that a program drives as a front end would: over HTTP and the kernel's web socket, without a browser.

Used by ``tools/machines.py`` and the tests: it starts a command, waits for the address that it prints, opens a
lesson and runs its cells in a kernel that the server has started.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websocket

sys.path.insert(0, str(Path(__file__).resolve().parent))
import lab_opens

PATIENCE = 240.0
"""Seconds for a start, and for a cell: a busy machine is no fault."""


class DidNotOpen(Exception):
    """The command ended, or no lesson was served; with what it said."""


@dataclass
class Cell:
    """What a front end was sent for one cell."""

    text: str = ""
    error: str = ""
    trace: str = ""
    stderr: str = ""
    widgets: int = 0


@dataclass
class Lab:
    """A running server, and what its command has said so far."""

    place: str
    token: str
    log: Any
    kernels: list[str] = field(default_factory=list)

    def said(self) -> str:
        return lab_opens.said(self.log)

    def ask(self, path: str, body: Mapping[str, Any] | None = None, method: str = "") -> Any:
        """A question to the server's REST interface.

        Raises:
            urllib.error.HTTPError: the server refused.
        """
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.place}{path}", data, headers, method=method or None)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=60) as answer:
            content = answer.read()
        return (
            json.loads(content) if content and "json" in answer.headers.get("Content-Type", "") else content
        )

    def run_lesson(self, name: str, more: Sequence[str] = ()) -> list[Cell]:
        """Open a lesson as a front end does, and run each code cell of it, then some more code."""
        lesson = self.ask(f"api/contents/{name}?content=1")
        sources = [cell["source"] for cell in lesson["content"]["cells"] if cell["cell_type"] == "code"]
        kernel = lesson["content"]["metadata"]["kernelspec"]["name"]
        body = {"path": name, "name": name, "type": "notebook", "kernel": {"name": kernel}}
        session = self.ask("api/sessions", body)
        try:
            return [*self._run(session["kernel"]["id"], [*sources, *more])]
        finally:
            self.ask(f"api/sessions/{session['id']}", method="DELETE")

    def _run(self, kernel: str, sources: Sequence[str]) -> Iterator[Cell]:
        address = self.place.replace("http", "ws", 1) + f"api/kernels/{kernel}/channels?token={self.token}"
        wire = websocket.create_connection(address, timeout=PATIENCE, http_no_proxy=["*"])
        try:
            for source in sources:
                yield _execute(wire, source)
        finally:
            wire.close()


def _execute(wire: Any, source: str) -> Cell:
    number = uuid.uuid4().hex
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
    header = {
        "msg_id": number,
        "msg_type": "execute_request",
        "session": "driven",
        "username": "",
        "version": "5.3",
        "date": "2030-01-01T00:00:00Z",
    }
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    wire.send(json.dumps(message))
    cell, waiting = Cell(), {"idle", "reply"}
    while waiting:
        answer = _message(wire.recv())
        if answer["parent_header"].get("msg_id") != number:
            continue
        kind, content = answer["header"]["msg_type"], answer["content"]
        if kind == "execute_reply":
            waiting.discard("reply")
        elif kind == "status" and content["execution_state"] == "idle":
            waiting.discard("idle")
        else:
            _note(cell, kind, content)
    return cell


def _note(cell: Cell, kind: str, content: Mapping[str, Any]) -> None:
    if kind == "stream":
        if content["name"] == "stderr":
            cell.stderr += content["text"]
        else:
            cell.text += content["text"]
    elif kind == "error":
        cell.error, cell.trace = f"{content['ename']}: {content['evalue']}", "\n".join(content["traceback"])
    elif kind in ("display_data", "execute_result"):
        cell.text += str(content["data"].get("text/plain", ""))
        cell.widgets += "application/vnd.jupyter.widget-view+json" in content["data"]


def _message(received: str | bytes) -> dict[str, Any]:
    """A message; in front of one with buffers stand their places (Jupyter's first web socket protocol)."""
    if isinstance(received, str):
        return dict(json.loads(received))
    count = int.from_bytes(received[:4], "big")
    places = [int.from_bytes(received[4 * n + 4 : 4 * n + 8], "big") for n in range(count)]
    end = places[1] if count > 1 else None
    return dict(json.loads(received[places[0] : end]))


@contextlib.contextmanager
def opened(
    command: Sequence[str | Path],
    env: Mapping[str, str],
    folder: Path,
    patience: float = PATIENCE,
    umask: int = -1,
    token: str = "",
) -> Iterator[Lab]:
    """Start a command that opens a lab, and end it again.

    Args:
        token: where the command was told one, and prints dots for it.

    Raises:
        DidNotOpen: it ended before, or served nothing; the message is what it said.
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=dict(env),
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            umask=umask,
            **lab_opens._own_group(),
        )
        try:
            yield _when_open(process, log, patience, token)
        finally:
            lab_opens.end(process)
            process.wait(30)


def _when_open(process: subprocess.Popen[bytes], log: Any, patience: float, known: str) -> Lab:
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        for printed in lab_opens.ADDRESS.findall(lab_opens.said(log)):
            address = printed.replace("token=...", f"token={known}") if known else printed
            if lab_opens.opens(address):
                base, token = address.split("?token=", 1)
                return Lab(base.partition("/lab")[0].partition("/tree")[0].rstrip("/") + "/", token, log)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise DidNotOpen(lab_opens.said(log))
