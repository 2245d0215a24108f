"""Plausible wrong answers to the exercises of lesson 20."""

from __future__ import annotations

POST = (
    'http.post("https://as.example/token", data={"grant_type": "client_credentials", "scope": %r}, '
    'auth=("report-service", secret))'
)
OWN = "lab.token(%r, alg='RS256', aud='https://api.example', scope='notes:write', header={'typ': 'at+jwt'}%s)"
REFUSAL = "def answer(status, challenge):\n    if 200 <= status < 300: return 'go on'\n"
KEEP = "def answer(store, now, fetch):\n"
FETCH = "        got = fetch()\n        store['token'], store['until'] = got['access_token'], now + got['expires_in']\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "20.1": [
        (f"answer = {POST % 'notes:write'}", "response"),
        (f"answer = {POST % 'notes:write'}.json()", "whole-answer"),
        (f"answer = {POST % 'everything'}.json()", "server-refused"),
        (f'answer = {POST % "notes:read"}.json()["access_token"]', "other-scope"),
        (f'answer = {POST % "notes:read notes:write"}.json()["access_token"]', "too-much"),
        (f'answer = {POST % "notes:write"}.json()["access_token"].encode()', "bytes"),
        (f'answer = "Bearer " + {POST % "notes:write"}.json()["access_token"]', "bearer"),
        ('answer = lab.token(alg="RS256", scope="notes:write")', "refused"),
        (f"answer = {OWN % ('alice', '')}", "somebody-else"),
        ("answer = 'abc'", "no-token"),
        ("answer = 42", "not-text"),
    ],
    "20.2": [
        ("answer = 'go on'", "no-function"),
        (
            "def answer(status, challenge):\n"
            '    if status < 400: return "go on"\n'
            '    if status == 401 and "error=" not in challenge: return "send a token"\n'
            "    if status == 401 and 'error=\"invalid_token\"' in challenge: return 'get a new token'\n"
            "    if status == 403 and 'error=\"insufficient_scope\"' in challenge: return 'ask for more rights'\n"
            '    return "give up"',
            "redirect",
        ),
        (
            "def answer(status, challenge):\n    return 'go on' if status == 200 else 'get a new token'",
            "success",
        ),
        (
            "def answer(status, challenge):\n"
            "    return {200: 'go on', 201: 'go on', 204: 'go on', 299: 'go on', 401: 'get a new token'}"
            ".get(status, 'give up')",
            "no-token",
        ),
        (f"{REFUSAL}    return 'send a token' if status == 401 else 'give up'", "new-token"),
        (
            f"{REFUSAL}    if status == 401: return 'get a new token' if 'error=' in challenge else 'send a token'\n"
            "    return 'give up'",
            "more-rights",
        ),
        (
            f"{REFUSAL}    if status == 403: return 'ask for more rights'\n"
            "    if 'invalid_token' in challenge and 'error' in challenge: return 'get a new token'\n"
            "    return 'send a token' if status == 401 else 'give up'",
            "forbidden",
        ),
        (
            f"{REFUSAL}    if status == 403: return 'ask for more rights' if 'error' in challenge else 'give up'\n"
            "    if 'error=\"invalid_token\"' in challenge: return 'get a new token'\n"
            "    return 'send a token' if status == 401 else 'give up'",
            "forbidden-otherwise",
        ),
        (
            f"{REFUSAL}    if status == 401:\n"
            "        return 'get a new token' if 'error=\"invalid_token' in challenge else 'send a token'\n"
            "    if status == 403 and 'insufficient_scope' in challenge: return 'ask for more rights'\n"
            "    return 'give up'",
            "unknown-401",
        ),
        (
            f"{REFUSAL}    if status == 401 and 'error' not in challenge: return 'send a token'\n"
            "    if status == 401 and 'invalid_token' in challenge: return 'get a new token'\n"
            "    if status == 403 and 'insufficient_scope' in challenge: return 'ask for more rights'\n"
            "    return 'give up'",
            "in-description",
        ),
        (
            f"{REFUSAL}    if 'error=\"invalid_token\"' in challenge and status < 403: return 'get a new token'\n"
            "    if 'error=\"insufficient_scope\"' in challenge and status == 403: return 'ask for more rights'\n"
            "    return 'send a token' if status == 401 and 'error' not in challenge else 'give up'",
            "bad-request",
        ),
        (
            f"{REFUSAL}    if 'error=\"invalid_token\"' in challenge and status == 401: return 'get a new token'\n"
            "    if 'error=\"insufficient_scope\"' in challenge: \n"
            "        return 'ask for more rights' if status > 402 else 'give up'\n"
            "    return 'send a token' if status == 401 and 'error' not in challenge else 'give up'",
            "other-status",
        ),
        (
            f"{REFUSAL}    challenge = challenge.lower()\n"
            "    if 'error=\"invalid_token\"' in challenge and status == 401: return 'get a new token'\n"
            "    if 'error=\"insufficient_scope\"' in challenge and status == 403: return 'ask for more rights'\n"
            "    return 'send a token' if status == 401 and 'error' not in challenge else 'give up'",
            "error-loosely",
        ),
    ],
    "20.3": [
        (f"{KEEP}    return fetch()", "whole-answer"),
        (f"{KEEP}    return 'red'", "first"),
        (f"{KEEP}    return fetch()['access_token']", "again"),
        (f"{KEEP}    fetch()\n    return fetch()['access_token']", "twice"),
        (
            f"{KEEP}    if 'token' not in store: store['token'] = fetch()['access_token']\n    return store['token']",
            "too-late",
        ),
        (
            f"{KEEP}    if now > store.get('until', 0) - 30:\n"
            "        store['token'], store['until'] = fetch()['access_token'], now + 900\n"
            "    return store['token']",
            "lifetime",
        ),
        (
            f"{KEEP}    if now > store.get('until', 0):\n{FETCH}    return store['token']",
            "too-late",
        ),
        (
            f"{KEEP}    if now >= store.get('until', 0) - 30:\n{FETCH}    return store['token']",
            "exactly-30",
        ),
        (
            f"{KEEP}    if now > store.get('until', 0) - 30:\n        fetch()\n{FETCH}    return store['token']",
            "twice",
        ),
        (
            f"mine = {{}}\n{KEEP}    store = mine\n"
            f"    if now > store.get('until', 0) - 30:\n{FETCH}    return store['token']",
            "other-store",
        ),
    ],
}
