"""Plausible wrong answers to the exercises of lesson 20."""

from __future__ import annotations

POST = (
    'http.post("https://as.example/token", data={"grant_type": "client_credentials", "scope": %r}, '
    'auth=("report-service", secret))'
)

WRONG: dict[str, list[tuple[str, str]]] = {
    "20.1": [
        (f"answer = {POST % 'notes:write'}", "This is the response"),
        (f"answer = {POST % 'notes:write'}.json()", "whole answer"),
        (f"answer = {POST % 'everything'}.json()", "The server refused"),
        (f'answer = {POST % "notes:read"}.json()["access_token"]', "ask for the scope notes:write"),
        (f'answer = {POST % "notes:read notes:write"}.json()["access_token"]', "nothing else"),
        ('answer = lab.token(alg="RS256", scope="notes:write")', "would refuse it"),
        ("answer = 'abc'", "no token"),
        ("answer = 42", "A token is a text"),
    ],
    "20.2": [
        (
            (
                "def answer(status, challenge):\n"
                '    if status < 400: return "go on"\n'
                '    if status == 401: return "get a new token" if "invalid_token" in challenge else '
                '"send a token"\n'
                '    return "ask for more rights" if "insufficient_scope" in challenge else "give up"'
            ),
            "A redirect is no success",
        ),
        ("def answer(status, challenge):\n    return 'go on' if status == 200 else 'get a new token'", "201"),
        (
            "def answer(status, challenge):\n"
            "    return {200: 'go on', 201: 'go on', 401: 'get a new token'}.get(status, 'give up')",
            "no token had come along",
        ),
        (
            "def answer(status, challenge):\n"
            "    if status < 300: return 'go on'\n"
            "    if status == 403: return 'ask for more rights'\n"
            "    if 'invalid_token' in challenge: return 'get a new token'\n"
            "    return 'send a token' if status == 401 else 'give up'",
            "about the person",
        ),
        ("answer = 'go on'", "wants a function"),
    ],
    "20.3": [
        ("def answer(store, now, fetch):\n    return fetch()", "whole answer"),
        ("def answer(store, now, fetch):\n    return fetch()['access_token']", "do not fetch again"),
        (
            "def answer(store, now, fetch):\n"
            "    if 'token' not in store: store['token'] = fetch()['access_token']\n"
            "    return store['token']",
            "too late to begin",
        ),
        (
            "def answer(store, now, fetch):\n"
            "    if now > store.get('until', 0) - 30:\n"
            "        store['token'], store['until'] = fetch()['access_token'], now + 900\n"
            "    return store['token']",
            "do not assume 900",
        ),
        (
            "def answer(store, now, fetch):\n"
            "    if now > store.get('until', 0):\n"
            "        got = fetch()\n"
            "        store['token'], store['until'] = got['access_token'], now + got['expires_in']\n"
            "    return store['token']",
            "too late to begin",
        ),
    ],
}
