"""People of one's own for ``jwtlab serve``: a TOML file, in which passwords stand as slow hashes.

::

    [people.alice]
    name = "Alice"
    email = "alice@mail.example"
    roles = ["reader", "writer"]
    password_hash = "scrypt$32768$8$1$...$..."

``jwtlab serve --people FILE --add-person NAME`` writes an entry; a password never stands in the file in clear.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jwtlab.errors import UsageError
from jwtlab.passwords import Hashed
from jwtlab.registry import tables

DEFAULT_FILE = Path("people.toml")
KIND = "people"
LONGEST_NAME = 64
_FIRST_LINES = """\
# People with an account at jwtlab serve. Passwords stand here as slow hashes (scrypt, RFC 7914).
# A further one: jwtlab serve --people {name} --add-person NAME
# A new password for somebody: delete the entry, and add the person again.
"""
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ı": "i"})


@dataclass(frozen=True)
class RegisteredPerson:
    """Somebody with an account; see `jwtlab.oauth.authorization_server.accounts.Account`."""

    username: str
    name: str
    email: str
    password_hash: Hashed = field(repr=False)
    roles: tuple[str, ...] = ()


def read_people(path: Path) -> list[RegisteredPerson]:
    """The people in a file.

    Raises:
        UsageError: it is missing or wrong; the message names file, entry, line and the way out.
    """
    entries = tables.read(path, KIND, "--people")
    people = [_person(each) for each in entries]
    seen: dict[str, str] = {}
    for entry, person in zip(entries, people, strict=True):
        for what, value in (("username", person.username), ("email", person.email)):
            other = seen.setdefault(f"{what} {value.casefold()}", person.username)
            if other != person.username:
                raise entry.wrong(f"{other} has the same {what}; give one of them another")
    if not people:
        raise UsageError(
            f"{path} has no people in it; jwtlab serve --people {path} --add-person NAME adds one"
        )
    return people


def _person(entry: tables.TableEntry) -> RegisteredPerson:
    if "password" in entry.values:
        raise entry.wrong(
            "a password does not stand here in clear; delete this entry, then "
            f"jwtlab serve --people {entry.path} --add-person {entry.name}",
            "password",
        )
    entry.only("name", "email", "roles", "password_hash")
    try:
        check_username(entry.name)
        hashed = Hashed.parse(entry.text_of("password_hash"))
    except UsageError as error:
        if str(error).startswith(str(entry.path)):
            raise
        raise entry.wrong(f"{error}. Delete the entry, and add the person again with --add-person") from None
    email = entry.text_of("email", email_for(entry.name))
    if email.count("@") != 1 or not all(email.split("@")) or re.search(r"\s", email):
        raise entry.wrong(f"{email!r} is no e-mail address", "email")
    return RegisteredPerson(
        entry.name, entry.text_of("name", entry.name), email, hashed, entry.texts_of("roles")
    )


def check_username(name: str) -> str:
    """The name itself, if somebody can log in with it.

    Raises:
        UsageError: it cannot be a username.
    """
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"a username has 1 to {LONGEST_NAME} characters; {name[:80]!r} has {len(name)}")
    bad = next((c for c in name if c.isspace() or not c.isprintable() or c in "/\\,;:\"'<>&%?#"), None)
    if bad is not None or name in (".", ".."):
        raise UsageError(f"{name!r} cannot be a username: {bad or name!r} is not allowed in it")
    if unicodedata.normalize("NFC", name) != name:
        raise UsageError(f"{name!r} is written with combining characters; type it with composed letters")
    return name


def email_for(username: str) -> str:
    """An address in a domain that cannot exist (RFC 2606 §2)."""
    return f"{username.replace('@', '.')}@mail.example"


def username_for(name: str) -> str:
    """A username made of somebody's name: small letters, digits and dots; "learner" if nothing is left."""
    split = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    ascii_only = split.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", ascii_only).strip(".")[: LONGEST_NAME - 8] or "learner"


def known(path: Path) -> list[RegisteredPerson]:
    """The people in a file that may not be there yet."""
    if not path.exists() or not tables.text_of(path, "--people").strip():
        return []
    return read_people(path) if tables.read(path, KIND, "--people") else []


def append(path: Path, people: Iterable[RegisteredPerson]) -> None:
    """Add people to a file; what stands in it, remarks too, is left as it is.

    The file is written beside the old one and then put in its place: nobody ever reads half of it.

    Raises:
        UsageError: it cannot be written, or an entry would not be read back.
    """
    before = tables.text_of(path, "--people") if path.exists() else _FIRST_LINES.format(name=path.name)
    text = before.rstrip("\n") + "\n" + "".join(_as_toml(each) for each in people)
    handle, name = -1, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".people-", suffix=".toml")  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        read_people(Path(name))
        os.replace(name, path.resolve())
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror or error})") from None
    finally:
        if name and os.path.exists(name):
            os.unlink(name)


def _as_toml(person: RegisteredPerson) -> str:
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", person.username)
    lines = [
        f"[{KIND}.{person.username if bare else tables.quoted(person.username)}]",
        f"name = {tables.quoted(person.name)}",
        f"email = {tables.quoted(person.email)}",
    ]
    if person.roles:
        lines.append(f"roles = [{', '.join(map(tables.quoted, person.roles))}]")
    lines.append(f'password_hash = "{person.password_hash}"')
    return "\n" + "\n".join(lines) + "\n"
