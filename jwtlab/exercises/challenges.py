"""Reading a challenge: the value of ``WWW-Authenticate`` (RFC 9110 §11.3, RFC 6750 §3)."""

from __future__ import annotations

import re

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = rf'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"|{_TOKEN})'
_PARAMETER = re.compile(rf"[ \t]*({_TOKEN})[ \t]*=[ \t]*({_VALUE})[ \t]*(?:,|\Z)")


def parameters_of(challenge: str) -> dict[str, str] | None:
    """The parameters of one challenge of the scheme Bearer, their names in small letters.

    Args:
        challenge: the header's value.

    Returns:
        Empty if the scheme has none behind it; ``None`` if this is no such challenge, or one parameter stands
        there twice.
    """
    scheme, _, rest = challenge.partition(" ")
    if scheme.lower() != "bearer":
        return None
    found: dict[str, str] = {}
    place = 0
    while place < len(rest):
        match = _PARAMETER.match(rest, place)
        if match is None or match[1].lower() in found:
            return None
        value = match[2]
        found[match[1].lower()] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] == '"' else value
        place = match.end()
    return None if rest.rstrip().endswith(",") else found
