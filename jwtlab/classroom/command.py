"""``jwtlab classroom``: a course from its folder to its marks.

jwtlab classroom new FOLDER                         make a course's folder
jwtlab classroom release FOLDER                     make the versions for students (--new-version: a corrected one)
jwtlab classroom grade FOLDER --submissions PATH    from a zip or folder to marks and feedback
jwtlab classroom mark FOLDER                        a page for the written answers: rubric, points, comment
jwtlab classroom forget FOLDER STUDENT              delete everything of a student from a course's folder
jwtlab classroom overview FOLDER                    a class's progress: one table and a heat map
jwtlab classroom kit FOLDER                         a folder for a stick: everything, without a network
jwtlab classroom link REPO                          a link that brings a git repository to learners of a hub
jwtlab classroom hub [FOLDER]                       start JupyterHub for the class on this machine
jwtlab hand-in FILE                                 (a learner in the hub) hand in an assignment
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jwtlab.errors import UsageError

SHOWN = 12
"""Lines of a list before the rest is counted."""
LONGEST_SECONDS = 24 * 3600


def add_to(commands: Any) -> None:
    """Add the command's options to the parser of ``jwtlab``."""
    one = commands.add_parser(
        "check-submission", help="run a saved assignment as it will be run when it is marked"
    )
    one.add_argument("file", type=_named, metavar="FILE")
    parser = commands.add_parser(
        "classroom", help="graded assignments: a course from its folder to its marks"
    )
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    for name, words in (("new", "make a course's folder"), ("release", "make the versions for students")):
        step = steps.add_parser(name, help=words)
        step.add_argument("folder", type=_named, metavar="FOLDER")
    step.add_argument(
        "--new-version",
        action="append",
        default=[],
        metavar="ASSIGNMENT",
        help="its changed source becomes a new version, beside the one that is out (may be repeated)",
    )
    _add_hub(commands, steps)
    mark = steps.add_parser("mark", help="a page on this machine for marking the written answers")
    mark.add_argument("folder", type=_named, metavar="FOLDER")
    mark.add_argument("--port", type=int, default=0, metavar="N", help="(default: a free one)")
    mark.add_argument("--without-names", action="store_true", help="mark without knowing whose answer it is")
    gone = steps.add_parser("forget", help="delete everything of a student from a course's folder")
    gone.add_argument("folder", type=_named, metavar="FOLDER")
    gone.add_argument("student", metavar="STUDENT", help="their id in roster.csv")
    seen = steps.add_parser("overview", help="a class's progress, from a folder of exports")
    seen.add_argument("folder", type=_named, metavar="FOLDER")
    seen.add_argument("--csv", type=_named, metavar="FILE", help="write the table for a spreadsheet")
    seen.add_argument("--html", type=_named, metavar="FILE", help="write the heat map as a page")
    _add_link(steps)
    _add_kit(steps)
    grade = steps.add_parser("grade", help="from submissions to marks and feedback")
    grade.add_argument("folder", type=_named, metavar="FOLDER")
    grade.add_argument(
        "--submissions",
        type=_named,
        required=True,
        metavar="PATH",
        help="a zip of all submissions as your learning system gives it, or a folder",
    )
    grade.add_argument("--jobs", type=int, metavar="N", help="how many at once (default: one a core)")
    grade.add_argument(
        "--time-limit", type=float, metavar="SECONDS", help="for a whole notebook (default: 120)"
    )


