"""Right answers to the exercises of lesson 13 that are not our own."""

from __future__ import annotations

_CLAIMS = "claims = jwtlab.decode(original).claims | {'admin': True, 'sub': 'admin'}\n"

OTHERS: dict[str, list[str]] = {
    "13.1": [
        "answer = crack(clever, list(words_with_rules()), progress=False)",
        "import hmac\nfrom jwtlab import base64url\n"
        "text, _, tag = clever.rpartition('.')\n"
        "tag = base64url.decode(tag)\n"
        "answer = next(w for w in words_with_rules() if hmac.digest(w, text.encode(), 'sha256') == tag)",
        "found = crack(clever, words_with_rules(), progress=False)\nanswer = found if found else b''",
    ],
    "13.2": [
        "import jwt, warnings\n"
        + _CLAIMS
        + "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n"
        "    answer = jwt.encode(claims, 'changeme', algorithm='HS256')",
        "import hmac\n"
        + _CLAIMS
        + "text = '.'.join(base64url.encode(json.dumps(x, separators=(',', ':')).encode())\n"
        "                for x in ({'alg': 'HS256'}, claims))\n"
        "answer = text + '.' + base64url.encode(hmac.digest(b'changeme', text.encode(), 'sha256'))",
        "from cryptography.hazmat.primitives import hashes, hmac\n"
        + _CLAIMS
        + 'head = base64url.encode(b\'{"typ": "JWT", "alg": "HS256"}\')\n'
        "body = base64url.encode(json.dumps(claims, indent=1).encode())\n"
        "mac = hmac.HMAC('changeme'.encode(), hashes.SHA256())\nmac.update(f'{head}.{body}'.encode())\n"
        "answer = f'{head}.{body}.{base64url.encode(mac.finalize())}'",
    ],
    "13.3": [
        "answer = 43",
        "import math\nanswer = math.ceil(256 / math.log2(62))",
        "length, possibilities = 0, 1\n"
        "while possibilities < 2**256:\n    length += 1\n    possibilities *= 62\n"
        "answer = length",
        "import math\nanswer = float(math.ceil(256 * math.log(2) / math.log(62)))\nanswer = int(answer)",
    ],
    "13.4": [
        "import os\ndef answer():\n    return os.urandom(64)",
        "from secrets import token_hex\nanswer = lambda: token_hex(32).encode('ascii')",
        "import secrets, string\n"
        "def answer():\n"
        "    letters = string.ascii_letters + string.digits\n"
        "    return ''.join(secrets.choice(letters) for _ in range(43)).encode()",
        "import secrets\ndef answer():\n    return secrets.randbits(256).to_bytes(32, 'big')",
    ],
}
