"""TOML files of named entries, read so that every mistake names the file, the entry or line, and the way out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jwtlab.errors import UsageError

LARGEST = 8 * 1024**2
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True)
class TableEntry:
    """One table, ``[people.alice]``.

    Attributes:
        path: of the file.
        kind, name: ``people`` and ``alice``.
        values: what stands in it.
        text: of the whole file, to find lines.
    """

    path: Path
    kind: str
    name: str
    values: Mapping[str, Any]
    text: str

    def wrong(self, words: str, key: str = "") -> UsageError:
        """An error about this entry, or one line of it."""
        line = _line_of(self.text, self.kind, self.name, key)
        where = f"{self.path}, line {line}" if line else f"{self.path}"
        return UsageError(f"{where}, [{self.kind}.{self.name}]: {words}")

    def only(self, *known: str) -> None:
        """Refuse a key that nobody reads: a slip of the pen would otherwise go unseen.

        Raises:
            UsageError: there is one.
        """
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"
                raise self.wrong(f"{key} is not known; {hint}", key)

    def text_of(self, key: str, default: str | None = None) -> str:
        """A text.

        Raises:
            UsageError: it is missing, empty, or something else.
        """
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(f'{key} is missing; write {key} = "..."')
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'{key} is a text in quotes: {key} = "..."', key)
        return value

    def texts_of(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts.

        Raises:
            UsageError: it is something else.
        """
        value = self.values.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise self.wrong(f'{key} is a list of texts: {key} = ["...", "..."]', key)
        return tuple(value)

    def truth_of(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false``.

        Raises:
            UsageError: it is something else.
        """
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} is true or false, without quotes", key)
        return value


def read(path: Path, kind: str, option: str) -> list[TableEntry]:
    """The entries of a file.

    Args:
        path: the file.
        kind: the name of the outer table, such as ``people``.
        option: what the file was given for, such as ``--people``, for messages.

    Raises:
        UsageError: it is missing, no TOML, or has another form.
    """
    text = text_of(path, option)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(not_toml(path, text, error)) from None
    strange = [key for key in document if key != kind]
    if strange:
        line = _line_of(text, strange[0])
        raise UsageError(
            f"{path}{f', line {line}' if line else ''}: {strange[0]!r} does not belong here; "
            f"every entry begins with a line [{kind}.NAME]"
        )
    tables = document.get(kind, {})
    if not isinstance(tables, dict):
        raise UsageError(f"{path}: write each entry as a table of its own, beginning with [{kind}.NAME]")
    return list(_entries(path, kind, tables, text))


def _entries(path: Path, kind: str, tables: Mapping[str, Any], text: str) -> Iterator[TableEntry]:
    for name, values in tables.items():
        if not isinstance(values, dict):
            line = _line_of(text, kind, key=name)
            raise UsageError(
                f"{path}{f', line {line}' if line else ''}: {name} stands in [{kind}] itself; "
                f"an entry begins with a line [{kind}.NAME]"
            )
        yield TableEntry(path, kind, name, values, text)


def text_of(path: Path, option: str) -> str:
    """The text of a file.

    Raises:
        UsageError: it is missing, too large, or no text.
    """
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise UsageError(f"{path} {what}; {option} takes a file")
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is larger than {LARGEST // 1024**2} MB; is it the right file?")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error})") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}, line {line}: this is no UTF-8; save the file with that encoding") from None


def not_toml(path: Path, text: str, error: Exception) -> str:
    """What is wrong with a text that is no TOML, and in which line."""
    said = str(error)
    match = _LINE.search(said)
    line = int(match[1]) if match and match[1] else max(1, len(text.splitlines()))
    words = _LINE.sub("", said).strip() if match else "the tables are nested too deep"
    lines = text.splitlines()
    shown = lines[line - 1].strip()[:60] if 0 < line <= len(lines) else ""
    if re.search(r"pass|secret|hash", shown, re.I):  # a screen is looked at by others
        shown = ""
    return f"{path}, line {line}: {words[:1].lower() + words[1:]}{f' in {shown!r}' if shown else ''}; mend this line"


def _line_of(text: str, kind: str, name: str = "", key: str = "") -> int:
    """The line of an entry's first line, or of a key in it; 0 if it cannot be found."""
    names = {name, f'"{name}"', f"'{name}'"}
    begun = not name
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            head = stripped.strip("[").partition("]")[0].strip()
            outer, _, inner = head.partition(".")
            if not name and not key and outer.strip() == kind:
                return number
            if name and first:
                break
            if name and outer.strip() == kind and inner.strip() in names:
                begun, first = True, number
                if not key:
                    return number
        elif begun and re.match(rf"""["']?{re.escape(key or kind)}["']?\s*=""", stripped):
            return number
    return first


def quoted(text: str) -> str:
    """A text as TOML writes it (a basic string: TOML 1.0, section String)."""
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(short.get(c, c if c.isprintable() else f"\\U{ord(c):08X}") for c in text) + '"'
