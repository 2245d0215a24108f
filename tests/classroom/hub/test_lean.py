"""What a learner's server and kernels leave out, and that it is there again for whoever asks."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("jupyterhub")

from jwtlab.classroom.hub import lean, trimming

pytestmark = pytest.mark.long

LEFT_OUT = (
    "httpx",
    "requests",
    "isoduration",
    "sqlalchemy",
    "alembic",
    "jupyterhub.orm",
    "jupyterhub.handlers",
    "rfc3987_syntax",
    "nbconvert",
)


def run(code):
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def test_server_is_loaded_without_the_hubs_database_and_without_the_grammar():
    code = f"""
import sys
from jwtlab.classroom.hub import lean, trimming
with lean.without(*lean.UNUSED_FORMATS):
    import jsonschema
with lean.stand_ins():
    import jupyterhub.singleuser, jupyterlab.labapp
import jupyterlab.labhubapp
print(*[name for name in {LEFT_OUT!r} if name in sys.modules], "END")
import sqlalchemy, sqlalchemy.exc, rfc3987_syntax
assert sqlalchemy.select and sqlalchemy.exc.SQLAlchemyError.__module__ == "sqlalchemy.exc"
print(callable(rfc3987_syntax.is_valid_syntax), callable(jupyterhub.singleuser.main))
"""
    assert run(code) == ["END", "True", "True"]


def test_a_jupyterhub_that_wants_more_is_loaded_as_a_whole_in_a_fresh_process(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(lean.os, "execv", lambda *command: (_ for _ in ()).throw(SystemExit(repr(command))))
    monkeypatch.setattr(lean.importlib, "import_module", asked.append)  # gives None, which has no main
    with pytest.raises(SystemExit, match=r"'-m', 'jupyterhub\.singleuser', '--x=1'"):
        lean.server(["--x=1"])
    assert asked == ["jsonschema", *lean.LOADED]
    assert "loaded as a whole" in capsys.readouterr().err


@pytest.mark.parametrize(("wish", "there"), [("0", "False"), ("1", "True")])
def test_kernel_loads_the_debugger_only_if_the_teacher_wants_it(wish, there):
    code = f"""
import os, sys
os.environ["JWTLAB_HUB_DEBUGGER"] = {wish!r}
from ipykernel import kernelapp
kernelapp.launch_new_instance = lambda: None
from jwtlab.classroom.hub import lean, trimming
lean.kernel()
from ipykernel.debugger import _is_debugpy_available
print(_is_debugpy_available, "debugpy" in sys.modules)
"""
    assert run(code) == [there, there]


def test_what_is_hidden_for_a_while_is_there_again_and_what_is_loaded_stays():
    with lean.without("tabnanny", "json"):
        with pytest.raises(ImportError):
            import tabnanny
        import json
    import tabnanny

    assert tabnanny.check
    assert json.loads


def test_freed_memory_goes_back_after_cells_and_not_after_each_of_a_quick_row(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    looked, now = [], [100.0]
    monkeypatch.setattr(trimming, "trim", lambda: looked.append(now[0]))
    monkeypatch.setattr(trimming.time, "monotonic", lambda: now[0])
    shell = InteractiveShell(
        config=Config({"HistoryManager": {"enabled": False}})
    )  # a file that nobody closes
    trimming.load_ipython_extension(shell)
    for moment in (100.0, 100.5, 101.0, 103.5, 104.0):
        now[0] = moment
        shell.events.trigger("post_run_cell", None)
    assert looked == [100.0, 103.5]


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library is Linux's")
def test_what_is_free_is_given_back():
    code = """
from jwtlab.classroom.hub.trimming import trim
import psutil
kept = [b"x" * 100_000 for _ in range(1000)]  # below what has a mapping of its own
last = bytes(100_000)  # holds the end of the heap
before = psutil.Process().memory_info().rss
kept.clear()
between = psutil.Process().memory_info().rss
trim()
print(before - psutil.Process().memory_info().rss > 80_000_000)
"""
    assert run(code) == ["True"]
