"""FlowStepper: a flow, message by message: look at each, change it, send it, and see who checks what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import traitlets

from jwtlab.checks import Check, Finding, Policy, Report
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.figures.sequence_layout import answer_label, sequence_layout
from jwtlab.jose import times
from jwtlab.lab import Lab
from jwtlab.oauth.attacks import FLOW_ATTACKS, FlowAttack, Loot
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response, header
from jwtlab.oauth.http.steps import Step
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import ASKS_MORE, basic_credentials
from jwtlab.oauth.reading.knowledge import who_knows
from jwtlab.widgets import reading
from jwtlab.widgets.rehearsal import Rehearsal
from jwtlab.widgets.view import View, action

LONGEST = 8192
LONG_LIST = 14
"""Checks; of a token's longer list only the claims are shown."""
SHOWN_HEADERS = ("authorization", "dpop", "cookie", "content-type", "origin", "location", "set-cookie")
_EDITABLE_HEADERS = ("authorization", "dpop", "cookie")


@dataclass(frozen=True)
class Field:
    """Something of the next message that may be changed.

    Attributes:
        place: ``"query"``, ``"form"`` or ``"header"``.
        index: which one.
        name, value: what it says now.
        changed: it is not what the flow would send.
    """

    place: str
    index: int
    name: str
    value: str
    changed: bool

    @property
    def target(self) -> str:
        return f"{self.place}:{self.index}"


@dataclass(frozen=True)
class Switchable:
    """A check with its switch.

    Attributes:
        party: who asks it.
        on: it is asked.
        told: ``False`` for those of a token's long list that wait behind a click.
    """

    check: Check
    party: str
    on: bool
    told: bool = True

    @property
    def target(self) -> str:
        return f"{self.party}|{self.check.id}"


