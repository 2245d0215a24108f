"""Run benchmarks and print one table: make bench, make bench ARGS="jose --save".

    python benchmarks/run.py [NAME ...] [--save] [--seconds S]

NAME is a module of this folder that has a list ``BENCHMARKS`` (all of them by default). Each entry is a
function ``(seconds) -> rows``. With --save the rows are kept in results/NAME.json.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from measure import Row

HERE = Path(__file__).parent


def names() -> list[str]:
    """The modules here that register benchmarks, found without importing any."""
    files = sorted(HERE.glob("*.py"))
    return [file.stem for file in files if "\nBENCHMARKS = " in file.read_text("utf-8")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    parser.add_argument("--save", action="store_true", help="keep the figures in results/NAME.json")
    parser.add_argument("--seconds", type=float, default=0.5, help="time for each figure")
    options = parser.parse_args()
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
    table: list[Row] = []
    for name in options.names or names():
        rows = [row for run in importlib.import_module(name).BENCHMARKS for row in run(options.seconds)]
        table += rows
        if options.save:
            save(name, rows)
    print(layout(table))


def layout(rows: list[Row]) -> str:
    """One aligned table: what is measured, its unit, and a column for each library."""
    columns = list(dict.fromkeys(column for row in rows for column in row.values))
    lines = [("", "unit", *columns)]
    lines += [(row.what, row.unit, *(figure(row.values.get(column)) for column in columns)) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    what, unit, *figures = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join([what, unit, *(each.strip().rjust(len(each)) for each in figures)])


def figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"


def save(name: str, rows: list[Row]) -> None:
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    document = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", **machine, "rows": [asdict(row) for row in rows]}
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    folder.joinpath(f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
