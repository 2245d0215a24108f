"""How work grows with the data: traces, stores and classes. Aim: no faster than the data."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from measure import Row

import jwtlab
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.store import SQLiteStore

OVER = 2_000_000_000
"""When the first grant of a store is over; each later one a second later."""


def traces(seconds: float) -> Iterator[Row]:
    """Recorded messages, from one login to a thousand messages: drawn, and exported as HAR."""
    from jwtlab import figures

    one = list(jwtlab.Lab().flow("openid-connect").run().trace)
    for count in (10, 100, 1_000):
        trace = Trace((one * (count // len(one) + 1))[:count])
        for what, call in (
            ("drawn", lambda trace=trace: str(figures.sequence(trace).svg)),
            ("exported", lambda trace=trace: json.dumps(trace.to_har())),
        ):
            yield Row(f"a trace of {count:,} messages, {what}", "ms", {"jwtlab": _least(call)})


def stores(seconds: float) -> Iterator[Row]:
    """A store of 1 to 1,000,000 grants: opened, asked, and purged, of nothing and of everything."""
    for count in (1, 1_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "lab.db")
            _fill(path, count)
            yield Row(
                f"a store of {count:,} grants, opened", "ms", {"jwtlab": _least(partial(_opened, path))}
            )
            with closing(SQLiteStore(path)) as store:
                read = _least(partial(_read_hundred, store, count)) / 100
                vain = _least(partial(store.purge, OVER))
                began = time.perf_counter()
                store.purge(OVER + count)
                purged = (time.perf_counter() - began) * 1000
                assert store.get("grant", "g0") is None
        yield Row(f"a store of {count:,} grants, one read", "ms", {"jwtlab": read})
        yield Row(f"a store of {count:,} grants, purged in vain", "ms", {"jwtlab": vain})
        yield Row(f"a store of {count:,} grants, purged of all", "ms", {"jwtlab": purged})


def _fill(path: Path, count: int) -> None:
    record = {"client_id": "web", "sub": "alice", "scope": ["openid"], "revoked": False}
    with closing(SQLiteStore(path)) as store, store.transaction():
        for number in range(count):
            store.put("grant", f"g{number}", record, OVER + number)


def _opened(path: Path) -> None:
    with closing(SQLiteStore(path)) as store:
        store.get("grant", "g0")


def _read_hundred(store: SQLiteStore, count: int) -> None:
    for number in range(100):
        store.get("grant", f"g{number * max(1, count // 100) % count}")


def _least(call: Callable[[], object], count: int = 5) -> float:
    """Milliseconds of the fastest of some calls; the first, which loads what it needs, does not count."""
    call()
    spent = []
    for _ in range(count):
        began = time.perf_counter()
        call()
        spent.append((time.perf_counter() - began) * 1000)
    return min(spent)


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
