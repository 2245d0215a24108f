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
        (_sign(signature="mac(pem.strip()).digest()"), "no-newline"),
        (_sign(alg="RS256"), "rs256"),
        (_sign(signature="mac(pem).hexdigest().encode()"), "hexadecimal"),
        (_sign(claims='jwtlab.decode(mine).claims | {"sub": "admin"}'), "goal"),
        (_sign(signature='mac(lesson_11.FORMS["der"]).digest()'), "der"),
        (_sign(signature='mac(b"secret").digest()'), "refused"),
        ("answer = mine", "original"),
    ],
    "11.2": [
        (_sign(signature='mac(forms["pem"]).digest()'), "other-form"),
        (_sign(signature='mac(forms["jwk"]).digest()'), "other-form"),
        (
            _sign(claims="jwtlab.decode(mine).claims", signature='mac(forms["pem-crlf"]).digest()'),
            "goal",
        ),
        ("answer = forms", "not-text"),
        ('answer = lab.token("admin", admin=True, alg="RS256")', "alg"),
    ],
    "11.3": [
        (_TWO + "answer = s1 ** e - m1", "difference"),
        (_TWO + "answer = math.gcd(s1 ** e, s2 ** e)", "no-divisor"),
        (_TWO + "answer = m1 + s2", "other"),
        (_TWO + "answer = 6 * math.gcd(s1 ** e - m1, s2 ** e - m2)", "multiple"),
        ('answer = "n"', "not-a-number"),
    ],
    "11.4": [
        (
            "def answer(kty, alg):\n    return str(alg)[:2] in ('HS', 'RS', 'PS', 'ES', 'Ed')",
            "public-as-secret",
        ),
        (
            "def answer(kty, alg):\n"
            "    return {'HS': 'oct', 'RS': 'RSA', 'ES': 'EC', 'Ed': 'OKP'}.get((alg or '')[:2]) == kty",
            "fits",
        ),
        (
            "def answer(kty, alg):\n"
            "    return {'H': 'oct', 'R': 'RSA', 'P': 'RSA', 'E': 'EC'}.get(alg[0]) == kty or kty == 'OKP'",
            "public-as-secret",
        ),
        (
            "def answer(kty, alg):\n"
            "    return alg.startswith({'oct': 'HS', 'RSA': ('RS', 'PS'), 'EC': 'ES', 'OKP': 'Ed'}[kty])",
            "raised",
        ),
    ],
}

_FORGE = """
import hashlib, hmac
part = lambda value: base64url.encode(json.dumps(value).encode())
claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256"}) + "." + part(claims)
answer = text + "." + base64url.encode(hmac.new(KEY, text.encode(), hashlib.sha256).digest())"""
WRONG["11.1"] += [
    (_FORGE.replace("KEY", "lesson_11.FORMS['pem-crlf']"), "other-form"),
    (_FORGE.replace("KEY", "pem").replace("HS256", "HS512").replace("sha256", "sha512"), "other-hs"),
    (_FORGE.replace("KEY", "pem").replace("HS256", "ES256"), "alg"),
    (_FORGE.replace("KEY", "pem").replace('"sub": "admin"', '"sub": "alice"'), "goal"),
]
WRONG["11.2"] += [(_FORGE.replace("KEY", "forms['pem']").replace("HS256", "HS384"), "alg")]
