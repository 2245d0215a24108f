"""Right answers to the exercises of lesson 11 that are not our own."""

from __future__ import annotations

_TEXT = (
    "claims = jwtlab.decode(mine).claims | {'sub': 'admin', 'admin': True}\n"
    'head = base64url.encode(b\'{"typ":"JWT","alg":"HS256"}\')\n'
    "text = head + '.' + base64url.encode(json.dumps(claims, separators=(',', ':')).encode())\n"
)
_MAC = "import hmac\ndef seal(secret):\n    return text + '.' + base64url.encode(hmac.digest(secret, text.encode(), 'sha256'))\n"

OTHERS: dict[str, list[str]] = {
    "11.1": [
        _TEXT + _MAC + "answer = seal(pem)",
        _TEXT
        + "from cryptography.hazmat.primitives import hashes\nfrom cryptography.hazmat.primitives.hmac import HMAC\n"
        "mac = HMAC(pem, hashes.SHA256())\nmac.update(text.encode())\n"
        "answer = '.'.join([text, base64url.encode(mac.finalize())])",
        "import jwt.algorithms\n"
        + _TEXT
        + "signer = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)\n"
        "answer = text + '.' + base64url.encode(signer.sign(text.encode(), pem))",
    ],
    "11.2": [
        _TEXT + _MAC + "answer = next(t for t in map(seal, forms.values()) if lesson_11.knock(t))",
        _TEXT
        + _MAC
        + "(answer,) = [seal(forms[name]) for name in forms if lesson_11.knock(seal(forms[name]))]",
        _TEXT + "import hashlib, hmac\n"
        "for name in reversed(list(forms)):\n"
        "    mac = hmac.new(forms[name], digestmod=hashlib.sha256)\n"
        "    mac.update(text.encode('ascii'))\n"
        "    guess = f'{text}.{base64url.encode(mac.digest())}'\n"
        "    if lesson_11.knock(guess):\n        answer = guess\n        break",
    ],
    "11.3": [
        "def difference(token):\n    s, m = lesson_11.numbers(token)\n    return pow(s, e) - m\n"
        "answer = math.gcd(difference(first), difference(second))\n"
        "divisor = 2\n"
        "while answer.bit_length() > 2048:\n"
        "    if answer % divisor:\n        divisor += 1\n"
        "    else:\n        answer //= divisor",
        "(s1, m1), (s2, m2) = map(lesson_11.numbers, (first, second))\n"
        "a, b = s1 ** 3 - m1, s2 ** 3 - m2\n"
        "while b:\n    a, b = b, a % b\n"
        "a = abs(a)\n"
        "for p in range(2, 100000):\n"
        "    if a.bit_length() <= 2048:\n        break\n"
        "    while a % p == 0:\n        a //= p\n"
        "answer = a",
        "import functools\n"
        "found = functools.reduce(math.gcd, (s**e - m for s, m in map(lesson_11.numbers, lesson_11.TWO)))\n"
        "answer = min(found // k for k in range(1, 5000) if found % k == 0 and (found // k).bit_length() == 2048)",
    ],
    "11.4": [
        "ALGORITHMS = {'oct': {'HS256', 'HS384', 'HS512'}, 'EC': {'ES256', 'ES384', 'ES512'}, 'OKP': {'EdDSA'},\n"
        "              'RSA': {'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'}}\n"
        "def answer(kty, alg):\n"
        "    return isinstance(alg, str) and alg in ALGORITHMS.get(kty, ())",
        "import re\n"
        "FITS = {'oct': r'HS(256|384|512)', 'RSA': r'[RP]S(256|384|512)', 'EC': r'ES(256|384|512)', 'OKP': 'EdDSA'}\n"
        "def answer(kty, alg):\n"
        "    return kty in FITS and type(alg) is str and re.fullmatch(FITS[kty], alg) is not None",
        "def answer(kty, alg):\n"
        "    if not isinstance(alg, str):\n        return False\n"
        "    if alg == 'EdDSA':\n        return kty == 'OKP'\n"
        "    if alg[2:] not in ('256', '384', '512'):\n        return False\n"
        "    return {'HS': 'oct', 'RS': 'RSA', 'PS': 'RSA', 'ES': 'EC'}.get(alg[:2]) == kty and kty is not None",
    ],
}
