"""A learner's progress, in a file of their own: plain JSON that can be read, copied and deleted."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = "progress.json"


def default_path() -> Path:
    """Where progress is kept: ``JWTLAB_PROGRESS``, or ``progress.json`` beside the notebook."""
    return Path(os.environ.get("JWTLAB_PROGRESS") or FILE)


MOVED = {"04.3": "07.2", "04.4": "07.3", "04.p2": "07.p1"}
"""Old id → new one, of what went to another lesson. Progress and copies of lessons still have the old ids."""


class Progress:
    """What has been solved.

    Args:
        path: the file; by default `default_path`.

    A file that cannot be read is kept under another name and never overwritten; a folder that
    cannot be written to loses the progress but stops no lesson.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()

    def done(self) -> frozenset[str]:
        """The ids of the exercises and questions that were answered rightly."""
        return frozenset(self._read())

    def record(self, item: str) -> None:
        """Note that an exercise or question was answered rightly."""
        done = self._read()
        if item not in done:
            self._write([*done, item])

    def reset(self, prefix: str = "") -> None:
        """Forget everything, or only what begins with a prefix such as ``"02."``."""
        self._write([item for item in self._read() if not item.startswith(prefix)])

    def count(self, items: Iterable[str]) -> int:
        """How many of these are done."""
        return len(self.done().intersection(items))

    def _read(self) -> list[str]:
        try:
            document: Any = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError):
            document = None
        done = document.get("done") if isinstance(document, dict) else None
        if not isinstance(done, list):
            self._set_aside()
            return []
        return [MOVED.get(item, item) for item in done if isinstance(item, str)]

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):
            if self.path.is_file():
                names = (self.path.with_suffix(f".unreadable{n or ''}.json") for n in itertools.count())
                self.path.replace(next(name for name in names if not name.exists()))

    def _write(self, done: list[str]) -> None:
        text = json.dumps(
            {"about": "solved in jwtlab; delete this file to start afresh", "done": sorted(done)}, indent=1
        )
        fresh = self.path.with_name(self.path.name + ".new")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(text + "\n", "utf-8")
            fresh.replace(self.path)  # all or nothing: a crash leaves the old file