class FlowStepper(View):
    """Step through a flow.

    Args:
        flow: its id, out of `jwtlab.oauth.FLOWS`.
        attack: an attack to begin with, out of `jwtlab.oauth.FLOW_ATTACKS`.
        careless: for an attack: in the world in which it succeeds.
        without: checks that are switched off at first, such as ``"code-verifier"``.
        sent: how many messages have gone already when the stepper begins (and after Reset): those that
            another lesson explains.
        lab: whose clock and people it is.
        options: of the flow, such as ``user="bob"``.

    Attributes:
        session: the `Flow` under way.
        shown: the number of the message that is looked at; 0 for the next one.

    Raises:
        UsageError: there is no such flow, attack, check or option.
    """

    template = "flow.html"
    watched = ("shown", "moves")

    shown = traitlets.Int(0)
    moves = traitlets.Int(0)

    def __init__(
        self,
        flow: str = "authorization-code",
        *,
        attack: str = "",
        careless: bool = True,
        without: str | Iterable[str] = (),
        sent: int = 0,
        lab: Lab | None = None,
        **options: Any,
    ) -> None:
        self.lab = Lab() if lab is None else lab
        self.sent = sent
        self.flow_id, self.options = flow, options
        self.attack, self.careless = attack, careless
        if attack and attack not in FLOW_ATTACKS:
            raise UsageError(f"there is no attack {attack!r}; there are: {', '.join(FLOW_ATTACKS)}")
        self.off: set[str] = set()
        self.starts_at = self.lab.clock.now
        self._begin()
        weak = FLOW_ATTACKS[attack].weak if attack and careless else ()
        for each in (*([without] if isinstance(without, str) else without), *weak):
            self._switch_everywhere(each)
        self._begin()
        super().__init__()

    # Beginning

    def _begin(self) -> None:
        """Everything from the start, in a new world; the checks stay as they are switched."""
        self.rehearsal = Rehearsal.of(self._new_flow(Lab(now=self.starts_at), self.off))
        self.lab.clock.set(self.starts_at)
        self.session = self._new_flow(self.lab, self.off)
        while len(self.session.trace) < self.sent and not self.session.done:
            self.session.send()
        self._fields_of(self.session.pending)

    def _new_flow(self, lab: Lab, off: Iterable[str]) -> Flow:
        attack = self.attack
        flow = lab.flow_attack(attack, weak=False) if attack else lab.flow(self.flow_id, **self.options)
        self._base = {party: dict(decisions) for party, decisions in flow.world.policies.items()}
        _apply(flow, self._base, set(off))
        return flow

    def _switch_everywhere(self, check_id: str) -> None:
        party, _, name = check_id.rpartition(":")
        found = {
            f"{who}|{name}"
            for who, decisions in self._base.items()
            if party in ("", who) and any(name in policy for policy in decisions.values())
        }
        if not found:
            raise UsageError(f"nobody in this flow asks {check_id!r}")
        self.off |= found

    def _fields_of(self, step: Step | None) -> None:
        """Take the next message to pieces, to be changed."""
        request = step.request if step is not None else Request("GET", "")
        self.fields: list[list[str]] = [["query", name, value] for name, value in request.query]
        self.fields += [["form", name, value] for name, value in request.form]
        self.fields += [
            ["header", name, value] for name, value in request.headers if name.lower() in _EDITABLE_HEADERS
        ]
        self.original = [tuple(each) for each in self.fields]
        self.addition, self.problem = "", ""

    # What the page may do

    @action("next")
    def next(self, value: str = "", target: str = "") -> None:
        """Send the next message, as it stands in the editor; or, while looking back, go on looking."""
        if self.shown:
            self._look(self.shown + 1)
        elif not self.session.done:
            before = self.draft()
            try:
                self.session.send(before)
            except JwtlabError as error:
                self.problem = str(error)
                self.moves += 1
                return
            self._fields_of(self.session.pending)
        self.problem = ""
        self.moves += 1

    @action("back")
    def back(self, value: str = "", target: str = "") -> None:
        """Look at the message before. Nothing is undone."""
        self._look((self.shown or len(self.session.trace) + 1) - 1)

    @action("look")
    def look(self, value: str, target: str = "") -> None:
        self._look(int(value) if str(value).isdecimal() and len(str(value)) < 6 else 0)

    def _look(self, number: int) -> None:
        last = len(self.session.trace)
        self.shown = (
            0 if number > last and not self.session.done else min(max(number, 1 if last else 0), last)
        )

    @action("run")
    def run(self, value: str = "", target: str = "") -> None:
        """Send everything up to the end."""
        if not self.session.done:
            self.next()
        self.session.run()
        self._fields_of(None)
        self.shown = 0
        self.moves += 1

    @action("reset")
    def reset(self, value: str = "", target: str = "") -> None:
        """From the start, with the checks as they are switched."""
        self._begin()
        self.shown, self.problem = 0, ""
        self.moves += 1

    @action("attack")
    def choose_attack(self, value: str, target: str = "") -> None:
        """Begin again with an attack, or with none."""
        if value not in ("", *(each.id for each in self.attacks)):
            return
        self.attack = value
        self.off = set()
        self._begin()
        if value and self.careless:
            for each in FLOW_ATTACKS[value].weak:
                self._switch_everywhere(each)
        self.reset()

    @action("world")
    def choose_world(self, value: str, target: str = "") -> None:
        """Careless or sound."""
        if value in ("careless", "sound"):
            self.careless = value == "careless"
            self.choose_attack(self.attack)

    @action("switch")
    def switch(self, value: bool, target: str = "") -> None:
        """Switch a check on or off, from now on."""
        party, _, check_id = target.partition("|")
        if not any(check_id in policy for policy in self._base.get(party, {}).values()):
            return
        self.off = self.off - {target} if value else self.off | {target}
        _apply(self.session, self._base, self.off)
        self.moves += 1

    @action("edit")
    def edit(self, value: str, target: str = "", cut: int = 0) -> None:
        """Change a parameter or a header of the next message."""
        place, _, index = target.partition(":")
        if index.isdecimal() and int(index) < len(self.fields) and self.fields[int(index)][0] == place:
            self.fields[int(index)][2] = _sendable(str(value)[:LONGEST], place)
            self.moves += 1

    @action("drop")
    def drop(self, value: str, target: str = "") -> None:
        """Take a parameter out of the next message."""
        if value.isdecimal() and int(value) < len(self.fields):
            del self.fields[int(value)]
            del self.original[int(value)]
            self.moves += 1

    @action("typing")
    def type_addition(self, value: str, target: str = "", cut: int = 0) -> None:
        """What shall be added to the next message."""
        self.addition = str(value)[:LONGEST]

    @action("add")
    def add(self, value: str = "", target: str = "") -> None:
        """Add ``name=value``, or a header as ``Name: value``, to the next message."""
        request = self.session.pending.request if self.session.pending else None
        if request is None:
            return
        name, equals, content = self.addition.strip().partition("=")
        place = "form" if request.form else "query"
        header_name, colon, header_value = self.addition.strip().partition(":")
        if header_name.lower() in _EDITABLE_HEADERS and colon:
            place, name, equals, content = "header", header_name, colon, header_value.strip()
        if not name or not equals:
            names = ", ".join(_EDITABLE_HEADERS)
            self.problem = f"Write name=value, or one of the headers ({names}) as Name: value."
        else:
            self.fields.append([place, _sendable(name[:200], place), _sendable(content, place)])
            self.original.append((place, name, ""))
            self.addition, self.problem = "", ""
        self.moves += 1

    @action("undo")
    def undo(self, value: str = "", target: str = "") -> None:
        """Put the next message back as it was."""
        self._fields_of(self.session.pending)
        self.moves += 1

    # What it shows

    def draft(self) -> Request | None:
        """The next message, as the editor has it."""
        if self.session.pending is None:
            return None
        request = self.session.pending.request
        by_place = {
            place: [(name, value) for each, name, value in self.fields if each == place]
            for place in ("query", "form", "header")
        }
        if by_place["query"] != list(request.query):
            request = request.with_query(by_place["query"])
        if by_place["form"] != list(request.form):
            request = request.with_form(by_place["form"])
        given = [pair for pair in request.headers if pair[0].lower() in _EDITABLE_HEADERS]
        if by_place["header"] != given:
            kept = tuple(pair for pair in request.headers if pair[0].lower() not in _EDITABLE_HEADERS)
            request = Request(request.method, request.url, (*kept, *by_place["header"]), request.body)
        return request

    @property
    def attacks(self) -> list[FlowAttack]:
        """Those that are played against this flow."""
        return [each for each in FLOW_ATTACKS.values() if each.flow == self.flow_id]

    def context(self) -> dict[str, Any]:
        flow = self.session
        pending = flow.pending
        receiver = flow.network.origins.get(_origin(pending.request.url), "") if pending else ""
        looked_at = self._looked_at()
        number = len(flow.trace) + (0 if flow.done else 1)
        coming = self.rehearsal.ahead(flow.trace) if receiver else ()
        diagram = sequence_layout(
            flow.trace,
            width=560,
            parties=self.rehearsal.parties,
            pending=pending if receiver else None,
            receiver=receiver,
            coming=coming,
        )
        request = self.draft()
        stop = self._stop()
        told = Trace(each for each in flow.trace if not self.shown or each.number <= self.shown)
        return {
            "title": flow.title,
            "spec": flow.spec,
            "diagram": diagram,
            "told": told,
            "mails": flow.world.mailbox.mails,
            "secrets": who_knows(told),
            "pending": pending,
            "receiver": receiver,
            "request": request,
            "carries": _seen(Exchange(number, "", receiver, request, None), self.lab.now) if request else (),
            "basic": basic_credentials(header(request.headers, "authorization")) if request else None,
            "will_check": self._will_check(number, pending, receiver) if pending and receiver else (),
            "editable": [
                Field(place, index, name, value, self.original[index] != (place, name, value))
                for index, (place, name, value) in enumerate(self.fields)
            ],
            "edited": len(self.fields) != self._pending_size()
            or any(tuple(each) != before for each, before in zip(self.fields, self.original, strict=True)),
            "exchange": looked_at,
            "result": self._result(looked_at),
            "good": _goodness(looked_at, self._reports(looked_at)) if looked_at else None,
            "stop": stop,
            "seen": _seen(looked_at, self.lab.now) if looked_at else (),
            "page": _page(looked_at.response if looked_at else None),
            "reports": [
                (
                    name,
                    [(f, self._switch_of(looked_at, f), _is_shown(f, report)) for f in report.findings],
                    report,
                )
                for name, report in self._reports(looked_at)
            ],
            "switches": self._switches(),
            "outcome": flow.outcome if isinstance(flow.outcome, Loot) else None,
            "attacks": self.attacks,
            "story": FLOW_ATTACKS[self.attack].story if self.attack else "",
            "step": number,
            "clock": times.clock_time(looked_at.at if self.shown and looked_at else self.lab.now),
            "of": self.rehearsal.exchanges if coming else 0,
            "problem": self.problem,
            "addition": self.addition,
        }

    def _pending_size(self) -> int:
        pending = self.session.pending
        if pending is None:
            return 0
        headers = [pair for pair in pending.request.headers if pair[0].lower() in _EDITABLE_HEADERS]
        return len(pending.request.query) + len(pending.request.form) + len(headers)

    def _reports(self, exchange: Exchange | None) -> tuple[tuple[str, Report], ...]:
        if exchange is None:
            return ()
        return self.session.decided if exchange.waiting else exchange.reports

    def _result(self, exchange: Exchange | None) -> tuple[bool | str | None, str, str] | None:
        """What became of the message: good, bad, ``"more"`` or still open; its title; and a few words."""
        if exchange is None:
            return None
        reports = self._reports(exchange)
        title = f"Message {exchange.number}"
        if exchange.waiting:
            return None, title, f"has been sent. {exchange.receiver} asks somebody else before it answers."
        title = f"{title}: {answer_label(exchange)}"
        failed = [finding for _, report in reports for finding in report.failures]
        good = _goodness(exchange, reports)
        if failed:
            return good, title, f"{failed[0].check.title} ({failed[0].id})"
        passed = sum(len(report.findings) for _, report in reports)
        words = [f"{passed} check{'s' if passed > 1 else ''} passed"] if passed else []
        words += ["it asks for more before it decides"] if good == "more" else []
        return good, title, "; ".join(words)

    def _stop(self) -> tuple[Exchange, Finding] | None:
        """In a sound world: the first refusal by a check that the careless world lacks."""
        if not self.attack or not self.session.done:
            return None
        guards = {each.rpartition(":")[2] for each in FLOW_ATTACKS[self.attack].weak}
        return next(
            (
                (each, finding)
                for each in self.session.trace
                for _, report in each.reports
                for finding in report.failures
                if finding.id in guards
            ),
            None,
        )

    def _looked_at(self) -> Exchange | None:
        """The message that was chosen; else the one sent last, if it waits; else the last that has its answer."""
        trace = self.session.trace
        if self.shown:
            return next((each for each in trace if each.number == self.shown), None)
        outcome = self.session.outcome
        stop = self._stop() if isinstance(outcome, Loot) and not outcome.succeeded else None
        if stop is not None:
            return stop[0]
        if trace and trace[-1].waiting:
            return trace[-1]
        answered = [each for each in trace if not each.waiting]
        return _root(max(answered, key=_order_of_answers), answered) if answered else None

    def _switch_of(self, exchange: Exchange | None, finding: Finding) -> Switchable | None:
        party = exchange.receiver if exchange else ""
        known = any(finding.id in policy for policy in self._base.get(party, {}).values())
        return Switchable(finding.check, party, f"{party}|{finding.id}" not in self.off) if known else None

    def _switches(self) -> list[tuple[str, list[tuple[str, list[Switchable]]]]]:
        """Every check that somebody asks in this flow: party → decision → checks."""
        groups = []
        for party, names in self.rehearsal.decisions.items():
            decisions = self._decisions(party, names)
            if decisions:
                groups.append((party, decisions))
        return groups

    def _will_check(self, number: int, step: Step, receiver: str) -> list[tuple[str, list[Switchable]]]:
        """What the receiver of the next message will ask: decision → checks."""
        found = self._decisions(receiver, self.rehearsal.asked(number, step, receiver))
        return [
            (name, [replace(row, told=_is_told(row.check, len(rows))) for row in rows])
            for name, rows in found
        ]

    def _decisions(self, party: str, names: Iterable[str]) -> list[tuple[str, list[Switchable]]]:
        policies: dict[str, Policy] = self._base.get(party, {})
        return [
            (name, [Switchable(each, party, f"{party}|{each.id}" not in self.off) for each in policies[name]])
            for name in names
            if name in policies
        ]


