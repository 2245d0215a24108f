"""OAuth at home: the hub as a client of ``jwtlab serve``."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from jwtlab.classroom.hub.settings import Settings
from jwtlab.errors import UsageError
from jwtlab.registry import tables
from jwtlab.registry.people import read_people

CLIENT_ID = "hub"
CLIENTS_FILE = "clients.toml"
PEOPLE_FILE = "people.toml"
SECRET_FILE = "client_secret"


def client_secret(state: Path) -> str:
    """The hub's secret at the authorization server: drawn once."""
    path = state / SECRET_FILE
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    found = path.read_text("utf-8").strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,}", found):
        raise UsageError(f"{path} is damaged; delete it, and a new secret is drawn")
    return found


def prepare(folder: Path, settings: Settings) -> None:
    """Write the client's registration, and see that there are people.

    Raises:
        UsageError: there is no people file, or it is wrong.
    """
    people = folder / PEOPLE_FILE
    if not people.exists():
        raise UsageError(
            f"{people} is missing. Make accounts first: jwtlab serve --people {people} --add-class CLASS_LIST"
        )
    usernames = {each.username.lower() for each in read_people(people)}
    missing = [each for each in settings.teachers if each not in usernames]
    if missing:
        raise UsageError(
            f"{people} has no {missing[0]}, who is a teacher of hub.toml; "
            f"jwtlab serve --people {people} --add-person {missing[0]}"
        )
    path = folder / "hub" / CLIENTS_FILE
    text = (
        f"# Written anew at each start: the hub is the only application at its own login.\n"
        f"[clients.{CLIENT_ID}]\n"
        f'client_name = "The class\'s hub"\n'
        f'token_endpoint_auth_method = "client_secret_basic"\n'
        f"client_secret = {tables.quoted(client_secret(folder / 'hub'))}\n"
        f"redirect_uris = [{tables.quoted(settings.address + '/hub/oauth_callback')}]\n"
        f"post_logout_redirect_uris = [{tables.quoted(settings.address + '/hub/login')}]\n"
        'scope = "openid profile"\n'
        "trusted = true\n"
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
