"""A service of the hub: it runs until the hub ends it, and then ends without a word."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

ENDS = (signal.SIGINT, signal.SIGTERM)
"""JupyterHub ends what it has started with the first; if that is not heeded, ten seconds later with the second."""


def run(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it is done, or one of `ENDS` comes.

    The signals are heard also where they were set to be ignored, as a shell does for what a script starts in the
    background. What the work raises goes on to the caller.
    """
    asyncio.run(_until_ended(work))


async def _until_ended(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for each in ENDS:
        loop.add_signal_handler(each, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
