"""Lesson 45: phones and terminals, where a program runs on somebody's own machine."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.native_addresses import judge_loopback, judge_owners
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import NOTHING, Case, Table


def _error(code: str) -> dict[str, Any]:
    return {"error": code, "error_description": "..."}


_POLLS = (
    ("tokens", {"access_token": "a.b.c", "token_type": "Bearer"}, 5, ("done", "a.b.c"), "Somebody has approved."),
    ("tokens", {"access_token": "x.y.z", "expires_in": 900}, 15, ("done", "x.y.z"), ""),
    ("pending", _error("authorization_pending"), 5, ("wait", 5), "Nobody has approved yet: wait as long again."),
    ("pending", _error("authorization_pending"), 20, ("wait", 20), ""),
    ("slow-down", _error("slow_down"), 5, ("wait", 10), "slow_down adds five seconds to the interval, for good."),
    ("slow-down", _error("slow_down"), 10, ("wait", 15), ""),
    ("denied", _error("access_denied"), 5, ("stop", "access_denied"), "The person has said no. Do not ask again."),
    ("expired", _error("expired_token"), 5, ("stop", "expired_token"), "The code is too old. Begin anew."),
    ("other-error", _error("invalid_client"), 5, ("stop", "invalid_client"), "Every other error ends it, too."),
    ("other-error", _error("invalid_grant"), 5, ("stop", "invalid_grant"), ""),
    ("other-error", _error("Authorization_Pending"), 5, ("stop", "Authorization_Pending"), ""),
    ("other-error", _error("authorization_pending_x"), 5, ("stop", "authorization_pending_x"), ""),
    ("other-error", _error("slow_down_x"), 5, ("stop", "slow_down_x"), ""),
    ("other-error", _error("slow"), 5, ("stop", "slow"), ""),
    ("other-error", _error("pending"), 5, ("stop", "pending"), ""),
    ("other-error", _error("SLOW_DOWN"), 5, ("stop", "SLOW_DOWN"), ""),
    ("other-error", _error("slow_down/"), 5, ("stop", "slow_down/"), ""),
    ("other-error", _error(" slow_down"), 5, ("stop", " slow_down"), ""),
    ("other-error", _error("authorization_pending/"), 5, ("stop", "authorization_pending/"), ""),
    ("other-error", _error(" authorization_pending"), 5, ("stop", " authorization_pending"), ""),
    ("other-error", _error("x_slow_down"), 5, ("stop", "x_slow_down"), ""),
    ("other-error", _error("not_authorization_pending"), 5, ("stop", "not_authorization_pending"), ""),
    ("other-error", _error("n"), 5, ("stop", "n"), ""),
    ("other-error", _error("authorization"), 5, ("stop", "authorization"), ""),
    ("other-error", _error("down"), 5, ("stop", "down"), ""),
    ("other-error", _error(""), 5, ("stop", ""), ""),
)  # fmt: skip


def _as_pair(found: Any) -> tuple[Any, ...]:
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("not-a-pair", what=kind(found))
    return tuple(found)


_judge_polls = Table(
    cases=tuple(Case(name, (reply, interval), then, why) for name, reply, interval, then, why in _POLLS),
    read=_as_pair,
    own={"not-a-pair": 'Return two things, such as ("wait", 5); your function gives {what}.'},
    praise="Two answers mean patience, one means tokens, and all others mean stop (RFC 8628 §3.5).",
)


_FILES = (("new", "r-1", None), ("old", "r-2", "an-older-and-longer-token"), ("long", "x" * 90, None))
"""Name, token, and what the file holds before."""


@mistakes(
    {
        "no-file": "After your function there is no file at the path that it was given.",
        "other-text": "The file has to hold the token and nothing else; it holds {found!r}.",
        "others-read": "Others on this machine may read the file: its mode is {mode}. A mode of 0o600 lets the owner "
        "read and write, and nobody else.",
        "old-file-stays-open": "A file that is there already keeps its mode, {mode}: the mode of os.open counts for "
        "new files only. os.fchmod(handle, 0o600) narrows it before anything is written.",
        "written-first": "Right in the end, and too late: when your function narrowed the file, the token stood in it "
        "already, and its mode was {mode}. Whoever looks at that moment reads it. Narrow it first, then write.",
    }
)
def _judge_keeping(answer: Any) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for name, token, before in _FILES:
            path = Path(folder, name)
            if before is not None:
                path.write_text(before, "utf-8")
                path.chmod(0o644)
            with _watched(path, token) as too_late:
                seen = _kept(answer, path, token)
            if seen is None and before is None:
                raise NotYet(NOTHING) if not path.exists() and _is_untouched(answer) else Wrong("no-file")
            _examine(path, token, seen or 0, before is not None)
            if too_late:
                raise Wrong("written-first", mode=oct(too_late[0]))
    return "Made narrow before the first letter is written. A key store of the system does one better: it locks it."


def _is_untouched(answer: Any) -> bool:
    return not getattr(getattr(answer, "__code__", None), "co_names", True)


def _kept(answer: Any, path: Path, token: str) -> int | None:
    """Call it; the mode that the file had when it was done."""
    mask = os.umask(0)  # whatever the person's own mask is: the function has to see to it
    try:
        with contextlib.chdir(path.parent):  # a path that was mistaken leads nowhere else
            call(answer, str(path), token)
    finally:
        os.umask(mask)
    return stat.S_IMODE(path.stat().st_mode) if path.is_file() else None


@contextlib.contextmanager
def _watched(path: Path, token: str) -> Iterator[list[int]]:
    """The modes of files that were changed when the token could be read in them already."""
    found: list[int] = []

    def look(place: Path) -> None:
        mode = stat.S_IMODE(place.stat().st_mode) if place.is_file() else 0
        if os.name == "posix" and mode & 0o077 and token in place.read_text("utf-8", "replace"):
            found.append(mode)

    def looking_first(change: Callable[..., None]) -> Callable[..., None]:
        def changed(target: Any, *more: Any, **named: Any) -> None:
            look(path)
            if isinstance(target, str | os.PathLike):  # a file that will be moved there, perhaps
                look(Path(target))
            change(target, *more, **named)

        return changed

    kept = {name: getattr(os, name) for name in ("chmod", "fchmod") if hasattr(os, name)}
    try:
        for name, change in kept.items():
            setattr(os, name, looking_first(change))
        yield found
    finally:
        for name, change in kept.items():
            setattr(os, name, change)


def _examine(path: Path, token: str, mode: int, was_there: bool) -> None:
    if os.name == "posix" and mode & 0o077:
        raise Wrong("old-file-stays-open" if was_there else "others-read", mode=oct(mode))
    text = path.read_text("utf-8", "replace")
    if text != token:
        raise Wrong("other-text", found=text[:80])


LESSON = Lesson(
    number="45",
    name="45_phones_and_terminals",
    title="Phones and terminals",
    why="A program on somebody's own machine keeps no secret, and the address that comes back may find another one.",
    minutes=35,
    needs=("23", "31"),
    exercises=(
        Exercise(
            id="45.1",
            title="Who gets the address?",
            judge_answer=judge_owners,
            hints=(
                "urlsplit(address) writes scheme and host in small letters.",
                'For https an app counts if the host is in its "verified"; for http no app does.',
                'For every other scheme an app counts if it is in its "schemes".',
            ),
            solution="""\
