"""Where the secret comes from that a learner's function makes: drawn from the system, played for, or computed."""

from __future__ import annotations

import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import CodeType, FunctionType
from typing import Any

from jwtlab.exercises.safely import call


def uses_random(function: Any, known: frozenset[int] = frozenset()) -> bool:
    """Does this function, or one of the learner's that it calls, draw from the module random, by any name?"""
    if not isinstance(function, FunctionType) or id(function) in known:
        return False
    names, world = _names(function.__code__), function.__globals__
    named = [world.get(name, sys.modules.get(name)) for name in names]
    return any(
        (value is random and "SystemRandom" not in names)
        or _is_toy(value)
        or (getattr(value, "__globals__", None) is world and uses_random(value, known | {id(function)}))
        for value in (*named, *_enclosed(function))
    )


def drawn(function: Callable[[], Any]) -> int:
    """How many bytes of the operating system's randomness one call of the function takes."""
    counted: list[int] = []

    def watched() -> Any:
        with _counting(function, counted):
            return function()

    call(watched)
    return sum(counted)


@contextmanager
def _counting(function: Any, counted: list[int]) -> Iterator[None]:
    """Count what this thread draws; it gets the true randomness all the same."""
    real = os.urandom

    def urandom(size: int) -> bytes:
        counted.append(size)
        return real(size)

    if real in _held(function):  # in a default or an enclosing function, where nobody can count
        counted.append(1_000_000)
    with drawing_from(urandom, function):
        yield


@contextmanager
def drawing_from(source: Callable[[int], bytes], function: Any = None) -> Iterator[None]:
    """Within this block, what this thread draws from the operating system comes from the source.

    Args:
        source: gives so many bytes.
        function: the learner's, whose world may know ``urandom`` by a name of its own.
    """
    here, real = threading.get_ident(), os.urandom

    def urandom(size: int) -> bytes:
        return source(size) if threading.get_ident() == here else real(size)

    worlds = (vars(os), vars(random), getattr(function, "__globals__", {}))
    before = [(world, name) for world in worlds for name, value in world.items() if value is real]
    try:
        for world, name in before:
            world[name] = urandom
        yield
    finally:
        for world, name in before:
            world[name] = real


def _held(function: Any) -> tuple[Any, ...]:
    """What a function, or a partial of one, holds by itself."""
    if isinstance(function, partial):
        return (function.func, *function.args)
    if not isinstance(function, FunctionType):
        return ()
    return (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values(), *_enclosed(function))


def _is_toy(value: Any) -> bool:
    owner = getattr(value, "__self__", value)  # random.randbytes belongs to a Random that nobody sees
    return value is random.Random or (
        isinstance(owner, random.Random) and not isinstance(owner, random.SystemRandom)
    )


def _names(code: CodeType) -> set[str]:
    """What a function names, and the functions and generators inside it."""
    inside = (each for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*map(_names, inside))


def _enclosed(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a name that has no value yet
            yield cell.cell_contents
