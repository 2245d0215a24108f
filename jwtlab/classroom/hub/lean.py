"""What a learner's server and kernels need not load: with many on one machine, each module is paid for many times.

A server took 122 MB with all of it, and takes 63 without (``python tools/hub_class.py --learners 10``); a kernel after
lesson 23 107 and 96. What is left out:

- rfc3987_syntax, a grammar of internationalized addresses: 15 MB, and most of a second of work. jsonschema builds it at
  its import for one format, ``iri``, and does without if it is not there. No schema of Jupyter's has that format.
  The same for isoduration, 3 MB, and the format ``duration``.
- requests and httpx: 7 MB. JupyterLab asks lists of extensions and PyPI with them; here extensions are read only.
- SQLAlchemy, Alembic and JupyterHub's own tables: 30 MB. A learner's server has no database of the hub. It comes to
  them because the hub's log has to know a class of the hub's pages, and its tools an error of SQLAlchemy's.
- debugpy, the debugger: 8 MB in each kernel. ``debugger = true`` in ``hub.toml`` brings it back.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType

DEBUGGER = "JWTLAB_HUB_DEBUGGER"
"""Set to 1: kernels load debugpy."""
UNUSED_FORMATS = ("rfc3987_syntax", "isoduration")
STAND_INS = (
    "jupyterhub.handlers",
    "jupyterhub.handlers.pages",
    "jupyterhub.orm",
    "sqlalchemy",
    "sqlalchemy.exc",
    "httpx",
    "requests",
)
LOADED = ("jupyterhub.singleuser", "jupyterlab.labapp")
"""What is loaded while the stand-ins are there: it would be loaded a moment later."""


def kernel() -> None:
    """Become a kernel, in the way of ``ipykernel_launcher``."""
    left_out = () if os.environ.get(DEBUGGER) == "1" else ("debugpy",)
    with without(*left_out):
        import ipykernel.kernelapp

        # Which debugger there is, ipykernel asks once, and at its first kernel.
        with contextlib.suppress(ImportError):
            importlib.import_module("ipykernel.debugger")
    sys.argv.append("--ext=jwtlab.classroom.hub.trimming")
    ipykernel.kernelapp.launch_new_instance()


def server(arguments: list[str]) -> None:
    """Become JupyterHub's single-user server, loaded without what it does not use."""
    with without(*UNUSED_FORMATS):
        importlib.import_module("jsonschema")
    try:
        with stand_ins():
            loaded = [importlib.import_module(each) for each in LOADED]
            start = loaded[0].main
    except (
        Exception
    ) as error:  # another version of JupyterHub, which wants more: then the whole of it, afresh
        print(f"jwtlab: the server is loaded as a whole: {error}", file=sys.stderr, flush=True)
        os.execv(sys.executable, [sys.executable, "-P", "-m", "jupyterhub.singleuser", *arguments])
    start()


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """Modules that cannot be imported for a while. Those that are loaded already stay."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # what Python's own import system takes as "not there"
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


@contextlib.contextmanager
def stand_ins() -> Iterator[None]:
    """Empty modules for what the server's own modules import of the hub's side; gone again when those are loaded.

    Whatever asks for these modules later, such as an extension of the teacher's, gets the real ones.
    """
    ours = {name: _stand_in(name) for name in STAND_INS if name not in sys.modules}
    sys.modules.update(ours)
    try:
        yield
    finally:
        for name in ours:
            sys.modules.pop(name, None)
            above, _, last = name.rpartition(".")
            if vars(sys.modules.get(above, ours[name])).get(last) is ours[name]:
                delattr(sys.modules[above], last)


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = []
    module.__version__ = "0"  # type: ignore[attr-defined]  # JupyterLab asks httpx for it

    def absent(what: str) -> type[Exception]:
        # A class of its own, which nothing is an instance of; an exception, so that it can stand behind "except".
        if what.startswith("__"):
            raise AttributeError(what)
        return type(what, (Exception,), {})

    module.__getattr__ = absent  # type: ignore[method-assign]  # PEP 562
    return module


def main() -> None:
    """``python -m jwtlab.classroom.hub.lean server …`` or ``… kernel -f FILE``."""
    what = sys.argv.pop(1)
    if what == "server":
        server(sys.argv[1:])
    else:
        kernel()


if __name__ == "__main__":
    main()
