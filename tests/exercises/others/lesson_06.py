"""Right answers to the exercises of lesson 06 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "06.1": [
        "import json\n"
        "body = client.post('/login', json={'username': 'bob', 'password': lab.users['bob'].password})\n"
        "answer = json.loads(body.text)['access_token']",
        "bob = lab.users['bob']\n"
        "reply = client.request('POST', '/login', json=dict(username='bob', password=bob.password))\n"
        "reply.raise_for_status()\n"
        "answer = reply.json().get('access_token')",
        "import json\n"
        "text = json.dumps({'password': lab.users['bob'].password, 'username': 'bob'})\n"
        "reply = client.post('/login', content=text, headers={'Content-Type': 'application/json'})\n"
        "answer = reply.json()['access_token'].strip()",
    ],
    "06.2": [
        "import re\n"
        "def answer(header):\n"
        "    found = re.fullmatch(r'bearer +([A-Za-z0-9._~+/-]+=*)', header or '', re.I)\n"
        "    return found[1] if found else None",
        "def answer(header):\n"
        "    parts = header.split(' ') if header else []\n"
        "    if len(parts) == 2 and parts[0].casefold() == 'bearer' and parts[1] != '':\n        return parts[1]\n"
        "    return None",
        "def answer(header):\n"
        "    if not header:\n        return None\n"
        "    if header[:7].upper() != 'BEARER ' or len(header) == 7 or ' ' in header[7:]:\n        return None\n"
        "    return header[7:]",
    ],
    "06.3": [
        "def answer(report, role):\n"
        "    if report.first_failure:\n        return 401\n"
        "    if role not in (report.claims.get('roles') or []):\n        return 403\n"
        "    return 200",
        "def answer(report, role):\n"
        "    roles = report.claims.get('roles', ()) if report.accepted else None\n"
        "    return 401 if roles is None else (403, 200)[roles.count(role) > 0]",
        "from http import HTTPStatus\n"
        "def answer(report, role):\n"
        "    match report.accepted:\n"
        "        case False:\n            return HTTPStatus.UNAUTHORIZED\n"
        "        case True:\n"
        "            held = set(report.claims.get('roles', []))\n"
        "            return HTTPStatus.OK if {role} <= held else HTTPStatus.FORBIDDEN",
    ],
}
