"""Where the lessons are, and how a learner gets copies of them.

Learners work in copies: an update of jwtlab then never collides with what they have written. What was
copied is recorded by its fingerprint, so that a newer version can take the place of a copy that nobody
has changed, and of no other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.style import put_style

PATTERN = "[0-9][0-9]_*.ipynb"
FIRST = "00_start_here.ipynb"
RECORD = Path(".jwtlab") / "copies.json"
"""In a learner's folder: which copies were put there."""


def originals() -> list[Path]:
    """The lessons as they are shipped, in order.

    Raises:
        UsageError: there are none; the installation is broken.
    """
    return _lessons_in(source())


def _lessons_in(folder: Path) -> list[Path]:
    # A name with another dot or a hyphen is a back-up or a duplicate, whatever number it begins with.
    return sorted(path for path in folder.glob(PATTERN) if not {".", "-"}.intersection(path.stem))


def source() -> Path:
    """The folder of the original lessons: inside the package, or beside it in a checkout.

    Raises:
        UsageError: there are none; the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_lessons", package.parent / "notebooks"):
        if _lessons_in(folder):
            return folder
    raise UsageError("the lessons are missing from this installation; install jwtlab again")


def holds_originals(folder: Path) -> bool:
    """Is this the folder of the originals, by whatever way it is named?"""
    return folder.is_dir() and folder.samefile(source())


def default_folder(here: Path) -> Path:
    """Where a learner's copies live if nobody says: here, or in ``work`` inside a checkout."""
    if holds_originals(here):
        return here.resolve().parent / "work"
    in_checkout = holds_originals(here / "notebooks")
    return here / "work" if in_checkout or _lessons_in(here / "work") else here


@dataclass(frozen=True)
class Copied:
    """What `copy_missing` did; all are names of lessons.

    Attributes:
        new: put into the folder.
        renewed: copies of an older version that nobody had changed; they are of this version now.
        kept: there already, and not touched.
        outdated: those of the kept ones of which there is a newer version.
    """

    new: tuple[str, ...]
    kept: tuple[str, ...]
    renewed: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


def copy_missing(folder: Path) -> Copied:
    """Put the lessons that are missing into a folder, and renew copies that nobody has changed.

    A copy that was changed is never overwritten.

    Raises:
        UsageError: the folder is a file.
        OSError: the folder cannot be written to; it names the lesson that is not there.
    """
    make(folder)
    found: dict[str, list[str]] = {"new": [], "kept": [], "renewed": [], "outdated": []}
    if not holds_originals(folder):
        with _record(folder) as record:
            for original in originals():
                found[_bring(original, folder, record)].append(original.name)
    else:
        found["kept"] = [original.name for original in originals()]
    kept = sorted([*found["kept"], *found["outdated"]])
    return Copied(tuple(found["new"]), tuple(kept), tuple(found["renewed"]), tuple(found["outdated"]))


def _bring(original: Path, folder: Path, record: dict[str, Any]) -> str:
    """Bring one lesson to a folder; says what was done."""
    target = folder / original.name
    entry = _entry(original)
    if not os.path.lexists(target):
        _place(_prepared(original, target), target)
        record[original.name] = entry
        return "new"
    known, there = record.get(original.name), _fingerprint(target)
    if there == entry["copy"]:
        record[original.name] = entry
        return "kept"
    if known is None:  # put there by a version that recorded nothing, or by somebody else: said once
        record[original.name] = {"copy": "", "original": entry["original"]}
        return "outdated"
    if there and there == known["copy"]:
        _place(_prepared(original, target), target)
        record[original.name] = entry
        return "renewed"
    return "kept" if known["original"] == entry["original"] else "outdated"


def _entry(original: Path) -> dict[str, str]:
    """The fingerprints of a copy as it would be written, and of the original, which has no style sheet."""
    text = original.read_text("utf-8")
    return {"copy": _hash(put_style(text).encode()), "original": _hash(text.encode())}


