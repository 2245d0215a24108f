"""Fuzz guided by coverage: every target of tests/fuzz, in turn, by atheris (libFuzzer).

    python tools/fuzz.py                              each target for one minute
    python tools/fuzz.py --minutes 480                a night, shared by all targets
    python tools/fuzz.py --targets har-file --minutes 10
    python tools/fuzz.py --list

An input that breaks something is put into ``tests/fuzz/corpus/TARGET/`` and is played in every test run from
then on. What led to new places in the code is kept in ``.fuzz/TARGET/``, so the next run goes on from there.
Needs ``pip install -e ".[fuzz]"`` (Linux or macOS). At the end a table is printed; with ``--save`` it is kept in
``benchmarks/results/fuzz.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FUZZ = ROOT / "tests" / "fuzz"
KEPT = ROOT / ".fuzz"
SLOW = 20
"""Seconds for an input: what takes longer is a finding."""

LONGEST = 4096
"""Bytes of an input: what has to be longer (a key of 4096 bits, a recording) is among the seeds."""


def one(name: str, seconds: int) -> None:
    """Run one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["jwtlab"], enable_loader_override=False):
        _find_material()
        import targets

    run = targets.TARGETS[name]
    import seeds

    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    for octets in seeds.seeds(name):
        (corpus / hashlib.sha256(octets).hexdigest()[:16]).write_bytes(octets)
    words = KEPT / "dictionary"
    lines = ['"' + "".join(f"\\x{byte:02X}" for byte in piece) + '"' for piece in seeds.DICTIONARY]
    words.write_text("\n".join(lines) + "\n", "ascii")
    prefix = KEPT / f"{name}-found-"
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-dict={words}", "-print_final_stats=1"]
    options += [f"-artifact_prefix={prefix}", f"-timeout={SLOW}", "-rss_limit_mb=4096", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], run)
    atheris.Fuzz()


def _find_material() -> None:
    sys.path[:0] = [str(FUZZ), str(FUZZ.parent / "jose"), str(FUZZ.parent / "oauth")]


def campaign(name: str, seconds: int) -> dict[str, object]:
    """One target in a process of its own, started again after each finding until its time is over."""
    end, runs, findings = time.monotonic() + seconds, 0, []
    first = True
    while first or (time.monotonic() < end - 2 and len(findings) < 5):
        left = max(1, int(end - time.monotonic()))
        done = subprocess.run(
            [sys.executable, __file__, "--one", name, "--seconds", str(left)],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        said = done.stderr + done.stdout
        counted = re.search(r"number_of_executed_units:\s*(\d+)", said)
        runs += int(counted.group(1)) if counted else 0
        found = list(KEPT.glob(f"{name}-found-*"))
        for path in found:
            if not still_wrong(name, path):
                path.unlink()
                continue
            findings.append(keep(name, path))
            print(f"  {name}: a finding, kept as {findings[-1]}\n{_last_words(said)}")
        if done.returncode and not found:
            raise SystemExit(f"{name} could not be fuzzed:\n{_last_words(said)}")
        first = False
    return {"target": name, "seconds": seconds, "runs": runs, "findings": findings}


def still_wrong(name: str, path: Path) -> bool:
    """Is it wrong when it is played alone? libFuzzer's limit is by the clock on the wall: a busy machine reaches it."""
    command = [sys.executable, __file__, "--play", name, str(path)]
    try:
        return subprocess.run(command, capture_output=True, timeout=600, cwd=ROOT).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def play(name: str, path: Path) -> None:
    """One input once, without atheris.

    Raises:
        AssertionError: it took the processor longer than `SLOW` seconds.
    """
    _find_material()
    import targets

    octets, before = path.read_bytes(), time.process_time()
    targets.TARGETS[name](octets)
    if time.process_time() - before > SLOW:
        raise AssertionError(f"{time.process_time() - before:.0f} seconds of the processor")


def keep(name: str, path: Path) -> str:
    octets = path.read_bytes()
    path.unlink()
    place = FUZZ / "corpus" / name / hashlib.sha256(octets).hexdigest()[:16]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(octets)
    return str(place.relative_to(ROOT))


def _last_words(said: str) -> str:
    lines = [line for line in said.splitlines() if not line.startswith(("#", "INFO", "MS:", "stat::"))]
    return "\n".join(f"    {line}" for line in lines[-25:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, help="for all targets together; by default one minute each")
    parser.add_argument("--targets", nargs="+", metavar="TARGET", help="only these")
    parser.add_argument("--list", action="store_true", help="name the targets")
    parser.add_argument("--save", action="store_true", help="keep the table in benchmarks/results/fuzz.json")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--play", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=60, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.seconds)
        return 0
    if options.play:
        play(options.play[0], Path(options.play[1]))
        return 0
    _find_material()
    from targets import TARGETS

    chosen = options.targets or sorted(TARGETS)
    unknown = [name for name in chosen if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {unknown[0]}; there are: {', '.join(sorted(TARGETS))}")
    if options.list:
        print(
            "\n".join(f"{name:26} {(TARGETS[name].__doc__ or '').strip().splitlines()[0]}" for name in chosen)
        )
        return 0
    try:
        import atheris  # noqa: F401
    except ImportError:
        print('atheris is missing: pip install -e ".[fuzz]"', file=sys.stderr)
        return 2
    KEPT.mkdir(exist_ok=True)
    seconds = max(5, int(options.minutes * 60 / len(chosen))) if options.minutes else 60
    rows = []
    for name in chosen:
        rows.append(campaign(name, seconds))
        print(
            f"{name:26} {rows[-1]['runs']:>10,} inputs in {seconds} s, {len(rows[-1]['findings'])} findings",
            flush=True,
        )
    if options.save:
        document = {
            "measured": time.strftime("%Y-%m-%d"),
            "python": platform.python_version(),
            "command": f"python tools/fuzz.py --minutes {options.minutes or len(chosen)}",
            "rows": rows,
        }
        place = ROOT / "benchmarks" / "results" / "fuzz.json"
        place.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return bool(sum(len(row["findings"]) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
