"""Attacks on flows: each a script that runs message by message, like a flow, in a careless world and in a sound one.

No server in here is weak by itself. A careless world, vulnerable on purpose, is a sound one with named
checks taken out (`World.without`); it is made for one attack and reached from nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

from jwtlab.errors import UsageError
from jwtlab.oauth.attacks import codes, people, redirects, tokens
from jwtlab.oauth.attacks.model import FlowAttack, Loot

FLOW_ATTACKS: Mapping[str, FlowAttack] = {
    each.id: each for each in (*codes.ATTACKS, *redirects.ATTACKS, *tokens.ATTACKS, *people.ATTACKS)
}
"""Every attack on a flow, by id."""


def find(id: str) -> FlowAttack:
    """The attack of this id.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    if id not in FLOW_ATTACKS:
        raise UsageError(f"there is no attack {id!r} on a flow; there are: {', '.join(FLOW_ATTACKS)}")
    return FLOW_ATTACKS[id]


__all__ = ["FLOW_ATTACKS", "FlowAttack", "Loot", "find"]
