"""Make the environment .venv, or mend the one that is there: what ``make lab`` and ``make test`` do first.

    python tools/environment.py lab     what a learner needs
    python tools/environment.py dev     with the tools for tests

An environment can be half made (the first call was interrupted), its Python can have been removed, it can be
of an older Python, and its folder can have been renamed. Each of these is noticed here and mended: by new
paths where the folder was renamed, which needs no network; by a new environment otherwise. The old one is
put aside until the new one stands. Two calls at once wait for each other.

This needs nothing but the standard library, and says its sentence also to an older Python.
"""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLD = os.path.join(ROOT, ".venv.old")
LOCK = os.path.join(ROOT, ".venv.lock")
UNFINISHED = os.path.join(VENV, ".unfinished")
INPUTS = ("pyproject.toml", "constraints.txt")
OLDEST = (3, 11)
NEWEST = (3, 14)  # for which every package has been built; see docs/machines.md
WANTED = {"lab": ".", "dev": ".[dev]"}

# Run by the environment's own Python, away from this folder: what it is, and which jwtlab it would import.
PROBE = """
import sys, importlib.util as u
spec = u.find_spec("jwtlab")
print("%d.%d" % sys.version_info[:2], sys.prefix, bool(u.find_spec("pip")), spec.origin if spec else None, sep="\\n")
"""


class Refusal(Exception):
    """Why it cannot be done, in a sentence for the learner."""


