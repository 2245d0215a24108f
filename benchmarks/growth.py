"""How work grows with the data: traces, stores and classes. Aim: no faster than the data."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Row

import jwtlab
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.store import SQLiteStore


def traces(seconds: float) -> Iterator[Row]:
    """Recorded messages, from one login to a thousand messages: drawn, and read."""
    from jwtlab import figures

    lab = jwtlab.Lab()
    str(figures.sequence(lab.flow("bearer").run().trace).svg)  # fonts are looked for once
    one = list(lab.flow("openid-connect").run().trace)
    for count in (10, 100, 1_000):
        trace = Trace((one * (count // len(one) + 1))[:count])
        began = time.perf_counter()
        str(figures.sequence(trace).svg)
        drawn = time.perf_counter()
        json.dumps(trace.to_har())
        yield Row(f"a trace of {count:,} messages, drawn", "ms", {"jwtlab": (drawn - began) * 1000})
        yield Row(
            f"a trace of {count:,} messages, exported", "ms", {"jwtlab": (time.perf_counter() - drawn) * 1000}
        )


def stores(seconds: float) -> Iterator[Row]:
    """A store of 1 to 1,000,000 grants: opened, asked, purged."""
    for count in (1, 1_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "lab.db")
            store = SQLiteStore(path)
            record = {"client_id": "web", "sub": "alice", "scope": ["openid"], "revoked": False}
            with store.transaction():
                for number in range(count):
                    store.put("grant", f"g{number}", record, 2_000_000_000 + number)
            store.close()
            began = time.perf_counter()
            store = SQLiteStore(path)
            store.get("grant", "g0")
            opened = time.perf_counter()
            for number in range(100):
                store.get("grant", f"g{number * max(1, count // 100) % count}")
            asked = time.perf_counter()
            store.purge(2_000_000_000)  # nothing is over
            purged = time.perf_counter()
            store.close()
        yield Row(f"a store of {count:,} grants, opened", "ms", {"jwtlab": (opened - began) * 1000})
        yield Row(f"a store of {count:,} grants, one read", "ms", {"jwtlab": (asked - opened) * 10})
        yield Row(f"a store of {count:,} grants, purged in vain", "ms", {"jwtlab": (purged - asked) * 1000})


MEMORY = """
import os
{code}
with open("/proc/self/smaps_rollup") as file:
    print(next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024)
"""
AS_A_LEARNER = "import sys; sys.modules['rich'] = None"
"""Without rich, which only the tools of development bring: where it is, httpx loads it (5 MB) for its command line."""
PLAIN = "import ipykernel.kernelapp, ipywidgets, matplotlib.pyplot as plt"
DRAWN = (
    PLAIN
    + """
import io
figure, ax = plt.subplots()
ax.plot([1, 2, 3])
ax.set_title("one")
figure.savefig(io.BytesIO(), format="png")
plt.close(figure)
"""
)


def memory(seconds: float) -> Iterator[Row]:
    """A kernel's memory (proportional set size) after the imports of a lesson, beside one with the usual libraries."""
    if not Path("/proc/self/smaps_rollup").exists():
        return
    lesson = "import ipykernel.kernelapp, jwtlab\nfrom jwtlab.widgets import FlowStepper, Quiz, lesson\n"
    steps = {
        "imports of a lesson": lesson + "lab = jwtlab.Lab(); lesson('23')",
        "a flow stepped to its end": lesson + "s = FlowStepper('openid-connect'); s.act('run')",
    }
    plain = _megabytes(PLAIN)
    for name, code in steps.items():
        ours = _megabytes(code)
        yield Row(
            f"kernel: {name}",
            "MB",
            {"jwtlab": ours, "ipywidgets and matplotlib": plain, "more": ours - plain},
        )


def _megabytes(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", AS_A_LEARNER + MEMORY.format(code=code)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


BENCHMARKS = [traces, stores, memory]
