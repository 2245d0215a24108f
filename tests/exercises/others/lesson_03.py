"""Right answers to the exercises of lesson 03 that are not our own."""

from __future__ import annotations

_OPEN = (
    "import hashlib\n"
    "def fits(token):\n"
    "    text, _, last = token.rpartition('.')\n"
    "    number = int.from_bytes(base64url.decode(last), 'big')\n"
    "    block = pow(number, e, n).to_bytes(256, 'big')\n"
    "    return block == before_the_hash + hashlib.sha256(text.encode()).digest()\n"
)

OTHERS: dict[str, list[str]] = {
    "03.1": [
        "import hmac, json\n"
        "text = '.'.join(base64url.encode(json.dumps(x, separators=(',', ':')).encode()) for x in (header, claims))\n"
        "answer = text + '.' + base64url.encode(hmac.digest(lesson_03.SECRET, text.encode(), 'sha256'))",
        "import base64, hashlib, hmac, json\n"
        "def b64(octets):\n    return base64.urlsafe_b64encode(octets).rstrip(b'=')\n"
        "text = b64(json.dumps(header).encode()) + b'.' + b64(json.dumps(dict(claims)).encode())\n"
        "mac = hmac.HMAC(lesson_03.SECRET, digestmod=hashlib.sha256)\n"
        "mac.update(text)\n"
        "answer = (text + b'.' + b64(mac.digest())).decode()",
        "from cryptography.hazmat.primitives import hashes\n"
        "from cryptography.hazmat.primitives.hmac import HMAC\n"
        "import json\n"
        "head, body = (base64url.encode(json.dumps(x, indent=1).encode()) for x in (header, claims))\n"
        "mac = HMAC(lesson_03.SECRET, hashes.SHA256())\n"
        "mac.update(f'{head}.{body}'.encode('ascii'))\n"
        "answer = f'{head}.{body}.{base64url.encode(mac.finalize())}'",
    ],
    "03.2": [
        _OPEN + "answer = next(name for name, token in three.items() if not fits(token))",
        _OPEN + "(answer,) = [name for name in three if not fits(three[name])]",
        "from cryptography.exceptions import InvalidSignature\n"
        "from cryptography.hazmat.primitives import hashes\n"
        "from cryptography.hazmat.primitives.asymmetric import padding, rsa\n"
        "key = rsa.RSAPublicNumbers(e, n).public_key()\n"
        "for name in three:\n"
        "    parts = jwtlab.decode(three[name])\n"
        "    try:\n        key.verify(parts.signature, parts.signing_input, padding.PKCS1v15(), hashes.SHA256())\n"
        "    except InvalidSignature:\n        answer = name.upper().lower()",
    ],
    "03.3": [
        "def answer(der):\n"
        "    return b''.join(number.to_bytes(32, 'big') for number in decode_dss_signature(der))",
        "def answer(der):\n"
        "    r, s = decode_dss_signature(der)\n"
        "    return bytes.fromhex(f'{r:064x}{s:064x}')",
        "def answer(der):\n"
        "    r, s = decode_dss_signature(der)\n"
        "    return (r << 256 | s).to_bytes(64, byteorder='big')",
        "def answer(der):\n"
        "    # SEQUENCE, INTEGER r, INTEGER s: no number of P-256 needs more than one byte for its length\n"
        "    first = der[3]\n"
        "    r, s = der[4:4 + first], der[4 + first + 2:]\n"
        "    return r.lstrip(b'\\0').rjust(32, b'\\0') + s.lstrip(b'\\0').rjust(32, b'\\0')",
    ],
    "03.4": [
        "import hmac, json\n"
        "def answer(token, secret):\n"
        "    try:\n"
        "        head, body, tag = token.split('.')\n"
        "        header = json.loads(base64url.decode(head))\n"
        "        given = base64url.decode(tag)\n"
        "    except Exception:\n        return False\n"
        "    if not isinstance(header, dict) or header.get('alg') != 'HS256':\n        return False\n"
        "    return hmac.compare_digest(hmac.digest(secret, f'{head}.{body}'.encode(), 'sha256'), given)",
        "from cryptography.exceptions import InvalidSignature\n"
        "from cryptography.hazmat.primitives import hashes, hmac\n"
        "def answer(token, secret):\n"
        "    try:\n"
        "        parts = jwtlab.decode(token)\n"
        "        mac = hmac.HMAC(secret, hashes.SHA256())\n"
        "        mac.update(parts.signing_input)\n"
        "        mac.verify(parts.signature)\n"
        "        return parts.header.get('alg') == 'HS256'\n"
        "    except (jwtlab.MalformedToken, InvalidSignature):\n        return False",
        "import hashlib, hmac\n"
        "def answer(token, secret):\n"
        "    try:\n"
        "        parts = jwtlab.decode(token)\n"
        "        if parts.header['alg'] != 'HS256':\n            return False\n"
        "        text, last = token.rsplit('.', 1)\n"
        "        mac = hmac.new(key=secret, msg=text.encode(), digestmod=hashlib.sha256)\n"
        "        return hmac.compare_digest(mac.digest(), parts.signature)\n"
        "    except Exception:\n        return False",
    ],
}
