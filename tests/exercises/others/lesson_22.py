"""Right answers to the exercises of lesson 22 that are not our own."""

from __future__ import annotations

_PLACES = (
    "answer = {{'https://api.example/notes': {0!r}, 'https://as.example/token': {1!r}, "
    "'https://as.example/userinfo': {0!r}, 'https://as.example/jwks': {2!r}}}"
)
_SERVER = "def answer(store, revoked, token, client):\n"
_TAB = "def answer(shared, refused, fetch):\n"

OTHERS: dict[str, list[str]] = {
    "22.1": [
        _PLACES.format("access ", "refresh", "none"),
        _PLACES.format("Access", "Refresh", "None"),
        "import types\n"
        + _PLACES.format("access", "refresh", "none")
        + "\nanswer = types.MappingProxyType(answer)",
    ],
    "22.2": [
        f"{_SERVER}    if token not in store:\n        return 'refused'\n    r = store[token]\n"
        "    if r['client'] != client:\n        return 'refused'\n"
        "    if r['family'] in revoked:\n        return 'refused'\n"
        "    if not r['used']:\n        store[token]['used'] = True\n        return 'new tokens'\n"
        "    revoked |= {r['family']}\n    return 'reuse'",
        f"{_SERVER}    match store.get(token):\n"
        "        case {'client': c, 'family': f, 'used': used} if c == client and f not in revoked:\n"
        "            if used:\n                revoked.update([f])\n                return 'reuse'\n"
        "            store[token] = {**store[token], 'used': True}\n            return 'new tokens'\n"
        "    return 'refused'",
        f"{_SERVER}    try:\n        r = store[token]\n        assert r['client'] == client\n"
        "        assert r['family'] not in revoked\n"
        "    except (KeyError, AssertionError):\n        return 'refused'\n"
        "    before, r['used'] = r['used'], True\n    if before:\n        revoked.add(r['family'])\n"
        "    return 'reuse' if before else 'new tokens'",
    ],
    "22.3": [
        f"{_TAB}    if refused != shared['access_token']:\n        return shared['access_token']\n"
        "    pair = fetch(shared['refresh_token'])\n"
        "    shared['access_token'] = pair['access_token']\n    shared['refresh_token'] = pair['refresh_token']\n"
        "    return pair['access_token']",
        "import threading\nlock = threading.Lock()\n"
        f"{_TAB}    with lock:\n        if shared['access_token'] == refused:\n"
        "            shared |= fetch(shared['refresh_token'])\n        return shared['access_token']",
        f"{_TAB}    while shared.get('access_token') == refused:\n"
        "        new = fetch(shared.pop('refresh_token'))\n        shared.update(**new)\n"
        "    return shared['access_token']",
    ],
}
