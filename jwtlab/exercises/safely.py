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
        raise Wrong("no-function")
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
            raise Wrong("endless", seconds=seconds)
    if "error" in outcome:
        error = outcome["error"]
        words = in_words(error)[:160]
        room = 120 // len(arguments) if arguments else 0  # of several arguments, the last one is seen, too
        with_what = ", ".join(shown(argument, max(room, 24)) for argument in arguments)
        called = f" (called with {with_what})" if with_what else ""
        said = f": {words}" if words else ""
        raise Wrong("raised", error=type(error).__name__, said=said, called=called) from error
    return outcome.get("value")


def shown(value: Any, longest: int = 120) -> str:
    """A value as Python writes it; of a long one the beginning and the end."""
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest * 2 // 3]} … {text[-longest // 4 :]}"


def _stop(thread: threading.Thread) -> None:
    identity = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(_TooLong))
    thread.join(1)
