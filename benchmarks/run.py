"""Run benchmarks and print one table: make bench, make bench ARGS="jose --save".

    python benchmarks/run.py [NAME ...] [--save] [--seconds S]
    python benchmarks/run.py --results       write RESULTS.md from what is kept

NAME is a module of this folder that has a list ``BENCHMARKS`` (by default all that do not say ``LONG``). Each
entry is a function ``(seconds) -> rows``. With --save the rows are kept in results/NAME.json, and RESULTS.md is
written anew. Without it, a ratio that is worse than the kept one by more than a fifth is printed: a busy machine
slows both columns of a row alike.
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
from typing import Any

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
    parser.add_argument(
        "--results", action="store_true", help="write RESULTS.md from what is kept, measure nothing"
    )
    options = parser.parse_args()
    if options.results:
        print(write_results())
        return
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
    table: list[Row] = []
    for name in options.names or [each for each in names() if not is_long(each)]:
        rows = [row for run in importlib.import_module(name).BENCHMARKS for row in run(options.seconds)]
        table += rows
        for words in [] if options.save else worse(name, rows):
            print(words)
        if options.save:
            save(name, rows)
    print(layout(table))
    if options.save:
        write_results()


def is_long(name: str) -> bool:
    """Does a benchmark say of itself that it takes minutes?"""
    return "\nLONG = True" in (HERE / f"{name}.py").read_text("utf-8")


def kept(name: str) -> dict[str, Any]:
    """What was kept of a benchmark; empty if nothing was."""
    path = HERE / "results" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def worse(name: str, rows: list[Row]) -> list[str]:
    """Each ratio (a column with "/" in its name) that has become worse than the kept one by more than a fifth."""
    before = {row["what"]: row["values"] for row in kept(name).get("rows", ())}
    return [
        f"worse by more than a fifth: {row.what}: {column} {figure(value)}, kept is {figure(before[row.what][column])}"
        for row in rows
        for column, value in row.values.items()
        if "/" in column and value > 1.2 * before.get(row.what, {}).get(column, value)
    ]


def write_results() -> Path:
    """RESULTS.md: every kept table, with the day and the machine."""
    parts = [
        "# Results",
        'What `make bench ARGS="--save"` has measured; a ratio compares two columns of the same run. Made by '
        "`python benchmarks/run.py --results` from `results/*.json`.",
    ]
    for path in sorted((HERE / "results").glob("*.json")):
        found = kept(path.stem)
        parts.append(f"## {path.stem}")
        told = [f"Measured {found['measured']}", f"Python {found['python']}"]
        told += [f"{found['cores']} cores, {found['machine']}"] if "cores" in found else []
        told += [f"load {found['load']} at the end"] if "load" in found else []
        told += [f"`{found['command']}`"] if "command" in found else []
        parts.append("; ".join(told) + ".")
        if "values" in found["rows"][0]:
            rows = [Row(**row) for row in found["rows"]]
            parts.append(as_markdown(rows))
        else:
            columns = list(found["rows"][0])
            lines = [
                columns,
                ["---"] * len(columns),
                *([str(row[c]) for c in columns] for row in found["rows"]),
            ]
            parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
    target = HERE / "RESULTS.md"
    target.write_text("\n\n".join(parts) + "\n", "utf-8")
    return target


def as_markdown(rows: list[Row]) -> str:
    """The table for RESULTS.md."""
    columns = list(dict.fromkeys(column for row in rows for column in row.values))
    lines = [["", "unit", *columns], ["---", "---", *("---:" for _ in columns)]]
    lines += [[row.what, row.unit, *(figure(row.values.get(column)) for column in columns)] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


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
    machine: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    if hasattr(os, "getloadavg"):  # a busy machine makes milliseconds longer, and leaves ratios as they are
        machine["load"] = round(os.getloadavg()[0], 1)
    document = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", **machine, "rows": [asdict(row) for row in rows]}
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    folder.joinpath(f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
