"""jwtlab.testing: attack your own code, before somebody else does.

An OpenID provider on loopback, whose clock is in the test's hand, and every forgery of part 2, made for
the key and the algorithm in use::

    from jwtlab.testing import Issuer, attack_verifier, attack_api, attack_client

    with Issuer() as issuer:
        attack_verifier(my_verify, issuer, audience="https://notes.example").check()
        attack_api(send, issuer, audience="https://notes.example").check()
        attack_client(start, callback, issuer).check()

pytest finds the fixture ``issuer`` by itself (an entry point). Nothing is sent to an address that is not
loopback or in this process. Names are loaded when they are first used, so that pytest starts no slower.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab.testing.api import attack_api
    from jwtlab.testing.catalogue import FORGERIES
    from jwtlab.testing.client import attack_client
    from jwtlab.testing.forgery import Forgery
    from jwtlab.testing.issuer import Issuer
    from jwtlab.testing.outcome import Outcome, Result
    from jwtlab.testing.parameters import forgeries
    from jwtlab.testing.places import RefusedAddress
    from jwtlab.testing.verifier import attack_verifier

_WHERE = {
    "FORGERIES": "catalogue",
    "Forgery": "forgery",
    "Issuer": "issuer",
    "Outcome": "outcome",
    "RefusedAddress": "places",
    "Result": "outcome",
    "attack_api": "api",
    "attack_client": "client",
    "attack_verifier": "verifier",
    "forgeries": "parameters",
}

__all__ = [
    "FORGERIES",
    "Forgery",
    "Issuer",
    "Outcome",
    "RefusedAddress",
    "Result",
    "attack_api",
    "attack_client",
    "attack_verifier",
    "forgeries",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"jwtlab.testing.{_WHERE[name]}"), name)
    raise AttributeError(f"jwtlab.testing has no {name!r}; there are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
