"""Right answers to the exercises of lesson 20 that are not our own."""

from __future__ import annotations

_FORM = '{"grant_type": "client_credentials", "scope": "notes:write"}'
_URL = '"https://as.example/token"'

OTHERS: dict[str, list[str]] = {
    "20.1": [
        f'answer = http.post({_URL}, data={_FORM}, auth=("report-service", secret)).json().get("access_token")',
        "import base64\n"
        'basic = base64.b64encode(b"report-service:" + secret.encode()).decode()\n'
        f'answer = http.post({_URL}, data={_FORM}, headers={{"Authorization": "Basic " + basic}}).json()'
        '["access_token"]',
        "import json\n"
        f'response = http.request("POST", {_URL}, data={_FORM}, auth=("report-service", secret))\n'
        'answer = json.loads(response.text)["access_token"] + "\\n"',
    ],
    "20.2": [
        "def answer(status, challenge):\n"
        "    if status // 100 == 2:\n        return 'go on'\n"
        "    if status == 401 and 'error=' not in challenge:\n        return 'send a token'\n"
        "    if status == 401 and 'error=\"invalid_token\"' in challenge:\n        return 'get a new token'\n"
        "    if status == 403 and 'error=\"insufficient_scope\"' in challenge:\n        return 'ask for more rights'\n"
        "    return 'give up'",
        "from urllib.request import parse_http_list, parse_keqv_list\n"
        "def answer(status, challenge):\n"
        "    error = parse_keqv_list(parse_http_list(challenge.partition(' ')[2])).get('error')\n"
        "    if status in range(200, 300):\n        return 'go on'\n"
        "    table = {(401, None): 'send a token', (401, 'invalid_token'): 'get a new token',\n"
        "             (403, 'insufficient_scope'): 'ask for more rights'}\n"
        "    return table.get((status, error), 'give up')",
        "import re\n"
        "def answer(status, challenge):\n"
        '    parts = dict(re.findall(r\'(\\w+)="([^"]*)"\', challenge))\n'
        "    match status, parts.get('error'):\n"
        "        case s, _ if 199 < s < 300:\n            return 'go on'\n"
        "        case 401, None:\n            return 'send a token'\n"
        "        case 401, 'invalid_token':\n            return 'get a new token'\n"
        "        case 403, 'insufficient_scope':\n            return 'ask for more rights'\n"
        "    return 'give up'",
    ],
    "20.3": [
        "def answer(store, now, fetch):\n"
        "    if not store or store['good_until'] - now < 30:\n"
        "        store.update(fetch())\n        store['good_until'] = now + store['expires_in']\n"
        "    return store['access_token']",
        "def answer(store, now, fetch):\n"
        "    token, end = store.get('kept', ('', 0))\n"
        "    if end < now + 30:\n        got = fetch()\n        token, end = got['access_token'], now + got['expires_in']\n"
        "        store['kept'] = token, end\n    return token",
        "def answer(store, now, fetch):\n"
        "    for token, end in store.items():\n        if now <= end - 30:\n            return token\n"
        "    store.clear()\n    got = fetch()\n    store[got['access_token']] = now + got['expires_in']\n"
        "    return got['access_token']",
    ],
}