def _named(text: str) -> Path:
    """A path from the command line; an empty one is a variable of a shell that was not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def _add_link(steps: Any) -> None:
    pull = steps.add_parser("link", help="a link that brings a git repository to learners of a hub")
    pull.add_argument("repo", metavar="REPO", help="its address, readable by everybody")
    pull.add_argument("--hub", metavar="ADDRESS", help="the hub's address, such as https://hub.example.org")
    pull.add_argument("--branch", default="main", metavar="NAME", help="(default: main)")
    pull.add_argument("--open", default="", metavar="FILE", help="what to open, inside the repository")


def _add_kit(steps: Any) -> None:
    kit = steps.add_parser("kit", help="a folder for a stick: wheels, lessons and set-up without a network")
    kit.add_argument("folder", type=_named, metavar="FOLDER")
    kit.add_argument(
        "--platform",
        action="append",
        default=[],
        metavar="NAME",
        help="windows, macos-arm, macos-x86, linux-x86, linux-arm, or this (may be repeated; default: all but this)",
    )
    kit.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="3.N",
        help="(may be repeated; default: 3.11 to 3.13)",
    )
    kit.add_argument(
        "--extra", action="append", default=[], metavar="NAME", help="an extra of jwtlab, such as fast"
    )
    kit.add_argument(
        "--wheels",
        action="append",
        default=[],
        type=_named,
        metavar="DIR",
        help="wheels that you have already",
    )
    kit.add_argument(
        "--offline", action="store_true", help="ask no registry, only --wheels and an earlier kit"
    )


def kit(options: argparse.Namespace) -> int:
    """Make an offline kit; 1 if it is complete for no system."""
    if importlib.util.find_spec("packaging") is None:
        raise UsageError("this needs packaging: pip install packaging")
    from jwtlab.classroom.kit import kit as making
    from jwtlab.classroom.kit import systems

    made = making.make(
        options.folder,
        systems.chosen(options.platform, options.python),
        extras=options.extra,
        sources=options.wheels,
        offline=options.offline,
        tell=lambda words: print(words, flush=True),
    )
    print(
        f"{made.folder}: {made.octets / 1024**2:.0f} MB, {len(made.whole)} of {len(made.found)} systems complete."
    )
    _list(
        "Cannot be had:",
        [f"{each.system.title}: {making.names_of(each)}" for each in made.found if each.missing],
    )
    _list(
        "In another version than the known one:",
        [
            f"{each.system.title}: {name} {version}"
            for each in made.found
            for name, version in each.other.items()
        ],
    )
    print("Copy the folder to a stick, with installers of Python beside START-HERE.html.")
    return 0 if made.whole else 1


def _add_hub(commands: Any, steps: Any) -> None:
    hub = steps.add_parser("hub", help="start JupyterHub for the class on this machine")
    hub.add_argument("folder", type=_named, nargs="?", default=Path(), metavar="FOLDER")
    hub.add_argument(
        "--login",
        choices=("sign-up", "jwtlab"),
        help="people sign up and a teacher approves (default), or log in through jwtlab serve",
    )
    hub.add_argument(
        "--without-walls",
        action="store_true",
        help="learners can read each other's files: only for a class that trusts one another",
    )
    hub.add_argument("--new-teacher-password", action="store_true", help="make and print a new one")
    hub.add_argument("--prepare-only", action="store_true", help="make everything ready, and start nothing")
    one = commands.add_parser("hand-in", help="hand in an assignment, from your server in the hub")
    one.add_argument("file", type=_named, metavar="FILE")


def hub(options: argparse.Namespace) -> int:
    """Start the hub."""
    from jwtlab.classroom.hub import start

    return start.run(
        start.HubOptions(
            options.folder,
            login=options.login,
            with_walls=not options.without_walls,
            new_teacher_password=options.new_teacher_password,
            prepare_only=options.prepare_only,
        )
    )


def hand_in(path: Path) -> int:
    """Hand in from a learner's own server, and say what was taken."""
    if importlib.util.find_spec("jupyterhub") is None:
        raise UsageError("this is no server of a hub; upload the file where your teacher says")
    from jwtlab.classroom.hub import hand_in as service

    taken = service.send(path)["taken"]
    print(f"{taken['assignment']} is handed in ({taken['when']}). Fingerprint {taken['fingerprint']}.")
    for note in taken["notes"]:
        print(f"To look at: {note}")
    return 0


