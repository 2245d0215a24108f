"""A process for one submission: no network, its own files, limits; bubblewrap where it is there.

What is in reach of a student's code in bubblewrap: the system's programs and libraries, this Python
and its packages, an empty home and an empty folder for temporary files. Not: the course, the
gradebook, other submissions, the assignments' sources, the network. Without bubblewrap the process
has its own folder, home and limits, but can read what the account that grades can read; the marks'
note says which of both it was.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from jwtlab.classroom import bubblewrap, plain, processes
from jwtlab.classroom.model import Missing, Raised, Wrong
from jwtlab.errors import UsageError

MEMORY = 2 * 1024**3
MEMORY_TOGETHER = MEMORY
"""Bytes for one process, and for all of them."""
FILES = 50 * 1024**2
MOST_PROCESSES = 64
ROOM_FOR_TASKS = 1000
"""So many more processes and threads than this account has already may there be, before the next look ends them."""
LOOK_SECONDS = 0.5
READ_ONLY = ("--remount-ro", "/", "--remount-ro", "/dev")
"""Arguments of bwrap, after all others: these folders lie in memory, and nobody is to fill that."""
LONGEST_LINE = 4_000_000
START_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a submission may use.

    Attributes:
        cell: seconds for a cell.
        call: seconds for a call of one of its functions.
        whole: seconds for everything.
    """

    cell: float = 20
    call: float = 5
    whole: float = 120


class Dead(Exception):
    """The student's process has ended, or was ended; the message says how."""


def kind() -> str:
    """The sandbox that is used here, in words."""
    if bubblewrap.program():
        return "bubblewrap: no network, own file system"
    return "own process and folder only; install bubblewrap to keep files and network out of reach"


def _command(read: int, write: int) -> tuple[list[str], dict[str, str]]:
    """The command line of the student's process, and its environment."""
    program = str(Path(__file__).with_name("student_process.py"))
    python = [sys.executable, "-I", program, str(read), str(write)]
    env = {
        "HOME": "/tmp/home",
        "TMPDIR": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "IPYTHONDIR": "/tmp/home/ipython",
    }
    wrap = bubblewrap.program()
    if wrap is None:
        return python, env
    words = [wrap, *bubblewrap.walls()]
    for folder in bubblewrap.python_folders():
        words += ["--ro-bind", folder, folder]
    for secret in _sources():
        words += ["--tmpfs", secret]
    for name, value in env.items():
        words += ["--setenv", name, value]
    return [*words, "--dir", "/tmp/home", "--chdir", "/tmp/home", *READ_ONLY, "--", *python], env


def _sources() -> list[str]:
    """Folders inside what is bound that hold the assignments' solutions."""
    package = Path(__file__).resolve().parents[1]
    return [str(package / "_assignments")] if (package / "_assignments").is_dir() else []


def _limit_resources(tasks: int, parent: int) -> None:
    """Limits for each of the student's processes; for all of them together, see `StudentProcess._look`."""
    import resource

    processes.end_with(parent)

    for name, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, tasks),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of the address space
            resource.setrlimit(name, (limit, limit))


