"""TraceReader: a recorded login, message by message: find the first wrong one, name the check, choose what mends it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import traitlets
from markupsafe import Markup

from jwtlab.checks import Finding
from jwtlab.errors import UsageError, kind
from jwtlab.figures.sequence_layout import Diagram, sequence_layout
from jwtlab.jose import times
from jwtlab.lab import Lab
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.mishaps import MISHAPS, Mishap, find
from jwtlab.oauth.reading.judging import LOGIN_CHECKS, numbers_of
from jwtlab.oauth.reading.recording import Recording, read_har
from jwtlab.style import style
from jwtlab.widgets.stepping import message
from jwtlab.widgets.view import View, action, render

Groups = list[tuple[str, list[tuple[Finding, tuple[int, ...]]], str, bool]]


@dataclass(frozen=True)
class Choice:
    """Something to choose, with the word that is said to it."""

    text: str
    why: str
    right: bool


class TraceReader(View):
    """Read a recorded login.

    Args:
        logins: ids of recorded logins that went wrong, out of `jwtlab.oauth.mishaps.MISHAPS`; all twelve by default.
            Or one `Trace`, or one `Recording`: then there is nothing to guess, and the findings are shown.
        lab: whose clock and dice the recorded logins have.

    Attributes:
        recording: what is looked at.
        shown: the number of the message that is looked at.
        id: of the recorded login, or empty.
        solved: ids of those that were found and mended.

    Raises:
        UsageError: there is no such login.
    """

    template = "trace_reader.html"
    watched = ("shown", "moves")

    shown = traitlets.Int(1)
    moves = traitlets.Int(0)

    def __init__(self, *logins: str | Trace | Recording, lab: Lab | None = None) -> None:
        self._lab = Lab() if lab is None else lab
        self.choices: tuple[Mishap, ...] = ()
        self.id, self.solved = "", set[str]()
        self._chosen: dict[str, dict[str, int]] = {}
        first = logins[0] if logins else ""
        if isinstance(first, Trace | Recording):
            if len(logins) > 1:
                raise UsageError("one trace at a time")
            self.recording = first if isinstance(first, Recording) else Recording.of(first, keep_secrets=True)
            if not len(self.recording.trace):
                raise UsageError("nothing has been said in this trace yet")
        else:
            wrong = next((each for each in logins if not isinstance(each, str)), None)
            if wrong is not None:
                raise UsageError(
                    f"a TraceReader wants the id of a login, a Trace or a Recording; this is {kind(wrong)}"
                )
            self.choices = tuple(find(str(each)) for each in logins) or tuple(MISHAPS.values())
            self._open(self.choices[0].id)
        super().__init__()

    @classmethod
    def from_har(
        cls, file: str | Path, *, keep_secrets: bool = False, everything: bool = False, partial: bool = False
    ) -> TraceReader:
        """Read a recording of one's own.

        Args:
            file: a HAR file of a browser's developer tools, packed or not.
            keep_secrets: leave secrets, tokens, cookies and people as they are; for yourself only.
            everything: show also what has nothing to do with a login.
            partial: read a file that ends too early as far as it goes.

        Raises:
            UsageError: there is no such file, it is no HAR, it is broken, or nothing of a login is in it.
        """
        return cls(read_har(file, keep_secrets=keep_secrets, everything=everything, partial=partial))

    def _open(self, id: str) -> None:
        self.id, self.recording = id, self._lab.mishap(id)

    # What the page may do

    @action("login")
    def choose_login(self, value: str, target: str = "") -> None:
        """Another one of the recorded logins."""
        if any(value == each.id for each in self.choices) and value != self.id:
            self._open(str(value))
            self.shown = 1
            self.moves += 1

    @action("next")
    def next(self, value: str = "", target: str = "") -> None:
        """The message after this one."""
        self._look(self.shown + 1)

    @action("back")
    def back(self, value: str = "", target: str = "") -> None:
        """The message before this one."""
        self._look(self.shown - 1)

    @action("look")
    def look(self, value: Any, target: str = "") -> None:
        """A message by its number."""
        if str(value).isascii() and str(value).isdecimal() and len(str(value)) < 6:
            self._look(int(value))

    def _look(self, number: int) -> None:
        self.shown = min(max(number, 1), len(self.recording.trace))

    @action("here")
    def here(self, value: str = "", target: str = "") -> None:
        """This is the first wrong message."""
        if self.id and not self._found_message():
            self._note("message", self.shown)

    @action("answer")
    def answer(self, value: Any, target: str = "") -> None:
        """Choose a check, or what mends it."""
        rows = {"check": self._checks, "mend": self._mends}.get(target)
        if not self.id or rows is None or str(value) not in map(str, range(len(rows()))):
            return
        if (target == "check" and not self._found_message()) or (
            target == "mend" and not self._found_check()
        ):
            return
        self._note(target, int(value))
        if target == "mend" and rows()[int(value)].right:
            self.solved.add(self.id)

    def _note(self, what: str, value: int) -> None:
        self._chosen.setdefault(self.id, {})[what] = value
        self.moves += 1

    # The questions

    @property
    def mishap(self) -> Mishap | None:
        return MISHAPS.get(self.id)

    def _chosen_now(self) -> dict[str, int]:
        return self._chosen.get(self.id, {})

    def _found_message(self) -> bool:
        mishap = self.mishap
        return mishap is not None and self._chosen_now().get("message") in mishap.messages

    def _found_check(self) -> bool:
        chosen = self._chosen_now().get("check")
        return self._found_message() and chosen is not None and self._checks()[chosen].right

    def _said(self) -> str:
        """What is said to the message that was picked."""
        picked, mishap = self._chosen_now().get("message"), self.mishap
        if picked is None or mishap is None:
            return ""
        if picked in mishap.messages:
            others = [str(number) for number in sorted(mishap.messages) if number != picked]
            return f"Right{f' (and so is message {others[0]}: they belong together)' if others else ''}."
        if picked < min(mishap.messages):
            if mishap.reddens(self.recording.trace[picked - 1]):
                return (
                    "It asks rightly. It ends in red because of a message that was sent before it was answered: "
                    "that one stands further down."
                )
            return "Everything in it is as it should be. It goes wrong later."
        if picked > max(mishap.messages):
            return "It has gone wrong before that. Go back up, and ask at each message: would a sound login say this?"
        return "No: look at the messages beside it."

    def _checks(self) -> list[Choice]:
        """The right check among others, in an order that is the same every time."""
        mishap = self.mishap
        if mishap is None:
            return []
        rows = [
            Choice(
                f"{LOGIN_CHECKS[each].title} ({each})",
                "It is what does not hold here." if each == mishap.check else self._holds(each),
                each == mishap.check,
            )
            for each in (mishap.check, *mishap.decoys)
        ]
        return self._mixed(rows)

    def _holds(self, check_id: str) -> str:
        finding = self.recording.judgement.reports["login"][check_id]
        if finding.failed:
            return "It fails here too, and it is what came of the cause; an earlier check names the cause itself."
        return (
            "That holds here."
            if finding.passed
            else f"That is not the matter: {finding.reason or 'not asked'}."
        )

    def _mends(self) -> list[Choice]:
        mishap = self.mishap
        return (
            self._mixed([Choice(each.text, each.why, each.right) for each in mishap.mends]) if mishap else []
        )

    def _mixed(self, rows: list[Choice]) -> list[Choice]:
        mixed = list(rows)
        random.Random(f"{self.id} {len(rows)}").shuffle(mixed)
        return mixed

    # What it shows

    def context(self) -> dict[str, Any]:
        trace, judgement, mishap = self.recording.trace, self.recording.judgement, self.mishap
        exchange = trace[self.shown - 1]
        solved = self.id in self.solved
        told = mishap is None or solved
        return {
            "title": self.id or self.recording.name or "Recorded login",
            "mishap": mishap,
            "choices": self.choices,
            "exchange": exchange,
            "count": len(trace),
            "clock": times.clock_time(exchange.at) if exchange.at else "an unknown time",
            "diagram": _diagram(trace, 560, self.shown - 1),
            "flags": flags_of(self.recording) if told else {},
            "about": [each for each in judgement.failures if exchange.number in numbers_of(each)]
            if told
            else [],
            "seen": _seen(exchange, self._now(exchange)),
            "picked": self._chosen_now().get("message"),
            "said": self._said(),
            "found_message": self._found_message(),
            "found_check": self._found_check(),
            "solved": solved,
            "checks": self._checks(),
            "mends": self._mends(),
            "chosen": self._chosen_now(),
            "groups": groups_of(self.recording) if told else [],
        }

    def _now(self, exchange: Exchange) -> float:
        """Dates in tokens are told as they were when the message was sent."""
        return exchange.at or self._lab.now

    # For others

    def to_html(self) -> str:
        """The whole recording as one page that needs nothing else, and runs no script."""
        return str(page_of(self.recording))

    def to_svg(self) -> str:
        """The sequence diagram as an SVG file."""
        return svg_of(self.recording)

    def to_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return self.recording.to_json()


def _diagram(trace: Trace, width: int, around: int | None = None) -> Diagram:
    return sequence_layout(trace, width=width, around=around)


def _seen(exchange: Exchange, now: float) -> Sequence[Any]:
    return message.tokens_in(exchange, now)


def flags_of(recording: Recording) -> dict[int, str]:
    """Number of a message → ``"bad"`` or ``"warn"``, for those with a finding."""
    judgement = recording.judgement
    flags = {number: "warn" for each in judgement.advice for number in numbers_of(each)}
    return flags | {number: "bad" for each in judgement.failures for number in numbers_of(each)}


def groups_of(recording: Recording) -> Groups:
    """The findings under their headings: title, rows, tone, and whether it is open at first."""
    judgement = recording.judgement
    every = [each for report in judgement.reports.values() for each in report]
    passed = [each for each in every if each.passed]
    unasked = [each for each in every if not each.passed and not each.failed]

    def rows(found: Sequence[Finding]) -> list[tuple[Finding, tuple[int, ...]]]:
        return [(each, numbers_of(each)) for each in found]

    return [
        ("What went wrong", rows(judgement.failures), "bad" if judgement.failures else "ok", True),
        ("What works, and is risky", rows(judgement.advice), "warn" if judgement.advice else "ok", True),
        ("In order", rows(passed), "ok", False),
        ("Could not be asked", rows(unasked), "skip", False),
    ]


def page_of(recording: Recording) -> Markup:
    """A recording as one page: findings, diagram, and every message with its tokens."""
    trace, judgement = recording.trace, recording.judgement
    wide = max(720, 170 * len(trace.parties))
    return render(
        "trace_page.html",
        title=recording.name or "Recorded login",
        style=Markup(style()),  # our own sheet, and nothing of a recording
        notes=recording.notes,
        count=len(trace),
        parties=trace.parties,
        replaced=recording.replaced,
        diagram=_diagram(trace, wide),
        flags=flags_of(recording),
        groups=groups_of(recording),
        failures=judgement.failures,
        messages=[(each, _seen(each, each.at), judgement.about(each.number)) for each in trace],
    )


def svg_of(recording: Recording) -> str:
    """The sequence diagram of a recording as an SVG file."""
    from jwtlab.figures import sequence  # matplotlib, which the others do without

    return sequence(recording.trace).svg_file()
