"""Plausible wrong answers to the exercises of lesson 29."""

from __future__ import annotations

TWO = (
    "def answer(claims, scope, permission):\n"
    "    can = {'reader': ['note.read'], 'editor': ['note.read', 'note.write'],\n"
    "           'admin': ['note.read', 'note.write', 'note.delete']}\n"
    "    held = [each for role in claims.get('roles', []) for each in can.get(role, [])]\n"
)
POLICY = "def answer(claims, action, note):\n"
ACTS = "def answer(claims):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "29.1": [
        (
            f"{TWO}    return 'ok' if scope in claims.get('scope', '').split() else 'insufficient_scope'",
            "reader may not write",
        ),
        (
            f"{TWO}    if scope not in claims.get('scope', ''): return 'insufficient_scope'\n"
            "    return 'ok' if permission in held else 'forbidden'",
            "only begins like",
        ),
        (
            f"{TWO}    if permission not in held: return 'forbidden'\n"
            "    return 'ok' if scope in claims.get('scope', '').split() else 'insufficient_scope'",
            "asked first",
        ),
        (f"{TWO}    return scope in claims['scope']", "Return"),
        (
            f"{TWO}    if scope not in claims.get('scope', '').split(): return 'insufficient_scope'\n"
            "    return 'ok' if permission in can[claims['roles'][0]] else 'forbidden'",
            "raised",
        ),
    ],
    "29.2": [
        (f"{POLICY}    return 'admin' in claims.get('roles', [])", "your policy"),
        (
            f"{POLICY}    if note['owner'] == claims['sub'] or 'admin' in claims.get('roles', []): return True\n"
            "    return note['tenant'] == claims.get('tenant') and note['shared'] and action == 'read'",
            "your policy",
        ),
        (
            f"{POLICY}    if note['tenant'] != claims.get('tenant') or note['archived']: return False\n"
            "    return note['owner'] == claims['sub'] or 'admin' in claims.get('roles', [])",
            "your policy",
        ),
        (
            f"{POLICY}    if note['tenant'] != claims.get('tenant'): return False\n"
            "    if note['archived'] and action != 'read': return False\n"
            "    roles = claims.get('roles', [])\n"
            "    if note['owner'] == claims['sub'] or 'admin' in roles: return True\n"
            "    can = {'reader': {'read'}, 'editor': {'read', 'write'}}\n"
            "    return note['shared'] and any(action in can.get(role, ()) for role in roles)",
            "nothing is equal to nothing",
        ),
        (
            f"{POLICY}    if claims.get('tenant') is None or note['tenant'] != claims['tenant']: return False\n"
            "    if note['archived'] and action != 'read': return False\n"
            "    roles = claims.get('roles', [])\n"
            "    if note['owner'] == claims['sub'] or 'admin' in roles: return True\n"
            "    can = {'reader': {'read'}, 'editor': {'read', 'write'}}\n"
            "    return note['shared'] and any(action in can.get(role, ()) for role in roles)",
            "What is not allowed is refused",
        ),
    ],
    "29.3": [
        (
            f"{ACTS}    act = claims.get('act', {{}})\n    return claims['sub'], act.get('sub'), []",
            "was before",
        ),
        (
            f"{ACTS}    chain, act = [], claims.get('act')\n    while act:\n        chain.append(act['sub'])\n"
            "        act = act.get('act')\n    return claims['sub'], chain[-1] if chain else None, chain[:-1]",
            "outermost",
        ),
        (f"{ACTS}    return claims['sub'], claims['act']['sub'], []", "raised"),
        (f"{ACTS}    return claims['sub']", "three things"),
    ],
}
