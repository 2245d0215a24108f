"""Right answers to the exercises of lesson 40 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "40.1": [
        "names = 'newsroom bank bicycles film-box operator invoices release orders'.split()\n"
        "rows = 'web-app page-with-backend phone-app device desktop-program service-with-key workload on-behalf'.split()\n"
        "answer = dict(zip(names, rows))",
        "answer = {}\nanswer['orders'], answer['release'] = 'on-behalf', 'workload'\n"
        "answer['invoices'], answer['operator'] = 'service-with-key', 'desktop-program'\n"
        "answer['film-box'], answer['bicycles'] = 'device', 'phone-app'\n"
        "answer['bank'], answer['newsroom'] = 'page-with-backend', 'web-app'",
        "from jwtlab.exercises.products import PRODUCTS\nanswer = {p.id: p.advice.row.id for p in PRODUCTS.values()}",
    ],
    "40.2": [
        "answer = dict(bank=['confidential', 'server'], bicycles=['public', 'key-store'])\n"
        "answer['film-box'] = ['public', 'device']\nanswer['invoices'] = ['confidential', 'memory']",
        "kinds = ['confidential', 'public', 'public', 'confidential']\n"
        "places = ['server', 'key-store', 'device', 'memory']\n"
        "answer = dict(zip(('bank', 'bicycles', 'film-box', 'invoices'), zip(kinds, places)))",
        "from jwtlab.exercises.products import PRODUCTS\n"
        "rows = {name: PRODUCTS[name].advice.row for name in ('bank', 'bicycles', 'film-box', 'invoices')}\n"
        "answer = {name: (row.client_type, row.place) for name, row in rows.items()}",
    ],
    "40.3": [
        "def answer(app):\n    match app:\n        case {'person': True, 'opens_browser': True}:\n"
        "            grant = 'authorization_code'\n        case {'person': True}:\n"
        "            grant = 'urn:ietf:params:oauth:grant-type:device_code'\n"
        "        case {'keeps_secret': True}:\n            grant = 'client_credentials'\n        case _:\n"
        "            grant = None\n    return [grant, ('public', 'confidential')[app['keeps_secret']]]",
        "def answer(app):\n    if not app['keeps_secret']:\n        if not app['person']:\n            return None, 'public'\n"
        "        return ('authorization_code' if app['opens_browser'] else "
        "'urn:ietf:params:oauth:grant-type:device_code'), 'public'\n"
        "    if not app['person']:\n        return 'client_credentials', 'confidential'\n"
        "    if app['opens_browser']:\n        return 'authorization_code', 'confidential'\n"
        "    return 'urn:ietf:params:oauth:grant-type:device_code', 'confidential'",
        "TABLE = {(True, True): 'authorization_code', (True, False): 'urn:ietf:params:oauth:grant-type:device_code'}\n"
        "def answer(app):\n    client = {True: 'confidential', False: 'public'}[app['keeps_secret']]\n"
        "    alone = 'client_credentials' if client == 'confidential' else None\n"
        "    return TABLE.get((app['person'], app['opens_browser']), alone), client",
    ],
    "40.4": [
        "def answer(request):\n    words = set((request.get('response_type') or '').split(' '))\n"
        "    names = {'implicit': 'token' in words, 'password': request.get('grant_type') == 'password'}\n"
        "    challenge, method = request.get('code_challenge', ''), request.get('code_challenge_method', 'plain')\n"
        "    names['no-pkce'] = 'code' in words and challenge == ''\n"
        "    names['plain-pkce'] = 'code' in words and challenge != '' and method != 'S256'\n"
        "    return [name for name, found in names.items() if found]",
        "import re\ndef answer(request):\n    found = []\n    kind = request.get('response_type', '')\n"
        "    if re.search(r'(^| )token( |$)', kind):\n        found.append('implicit')\n"
        "    if request.get('grant_type') in ('password',):\n        found.append('password')\n"
        "    if re.search(r'(^| )code( |$)', kind):\n        if not request.get('code_challenge'):\n"
        "            found.append('no-pkce')\n        elif not request.get('code_challenge_method', '') == 'S256':\n"
        "            found.append('plain-pkce')\n    return frozenset(found)",
        "def answer(request):\n    words = request.get('response_type', '').split()\n    wrong = set()\n"
        "    wrong |= {'implicit'} & {'implicit' for word in words if word == 'token'}\n"
        "    if {**request}.get('grant_type') == 'password':\n        wrong |= {'password'}\n"
        "    if 'code' in words:\n        match request:\n"
        "            case {'code_challenge': str(c), 'code_challenge_method': 'S256'} if c:\n                pass\n"
        "            case {'code_challenge': str(c)} if c:\n                wrong |= {'plain-pkce'}\n"
        "            case _:\n                wrong |= {'no-pkce'}\n    return wrong",
    ],
}