def main(arguments):
    if sys.version_info < OLDEST:
        print("jwtlab needs Python 3.11 or newer; this is", ".".join(map(str, sys.version_info[:2])))
        return 1
    if len(arguments) != 1 or arguments[0] not in WANTED:
        print(__doc__)
        return 2
    try:
        with lock():
            ensure(arguments[0])
    except Refusal as refusal:
        print(f"jwtlab: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"jwtlab: {error.filename or VENV}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def ensure(kind):
    """Leave behind an environment that is whole and has the packages of this kind."""
    put_back()
    shutil.rmtree(OLD, ignore_errors=True)
    trouble = trouble_with(VENV)
    if trouble == "moved" and relocate():
        trouble = trouble_with(VENV)
    if trouble == "missing":
        print("The environment .venv is made. This takes a minute, and needs a network.", flush=True)
    elif trouble:
        print(
            f"The environment .venv is made anew, because {SAID[trouble]}. This takes a minute.", flush=True
        )
    if trouble:
        make_anew(kind)
    elif not is_up_to_date(kind):
        renew(kind)


SAID = {
    "unfinished": "its making was interrupted",
    "no python": "its Python is gone or does not start",
    "old python": "its Python is older than 3.11",
    "no pip": "it has no pip",
    "moved": "this folder was renamed or moved",
}


def trouble_with(venv):
    """A word of `SAID`, ``"missing"``, or nothing if the environment is whole."""
    if not os.path.lexists(venv):
        return "missing"
    if os.path.exists(os.path.join(venv, ".unfinished")):
        return "unfinished"
    seen = probe(venv)
    if seen is None:
        return "no python"
    version, prefix, pip, jwtlab = seen
    if tuple(map(int, version.split("."))) < OLDEST:
        return "old python"
    if not os.path.samefile(prefix, venv):
        return "no python"  # it is another environment's, or nobody's
    if pip != "True":
        return "no pip"
    if moved_from() or (jwtlab != "None" and not is_ours(jwtlab)):
        return "moved"
    if jwtlab == "None":
        forget_stamps()  # its packages are installed again
    return ""


def probe(venv):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        answer = subprocess.run(
            [python(venv), "-c", PROBE], cwd=venv, env=env, capture_output=True, text=True, encoding="utf-8"
        )
    except OSError:
        return None
    lines = answer.stdout.splitlines()
    return lines if answer.returncode == 0 and len(lines) == 4 else None


def python(venv):
    windows = os.path.join(venv, "Scripts", "python.exe")
    return windows if os.name == "nt" else os.path.join(venv, "bin", "python")


def is_ours(origin):
    expected = os.path.join(ROOT, "jwtlab", "__init__.py")
    return os.path.exists(origin) and os.path.samefile(origin, expected)


def stamp(kind):
    return os.path.join(VENV, "." + kind)


def forget_stamps():
    for kind in WANTED:
        if os.path.exists(stamp(kind)):
            os.remove(stamp(kind))


def is_up_to_date(kind):
    """Was the environment filled after the lists of packages were last changed?"""
    if not os.path.exists(stamp(kind)):
        return False
    filled = os.path.getmtime(stamp(kind))
    return all(os.path.getmtime(os.path.join(ROOT, name)) <= filled for name in INPUTS)


def make_anew(kind):
    check_this_python()
    if os.path.lexists(VENV):
        shutil.rmtree(OLD, ignore_errors=True)
        os.rename(VENV, OLD)
    try:
        os.mkdir(VENV)
        touch(UNFINISHED)
        run([base_python(), "-m", "venv", VENV], "The environment cannot be made")
        install(kind)
    except BaseException:
        put_back()
        raise
    shutil.rmtree(OLD, ignore_errors=True)


def put_back():
    """After a failure, or a call that was killed: what was put aside takes its place again."""
    if os.path.lexists(OLD) and (not os.path.lexists(VENV) or os.path.exists(UNFINISHED)):
        shutil.rmtree(VENV, ignore_errors=True)
        os.rename(OLD, VENV)


def check_this_python():
    """A Python without these two comes from a system that has them in a package of their own."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Refusal(
            "This Python lacks the module venv. On Debian and Ubuntu: sudo apt install python3-venv"
        ) from error


def base_python():
    """Not the Python of the environment that is to be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def renew(kind):
    """Bring a whole environment up to date."""
    try:
        install(kind)
    except Refusal:
        os.remove(UNFINISHED)  # pip has said no before it changed anything
        raise


def install(kind):
    touch(UNFINISHED)
    pip = [python(VENV), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    try:
        run([*pip, "-c", "constraints.txt", "-e", WANTED[kind]], "The packages cannot be installed")
    except Refusal as refusal:
        raise Refusal(f"{refusal}{too_new(probe(VENV))}") from refusal
    write_paths_in_ascii()
    os.remove(UNFINISHED)
    touch(stamp(kind))
    touch(stamp("lab"))


def too_new(seen):
    """The way out for a Python that came out a short while ago: some packages have to be built for it first."""
    version = seen[0] if seen else ""
    if not version or tuple(map(int, version.split("."))) <= NEWEST:
        return ""
    newest = ".".join(map(str, NEWEST))
    return (
        f"\nThis is Python {version}. Not every package may have been built for it yet: "
        f"with an older one, up to {newest}, try make lab PYTHON=/path/to/python{newest}"
    )


def run(command, failure):
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        answer = subprocess.run(
            command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True, errors="replace"
        )
    except OSError as error:
        raise Refusal(f"{failure}: {error.strerror}: {command[0]}") from error
    errors = [line for line in answer.stderr.splitlines() if line.strip()]
    if answer.returncode:
        told = [line for line in errors if "ERROR" in line or "Error" in line] or errors
        raise Refusal(f"{failure}: {told[-1].strip() if told else 'without a reason'}")


def touch(path):
    with open(path, "a", encoding="utf-8"):
        os.utime(path)


def site_packages():
    for folder, _, names in os.walk(os.path.join(VENV, "Lib" if os.name == "nt" else "lib")):
        if os.path.basename(folder) == "site-packages":
            return [os.path.join(folder, name) for name in names]
    return []


def write_paths_in_ascii():
    """Python 3.11 and 3.12 read .pth files in the terminal's encoding: with LC_ALL=C an umlaut ends everything."""
    for path in site_packages():
        if path.endswith(".pth") and "jwtlab" in os.path.basename(path):
            with open(path, "rb") as file:
                content = file.read()
            if not content.isascii():
                folder = content.decode("utf-8").strip()
                with open(path, "w", encoding="ascii") as file:
                    file.write(f"import sys; sys.path.append({folder!a})\n")


# --- a folder that was renamed ---------------------------------------------------------------------------


def moved_from():
    """Where the environment was made, if that is not here."""
    try:
        with open(os.path.join(VENV, "bin", "activate"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError):
        return ""
    for line in lines:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        if name == "VIRTUAL_ENV":
            there = value.strip("\"'")
            if os.path.isabs(there):  # and not $(cygpath ...), which newer Pythons write first
                same = os.path.exists(there) and os.path.samefile(there, VENV)
                return "" if same else there
    return ""


def relocate():
    """Write the new place where the old one stands: in the scripts, and in the paths of the installed package.

    Returns whether it was done; `trouble_with` then has the last word.
    """
    old = moved_from()
    if not old or os.path.basename(old) != ".venv":
        return False
    print("This folder was renamed or moved; the environment .venv is told its new place.")
    bin_folder = os.path.join(VENV, "bin")
    scripts = [os.path.join(bin_folder, name) for name in os.listdir(bin_folder)]
    for path in scripts:
        if os.path.isfile(path) and not os.path.islink(path):
            replace_in(path, old.encode(), VENV.encode(), is_script=True)
    for path in site_packages():
        if path.endswith(".pth"):
            replace_in(path, os.path.dirname(old).encode(), ROOT.encode())
            replace_in(path, ascii(os.path.dirname(old)).encode(), ascii(ROOT).encode())
    write_paths_in_ascii()
    return True


def replace_in(path, old, new, is_script=False):
    with open(path, "rb") as file:
        content = file.read()
    if old not in content or b"\0" in content:
        return
    first, newline, rest = content.partition(b"\n")
    if is_script and first == b"#!" + old + first[len(old) + 2 :] and (b" " in new or len(new) > 100):
        # The first line of a script takes no blank and no long path; this is how pip writes it then.
        interpreter = first[2:].replace(old, new)
        first = b"#!/bin/sh\n'''exec' \"" + interpreter + b'" "$0" "$@"\n\' \'\'\''
    content = (first + newline + rest).replace(old, new)
    with open(path, "wb") as file:  # in place: it stays executable
        file.write(content)


# --- one call at a time ----------------------------------------------------------------------------------


class lock:  # noqa: N801
    """Held by one call; the system frees it when the call ends, however it ends."""

    def __enter__(self):
        self.file = open(LOCK, "a", encoding="utf-8")
        try:
            import fcntl
        except ImportError:  # not on Windows, where make is no way in
            return self
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(
                "Another call is setting up the environment; this one goes on when it is ready.", flush=True
            )
            fcntl.flock(self.file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_):
        self.file.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
