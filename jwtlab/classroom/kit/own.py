"""jwtlab's own wheel: built in a checkout, or packed again from what is installed."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

from jwtlab.errors import UsageError

ROOT = Path(__file__).resolve().parents[3]


def in_checkout() -> bool:
    """Does this jwtlab run from a checkout?"""
    return (ROOT / "pyproject.toml").is_file() and (ROOT / "hatch_build.py").is_file()


def extras() -> list[str]:
    """The extras that this jwtlab knows."""
    return sorted(importlib.metadata.metadata("jwtlab").get_all("Provides-Extra") or ())


def make(folder: Path) -> Path:
    """Put the wheel into a folder.

    Raises:
        UsageError: it cannot be made.
    """
    for old in folder.glob("jwtlab-*.whl"):
        old.unlink()
    if in_checkout():
        _build(folder)
    else:
        _pack_again(folder)
    return next(folder.glob("jwtlab-*.whl"))


def _build(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check"]
    command += ["--wheel-dir", str(folder), str(ROOT)]
    try:  # with the build backend that is here, if it is: then nothing is fetched
        import hatchling  # noqa: F401

        command.insert(4, "--no-build-isolation")
    except ImportError:
        pass
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "pip said nothing").splitlines()[-1]
        raise UsageError(f"jwtlab's own wheel could not be built: {last}")


def _pack_again(folder: Path) -> None:
    """A wheel from the installed files: the same modules, the same metadata, a fresh list of them."""
    installed = importlib.metadata.distribution("jwtlab")
    name = f"jwtlab-{installed.version}"
    lines = []
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as packed:
        for each in sorted(installed.files or [], key=str):
            top = each.parts[0]
            if top not in ("jwtlab", f"{name}.dist-info") or "__pycache__" in each.parts:
                continue
            if top != "jwtlab" and each.name in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"):
                continue
            octets = each.read_binary()
            packed.writestr(each.as_posix(), octets)
            digest = base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).rstrip(b"=").decode()
            lines.append(f"{each.as_posix()},sha256={digest},{len(octets)}\n")
        if not lines:
            raise UsageError(
                "this jwtlab is not installed in a way that can be packed; make the kit in a checkout"
            )
        packed.writestr(f"{name}.dist-info/RECORD", "".join(lines) + f"{name}.dist-info/RECORD,,\n")
