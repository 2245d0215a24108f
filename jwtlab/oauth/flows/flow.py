"""Whoever drives a flow: one message at a time, to be looked at and changed before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jwtlab.checks import Report
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.recorder import noting
from jwtlab.oauth.http.steps import Step, StepByStep, Steps
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.world import World

MOST_STEPS = 200


@dataclass
class _Level:
    """A generator that is under way, and the exchange that it answers (none for the flow itself)."""

    steps: Steps[Any]
    answers: Exchange | None = None
    reports: list[tuple[str, Report]] = field(default_factory=list)


class Flow:
    """A flow under way.

    Args:
        world: where it happens.
        steps: the generator.
        id, title, spec: what it is.

    Attributes:
        pending: the message about to be sent, or ``None`` when the flow is over.
        outcome: what the generator returned at its end.
        stopped: why the flow could not go on, in a sentence; empty if it ended by itself.
    """

    def __init__(
        self, world: World, steps: Steps[Any], id: str = "", title: str = "", spec: str = ""
    ) -> None:
        self.world, self.network = world, world.network
        self.id, self.title, self.spec = id, title, spec
        self.pending: Step | None = None
        self.outcome: Any = None
        self.stopped = ""
        self._levels = [_Level(steps)]
        self._resume(None)

    @property
    def trace(self) -> Trace:
        """What has been said so far."""
        return self.network.trace

    @property
    def done(self) -> bool:
        return self.pending is None

    @property
    def decided(self) -> tuple[tuple[str, Report], ...]:
        """What the receiver of the message that waits has checked so far, before it asks somebody else."""
        return tuple(self._levels[-1].reports) if self.pending is not None else ()

    def send(self, request: Request | None = None) -> Exchange | None:
        """Send the pending message, or a changed one in its place.

        Returns:
            The exchange; its answer is still to come if the receiver first asks somebody else.

        Raises:
            UsageError: the flow is over, or the changed message goes nowhere.
        """
        step = self.pending
        if step is None:
            raise UsageError("this flow is over; lab.flow(...) begins a new one")
        sent = step.request if request is None else request
        try:
            return self._send(step, sent)
        except KeyboardInterrupt:
            # Whether it has arrived nobody can tell, and the generator is over.
            self.pending, self.outcome, self.stopped = None, None, "it was interrupted"
            raise

    def _send(self, step: Step, sent: Request) -> Exchange:
        application = self.network.answers_at(sent.url)
        if isinstance(application, StepByStep):
            opened = self.network.begin(step.sender, sent, step.says, step.spec)
            self._levels.append(_Level(application.respond(sent), opened))
            self._resume(None)
            return opened
        before = len(self.trace)
        self.network.deliver(step.sender, sent.to_httpx(), step.says, step.spec)
        exchange = self.trace[before]
        self._resume(exchange)
        return exchange

    def run(self, change: Callable[[Step], Request | None] = lambda step: None) -> Flow:
        """Send every message up to the end.

        Args:
            change: ``step -> Request``, sent instead; ``None`` leaves a message as it is.

        Returns:
            The flow itself; ``print(flow.trace)`` shows what was said.
        """
        for _ in range(MOST_STEPS):
            if self.pending is None:
                return self
            self.send(change(self.pending))
        raise UsageError(f"after {MOST_STEPS} messages the flow has not come to an end")

    def _resume(self, exchange: Exchange | None) -> None:
        """Let the innermost generator go on, and whoever waits for it."""
        while True:
            level = self._levels[-1]
            try:
                with noting(level.reports):
                    self.pending = level.steps.send(exchange)  # type: ignore[arg-type]
                return
            except StopIteration as end:
                answer = end.value
            except JwtlabError as error:
                # A changed message leads where the steps do not go on. That is an answer, not an accident.
                self.stopped = str(error)
                answer = Response.make(500, str(error), kind="text/plain; charset=utf-8")
            self._levels.pop()
            if level.answers is None:
                self.pending = None
                self.outcome = None if self.stopped else answer
                return
            exchange = self.network.finish(level.answers, answer, level.reports)

    def __repr__(self) -> str:
        if self.stopped:
            state = f"stopped: {self.stopped}"
        elif self.pending is None:
            state = "over"
        else:
            request = self.pending.request
            state = f"next: {self.pending.sender} sends {request.method} {request.path}"
        return f"<Flow {self.id}: {len(self.trace)} messages, {state}>"
