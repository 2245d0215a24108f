"""Runs in the sandbox: a student's cells, then the judge's questions. Nothing here is trusted.

The judge is in another process. Here is only the student's code and this loop, which the student's
code may read, patch or break: whatever comes out of it is taken as the student's answer, never as a mark.

A line of JSON from the judge, lines of JSON back:

    {"do": "run", "cells": [[index, source], …], "seconds": n}
        → {"start": index}, {"done": index, "outputs": […]}, …, {"end": true}
    {"do": "value", "name": n}
        → {"value": plain} or {"missing": true} or {"not_plain": words}
    {"do": "call", "name": n, "arguments": plain, "seconds": n}
        → the same, or {"raised": [kind, words]} or {"slow": true}
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from typing import Any

MOST_OUTPUT = 20_000
"""Characters of a cell's output that are kept."""


class TooSlow(BaseException):
    """Raised in the middle of whatever runs too long; no ``except Exception`` stops it."""


class Kept(io.StringIO):
    """Printed text, as much of it as is kept."""

    def write(self, text: str) -> int:
        room = MOST_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """End what takes longer (where the system has alarms; the judge's own deadline is behind it)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: Any) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.5)  # again, in case it was caught
        raise TooSlow

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_cell(shell: Any, source: str, seconds: float) -> list[dict[str, Any]]:
    """Run one cell; gives its outputs as a notebook has them."""
    out, err = Kept(), Kept()
    failure: BaseException | None = None
    value: Any = None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), limit(seconds):
            result = shell.run_cell(source, store_history=False, silent=True)
            failure = result.error_before_exec or result.error_in_exec
            value = result.result
    except (TooSlow, SystemExit) as ended:
        failure = ended
    outputs: list[dict[str, Any]] = []
    for name, text in (("stdout", out.getvalue()), ("stderr", err.getvalue())):
        if text:
            outputs.append({"output_type": "stream", "name": name, "text": text})
    if failure is not None:
        slow = isinstance(failure, TooSlow)
        words = f"stopped after {seconds:g} seconds" if slow else _words(failure)
        name = "TooSlow" if slow else type(failure).__name__
        outputs.append(
            {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
        )
    elif value is not None:
        outputs.append(_result(value, seconds))
    return outputs


def _result(value: Any, seconds: float) -> dict[str, Any]:
    try:
        with limit(seconds):
            text = repr(value)[:MOST_OUTPUT]
    except (Exception, TooSlow):
        text = f"<{type(value).__name__}>"
    return {
        "output_type": "execute_result",
        "data": {"text/plain": text},
        "metadata": {},
        "execution_count": None,
    }


def _words(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception_only(error)).strip()[:1000]
    except Exception:
        return type(error).__name__


def answer(names: dict[str, Any], question: dict[str, Any], plain: Any) -> dict[str, Any]:
    """What the judge asked for."""
    found = names.get(question["name"])
    if found is None or found is ...:
        return {"missing": True}
    if question["do"] == "call":
        if not callable(found):
            return {"not_plain": "no function"}
        arguments = plain.from_text(question["arguments"])
        try:
            with (
                contextlib.redirect_stdout(Kept()),
                contextlib.redirect_stderr(Kept()),
                limit(question["seconds"]),
            ):
                found = found(*arguments)
        except TooSlow:
            return {"slow": True}
        except BaseException as error:  # SystemExit too: the loop goes on
            return {"raised": [type(error).__name__, _words(error)]}
    try:
        return {"value": plain.to_text(found)}
    except plain.NotPlain as reason:
        return {"not_plain": str(reason)}


def main() -> None:
    """Serve the judge until it closes the line."""
    from jwtlab.classroom import plain  # before the student's code can stand in its way

    reading, writing = int(sys.argv[1]), int(sys.argv[2])
    asked, answered = os.fdopen(reading, encoding="utf-8"), os.fdopen(writing, "w", encoding="utf-8")

    def say(message: dict[str, Any]) -> None:
        answered.write(json.dumps(message) + "\n")
        answered.flush()

    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config, user_ns={"__name__": "__main__"})
    for name in ("showtraceback", "showsyntaxerror"):
        setattr(shell, name, lambda *args, **kwargs: None)  # the outputs carry the error
    say({"ready": True})
    for line in asked:
        question = json.loads(line)
        if question["do"] == "run":
            for index, source in question["cells"]:
                say({"start": index})
                say({"done": index, "outputs": run_cell(shell, source, question["seconds"])})
            say({"end": True})
        else:
            say(answer(shell.user_ns, question, plain))


if __name__ == "__main__":
    main()