def answer(address, apps):
    parts = urlsplit(address)
    if parts.scheme == "http":
        return []
    if parts.scheme == "https":
        return [app["name"] for app in apps if parts.hostname in app["verified"]]
    return [app["name"] for app in apps if parts.scheme in app["schemes"]]""",
        ),
        Exercise(
            id="45.2",
            title="Any port, and nothing else",
            judge_answer=judge_loopback,
            hints=(
                "Two equal texts are equal. Otherwise both have to begin with http://127.0.0.1 or http://[::1].",
                "Then comes a port or none, then a slash and the rest, which has to be the same.",
                r're.fullmatch(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::[0-9]+)?(/.*)", text) takes an address apart.',
            ),
            solution="""\
import re

def answer(registered, given):
    if registered == given:
        return True
    parts = r"(http://(?:127\\.0\\.0\\.1|\\[::1\\]))(?::[0-9]+)?(/.*)"
    one, other = re.fullmatch(parts, registered), re.fullmatch(parts, given)
    return bool(one and other) and one[1] + one[2] == other[1] + other[2]""",
        ),
        Exercise(
            id="45.3",
            title="The patience of a terminal",
            judge_answer=_judge_polls,
            hints=(
                'With an access_token it is done: ("done", reply["access_token"]).',
                "authorization_pending waits as long as before, slow_down five seconds longer.",
                'Everything else: ("stop", reply["error"]).',
            ),
            solution="""\
