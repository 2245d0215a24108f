"""What a login that goes wrong is: a script with one fault, the check that names it, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.judging import LOGIN_CHECKS
from jwtlab.oauth.reading.recording import Recording
from jwtlab.oauth.world import World


@dataclass(frozen=True)
class Mend:
    """Something that one might do about it.

    Attributes:
        text: what.
        why: why it helps, or does not.
        right: it is the one that removes the cause.
    """

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Mishap:
    """A login that goes wrong.

    Attributes:
        id: lower-case words joined by hyphens.
        story: what somebody reports, in a sentence or two; it tells the symptom and not the cause.
        script: ``world -> Steps``.
        messages: numbers of the messages in which it goes wrong first. A redirect and the request that the browser
            makes of it are one message on its way, so there may be two.
        check: id of the check that names it, one of `LOGIN_CHECKS`.
        decoys: ids of others that one might think of.
        mends: what one might do; one is right.
        cause: what happened, in a sentence or two, told when it has been found.

    Raises:
        ValueError: a check is unknown, or not exactly one mend is right.
    """

    id: str
    story: str
    script: Callable[[World], Steps[Page]] = field(repr=False)
    messages: tuple[int, ...]
    check: str
    decoys: tuple[str, ...]
    mends: tuple[Mend, ...]
    cause: str

    def __post_init__(self) -> None:
        unknown = [each for each in (self.check, *self.decoys) if each not in LOGIN_CHECKS]
        if unknown or sum(each.right for each in self.mends) != 1:
            raise ValueError(f"{self.id}: unknown checks {unknown}, or not one right mend")

    def reddens(self, exchange: Exchange) -> bool:
        """Is this exchange answered with an error because of a wrong message that was sent meanwhile?"""
        meanwhile = range(exchange.number + 1, exchange.answered_after + 1)
        failed = exchange.response is None or exchange.response.status >= 400
        return failed and any(number in meanwhile for number in self.messages)

    def play(self, world: World) -> Flow:
        """Begin it; nothing is sent yet."""
        return Flow(world, self.script(world), self.id, self.id)

    def record(self, world: World) -> Recording:
        """Play it to its end, and keep what somebody outside would see: the messages, and nobody's checks."""
        seen = Trace(replace(each, reports=(), says="", spec="") for each in self.play(world).run().trace)
        return Recording.of(seen, self.id, keep_secrets=True)
