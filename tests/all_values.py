"""The dataclasses of a package, for tests of what all values have in common."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from types import ModuleType


def dataclasses_of(*packages: ModuleType) -> list[type]:
    """Every dataclass that is written in these packages, in the order of names."""
    modules = [
        importlib.import_module(found.name)
        for package in packages
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return sorted(
        (
            thing
            for module in modules
            for thing in vars(module).values()
            if isinstance(thing, type)
            and dataclasses.is_dataclass(thing)
            and thing.__module__ == module.__name__
        ),
        key=lambda each: (each.__module__, each.__qualname__),
    )


def try_to_change(value_class: type) -> None:
    """Give the first field of a value of this class another value; raises what the class raises."""
    value = object.__new__(value_class)
    setattr(value, dataclasses.fields(value_class)[0].name, "other")


def try_to_add(value_class: type) -> None:
    """Give a value of this class an attribute that nobody knows; raises what the class raises.

    A class that is derived from a frozen one, and is not frozen itself, keeps the fields and takes anything else.
    """
    value = object.__new__(value_class)
    value.anything = "other"
