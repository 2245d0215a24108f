"""Right answers to the exercises of lesson 40 that are not our own."""

from __future__ import annotations

_WAY = "def answer(facts):\n"

OTHERS: dict[str, list[str]] = {
    "40.1": [
        "code = 'authorization_code'\nanswer = dict.fromkeys(['library', 'music', 'sketch', 'grocer', 'deploy'], code)\n"
        "answer.update(film='device_code', ledger='client_credentials', parcels='token_exchange')",
        "answer = {name: 'authorization_code' for name in PRODUCTS}\n"
        "answer |= {'film': 'device_code', 'ledger': 'client_credentials', 'parcels': 'token_exchange', 'more': 1}",
        "from types import MappingProxyType\nanswer = MappingProxyType({'library': 'authorization_code', "
        "'music': 'authorization_code', 'film': 'device_code', 'ledger': 'client_credentials', "
        "'sketch': 'authorization_code', 'grocer': 'authorization_code', 'deploy': 'authorization_code', "
        "'parcels': 'token_exchange'})",
    ],
    "40.2": [
        "server, device, none = ('confidential', 'server'), ('public', 'device'), ('confidential', 'nowhere')\n"
        "answer = dict(library=server, grocer=server, music=device, film=device, deploy=device, ledger=none, parcels=none,\n"
        "              sketch=('public', 'memory'))",
        "answer = {'library': ['confidential', 'server'], 'music': ['public', 'device'], 'film': ['public', 'device'],\n"
        "          'ledger': ['confidential', 'nowhere'], 'sketch': ['public', 'memory'],\n"
        "          'grocer': ['confidential', 'server'], 'deploy': ['public', 'device'],\n"
        "          'parcels': ['confidential', 'nowhere']}",
        "answer = dict(zip(PRODUCTS, [('confidential', 'server'), ('public', 'device'), ('public', 'device'),\n"
        "    ('confidential', 'nowhere'), ('public', 'memory'), ('confidential', 'server'), ('public', 'device'),\n"
        "    ('confidential', 'nowhere')]))",
    ],
    "40.3": [
        f"{_WAY}    ours = facts['runs'] == 'server'\n    kind = ['public', 'confidential'][ours]\n"
        "    if facts['person']:\n        return ['device_code', 'authorization_code'][facts['browser']], kind\n"
        "    return (['client_credentials', 'token_exchange'][facts['behalf']], kind) if ours else None",
        f"{_WAY}    match facts:\n        case {{'person': True, 'browser': browser, 'runs': runs}}:\n"
        "            grant = 'authorization_code' if browser else 'device_code'\n"
        "            return [grant, 'confidential' if runs == 'server' else 'public']\n"
        "        case {'runs': 'server', 'behalf': True}:\n            return 'token_exchange', 'confidential'\n"
        "        case {'runs': 'server'}:\n            return 'client_credentials', 'confidential'\n    return None",
        f"{_WAY}    if not facts['person'] and facts['runs'] != 'server':\n        return None\n"
        "    grants = {(1, 1): 'authorization_code', (1, 0): 'device_code'}\n"
        "    grant = grants.get((facts['person'], facts['browser'])) or ("
        "'token_exchange' if facts['behalf'] else 'client_credentials')\n"
        "    return grant, ('confidential' if facts['runs'] in ('server',) else 'public')",
    ],
}  # fmt: skip