def _apply(flow: Flow, base: Mapping[str, Mapping[str, Policy]], off: set[str]) -> None:
    for party, decisions in flow.world.policies.items():
        names = {each.partition("|")[2] for each in off if each.startswith(f"{party}|")}
        for name, policy in base[party].items():
            decisions[name] = policy.without(*(i for i in policy.ids if i in names))


def _goodness(exchange: Exchange, reports: Iterable[tuple[str, Report]]) -> bool | str:
    """Is the answer a yes (``True``), a no (``False``), or does it ask for more (``"more"``)?"""
    failed = [report for _, report in reports if not report.accepted]
    if failed:
        return "more" if all(report.asks_more for report in failed) else False
    answer = exchange.response
    if answer is None:
        return False
    error = dict(
        parse_qsl(urlsplit(answer.location).query) + parse_qsl(urlsplit(answer.location).fragment)
    ).get("error")
    if error is not None:
        return "more" if error in ASKS_MORE else False
    if "<form" in _page(answer):
        return "more"
    return answer.status < 400


def _sendable(value: str, place: str) -> str:
    """What can travel: text in UTF-8, and in a header printable ASCII only (RFC 9110 §5.5)."""
    if place == "header":
        return "".join(each if " " <= each <= "~" else "?" for each in value)
    return value.encode("utf-8", "replace").decode("utf-8")


