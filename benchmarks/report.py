"""What was measured, in words: the table, what has become worse, and RESULTS.md."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import drawing
import peers
from aims import OURS, Aim, aims_of, place_of, times
from measure import Row

HERE = Path(__file__).parent
RESULTS = HERE / "results"
TARGET = HERE / "RESULTS.md"
FIGURE = "ratios.svg"
FIGURE_TARGET = RESULTS / FIGURE
PACKAGES = ("jwtlab", "cryptography", "PyJWT", "joserfc", "Authlib", "waitress", "jupyterlab", "anywidget")
WORSE = 1.2


def machine() -> dict[str, Any]:
    """Where and when, and with which versions."""
    found: dict[str, Any] = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }
    if hasattr(os, "getloadavg"):  # a busy machine makes milliseconds longer, and leaves ratios as they are
        found["load"] = round(os.getloadavg()[0], 1)
    found["versions"] = {
        **{name: metadata.version(name) for name in PACKAGES if _is_there(name)},
        **_of_npm(),
    }
    return found


def _processor() -> str:
    try:
        told = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        told = None
    return told.group(1) if told else platform.processor() or "unknown"


def _is_there(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def _of_npm() -> dict[str, str]:
    found = {}
    for name in ("oidc-provider", "jwt-cracker"):
        told = peers.modules() / name / "package.json"
        if told.exists():
            found[name] = str(json.loads(told.read_text("utf-8"))["version"])
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return found
    return {**found, "node": done.stdout.strip().removeprefix("v")} if found else found


def told_of(found: Mapping[str, Any]) -> str:
    """The machine in a line."""
    told = [f"Measured {found['measured']}", f"Python {found['python']}"]
    if "cores" in found:
        name = f", {found['processor']}" if found.get("processor") else ""
        told.append(f"{found['cores']} cores, {found['machine']}{name}")
    told += [f"load {found['load']} at the end"] if "load" in found else []
    told += [", ".join(f"{name} {version}" for name, version in found.get("versions", {}).items())]
    told += [f"`{found['command']}`"] if "command" in found else []
    return "; ".join(filter(None, told)) + "."


def save(name: str, rows: Sequence[Row]) -> None:
    RESULTS.mkdir(exist_ok=True)
    document = {**machine(), "rows": [asdict(row) for row in rows]}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def kept(name: str) -> dict[str, Any]:
    """What was kept of a benchmark; empty if nothing was."""
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def worse(before: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> list[str]:
    """Each of our times that has become longer, beside a peer's, by more than a fifth of what was kept."""
    known = {row["what"]: _ratios(Row(**row)) for row in before}
    return [
        f"worse by more than a fifth: {row.what}: {figure(ratio)} × {peer}, kept is {figure(known[row.what][peer])} ×"
        for row in rows
        for peer, ratio in _ratios(row).items()
        if ratio > WORSE * known.get(row.what, {}).get(peer, ratio)
    ]


def _ratios(row: Row) -> dict[str, float]:
    """Our time divided by each peer's."""
    if OURS not in row.values:
        return {}
    theirs = {name: value for name, value in row.values.items() if name in drawing.PEERS}
    return {name: times(row.values[OURS], value, row.unit) for name, value in theirs.items()}


def layout(rows: Sequence[Row]) -> str:
    """One aligned table, each row with its own columns: figures, ratios, aims."""
    lines = [("", "unit", "measured", "our time beside", "aim", "")]
    for row in rows:
        figures = ", ".join(f"{name} {figure(value)}" for name, value in row.values.items())
        ratios = ", ".join(f"{figure(value)} × {name}" for name, value in _ratios(row).items())
        aims = aims_of(row)
        lines.append(
            (row.what, row.unit, figures, ratios, "; ".join(aim.words for aim in aims), verdict(row))
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def verdict(row: Row) -> str:
    """``reached``, ``missed``, or nothing where there is no aim or no peer."""
    found = {aim.reached(row) for aim in aims_of(row)} - {None}
    return "" if not found else "missed" if False in found else "reached"


def write_results() -> Path:
    """RESULTS.md: the aims, the figure, and every kept table with its day and machine."""
    files = {path.stem: kept(path.stem) for path in sorted(RESULTS.glob("*.json"))}
    measured = [Row(**row) for found in files.values() for row in found["rows"] if "values" in row]
    drawing.draw(measured, FIGURE_TARGET)
    parts = [
        "# Results",
        'What `make bench ARGS="--save"` has measured: `make bench` prints it for your machine. Written by '
        "`python benchmarks/run.py --results` from `results/*.json`. A ratio is our time divided by theirs, in the "
        "same run: below 1 we are faster.",
        f"![Our time beside each peer's, and how work grows with the data](results/{FIGURE})",
        "## Aims",
        *_aims(measured),
    ]
    for name, found in files.items():
        parts += [f"## {name}", told_of(found), _table(found["rows"])]
    TARGET.write_text("\n\n".join(parts) + "\n", "utf-8")
    return TARGET


def _aims(rows: Sequence[Row]) -> list[str]:
    """Every row that has an aim, in a table; below it what stands in the way of those that miss theirs."""
    lines = [("", "unit", "measured", "aim", "is", ""), ("---", "---", "---", "---", "---:", "---")]
    obstacles: dict[str, list[str]] = {}
    for row in sorted(rows, key=place_of):
        for aim in aims_of(row):
            value = aim.value(row)
            if value is None:
                continue
            reached = aim.reached(row)
            lines.append(
                (row.what, row.unit, _seen(row, aim), aim.words, figure(value), "" if reached else "missed")
            )
            if not reached:
                obstacles.setdefault(aim.obstacle, []).append(row.what)
    table = "\n".join(map(_joined, lines))
    if not obstacles:
        return [table]
    told = [f"- {'; '.join(names)}. {why}".strip() for why, names in obstacles.items()]
    return [table, "What stands in the way of those that miss theirs:", "\n".join(told)]


def _seen(row: Row, aim: Aim) -> str:
    beside = f", {aim.beside} {figure(row.values[aim.beside])}" if aim.beside else ""
    return f"{figure(row.values[OURS])}{beside}"


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A kept table: of figures, or of words."""
    if "values" not in rows[0]:
        columns = list(rows[0])
        return "\n".join(
            map(_joined, [columns, ["---"] * len(columns), *([str(row[c]) for c in columns] for row in rows)])
        )
    found = [Row(**row) for row in rows]
    columns = list(dict.fromkeys(column for row in found for column in row.values))
    lines = [["", "unit", *columns], ["---", "---", *("---:" for _ in columns)]]
    lines += [[row.what, row.unit, *(figure(row.values.get(column)) for column in columns)] for row in found]
    return "\n".join(map(_joined, lines))


def _joined(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
