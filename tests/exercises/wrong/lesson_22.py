"""Plausible wrong answers to the exercises of lesson 22."""

from __future__ import annotations

ALL = (
    "{'https://api.example/notes': 'access', 'https://as.example/token': 'refresh', "
    "'https://as.example/userinfo': 'access', 'https://as.example/jwks': 'none'}"
)
HEAD = "def answer(store, revoked, token, client):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "22.1": [
        (f"answer = {{**{ALL}, 'https://as.example/userinfo': 'refresh'}}", "an API like another"),
        (f"answer = {{**{ALL}, 'https://as.example/token': 'access'}}", "only place"),
        (f"answer = {{**{ALL}, 'https://as.example/jwks': 'access'}}", "for everybody"),
        ("answer = {'https://api.example/notes': 'access'}", "still missing"),
        ("answer = 'access'", "a dict"),
    ],
    "22.2": [
        (f"{HEAD}    return 'new tokens'", "the store should be"),
        (
            f"{HEAD}    r = store.get(token)\n    if r is None: return 'refused'\n"
            "    if r['used']:\n        revoked.add(r['family'])\n        return 'reuse'\n"
            "    r['used'] = True\n    return 'new tokens'",
            "has been revoked",
        ),
        (
            f"{HEAD}    r = store.get(token)\n    if r is None or r['family'] in revoked: return 'refused'\n"
            "    if r['used']:\n        revoked.add(r['family'])\n        return 'reuse'\n"
            "    if r['client'] != client: return 'refused'\n    r['used'] = True\n    return 'new tokens'",
            "a stranger must not log others out",
        ),
        (
            f"{HEAD}    r = store.get(token)\n"
            "    if r is None or r['family'] in revoked or r['client'] != client: return 'refused'\n"
            "    if r['used']: return 'reuse'\n    r['used'] = True\n    return 'new tokens'",
            "revoked families should be",
        ),
    ],
    "22.3": [
        (
            (
                "last = []\n"
                "def answer(shared, refused, fetch):\n"
                "    if last != [refused]:\n"
                "        last[:] = [refused]\n"
                '        shared.update(fetch(shared["refresh_token"]))\n'
                '    return shared["access_token"]'
            ),
            "slept for long",
        ),
        ("def answer(shared, refused, fetch):\n    return shared['access_token']", "somebody has to refresh"),
        (
            "def answer(shared, refused, fetch):\n    return fetch(shared['refresh_token'])",
            "returns the pair",
        ),
        (
            "def answer(shared, refused, fetch):\n    return fetch(shared['refresh_token'])['access_token']",
            "Write both",
        ),
        (
            "def answer(shared, refused, fetch):\n"
            "    shared.update(fetch(shared['refresh_token']))\n"
            "    return shared['access_token']",
            "a1 is there already",
        ),
        (
            "def answer(shared, refused, fetch):\n"
            "    if shared['access_token'] == 'a0': shared.update(fetch(shared['refresh_token']))\n"
            "    return shared['access_token']",
            "next refresh",
        ),
    ],
}
