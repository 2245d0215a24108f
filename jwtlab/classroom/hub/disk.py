"""A full disk keeps learners from saving: it is said before it is full."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True)
class DiskNotice:
    """An announcement on every page of the hub, there only while the disk has little left.

    It is looked at each time a page is drawn; JupyterHub's templates ask whether it is true and show it.

    Attributes:
        folder: on that disk.
        warn_below: bytes.
    """

    folder: Path
    warn_below: int

    @property
    def free(self) -> int:
        """Bytes that are left."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError:
            return 0

    @property
    def text(self) -> str:
        """The warning, or nothing."""
        free = self.free
        if free >= self.warn_below:
            return ""
        return (
            f"The disk of this hub has {free / 1024**3:.1f} GB left. Saving may fail soon. "
            "Tell your teacher; download what you must not lose."
        )

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return escape(self.text)
