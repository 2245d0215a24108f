"""The options of ``jwtlab board``. Nothing heavy is loaded here: the doctor starts where libraries are missing."""

from __future__ import annotations

import argparse
from typing import Any

from jwtlab.board import PORT
from jwtlab.errors import UsageError


def add_to(commands: Any) -> None:
    """Add the command's options to the parser of ``jwtlab``."""
    parser = commands.add_parser(
        "board", help="the room at a glance: where a class is, and where it is stuck"
    )
    parser.add_argument(
        "-p", "--port", type=int, default=PORT, metavar="N", help=f"0 takes a free one (default: {PORT})"
    )
    parser.add_argument("--host", default="", help="another address than this machine's own")
    parser.add_argument(
        "--reachable-by-others",
        action="store_true",
        help="let the machines of this network reach it; without --host under every address of this machine",
    )
    parser.add_argument(
        "--store",
        default="board.sqlite",
        metavar="FILE",
        help="the one file in which everything is kept (default: board.sqlite)",
    )
    parser.add_argument(
        "--json", action="store_true", help="describe it as one line of JSON on standard output"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until told to end; gives the exit code."""
    from jwtlab.board import server  # loads Flask, which the other commands do without

    if not 0 <= options.port <= 65535:
        raise UsageError(f"a port is a number from 0 to 65535; this is {options.port}")
    return server.run(
        server.BoardOptions(
            host=options.host,
            port=options.port,
            store=options.store,
            others=options.reachable_by_others,
            as_json=options.json,
        )
    )
