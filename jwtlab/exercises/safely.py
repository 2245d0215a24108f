"""Running a learner's function: an endless loop or an exception is a finding, not an accident."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

from jwtlab.exercises.model import Wrong, in_words


class _TooLong(BaseException):
    """Thrown into a thread that does not end. Not an Exception, so that ``except Exception`` lets it by."""


def call(function: Callable[..., Any], *arguments: Any, seconds: float = 2, **named: Any) -> Any:
    """Call a learner's function.

    Args:
        function: what the learner wrote.
        arguments, named: what it is called with.
        seconds: after this long it is stopped.

    Returns:
        What the function returned.

    Raises:
        Wrong: it is no function, raised something, or did not come to an end.
    """
    if not callable(function):
        raise Wrong("This exercise wants a function: write def ... and hand over its name, without brackets.")
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["value"] = function(*arguments, **named)
        except _TooLong:
            outcome["late"] = True
        except BaseException as error:  # a learner's sys.exit() must not end the kernel
            outcome["error"] = error

    try:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
    except RuntimeError:  # a platform without threads (a browser's Python): call it here
        run()
    else:
        thread.join(seconds)
        if thread.is_alive():
            _stop(thread)
            raise Wrong(
                f"Your function did not come to an end within {seconds:g} seconds. Is there an endless loop?"
            )
    if "error" in outcome:
        error = outcome["error"]
        said = f"Your function raised {type(error).__name__}: {in_words(error)[:160]}"
        with_what = ", ".join(repr(argument) for argument in arguments)
        raise Wrong(f"{said} (called with {with_what[:120]})" if with_what else said) from error
    return outcome.get("value")


def _stop(thread: threading.Thread) -> None:
    identity = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(_TooLong))
    thread.join(1)
