"""Where the lessons are, and how a learner gets copies of them.

Learners work in copies: an update of jwtlab then never collides with what they have written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jwtlab.errors import UsageError
from jwtlab.style import put_style

PATTERN = "[0-9][0-9]_*.ipynb"
FIRST = "00_start_here.ipynb"


def source() -> Path:
    """The folder of the original lessons: inside the package, or beside it in a checkout.

    Raises:
        UsageError: there are none; the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_lessons", package.parent / "notebooks"):
        if any(folder.glob(PATTERN)):
            return folder
    raise UsageError("the lessons are missing from this installation; install jwtlab again")


def default_folder(here: Path) -> Path:
    """Where a learner's copies live if nobody says: here, or in ``work`` inside a checkout."""
    in_checkout = (here / "notebooks").is_dir() and source() == here / "notebooks"
    return here / "work" if in_checkout or any((here / "work").glob(PATTERN)) else here


@dataclass(frozen=True)
class Copied:
    """What `copy_missing` did.

    Attributes:
        new: names of the lessons that were put into the folder.
        kept: names of those that were there already and were not touched.
    """

    new: tuple[str, ...]
    kept: tuple[str, ...]


def copy_missing(folder: Path) -> Copied:
    """Put the lessons that are missing into a folder; never overwrite one.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new, kept = [], []
    for original in sorted(source().glob(PATTERN)):
        target = folder / original.name
        if target.exists():
            kept.append(original.name)
            continue
        _copy(original, target)
        new.append(original.name)
    return Copied(tuple(new), tuple(kept))


def find(number: str) -> Path:
    """The original of a lesson by its number, ``"03"`` or ``"3"``.

    Raises:
        UsageError: no such lesson; the message lists those there are.
    """
    wanted = number.strip().removesuffix(".ipynb")
    originals = sorted(source().glob(PATTERN))
    for original in originals:
        if (wanted and wanted.zfill(2) == original.name[:2]) or wanted == original.stem:
            return original
    known = ", ".join(original.name[:2] for original in originals)
    raise UsageError(f"there is no lesson {number!r}; there are: {known}")


def reset(number: str, folder: Path) -> tuple[Path, Path | None]:
    """Put back one lesson as it was, and keep the learner's version under another name.

    Returns:
        The lesson, and the back-up (``None`` if there was nothing to keep).

    Raises:
        UsageError: no such lesson.
    """
    original = find(number)
    target = folder / original.name
    backup = _back_up(target) if target.exists() else None
    folder.mkdir(parents=True, exist_ok=True)
    _copy(original, target)
    return target, backup


def _back_up(path: Path) -> Path:
    count = 1
    while (backup := path.with_name(f"{path.stem}.backup-{count}.ipynb")).exists():
        count += 1
    path.rename(backup)
    return backup


def _copy(original: Path, target: Path) -> None:
    fresh = target.with_name(target.name + ".new")
    fresh.write_text(put_style(original.read_text("utf-8")), "utf-8")
    fresh.rename(target)  # all or nothing
    _trust(target)


def _trust(path: Path) -> None:
    """Sign a copy as trusted: JupyterLab shows the HTML of our own outputs only then.

    Not vital: where the signature data base cannot be written, the lesson looks plainer until it is run.
    """
    try:
        import nbformat  # here, so that the doctor can start where Jupyter is missing
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
        notary.sign(nbformat.read(path, as_version=4))
        notary.store.close()
    except Exception:  # a data base of any kind may stand behind the store, with errors of its own
        return
