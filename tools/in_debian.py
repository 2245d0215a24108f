"""Run a command in a copy of this checkout, in a Debian of its own: for a Python that this machine does not have.

    python tools/in_debian.py forky make lab ARGS=--version
    python tools/in_debian.py --with python3.15-venv forky make test PYTHON=python3.15

It needs root, debootstrap and bubblewrap, and takes packages from where this machine's apt takes them. The system is
made once and kept (``--root``); the checkout is copied anew each time, without what git ignores. The command sees
nothing of this machine but that copy, pip's settings and certificates.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from new_machines import checkout

PACKAGES = ("python3", "python3-venv", "make", "git", "ca-certificates")
SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d")
_ADDRESS = re.compile(r"^(?:URIs:|deb(?: \[[^]]*\])?)\s+(\S+)", re.M)
SETTINGS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/resolv.conf",
    "/etc/pip.conf",
    "~/.config/pip/pip.conf",
    "~/.pip/pip.conf",
)
"""What pip needs to reach its packages."""
INSIDE = "root/jwtlab"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("suite", help="of Debian, such as forky")
    parser.add_argument(
        "--with", dest="more", action="append", default=[], metavar="PACKAGE", help="install this too"
    )
    parser.add_argument(
        "--root", type=Path, help="where the system is kept (default: in the temporary folder)"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what is run in the checkout")
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("name a command, such as: make lab ARGS=--version")
    missing = [name for name in ("debootstrap", "bwrap") if shutil.which(name) is None]
    if missing or os.geteuid() != 0:
        print(f"this needs root{''.join(f', and {name}' for name in missing)}", file=sys.stderr)
        return 2
    root = options.root or Path(tempfile.gettempdir(), f"jwtlab-debian-{options.suite}")
    packages = [*PACKAGES, *options.more]
    if not is_whole(root, packages):
        make(root, options.suite, packages)
    shutil.rmtree(root / INSIDE, ignore_errors=True)
    checkout(root / INSIDE.rpartition("/")[0])
    subprocess.run(["git", "init", "-q", str(root / INSIDE)], check=True)
    return subprocess.run([*walls(root), "--", *options.command], check=False).returncode


def is_whole(root: Path, packages: list[str]) -> bool:
    """Was it made with these packages, to its end?"""
    stamp = root / "etc" / "jwtlab-packages"
    return stamp.exists() and stamp.read_text("utf-8").split() == packages


def make(root: Path, suite: str, packages: list[str]) -> None:
    """A Debian of this suite in a folder, with what pip needs to reach its packages."""
    shutil.rmtree(root, ignore_errors=True)
    address = next(mirrors(), None)
    if address is None:
        raise SystemExit(f"no address of packages stands in {' or '.join(SOURCES)}")
    command = [
        "debootstrap",
        "--variant=minbase",
        f"--include={','.join(packages)}",
        suite,
        str(root),
        address,
    ]
    # A suite that debootstrap does not know by name is made as the newest one is.
    if not Path("/usr/share/debootstrap/scripts", suite).exists():
        command.append("/usr/share/debootstrap/scripts/sid")
    subprocess.run(command, check=True)
    for name in map(os.path.expanduser, SETTINGS):
        if os.path.isfile(name):
            inside = root / name.replace(os.path.expanduser("~"), "root", 1).lstrip("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, inside)
    (root / "etc" / "jwtlab-packages").write_text("\n".join(packages), "utf-8")


def mirrors() -> Iterator[str]:
    """Addresses of packages that this machine's apt knows, in their order."""
    for place in map(Path, SOURCES):
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            if file.is_file() and file.suffix in (".list", ".sources"):
                yield from _ADDRESS.findall(file.read_text("utf-8"))


def walls(root: Path) -> list[str]:
    """bubblewrap's words: the system as it was made, the network, and nothing else of this machine."""
    words = ["bwrap", "--bind", str(root), "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    words += ["--tmpfs", "/dev/shm", "--chdir", f"/{INSIDE}", "--die-with-parent", "--clearenv"]
    for name, value in (("HOME", "/root"), ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LANG", "C.UTF-8")):
        words += ["--setenv", name, value]
    return words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
