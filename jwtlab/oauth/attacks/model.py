"""What an attack on a flow is: a script with Mallory in it, and the check that spoils it.

The steps are a generator like a flow, so whoever drives it sees each message of everybody, Mallory's too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.world import World


@dataclass(frozen=True)
class Loot:
    """What Mallory has at the end.

    Attributes:
        succeeded: it is what she wanted.
        what: in a sentence.
    """

    succeeded: bool
    what: str

    def __bool__(self) -> bool:
        return self.succeeded


@dataclass(frozen=True)
class FlowAttack:
    """An attack on a flow.

    Attributes:
        id: lower-case words joined by hyphens.
        title: in a phrase.
        flow: the id of the flow it is played against.
        story: what happens, in two or three sentences.
        spec: where the attack and its defence are described.
        script: ``world -> Steps[Loot]``.
        weak: the checks that a careless world lacks.
        stopped_by: those of them that spoil the attack, each alone.
        refused_by: the checks that refuse a message then; the same, unless told otherwise.
        prepare: ``world -> None``: what is old-fashioned about this world, checks aside.
        by_mallory: somebody does harm on purpose; ``False`` where it just happens.
    """

    id: str
    title: str
    flow: str
    story: str
    spec: str
    script: Callable[[World], Steps[Loot]] = field(repr=False)
    weak: tuple[str, ...]
    stopped_by: tuple[str, ...]
    refused_by: tuple[str, ...] = ()
    prepare: Callable[[World], None] = field(default=lambda world: None, repr=False)
    by_mallory: bool = True

    def begin(self, world: World, *, without: tuple[str, ...] = ()) -> Steps[Loot]:
        """Set the scene and raise the curtain.

        Args:
            world: a fresh one.
            without: the checks that it is to lack: `weak` for the careless world, none for the sound one.
        """
        self.prepare(world)
        world.without(*without)
        return self.script(world)
