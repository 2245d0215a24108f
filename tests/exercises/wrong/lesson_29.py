"""Plausible wrong answers to the exercises of lesson 29."""

from __future__ import annotations

from jwtlab import exercises

_SOLUTION = {each.id: each.solution for each in exercises.lesson("29").exercises}
_ROLES = """
ROLES = {"reader": {"note.read"}, "editor": {"note.read", "note.write"}, "admin": {"note.read", "note.write", "note.delete"}}
def permissions(claims):
    return set().union(*(ROLES.get(role, set()) for role in claims.get("roles", [])))
"""  # the lesson's own, from a cell above
_TWO = f"{_ROLES}def answer(claims, scope, permission):\n"
_POLICY, _ACTS = (
    "def answer(claims, action, note):\n",
    "def answer(claims):\n",
)
_CHAIN = (
    f"{_ACTS}    chain, act = [], claims.get('act')\n    while act:\n        chain.append(act['sub'])\n"
    "        act = act.get('act')\n"
)


def _but(exercise_id: str, old: str, new: str) -> str:
    """The solution, with one piece of it written wrongly."""
    assert old in _SOLUTION[exercise_id]
    return _SOLUTION[exercise_id].replace(old, new)


WRONG: dict[str, list[tuple[str, str]]] = {
    "29.1": [
        (_but("29.1", "not any(", "not (lambda found: True)("), "role"),
        (_but("29.1", 'claims.get("scope", "").split()', 'claims.get("scope", "")'), "piece"),
        (_but("29.1", 'claims.get("scope", "").split()', 'claims["scope"].split()'), "raised"),
        (f"{_TWO}    if permission not in permissions(claims): return 'forbidden'\n"
         "    return 'ok' if scope in claims.get('scope', '').split() else 'insufficient_scope'", "scope-first"),
        (f"{_TWO}    return scope in claims.get('scope', '') and permission in permissions(claims)", "word"),
        (f"{_TWO}    if scope not in claims.get('scope', '').split(): return 'insufficient_scope'\n"
         "    return 'ok' if claims.get('roles') and permission in ROLES[claims['roles'][0]] else 'forbidden'", "second-role"),
        (f"{_TWO}    if scope not in claims.get('scope', '').split(): return 'insufficient_scope'\n"
         "    return 'ok' if claims.get('roles') and permission in ROLES.get(claims['roles'][-1], ()) else 'forbidden'",
         "second-role"),
        (f"{_TWO}    if scope not in claims.get('scope', '').split(): return 'insufficient_scope'\n"
         "    return 'ok' if any(permission in ROLES[role] for role in claims.get('roles', [])) else 'forbidden'", "raised"),
        (_but("29.1", "roles.get(role, ())", "roles.get(role.strip(), ())"), "role-loosely"),
        (_but("29.1", "return \"insufficient_scope\"", "return 'forbidden'"), "scope"),
    ],
    "29.2": [
        (f"{_POLICY}    return 'admin' in claims.get('roles', [])", "owner"),
        (f"{_POLICY}    return 'yes'", "not-bool"),
        (f"{_POLICY}    return True", "editor"),
        (f"{_POLICY}    if note['owner'] == claims['sub'] or 'admin' in claims.get('roles', []): return True\n"
         "    return note['tenant'] == claims.get('tenant') and note['shared'] and action == 'read'", "editor"),
        (f"{_POLICY}    if note['tenant'] != claims.get('tenant') or note['archived']: return False\n"
         "    return note['owner'] == claims['sub'] or 'admin' in claims.get('roles', [])", "editor"),
        (_but("29.2", 'claims.get("tenant") is None or claims["tenant"]', 'claims.get("tenant")'), "no-tenant"),
        (_but("29.2", 'claims.get("tenant") is None or claims["tenant"] != note["tenant"]', "False"), "tenant"),
        (_but("29.2", 'action not in ("read", "write", "delete")', "False"), "action"),
        (_but("29.2", 'note["archived"] and action != "read"', 'note["archived"] and note["owner"] != claims["sub"]'),
         "archived"),
        (_but("29.2", ' or "admin" in roles', ""), "admin"),
        (_but("29.2", 'return note["shared"] and any', "return any"), "not-shared"),
        (_but("29.2", 'claims.get("roles", [])', 'claims["roles"]'), "raised"),
        (_but("29.2", '"editor": {"read", "write"}', '"editor": {"read", "write", "delete"}'), "editor"),
        (_but("29.2", "can.get(role, ())", 'can.get(role, ("read",))'), "nobody"),
    ],
    "29.3": [
        (f"{_ACTS}    act = claims.get('act', {{}})\n    return claims['sub'], act.get('sub'), []", "two"),
        (f"{_CHAIN}    return claims['sub'], chain[-1] if chain else None, chain[:-1]", "innermost"),
        (f"{_CHAIN}    return claims['sub'], chain[0] if chain else None, chain[:0:-1]", "order"),
        (f"{_CHAIN}    return claims['sub'], chain[0] if chain else None, chain", "one"),
        (f"{_CHAIN}    return claims['sub'], chain[0] if chain else None, chain if chain[1:] else []", "actor-twice"),
        (f"{_CHAIN}    return chain[-1] if chain else claims['sub'], chain[0] if chain else None, chain[1:]", "subject"),
        (f"{_CHAIN}    return claims['sub'], chain[0] if chain else None, ', '.join(chain[1:])", "earlier-kind"),
        (f"{_CHAIN}    return claims['sub'], chain[0] if chain else '', chain[1:]", "none"),
        (_CHAIN.replace("claims.get('act')", "claims.get('act', claims.get('may_act'))")
         + "    return claims['sub'], chain[0] if chain else None, chain[1:]", "may-act"),
        (f"{_ACTS}    return claims['sub'], claims['act']['sub'], []", "raised"),
        (f"{_ACTS}    return claims['sub']", "three"),
    ],
}  # fmt: skip