def _order_of_answers(exchange: Exchange) -> tuple[int, int]:
    return exchange.answered_after, -exchange.number


def _root(refusal: Exchange, answered: Iterable[Exchange]) -> Exchange:
    """Where a refusal began: a receiver that asks somebody else refuses because that one has refused.

    So whoever spoils message 6 is shown what became of message 6, not of message 5, which waited for it.
    """
    if not refusal.refused_by:
        return refusal
    within = [each for each in answered if each.number > refusal.number and each.refused_by]
    return _root(max(within, key=_order_of_answers), within) if within else refusal


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_shown(finding: Finding, report: Report) -> bool:
    """A token's long list is shown from its claims on; what failed is always shown."""
    return finding.failed or _is_told(finding.check, len(report.findings))


def _is_told(check: Check, among: int) -> bool:
    return among <= LONG_LIST or check.group not in ("Form", "Key", "Header", "Payload")


def _seen(exchange: Exchange, now: float) -> tuple[Any, ...]:
    """The tokens in a message, decoded."""
    return tuple((seen.where, reading.inspect(seen.text, now)) for seen in exchange.tokens[:4])


def _page(response: Response | None) -> str:
    """The page that a person would see, if it is one."""
    if response is None or not header(response.headers, "content-type").startswith("text/html"):
        return ""
    return response.body.decode("utf-8", "replace")
