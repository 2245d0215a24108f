"""How Jupyter is set for learners, with ``jwtlab lab`` and under JupyterHub alike: no news, no dialogs, no network."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

# Read by JupyterLab as defaults: no news, no dialogs, and widgets saved with the notebook, so that a
# lesson opened again shows them as they were left and not "Error displaying widget: model not found".
SETTINGS = Path(__file__).resolve().parent / "data" / "jupyter"

# Under JupyterHub as well: what is for teachers, or nobody uses there, is not loaded into each learner's server.
HUB_SETTINGS = SETTINGS.with_name("jupyter_hub")

# Run by IPython when a kernel starts: a cell that is run too early then says which one to run first.
STARTUP = SETTINGS.parent / "kernel_startup.py"

# The environment variable in which a hub names its board to learners' kernels.
BOARD = "JWTLAB_BOARD"

OPTIONS: Mapping[str, str] = {
    # Nothing is fetched from outside: no list of extensions, no news, no newer version.
    "--LabApp.extension_manager": "readonly",
    "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    # Nor does it search the machine for language servers (it would run npm for that).
    "--LanguageServerManager.autodetect": "False",
}


def environment(folder: Path, outer: Mapping[str, str], *, hub: bool = False) -> dict[str, str]:
    """The environment of the server and of its kernels.

    Our settings (no news, no dialogs) come along as a folder of defaults: nothing is written into
    the learner's own Jupyter configuration, and their own settings still win.
    """
    before = outer.get("JUPYTER_CONFIG_PATH")
    settings = [str(HUB_SETTINGS), str(SETTINGS)] if hub else [str(SETTINGS)]
    ours = {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*settings, *([before] if before else [])]),
        # A cell says !jwtlab, in whatever way this environment was started.
        "PATH": _before(str(Path(sys.executable).parent), outer.get("PATH")),
        # Under a hub a kernel of our own: without what no lesson uses.
        **({"JUPYTER_PATH": _before(str(HUB_SETTINGS), outer.get("JUPYTER_PATH"))} if hub else {}),
        # The kernel of this environment, not one of the same name in the learner's home.
        "JUPYTER_PREFER_ENV_PATH": "1",
        # A lesson that was run and saved keeps its looks where no kernel and no widget is.
        "JWTLAB_STYLE": "inline",
        # A learner's own start-up file stays; the lesson's first cell then does what ours would have done.
        "PYTHONSTARTUP": outer.get("PYTHONSTARTUP") or str(STARTUP),
    }
    progress = {"JWTLAB_PROGRESS": outer.get("JWTLAB_PROGRESS") or str(folder / "progress.json")}
    return {**outer, **ours, **progress}


def _before(first: str, others: str | None) -> str:
    return os.pathsep.join([first, others]) if others else first
