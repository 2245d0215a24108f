"""The command ``jwtlab``.

jwtlab lab [FOLDER] [...]   put the missing lessons into FOLDER and open JupyterLab on the first;
                            further arguments go to JupyterLab, such as --no-browser --port 8900
jwtlab reset NN [FOLDER]    put lesson NN back as it was, and keep your version
jwtlab serve                an authorization server and an API on 127.0.0.1, for a browser, curl or any client
jwtlab board                the room at a glance: a class sees where it is stuck
jwtlab read FILE.har        a login that a browser has recorded: what went wrong, and where
jwtlab site [FOLDER]        the lessons as pages to read, in a folder: no server, no network
jwtlab slides [FOLDER]      the lessons as slides, with notes for the speaker
jwtlab progress ...         your progress as a small file: export it, load it elsewhere
jwtlab classroom ...        graded assignments: new, release, grade; a hub, an overview and a kit for the class
jwtlab check-submission F   run a saved assignment as it will be run when it is marked
jwtlab doctor [FOLDER]      say what is wrong with the installation, and how to mend it; --class before a class
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from jwtlab import __version__, doctor, lessons
from jwtlab.board import command as board
from jwtlab.classroom.command import add_to as add_classroom
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.lab_command import lab
from jwtlab.progress_command import add_to as add_progress
from jwtlab.read import add_to as add_read
from jwtlab.site.command import add_to as add_site


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a path may have letters that this terminal does not know
            stream.reconfigure(errors="backslashreplace")
    try:
        if words[:1] == ["lab"] and not {"-h", "--help"}.intersection(words):
            return lab(words[1:])
        return _other(words)
    except JwtlabError as error:
        print(f"jwtlab: {error}", file=sys.stderr)
    except BrokenPipeError:  # whoever read the output has seen enough: `jwtlab … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"jwtlab: {': '.join(map(str, filter(None, _words_of(error))))}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _words_of(error: OSError) -> tuple[object, ...]:
    return (error.filename, error.strerror) if error.strerror else (error,)


def _other(words: list[str]) -> int:
    options = _parser().parse_args(words)
    if options.command == "doctor":
        folder = options.folder or _folder_of_lessons()
        if options.whole_class:
            from jwtlab import class_doctor

            found = class_doctor.examine(folder, options.learners, options.hub)
        else:
            found = doctor.examine(folder)
        text, code = doctor.report(found)
        print(text)
        return code
    if options.command == "serve":
        return serve(options)
    if options.command == "board":
        return board.run(options)
    if options.command == "read":
        from jwtlab import read

        return read.run(options)
    if options.command in ("site", "slides"):
        from jwtlab.site import command as site

        return site.run(options)
    if options.command == "progress":
        from jwtlab import progress_command

        return progress_command.run(options)
    if options.command == "classroom":
        from jwtlab.classroom import command as classroom

        return classroom.run(options)
    if options.command == "check-submission":
        from jwtlab.classroom import command as classroom

        return classroom.check_submission(options.file)
    if options.command == "hand-in":
        from jwtlab.classroom import command as classroom

        return classroom.hand_in(options.file)
    if options.command == "reset":
        return reset(options.number, options.folder)
    _parser().print_help()
    return 0


def serve(options: argparse.Namespace) -> int:
    """Put the servers on a socket, until they are told to end."""
    from jwtlab import serve as serving  # loads Flask, which the other commands do without

    if options.add_person is not None or options.add_class is not None:
        return add_accounts(options)
    if options.password_stdin:
        raise UsageError("--password-stdin goes with --add-person NAME")
    if not 0 <= options.port <= 65535:
        raise UsageError(f"a port is a number from 0 to 65535; this is {options.port}")
    told = serving.Options(
        host=options.host,
        port=options.port,
        store=options.store,
        legacy=options.legacy,
        redirect_uris=tuple(options.client_redirect_uri),
        backchannel_logout_uris=_pairs(options.backchannel_logout_uri),
        remote=options.reachable_by_others,
        people=options.people,
        clients=options.clients,
        resources=_resources(options.resource),
        strangers=options.strangers,
    )
    return serving.run(told, options.json)


def add_accounts(options: argparse.Namespace) -> int:
    """Add a person or a class to the people file."""
    from jwtlab.registry import command, people

    path: Path = options.people or people.DEFAULT_FILE
    if options.add_class is not None:
        if options.add_person is not None:
            raise UsageError("--add-person or --add-class: one at a time")
        return command.add_class(path, options.add_class)
    return command.add_person(path, options.add_person, from_stdin=options.password_stdin)


def _pairs(given: list[str]) -> dict[str, str]:
    """``CLIENT=URI`` → client, address."""
    pairs = [each.partition("=") for each in given]
    for name, equals, uri in pairs:
        if not name or not equals or not uri.startswith(("http://", "https://")):
            raise UsageError(
                f"--backchannel-logout-uri wants CLIENT=URI, such as web=http://127.0.0.1:9000/logout; "
                f"this is {name + equals + uri!r}"
            )
    return {name: uri for name, _, uri in pairs}


def _resources(given: list[str]) -> dict[str, dict[str, str]]:
    """``URL=SCOPE,SCOPE`` → audience, scopes with words for the consent page."""
    found: dict[str, dict[str, str]] = {}
    for each in given:
        audience, equals, names = each.rpartition("=")
        scopes = [name for name in names.split(",") if re.fullmatch(r"[!#-+.-\[\]-~]+", name)]
        whole = audience.startswith(("http://", "https://")) and "#" not in audience
        if not (equals and whole and scopes and len(scopes) == len(names.split(","))):
            raise UsageError(
                f"--resource wants URL=SCOPE,SCOPE, such as http://127.0.0.1:8000/mcp=tools:use; this is {each!r}"
            )
        found[audience] = dict.fromkeys(scopes, f"Use {audience} for you")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jwtlab", description="Learn JWT, OAuth 2.0 and OpenID Connect by doing."
    )
    parser.add_argument("--version", action="version", version=f"jwtlab {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    start = commands.add_parser("lab", help="open the lessons in JupyterLab")
    start.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="where your copies are (default: this folder)"
    )
    start.epilog = "Further arguments go to JupyterLab: --no-browser --port 8900"
    again = commands.add_parser("reset", help="put a lesson back as it was; your version is kept")
    again.add_argument("number", metavar="NN", help="the lesson's number, such as 03")
    again.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    server = commands.add_parser("serve", help="an authorization server and an API on 127.0.0.1")
    server.add_argument(
        "-p", "--port", type=int, default=8765, metavar="N", help="0 takes a free one (default: 8765)"
    )
    server.add_argument(
        "--store", metavar="FILE", help="keep everything in this SQLite file (default: in memory)"
    )
    server.add_argument(
        "--json", action="store_true", help="describe it as one line of JSON on standard output"
    )
    server.add_argument(
        "--resource",
        action="append",
        default=[],
        metavar="URL=SCOPE,SCOPE",
        help="give out tokens for a further API too, with scopes of its own (may be repeated)",
    )
    server.add_argument(
        "--strangers",
        action="store_true",
        help="with --people: clients may register themselves, or be named by the address of their metadata "
        "document. With the lab's people they always may",
    )
    server.add_argument("--legacy", action="store_true", help="answer the implicit and password grants too")
    server.add_argument(
        "--client-redirect-uri",
        action="append",
        default=[],
        metavar="URI",
        help="register a further redirect URI (may be repeated)",
    )
    server.add_argument(
        "--backchannel-logout-uri",
        action="append",
        default=[],
        metavar="CLIENT=URI",
        help="tell a client there when somebody logs out (may be repeated)",
    )
    server.add_argument(
        "--people", type=Path, metavar="FILE", help="people of your own (TOML) instead of the lab's"
    )
    server.add_argument(
        "--clients",
        type=Path,
        metavar="FILE",
        help="client applications of your own (TOML) instead of the lab's",
    )
    server.add_argument(
        "--add-person",
        metavar="NAME",
        help="add somebody to the people file (default: people.toml), asking for a password or making one up",
    )
    server.add_argument(
        "--add-class",
        type=Path,
        metavar="LIST",
        help="add everybody of a class list (one name a line, or CSV) and print their passwords",
    )
    server.add_argument(
        "--password-stdin", action="store_true", help="--add-person takes the password from standard input"
    )
    server.epilog = "SIGTERM or Ctrl+C ends it; SIGUSR1 brings in a new signing key."
    server.add_argument("--host", default="127.0.0.1", help="another address than this machine's own")
    server.add_argument("--reachable-by-others", action="store_true", help="say that you mean that address")
    board.add_to(commands)
    add_read(commands)
    add_site(commands)
    add_progress(commands)
    add_classroom(commands)
    examine = commands.add_parser("doctor", help="what is wrong with the installation, and how to mend it")
    examine.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="where your copies are")
    examine.add_argument(
        "--class",
        dest="whole_class",
        action="store_true",
        help="is this machine ready for a class? ports, memory, disk, browser, network",
    )
    examine.add_argument(
        "--learners", type=int, default=30, metavar="N", help="with --class: how many will come (default: 30)"
    )
    examine.add_argument(
        "--hub", action="store_true", help="with --class: all of them work on this machine, through a hub"
    )
    return parser


def _folder_of_lessons() -> Path:
    try:
        return lessons.default_folder(Path.cwd())
    except UsageError:  # no lessons at all, which the doctor must live with
        return Path.cwd()


def reset(number: str, folder: Path | None) -> int:
    """Put a lesson back."""
    if folder is None:
        here = Path.cwd()
        folder = here if lessons.holds_originals(here) else lessons.default_folder(here)
    target, backup = lessons.reset(number, folder)
    print(f"{target.name} is as it was." + (f" Your version is kept as {backup.name}." if backup else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
