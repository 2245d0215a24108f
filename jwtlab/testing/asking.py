"""Ask a verifier, and understand its answer."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.testing.patience import Patience, TookTooLong, WantedToLeave

CRASHES = (
    TypeError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    ArithmeticError,
    MemoryError,
    TookTooLong,
    WantedToLeave,
)
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


def ask(verify: Callable[[str], Any], token: str, patience: Patience | None = None) -> VerifierAnswer:
    """One token, one answer. A verifier that is a coroutine function is awaited."""
    try:
        return _read((patience or Patience()).call(verify, token))
    except Exception as error:  # also of what was returned: claims that raise when they are read
        return VerifierAnswer(False, said=in_words(error), crashed=isinstance(error, CRASHES))


def _read(found: Any) -> VerifierAnswer:
    if found is None or found is False:
        return VerifierAnswer(False, said=f"returned {found}")
    if isinstance(found, Mapping):
        said = "accepted" if found else "returned no claims"
        return VerifierAnswer(bool(found), claims_in(found), said=said)
    if _says_nobody(found):
        return VerifierAnswer(False, said=f"returned {_shown(found)}")
    claims = claims_in(found)
    if claims is not None:
        return VerifierAnswer(bool(found), claims, f"returned {_shown(found)}")
    kind = type(found).__name__
    if hasattr(found, "status_code"):
        way_out = "this is an answer of HTTP; attack_api reads those"
    else:
        way_out = "return the claims, a dict or an object that holds them, and refuse by raising or by None"
    return VerifierAnswer(
        bool(found),
        None,
        f"returned {_shown(found)}",
        f"it returned {_shown(found)} ({kind}), which is no claims: {way_out}",
    )


def _says_nobody(found: Any) -> bool:
    """An object that is there to say no: claims that are ``None``, a user who is not authenticated."""
    if isinstance(found, str | bytes | int | float | tuple):
        return False
    empty = any(getattr(found, name, "") is None for name in ("claims", "payload"))
    return empty or getattr(found, "is_authenticated", True) is False


def claims_in(found: Any) -> Mapping[str, Any] | None:
    """The claims that an answer holds, however the library wraps them; ``None`` if there are none.

    A mapping, also within ``claims`` or ``payload`` (PyJWT's ``decode_complete``); an object with such an
    attribute (joserfc, jwcrypto); JSON as text or bytes; a model of pydantic, a dataclass, a named tuple, or
    any other object with attributes of its own.
    """
    if isinstance(found, Mapping):
        within = (found.get("claims"), found.get("payload"))
        inner = next((each for each in within if isinstance(each, Mapping)), None)
        return found if inner is None or "sub" in found else inner
    if isinstance(found, str | bytes | bytearray):
        return _from_json(found)
    if found is None or isinstance(found, int | float | type) or hasattr(found, "status_code"):
        return None
    for name in ("claims", "payload"):
        inner = getattr(found, name, None)
        if isinstance(inner, Mapping):
            return claims_in(inner)
        if isinstance(inner, str | bytes):
            return _from_json(inner)
    for name in ("model_dump", "_asdict"):
        as_dict = getattr(found, name, None)
        if callable(as_dict):
            return dict(as_dict())
    return _attributes(found) or None


def _from_json(text: str | bytes | bytearray) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def _attributes(found: Any) -> dict[str, Any]:
    slots = [name for kind in type(found).__mro__ for name in _slots(kind)]
    own = {name: getattr(found, name) for name in slots if hasattr(found, name)}
    return own | dict(getattr(found, "__dict__", {}))


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def check_takes(function: Callable[..., Any], what: str, arguments: int) -> None:
    """
    Args:
        function: that a test has handed over.
        what: it is to be, such as ``"verify(token)"``.
        arguments: how many it will be given.

    Raises:
        UsageError: it cannot be called like that.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return
    try:
        signature.bind(*("x" for _ in range(arguments)))
    except TypeError as error:
        raise UsageError(f"{what} is wanted, and this function cannot be called so: {error}") from error


def in_words(error: BaseException) -> str:
    """An exception in one line."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # an exception that cannot say what it is
        text = ""
    name = type(error).__name__
    return f"{name}: {text}"[:LONGEST] if text else name


def _shown(found: Any) -> str:
    try:
        text = repr(found)
    except Exception:
        text = f"<{type(found).__name__}>"
    return text if len(text) <= 60 else f"{text[:57]}..."
