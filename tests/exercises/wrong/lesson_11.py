"""Plausible wrong answers to the exercises of lesson 11."""

from __future__ import annotations

_SIGN = """
import hashlib, hmac
part = lambda value: base64url.encode(json.dumps(value).encode())
claims = {{**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}}
text = part({{"alg": "{alg}", "typ": "JWT"}}) + "." + part({claims})
mac = lambda secret: hmac.new(secret, text.encode(), hashlib.sha256)
answer = text + "." + base64url.encode({signature})
"""


def _sign(alg: str = "HS256", claims: str = "claims", signature: str = "mac(pem).digest()") -> str:
    return _SIGN.format(alg=alg, claims=claims, signature=signature)


_TWO = "s1, m1 = lesson_11.numbers(first)\ns2, m2 = lesson_11.numbers(second)\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "11.1": [
        (_sign(signature="mac(pem.strip()).digest()"), "last byte"),
        (_sign(alg="RS256"), "still says RS256"),
        (_sign(signature="mac(pem).hexdigest().encode()"), "hexadecimal"),
        (_sign(claims='jwtlab.decode(mine).claims | {"sub": "admin"}'), "admin is False"),
        (_sign(signature='mac(lesson_11.FORMS["der"]).digest()'), "DER"),
        (_sign(signature='mac(b"secret").digest()'), "does not match"),
        ("answer = mine", "Mallory stays Mallory"),
    ],
    "11.2": [
        (_sign(signature='mac(forms["pem"]).digest()'), "the form 'pem'"),
        (_sign(signature='mac(forms["jwk"]).digest()'), "the form 'jwk'"),
        (
            _sign(claims="jwtlab.decode(mine).claims", signature='mac(forms["pem-crlf"]).digest()'),
            "sub is 'mallory'",
        ),
        ("answer = forms", "is a token"),
        ('answer = lab.token("admin", admin=True, alg="RS256")', "the issuer's own signature"),
    ],
    "11.3": [
        (_TWO + "answer = s1 ** e - m1", "one of the differences"),
        (_TWO + "answer = math.gcd(s1 ** e, s2 ** e)", "came out as 1"),
        (_TWO + "answer = m1 + s2", "this is not the modulus"),
        (_TWO + "answer = 6 * math.gcd(s1 ** e - m1, s2 ** e - m2)", "times n"),
        ('answer = "n"', "is a number"),
    ],
    "11.4": [
        ("def answer(kty, alg):\n    return str(alg)[:2] in ('HS', 'RS', 'PS', 'ES', 'Ed')", "the attack"),
        (
            "def answer(kty, alg):\n"
            "    return {'HS': 'oct', 'RS': 'RSA', 'ES': 'EC', 'Ed': 'OKP'}.get((alg or '')[:2]) == kty",
            "another padding",
        ),
        (
            "def answer(kty, alg):\n"
            "    return {'H': 'oct', 'R': 'RSA', 'P': 'RSA', 'E': 'EC'}.get(alg[0]) == kty or kty == 'OKP'",
            "EdDSA begins with E",
        ),
        (
            "def answer(kty, alg):\n"
            "    return alg.startswith({'oct': 'HS', 'RSA': ('RS', 'PS'), 'EC': 'ES', 'OKP': 'Ed'}[kty])",
            "AttributeError",
        ),
    ],
}
