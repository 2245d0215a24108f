"""Right answers to the exercises of lesson 14 that are not our own."""

from __future__ import annotations

_CLAIMS = "claims = dict(jwtlab.decode(mine).claims, sub='admin', admin=True)\n"
_SEAL = (
    _CLAIMS
    + "def sealed(kid, secret):\n"
    + "    head = {'typ': 'JWT', 'kid': kid, 'alg': 'HS256'}\n"
    + "    text = '.'.join(base64url.encode(json.dumps(x, separators=(',', ':')).encode()) for x in (head, claims))\n"
    + "    return text + '.' + base64url.encode(hmac.digest(secret, text.encode(), 'sha256'))\n"
)

OTHERS: dict[str, list[str]] = {
    "14.1": [
        _CLAIMS + "pair = jwtlab.Key.generate('ES256')\n"
        "answer = jwtlab.issue(claims, pair, alg='ES256', header={'kid': 'mine', 'jwk': pair.public().to_jwk()})",
        "import jwt\nfrom cryptography.hazmat.primitives.asymmetric import ec\n"
        + _CLAIMS
        + "private = ec.generate_private_key(ec.SECP256R1())\n"
        "jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(private.public_key()))\n"
        "answer = jwt.encode(claims, private, algorithm='ES256', headers={'jwk': jwk})",
        "from cryptography.hazmat.primitives import hashes\n"
        "from cryptography.hazmat.primitives.asymmetric import ec, utils\n"
        + _CLAIMS
        + "private = ec.generate_private_key(ec.SECP256R1())\n"
        "at = private.public_key().public_numbers()\n"
        "b64 = lambda number: base64url.encode(number.to_bytes(32, 'big'))\n"
        "head = {'alg': 'ES256', 'jwk': {'kty': 'EC', 'crv': 'P-256', 'x': b64(at.x), 'y': b64(at.y)}}\n"
        "text = '.'.join(base64url.encode(json.dumps(x).encode()) for x in (head, claims))\n"
        "r, s = utils.decode_dss_signature(private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))\n"
        "answer = text + '.' + base64url.encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))",
    ],
    "14.2": [
        _SEAL + "answer = sealed('../static/style.css', lesson_14.STYLE_SHEET)",
        _SEAL + "answer = sealed('./../static/style.css', lesson_14.STYLE_SHEET)",
        "import jwt, warnings\n"
        + _CLAIMS
        + "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n"
        "    answer = jwt.encode(claims, lesson_14.STYLE_SHEET, algorithm='HS256',\n"
        "                        headers={'kid': '../static/../static/style.css'})",
    ],
    "14.3": [
        _SEAL + "answer = sealed(\"nobody' UNION SELECT 'my own secret' -- \", b'my own secret')",
        _SEAL + "answer = sealed(\"' UNION ALL SELECT 'a' || 'b\", b'ab')",
        _SEAL + "answer = sealed(\"x' union select char(65, 66, 67) /*\", b'ABC')",
    ],
    "14.4": [
        "def answer(kid, keys):\n"
        "    for name, key in keys.items():\n"
        "        if name and isinstance(kid, str) and name == kid:\n            return key\n"
        "    return None",
        "def answer(kid, keys):\n    return keys[kid] if type(kid) is str and kid != '' and kid in keys else None",
        "def answer(kid, keys):\n"
        "    match kid:\n"
        "        case '':\n            return None\n"
        "        case str():\n            return keys.get(kid, None)",
    ],
    "14.5": [
        "ALLOWED = frozenset({'https://as.example/jwks.json'})\n"
        "def answer(address):\n    return isinstance(address, str) and address in ALLOWED",
        "import re\ndef answer(address):\n"
        "    return type(address) is str and re.fullmatch(r'https://as\\.example/jwks\\.json', address) is not None",
        "import hmac\ndef answer(address):\n"
        "    if not isinstance(address, str):\n        return False\n"
        "    return hmac.compare_digest(address.encode('utf-8', 'replace'), b'https://as.example/jwks.json')",
    ],
}
