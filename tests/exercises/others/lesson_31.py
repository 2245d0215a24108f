"""Right answers to the exercises of lesson 31 that are not our own."""

from __future__ import annotations

_POLL = "def answer(reply, interval):\n"

OTHERS: dict[str, list[str]] = {
    "31.1": [
        'reply = http.post(f"{AS}/token", auth=as_api, data=dict(\n'
        '    grant_type="urn:ietf:params:oauth:grant-type:token-exchange", subject_token=received,\n'
        '    subject_token_type="urn:ietf:params:oauth:token-type:access_token", audience=ARCHIVE, scope="notes:read"))\n'
        'answer = reply.json()["access_token"]',
        'fields = {"grant_type": protocol.TOKEN_EXCHANGE, "subject_token": received, "resource": ARCHIVE,\n'
        '          "subject_token_type": protocol.ACCESS_TOKEN_TYPE, "scope": "notes:read"}\n'
        'answer = http.post(f"{AS}/token", data=fields, auth=as_api).json().get("access_token")',
        "import json\n"
        'fields = {"grant_type": protocol.TOKEN_EXCHANGE, "subject_token": received, "scope": " notes:read ".strip(),\n'
        '          "subject_token_type": protocol.ACCESS_TOKEN_TYPE, "audience": ARCHIVE,\n'
        '          "requested_token_type": protocol.ACCESS_TOKEN_TYPE}\n'
        'answer = json.loads(http.post(f"{AS}/token", data=fields, auth=as_api).text)["access_token"]',
    ],
    "31.2": [
        f"{_POLL}    return {{None: 'done', 'authorization_pending': interval, 'slow_down': interval + 5}}"
        ".get(reply.get('error'), 'stop')",
        f"{_POLL}    if 'access_token' in reply:\n        return 'done'\n"
        "    if reply['error'] not in ('slow_down', 'authorization_pending'):\n        return 'stop'\n"
        "    return float(interval + 5 * (reply['error'] == 'slow_down'))",
        f"{_POLL}    match reply:\n        case {{'error': 'authorization_pending'}}:\n            return interval\n"
        "        case {'error': 'slow_down'}:\n            return 5 + interval\n        case {'error': _}:\n"
        "            return 'stop'\n    return 'done'",
    ],
}  # fmt: skip
