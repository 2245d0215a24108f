"""``jwtlab progress``: a learner's progress as a small file to hand on.

jwtlab progress export FILE     write what is solved into FILE, for another machine or a teacher
jwtlab progress load FILE       add what stands in FILE to what is solved here
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from jwtlab import lessons
from jwtlab.errors import UsageError


def add_to(commands: Any) -> None:
    """Add the command's options to the parser of ``jwtlab``."""
    parser = commands.add_parser(
        "progress", help="your progress as a small file: export it, load it elsewhere"
    )
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    export = steps.add_parser("export", help="write what is solved into a small file")
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--name", default="", help="for your row in the class (default: the file's name)")
    load = steps.add_parser("load", help="add what stands in a file to what is solved here")
    load.add_argument("file", type=Path, metavar="FILE")
    for step in (export, load):
        step.add_argument(
            "--progress",
            type=Path,
            metavar="PATH",
            help="where your progress is kept (default: progress.json in the folder of your lessons)",
        )


def run(options: argparse.Namespace) -> int:
    """Export or load; gives the exit code."""
    from jwtlab.exercises.progress import Progress  # here: the parser starts where a library is missing

    progress = Progress(options.progress or _kept())
    if options.step == "export":
        made = progress.export(options.file, options.name)
        print(f"{options.file}: {len(made.done)} solved, by {made.learner}.")
        print(
            f"It holds that name, the time, and which exercises and questions are solved; taken from {progress.path}."
        )
        return 0
    found = progress.load(options.file)
    print(
        f"{progress.path}: {len(found.new)} new, {len(found.known)} were there already; nothing was taken away."
    )
    return 0


def _kept() -> Path | None:
    """Where this folder's lessons keep progress; ``None`` for the default."""
    if os.environ.get("JWTLAB_PROGRESS"):
        return None
    try:
        folder = lessons.default_folder(Path.cwd())
    except UsageError:
        return None
    kept = folder / "progress.json"
    return kept if kept.is_file() and not Path("progress.json").exists() else None
