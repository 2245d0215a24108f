"""``jwtlab read FILE.har``: a login that a browser has recorded, in words, as a page, as a picture, or for programs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from jwtlab.errors import UsageError


def add_to(commands: Any) -> None:
    """Describe the command to the parser."""
    reader = commands.add_parser("read", help="read a login out of a HAR file of a browser's developer tools")
    reader.add_argument("file", metavar="FILE.har", help="as it is, packed with gzip, or in a zip archive")
    reader.add_argument("--json", action="store_true", help="everything, for programs, on standard output")
    reader.add_argument("--html", type=Path, metavar="FILE", help="write a page that needs nothing else")
    reader.add_argument("--svg", type=Path, metavar="FILE", help="write the sequence diagram")
    reader.add_argument(
        "--har", type=Path, metavar="FILE", help="write what is shown as a HAR file, to be handed on"
    )
    reader.add_argument(
        "--keep-secrets",
        action="store_true",
        help="leave secrets, tokens, cookies and people as they are: for yourself only",
    )
    reader.add_argument("--all", action="store_true", help="show also what has nothing to do with a login")
    reader.add_argument("--partial", action="store_true", help="read a broken file as far as it goes")
    reader.epilog = "Secrets, tokens, cookies and people are replaced on reading; equal values stay equal."


def run(options: argparse.Namespace) -> int:
    """Read a file, write what was asked for; gives the exit code.

    Raises:
        UsageError: the file cannot be read, or one of the others would overwrite it.
    """
    from jwtlab.oauth.reading.recording import read_har

    targets = [each for each in (options.html, options.svg, options.har) if each is not None]
    for each in targets:
        if each.exists() and Path(options.file).exists() and each.samefile(options.file):
            raise UsageError(f"{each} is the recording itself; name another file to write to")
    if len({each.absolute() for each in targets}) < len(targets):
        raise UsageError("--html, --svg and --har want files of their own")
    recording = read_har(
        options.file, keep_secrets=options.keep_secrets, everything=options.all, partial=options.partial
    )
    if options.html is not None or options.svg is not None:
        from jwtlab.widgets.trace_reader import page_of, svg_of  # loads what draws

        if options.html is not None:
            _write(options.html, str(page_of(recording)))
        if options.svg is not None:
            _write(options.svg, svg_of(recording))
    if options.har is not None:
        _write(options.har, json.dumps(recording.trace.to_har(), indent=1))
    if options.json:
        print(json.dumps(recording.to_json()))  # ASCII: nothing in it can move a terminal's cursor
    else:
        print(_printable(str(recording)))
        for each in targets:
            print(f"Written: {each}")
    if options.keep_secrets:
        print("jwtlab: secrets are as they were recorded; show this to nobody", file=sys.stderr)
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", errors="replace")


def _printable(text: str) -> str:
    """Without characters that give a terminal orders."""
    return "".join(each if each == "\n" or each.isprintable() else "\ufffd" for each in text)
