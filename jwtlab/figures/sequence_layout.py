"""Where everything of a sequence diagram stands: one layout for the figure and for the stepper. No matplotlib here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.steps import Step
from jwtlab.oauth.http.trace import Trace

TOP = 64
ROW = 34
LETTER = 6.2
"""Width of a letter of a label, in pixels, on the average."""
LONG = 60
"""A page shows so many exchanges at once; of a longer trace it shows a part."""
_PART, _BESIDE = 40, 10
_TELLING = ("code", "access_token", "id_token", "error", "request_uri", "device_code", "logout_token")


@dataclass(frozen=True)
class Lane:
    """Somebody who takes part.

    Attributes:
        name: of the party.
        lines: the name in at most two lines.
        x: the middle of the lane, in pixels.
    """

    name: str
    lines: tuple[str, ...]
    x: float


@dataclass(frozen=True)
class Arrow:
    """A message.

    Attributes:
        number: of its exchange.
        asks: a request, and not the answer to one.
        label: in a few words.
        shown: the label, as far as there is room for it.
        at: x of its middle.
        start, end: x of its ends, in pixels.
        y: its height.
        state: ``"done"``, ``"refused"``, ``"waiting"`` (no answer yet), ``"next"`` or ``"coming"``.
        sender: who says it.
    """

    number: int
    asks: bool
    label: str
    start: float
    end: float
    y: float
    state: str
    sender: str
    receiver: str
    shown: str
    at: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Diagram:
    """A sequence diagram, laid out.

    Attributes:
        width, height: in pixels.
        lanes: from left to right.
        arrows: from top to bottom.
        words: the same for whoever cannot see it.
        before, after: how many exchanges of the trace stand above and below of what is shown.
    """

    width: int
    height: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    words: str
    before: int = 0
    after: int = 0


def sequence_layout(
    trace: Trace,
    *,
    width: int = 560,
    parties: Sequence[str] = (),
    pending: Step | None = None,
    receiver: str = "",
    coming: Sequence[tuple[Exchange, bool]] = (),
    around: int | None = None,
) -> Diagram:
    """Lay a trace out.

    Args:
        trace: what was said.
        width: in pixels.
        parties: who takes part, from left to right; whoever is missing is added.
        pending: a message about to be sent, drawn at the end.
        receiver: who will get it.
        coming: what is expected after it: exchanges, and whether the request or the answer is meant.
        around: place in the trace of the exchange that is looked at: of a `LONG` trace only the part with this
            one is shown, so that a click takes no longer than with a short one. Without it, all of it is shown.
    """
    extra = (pending.sender, receiver) if pending else ()
    names = tuple(dict.fromkeys((*parties, *trace.parties, *extra)))
    step = width / max(len(names), 1)
    lanes = tuple(
        Lane(name, two_lines(name), round(step * (index + 0.5), 1)) for index, name in enumerate(names)
    )
    places = {lane.name: lane.x for lane in lanes}
    arrows: list[Arrow] = []

    def add(number: int, asks: bool, label: str, state: str, sender: str, other: str) -> None:
        y = TOP + ROW * (len(arrows) + 0.9)
        start, end = places[sender], places[other]
        shown = _fitted(f"{'✕ ' if state == 'refused' else ''}{label}", max(abs(end - start), step) + 22)
        half = len(shown) * LETTER / 2
        at = min(max((start + end) / 2, half + 3), width - half - 3)
        arrows.append(Arrow(number, asks, label, start, end, y, state, sender, other, shown, at))

    part = _part(len(trace), around)
    if part.stop < len(trace):  # its end is not shown
        pending, coming = None, ()
    for each, asks in trace[part.start : part.stop].messages:
        add(each.number, asks, message_label(each, asks), _state(each, asks), *_ends(each, asks))
    if pending is not None:
        number = trace[-1].number + 1 if len(trace) else 1
        label = f"{number} · {pending.request.method} {_short(pending.request.path)}"
        add(number, True, label, "next", pending.sender, receiver)
    for each, asks in coming:
        add(each.number, asks, message_label(each, asks), "coming", *_ends(each, asks))
    height = round(TOP + ROW * (len(arrows) + 0.6))
    words = _words(names, arrows)
    if len(part) < len(trace):
        words = f"Messages {part.start + 1:,} to {part.stop:,} of {len(trace):,}. {words}"
    return Diagram(width, height, lanes, tuple(arrows), words, part.start, len(trace) - part.stop)


def _part(count: int, around: int | None) -> range:
    """The places of the exchanges that are shown: the same for neighbours, so that a click seldom moves the rest."""
    if around is None or count <= LONG:
        return range(count)
    first = around // _PART * _PART
    return range(max(first - _BESIDE, 0), min(first + _PART + _BESIDE, count))


def _fitted(label: str, room: float) -> str:
    """The label, without what it carries if there is no room for that, and cut only if that does not help."""
    most = int(room / LETTER)
    if len(label) > most:
        label = label.partition(": ")[0]
    return label if len(label) <= most else f"{label[: most - 1]}…"


def two_lines(name: str) -> tuple[str, ...]:
    """The name of a party, broken before its last word if it is long."""
    words = name.split()
    if len(name) <= 10 or len(words) < 2:
        return (name,)
    return (" ".join(words[:-1]), words[-1])


def _ends(each: Exchange, asks: bool) -> tuple[str, str]:
    return (each.sender, each.receiver) if asks else (each.receiver, each.sender)


def message_label(each: Exchange, asks: bool) -> str:
    """A request or an answer in a few words."""
    return request_label(each) if asks else answer_label(each)


def _state(each: Exchange, asks: bool) -> str:
    if asks:
        return "waiting" if each.waiting else "done"
    return "refused" if each.response is None or each.response.status >= 400 else "done"


def request_label(each: Exchange) -> str:
    """A request in a few words: ``"6 · POST /token: code"``."""
    told = [name for name, _ in each.request.parameters if name in _TELLING]
    more = f": {', '.join(told)}" if told else ""
    return f"{each.number} · {each.request.method} {_short(each.request.path)}{more}"


def _short(path: str) -> str:
    if path.startswith("/.well-known/oauth-protected-resource"):
        return "metadata"
    path = path.replace("/.well-known/openid-configuration", "metadata")
    return path.replace("/.well-known/oauth-authorization-server", "metadata")


def answer_label(each: Exchange) -> str:
    """An answer in a few words: ``"303 to /callback: code"``."""
    answer = each.response
    if answer is None:
        return "no answer"
    parts = split(answer.location)
    if parts.path or parts.netloc:
        given = dict(parse_qsl(parts.query) + parse_qsl(parts.fragment))
        told = [name for name in _TELLING if name in given]
        path = parts.path or "/"
        return f"{answer.status} to {path}" + (f": {', '.join(told)}" if told else "")
    body = answer.json
    told = [name for name in _TELLING if isinstance(body, dict) and name in body]
    if isinstance(body, dict) and "error" in body:
        return f"{answer.status} {body['error']}"
    return f"{answer.status} {', '.join(told) or answer.reason}"


def _words(names: Sequence[str], arrows: Sequence[Arrow]) -> str:
    said = "; ".join(
        f"{each.sender} to {each.receiver}: {each.label}{', refused' if each.state == 'refused' else ''}"
        for each in arrows
        if each.state not in ("next", "coming")
    )
    return f"Sequence diagram of {', '.join(names)}. {said or 'Nothing has been said yet'}."
