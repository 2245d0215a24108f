"""``jwtlab classroom hub FOLDER``: make what is missing, and start JupyterHub."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from jwtlab.classroom import course
from jwtlab.errors import UsageError

NEEDED = ("jupyterhub", "nativeauthenticator", "oauthenticator", "jupyterhub_idle_culler")
CONFIG = "jupyterhub_config.py"


@dataclass(frozen=True)
class HubOptions:
    """What the command line says.

    Attributes:
        folder: of the course.
        login: instead of what ``hub.toml`` says.
        with_walls: learners are kept apart.
        new_teacher_password: make the teachers' passwords anew.
        prepare_only: make everything ready, and start nothing.
    """

    folder: Path
    login: str | None = None
    with_walls: bool = True
    new_teacher_password: bool = False
    prepare_only: bool = False


def sources() -> Path:
    """``classroom/jupyterhub``: in the package, or beside it in a checkout.

    Raises:
        UsageError: it is missing.
    """
    package = Path(str(resources.files("jwtlab")))
    for folder in (package / "_hub", package.parent / "classroom" / "jupyterhub"):
        if (folder / CONFIG).exists():
            return folder
    raise UsageError("the hub's files are missing from this installation; install jwtlab again")


def run(asked: HubOptions) -> int:
    """Start the hub; comes back only if nothing was started.

    Raises:
        UsageError: something is missing or wrong; nothing was started then.
    """
    folder = asked.folder.expanduser().resolve()
    missing = [each for each in NEEDED if importlib.util.find_spec(each) is None]
    if missing:
        raise UsageError(f'{", ".join(missing)} is missing: pip install "jwtlab[hub]"')
    if os.name != "posix":
        raise UsageError("JupyterHub runs on Linux and macOS only; in Windows use WSL, or a server")
    from jwtlab.classroom.hub import settings as hub_settings
    from jwtlab.classroom.hub import walls
    from jwtlab.classroom.hub.disk import DiskNotice
    from jwtlab.classroom.hub.login import prepare

    _make(folder)
    if asked.login is not None:
        _write_login(folder / hub_settings.FILE, asked.login)
    settings = hub_settings.read(folder / hub_settings.FILE)
    if asked.with_walls:
        walls.bubblewrap()
    if settings.login == "jwtlab":
        prepare(folder, replace(settings))
    _bring_proxy(folder / "hub")
    told = [
        f"Hub                   {settings.address}",
        f"Settings              {folder / hub_settings.FILE}",
    ]
    if settings.login == "jwtlab":
        told.append(f"Login                 {settings.issuer}, with the accounts of {folder / 'people.toml'}")
    else:
        told.append(f"Approve sign-ups      {settings.address}/hub/authorize (log in as the teacher)")
    told.append(f"Handed in             {folder / 'submitted'}")
    if settings.board:
        told.append(f"Board                 {settings.address}/services/board/ (word and your page: below)")
    if not asked.with_walls:
        told.append("WARNING: without walls, every learner can read the files of all others, and the hub's.")
    if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.certificate:
        told.append(
            "WARNING: this is HTTP without encryption: whoever can listen on the network reads passwords. "
            "Use a network that you trust, or give a certificate in hub.toml."
        )
    notice = DiskNotice(folder, settings.warn_below)
    if notice:
        told.append(f"WARNING: {notice.text}")
    print("\n".join(told), flush=True)
    if asked.prepare_only:
        return 0
    return _become_hub(folder, asked)


def _make(folder: Path) -> None:
    """The folder with what is missing in it."""
    from jwtlab.classroom.hub import settings as hub_settings

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; jwtlab classroom hub takes a folder")
    (folder / "hub").mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "hub").chmod(0o700)
    for name in ("learners", "submitted"):
        (folder / name).mkdir(exist_ok=True, mode=0o700)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text(course.GITIGNORE, "utf-8")
    if not (folder / hub_settings.FILE).exists():
        (folder / hub_settings.FILE).write_text(hub_settings.TEMPLATE, "utf-8")
    config = folder / "hub" / CONFIG
    if not config.exists():
        shutil.copyfile(sources() / CONFIG, config)


def _write_login(path: Path, login: str) -> None:
    """Put the login of the command line into ``hub.toml``, so that the next start is the same."""
    lines = path.read_text("utf-8").splitlines()
    kept = [each for each in lines if not each.strip().startswith(("login =", "login="))]
    path.write_text("\n".join([f'login = "{login}"', *kept]) + "\n", "utf-8")


def _bring_proxy(state: Path) -> None:
    """configurable-http-proxy, from npm, in the versions of the lock file.

    Raises:
        UsageError: it is not there, and cannot be brought.
    """
    from jwtlab.classroom.hub.configuration import proxy_command

    try:
        proxy_command(state)
        return
    except UsageError:
        pass
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise UsageError(
            "Node.js and npm are missing, and the hub's proxy needs them "
            "(Debian, Ubuntu: apt install nodejs npm)"
        )
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(sources() / name, state / name)
    print("Installing configurable-http-proxy with npm (once).", flush=True)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=state, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UsageError(f"npm could not install configurable-http-proxy: {done.stderr.strip()[-300:]}")


def _become_hub(folder: Path, asked: HubOptions) -> int:
    from jwtlab.classroom.hub.accounts import RESET
    from jwtlab.classroom.hub.configuration import WITHOUT_WALLS

    environment = {
        **os.environ,
        "JWTLAB_COURSE": str(folder),
        WITHOUT_WALLS: "0" if asked.with_walls else "1",
        RESET: "1" if asked.new_teacher_password else "0",
    }
    command = [sys.executable, "-P", "-m", "jupyterhub", "-f", str(folder / "hub" / CONFIG)]
    os.chdir(folder / "hub")
    # Started in the background of a script, everything would ignore SIGINT, with which the hub ends its services: it
    # would wait a minute for them.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(command[0], command, environment)
