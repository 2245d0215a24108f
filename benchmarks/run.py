"""Run benchmarks and print one table: make bench, make bench ARGS="jose --save".

    python benchmarks/run.py [NAME ...] [--save] [--json FILE] [--seconds S]
    python benchmarks/run.py --results       write RESULTS.md and the figure from what is kept

NAME is a module of this folder that has a list ``BENCHMARKS`` (by default all that do not say ``LONG``). Each
entry is a function ``(seconds) -> rows``. With --save the rows are kept in results/NAME.json, and RESULTS.md is
written anew. Without it, a ratio that is worse than the kept one by more than a fifth is printed: a busy machine
slows both columns of a row alike. What the figures are to be stands in aims.py.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import report
from measure import Row

HERE = Path(__file__).parent


def names() -> list[str]:
    """The modules here that register benchmarks, found without importing any."""
    files = sorted(HERE.glob("*.py"))
    return [file.stem for file in files if "\nBENCHMARKS = " in file.read_text("utf-8")]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    parser.add_argument("--save", action="store_true", help="keep the figures in results/NAME.json")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the machine and all rows there")
    parser.add_argument("--seconds", type=float, default=0.5, help="time for each figure")
    parser.add_argument(
        "--results", action="store_true", help="write RESULTS.md from what is kept, measure nothing"
    )
    options = parser.parse_args()
    if options.results:
        print(report.write_results())
        return
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
    print(report.told_of(report.machine()), flush=True)
    table: list[Row] = []
    for name in options.names or [each for each in names() if not is_long(each)]:
        rows = measured(name, options.seconds)
        table += rows
        if options.save:
            report.save(name, rows)
    print(report.layout(table))
    if options.json:
        document = {**report.machine(), "rows": [asdict(row) for row in table]}
        options.json.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    if options.save:
        report.write_results()


def measured(name: str, seconds: float) -> list[Row]:
    """The rows of one benchmark; what has become worse is said at once."""
    print(f"{name} …", file=sys.stderr, flush=True)
    before = report.kept(name).get("rows", [])
    rows = [row for run in importlib.import_module(name).BENCHMARKS for row in run(seconds)]
    for words in report.worse(before, rows):
        print(words)
    return rows


def is_long(name: str) -> bool:
    """Does a benchmark say of itself that it takes minutes?"""
    return "\nLONG = True" in (HERE / f"{name}.py").read_text("utf-8")


if __name__ == "__main__":
    main()
