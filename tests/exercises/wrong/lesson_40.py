"""Plausible wrong answers to the exercises of lesson 40."""

from __future__ import annotations

_RULE = (
    "def answer(app):\n    client = 'confidential' if app['keeps_secret'] else 'public'\n"
    "    device = 'urn:ietf:params:oauth:grant-type:device_code'\n"
)
_REVIEW = "def answer(request):\n    found, type = set(), request.get('response_type', '')\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "40.1": [
        ("answer = ['web-app']", "not-a-dict"),
        ("answer = {'newspaper': 'web-app'}", "no-such-product"),
        ("answer = {'bank': 3}", "not-a-row"),
        ("answer = {'bank': 'authorization code'}", "no-such-row"),
        ("answer = {'bank': 'implicit'}", "retired"),
        ("answer = {'film-box': 'password'}", "retired"),
        ("answer = {'invoices': 'web-app'}", "who"),
        ("answer = {'orders': 'service-with-key'}", "who"),
        ("answer = {'bicycles': 'page-alone'}", "runs"),
        ("answer = {'operator': 'device'}", "runs"),
        ("answer = {'bank': 'page-alone'}", "backend"),
        ("answer = {'operator': 'remote-terminal'}", "browser"),
        ("answer = {'invoices': 'service-with-secret'}", "proof"),
        ("answer = {'release': 'service-with-secret'}", "proof"),
        ("answer = {'orders': 'connected-account'}", "owner"),
        ("answer = {'orders': 'on-behalf'}", "missing"),
    ],
    "40.2": [
        ("answer = 'public'", "not-a-dict"),
        ("answer = {'newsroom': ('confidential', 'server')}", "no-such-product"),
        ("answer = {'bank': 'confidential'}", "not-a-pair"),
        ("answer = {'bank': ('secret', 'server')}", "no-such-type"),
        ("answer = {'bank': ('confidential', 'localStorage')}", "no-such-place"),
        ("answer = {'bicycles': ('confidential', 'key-store')}", "keeps-no-secret"),
        ("answer = {'invoices': ('public', 'memory')}", "keeps-a-secret"),
        ("answer = {'bank': ('confidential', 'memory')}", "place"),
        ("answer = {'bicycles': ('public', 'file')}", "place"),
        ("answer = {'bank': ('confidential', 'server')}", "missing"),
    ],
    "40.3": [
        (f"{_RULE}    return 'authorization_code'", "no-pair"),
        (f"{_RULE}    return 'authorization_code', client", "device"),
        (
            f"{_RULE}    return ('authorization_code' if app['opens_browser'] else device), client",
            "for-itself",
        ),
        (
            f"{_RULE}    if app['opens_browser']:\n        return 'authorization_code', client\n"
            "    return (device if app['person'] else 'client_credentials'), client",
            "browser-alone",
        ),
        (
            f"{_RULE}    if app['person']:\n        return ('authorization_code' if app['opens_browser'] else device), client\n"
            "    return 'client_credentials', client",
            "nothing-to-show",
        ),
        ("def answer(app):\n    return 'authorization_code', 'confidential'", "public-code"),
    ],
    "40.4": [
        (f"{_REVIEW}    return 'token' in type", "not-a-set"),
        (f"{_REVIEW}    return found", "implicit"),
        (
            f"{_REVIEW}    if 'token' in type:\n        found.add('implicit')\n    return found",
            "id-token-is-no-access-token",
        ),
        (f"{_REVIEW}    if type == 'token':\n        found.add('implicit')\n    return found", "implicit"),
        (
            f"{_REVIEW}    if 'token' in type.split():\n        found.add('implicit')\n    return found",
            "password",
        ),
        (
            f"{_REVIEW}    if 'token' in type.split():\n        found.add('implicit')\n"
            "    if 'password' in request.values():\n        found.add('password')\n"
            "    if 'code' in type.split() and not request.get('code_challenge'):\n        found.add('no-pkce')\n"
            "    elif request.get('code_challenge_method') == 'plain':\n        found.add('plain-pkce')\n    return found",
            "plain-by-default",
        ),
        (
            f"{_REVIEW}    if 'token' in type.split():\n        return {{'implicit'}}\n"
            "    if request.get('grant_type') == 'password':\n        return {'password'}\n"
            "    if 'code' in type.split() and not request.get('code_challenge'):\n        return {'no-pkce'}\n"
            "    if 'code' in type.split() and request['code_challenge_method'] != 'S256':\n        return {'plain-pkce'}\n"
            "    return found",
            "raised",
        ),
    ],
}
