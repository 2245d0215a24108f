"""Memory that a learner's processes have freed goes back to the system: the C library keeps it for later otherwise.

An extension of IPython, for kernels, and of the Jupyter server. After lesson 23 it is 5 MB of a kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import time
from typing import Any

EVERY_SECONDS = 60
PAUSE_SECONDS = 2
"""Between two looks after cells."""


def trim() -> bool:
    """Give back what is free; gives whether there was any. Systems without the GNU C library do it on their own."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(AttributeError, OSError):
        return bool(ctypes.CDLL(None).malloc_trim(0))
    return False


def _look() -> None:
    trim()


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython: look after cells, but not after each of a quick row."""
    looked = 0.0

    def after_a_cell(*_: Any) -> None:
        nonlocal looked
        if time.monotonic() - looked > PAUSE_SECONDS:
            looked = time.monotonic()
            trim()

    shell.events.register("post_run_cell", after_a_cell)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by Jupyter: look now, when everything is loaded, and every minute."""
    from tornado.ioloop import PeriodicCallback

    gc.collect()
    trim()
    server.trimming = PeriodicCallback(_look, EVERY_SECONDS * 1000)
    server.trimming.start()
