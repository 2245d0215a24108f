"""Right answers to the exercises of lesson 04 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "04.1": [
        "secret = {'d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'}\n"
        "answer = {name: value for name, value in jwk.items() if name not in secret}",
        "for name in ('d', 'p', 'q', 'dp', 'dq', 'qi'):\n    jwk.pop(name, None)\nanswer = jwk",
        "answer = {'kty': 'RSA', 'alg': jwk['alg'], 'kid': jwk['kid'], 'e': jwk['e'], 'n': jwk['n']}",
    ],
    "04.2": [
        "def answer(header, jwks):\n"
        "    wanted = header.get('kid')\n"
        "    if type(wanted) is not str:\n        return None\n"
        "    found = None\n"
        "    for jwk in jwks.get('keys', []):\n"
        "        if 'kid' in jwk and jwk['kid'] == wanted:\n"
        "            if found is not None:\n                return None\n"
        "            found = jwk\n"
        "    return found",
        "def answer(header, jwks):\n"
        "    try:\n"
        "        name = header['kid']\n"
        "        (one,) = (jwk for jwk in jwks['keys'] if isinstance(name, str) and jwk.get('kid') == name)\n"
        "        return one\n"
        "    except (KeyError, ValueError):\n        return None",
        "from collections import defaultdict\n"
        "def answer(header, jwks):\n"
        "    by_name = defaultdict(list)\n"
        "    for jwk in jwks['keys']:\n"
        "        if isinstance(jwk.get('kid'), str):\n            by_name[jwk['kid']].append(jwk)\n"
        "    kid = header.get('kid')\n"
        "    fitting = by_name[kid] if isinstance(kid, str) else []\n"
        "    return fitting[0] if len(fitting) == 1 else None",
    ],
    "04.5": [
        "def answer(environ):\n"
        "    try:\n"
        "        octets = jwtlab.base64url.decode(environ['JWT_SECRET'])\n"
        "        return jwtlab.Key.from_secret(octets, alg='HS512') if len(octets) > 63 else None\n"
        "    except (KeyError, jwtlab.JwtlabError):\n        return None",
        "import base64\n"
        "def answer(environ):\n"
        "    text = environ.get('JWT_SECRET', '')\n"
        "    octets = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))\n"
        "    if len(octets) * 8 < 512:\n        return None\n"
        "    return jwtlab.Key.from_secret(octets)",
        "def answer(environ):\n"
        "    if (text := environ.get('JWT_SECRET') or '') == '':\n        return None\n"
        "    octets = jwtlab.base64url.decode(text)\n"
        "    if len(octets) < 512 // 8:\n        return None\n"
        "    return jwtlab.Key.from_jwk({'kty': 'oct', 'k': jwtlab.base64url.encode(octets), 'alg': 'HS512'})",
    ],
}
