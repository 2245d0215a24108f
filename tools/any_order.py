"""The cells of each lesson in shuffled orders: a cell works, or says which cell to run first, and then it works.

    python tools/any_order.py                 every lesson, in 20 seeded orders each (many minutes)
    python tools/any_order.py --orders 3 01 23

Whoever follows the advice, and the advice of that cell, comes to a cell that works. Whatever does not is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ENOUGH = 60
"""Advices one after another; a lesson has fewer cells."""


def lessons(numbers: list[str]) -> list[Path]:
    """The lessons of these numbers; all if there are none."""
    found = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if not numbers or path.name[:2] in numbers]


class Learner:
    """Runs cells in a shell of IPython, as a kernel would."""

    def __init__(self, path: Path) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        from jwtlab import cell_order

        InteractiveShell.clear_instance()
        self.shell: Any = InteractiveShell.instance(colors="nocolor")
        self.shell.user_module.__dict__["display"] = lambda *_: None
        self.order = cell_order.watch(self.shell, path)
        self.cells = cell_order.cells(path)

    def run(self, place: int, asked: int = 0) -> str:
        """Run a cell, and first those that it asks for; gives what is wrong, or nothing."""
        result, said = self._once(place)
        if result.success:
            return ""
        advice, error = self.order.latest, result.error_in_exec
        if advice is None or asked > ENOUGH:
            return f"code cell {place + 1}: {type(error).__name__}: {error}"
        if advice.in_words().splitlines()[0] not in said:
            return f"code cell {place + 1} does not say what it needs: {said[-300:]}"
        if advice.all_above:
            above = [self._once(each)[0].success for each in range(place)]
            return "" if all(above) and self._once(place)[0].success else f"code cell {place + 1}: {error}"
        return self.run(advice.cell.place, asked + 1) or self.run(place, asked + 1)

    def _once(self, place: int) -> tuple[Any, str]:
        self.order.latest = None
        cell, said = self.cells[place], io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            result = self.shell.run_cell(cell.source, store_history=False, cell_id=cell.id)
        return result, said.getvalue()

    def end(self) -> None:
        self.shell.clear_instance()


def faults(path: Path, seed: int) -> list[str]:
    """Run a lesson in one shuffled order; gives what is neither a result nor good advice."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JWTLAB_PROGRESS"] = str(Path(folder) / "progress.json")
        learner = Learner(path)
        order = list(range(len(learner.cells)))
        random.Random(seed).shuffle(order)
        try:
            return [fault for place in order if (fault := learner.run(place))]
        finally:
            learner.end()


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("numbers", nargs="*", metavar="NN")
    parser.add_argument("--orders", type=int, default=20, metavar="N")
    options = parser.parse_args(words)
    bad = 0
    for path in lessons(options.numbers):
        for seed in range(options.orders):
            for fault in faults(path, seed):
                bad += 1
                print(f"{path.stem}, order {seed}: {fault}", flush=True)
        print(f"{path.stem}: {options.orders} orders", flush=True)
    print(f"{bad} cells neither worked nor said what they need")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
