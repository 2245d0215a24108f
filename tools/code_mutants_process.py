"""Processes in which tests are asked, and how pytest is called in them (see code_mutants.py)."""

from __future__ import annotations

import importlib
import importlib.util
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

# They start interpreters of their own, which read the files as they are.
OF_THEIR_OWN = (
    "test_one_row.py",
    "test_purity.py",
    "test_made_up",
    "test_concurrency.py",
    "test_web_browser.py",
)
# They try thousands of inputs, for seconds. What they alone can tell from the code is told by no test that says why.
AT_RANDOM = ("test_hostile_input.py", "test_hostile_requests.py", "test_sequences.py")
LEFT_OUT = (*OF_THEIR_OWN, *AT_RANDOM)
OFTEN_USED = (
    "hypothesis",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "jwt",
    "joserfc.jwt",
    "flask",
    "httpx",
    "jinja2",
    "requests",
    "werkzeug.serving",
    "requests_oauthlib",
    "authlib.integrations.requests_client",
    "bs4",
)
KEPT = ".mutants"
MEMORY = 4 << 30
BROKEN = 99  # our own mistake, and no test's word


_KNOWN = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # warm_up has imported plugins already
QUIET = ("-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:jwtlab", "--no-header", "--tb=no", *_KNOWN)
IGNORED = [f"--ignore-glob=*{name}*" for name in LEFT_OUT]


def warm_up() -> None:
    """Import what every test needs once, before the processes fork; never jwtlab itself."""
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(Path(KEPT).resolve() / "bytecode")
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(KEPT).resolve() / "hypothesis")
    for name in OFTEN_USED:
        if importlib.util.find_spec(name.partition(".")[0]):
            importlib.import_module(name)
    calm = {
        "deadline": None,
        "derandomize": True,
        "database": None,
        "suppress_health_check": list(HealthCheck),
    }
    settings.register_profile("mutants", **calm, phases=(Phase.explicit, Phase.generate))  # shrinks nothing
    settings.load_profile("mutants")
    assert "jwtlab" not in sys.modules, "a mutant has to be imported anew"


def in_child(work: Callable[[], int]) -> int:
    """What the work gives back in a process of its own; below zero, as os.waitstatus_to_exitcode has it, if ended."""
    child = os.fork()
    if child == 0:
        be_quiet()
        code = BROKEN
        try:
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except BaseException:  # whoever ends us does not want to leave it behind
        os.kill(child, signal.SIGKILL)
        raise


def be_quiet() -> None:
    log = os.open(os.environ.get("CODE_MUTANTS_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
