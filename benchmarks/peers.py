"""What is measured beside, and comes from npm: fetched once into benchmarks/node/node_modules, by its lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "node"
LISTS = ("package.json", "package-lock.json")


@cache
def node() -> str | None:
    """The program ``node``, with the peers beside it; nothing, and a word on standard error, if they cannot be had."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return _without("no node and npm on the PATH (Debian: apt install nodejs npm)")
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LISTS)).hexdigest()
    stamp = HERE / "node_modules" / ".installed-from"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            return _without(f"npm ci did not work ({done.stderr.strip()[-300:]})")
        stamp.write_text(wanted, "utf-8")
    return program


def modules() -> Path:
    """Where the packages are."""
    return HERE / "node_modules"


def _without(why: str) -> None:
    print(f"{why}: rows beside oidc-provider and jwt-cracker are left out", file=sys.stderr)
