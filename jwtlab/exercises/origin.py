"""Where the secret comes from that a learner's function makes: drawn, played for, or computed."""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from types import CellType, CodeType, FunctionType
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


def is_computed(function: Callable[[], Any]) -> bool:
    """Called twice in one and the same state of the program, does it give the same? Then nothing was drawn."""
    state, made = random.getstate(), []
    for _ in range(2):
        random.setstate(state)
        made.append(call(_twin(function)))
    return bool(made[0] == made[1])


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


def _twin(function: Any) -> Any:
    """The function in a world of its own: with copies of all that it and its helpers name, such as a counter."""
    original = getattr(function, "__globals__", {})
    world, twins = dict(original), {}
    memo: dict[int, Any] = {}

    def copy(value: Any) -> Any:
        if isinstance(value, FunctionType) and value.__globals__ is original:
            return twin(value)
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return deepcopy(value, memo)
        return value  # what cannot be copied, such as the operating system's randomness

    def twin(each: FunctionType) -> FunctionType:
        if id(each) not in twins:
            cells = tuple(CellType() for _ in each.__closure__ or ())
            made = twins[id(each)] = FunctionType(each.__code__, world, each.__name__, None, cells)
            made.__defaults__, made.__kwdefaults__ = copy(each.__defaults__), copy(each.__kwdefaults__)
            for cell, value in zip(cells, _enclosed(each), strict=False):
                cell.cell_contents = copy(value)
            for name in _names(each.__code__) & original.keys():
                world[name] = copy(original[name])
        return twins[id(each)]

    return twin(function) if isinstance(function, FunctionType) else function
