from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))


def missing(reason):
    """Skip with a word, or fail where everything is required."""
    if os.environ.get("JWTLAB_REQUIRE_PEERS"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def machine():
    """What a real hub needs."""
    pytest.importorskip("jupyterhub")
    if shutil.which("node") is None or shutil.which("npm") is None:
        missing("no node and npm on the PATH: the hub was not started")
    from jwtlab.classroom.hub import walls
    from jwtlab.errors import UsageError

    try:
        walls.bubblewrap()
    except UsageError as error:
        pytest.skip(f"the hub was not started: {error}")