def run(options: argparse.Namespace) -> int:
    """Run a step; gives the exit code."""
    if options.step == "hub":
        return hub(options)
    if options.step == "forget":
        from jwtlab.classroom import forgetting

        gone = forgetting.forget(options.folder, options.student)
        print(f"Deleted of {options.student}: {', '.join(gone)}.")
        print(
            "Not in this folder, so still there: the submissions as you got them, what you exported, a board's file."
        )
        return 0
    if options.step == "kit":
        return kit(options)
    if options.step == "overview":
        return overview(options.folder, options.csv, options.html)
    if options.step == "link":
        from jwtlab.classroom import link

        print(
            link.pull_link(
                options.repo, hub=options.hub or link.HUB, branch=options.branch, opens=options.open
            )
        )
        return 0
    if options.step == "new":
        return new(options.folder)
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError('this needs nbgrader: pip install "jwtlab[classroom]"')
    if options.step == "release":
        from jwtlab.classroom import course

        made = course.release(options.folder, options.new_version)
        print(f"Released in {options.folder / 'release'}: {', '.join(made) if made else 'nothing new'}.")
        return 0
    if options.step == "mark":
        from jwtlab.classroom import marking_pages

        return marking_pages.run(options.folder, options.port, names=not options.without_names)
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("--jobs is a number of 1 or more")
    if options.time_limit is not None and not 5 <= options.time_limit <= LONGEST_SECONDS:
        raise UsageError(f"--time-limit is a number of seconds from 5 to {LONGEST_SECONDS}")
    return grade(options)


def check_submission(path: Path) -> int:
    """Say what a student should know before handing in; 1 if something has to be put right."""
    from jwtlab.classroom import checking

    found = checking.check_submission(path)
    print(found)
    return 0 if found.fine else 1


def new(folder: Path) -> int:
    """Make a course's folder."""
    from jwtlab.classroom import course  # here: the doctor starts where its libraries are missing

    written = course.new(folder)
    print(f"{folder}: {len(written)} files written." if written else f"{folder} has everything already.")
    print("1. Put your class into roster.csv: one line a student, id,name.")
    print(f"2. jwtlab classroom release {folder}")
    print("3. Hand out what is in release/; keep source/ and .secret to yourself.")
    print(f"4. jwtlab classroom grade {folder} --submissions THE_ZIP")
    return 0


def overview(folder: Path, table: Path | None, page: Path | None) -> int:
    """Show a class's progress."""
    from jwtlab.classroom.overviews import overview as read

    found = read(folder)
    print(found)
    if table is not None:
        print(f"Table: {found.to_csv(table)}")
    if page is not None:
        print(f"Page: {found.to_html(page)}")
    return 0


def grade(options: argparse.Namespace) -> int:
    """From submissions to marks."""
    from jwtlab.classroom import grading

    folder: Path = options.folder
    summary = grading.grade(
        folder,
        options.submissions,
        jobs=options.jobs,
        time_limit=options.time_limit,
        progress=_bar if sys.stderr.isatty() else None,
    )
    counts: dict[str, int] = {}
    for row in summary.rows:
        counts[row.status] = counts.get(row.status, 0) + 1
    print(
        f"{len(summary.rows)} rows in {folder / 'marks.csv'}: "
        f"{', '.join(f'{count} {status}' for status, count in sorted(counts.items()))}."
    )
    print(f"Graded now: {summary.graded}; unchanged since an earlier run: {summary.kept}. {summary.sandbox}.")
    _list(
        "To look at:",
        [f"{r.student} {r.assignment}: {r.note}" for r in summary.rows if r.note and r.status != "missing"],
    )
    if summary.strangers:  # they stand nowhere else, so all of them are shown
        print("Files that count for nobody:")
        print("\n".join(f"  {place}: {why}" for place, why in summary.strangers.items()))
    return 0


def _list(title: str, lines: list[str]) -> None:
    if lines:
        print(title)
        print("\n".join(f"  {line}" for line in lines[:SHOWN]))
        if len(lines) > SHOWN:
            print(f"  and {len(lines) - SHOWN} more; marks.csv has them all")


def _bar(done: Iterable[Any], total: int) -> Iterable[Any]:
    from tqdm import tqdm  # type: ignore[import-untyped]

    bar: Iterable[Any] = tqdm(done, total=total, unit="submission", disable=total == 0)
    return bar
