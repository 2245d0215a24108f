"""Right answers to the exercises of lesson 15 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "15.1": [
        "answer = {'api'} | {'photos'}",
        "answer = frozenset(['photos', 'api'])",
        "answer = {name for name in lesson_15.DOORS if name in ('api', 'photos')}",
    ],
    "15.2": [
        "def answer(iss, kid, tenants):\n"
        "    for issuer, kids in tenants.items():\n"
        "        if issuer == iss:\n            return kid in kids\n"
        "    return False",
        "def answer(iss, kid, tenants):\n"
        "    try:\n        return kid in tenants[iss]\n"
        "    except (KeyError, TypeError):\n        return False",
        "def answer(iss, kid, tenants):\n"
        "    pairs = [(issuer, name) for issuer, names in tenants.items() for name in names]\n"
        "    return (iss, kid) in pairs",
    ],
    "15.3": [
        "KINDS = ('at+jwt', 'application/at+jwt')\n"
        "def answer(header, claims):\n"
        "    try:\n        kind = header['typ'].lower()\n"
        "    except (KeyError, AttributeError):\n        return False\n"
        "    aud = claims.get('aud')\n"
        "    audiences = aud if type(aud) is list else [aud]\n"
        "    return kind in KINDS and 'https://api.example' in audiences",
        "import re\n"
        "def answer(header, claims):\n"
        "    typ = header.get('typ')\n"
        "    if not isinstance(typ, str) or not re.fullmatch(r'(application/)?at\\+jwt', typ, re.I | re.A):\n"
        "        return False\n"
        "    match claims.get('aud'):\n"
        "        case 'https://api.example':\n            return True\n"
        "        case list(several):\n            return any(one == 'https://api.example' for one in several)\n"
        "    return False",
        "def answer(header, claims):\n"
        "    kind = header.get('typ', '')\n"
        "    if not isinstance(kind, str):\n        return False\n"
        "    kind = kind.casefold() if kind.isascii() else ''\n"
        "    if kind.removeprefix('application/') != 'at+jwt':\n        return False\n"
        "    aud = claims.get('aud', [])\n"
        "    if isinstance(aud, str):\n        aud = [aud]\n"
        "    return isinstance(aud, list) and aud.count('https://api.example') > 0",
    ],
    "15.4": [
        "answer = revoked.ljust(len(revoked) + 2, '=')",
        "head, body, tag = revoked.split('.')\nanswer = f'{head}.{body}.{tag}=='",
        "from jwtlab.jose.curves import CURVES\n"
        "text, _, tag = revoked.rpartition('.')\n"
        "octets = base64url.decode(tag)\n"
        "s = CURVES['P-256'].n - int.from_bytes(octets[32:], 'big')\n"
        "answer = text + '.' + base64url.encode(octets[:32] + s.to_bytes(32, 'big'))",
    ],
}
