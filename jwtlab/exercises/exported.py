"""A learner's progress as a small file to hand on: to another machine, or to a teacher.

It is JSON with a check sum. The sum shows damage and careless editing. It does not show who has written the
file, nor that somebody solved anything: whoever reads this module can compute it. A signature would say who
wrote it, but the key would lie on the learner's own machine, so it would prove no more.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from jwtlab import names
from jwtlab.errors import UsageError, kind
from jwtlab.jose import strict_json

FORMAT = "jwtlab progress 1"
ABOUT = "what one learner has solved in jwtlab; made by: jwtlab progress export"
LARGEST = 256 * 1024
"""Bytes; an export of everything there is has 5 KiB."""
MOST = 5_000
"""Ids in one file."""
TOLERANCE = timedelta(days=1)
"""A machine's clock may be in another time zone, or a little fast."""
_ID = re.compile(r"\d\d\.[pq]?\d{1,3}", re.ASCII)
VERSION = metadata.version("jwtlab")
_MEMBERS = {"format", "about", "learner", "exported", "made_with", "solved", "done", "sum"}


@dataclass(frozen=True)
class Exported:
    """One learner's progress at one moment.

    Attributes:
        learner: the name that they chose.
        when: the moment of the export, by the clock of the learner's machine.
        done: ids of the exercises and questions that were answered rightly.
        made_with: the version of jwtlab.
    """

    learner: str
    when: datetime
    done: frozenset[str]
    made_with: str = VERSION

    def text(self) -> str:
        """The file's text."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "about": ABOUT,
            "learner": self.learner,
            "exported": self.when.astimezone(UTC).isoformat(timespec="seconds"),
            "made_with": self.made_with,
            "solved": len(self.done),
            "done": sorted(self.done),
        }
        return json.dumps({**document, "sum": check_sum(document)}, indent=1, ensure_ascii=False) + "\n"


def check_sum(document: dict[str, Any]) -> str:
    """SHA-256 of everything but the sum itself, however the file is laid out."""
    rest = {name: value for name, value in document.items() if name != "sum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def is_id(item: str) -> bool:
    """Is it in the form of an exercise's or a question's id?"""
    return bool(_ID.fullmatch(item))


def name_of(given: object) -> str:
    """The learner's name as it goes into a file.

    Raises:
        UsageError: there is none, or it is too long.
    """
    name = names.clean(given)
    if not name:
        raise UsageError("the export needs a name for your row, such as: --name alice")
    return name


def octets_of(path: Path) -> bytes:
    """The bytes of a file that could be progress.

    Raises:
        UsageError: it is no ordinary file, is empty or too large.
        OSError: it cannot be read.
    """
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise UsageError("is no ordinary file" if not stat.S_ISDIR(facts.st_mode) else "is a folder")
    if not facts.st_size:
        raise UsageError("is empty")
    if facts.st_size > LARGEST:
        raise UsageError(f"has {facts.st_size:,} bytes; no export has more than {LARGEST:,}")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LARGEST + 1)


def read(octets: bytes, now: datetime | None = None) -> Exported:
    """Read what `Exported.text` has written.

    Args:
        octets: the file.
        now: by default the time of this machine.

    Raises:
        UsageError: it is no export, is damaged, or says what cannot be; the message is a sentence without
            its subject, so that the file's name can stand before it.
    """
    document = _document(octets)
    if document.get("sum") != check_sum(document):
        raise UsageError("was changed after the export: its check sum does not fit")
    try:
        learner = name_of(document["learner"])
    except UsageError as error:
        raise UsageError(f"has no usable name: {error}") from None
    if learner != document["learner"]:
        raise UsageError("has a name with characters that cannot be seen, or that reverse the writing")
    made_with = document["made_with"]
    if not isinstance(made_with, str) or not re.fullmatch(r"[0-9A-Za-z.+-]{1,40}", made_with, re.ASCII):
        raise UsageError("does not say which version of jwtlab made it")
    return Exported(learner, _moment(document["exported"], now), _done(document), made_with)


def _document(octets: bytes) -> dict[str, Any]:
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in octets:
        raise UsageError("is no text in UTF-8: it is binary, or was saved anew by an editor as UTF-16")
    found = strict_json.read(octets.removeprefix(b"\xef\xbb\xbf"))
    if found.value is None:
        raise UsageError(f"is no export: {found.fault}")
    if found.fault or found.duplicates:
        raise UsageError(f"is no export: {found.fault or 'a member stands in it more than once'}")
    document = found.value
    form = document.get("format")
    if form is None and isinstance(document.get("done"), list):
        raise UsageError(
            "is the file in which progress is kept, not an export; make one: jwtlab progress export"
        )
    if isinstance(form, str) and form != FORMAT and re.fullmatch(r"jwtlab progress \d{1,6}", form, re.ASCII):
        raise UsageError(f"was made by another version of jwtlab ({form}; this one reads {FORMAT})")
    if form != FORMAT:
        raise UsageError("is JSON, but no export of progress")
    missing, more = sorted(_MEMBERS - document.keys()), len(document.keys() - _MEMBERS)
    if missing or more:
        raise UsageError(f"lacks {', '.join(missing)}" if missing else "has members that no export has")
    return document


def _moment(text: object, now: datetime | None) -> datetime:
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
        when = when.astimezone(UTC) if when is not None and when.tzinfo is not None else None
    except (ValueError, OverflowError):
        when = None
    if when is None:
        raise UsageError("does not say in a way that can be read when it was exported")
    if when > (now or datetime.now(UTC)) + TOLERANCE:
        raise UsageError(f"comes from the future: it says that it was exported on {when:%Y-%m-%d}")
    return when


def _done(document: dict[str, Any]) -> frozenset[str]:
    listed, solved = document["done"], document["solved"]
    if not isinstance(listed, list) or len(listed) > MOST:
        said = f"{len(listed):,} of them" if isinstance(listed, list) else kind(listed)
        raise UsageError(f"has an impossible list of what was solved: {said}")
    odd = next((each for each in listed if not isinstance(each, str) or not is_id(each)), None)
    if odd is not None:
        raise UsageError(f"names something that is no exercise: {str(odd)[:40]!r}")
    if len(set(listed)) < len(listed):
        raise UsageError("names an exercise more than once")
    if type(solved) is not int or solved != len(listed):
        raise UsageError(f"says that {str(solved)[:20]} were solved, and lists {len(listed)}")
    return frozenset(listed)
