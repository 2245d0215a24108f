"""The entries of a recording, one after the other, out of JSON of any length.

Python's own JSON reader wants all of a text at once: a recording of 100 MB then takes a gigabyte. This one
walks to ``log.entries`` and hands each entry to Python's reader alone. What is longer than any entry of a
login is passed over without being kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jwtlab.errors import UsageError

LONGEST_ENTRY = 16 * 1024 * 1024
"""Characters. A film that a page plays is longer; a message of a login never is."""

_SPACE = re.compile(r"[ \t\r\n]*")
_SIGN = re.compile(r'["{}\[\]]')
_STRING = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.S)
_PLAIN = re.compile(r"[^,}\]\s]*")
_FIRST = 64 * 1024


class BrokenJson(UsageError):
    """The text is no JSON, or ends too early.

    Attributes:
        entries: how many entries could be read before.
    """

    def __init__(self, message: str, entries: int = 0) -> None:
        super().__init__(message)
        self.entries = entries


class TooLong:
    """Stands for a value that was passed over."""


TOO_LONG = TooLong()
UNREADABLE = TooLong()


class Stream:
    """A place in a text that comes in pieces.

    Args:
        pieces: of the text.
    """

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._buffer, self._at, self._gone = "", 0, 0
        self._ended = False
        self._decoder = json.JSONDecoder(strict=False)  # a control character in a text does no harm here

    def entries(self) -> Iterator[Any]:
        """The members of ``log.entries``; `TOO_LONG` and `UNREADABLE` stand for those that cannot be had.

        Raises:
            BrokenJson: the text is no JSON, or no recording.
        """
        count, found = 0, False
        try:
            for each in self._log():
                found = True
                if each is not None:
                    count += 1
                    yield each
        except BrokenJson as error:
            error.entries = count
            raise
        if not found:
            raise BrokenJson('this is JSON, and no HAR: there is no "log" with "entries" in it')

    def _log(self) -> Iterator[Any]:
        """``None`` for the list itself, then its members."""
        sign = self._peek()
        if sign == "[":  # some tools write the list alone
            yield from self._list()
            return
        if sign != "{":
            raise self._broken("a HAR file begins with {")
        for key in self._members():
            if key == "log" and self._peek() == "{":
                for inner in self._members():
                    if inner == "entries" and self._peek() == "[":
                        yield from self._list()
                    else:
                        self._skip()
            elif key == "entries" and self._peek() == "[":
                yield from self._list()
            else:
                self._skip()

    def _list(self) -> Iterator[Any]:
        yield None
        self._take("[")
        if self._peek() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self._peek() == "]":
                self._take("]")
                return
            self._take(",")

    def _members(self) -> Iterator[str]:
        """The names of an object's members; the caller takes each value."""
        self._take("{")
        if self._peek() == "}":
            self._take("}")
            return
        while True:
            if self._peek() != '"':
                raise self._broken("the name of a member is missing")
            key = self._value()
            self._take(":")
            yield key if isinstance(key, str) else ""
            if self._peek() == "}":
                self._take("}")
                return
            self._take(",")

    # A value

    def _value(self) -> Any:
        """The value that begins here."""
        self._peek()
        wanted = _FIRST
        while True:
            self._fill(wanted)
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                unfinished = error.msg.startswith("Unterminated string")
                if self._ended or not self._may_go_on(error):
                    place = len(self._buffer) if unfinished else error.pos
                    raise self._broken(error.msg, place) from error
            except RecursionError:  # brackets within brackets: no message of a login looks so
                self._skip()
                return UNREADABLE
            except ValueError:  # a number of thousands of digits
                self._skip()
                return UNREADABLE
            else:
                if end < len(self._buffer) or self._ended or isinstance(value, dict | list | str):
                    self._at = end
                    return value
            if wanted >= LONGEST_ENTRY:
                self._skip()
                return TOO_LONG
            wanted *= 4

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Would more text mend it? A string may be unfinished; everything else is wrong where it stands."""
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._buffer) - 16

    def _skip(self) -> None:
        """Pass over the value that begins here, and keep nothing of it."""
        depth = 0
        sign = self._peek()
        if sign not in '"{[':
            self._skip_match(_PLAIN)
            return
        while True:
            sign = self._next_sign()
            if sign == '"':
                self._skip_match(_STRING)
                self._take('"')
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(sign, 0)
            if depth <= 0:
                return

    def _next_sign(self) -> str:
        while True:
            found = _SIGN.search(self._buffer, self._at)
            if found:
                self._at = found.end()
                return found.group()
            self._at = len(self._buffer)
            if not self._more():
                raise self._broken("it ends in the middle of a value")

    def _skip_match(self, pattern: re.Pattern[str]) -> None:
        while True:
            found = pattern.match(self._buffer, self._at)
            assert found is not None  # it matches nothing, too
            self._at = found.end()
            rest = len(self._buffer) - self._at
            if rest > 1 or (rest == 1 and self._buffer[self._at] != "\\"):
                return
            if not self._more():
                return

    # The buffer

    def _peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer) or not self._more():
                return self._buffer[self._at : self._at + 1]

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._broken(f"a {sign} is missing")
        self._at += 1

    def _fill(self, count: int) -> None:
        """Let so many characters lie before us, if there are so many."""
        while len(self._buffer) - self._at < count and self._more():
            pass

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            self._ended = True
            return False
        self._gone += self._at
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return True

    def _broken(self, what: str, at: int | None = None) -> BrokenJson:
        place = self._gone + (self._at if at is None else at)
        if self._ended and place >= self._gone + len(self._buffer) - 1:
            if not place:
                return BrokenJson("the file is empty")
            return BrokenJson(f"it ends in the middle, after {place:,} character{'s' * (place != 1)}")
        return BrokenJson(f"it is no JSON at character {place:,}: {what[:1].lower()}{what[1:]}")
