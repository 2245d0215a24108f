"""Plausible wrong answers to the exercises of lesson 22."""

from __future__ import annotations

ALL = (
    "{'https://api.example/notes': 'access', 'https://as.example/token': 'refresh', "
    "'https://as.example/userinfo': 'access', 'https://as.example/jwks': 'none'}"
)
HEAD = "def answer(store, revoked, token, client):\n"
MINE = f"{HEAD}    r = store.get(token)\n    if r is None or r['client'] != client"
FOUND = f"{MINE} or r['family'] in revoked: return 'refused'\n"
REUSE = "    if r['used']:\n        revoked.add(r['family'])\n        return 'reuse'\n"
MARK = "    r['used'] = True\n    return 'new tokens'"
TAB = "def answer(shared, refused, fetch):\n"
IF = f"{TAB}    if shared['access_token'] == refused:\n"
GIVE = "    return shared['access_token']"

WRONG: dict[str, list[tuple[str, str]]] = {
    "22.1": [
        (f"answer = {{**{ALL}, 'https://as.example/userinfo': 'refresh'}}", "userinfo"),
        (f"answer = {{**{ALL}, 'https://as.example/userinfo': 'none'}}", "token-needed"),
        (f"answer = {{**{ALL}, 'https://as.example/token': 'access'}}", "token-endpoint"),
        (f"answer = {{**{ALL}, 'https://as.example/jwks': 'access'}}", "public-keys"),
        (f"answer = {{**{ALL}, 'https://api.example/notes': 'refresh'}}", "api-refresh"),
        (f"answer = {{**{ALL}, 'https://as.example/jwks': 'all'}}", "no-such-word"),
        ("answer = {'https://api.example/notes': 'access'}", "missing"),
        ("answer = 'access'", "not-a-dict"),
    ],
    "22.2": [
        (f"{HEAD}    return 'new tokens'", "not-marked"),
        (f"{HEAD}    return 'refused'", "good"),
        (f"{HEAD}    for r in store.values(): r['used'] = True\n    return 'new tokens'", "marked"),
        (f"{HEAD}    del store[token]\n    return 'new tokens'", "store-changed"),
        (f"{FOUND}{MARK}", "used"),
        (f"{MINE}: return 'refused'\n{REUSE}{MARK}", "revoked"),
        (f"{FOUND}    if r['used']: return 'reuse'\n{MARK}", "not-revoked"),
        (
            f"{FOUND}    if r['used']:\n        revoked.update(each['family'] for each in store.values())\n"
            f"        return 'reuse'\n{MARK}",
            "revoked-others",
        ),
        (
            f"{HEAD}    r = store[token]\n    if r['client'] != client or r['family'] in revoked: return 'refused'\n"
            f"{REUSE}{MARK}",
            "raised",
        ),
        (
            f"{HEAD}    r = store.get(token, {{'client': client, 'family': 'f9', 'used': False}})\n"
            f"    if r['client'] != client or r['family'] in revoked: return 'refused'\n{REUSE}{MARK}",
            "unknown",
        ),
        (
            f"{HEAD}    r = store.get(token)\n    if r is None or r['family'] in revoked: return 'refused'\n"
            f"{REUSE}{MARK}",
            "another-client",
        ),
        (
            f"{HEAD}    r = store.get(token)\n    if r is None or r['family'] in revoked: return 'refused'\n"
            f"{REUSE}    if r['client'] != client: return 'refused'\n{MARK}",
            "anothers-used",
        ),
        (
            f"{HEAD}    r = store.get(token.strip())\n"
            f"    if r is None or r['client'] != client or r['family'] in revoked: return 'refused'\n{REUSE}{MARK}",
            "token-loosely",
        ),
        (
            f"{HEAD}    r = store.get(token)\n"
            "    if r is None or not client.startswith(r['client']): return 'refused'\n"
            f"    if r['family'] in revoked: return 'refused'\n{REUSE}{MARK}",
            "client-loosely",
        ),
    ],
    "22.3": [
        (f"{TAB}{GIVE}", "refresh"),
        (f"{TAB}    return fetch(shared['refresh_token'])", "pair"),
        (f"{TAB}    return fetch(shared['refresh_token'])['access_token']", "not-stored"),
        (f"{TAB}    shared.update(fetch(shared['refresh_token']))\n{GIVE}", "done-already"),
        (f"{IF}        shared.update(fetch(refused))\n{GIVE}", "sent"),
        (f"{IF}        shared.update(fetch('Rt-1'))\n{GIVE}", "sent"),
        (f"{IF}        shared.update(fetch(shared))\n{GIVE}", "sent"),
        (
            f"{IF}        fetch(shared['refresh_token'])\n"
            f"        shared.update(fetch(shared['refresh_token']))\n{GIVE}",
            "twice",
        ),
        (f"{IF}        shared.update(fetch(shared['refresh_token']))\n    return refused", "old-token"),
        (
            f"{IF}        shared['access_token'] = fetch(shared['refresh_token'])['access_token']\n{GIVE}",
            "not-stored",
        ),
        (
            f"last = []\n{TAB}    if last != [refused]:\n        last[:] = [refused]\n"
            f"        shared.update(fetch(shared['refresh_token']))\n{GIVE}",
            "refresh",
        ),
        (
            f"{TAB}    if shared['access_token'].lower() == refused.lower():\n"
            f"        shared.update(fetch(shared['refresh_token']))\n{GIVE}",
            "refused-loosely",
        ),
        (
            f"{TAB}    if shared['access_token'] == refused and not refused.startswith('new-'):\n"
            f"        shared.update(fetch(shared['refresh_token']))\n{GIVE}",
            "in-a-row",
        ),
        (
            f"{TAB}    if shared['access_token'] not in ('At-2', 'x') or refused == 'x':\n"
            f"        shared.update(fetch(shared['refresh_token']))\n{GIVE}",
            "slept",
        ),
    ],
}
