"""``jwtlab lab``: the lessons are copied, and JupyterLab is started for them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from jwtlab import doctor, lessons
from jwtlab.errors import UsageError
from jwtlab.jupyter_settings import OPTIONS, environment

COURSE = "A course's folder: in the menu Nbgrader choose Formgrader, then Manual Grading."
PORT_OPTIONS = ("-p", "--port", "--ServerApp.port")


# Where Jupyter, IPython and matplotlib keep their own files, each in the learner's home.
HOMES = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


def lab(words: list[str]) -> int:
    """Copy the missing lessons and open JupyterLab on the first; in a course's folder, open it for the teacher."""
    named = bool(words) and not words[0].startswith("-")
    folder = Path(words[0]) if named else lessons.default_folder(Path.cwd())
    handed_on = words[1:] if named else words
    folder = folder.expanduser().resolve()
    asked = asked_port(handed_on)  # first, so that a mistake leaves nothing behind
    course = is_course(folder)
    if not course:
        lessons.make(folder)
    stand_in = homes(folder)
    if stand_in:
        print(f"Your home folder cannot be written to; Jupyter keeps its files in {folder / '.jwtlab'}.")
        os.environ.update(stand_in)
    told = [COURSE] if course else _told(folder, lessons.copy_missing(folder))
    print("\n".join([*told, *_hidden(folder)]), flush=True)
    if asked and not doctor.port_is_free(asked):
        print(f"jwtlab: port {asked} is in use. Choose another, such as --port {asked + 1}", file=sys.stderr)
        return 1
    port = asked or doctor.first_free_port()
    if course:
        os.chdir(folder)  # nbgrader looks for its settings where it is started
        handed_on = ["--LabApp.default_url=/lab", *handed_on]
    command = jupyterlab_command(folder, handed_on, port, secrets.token_hex(16), has_display(os.environ))
    return _serve(command, environment(folder, os.environ))  # says the address, see jwtlab.address


def is_course(folder: Path) -> bool:
    """Is it what ``jwtlab classroom new`` makes? Then it is a teacher's, and no place for lessons."""
    return (folder / ".secret").is_file() and (folder / "nbgrader_config.py").is_file()


def _told(folder: Path, copied: lessons.Copied) -> list[str]:
    """What was copied, in words."""
    renewed = f", {len(copied.renewed)} renewed" if copied.renewed else ""
    told = [f"Lessons in {folder}: {len(copied.new)} new{renewed}, {len(copied.kept)} as you left them."]
    if copied.renewed:
        told.append(f"Renewed, because you had not changed them: {_numbers(copied.renewed)}.")
    if copied.outdated:
        told.append(
            f"A newer version exists of {_numbers(copied.outdated)}; yours are kept, because they were changed. "
            f"To have it: jwtlab reset {copied.outdated[0][:2]} (yours is kept under another name)."
        )
    return told


def _hidden(folder: Path) -> list[str]:
    """What would end a lesson's first cell in an error that has nothing to do with the lesson, in words."""
    places = {"the folder of your lessons": [folder], "PYTHONPATH": doctor.python_path()}
    return [f"Warning: {each.finding}. {each.remedy}" for each in doctor.shadows(places)]


def _numbers(names: Sequence[str]) -> str:
    return ", ".join(name[:2] for name in names)


def homes(folder: Path) -> dict[str, str]:
    """Other places for the files of Jupyter and its like, for those that cannot be where they belong."""
    places = doctor.home_folders()
    return {
        name: str(folder / ".jwtlab" / name.lower())
        for name in HOMES
        if name in places and not doctor.can_write(places[name])
    }


def _serve(command: list[str], env: dict[str, str]) -> int:
    """Run JupyterLab until it ends, and end it when we are asked to end."""
    if os.name == "posix":
        os.execve(command[0], command, env)  # in our place: signals then need no passing on
    return subprocess.call(command, env=env)


def jupyterlab_command(
    folder: Path, handed_on: Sequence[str], port: int, key: str, display: bool
) -> list[str]:
    """The command line that starts JupyterLab for a learner.

    Args:
        folder: where the lessons are.
        handed_on: the learner's own arguments; they come last, so they win.
        port: the port on the loopback interface.
        key: the token in the address.
        display: whether a browser can be opened.
    """
    words = _without_port(handed_on)
    chosen = {word.partition("=")[0] for word in words}
    options = {
        "--ServerApp.root_dir": str(folder),
        "--LabApp.default_url": f"/lab/tree/{lessons.FIRST}",
        "--LabApp.workspaces_dir": str(folder / ".jwtlab" / "workspaces"),
        **OPTIONS,
        "--ServerApp.ip": "127.0.0.1",
        "--ServerApp.port": str(port),
    }
    if not any("token" in name for name in chosen):
        options["--IdentityProvider.token"] = key
    command = [sys.executable, "-P", "-m", "jupyterlab"]  # -P: without the files of this folder
    command += [f"{name}={value}" for name, value in options.items() if name not in chosen]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container one is root; the server listens on loopback only
    if not display:
        command.append("--no-browser")
    return command + words


def _without_port(words: Sequence[str]) -> list[str]:
    """The port was taken into account already."""
    kept, skip = [], False
    for word in words:
        name, equals, _ = word.partition("=")
        if skip or name in PORT_OPTIONS or _glued(word):
            # The number may follow as a word of its own.
            skip = not skip and not equals and not _glued(word)
            continue
        kept.append(word)
    return kept


def asked_port(words: Sequence[str]) -> int | None:
    """The port that the learner asks for, or ``None``.

    Raises:
        UsageError: what follows ``--port`` is no port.
    """
    for word, following in zip(words, [*words[1:], ""], strict=False):
        name, equals, value = word.partition("=")
        if name in PORT_OPTIONS:
            return _port_number(value if equals else following)
        if _glued(word):
            return _port_number(word[2:])
    return None


def _glued(word: str) -> bool:
    """``-p8900``"""
    return word.startswith("-p") and word[2:3].isdigit()


def _port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise UsageError(f"{text!r} is no port; a port is a number from 1 to 65535, such as --port 8900")


def has_display(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Can a browser window be opened here?"""
    if env.get("SSH_CONNECTION"):
        return False
    if platform.startswith("linux"):
        return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME"))
    return True
