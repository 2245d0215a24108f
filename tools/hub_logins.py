"""Many logins at once against the real hub: python tools/hub_logins.py --learners 50 --within 60

Starts ``jwtlab classroom hub`` in a new folder with login through ``jwtlab serve``, and as many places as learners.
All of them log in, spread over the time that is given, and ask for their server, as a class does at its first
minute. One more comes when every place is taken: the hub answers 429, and the page says what that means.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hub_class import Learner, hub, make_class, servers

from jwtlab.classroom.hub import memory

PAGE_WORDS = "One moment: the hub is full"
"""What somebody reads for whom there is no place; jwtlab/classroom/hub/templates/429.html."""


@dataclass(frozen=True)
class Arrival:
    """What one learner has seen.

    Attributes:
        name: theirs.
        login: seconds until they were logged in.
        ready: seconds from then until their server answered; ``None`` if it did not.
        problem: what went wrong, or empty.
    """

    name: str
    login: float
    ready: float | None
    problem: str = ""


def arrive(learner: Learner, after: float) -> Arrival:
    """Come after some seconds, log in, and wait for one's server."""
    time.sleep(after)
    begun = time.monotonic()
    try:
        page = learner.log_in()
        login = time.monotonic() - begun
        if page.status_code != 200 or not page.url.path.startswith(("/hub/home", f"/user/{learner.name}/")):
            return Arrival(learner.name, login, None, f"login: {page.status_code} at {page.url.path}")
        learner.start()
    except Exception as error:  # every learner gets a line, whatever happened to them
        return Arrival(learner.name, time.monotonic() - begun, None, f"{type(error).__name__}: {error}")
    return Arrival(learner.name, login, time.monotonic() - begun - login)


class Watch(threading.Thread):
    """Looks every few seconds how many servers run and what they take."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.most_memory = 0

    def run(self) -> None:
        while not self.ended.wait(5):
            whole = sum(map(memory.proportional, memory.family(os.getpid())))
            self.most_memory = max(self.most_memory, whole)


def one_too_many(address: str, name: str, password: str) -> tuple[int, str]:
    """Somebody comes for whom there is no place: the status and the page's heading."""
    learner = Learner(address, name, password)
    try:
        learner.log_in()
        page = learner.browser.get(f"{address}/hub/spawn/{name}")
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S)
        return page.status_code, heading[1].strip() if heading else page.text[:80]
    finally:
        learner.close()


def main() -> None:
    """The class's first minute."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=50)
    parser.add_argument("--within", type=float, default=60, help="seconds in which all of them come")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-logins-") as place:
        folder = Path(place) / "course"
        accounts = make_class(folder, options.learners + 1, f"seats = {options.learners}\n")
        *names, late = [each for each in accounts if each != "teacher"]
        with hub(folder) as address:
            learners = [Learner(address, each, accounts[each]) for each in names]
            watch = Watch()
            watch.start()
            begun = time.monotonic()
            with ThreadPoolExecutor(len(learners)) as pool:
                waits = [number * options.within / len(learners) for number in range(len(learners))]
                seen = list(pool.map(arrive, learners, waits))
            took = time.monotonic() - begun
            watch.ended.set()
            running = len(servers())
            status, heading = one_too_many(address, late, accounts[late])
            for each in learners:
                each.close()
        refused = (folder / "hub.log").read_text().count(" 429 ")
    report(seen, took, options.within)
    print(
        f"servers running: {running}; most memory of everything together {watch.most_memory / 1024**3:.1f} GiB"
    )
    print(
        f"one more than there are places: HTTP {status}, “{heading}”; lines with 429 in the hub's log: {refused}"
    )
    wrong = [each for each in seen if each.problem]
    raise SystemExit(1 if wrong or status != 429 or PAGE_WORDS not in heading else 0)


def report(seen: list[Arrival], took: float, within: float) -> None:
    """Print the figures."""
    for each in seen:
        if each.problem:
            print(f"{each.name}: {each.problem}")
    logins = sorted(each.login for each in seen)
    ready = sorted(each.ready for each in seen if each.ready is not None)
    print(
        f"{len(ready)} of {len(seen)} learners, who came within {within:g} s, had a server after {took:.0f} s"
    )
    print(f"login: median {statistics.median(logins):.1f} s, longest {logins[-1]:.1f} s")
    if ready:
        print(f"from login to server: median {statistics.median(ready):.0f} s, longest {ready[-1]:.0f} s")


if __name__ == "__main__":
    main()
