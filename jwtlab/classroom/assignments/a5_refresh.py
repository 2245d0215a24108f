"""Judges of assignment 5's refresh tokens: each is used once, and a second use ends it for everybody."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant

DAY = 24 * 3600


def family(my: Variant, draw: Draw) -> dict[str, Any]:
    """What the server knows of one login's refresh tokens."""
    return {
        "current": draw.text(24),
        "used": [draw.text(24), draw.text(24)],
        "revoked": False,
        "ends": my.now + 30 * DAY,
        "client_id": f"{my.thing}-app",
    }


def asked(
    answer: Answer, before: dict[str, Any], token: Any, client_id: str, new: str, now: int
) -> dict[str, Any]:
    """What `refresh` gives.

    Raises:
        Wrong: something else than a family and what is given.
    """
    found = answer.call(before, token, client_id, new, now)
    match found:
        case {
            "family": {"current": _, "used": list(), "revoked": bool()} as after,
            "give": (str() | None) as given,
        }:
            return {"family": after, "give": given}
    raise Wrong('return {"family": …, "give": new or None}; the family has the same members as before')


def good(answer: Answer, my: Variant, draw: Draw) -> None:
    now, before = my.now, family(my, draw)
    token, client = before["current"], before["client_id"]
    for _ in range(3):
        new = draw.text(24)
        found = asked(answer, before, token, client, new, now)
        after = found["family"]
        if found["give"] != new or after["current"] != new or after["revoked"]:
            raise Wrong("a good token gives the new one, which is then the current one")
        if sorted(after["used"]) != sorted([*before["used"], token]):
            raise Wrong("the token that was used belongs into used, beside those that are there")
        if (after.get("ends"), after.get("client_id")) != (before["ends"], client):
            raise Wrong("when the login ends, and whose it is, does not change by refreshing")
        before, token, now = after, new, now + DAY


def reuse(answer: Answer, my: Variant, draw: Draw) -> None:
    for number in (0, 1):
        before = family(my, draw)
        found = asked(answer, before, before["used"][number], before["client_id"], draw.text(24), my.now)
        if found["give"] is not None:
            raise Wrong("a refresh token was used a second time, and it was answered with a new one")
        if not found["family"]["revoked"]:
            raise Wrong("two hands have this token, and nobody knows whose are honest: end the whole login")
        again = asked(answer, found["family"], before["current"], before["client_id"], draw.text(24), my.now)
        if again["give"] is not None:
            raise Wrong("after the theft was seen, the newest token still works")


def strangers(answer: Answer, my: Variant, draw: Draw) -> None:
    before = family(my, draw)
    for token in (
        draw.text(24),
        "",
        before["current"].upper(),
        before["current"][:-1],
        f"{before['current']} ",
    ):
        found = asked(answer, before, token, before["client_id"], draw.text(24), my.now)
        if found["give"] is not None:
            raise Wrong("a token that was never given works")
        if found["family"] != before:
            raise Wrong("a guess ends somebody's login: what was never given changes nothing")


def client(answer: Answer, my: Variant, draw: Draw) -> None:
    before = family(my, draw)
    for token in (before["current"], before["used"][0]):
        found = asked(answer, before, token, f"{my.thing}-other", draw.text(24), my.now)
        if found["give"] is not None:
            raise Wrong("another application refreshes with this token (RFC 6749 §6)")
        if found["family"] != before:
            raise Wrong("another application ends this login: a token that is not theirs changes nothing")


def ended(answer: Answer, my: Variant, draw: Draw) -> None:
    before = family(my, draw)
    for late in (0, 1, DAY):
        found = asked(
            answer, before, before["current"], before["client_id"], draw.text(24), before["ends"] + late
        )
        if found["give"] is not None:
            raise Wrong("the login has ended, and is refreshed all the same: at ends it is over")
    if (
        asked(answer, before, before["current"], before["client_id"], draw.text(24), before["ends"] - 1)[
            "give"
        ]
        is None
    ):
        raise Wrong("a second before its end the login still lives")
    revoked = {**before, "revoked": True}
    if (
        asked(answer, revoked, before["current"], before["client_id"], draw.text(24), my.now)["give"]
        is not None
    ):
        raise Wrong("what was revoked is refreshed")


def nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    before = family(my, draw)
    things: list[Any] = [None, 7, True, [before["current"]], {}]
    for token in things:
        try:
            found = asked(answer, before, token, before["client_id"], draw.text(24), my.now)
        except Raised as raised:
            if raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} for what is no token") from None
        if found["give"] is not None or found["family"] != before:
            raise Wrong("what is no token gives nothing and changes nothing")
