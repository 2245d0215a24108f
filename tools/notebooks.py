"""Execute and normalize the lessons, so that what is committed is what runs, and nothing else.

    python tools/notebooks.py run [NUMBER ...]      execute, then normalize (all lessons by default)
    python tools/notebooks.py check                 say what is not normal; exit code 1 if anything is
    python tools/notebooks.py from FILE.py NUMBER   make a lesson from a jupytext percent script
    python tools/notebooks.py readme                put titles and minutes of the lessons into README's table

Normal means: outputs from one run from top to bottom, no view of a widget (its model is gone when
the notebook is opened; the static HTML beside it stays), bland metadata, cell ids that stay the same.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def paths(numbers: list[str]) -> list[Path]:
    """The lessons of these numbers; all if there are none."""
    found = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if not numbers or path.name[:2] in numbers]


def normalize(notebook: Any, number: str) -> Any:
    """The same notebook in its one committed form."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    count = 0
    for index, cell in enumerate(notebook.cells):
        cell.id = f"lesson-{number}-cell-{index + 1:02d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_output(output, count) for output in _joined(cell.outputs)]
    return notebook


def _joined(outputs: list[Any]) -> list[Any]:
    """Printed text in one piece: where it is cut depends on how busy the machine was."""
    joined: list[Any] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if (
            before is not None
            and output.output_type == "stream" == before.output_type
            and output.name == before.name
        ):
            before.text += output.text
        else:
            joined.append(output)
    return joined


def _output(output: Any, count: int) -> Any:
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
        # Pictures keep their alternative text; sizes and the like are the page's business.
        output.metadata = nbformat.from_dict({k: v for k, v in output.metadata.items() if k == "alt"})
    if output.output_type == "execute_result":
        output.execution_count = count
    return output


def execute(notebook: Any) -> None:
    """Run a notebook from top to bottom in an empty folder, with nobody's progress."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as folder:
        os.environ["JWTLAB_PROGRESS"] = str(Path(folder) / "progress.json")
        NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()


def run(numbers: list[str]) -> None:
    for path in paths(numbers):
        notebook = nbformat.read(path, as_version=4)
        execute(notebook)
        nbformat.write(normalize(notebook, path.name[:2]), path)
        print(f"{path.name}: {len(notebook.cells)} cells")


def faults(path: Path) -> list[str]:
    """What is not normal about a committed notebook."""
    notebook = nbformat.read(path, as_version=4)
    text = nbformat.writes(notebook)
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.execution_count is None for cell in code):
        found.append("a code cell was not executed")
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        found.append("a cell ends in an error")
    if any(cell.source.rstrip().endswith(";") for cell in code):
        found.append("a cell ends in ';', which nbval runs differently")
    if len(notebook.cells) >= 50:
        found.append(f"{len(notebook.cells)} cells; JupyterLab draws fifty or more badly")
    if any(cell.source.count("\n") >= 15 for cell in code):
        found.append("a code cell is longer than 15 lines")
    if nbformat.writes(normalize(notebook, path.name[:2])) != text:
        found.append("metadata, ids or outputs are not normal; run: python tools/notebooks.py run")
    return found


def check() -> int:
    bad = {path.name: found for path in paths([]) if (found := faults(path))}
    for name, found in bad.items():
        print(f"{name}: {'; '.join(found)}")
    return 1 if bad else 0


def from_script(script: str, number: str) -> None:
    import jupytext

    sys.path.insert(0, str(FOLDER.parent))
    from jwtlab import exercises

    notebook = jupytext.read(script, fmt="py:percent")
    path = FOLDER / f"{exercises.lesson(number).name}.ipynb"
    nbformat.write(normalize(notebook, number), path)
    run([number])


def readme() -> None:
    """Titles, files and minutes of README's table come from the lessons; the words in it stay."""
    sys.path.insert(0, str(FOLDER.parent))
    from jwtlab import exercises

    path = FOLDER.parent / "README.md"
    text = path.read_text("utf-8")
    row = re.compile(r"^\| (\d\d) \| \[.*?\]\(.*?\) \| (.*?) \| .*? \|$", re.M)
    words = {found[1]: found[2] for found in row.finditer(text)}
    rows = [
        f"| {each.number} | [{each.title}](notebooks/{each.name}.ipynb) | {words.get(each.number, '…')} "
        f"| {each.minutes} |"
        for each in exercises.lessons().values()
    ]
    first = row.search(text)
    assert first is not None
    before, after = text[: first.start()], row.sub("", text[first.start() :])
    text = before + "\n".join(rows) + "\n\n" + after.lstrip("\n")
    path.write_text(re.sub(r"(?<=\n)\| if you say \|.*?\n\n", _paths(), text, flags=re.S), "utf-8")


def _paths() -> str:
    """README's table of ways through the lessons, with minutes added up."""
    from jwtlab.exercises.reader_paths import reader_paths

    rows = [
        f"| **{each.title}** | {' → '.join(each.lessons)} | {each.minutes} | {', '.join(each.then)} | {each.aim} |"
        for each in reader_paths().values()
    ]
    head = ["| if you say | then do | minutes | and later | so that you can |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n\n"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["readme"]:
            readme()
        case ["run", *numbers]:
            run(numbers)
        case ["check"]:
            return check()
        case ["from", script, number]:
            from_script(script, number)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
