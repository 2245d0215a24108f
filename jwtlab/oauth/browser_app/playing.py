"""Playing a case in the lab's browser, and the table of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jwtlab import demo
from jwtlab.jose.key import Key
from jwtlab.oauth.browser_app import intruders, twins
from jwtlab.oauth.browser_app.catalogue import PlayedCase, cases
from jwtlab.oauth.browser_app.places import LAB_PLACES, Places
from jwtlab.oauth.browser_app.stage import NOTE, DesignStage
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.web import Browser, Window

LATER = 10 * 60
"""Seconds after which Mallory tries at home what she has: Alice has closed the page, her access token still lives."""


@dataclass(frozen=True)
class PlayOutcome:
    """What became of it.

    Attributes:
        at_home: Mallory reads the notes ten minutes later, from her own computer.
        in_page: a note reached her while the page was open.
        wrote: she wrote a note in Alice's name.
    """

    at_home: bool = False
    in_page: bool = False
    wrote: bool = False

    @property
    def stopped(self) -> bool:
        """Nothing worked."""
        return not (self.at_home or self.in_page or self.wrote)

    def __str__(self) -> str:
        if self.at_home:
            return "taken home"
        if self.in_page:
            return "while open" if self.wrote else "read"
        return "written" if self.wrote else "stopped"


class Play:
    """A case, played in the lab's browser.

    Args:
        stage: the servers of its design.
        case: what.
        advance: moves the stage's clock on.
        new_key: ``alg -> private key``, for keys that pages make.
        script: another script in the place of Mallory's: it gets the `Window`.
        third_party_cookies: as for `Browser`.

    Attributes:
        stage: as given.
        browser: Alice's.
    """

    def __init__(
        self,
        stage: DesignStage,
        case: PlayedCase,
        *,
        advance: Callable[[float], object],
        new_key: Callable[[str], Key],
        script: Callable[[Window], object] | None = None,
        third_party_cookies: bool = True,
    ) -> None:
        stage.begin(case)
        self.stage, self._advance = stage, advance
        hers = intruders.twins(stage.places, case.what.id)
        if script is not None:
            own = intruders.once(stage.places, lambda window, send: script(window))
            hers |= {case.what.id: own, "poisoned-library": intruders.poisoned(own)}
        self.browser = Browser(
            stage.network,
            "Alice's browser",
            twins={**twins.TWINS, **hers},
            clock=stage.clock,
            random=stage.random,
            new_key=new_key,
            third_party_cookies=third_party_cookies,
        )
        name, value = stage.session_cookie
        line = f"{name}={value}; Secure; HttpOnly; Path=/; SameSite=Lax"
        self.browser.cookies.receive(line, stage.places.issuer)

    @property
    def trace(self) -> Trace:
        """What was said."""
        return self.stage.network.trace

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._advance(seconds)

    def run(self) -> PlayOutcome:
        """Play it to its end, and see what Mallory has.

        Raises:
            RuntimeError: the application itself does not work, so that nothing can be said of an attack.
        """
        window = self.browser.open(self.stage.places.app)
        attack = self.stage.case.what
        if NOTE not in window.shown.get("notes", "") and not self.stage.mallory.loot:
            raise RuntimeError(f"{self.stage.case}: the application shows no notes; {self.browser.said}")
        if not attack.entry:
            self.browser.open(start_of(self.stage))
        elif window.names.get("waits"):
            self.browser.press("reload")
        return judge(self.stage, self._advance)


def start_of(stage: DesignStage) -> str:
    """Where Alice goes after she has used her notes: a page of Mallory's."""
    places = stage.places
    return {
        "form-from-elsewhere": f"{places.mallory}/form",
        "form-from-a-sibling": f"{places.sibling}/form",
        "read-from-elsewhere": f"{places.mallory}/read",
    }[stage.case.what.id]


def judge(stage: DesignStage, advance: Callable[[float], object]) -> PlayOutcome:
    """What Mallory has, ten minutes later."""
    in_page, wrote = stage.mallory_read, stage.mallory_wrote
    advance(LATER)
    return PlayOutcome(stage.mallory.reads_the_notes(), in_page, wrote)


@dataclass
class LoadedDice:
    """A clock that stands still and loaded dice, so that every run of a case is the same.

    Attributes:
        now: what the clock shows.
    """

    seed: str
    now: float = demo.EPOCH
    _count: int = 0

    def clock(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def random(self, count: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self.seed}:{self._count}".encode()).digest(count)


def prepare(case: PlayedCase, places: Places = LAB_PLACES, **settings: Any) -> Play:
    """A case on servers of its own from the lab's first instant on, ready to `Play.run`.

    Args:
        case: what.
        places: where.
        settings: ``script`` and ``third_party_cookies``, as for `Play`.
    """
    dice = LoadedDice("browser app")
    return _prepared(_servers(case.design, places, dice), dice, case, **settings)


def _servers(design: str, places: Places, dice: LoadedDice) -> DesignStage:
    return DesignStage(design, places, clock=dice.clock, random=dice.random, key=demo.demo_key)


def _prepared(stage: DesignStage, dice: LoadedDice, case: PlayedCase, **settings: Any) -> Play:
    def new_key(alg: str) -> Key:
        return demo.demo_key(alg, "client")

    return Play(stage, case, advance=dice.advance, new_key=new_key, **settings)


@cache
def _kept(design: str) -> tuple[DesignStage, LoadedDice]:
    """Servers that play one case after another: making them takes as long as playing."""
    dice = LoadedDice("browser app, one after another")
    return _servers(design, LAB_PLACES, dice), dice


@cache
def play(case: PlayedCase) -> PlayOutcome:
    """What becomes of a case in the lab's browser; played once, and remembered."""
    return _prepared(*_kept(case.design), case).run()


def table(designs: Iterable[str] = (), *, most: int | None = 1) -> Mapping[PlayedCase, PlayOutcome]:
    """Every case with its outcome, played and not written down.

    Args:
        designs: only these.
        most: only cases in which at most so many defences are up, or all of them; ``None`` for every combination.
    """
    return {each: play(each) for each in cases(designs, most=most)}
