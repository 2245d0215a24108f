"""``jwtlab serve --add-person NAME`` and ``--add-class LIST``: accounts, from the command line."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from jwtlab import passwords
from jwtlab.errors import UsageError
from jwtlab.registry import class_list, people

SHORTEST_PASSWORD = 8


def add_person(path: Path, name: str, *, from_stdin: bool = False) -> int:
    """Add somebody to a people file; gives the exit code.

    Somebody at a terminal is asked for a password; an empty answer, or no terminal, draws one and prints it.

    Args:
        path: the people file; made if it is not there.
        name: the username, or a name of several words, of which one is made.
        from_stdin: the password is the first line of the standard input.

    Raises:
        UsageError: the name cannot be used, is taken, or the password is too short.
    """
    name = " ".join(name.split())
    username = people.username_for(name) if " " in name else people.check_username(name)
    there = [each.username for each in people.known(path) if each.username.casefold() == username.casefold()]
    if there:
        raise UsageError(
            f"{path} has {there[0]} already; delete the entry [{people.KIND}.{there[0]}] to begin anew, "
            "or choose another name"
        )
    password, told = _password(username, from_stdin)
    person = people.RegisteredPerson(
        username,
        name if " " in name else name.capitalize(),
        people.email_for(username),
        passwords.Hashed.of(password),
    )
    people.append(path, [person])
    print(f"{username} is in {path}.")
    if told:
        print(f"Password: {password}")
        print("It is kept nowhere in clear: write it down now.")
    return 0


def _password(username: str, from_stdin: bool) -> tuple[str, bool]:
    """A password, and whether it was made up and has to be told."""
    if from_stdin:
        return _long_enough(sys.stdin.readline().rstrip("\r\n")), False
    if not sys.stdin.isatty():
        return passwords.make_up(), True
    first = getpass.getpass(f"Password for {username} (empty: one is made up): ")
    if not first:
        return passwords.make_up(), True
    if getpass.getpass("The same again: ") != first:
        raise UsageError("these were two different passwords; nothing was written")
    return _long_enough(first), False


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"a password has {SHORTEST_PASSWORD} characters or more; nothing was written")
    return password


def add_class(path: Path, list_path: Path) -> int:
    """Make accounts for a class list, and print their passwords as CSV; gives the exit code.

    Raises:
        UsageError: a file is wrong; nothing was written then.
    """
    made, kept = class_list.add_class(path, list_path)
    if made:
        print(class_list.as_csv(made), end="", flush=True)
    there = f" {len(kept)} had one before." if kept else ""
    print(f"jwtlab: {len(made)} accounts made in {path}.{there}", file=sys.stderr)
    if made:
        print(
            "jwtlab: the passwords above are kept nowhere in clear: hand them out now (> passwords.csv keeps "
            "them; delete that file afterwards).",
            file=sys.stderr,
        )
    return 0
