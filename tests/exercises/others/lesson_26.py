"""Right answers to the exercises of lesson 26 that are not our own."""

from __future__ import annotations

_CHECK = "def answer(claims, issuer, client_id, nonce, now):\n"
_KEY = "def answer(claims):\n    return "

OTHERS: dict[str, list[str]] = {
    "26.1": [
        "def answer(tokens):\n    claims = jwtlab.decode(tokens.get('id_token')).claims\n"
        "    return claims.get('auth_time')",
        "import jwt\ndef answer(tokens):\n"
        "    return jwt.decode(tokens['id_token'], options={'verify_signature': False})['auth_time']",
        "import json\ndef answer(tokens):\n    _, payload, _ = tokens['id_token'].split('.')\n"
        "    return float(json.loads(jwtlab.base64url.decode(payload))['auth_time'])",
    ],
    "26.2": [
        f"{_CHECK}    aud = claims.get('aud') or []\n    aud = aud if isinstance(aud, list) else [aud]\n"
        "    if len(aud) > 1 and 'azp' not in claims:\n        return False\n"
        "    return (claims.get('iss') == issuer and client_id in aud and claims.get('azp', client_id) == client_id\n"
        "            and claims.get('exp') is not None and now < claims['exp'] and claims.get('nonce') == nonce)",
        f"{_CHECK}    try:\n        aud = claims['aud']\n        names = {{aud}} if isinstance(aud, str) else set(aud)\n"
        "        if names == {client_id}:\n            azp = claims.get('azp', client_id)\n"
        "        else:\n            azp = claims['azp']\n"
        "        return all([claims['iss'] == issuer, client_id in names, azp == client_id,\n"
        "                    claims['exp'] > now, claims['nonce'] == nonce])\n"
        "    except KeyError:\n        return False",
        f"{_CHECK}    if (claims.get('iss'), claims.get('nonce')) != (issuer, nonce):\n        return False\n"
        "    if 'exp' not in claims or claims['exp'] <= now:\n        return False\n"
        "    match claims.get('aud'):\n"
        "        case str(one) | [one]:\n"
        "            return one == client_id and claims.get('azp') in (None, client_id)\n"
        "        case list(several):\n"
        "            return client_id in several and claims.get('azp') == client_id\n"
        "    return False",
    ],
    "26.3": [
        f"{_KEY}claims['sub'], claims['iss']",
        f"import json\n{_KEY}json.dumps([claims['iss'], claims['sub']])",
        f"{_KEY}claims['iss'] + ' ' + claims['sub']",
        f"{_KEY}f\"{{claims['iss']}}#{{claims['sub']}}\"",
        f"import hashlib\n{_KEY}hashlib.sha256(repr((claims['iss'], claims['sub'])).encode()).hexdigest()",
        f"from collections import namedtuple\nPerson = namedtuple('Person', 'iss sub')\n{_KEY}"
        "Person(claims['iss'], claims['sub'])",
    ],
    "26.4": [
        "answer = {'a': 'pkce', 'b': 'State', 'c': 'NONCE'}",
        "answer = dict(zip('abc', ('PKCE', 'state', 'nonce')))",
        "answer = dict(c=' nonce', b='state ', a='PKCE')",
    ],
}
