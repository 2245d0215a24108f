"""Right answers to the exercises of lesson 29 that are not our own."""

from __future__ import annotations

_ROLES = """
ROLES = {"reader": {"note.read"}, "editor": {"note.read", "note.write"}, "admin": {"note.read", "note.write", "note.delete"}}
def permissions(claims):
    return set().union(*(ROLES.get(role, set()) for role in claims.get("roles", [])))
"""  # the lesson's own, from a cell above

OTHERS: dict[str, list[str]] = {
    "29.1": [
        _ROLES
        + "def answer(claims, scope, permission):\n    if scope not in claims.get('scope', '').split(' '):\n"
        "        return 'insufficient_scope'\n"
        "    return 'ok' if permission in permissions(claims) else 'forbidden'",
        _ROLES + "def answer(claims, scope, permission):\n"
        "    if f' {scope} ' not in f\" {claims.get('scope', '')} \":\n        return 'insufficient_scope'\n"
        "    for role in claims.get('roles') or []:\n"
        "        if role in ROLES and permission in ROLES[role]:\n            return 'ok'\n    return 'forbidden'",
        _ROLES
        + "def answer(claims, scope, permission):\n    may_ask = scope in set((claims.get('scope') or '').split())\n"
        "    who = {'note.read': {'reader', 'editor', 'admin'}, 'note.write': {'editor', 'admin'}, 'note.delete': {'admin'}}\n"
        "    may_do = not who.get(permission, set()).isdisjoint(claims.get('roles', ()))\n"
        "    return ('insufficient_scope', 'forbidden', 'ok')[may_ask + (may_ask and may_do)]",
    ],
    "29.2": [
        """
def answer(claims, action, note):
    tenant, roles = claims.get("tenant"), set(claims.get("roles", ()))
    if tenant is None or tenant != note["tenant"]:
        return False
    may = set()
    if claims["sub"] == note["owner"] or "admin" in roles:
        may = {"read", "write", "delete"}
    elif note["shared"]:
        if roles & {"reader", "editor"}:
            may.add("read")
        if "editor" in roles:
            may.add("write")
    if note["archived"]:
        may &= {"read"}
    return action in may""",
        """
def answer(claims, action, note):
    try:
        if claims["tenant"] != note["tenant"]:
            return False
    except KeyError:
        return False
    who = ["owner"] * (claims["sub"] == note["owner"]) + claims.get("roles", [])
    allowed = {"owner": "read write delete", "admin": "read write delete"}
    if note["shared"]:
        allowed |= {"editor": "read write", "reader": "read"}
    if action not in ("read", "write", "delete") or note["archived"] and action != "read":
        return False
    return any(action in allowed.get(each, "").split() for each in who if each != "owner" or claims["sub"] == note["owner"])""",
        """
def answer(claims, action, note):
    match action:
        case "read":
            enough = {"reader", "editor", "admin"}
        case "write":
            enough = {"editor", "admin"}
        case "delete":
            enough = {"admin"}
        case _:
            return False
    if not claims.get("tenant") or claims["tenant"] != note["tenant"] or (note["archived"] and action != "read"):
        return False
    if not note["shared"]:
        enough = {"admin"}
    return note["owner"] == claims["sub"] or bool(enough & set(claims.get("roles", [])))""",
    ],
    "29.3": [
        "def answer(claims):\n    def inside(each):\n        act = each.get('act')\n"
        "        return [act['sub'], *inside(act)] if act else []\n"
        "    now, *before = inside(claims) or [None]\n    return claims['sub'], now, before",
        "def answer(claims):\n    actor, earlier, act = None, [], claims.get('act', {})\n"
        "    if act:\n        actor = act['sub']\n"
        "    while 'act' in act:\n        act = act['act']\n        earlier += [act['sub']]\n"
        "    return [claims['sub'], actor, earlier]",
        "def answer(claims):\n    subject, rest = claims['sub'], ()\n    while 'act' in claims:\n"
        "        claims = claims['act']\n        rest = (*rest, claims['sub'])\n"
        "    return (subject, next(iter(rest), None), rest[1:])",
    ],
}
