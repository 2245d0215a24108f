"""A flow, played beforehand in a world of its own: what will come if nobody changes anything."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jwtlab.errors import UsageError
from jwtlab.figures.sequence_layout import message_label
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.steps import Step
from jwtlab.oauth.http.trace import Trace

Messages = tuple[tuple[Exchange, bool], ...]
"""Exchanges, and whether it is the request that is meant, or the answer."""


@dataclass(frozen=True)
class Rehearsal:
    """What was said in the rehearsal.

    Attributes:
        messages: requests and answers, in their order.
        labels: of them, as they stand in the diagram.
        parties: who takes part.
        decisions: party → names of what it decides.
        exchanges: how many there are.
    """

    messages: Messages
    labels: tuple[str, ...]
    parties: tuple[str, ...]
    decisions: Mapping[str, tuple[str, ...]]
    exchanges: int

    @classmethod
    def of(cls, flow: Flow) -> Rehearsal:
        """Play a flow to its end. One that never ends is shown as far as it goes."""
        with contextlib.suppress(UsageError):
            flow.run()
        trace = flow.trace
        messages = trace.messages
        return cls(messages, _labels(messages), trace.parties, _decisions(trace), len(trace))

    def ahead(self, trace: Trace) -> Messages:
        """What will be said after the next message; nothing, once it has gone another way than rehearsed."""
        said = trace.messages
        if len(said) > len(self.labels) or self.labels[: len(said)] != _labels(said):
            return ()
        return self.messages[len(said) + 1 :]

    def asked(self, number: int, step: Step, receiver: str) -> tuple[str, ...]:
        """What the receiver of a message will decide about it.

        Args:
            number: which message it is.
            step: the message.
            receiver: who gets it.
        """
        wanted = (step.sender, receiver, step.request.method, step.request.path)
        alike = [
            each
            for each, asks in self.messages
            if asks and (each.sender, each.receiver, each.request.method, each.request.path) == wanted
        ]
        best = min(alike, key=lambda each: abs(each.number - number), default=None)
        return () if best is None else tuple(dict.fromkeys(name for name, _ in best.reports))


def _labels(messages: Messages) -> tuple[str, ...]:
    return tuple(f"{each.sender}: {message_label(each, asks)}" for each, asks in messages)


def _decisions(trace: Iterable[Exchange]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for exchange in trace:
        for name, _ in exchange.reports:
            found.setdefault(exchange.receiver, {})[name] = None
    return {party: tuple(names) for party, names in found.items()}