def _hash(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _fingerprint(path: Path) -> str:
    with contextlib.suppress(OSError):
        return _hash(path.read_bytes())
    return ""


@contextlib.contextmanager
def _record(folder: Path) -> Iterator[dict[str, Any]]:
    """What was copied into a folder; written back at the end, also after a failure half way.

    Without it every copy counts as changed, so nothing is lost where it cannot be kept.
    """
    path = folder / RECORD
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        document = None
    entries = document.items() if isinstance(document, dict) else ()
    record = {name: entry for name, entry in entries if _is_entry(entry)}
    before = dict(record)
    try:
        yield record
    finally:
        if record != before:
            with contextlib.suppress(OSError):
                path.parent.mkdir(exist_ok=True)
                _place(_written(json.dumps(record, indent=1).encode(), path), path)


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in ("copy", "original"))


def find(number: str) -> Path:
    """The original of a lesson by its number, ``"03"`` or ``"3"``.

    Raises:
        UsageError: no such lesson; the message lists those there are.
    """
    wanted = number.strip().removesuffix(".ipynb")
    for original in originals():
        if (wanted and wanted.zfill(2) == original.name[:2]) or wanted == original.stem:
            return original
    known = ", ".join(original.name[:2] for original in originals())
    raise UsageError(f"there is no lesson {number!r}; there are: {known}")


def reset(number: str, folder: Path) -> tuple[Path, Path | None]:
    """Put back one lesson as it was, and keep the learner's version under another name.

    Returns:
        The lesson, and the back-up (``None`` if there was nothing to keep).

    Raises:
        UsageError: no such lesson, or the folder is that of the originals, or a file.
        OSError: the folder cannot be written to; the learner's version is where it was.
    """
    original = find(number)
    make(folder)
    target = folder / original.name
    if holds_originals(folder) or (target.exists() and target.samefile(original)):
        raise UsageError(
            f"{folder} holds the original lessons, and reset works on copies. "
            f"Name the folder of yours, such as: jwtlab reset {number} work"
        )
    fresh = _prepared(original, target)  # first: if there is no room for it, nothing has changed
    try:
        backup = _back_up(target) if os.path.lexists(target) else None
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    try:
        _place(fresh, target)
    except OSError:
        if backup is not None:
            backup.rename(target)
        raise
    with _record(folder) as record:
        record[original.name] = _entry(original)
    return target, backup


def make(folder: Path) -> None:
    """Make the folder of a learner's copies, if it is not there.

    Raises:
        UsageError: it is a file.
        OSError: it cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; FOLDER is the folder of your copies")
    folder.mkdir(parents=True, exist_ok=True)


def _back_up(path: Path) -> Path:
    count = 1
    while os.path.lexists(backup := path.with_name(f"{path.stem}.backup-{count}.ipynb")):
        count += 1
    path.rename(backup)
    return backup


def _prepared(original: Path, target: Path) -> Path:
    """The copy, whole, under a name of its own beside the place where it will be."""
    return _written(put_style(original.read_text("utf-8")).encode(), target)


def _written(octets: bytes, target: Path) -> Path:
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
    try:
        with fresh.open("xb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())  # a full disk may be noticed only here
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise OSError(error.errno, f"cannot be written ({error.strerror})", str(target)) from error
    return fresh


def _place(fresh: Path, target: Path) -> None:
    try:
        fresh.replace(target)  # all or nothing
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    if target.suffix == ".ipynb":
        _trust(target)


def _trust(path: Path) -> None:
    """Sign a copy as trusted: JupyterLab shows the HTML of our own outputs only then.

    Not vital: where the signature data base cannot be written, the lesson looks plainer until it is run.
    """
    try:
        import nbformat  # here, so that the doctor can start where Jupyter is missing
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
        with contextlib.closing(notary.store):
            notary.sign(nbformat.read(path, as_version=4))
    except Exception:  # a data base of any kind may stand behind the store, with errors of its own
        return
