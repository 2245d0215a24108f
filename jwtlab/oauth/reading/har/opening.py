"""The text of a recording, piece by piece, whatever it is packed in; a file that is none gets a sentence.

Nothing here holds more than a piece at once: a recording of a hundred megabytes is read like a small one.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from jwtlab.errors import UsageError

MOST_BYTES = 512 * 1024 * 1024
"""Of the text, unpacked; more than this is nobody's login."""
PIECE = 256 * 1024

_OTHERS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\xd4\xc3\xb2\xa1": "a packet capture (pcap), which holds packets and no messages",
    b"\x0a\x0d\x0d\x0a": "a packet capture (pcapng), which holds packets and no messages",
    b"SQLite format 3": "an SQLite database",
    b"(\xb5/\xfd": "packed with zstd; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ": "packed with xz; unpack it first",
    b"7z\xbc\xaf": "packed with 7-Zip; unpack it first",
    b"<!DO": "a page (HTML)",
    b"<htm": "a page (HTML)",
    b"<?xm": "XML",
}
"""How other files begin → what they are."""

EXPORT = (
    'In the browser\'s developer tools, tab Network, take "Save all as HAR" (Chromium), "Save All As HAR" (Firefox) '
    "or Export (Safari)"
)
"""The way out."""


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """The pieces of a recording's text.

    Args:
        path: a HAR file, as it is, packed with gzip, or inside a zip archive.

    Raises:
        UsageError: there is no such file, it is something else, or there is too much in it. The pieces
            raise it, too.
    """
    with ExitStack() as stack:
        try:
            file: Any = stack.enter_context(path.open("rb"))
        except IsADirectoryError as error:
            raise UsageError(f"{path} is a folder; name the .har file in it") from error
        except OSError as error:
            raise UsageError(f"{path} cannot be opened: {error.strerror or error}") from error
        except ValueError as error:  # a zero byte in the name
            raise UsageError(f"{str(path)!r} is no name of a file") from error
        head = file.read(16)
        file.seek(0)
        if head.startswith(b"\x1f\x8b"):
            file = stack.enter_context(gzip.open(file))
        elif head.startswith(b"PK\x03\x04"):
            file = stack.enter_context(_in_archive(path, file))
        yield _text(file, path.name)


def _in_archive(path: Path, file: IO[bytes]) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(file)
        inside = [each for each in archive.infolist() if each.filename.lower().endswith(".har")]
        if len(inside) != 1:
            raise UsageError(
                f"{path.name} is a zip archive with {len(inside)} .har files in it; one is wanted"
            )
        return archive.open(inside[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"{path.name} is a zip archive that cannot be read: {error}") from error


def _text(file: IO[bytes], name: str) -> Iterator[str]:
    """Decoded pieces. What is no text in the named encoding becomes a question mark in a box."""
    decoder: codecs.IncrementalDecoder | None = None
    total = 0
    for octets in _octets(file, name):
        total += len(octets)
        if total > MOST_BYTES:
            raise UsageError(
                f"{name} holds more than {MOST_BYTES // 1024**2} MB of text. Record the login alone: clear the "
                "list of the Network tab, log in, and export at once"
            )
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding(octets, name))("replace")
        yield decoder.decode(octets)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _octets(file: IO[bytes], name: str) -> Iterator[bytes]:
    while True:
        try:
            octets = file.read(PIECE)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            raise UsageError(
                f"{name} cannot be unpacked to its end: {error}. Copy or export it again"
            ) from error
        if not octets:
            return
        yield octets


def _encoding(head: bytes, name: str) -> str:
    """UTF-8 by its specification; Windows programs write UTF-16, too."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for start, what in _OTHERS.items():
        if head.startswith(start):
            raise UsageError(f"{name} is no HAR file, it is {what}. {EXPORT}")
    for start, encoding in (
        (b"{\0", "utf-16-le"),
        (b"\0{", "utf-16-be"),
        (b"[\0", "utf-16-le"),
        (b"\0[", "utf-16-be"),
    ):
        if head.startswith(start):
            return encoding
    if b"\0" in head[:2048]:
        raise UsageError(f"{name} is no HAR file: it holds binary data and no text. {EXPORT}")
    return "utf-8"


def pieces_of(text: str) -> Iterator[str]:
    """A text that is in memory already, as pieces."""
    stream = io.StringIO(text)
    while piece := stream.read(PIECE):
        yield piece
