"""The commands ``jwtlab site`` and ``jwtlab slides``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

DEFAULTS = {"site": Path("site"), "slides": Path("site") / "slides"}
"""Command → where its pages go if nobody says."""


def add_to(commands: Any) -> None:
    """Add both commands to the parser."""
    for name, words in (
        ("site", "the lessons as pages to read, in a folder"),
        ("slides", "the lessons as slides, with notes for the speaker"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument(
            "folder",
            nargs="?",
            type=Path,
            metavar="FOLDER",
            default=DEFAULTS[name],
            help=f"where to (default: {DEFAULTS[name].as_posix()})",
        )
        command.add_argument(
            "--from",
            dest="source",
            type=Path,
            metavar="COPIES",
            help="a folder with lessons of your own, such as work (default: the lessons as they are shipped)",
        )


def run(options: argparse.Namespace) -> int:
    """Build, and say where the first page is.

    Raises:
        UsageError: the folder holds something else, or a lesson cannot be read.
        OSError: it cannot be written.
    """
    from jwtlab.site import build  # loads nbconvert and the widgets, which the other commands do without

    make = build.build_site if options.command == "site" else build.build_slides
    written = make(options.folder, options.source)
    print(f"{len(written)} pages. Open {written[0]} in a browser; no server is needed.")
    return 0