def answer(reply, interval):
    if "access_token" in reply:
        return ("done", reply["access_token"])
    if reply["error"] == "authorization_pending":
        return ("wait", interval)
    if reply["error"] == "slow_down":
        return ("wait", interval + 5)
    return ("stop", reply["error"])""",
        ),
        Exercise(
            id="45.4",
            title="Keep it in a file",
            judge_answer=_judge_keeping,
            hints=(
                "open(path, 'w') makes a file that others may read, as far as the mask lets it.",
                "os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) makes a narrow one.",
                "A file that is there already keeps its mode: os.fchmod(handle, 0o600) before writing.",
            ),
            solution="""\
import os

def answer(path, token):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, 0o600)
    with open(handle, "w") as file:
        file.write(token)""",
        ),
    ),
    predictions=(
        Question(
            id="45.p1",
            text="A phone app has a client secret in its program. What is it worth?",
            options=(
                Option(text="It proves which app asks", why="Everybody has a copy of the app, and whoever unpacks "
                       "it has the secret (RFC 8252 §8.5)."),
                Option(text="Nothing: all copies have the same, and anybody can read it", why="So such an app is a "
                       "public client, and something else has to say who it is.", right=True),
                Option(text="As much as at a server, if it is well hidden", why="A hiding place that is shipped to "
                       "everybody is found once, and then known to all."),
            ),
        ),
    ),
    quiz=(
        Question(
            id="45.q1",
            text="Mallory's app has registered the scheme of another app, which uses PKCE. What can she still do?",
            options=(
                Option(text="Redeem the codes that her app gets", why="She does not know the verifier; it never left "
                       "the real app."),
                Option(text="Nothing", why="PKCE protects the login that the real app has begun, and no other."),
                Option(text="Begin a login herself, with a verifier of her own", why="If the server asks nobody, the "
                       "code comes to her app. A claimed https address, or a question each time, stops it "
                       "(RFC 8252 §8.6).", right=True),
            ),
        ),
        Question(
            id="45.q2",
            text="Why does a program open the login in the person's browser and not in a window of its own?",
            options=(
                Option(text="Because its own window cannot show HTML", why="It can, and that is the trouble."),
                Option(text="Because in its own window it could read password and cookie, and nobody sees the address",
                       why="RFC 8252 §8.12 forbids it; the browser also knows who is logged in already.", right=True),
                Option(text="Because a browser is faster", why="It may be. The reason is who can see what."),
            ),
        ),
        Question(
            id="45.q3",
            text="Somebody calls and reads out a code: \"type it at the address of your company, to confirm your "
            "account\". What is it?",
            options=(
                Option(text="A device grant that the caller has begun: whoever approves gives the caller tokens",
                       why="RFC 8628 §5.4 calls it remote phishing. Type only codes from a screen before you.",
                       right=True),
                Option(text="Harmless: the address is the company's own, and no password is told", why="The address is "
                       "real, and that is why it works. The tokens go to whoever began."),
                Option(text="A second factor", why="A second factor confirms a login of your own. This one belongs to "
                       "somebody else's device."),
            ),
        ),
    ),
)  # fmt: skip
