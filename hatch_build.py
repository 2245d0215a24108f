"""Build step: the lessons go into the wheel with the style sheet in them."""

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StyledLessons(BuildHookInterface):
    """Put ``notebooks/`` into the wheel as ``jwtlab/_lessons``, each lesson as a learner gets it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout has its lessons beside the package
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from jwtlab.style import put_style

        self.folder = root / "build" / "lessons"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for original in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
            styled = self.folder / original.name
            styled.write_text(put_style(original.read_text("utf-8")), "utf-8")
            build_data["force_include"][str(styled)] = f"jwtlab/_lessons/{original.name}"
        for source in sorted((root / "classroom" / "assignments").glob("*.ipynb")):
            build_data["force_include"][str(source)] = f"jwtlab/_assignments/{source.name}"
        for name in ("jupyterhub_config.py", "package.json", "package-lock.json"):
            source = root / "classroom" / "jupyterhub" / name
            build_data["force_include"][str(source)] = f"jwtlab/_hub/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self.folder, ignore_errors=True)
