"""CrackBench: guess the secret of an HMAC token, and see how long that takes."""

from __future__ import annotations

import os
import string
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import traitlets

from jwtlab.attacks import SearchProgress, attempts, estimate, word_list, words_with_rules
from jwtlab.errors import JwtlabError
from jwtlab.lab import Lab
from jwtlab.widgets import reading
from jwtlab.widgets.view import View, action

SLICE = 0.1
"""Seconds of work for each request of the page; in between, the kernel has time for others."""

ENOUGH = 10_000
"""Fewer guesses say nothing about the speed."""

Words = Callable[[], Iterable[bytes | str]]


def letters(length: int) -> Words:
    """Every word of this many small letters, in order."""
    alphabet = [letter.encode() for letter in string.ascii_lowercase]
    return lambda: map(b"".join, product(alphabet, repeat=length))


LISTS: Mapping[str, Words] = {
    "the lab's short list": word_list,
    "the short list with rules": words_with_rules,
    "all words of 4 small letters": letters(4),
    "all words of 5 small letters": letters(5),
}


class CrackBench(View):
    """Try a list of words as the secret of a token. Only tokens of the lab, and your own.

    The page asks for a slice of work, shows what came out and asks for the next; so the search can
    be stopped at any time and holds nothing up.

    Args:
        token: a token signed with HS256, HS384 or HS512; by default one with a weak secret.
        lists: further word lists: name → a function that gives the words.
        workers: how many processes; by default one for each core.
        lab: whose token to take if none is given.

    Attributes:
        state: ``"ready"``, ``"running"``, ``"found"``, ``"not found"``, ``"stopped"`` or ``"failed"``.
        progress: how far it has come, or ``None``.
    """

    template = "crack.html"
    watched = ("token", "choice", "path", "state")

    token = traitlets.Unicode("")
    choice = traitlets.Unicode("")
    path = traitlets.Unicode("")
    state = traitlets.Unicode("ready")

    def __init__(
        self,
        token: str = "",
        *,
        lists: Mapping[str, Words] | None = None,
        workers: int | None = None,
        lab: Lab | None = None,
    ) -> None:
        from jwtlab.attacks import ATTACKS

        self.lab = lab if lab is not None else Lab()
        self.lists = {**LISTS, **(lists or {})}
        self.workers = workers
        self.progress: SearchProgress | None = None
        self.problem = ""
        self._steps: Generator[SearchProgress] | None = None
        weak = str(token) or ATTACKS["weak-secret"].scenario().good
        super().__init__(token=weak, choice=next(iter(self.lists)))

    @action("token")
    def edit_token(self, value: str, target: str = "", cut: int = 0) -> None:
        self._forget()
        self.token = str(value)

    @action("list")
    def choose_list(self, value: str, target: str = "") -> None:
        if value in self.lists or value == "file":
            self._forget()
            self.choice = value

    @action("path")
    def choose_path(self, value: str, target: str = "", cut: int = 0) -> None:
        self._forget()
        self.path = str(value)

    @action("start")
    def start(self, value: str = "", target: str = "") -> None:
        """Begin from the first word."""
        self._forget()
        try:
            words: Any = (
                Path(os.path.expanduser(self.path)) if self.choice == "file" else self.lists[self.choice]()
            )
            self._steps = attempts(self.token.strip(), words, self.workers)
        except Exception as error:
            self._fail(error)
        else:
            self.state = "running"

    @action("stop")
    def stop(self, value: str = "", target: str = "") -> None:
        if self.state == "running":
            self._end("stopped")

    @action("tick")
    def tick(self, value: str = "", target: str = "") -> None:
        """Go on for a tenth of a second; the page asks for it again and again."""
        if self.state != "running" or self._steps is None:
            return
        until = time.perf_counter() + SLICE  # this clock only shares out the work
        while time.perf_counter() < until:
            try:
                step = next(self._steps, None)
            except Exception as error:
                self._fail(error)
                return
            if step is None:
                self._end("not found")
                return
            self.progress = step
            if step.secret is not None:
                self._end("found")
                return

    def mend(self) -> str:
        if self.state != "running":
            return super().mend()
        self._end("stopped")  # the list is not at its end, and nobody may think so
        return "The search has stopped; Start begins again."

    def close(self) -> None:
        """End the search with the widget."""
        self._end(self.state)
        super().close()

    def _end(self, state: str) -> None:
        if self._steps is not None:
            self._steps.close()
            self._steps = None
        self.state = state

    def _fail(self, error: Exception) -> None:
        """A path that is none, or a list of one's own with something else than words."""
        self.problem = str(error) if isinstance(error, JwtlabError) else f"{type(error).__name__}: {error}"
        self._end("failed")

    def _forget(self) -> None:
        self._end("ready")
        self.progress, self.problem = None, ""

    def context(self) -> dict[str, Any]:
        progress = self.progress
        rate = progress.rate if progress else 0.0
        measured = progress is not None and progress.tried >= ENOUGH and self.state != "running"
        return {
            "seen": reading.inspect(self.token, self.lab.now),
            "lists": self.lists,
            "progress": progress,
            "rate": rate,
            "estimates": estimate(rate) if measured else (),
            "secret": repr(progress.secret)[1:] if progress and progress.secret is not None else "",
        }
