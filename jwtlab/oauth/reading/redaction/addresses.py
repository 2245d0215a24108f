"""Addresses: host and path stay; the values of parameters are replaced, and what looks like a secret in a path."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from jwtlab.oauth.reading.redaction.values import StandIns

SECRET_LIKE = re.compile(
    r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_.~=-]{16,}|(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_~=-]{16,}|[0-9]{6,}|"
    r"(?=(?:[A-Za-z_-]*[0-9]+[A-Za-z_-]+){3})[A-Za-z0-9_-]{8,}"
)
"""A piece of a path that no person has written: letters and digits, or large and small letters, without end; or a
shorter one in which they take turns."""
_PARTED = re.compile(r"([;,:&|!=+])([^;,:&|!=+]*)")
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w.$:\[\]-]{0,39}")


def address(text: str, known: StandIns, shown: Callable[[str, str], str] | None = None) -> str:
    """An address, or a public name, as it may be shown; what cannot be read is replaced as a whole.

    Args:
        text: the address.
        known: the stand-ins.
        shown: ``(name, value) -> text`` for its parameters; all are replaced without it.
    """
    replace = shown or (lambda name, value: known.of(value, name))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return known.of(text, "address")
    if not parts.scheme and not parts.netloc and not text.startswith(("/", "?", "#")):
        return text if re.fullmatch(r"[\w.:+-]{1,60}", text) and "@" not in text else known.of(text, "name")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    netloc = host + (f":{port}" if port is not None else "")
    if parts.netloc and "@" in parts.netloc:
        netloc = f"user@{netloc}"
    path = "/".join(_segment(each, known) for each in parts.path.split("/"))
    query, fragment = (_pairs(each, known, replace) for each in (parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def _pairs(text: str, known: StandIns, shown: Callable[[str, str], str]) -> str:
    """A query or a fragment, with its values replaced."""
    if not text:
        return ""
    pairs = parse_qsl(text, keep_blank_values=True)
    if not pairs or (len(pairs) == 1 and not pairs[0][1]):  # a place in a page, or a word alone
        return (
            text
            if re.fullmatch(r"[A-Za-z/_-]{1,24}=?", text) and not SECRET_LIKE.fullmatch(text)
            else "replaced"
        )
    return urlencode([(name_of(name, known), shown(name, value)) for name, value in pairs])


def name_of(name: str, known: StandIns) -> str:
    """The name of a parameter; where a body is no form, the whole body stands in its place."""
    plain = _PLAIN_NAME.fullmatch(name) and not SECRET_LIKE.fullmatch(name) and not name.startswith("eyJ")
    return known.inside(name) if plain else known.of(name, "name")


def _segment(text: str, known: StandIns) -> str:
    """A piece of a path; the same piece is replaced alike wherever it stands, in an ``iss``, too."""
    plain = unquote(unquote(text))
    if known.is_person(plain) or "@" in plain or plain.startswith("eyJ") or SECRET_LIKE.fullmatch(plain):
        return known.of(text, "path")
    usual = re.fullmatch(r"[\w .~-]{1,40}", plain) and quote(plain).lower() == text.lower()
    if plain != text and not usual:  # whoever writes plain letters with percent signs hides them
        return known.of(text, "path")
    return _PARTED.sub(lambda found: found[1] + _parted(found[1], found[2], known), known.inside(text))


def _parted(sign: str, piece: str, known: StandIns) -> str:
    """What stands behind a sign in a piece of a path, such as the value in ``;jsessionid=...``."""
    secret = sign == "=" or SECRET_LIKE.fullmatch(piece)
    return known.of(piece, "path") if secret and piece else piece
