"""The button in an assignment's last cell: the saved file is run again, as it will be run when it is marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jwtlab.classroom.assignments import assignment
from jwtlab.errors import JwtlabError, UsageError
from jwtlab.widgets.view import View, action

if TYPE_CHECKING:
    from jwtlab.classroom.checking import Checked


class SubmissionButton(View):
    """Run a saved assignment as it will be run when it is marked, and show what a student should know.

    Args:
        name: the assignment's name, such as ``"a4_flows"``.
        folder: where the notebook is saved; by default where it runs.

    Attributes:
        checked: what the last press found, or ``None``.
        problem: why it found nothing, or ``""``.
    """

    template = "classroom_button.html"

    def __init__(self, name: str, folder: Path | str = ".") -> None:
        self.assignment, self.folder = assignment(name), Path(folder)
        self.checked: Checked | None = None
        self.problem = ""
        super().__init__()

    @action("check")
    def check(self, value: Any = "", target: str = "") -> None:
        """Find the saved file, and run it."""
        from jwtlab.classroom.checking import check_submission  # its libraries load when it is pressed

        self.checked, self.problem = None, ""
        try:
            self.checked = check_submission(saved_file(self.assignment.name, self.folder))
        except JwtlabError as error:
            self.problem = str(error)

    def context(self) -> dict[str, Any]:
        return {"assignment": self.assignment, "checked": self.checked, "problem": self.problem}

    def __repr__(self) -> str:
        return str(self.checked or self.problem or f"<SubmissionButton: {self.assignment.name}>")


def submission_button(name: str, folder: Path | str = ".") -> SubmissionButton:
    """The button for an assignment's last cell; see `SubmissionButton`."""
    return SubmissionButton(name, folder)


def saved_file(name: str, folder: Path) -> Path:
    """The notebook of an assignment that was saved last in a folder, whatever it is called.

    Args:
        name: of the assignment.
        folder: where to look; not below it.

    Raises:
        UsageError: there is none.
    """
    found = [path for path in folder.glob("*.ipynb") if _is_of(path, name)]
    if not found:
        raise UsageError(
            f"there is no saved notebook of {name} in {folder.resolve()}. Save it first; if it is saved "
            f"elsewhere, name the folder: submission_button({name!r}, folder=…)"
        )
    return max(found, key=lambda path: path.stat().st_mtime)


def _is_of(path: Path, name: str) -> bool:
    try:
        told = json.loads(path.read_text("utf-8")).get("metadata", {}).get("jwtlab", {})
        return bool(told.get("assignment") == name)
    except (OSError, ValueError, AttributeError):
        return False
