"""How long a widget thinks, in the kernel, from an action to the new HTML. Aim: below 20 ms."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from measure import Row

import jwtlab
from jwtlab import widgets

_FOLDER = tempfile.TemporaryDirectory()  # answers to a quiz are written down: not in the learner's own file
os.environ["JWTLAB_PROGRESS"] = str(Path(_FOLDER.name) / "progress.json")


def actions() -> dict[str, Callable[[], object]]:
    """What a learner does → a call that does it, each time with something new."""
    lab = jwtlab.Lab()
    token = lab.token("alice", admin=False)
    keys = lab.key("ES256").public()
    inspector = widgets.TokenInspector(token, key=keys, lab=lab)
    bench = widgets.VerifierBench(token, lab=lab)
    builder = widgets.TokenBuilder(lab=lab)
    attack = widgets.AttackBench("key-confusion")
    quiz = widgets.Quiz("01")
    typed = cycle([token + "=", token, token[:-1], lab.token("bob")])
    times = cycle([lab.now + 60, lab.now + 5000])
    attacks = cycle(["alg-none", "malleable-token", "expired", "embedded-jwk"])
    letters = cycle(["alicf", "alice", "mallory"])
    found: dict[str, Callable[[], object]] = {
        "TokenInspector: a letter typed": lambda: inspector.act("token", next(typed)),
        "VerifierBench: the time moved": lambda: bench.act("time", next(times)),
        "VerifierBench: a check switched": lambda: bench.act(
            "switch", "not-expired" in bench.off, "not-expired"
        ),
        "TokenBuilder: a claim edited (ES256)": lambda: builder.act("value", next(letters), "claim:1"),
        "AttackBench: a check switched": lambda: attack.act("switch", "key-alg" in attack.off, "key-alg"),
        "AttackBench: another attack": lambda: attack.act("attack", next(attacks)),
        "Quiz: an answer chosen": lambda: quiz.act("choose", "1", "01.q1"),
    }
    for alg in ("HS256", "RS256", "PS256", "ES256", "EdDSA"):
        stepper = widgets.SignatureStepper(alg=alg, lab=lab)
        found[f"SignatureStepper: sub changed ({alg})"] = lambda s=stepper: s.act("change", next(letters))
    return found


def answer_times(seconds: float) -> list[Row]:
    """Median and slowest of many answers to each action."""
    rows = []
    for what, act in actions().items():
        act()
        spent: list[float] = []
        while sum(spent) < seconds or len(spent) < 20:
            began = time.perf_counter()
            act()
            spent.append(1000 * (time.perf_counter() - began))
        values = {"jwtlab": statistics.median(spent), "slowest": max(spent)}
        rows.append(Row(what, "ms", values))
    return rows


BENCHMARKS = [answer_times]
