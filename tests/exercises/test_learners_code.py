"""What a learner's own code can do to the kernel that judges it: the lesson goes on, or says what is in the way."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from short_form import few

# In a shell of IPython: the lesson's first cell, the learner's cell, and then a right and a wrong answer.
PROGRAM = """
import contextlib, io, json, os, sys, warnings
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
real, kept = os.dup(1), json.dumps
shell = InteractiveShell.instance(colors="nocolor", config=Config({"HistoryManager": {"enabled": False}}))
def run(source):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        result = shell.run_cell(source, store_history=False)
    error = result.error_in_exec or result.error_before_exec
    return [repr(result.result)[:400], type(error).__name__ if error else "", len(said.getvalue())]
setup = "import jwtlab\\nfrom jwtlab import exercises\\nfrom jwtlab.widgets import check, hint, lesson\\nlesson('02')"
cells = [setup, sys.argv[1]]
cells += [solution + f"\\ncheck('{sys.argv[2]}', answer)" for solution in sys.argv[3:]]
try:
    found = [run(cell) for cell in cells]
finally:
    os.write(real, kept(found).encode())
    os._exit(0)  # threads that the learner has started do not end
"""
KINDS = {
    "nbf": "registered",
    "jti": "registered",
    "https://bakery.example/points": "public",
    "shoe_size": "private",
    "expires": "private",
}
RIGHT, WRONG = f"answer = {KINDS}", f"answer = {KINDS | {'nbf': 'private'}}"
SNIPPETS = {
    "nothing": "pass",
    "exit": "import sys\nsys.exit(3)",
    "exception": "raise ValueError('mine')",
    "huge output": "print('x' * 20_000_000)",
    "huge output in bits": "for n in range(50_000): print(n)",
    "threads that never end": "import threading, time\nfor n in range(50):\n"
    "    threading.Thread(target=lambda: time.sleep(3600), daemon=False).start()",
    "thread that fails": "import threading\nt = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
    "no stdout": "import sys\nsys.stdout = None",
    "check of one's own": "exercise = json = base64 = 5",
    "recursion limit": "import sys\nsys.setrecursionlimit(120)",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "decimal context": "import decimal\ndecimal.getcontext().prec = 1",
    "random seeded": "import random, secrets\nrandom.seed(1)\nsecrets.token_bytes = lambda n=32: b'x' * n",
    "clock of one's own": "import time, datetime\ntime.time = lambda: 0\ntime.monotonic = lambda: 0",
    "folder of one's own": "import os, tempfile\nos.chdir(tempfile.mkdtemp())",
    "folder that is gone": "import os, tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)",
    "environment emptied": "import os\nos.environ.clear()",
    "handlers of exceptions": "import sys\nsys.excepthook = None\nsys.settrace(None)",
    "garbage": "import gc\ngc.disable()\nx = [[] for n in range(100_000)]",
    "signals": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
    "modules forgotten": "import sys\n"
    "for name in [n for n in sys.modules if n.startswith('jwtlab.attacks')]: del sys.modules[name]",
}
PATCHES = {
    "json": "import json\njson.loads = json.dumps = None",
    "base64": "import base64\nbase64.urlsafe_b64decode = base64.urlsafe_b64encode = None",
    "hmac": "import hmac\nhmac.compare_digest = lambda *_: True\nhmac.new = None",
    "threading": "import threading\nthreading.Thread = None",
    "jwtlab": "jwtlab.verify = jwtlab.decode = jwtlab.issue = None",
    "judge": "exercises.judge = None",
    "pathlib": "import pathlib\npathlib.Path.open = None",
}


def outcome(tmp_path, snippet, *answers):
    """For each cell: what it gave, its error, and how much it printed."""
    words = [sys.executable, "-c", PROGRAM, snippet, "02.1", *answers]
    env = {"PATH": "", "HOME": str(tmp_path), "JWTLAB_PROGRESS": str(tmp_path / "progress.json")}
    done = subprocess.run(words, capture_output=True, env=env, timeout=120, cwd=tmp_path)
    return json.loads(done.stdout[done.stdout.index(b'[["') :])


FEW = ("exit", "huge output", "no stdout", "warnings as errors", "clock of one's own", "modules forgotten")


@pytest.mark.parametrize("name", few(SNIPPETS, *FEW))
def test_lesson_goes_on_after(tmp_path, name):
    setup, _, wrong, right = outcome(tmp_path, SNIPPETS[name], WRONG, RIGHT)
    assert setup[1] == ""
    assert wrong[1] == ""
    assert "try again" in wrong[0]
    assert right[1] == ""
    assert "right" in right[0]


@pytest.mark.parametrize("name", PATCHES)
def test_whoever_breaks_the_tools_gets_a_sentence(tmp_path, name):
    """What they have broken may be what judges; then the card says so, and how to get out."""
    _, _, wrong, _ = outcome(tmp_path, PATCHES[name], WRONG, WRONG)
    assert wrong[1] == "", wrong
    assert wrong[0] != "None"


IN_A_KERNEL = (
    "print('x' * 5_000_000)",
    "import threading\nfor n in range(50):\n    threading.Thread(target=lambda: print('late'), daemon=True).start()",
    "raise SystemExit",
    "import asyncio\nfor n in range(3): asyncio.get_event_loop().call_soon(lambda: 1 / 0)",
    "import builtins\nbuiltins.print = None",
    "import sys\nsys.stdout.close()",
)


def test_kernel_goes_on_whatever_was_done_to_its_streams(tmp_path, monkeypatch):
    """One kernel, and everything one after the other: after each, a right answer is right."""
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))
    manager, client = start_new_kernel(startup_timeout=120, cwd=str(tmp_path))
    try:
        assert card(client, "import jwtlab\nfrom jwtlab.widgets import check, lesson\nlesson('02')")
        for done in IN_A_KERNEL:
            card(client, done)
            said = card(client, f"{RIGHT}\ncheck('02.1', answer)")
            assert "right" in said, (done, said)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def card(client, source: str) -> str:
    """The text of the last output of a cell."""
    shown = []

    def hook(message):
        if message["header"]["msg_type"] == "execute_result":
            shown.append(message["content"]["data"]["text/plain"])

    client.execute_interactive(source, output_hook=hook, timeout=60)
    return shown[-1] if shown else ""
