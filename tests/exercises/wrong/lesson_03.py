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
        (_SIGN + 'answer = f"{h}.{p}." + sign(message).hex()', "bytes; HMAC"),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign(message).hex().encode())', "hexadecimal"),
        (
            _SIGN + 'json_text = (json.dumps(header) + "." + json.dumps(dict(claims))).encode()\n'
            'answer = f"{h}.{p}." + base64url.encode(sign(json_text))',
            "signed the JSON",
        ),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign((h + p).encode()))', "dot between"),
        (_SIGN + 'answer = f"{h}.{p}." + base64url.encode(sign(p.encode()))', "payload alone"),
        (
            _SIGN + 'answer = f"{h}.{p}." + base64url.encode(hashlib.sha256(message).digest())',
            "without a key",
        ),
        (
            _SIGN + 'answer = f"{h}.{p}." + base64url.encode(hmac.new(b"x", message, "sha256").digest())',
            "not fit",
        ),
        (_SIGN + 'answer = f"{h}.{p}"', "cannot be read"),
        (_SIGN + "answer = message", "these are bytes"),
    ],
    "03.2": [
        ('answer = "red"', "seal of red is whole"),
        ('answer = "blue"', "seal of blue is whole"),
        ('answer = three["green"]', "the token itself"),
        ('answer = "alice"', "there are: red, green, blue"),
        ("answer = 2", "is a name"),
    ],
    "03.3": [
        (_DER + "    return der", "as it came"),
        (
            _DER + "    r, s = decode_dss_signature(der)\n"
            "    n = lambda x: x.to_bytes((x.bit_length() + 7) // 8, 'big')\n    return n(r) + n(s)",
            "zeros in front",
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
        (_DER + "    return decode_dss_signature(der)", "instead of bytes"),
        (_DER + "    return der[4:36] + der[38:70]", "fixed places"),
    ],
    "03.4": [
        (
            _VERIFY + "    return right == parts.signature and parts.header['alg'] == 'HS256'",
            "compare_digest",
        ),
        (_VERIFY + "    return hmac.compare_digest(right, parts.signature)", "alg none"),
        (
            _VERIFY.replace("MalformedToken", "KeyRefused")
            + "    return hmac.compare_digest(right, parts.signature) and parts.header['alg'] == 'HS256'",
            "MalformedToken",
        ),
        (
            _VERIFY + "    return all(a == b for a, b in zip(right, parts.signature))",
            "signature is missing",
        ),
        ("def answer(token, secret):\n    return True", "another secret"),
        ("def answer(token, secret):\n    return 'yes'", "It should be True"),
    ],
}
