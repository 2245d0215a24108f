"""A link that brings a git repository to every learner of a hub (nbgitpuller).

https://HUB/hub/user-redirect/git-pull?repo=…&branch=…&targetPath=…&urlpath=…

The hub sends each learner to their own server; there nbgitpuller fetches the repository, keeps what the learner
has changed, and opens a file of it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlencode, urlsplit

from jwtlab.errors import UsageError

HUB = "https://YOUR-HUB"
"""Stands in a link until the hub's address is known."""


def pull_link(repo: str, *, hub: str = HUB, branch: str = "main", opens: str = "") -> str:
    """The link to hand out.

    Args:
        repo: the repository's address, over HTTPS and readable by everybody.
        hub: the hub's address.
        branch: which branch.
        opens: the file to open, such as ``"week1/start.ipynb"``; by default the repository's folder.

    Raises:
        UsageError: an address or path is none.
    """
    if "\\" in opens or PurePosixPath(opens).is_absolute() or ".." in PurePosixPath(opens).parts:
        raise UsageError(
            f"--open is a file inside the repository, such as week1/start.ipynb; this is {opens!r}"
        )
    if not re.fullmatch(r"[\w][\w./-]*", branch):
        raise UsageError(f"{branch!r} is no name of a branch")
    address = _address(repo, "a repository's address", "https://host.example/someone/course")
    place = _address(hub, "a hub's address", "https://hub.example.org")
    folder = unquote(PurePosixPath(urlsplit(address).path).name).removesuffix(".git")
    if not folder.strip(".") or "/" in folder:
        raise UsageError(f"{repo!r} names no repository, only a host")
    asked = {
        "repo": address,
        "branch": branch,
        "targetPath": folder,
        "urlpath": "/".join(["lab/tree", folder, *PurePosixPath(opens).parts]),
    }
    return f"{place.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked, quote_via=quote)}"


def _address(given: str, what: str, example: str) -> str:
    try:
        parts = urlsplit(given)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or any(letter.isspace() for letter in given):
        raise UsageError(f"{given!r} is not {what}; it looks like {example}")
    if parts.username or parts.password:
        raise UsageError(
            "the address holds a name or a password, and everybody who has the link would have it too"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"{given!r} has a query or a fragment; {what} looks like {example}")
    return given
