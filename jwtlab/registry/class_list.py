"""A class list of names, turned into accounts in one command.

A text with one name a line, or a table (CSV; comma, semicolon or tab) whose first line names its columns:
``name``, and if you like ``username`` (or ``id``: a roster of `jwtlab classroom` will do), ``email``, ``roles``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from jwtlab import passwords
from jwtlab.errors import UsageError
from jwtlab.registry import people, tables
from jwtlab.registry.people import RegisteredPerson

MOST = 5000
_COLUMNS = {
    "name": ("name", "full name", "student", "learner"),
    "username": ("username", "id", "login", "user", "account"),
    "email": ("email", "e-mail", "mail", "email address"),
    "roles": ("roles", "role"),
}


@dataclass(frozen=True)
class Listed:
    """A line of the list.

    Attributes:
        line: its number.
        name, username, email: what it says; "" for what it does not say.
        roles: words.
    """

    line: int
    name: str
    username: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Added:
    """An account that was made, with its password, which is kept nowhere."""

    person: RegisteredPerson
    password: str


def read_list(path: Path) -> list[Listed]:
    """The lines of a class list.

    Raises:
        UsageError: it is missing, empty or wrong; the message names the line.
    """
    text = tables.text_of(path, "--add-class")
    lines = text.splitlines()
    head = next((each for each in lines if each.strip()), "")
    separator = max(",;\t", key=head.count)
    titles = [each.strip().strip('"').casefold() for each in head.split(separator)]
    columns = {
        what: next((titles.index(word) for word in words if word in titles), -1)
        for what, words in _COLUMNS.items()
    }
    is_table = columns["name"] >= 0 or columns["username"] >= 0
    found = _rows(path, text, separator, columns) if is_table else _names(lines)
    if not found:
        raise UsageError(f"{path} has no names in it; write one a line")
    if len(found) > MOST:
        raise UsageError(f"{path} has {len(found)} lines; a class has at most {MOST}. Is it the right file?")
    return found


def _names(lines: Sequence[str]) -> list[Listed]:
    found = []
    for number, line in enumerate(lines, 1):
        name = " ".join(line.split())
        if not name or name.startswith("#"):
            continue
        family, comma, given = (each.strip() for each in name.partition(","))
        found.append(Listed(number, f"{given} {family}".strip() if comma else name))
    return found


def _rows(path: Path, text: str, separator: str, columns: Mapping[str, int]) -> list[Listed]:
    found = []
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        started = False
        for row in reader:
            if not any(each.strip() for each in row):
                continue
            if not started:
                started = True
                continue
            cell = {
                what: " ".join(row[at].split()) if 0 <= at < len(row) else "" for what, at in columns.items()
            }
            if not cell["name"] and not cell["username"]:
                raise UsageError(f"{path}, line {reader.line_num}: there is neither a name nor an id")
            roles = tuple(cell["roles"].replace("|", " ").split())
            found.append(
                Listed(
                    reader.line_num, cell["name"] or cell["username"], cell["username"], cell["email"], roles
                )
            )
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}; mend the quotes in this line") from None
    return found


def add_class(path: Path, list_path: Path) -> tuple[list[Added], list[RegisteredPerson]]:
    """Make an account for everybody on the list who has none.

    Args:
        path: the people file; made if it is not there.
        list_path: the class list.

    Returns:
        The accounts that were made, with their passwords; and those that were there.

    Raises:
        UsageError: a file is wrong; nothing was written then.
    """
    there = people.known(path)
    wanted, kept = _missing(read_list(list_path), there, list_path)
    words = [passwords.make_up() for _ in wanted]
    with ThreadPoolExecutor() as threads:  # scrypt lets other threads run meanwhile
        hashes = list(threads.map(passwords.Hashed.of, words))
    made = [
        Added(
            RegisteredPerson(
                username, each.name, each.email or people.email_for(username), hashed, each.roles
            ),
            word,
        )
        for (username, each), word, hashed in zip(wanted, words, hashes, strict=True)
    ]
    if made:
        people.append(path, [each.person for each in made])
    return made, kept


def _missing(
    listed: Sequence[Listed], there: Sequence[RegisteredPerson], list_path: Path
) -> tuple[list[tuple[str, Listed]], list[RegisteredPerson]]:
    """Who needs an account, with a username; and who has one."""
    by_username = {each.username.casefold(): each for each in there}
    by_name: dict[str, list[RegisteredPerson]] = {}
    for person in there:
        by_name.setdefault(person.name.casefold(), []).append(person)
    taken, namesakes = set(by_username), Counter[str]()
    given: dict[str, int] = {}
    wanted: list[tuple[str, Listed]] = []
    kept: list[RegisteredPerson] = []
    for each in listed:
        if each.username:
            username = _checked(each, list_path)
            if username.casefold() in given:
                raise UsageError(
                    f"{list_path}, line {each.line}: {username} is in line {given[username.casefold()]} too"
                )
            given[username.casefold()] = each.line
            if username.casefold() in by_username:
                kept.append(by_username[username.casefold()])
                continue
        else:
            # Two people may have the same name: the second of the list is the second in the file.
            same = by_name.get(each.name.casefold(), [])
            namesakes[each.name.casefold()] += 1
            if namesakes[each.name.casefold()] <= len(same):
                kept.append(same[namesakes[each.name.casefold()] - 1])
                continue
            username = _free(people.username_for(each.name), taken)
        taken.add(username.casefold())
        wanted.append((username, each))
    return wanted, kept


def _checked(each: Listed, list_path: Path) -> str:
    try:
        return people.check_username(each.username)
    except UsageError as error:
        raise UsageError(f"{list_path}, line {each.line}: {error}") from None


def _free(username: str, taken: set[str]) -> str:
    number, found = 1, username
    while found.casefold() in taken:
        number += 1
        found = f"{username}{number}"
    return found


def as_csv(made: Sequence[Added]) -> str:
    """The accounts with their passwords, to be handed out and then deleted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["username", "password", "name"])
    for each in made:
        name = each.person.name
        # A table's program takes a cell that begins so for a formula.
        writer.writerow([each.person.username, each.password, f"'{name}" if name[:1] in "=+-@" else name])
    return text.getvalue()