class StudentProcess:
    """The student's code, running, with a line to ask it.

    Args:
        limits: of time.

    Raises:
        UsageError: this system has no walls and limits for a process.

    Use it as a context manager: at its end nothing of the process is left.
    """

    def __init__(self, limits: Limits) -> None:
        if os.name != "posix":
            raise UsageError(
                "students' code is run in a process with limits of its own, which Windows cannot give; "
                "use Linux or macOS, or WSL in Windows"
            )
        self.limits = limits
        self.deadline = time.monotonic() + limits.whole
        self._buffer = b""
        self._looked = 0.0
        self._folder = tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)

    def __enter__(self) -> StudentProcess:
        to_child, ours_out = os.pipe()
        ours_in, from_child = os.pipe()
        command, env = _command(to_child, from_child)
        if bubblewrap.program() is None:
            env |= {"HOME": self._folder.name, "TMPDIR": self._folder.name, "IPYTHONDIR": self._folder.name}
        try:
            self.process = subprocess.Popen(
                command,
                env=env,
                cwd=self._folder.name,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(to_child, from_child),
                start_new_session=True,
                preexec_fn=partial(
                    _limit_resources, processes.tasks_of_this_account() + ROOM_FOR_TASKS, os.getpid()
                ),
            )
        finally:
            os.close(to_child)
            os.close(from_child)
        self._in, self._out = ours_in, ours_out
        os.set_blocking(self._in, False)
        try:
            self._hear(START_SECONDS)
        except Dead as dead:
            self.__exit__(None, None, None)
            raise Dead(f"the student's process could not be started ({dead})") from dead
        self.deadline = time.monotonic() + self.limits.whole
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Without bubblewrap a child may have left the group, or may have been left by its parent.
        others = [] if bubblewrap.program() else processes.session(self.process.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        processes.end(others)
        self.process.wait()
        for end in (self._in, self._out):
            with contextlib.suppress(OSError):
                os.close(end)
        self._folder.cleanup()

    def run(self, cells: Sequence[tuple[int, str]], outputs: dict[int, list[Any]]) -> None:
        """Run cells in order; the outputs of each are put into ``outputs`` as they come.

        Raises:
            Dead: the process ended or hung; ``outputs`` has no entry for the cell that did it.
        """
        self._say({"do": "run", "cells": [list(each) for each in cells], "seconds": self.limits.cell})
        for index, _ in cells:
            self._hear_about(index, outputs)
        if self._hear(self.limits.cell + 5) != {"end": True}:
            raise Dead("it spoke on the judge's line")

    def _hear_about(self, index: int, outputs: dict[int, list[Any]]) -> None:
        """One cell: that it begins, and what came of it. Whoever says anything else floods the judge."""
        if self._hear(self.limits.cell + 5) != {"start": index}:
            raise Dead("it spoke on the judge's line")
        match self._hear(self.limits.cell + 5):
            case {"done": int(done), "outputs": list(found)} if done == index:
                outputs[index] = _clean(found)
            case _:
                raise Dead("it spoke on the judge's line")

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """One question, one answer.

        Raises:
            Dead: the process ended, hung, or talked nonsense.
        """
        self._say(question)
        return self._hear(seconds + 3)

    def _say(self, message: dict[str, Any]) -> None:
        data = (json.dumps(message) + "\n").encode("utf-8")
        try:
            while data:
                data = data[os.write(self._out, data) :]
        except OSError as error:
            raise Dead("it ended") from error

    def _look(self) -> None:
        """All of the student's processes together: not too many, and not too large."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        found = processes.family(self.process.pid)
        if len(found) > MOST_PROCESSES:
            raise Dead(f"it started more than {MOST_PROCESSES} processes")
        if sum(map(processes.resident, found)) > MEMORY_TOGETHER < sum(map(processes.proportional, found)):
            raise Dead(f"its processes took more than {MEMORY_TOGETHER // 1024**2:,} MB of memory")

    def _hear(self, seconds: float) -> dict[str, Any]:
        until = min(time.monotonic() + seconds, self.deadline)
        while b"\n" not in self._buffer:
            left = until - time.monotonic()
            if left <= 0:
                raise Dead("it took too long")
            self._look()
            if select.select([self._in], [], [], min(left, LOOK_SECONDS))[0]:
                piece = os.read(self._in, 65536)
                if not piece:
                    raise Dead("it ended its own process")
                self._buffer += piece
            if len(self._buffer) > LONGEST_LINE:
                raise Dead("it said more than anybody reads")
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Dead("it spoke on the judge's line") from error
        return message if isinstance(message, dict) else {}


def _clean(outputs: list[Any]) -> list[dict[str, Any]]:
    """Outputs of known kinds with text in them; anything else is left out."""
    found: list[dict[str, Any]] = []
    for each in outputs[:10]:
        match each:
            case {"output_type": "stream", "name": ("stdout" | "stderr") as name, "text": str(text)}:
                found.append({"output_type": "stream", "name": name, "text": text[:20_000]})
            case {"output_type": "error", "ename": str(name), "evalue": str(words)}:
                words = words[:1000]
                found.append(
                    {"output_type": "error", "ename": name[:80], "evalue": words, "traceback": [words]}
                )
            case {"output_type": "execute_result", "data": {"text/plain": str(text)}}:
                found.append(
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": text[:20_000]},
                        "metadata": {},
                        "execution_count": None,
                    }
                )
    return found


class RemoteAnswer:
    """An answer in the student's process, for a judge outside.

    Args:
        ask: ``(question, seconds) -> message``; raises `Dead`.
        name: the variable or function.
        seconds: for a call.
    """

    def __init__(self, ask: Any, name: str, seconds: float) -> None:
        self._ask, self._name, self._seconds = ask, name, seconds

    def value(self) -> Any:
        """The value; see `jwtlab.classroom.model.Answer`."""
        return self._read(self._ask({"do": "value", "name": self._name}, self._seconds))

    def call(self, *arguments: Any) -> Any:
        """What the function returns; see `jwtlab.classroom.model.Answer`."""
        question = {
            "do": "call",
            "name": self._name,
            "arguments": plain.to_text(list(arguments)),
            "seconds": self._seconds,
        }
        return self._read(self._ask(question, self._seconds))

    def _read(self, message: dict[str, Any]) -> Any:
        match message:
            case {"value": str(text)}:
                try:
                    return plain.from_text(text)
                except plain.NotPlain as reason:
                    raise Wrong(f"the answer is {reason}") from None
            case {"missing": True}:
                raise Missing(f"there is no answer yet: nothing in the notebook is called {self._name}")
            case {"raised": [str(name), str(words)]}:
                raise Raised(name[:80], words.removeprefix(f"{name}: "))
            case {"slow": True}:
                raise Wrong(f"{self._name} did not end within {self._seconds:g} seconds")
            case {"not_plain": str(words)}:
                raise Wrong(f"{self._name} is or returns {words[:100]}; the text asks for something else")
        raise Wrong(f"{self._name} could not be read")
