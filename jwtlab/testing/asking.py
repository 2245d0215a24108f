"""Ask a verifier, and understand its answer."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

CRASHES = (TypeError, AttributeError, LookupError, NameError, RecursionError, ArithmeticError)
"""What is raised by accident, and not to refuse."""

LONGEST = 200


@dataclass(frozen=True)
class VerifierAnswer:
    """What a verifier said.

    Attributes:
        let_in: the token was accepted.
        claims: what it says it read, if that is claims.
        said: in words.
        fault: why this is no answer that anybody can use, such as ``True`` in place of claims.
        crashed: it refused by accident.
    """

    let_in: bool
    claims: Mapping[str, Any] | None = None
    said: str = ""
    fault: str = ""
    crashed: bool = False


def ask(verify: Callable[[str], Any], token: str) -> VerifierAnswer:
    """One token, one answer. A verifier that is a coroutine function is awaited."""
    try:
        found = finished(verify(token))
    except Exception as error:
        return VerifierAnswer(False, said=in_words(error), crashed=isinstance(error, CRASHES))
    return _read(found)


def _read(found: Any) -> VerifierAnswer:
    if found is None or found is False:
        return VerifierAnswer(False, said=f"returned {found}")
    if isinstance(found, Mapping):
        return VerifierAnswer(bool(found), found, said="accepted" if found else "returned no claims")
    kind = type(found).__name__
    claims = getattr(found, "claims", None)
    way_out = "return its .claims" if isinstance(claims, Mapping) else "return the claims, a dict"
    return VerifierAnswer(
        bool(found),
        claims if isinstance(claims, Mapping) else None,
        f"returned {_shown(found)}",
        f"it returned {_shown(found)} ({kind}), which is no claims: {way_out}, and refuse by raising or by None",
    )


def finished(found: Any) -> Any:
    """What a coroutine comes to; everything else is what it is."""
    if not inspect.isawaitable(found):
        return found

    async def wait() -> Any:
        return await found

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(wait())
    with ThreadPoolExecutor(1) as thread:  # a loop runs here already: this one needs a thread of its own
        return thread.submit(asyncio.run, wait()).result()


def in_words(error: BaseException) -> str:
    """An exception in one line."""
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text}"[:LONGEST] if text else name


def _shown(found: Any) -> str:
    try:
        text = repr(found)
    except Exception:
        text = f"<{type(found).__name__}>"
    return text if len(text) <= 60 else f"{text[:57]}..."
