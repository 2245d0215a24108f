"""How the tests of tokens, checks and policies were tested: mutants of the code, a sample drawn by seed.

    python tools/code_mutants.py                      every room: a sample of 60 mutants each
    python tools/code_mutants.py checks --count 200   a larger sample of one room
    python tools/code_mutants.py --all                every mutant: a night's run
    python tools/code_mutants.py --save               keep the figures in benchmarks/results/mutants.json

A mutant is the code with one small fault: another comparison, a number off by one, a refusal left out. Tests that
run its line are asked, the quickest first; a mutant that none of them refuses has survived. Survivors that
change nothing are explained in tests/code_mutants.toml; the others are printed, and the command ends with 1.

The mutants are cosmic-ray's, and two of our own. No file is changed: each mutant is put in at the import, in a
process of its own. Which test runs which line is kept in .mutants/; files of tests that have changed since are run
once more, --again measures all.
Needs a system that can fork, and the extra ``mutants``.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from code_mutants_coverage import Coverage  # noqa: E402
from code_mutants_made import Mutant, drawn, places  # noqa: E402
from code_mutants_process import KEPT, warm_up  # noqa: E402
from code_mutants_tested import Suite  # noqa: E402

EXPLAINED = ROOT / "tests" / "code_mutants.toml"
RESULTS = ROOT / "benchmarks" / "results" / "mutants.json"
SUITES = {"jose": "tests/jose", "checks": "tests/jose", "server": "tests/oauth", "client": "tests/oauth"}
OAUTH = ROOT / "jwtlab" / "oauth"


def rooms() -> dict[str, list[Path]]:
    """The modules of each room; of the roles of OAuth those that hold a policy."""
    return {
        "jose": sorted((ROOT / "jwtlab" / "jose").glob("*.py")),
        "checks": sorted((ROOT / "jwtlab" / "checks").glob("*.py")),
        "server": _with_policies("authorization_server", "resource_server", "dpop", "bearer.py"),
        "client": _with_policies("client"),
    }


def _with_policies(*places: str) -> list[Path]:
    files = [file for place in places for file in (OAUTH / place).rglob("*.py")]
    files += [OAUTH / place for place in places if place.endswith(".py")]
    return sorted(file for file in files if "Policy(" in file.read_text("utf-8"))


def explanation(mutant: Mutant) -> str:
    """Why this mutant changes nothing; empty if nobody has said so."""
    rows = tomllib.loads(EXPLAINED.read_text("utf-8")).get("mutant", []) if EXPLAINED.exists() else []
    return next(
        (
            row["why"]
            for row in rows
            if (row["file"], row["line"]) == (mutant.name, mutant.before)
            and row.get("mutant", mutant.after) == mutant.after
        ),
        "",
    )


def main(words: list[str] | None = None) -> int:
    known = rooms()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of: {', '.join(known)}; all by default")
    parser.add_argument("--count", type=int, default=60, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    parser.add_argument("--all", action="store_true", help="every mutant in place of a sample")
    parser.add_argument("--left", action="store_true", help="those alone that survived the room's last run")
    parser.add_argument(
        "--rough", action="store_true", help="a first look: quick tests alone, survivors asked once"
    )
    parser.add_argument("--minutes", type=float, default=600, help="begin no further mutant after these")
    parser.add_argument("--again", action="store_true", help="measure anew which test runs which line")
    parser.add_argument(
        "--save",
        nargs="?",
        const="",
        metavar="WORD",
        help="keep the figures for benchmarks/RESULTS.md; WORD: as what",
    )
    asked = parser.parse_args(words)
    unknown = set(asked.rooms) - set(known)
    if unknown:
        parser.error(f"there is no room {min(unknown)}; there are: {', '.join(known)}")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends with us
    warm_up()
    suites: dict[str, Suite] = {}
    rows, left, end = [], 0, time.monotonic() + 60 * asked.minutes
    for room in asked.rooms or known:
        if SUITES[room] not in suites:
            suites[SUITES[room]] = _suite(SUITES[room], asked.again)
        suite = suites[SUITES[room]]
        if not suite.can_tell(known[room][-1]):
            raise SystemExit(f"{room}: the tests do not pass as they are, or do not see a mutant")
        made = [place for file in known[room] for place in places(file, asked.seed)]
        sample = drawn(made, len(made) if asked.all else asked.count, asked.seed, ROOT)
        if asked.left:
            left_over = _left(room)
            sample = [mutant for mutant in sample if mutant.label in left_over]
        found = _asked(room, sample, suite, end, asked.rough)
        rows.append(_row(room, len(made), found))
        left += found["survived"] + found["not run"]
        print("  ".join(f"{name}: {value}" for name, value in rows[-1].items()), flush=True)
    for each in suites.values():
        each.close()
    if asked.save is not None and not (asked.rough or asked.left):
        _save(rows, asked)
    return 1 if left else 0


def _suite(folder: str, again: bool) -> Suite:
    files = [file for name, files in rooms().items() if SUITES[name] == folder for file in files]
    return Suite(ROOT, folder, Coverage.measured(ROOT, files, folder, again))


def _asked(room: str, sample: list[Mutant], suite: Suite, end: float, rough: bool) -> Counter[str]:
    """What became of them; each is kept at once in .mutants/ROOM.jsonl, and a survivor is printed."""
    found: Counter[str] = Counter()
    with (ROOT / KEPT / f"{room}.jsonl").open("w", encoding="utf-8") as log:
        for mutant in sample:
            if time.monotonic() > end:
                break
            begun = time.monotonic()
            fate, test = suite.outcome(mutant, rough)
            why = explanation(mutant) if fate in ("survived", "not run") else ""
            found["explained" if why else fate] += 1
            row = [fate, mutant.label, test, why, round(time.monotonic() - begun, 2)]
            print(json.dumps(row, ensure_ascii=False), file=log, flush=True)
            if fate in ("survived", "not run") and not why:
                print(f"{mutant.name}:{mutant.line_number}: {fate}, {mutant.operator}", file=sys.stderr)
                print(f"    - {mutant.before}\n    + {mutant.after}", file=sys.stderr, flush=True)
    return found


def _left(room: str) -> set[str]:
    """The labels of those that survived the last run."""
    lines = (ROOT / KEPT / f"{room}.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    return {label for fate, label, _, why, _ in told if fate in ("survived", "not run") and not why}


def _row(room: str, made: int, found: Counter[str]) -> dict[str, object]:
    tried = sum(found.values())
    left = found["survived"] + found["not run"]
    share = left / (tried - found["explained"]) if tried > found["explained"] else 0.0
    return {
        "room": room,
        "places": made,
        "tried": tried,
        "refused by a test": found["killed"],
        "without end": found["without end"],
        "change nothing (explained)": found["explained"],
        "survive": left,
        "share of survivors": f"{share:.1%}",
        "aim": "below 3 %",
    }


def _save(rows: list[dict[str, object]], asked: argparse.Namespace) -> None:
    """Each room's row takes the place of the one that was kept of it under the same word."""
    sample = ", ".join(each for each in (asked.save, "all" if asked.all else f"seed {asked.seed}") if each)
    new = [{"room": row["room"], "sample": sample, **row} for row in rows]
    kept = json.loads(RESULTS.read_text("utf-8"))["rows"] if RESULTS.exists() else []
    replaced = {(row["room"], asked.save) for row in rows}
    others = [row for row in kept if (row["room"], row["sample"].rpartition(", ")[0]) not in replaced]
    order = list(rooms())
    document = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "python": ".".join(map(str, sys.version_info[:3])),
        "command": "python tools/code_mutants.py ROOM --count 150 --seed SEED --save WORD",
        "rows": sorted(others + new, key=lambda row: (order.index(row["room"]), row["sample"])),
    }
    RESULTS.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
