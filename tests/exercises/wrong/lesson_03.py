"""Plausible wrong answers to the exercises of lesson 03."""

from __future__ import annotations

_SIGN = """
import hashlib, hmac, json
part = lambda value: base64url.encode(json.dumps(value).encode())
h, p = part(header), part(dict(claims))
message, key = (h + "." + p).encode(), lesson_03.SECRET
sign = lambda m: hmac.new(key, m, hashlib.sha256).digest()
"""
_DER = "from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature\ndef answer(der):\n"
_VERIFY = """
import hashlib, hmac
def answer(token, secret):
    try:
        parts = jwtlab.decode(token)
    except jwtlab.MalformedToken:
        return False
    right = hmac.new(secret, parts.signing_input, hashlib.sha256).digest()
"""

WRONG: dict[str, list[tuple[str, str]]] = {
    "03.1": [
        (_SIGN + 'answer = f"{h}.{p}." + sign(message).hex()', "length"),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign(message).hex().encode())', "hexadecimal"),
        (
            _SIGN + 'json_text = (json.dumps(header) + "." + json.dumps(dict(claims))).encode()\n'
            'answer = f"{h}.{p}." + base64url.encode(sign(json_text))',
            "decoded",
        ),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign((h + p).encode()))', "no-dot"),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign(p.encode()))', "payload-alone"),
        (
            _SIGN + 'answer = f"{h}.{p}." + base64url.encode(hashlib.sha256(message).digest())',
            "no-key",
        ),
        (
            _SIGN + 'answer = f"{h}.{p}." + base64url.encode(hmac.new(b"x", message, "sha256").digest())',
            "other",
        ),
        (_SIGN + 'answer = f"{h}.{p}"', "unreadable"),
        (_SIGN + "answer = message", "bytes"),
    ],
    "03.2": [
        ('answer = "red"', "whole"),
        ('answer = "blue"', "whole"),
        ('answer = three["green"]', "token"),
        ('answer = "alice"', "no-such-name"),
        ("answer = 2", "not-text"),
    ],
    "03.3": [
        (_DER + "    return der", "der"),
        (
            _DER + "    r, s = decode_dss_signature(der)\n"
            "    n = lambda x: x.to_bytes((x.bit_length() + 7) // 8, 'big')\n    return n(r) + n(s)",
            "length",
        ),
        (
            _DER + "    r, s = decode_dss_signature(der)\n"
            "    return s.to_bytes(32, 'big') + r.to_bytes(32, 'big')",
            "swapped",
        ),
        (
            _DER + "    r, s = decode_dss_signature(der)\n"
            "    return r.to_bytes(32, 'little') + s.to_bytes(32, 'little')",
            "backwards",
        ),
        (_DER + "    return decode_dss_signature(der)", "not-bytes"),
        (_DER + "    return der[4:36] + der[38:70]", "other"),
    ],
    "03.4": [
        (
            _VERIFY + "    return right == parts.signature and parts.header['alg'] == 'HS256'",
            "raised",
        ),
        (_VERIFY + "    return hmac.compare_digest(right, parts.signature)", "alg-none"),
        (
            _VERIFY.replace("MalformedToken", "KeyRefused")
            + "    return hmac.compare_digest(right, parts.signature) and parts.header['alg'] == 'HS256'",
            "raised",
        ),
        (
            _VERIFY + "    return all(a == b for a, b in zip(right, parts.signature))",
            "no-signature",
        ),
        ("def answer(token, secret):\n    return True", "other-secret"),
        ("def answer(token, secret):\n    return 'yes'", "not-bool"),
    ],
}

_OWN = """
import hashlib, hmac, json
part = lambda value: base64url.encode(json.dumps(value).encode())
"""
_SEAL = """
mac = hmac.new(lesson_03.SECRET, text.encode(), hashlib.sha256).digest()
answer = text + '.' + base64url.encode(mac)"""
WRONG["03.1"] += [
    (f"{_OWN}text = part({{'alg': 'HS512'}}) + '.' + part(dict(claims)){_SEAL}", "alg"),
    (f"{_OWN}text = part({{'alg': 'HS256'}}) + '.' + part(dict(claims)){_SEAL}", "header"),
    (f"{_OWN}text = part(header) + '.' + part({{}}){_SEAL}", "claims"),
    (
        f"{_OWN}text = part(header) + '.' + part(dict(claims)) + '.'{_SEAL}".replace(
            "text + '.' +", "text +"
        ),
        "dot-behind",
    ),
    ("answer = 5", "not-text"),
]
WRONG["03.4"] += [
    (
        "import hashlib, hmac\ndef answer(token, secret):\n    try:\n        parts = jwtlab.decode(token)\n"
        "    except jwtlab.MalformedToken:\n        return False\n"
        "    right = hmac.new(secret, parts.signing_input, hashlib.sha256).digest()\n"
        "    return right == parts.signature and parts.header.get('alg') == 'HS256'",
        "equals-sign",
    ),
]
