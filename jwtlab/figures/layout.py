"""Where things stand on a time line, as plain data: the figure and the widgets draw from the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.jose import times


@dataclass(frozen=True)
class Instant:
    """An instant on the line, ``at`` in percent, its label on row 0 or 1."""

    label: str
    at: float
    tone: str
    row: int
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """Where everything stands on the line.

    Attributes:
        start: the left end, in seconds since 1970; ``end`` the right one, ``step`` what a slider moves by.
        now: the present, in seconds; ``now_at`` is its place in percent.
        marks: the dates of the token.
        valid: from where to where the token is good, in percent, or ``None``.
        grace: from where to where only the leeway makes it good, in percent.
        words: the same for whoever cannot see the line.
    """

    start: int
    end: int
    step: int
    now: int
    now_at: float
    now_label: str
    now_anchor: str
    marks: tuple[Instant, ...]
    valid: tuple[float, float] | None
    grace: tuple[tuple[float, float], ...]
    words: str


def timeline(
    claims: Mapping[str, Any] | None, now: float, home: float | None = None, leeway: float = 0
) -> Timeline:
    """A line on which the dates of a token and the present have room.

    Args:
        claims: the claims, or ``None``.
        now: the present, which a slider moves; seconds since 1970.
        home: where the present was at first; the line's ends depend on it and not on ``now``,
            so that the line does not run away from the finger that drags.
        leeway: seconds by which the verifier is generous.
    """
    home = now if home is None else home
    dates = {
        name: claims[name]
        for name in ("iat", "nbf", "exp")
        if claims and times.is_numeric_date(claims.get(name))
    }
    instants = [*dates.values(), home]
    spread = max(max(instants) - min(instants), 60)
    start, end = int(min(instants) - spread * 0.25), int(max(instants) + spread * 0.5)
    start, end = max(0, start), min(times.LATEST, end)

    def at(instant: float) -> float:
        return round(100 * (min(max(instant, start), end) - start) / (end - start), 2)

    marks = _marks(dates, at, start, end)
    begin = dates.get("nbf", dates.get("iat", start))
    until = dates.get("exp", end)
    valid = (at(begin), at(until)) if dates and begin < until else None
    grace = [(at(begin - leeway), at(begin))] if begin != start else []
    grace += [(at(until), at(until + leeway))] if until != end else []
    label = f"now {label_time(now, start, end)}"
    words = ", ".join(
        [*(f"{name} {times.when(value)}" for name, value in dates.items()), f"now {times.when(now)}"]
        + ([f"leeway {times.span(leeway)}"] if leeway else [])
    )
    step = max(1, round((end - start) / 600))
    return Timeline(
        start, end, step, int(now), at(now), label, anchor(at(now)), marks, valid, _shown(grace), words
    )


def _shown(ranges: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((a, b) for a, b in ranges if a < b)


def _marks(
    dates: Mapping[str, float], at: Callable[[float], float], start: int, end: int
) -> tuple[Instant, ...]:
    together: dict[float, list[str]] = {}
    for name, value in sorted(dates.items(), key=lambda pair: pair[1]):
        together.setdefault(value, []).append(name)
    marks: list[Instant] = []
    for value, who in together.items():
        place = at(value)
        crowded = bool(marks) and place - marks[-1].at < 20 and marks[-1].row == 0
        label = f"{' = '.join(who)} {label_time(value, start, end)}"
        marks.append(Instant(label, place, "bad" if "exp" in who else "ok", int(crowded), anchor(place)))
    return tuple(marks)


def anchor(place: float) -> str:
    """How a label is aligned so that it does not leave the line."""
    return "start" if place < 8 else "end" if place > 92 else "middle"


def label_time(instant: float, start: float, end: float) -> str:
    """As much of an instant as is needed on a line of this length."""
    if end - start < 2 * 86_400:
        text = times.clock_time(instant)
        return text.removesuffix(":00") if instant % 60 == 0 else text
    return times.when(instant).partition(",")[0]
