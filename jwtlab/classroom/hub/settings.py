"""``hub.toml``: what a teacher decides about the hub. A mistake in it names the line and the way out."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jwtlab.errors import UsageError
from jwtlab.registry import tables

FILE = "hub.toml"
LOGINS = ("sign-up", "jwtlab")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNITS = {"M": 1024**2, "G": 1024**3}
_HOURS = re.compile(
    r"(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? (?P<from>\d\d:\d\d)-(?P<to>\d\d:\d\d)"
)

TEMPLATE = """\
# The hub of this course. Every line that begins with # is a remark; what it shows is the default.

# Where learners find it. 127.0.0.1 is this machine only; for a class write the address of this machine
# in the class's network, such as host = "192.168.1.10".
# host = "127.0.0.1"
# port = 8000

# Who may come in: "sign-up" (people sign up, a teacher approves each), or "jwtlab" (the accounts of people.toml,
# by jwtlab's own authorization server, on the port after the hub's).
# login = "sign-up"
# teachers = ["teacher"]

# For each learner, server and kernels together. A server and the kernel of one lesson need about 180 MB.
# memory = "1G"
# The debugger of JupyterLab. No lesson needs it, and it takes 8 MB in each kernel.
# debugger = false
# How many servers at once; 0: as many as fit into this machine's memory.
# seats = 0
# How many start at the same moment; the others wait in a queue and see their place in it.
# start_at_once = 4

# A server that nobody used for so long is ended; what was saved is kept. Never during class.
# idle_minutes = 60
# class_hours = ["Mon-Fri 08:00-18:00"]

# Teachers and learners are warned when the disk has less left than this.
# warn_below = "5G"

# The board, at /services/board/: for learners who take part, and for you with a key. On the second port after the
# hub's, which only this machine reaches.
# board = false

