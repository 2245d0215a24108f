"""What a learning system's name for a file tells: whose it is, and when it was handed in.

How the systems name files in a zip of all submissions (as they write them today):

    Moodle      Alice Example_123456_assignsubmission_file_/a1_tokens.ipynb   (or ..._file_a1_tokens.ipynb)
    Canvas      examplealice_LATE_12345_678901_a1_tokens-1.ipynb
    Blackboard  Assignment 1_alice_attempt_2026-11-01-12-00-00_a1_tokens.ipynb
    ILIAS       .../Example_Alice_alice_4711/20261101120000_a1_tokens.ipynb
    nbgrader    alice/a1_tokens/a1_tokens.ipynb
    the hub     alice/a1_tokens/a1_tokens.ipynb   (an unusual name as =Alice%20B)

The outermost part that tells counts: that one the system wrote. What lies further inside, a student has
named, who may have written the name of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from jwtlab.classroom.roster import Roster

_MOODLE = re.compile(r"(?P<name>.+?)_\d+_assignsubmission_(?:file|onlinetext)(?:_|$)")
_BLACKBOARD = re.compile(r"(?P<told>.+?)_attempt_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d(?:_|$|\.)")
_CANVAS = re.compile(r"(?P<name>[^_]+?)_(?:LATE_)?\d+_\d+_.+")
_ILIAS = re.compile(r"(?P<told>.+_.+)_\d+")
_MOMENT = re.compile(r"_attempt_(\d{4}(?:-\d\d){5})(?=_|\.|$)|(?:^|/)(\d{14})_")
_ENDINGS = (re.compile(r"( ?\(\d+\))?\.[A-Za-z]{1,5}$"), re.compile(r"( ?\(\d+\))?(\.[A-Za-z]{1,5}){2}$"))
"""Of ``alice.ipynb``, and of ``alice.ipynb.txt``. The shorter one comes first: ``m.ok.ipynb`` is of m.ok, not of m."""
_ASSIGNMENT = re.compile(r"(?:^|[ _-])a\d_[a-z]+(?:_v\d+)?(?: ?\(\d+\)|-\d+)?(?=[ _-]|$)")
"""An assignment's name, with its version and the number that a browser or Canvas gives to a second file."""


def student_of(place: str, roster: Roster) -> str | None:
    """Whose a file is, by its place; ``None`` if that tells nothing.

    Args:
        place: where it was in the zip or folder, with ``/`` between the parts.
        roster: the class.
    """
    for part in place.split("/"):
        found, told = _student(part, roster)
        if found is not None or told:
            return found
    return None


def moment_of(place: str) -> str:
    """When it was handed in, as digits that can be compared; "" if its name does not say."""
    found = [match[1] or match[2] for match in _MOMENT.finditer(place)]
    return found[0].replace("-", "") if found else ""


def _student(part: str, roster: Roster) -> tuple[str | None, bool]:
    """The student that a part of a path names; and whether a system wrote it, so that no other part counts."""
    if match := _MOODLE.match(part):
        return _first(_ends(match["name"], "-"), roster.by_name), True  # "Group 3-Alice Example"
    if match := _BLACKBOARD.match(part):
        return _first(_ends(match["told"], "_"), roster.by_id), True
    stems = list(dict.fromkeys(each.sub("", part) for each in _ENDINGS))
    named = _first([part, *stems], roster.by_id)
    if named is None and part.startswith("="):
        named = roster.by_id(unquote(part[1:]))
    if named is None and (match := _CANVAS.fullmatch(part)):
        named = roster.by_name(match["name"])
    if named is None and (match := _ILIAS.fullmatch(part)):
        named = _first(_ends(match["told"], "_"), roster.by_id)
    for stem in stems if named is None else ():
        bare = _ASSIGNMENT.sub("", stem).strip(" _-")
        named = named or roster.by_id(bare) or roster.by_name(bare)
    return named, False


def _ends(told: str, separator: str) -> Iterator[str]:
    """Every end of a text behind a separator, the longest first: titles and ids may both hold some."""
    yield told
    for match in re.finditer(separator, told):
        yield told[match.end() :]


def _first(candidates: Iterable[str], look_up: Callable[[str], str | None]) -> str | None:
    return next((found for each in candidates if (found := look_up(each))), None)
