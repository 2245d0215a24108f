"""Exercise 29.2: who may do what to a note."""

from __future__ import annotations

from itertools import product
from typing import Any

from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near_misses, true_or_false

_WHY = {
    "no-tenant": "There is no tenant in the token: nothing is equal to nothing, so it is refused.",
    "tenant": "It is another tenant's note; no role and no name changes that.",
    "action": "Nobody has ever allowed this action. What is not allowed is refused, also for owner and admin.",
    "archived": "It is archived: nobody changes it any more.",
    "owner": "It is their own, and of their own tenant.",
    "admin": "An admin may do that in their own tenant, shared or not.",
    "not-shared": "It is not shared, and it is somebody else's.",
    "no-roles": "There are no roles in the token, so no role gives anything; do not fall over it.",
    "reader": "A reader may read what is shared, and no more.",
    "editor": "An editor may read and write what is shared, and not delete it.",
    "nobody": "Whoever is neither owner nor has a role that is known may do nothing.",
}
_ACTIONS = ("read", "write", "delete")
_NOTE: dict[str, Any] = {"tenant": "north", "owner": "alice", "shared": True, "archived": False}


def _decision(claims: dict[str, Any], action: str, note: dict[str, Any]) -> tuple[str, bool]:
    """The rule that decides, and what it says."""
    roles = claims.get("roles", ())
    can = {"reader": ("read",), "editor": ("read", "write")}
    held = next((role for role in ("editor", "reader") if role in roles), "")
    if claims.get("tenant") is None or claims["tenant"] != note["tenant"]:
        return ("no-tenant" if claims.get("tenant") is None else "tenant"), False
    for rule, applies, allowed in (
        ("action", action not in _ACTIONS, False),
        ("archived", note["archived"] and action != "read", False),
        ("owner", note["owner"] == claims["sub"], True),
        ("admin", "admin" in roles, True),
        ("not-shared", not note["shared"], False),
        ("no-roles", "roles" not in claims, False),
    ):
        if applies:
            return rule, allowed
    return held or "nobody", action in can.get(held, ())


def _situation(claims: dict[str, Any], action: str, note: dict[str, Any]) -> Case:
    claims = {"sub": "bob", **{name: value for name, value in claims.items() if value is not ...}}
    rule, allowed = _decision(claims, action, note)
    return Case(rule, (claims, action, note), allowed, _WHY[rule])


def _situations() -> tuple[Case, ...]:
    """Every mixture of tenant, role, owner, shared and archived; then what nobody thinks of; then near misses."""
    found = [
        _situation({"tenant": tenant, "roles": [role] if role else []}, action,
                   {"tenant": "north", "owner": owner, "shared": shared, "archived": archived})
        for tenant, archived, shared, owner, role, action in product(
            ("north", "south"), (False, True), (True, False), ("bob", "alice"),
            ("admin", "editor", "reader", ""), _ACTIONS,
        )
    ]  # fmt: skip

    def ask(action: str = "read", note: dict[str, Any] | None = None, **claims: Any) -> None:
        found.append(_situation({"tenant": "north", "roles": [], **claims}, action, _NOTE | (note or {})))

    for names in ("reader editor", "editor reader", "emperor editor", "editor admin", "emperor"):
        for action in _ACTIONS:
            ask(action, roles=names.split())
    ask(roles=...)
    ask("write", {"owner": "bob", "archived": True, "shared": False}, roles=["editor"])
    strange = ("publish", "", "share", *(text for name in _ACTIONS for _, _, text in near_misses(name)))
    for roles, owner in product(([], ["editor"], ["admin"]), ("bob", "alice")):
        ask(note={"owner": owner}, roles=roles, tenant=...)
        ask(note={"owner": owner, "tenant": None}, roles=roles, tenant=...)
        for action in strange:
            ask(action, {"owner": owner}, roles=roles)
        for _, _, text in near_misses("north"):
            ask(note={"owner": owner, "tenant": text}, roles=roles)
            ask(note={"owner": owner}, roles=roles, tenant=text)
    for _, _, text in near_misses("bob"):
        ask("write", {"owner": text})
        ask("write", {"owner": "bob"}, sub=text)
    for role in ("admin", "editor", "reader"):
        for _, _, text in near_misses(role):
            ask(roles=[text])
    return tuple(found)


judge_policy = Table(
    cases=_situations(),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} situations, all decided rightly. That is what a test of a policy looks like: a table.",
)