# For HTTPS: a certificate and its private key.
# certificate = "hub.crt"
# private_key = "hub.key"
"""


@dataclass(frozen=True)
class ClassHours:
    """Days and times at which no server is ended.

    Attributes:
        days: 0 is Monday.
        start, end: times of day; the end does not belong to it.
    """

    days: frozenset[int]
    start: time
    end: time

    def __contains__(self, moment: datetime) -> bool:
        return moment.weekday() in self.days and self.start <= moment.time() < self.end


@dataclass(frozen=True)
class Settings:
    """What stands in ``hub.toml``; sizes are in bytes."""

    host: str = "127.0.0.1"
    port: int = 8000
    login: str = "sign-up"
    teachers: tuple[str, ...] = ("teacher",)
    memory: int = 1024**3
    debugger: bool = False
    seats: int = 0
    start_at_once: int = 4
    idle_minutes: int = 60
    class_hours: tuple[ClassHours, ...] = ()
    warn_below: int = 5 * 1024**3
    board: bool = False
    certificate: str = ""
    private_key: str = ""

    @property
    def address(self) -> str:
        """Where learners find the hub."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def issuer(self) -> str:
        """Where `jwtlab serve` is, if people log in with it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port + 1}"

    @property
    def board_place(self) -> str:
        """Where the board listens, for the hub and for learners' kernels; only this machine reaches it.

        It stays the same when the hub starts again, so that learners stay on the board.
        """
        return f"http://127.0.0.1:{self.port + 2}"

    def in_class(self, moment: datetime) -> bool:
        """Is it during class hours?"""
        return any(moment in each for each in self.class_hours)


def read(path: Path) -> Settings:
    """Read ``hub.toml``.

    Raises:
        UsageError: it is wrong; the message names the file, the line and the way out.
    """
    text = tables.text_of(path, "jwtlab classroom hub")
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(tables.not_toml(path, text, error)) from None
    names = [each.name for each in fields(Settings)]
    found: dict[str, Any] = {}
    for key, value in values.items():
        try:
            if key not in names:
                near = get_close_matches(key, names, 1)
                raise UsageError(
                    f"{key} is not known; "
                    + (f"did you mean {near[0]}?" if near else f"known are: {', '.join(names)}")
                )
            found[key] = _READERS[key](key, value)
        except UsageError as error:
            line = _line_of(text, key)
            raise UsageError(f"{path}{f', line {line}' if line else ''}: {error}") from None
    if bool(found.get("certificate")) != bool(found.get("private_key")):
        raise UsageError(f"{path}: certificate and private_key belong together; give both or none")
    for key in ("certificate", "private_key"):
        if found.get(key) and not (path.parent / found[key]).is_file():
            raise UsageError(f"{path}, line {_line_of(text, key)}: there is no file {found[key]!r}")
    return Settings(**found)


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"""\s*(?:["']?{re.escape(key)}["']?\s*[=.]|\[+\s*{re.escape(key)}\b)""")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 0)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f'{key} is a text in quotes: {key} = "..."')
    return value.strip()


def _host(key: str, value: Any) -> str:
    host = _text(key, value)
    if host in ("0.0.0.0", "::", "*"):
        raise UsageError(
            "host is the address by which learners reach this machine, such as 192.168.1.10; "
            f"{host} is no address that they can type"
        )
    try:
        if urlsplit(f"http://{f'[{host}]' if ':' in host else host}").hostname != host.lower():
            raise ValueError
    except ValueError:
        raise UsageError(
            f"{host!r} is no host; write an address or a name alone, without http:// and port"
        ) from None
    return host


def _number(low: int, high: int) -> Any:
    def read_number(key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise UsageError(f"{key} is a number from {low} to {high}, without quotes")
        return value

    return read_number


def _yes_or_no(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{key} is true or false, without quotes")
    return value


def _size(key: str, value: Any) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([MG])B?", value) if isinstance(value, str) else None
    size = int(float(match[1]) * _UNITS[match[2]]) if match else 0
    if size < 64 * 1024**2:
        raise UsageError(f'{key} is a size such as "512M" or "1.5G", at least "64M"')
    return size


def _memory(key: str, value: Any) -> int:
    size = _size(key, value)
    if size < 384 * 1024**2:
        raise UsageError("memory below 384M is not enough for a server and a lesson; write 1G")
    return size


def _login(key: str, value: Any) -> str:
    if value not in LOGINS:
        raise UsageError(f'login is "sign-up" or "jwtlab"; this is {value!r}')
    return str(value)


def _teachers(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise UsageError('teachers is a list of usernames: teachers = ["teacher"]')
    bad = next((each for each in value if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{0,63}", each)), None)
    if bad is not None:
        raise UsageError(f"{bad!r} cannot be a username; use small letters, digits and . _ @ -")
    return tuple(value)


def _class_hours(key: str, value: Any) -> tuple[ClassHours, ...]:
    if not isinstance(value, list):
        raise UsageError('class_hours is a list: class_hours = ["Mon-Fri 08:00-18:00"]')
    return tuple(_hours(each) for each in value)


def _hours(words: Any) -> ClassHours:
    match = _HOURS.fullmatch(words.strip()) if isinstance(words, str) else None
    try:
        if match is None:
            raise ValueError
        first = DAYS.index(match["first"])
        last = DAYS.index(match["last"] or match["first"])
        start, end = time.fromisoformat(match["from"]), time.fromisoformat(match["to"])
    except ValueError:
        raise UsageError(
            f'{words!r} is no class; write days and times like "Mon-Fri 08:00-18:00" or "Sat 09:00-12:30" '
            f"(days: {', '.join(DAYS)})"
        ) from None
    if start >= end:
        raise UsageError(f"{words!r} ends before it begins; write two entries for a class across midnight")
    days = {(first + number) % 7 for number in range((last - first) % 7 + 1)}
    return ClassHours(frozenset(days), start, end)


_READERS: dict[str, Any] = {
    "host": _host,
    "port": _number(1024, 65533),
    "login": _login,
    "teachers": _teachers,
    "memory": _memory,
    "seats": _number(0, 5000),
    "start_at_once": _number(1, 100),
    "idle_minutes": _number(5, 10_000),
    "class_hours": _class_hours,
    "warn_below": _size,
    "board": _yes_or_no,
    "debugger": _yes_or_no,
    "certificate": _text,
    "private_key": _text,
}
