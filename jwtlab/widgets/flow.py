"""FlowStepper: a flow, message by message: look at each, change it, send it, and see who checks what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets
from markupsafe import Markup

from jwtlab.errors import JwtlabError, UsageError
from jwtlab.figures.sequence_layout import sequence_layout
from jwtlab.jose import times
from jwtlab.lab import Lab
from jwtlab.oauth.attacks import FLOW_ATTACKS, FlowAttack, Loot
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, header
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import basic_credentials
from jwtlab.oauth.reading.knowledge import who_knows
from jwtlab.widgets.rehearsal import Rehearsal
from jwtlab.widgets.stepping import message
from jwtlab.widgets.stepping.editor import LONGEST, MessageEditor
from jwtlab.widgets.stepping.switches import Switches, is_shown
from jwtlab.widgets.view import View, action, render


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
        self.switches = Switches()
        self._checks_drawn: tuple[Any, Markup] = None, Markup()
        self.starts_at = self.lab.clock.now
        self._begin((*([without] if isinstance(without, str) else without), *self._careless_gaps))
        super().__init__()

    # Beginning

    def _begin(self, without: Iterable[str] = ()) -> None:
        """Everything from the start, in a new world; the checks stay as they are switched.

        Args:
            without: ids of checks that are switched off from now on.
        """
        world = Lab(now=self.starts_at)
        rehearsed = self.switches.take(self._new_flow(world))
        for each in without:
            self.switches.turn_off_everywhere(each)
        self.switches.apply(rehearsed)
        self.rehearsal = Rehearsal.of(rehearsed)
        self.lab.clock.set(self.starts_at)
        self.session = self.switches.take(self._new_flow(self.lab))
        self.switches.apply(self.session)
        while len(self.session.trace) < self.sent and not self.session.done:
            self.session.send()
        self.editor = MessageEditor(self.session.pending)

    def _new_flow(self, lab: Lab) -> Flow:
        if self.attack:
            return lab.flow_attack(self.attack, weak=False)
        return lab.flow(self.flow_id, **self.options)

    @property
    def _careless_gaps(self) -> tuple[str, ...]:
        """The checks that are missing in the world in which the attack succeeds."""
        return FLOW_ATTACKS[self.attack].weak if self.attack and self.careless else ()

    @property
    def off(self) -> set[str]:
        """Targets of the checks that are switched off: ``"party|check-id"``."""
        return self.switches.off

    @property
    def fields(self) -> list[list[str]]:
        """What of the next message may be changed: ``[place, name, value]`` of each."""
        return self.editor.fields

    def draft(self) -> Request | None:
        """The next message, as the editor has it."""
        return self.editor.draft()

    @property
    def attacks(self) -> list[FlowAttack]:
        """Those that are played against this flow."""
        return [each for each in FLOW_ATTACKS.values() if each.flow == self.flow_id]

    # What the page may do

    @action("next")
    def next(self, value: str = "", target: str = "") -> None:
        """Send the next message, as it stands in the editor; or, while looking back, go on looking."""
        if self.shown:
            self._look(self.shown + 1)
        elif not self.session.done:
            try:
                self.session.send(self.draft())
            except JwtlabError as error:
                self.editor.problem = str(error)
            else:
                self.editor = MessageEditor(self.session.pending)
        self.moves += 1

    @action("back")
    def back(self, value: str = "", target: str = "") -> None:
        """Look at the message before. Nothing is undone."""
        self._look((self.shown or len(self.session.trace) + 1) - 1)

    @action("look")
    def look(self, value: str, target: str = "") -> None:
        """Look at a message by its number."""
        self._look(int(value) if str(value).isdecimal() and len(str(value)) < 6 else 0)

    def _look(self, number: int) -> None:
        last = len(self.session.trace)
        self.shown = (
            0 if number > last and not self.session.done else min(max(number, 1 if last else 0), last)
        )

    @action("run")
    def run(self, value: str = "", target: str = "") -> None:
        """Send everything up to the end."""
        self.shown = 0
        self.next()
        if not self.editor.problem:
            self.session.run()
            self.editor = MessageEditor(None)
        self.moves += 1

    @action("reset")
    def reset(self, value: str = "", target: str = "") -> None:
        """From the start, with the checks as they are switched."""
        self._begin()
        self.shown = 0
        self.moves += 1

    @action("attack")
    def choose_attack(self, value: str, target: str = "") -> None:
        """Begin again with an attack, or with none."""
        if value in ("", *(each.id for each in self.attacks)):
            self.attack = value
            self.switches = Switches()
            self._begin(self._careless_gaps)
            self.shown = 0
            self.moves += 1

    @action("world")
    def choose_world(self, value: str, target: str = "") -> None:
        """Careless or sound."""
        if value in ("careless", "sound"):
            self.careless = value == "careless"
            self.choose_attack(self.attack)

    @action("switch")
    def switch(self, value: bool, target: str = "") -> None:
        """Switch a check on or off, from now on."""
        if self.switches.knows(target):
            self.switches.turn(target, bool(value))
            self.switches.apply(self.session)
            self.moves += 1

    @action("edit")
    def edit(self, value: str, target: str = "", cut: int = 0) -> None:
        """Change a parameter or a header of the next message."""
        if self.editor.edit(target, str(value)):
            self.moves += 1

    @action("drop")
    def drop(self, value: str, target: str = "") -> None:
        """Take a parameter out of the next message."""
        if self.editor.drop(str(value)):
            self.moves += 1

    @action("typing")
    def type_addition(self, value: str, target: str = "", cut: int = 0) -> None:
        """What shall be added to the next message."""
        self.editor.addition = str(value)[:LONGEST]

    @action("add")
    def add(self, value: str = "", target: str = "") -> None:
        """Add what was typed to the next message."""
        self.editor.add()
        self.moves += 1

    @action("undo")
    def undo(self, value: str = "", target: str = "") -> None:
        """Put the next message back as it was."""
        self.editor = MessageEditor(self.session.pending)
        self.moves += 1

    def mend(self) -> str:
        """A message that was broken off has arrived by half: the flow begins again."""
        self.shown = 0
        self._begin()
        return "The flow begins again from its first message; the checks are as you switched them."

    # What it shows

    def parts(self) -> dict[str, Markup]:
        """Everybody's checks: two thirds of the page, and others only when something is switched."""
        parties = self.rehearsal.decisions.items()
        groups = ((party, self.switches.decisions(party, names)) for party, names in parties)
        rows = [(party, decisions) for party, decisions in groups if decisions]
        if (rows, self.off) != self._checks_drawn[0]:
            self._checks_drawn = (rows, self.off), render("flow_checks.html", view=self, switches=rows)
        return {"switches": self._checks_drawn[1]}

    def context(self) -> dict[str, Any]:
        flow = self.session
        number = len(flow.trace) + (0 if flow.done else 1)
        return {
            "title": flow.title + _in_words(self.options),
            "attacks": self.attacks,
            "by_mallory": not self.attack or FLOW_ATTACKS[self.attack].by_mallory,
            "story": FLOW_ATTACKS[self.attack].story if self.attack else "",
            "outcome": flow.outcome if isinstance(flow.outcome, Loot) else None,
            "mails": flow.world.mailbox.mails,
            "step": number,
            **self._next_message(number),
            **self._message_looked_at(),
        }

    def _next_message(self, number: int) -> dict[str, Any]:
        """The message that is about to be sent, in the diagram and in the editor."""
        pending, request = self.session.pending, self.draft()
        receiver = self._receiver(pending.request) if pending else ""
        coming = self.rehearsal.ahead(self.session.trace) if receiver else ()
        diagram = sequence_layout(
            self.session.trace,
            width=560,
            parties=self.rehearsal.parties,
            pending=pending if receiver else None,
            receiver=receiver,
            coming=coming,
            around=(self.shown or len(self.session.trace)) - 1,
        )
        asked = self.rehearsal.asked(number, pending, receiver) if pending and receiver else ()
        carried = Exchange(number, "", receiver, request, None) if request else None
        return {
            "diagram": diagram,
            "pending": pending,
            "receiver": receiver,
            "request": request,
            "carries": message.tokens_in(carried, self.lab.now) if carried else (),
            "basic": basic_credentials(header(request.headers, "authorization")) if request else None,
            "will_check": self.switches.decisions(receiver, asked),
            "editable": self.editor.shown,
            "edited": self.editor.edited,
            "problem": self.editor.problem,
            "addition": self.editor.addition,
            "of": self.rehearsal.exchanges if coming else 0,
        }

    def _message_looked_at(self) -> dict[str, Any]:
        """The message that was sent, with what its receiver checked; and who knows what after it."""
        exchange = self._looked_at()
        told = Trace(each for each in self.session.trace if not self.shown or each.number <= self.shown)
        reports: message.Reports = ()
        if exchange:
            reports = self.session.decided if exchange.waiting else exchange.reports
        return {
            "exchange": exchange,
            "result": message.result(exchange, reports) if exchange else None,
            "good": message.goodness(exchange, reports) if exchange else None,
            "seen": message.tokens_in(exchange, self.lab.now) if exchange else (),
            "page": message.page_of(exchange.response) if exchange else "",
            "reports": [
                (
                    name,
                    [(f, self.switches.of(exchange.receiver, f), is_shown(f, report)) for f in report],
                    report,
                )
                for name, report in reports
                if exchange
            ],
            "stop": self._stop(),
            "told": told,
            "secrets": who_knows(told),
            "clock": times.clock_time(exchange.at if self.shown and exchange else self.lab.now),
        }

    def _receiver(self, request: Request) -> str:
        """The name of whoever gets a request; nobody's address has none."""
        parts = split(request.url)
        return self.session.network.origins.get(f"{parts.scheme}://{parts.netloc}", "")

    def _looked_at(self) -> Exchange | None:
        """The message that was chosen; else, after an attack, the one that was stopped; else the last."""
        trace, outcome = self.session.trace, self.session.outcome
        if self.shown:
            return next((each for each in trace if each.number == self.shown), None)
        stop = self._stop() if isinstance(outcome, Loot) and not outcome.succeeded else None
        return stop[0] if stop else message.last_word(trace)

    def _stop(self) -> Any:
        """In a sound world: the first refusal by a check that the careless world lacks."""
        if not self.attack or not self.session.done:
            return None
        guards = (each.rpartition(":")[2] for each in FLOW_ATTACKS[self.attack].weak)
        return message.refusal_by(self.session.trace, guards)


def _in_words(options: dict[str, Any]) -> str:
    """The options of a flow, for its title: two steppers of one flow in a lesson need two names."""
    shown = {name: getattr(value, "__name__", value) for name, value in options.items()}
    said = [name if value is True else f"{name}: {value}" for name, value in shown.items() if value]
    return f" ({', '.join(said)})" if said else ""
