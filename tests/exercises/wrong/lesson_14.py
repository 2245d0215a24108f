"""Plausible wrong answers to the exercises of lesson 14."""

from __future__ import annotations

_OWN = """
key = jwtlab.Key.generate("ES256")
claims = {{**jwtlab.decode(mine).claims, "sub": "admin"{more}}}
answer = jwtlab.issue(claims, key, alg="ES256", header={header})
"""
_SIGN = """
part = lambda value: base64url.encode(json.dumps(value).encode())
claims = {{**jwtlab.decode(mine).claims, "sub": "admin", "admin": {admin}}}
text = part({{"alg": "{alg}", "kid": {kid}}}) + "." + part(claims)
answer = text + "." + base64url.encode(hmac.new({secret}, text.encode(), hashlib.sha256).digest())
"""


def _sign(kid: str, secret: str, alg: str = "HS256", admin: bool = True) -> str:
    return _SIGN.format(kid=repr(kid), secret=secret, alg=alg, admin=admin)


_ADDRESS = "good = 'https://as.example/jwks.json'\ndef answer(address):\n"
_SPLIT = f"from urllib.parse import urlsplit\n{_ADDRESS}    url = urlsplit(str(address))\n"
_PUBLIC = '{"jwk": key.public().to_jwk()}'
_SHEET = "lesson_14.STYLE_SHEET"

WRONG: dict[str, list[tuple[str, str]]] = {
    "14.1": [
        (_OWN.format(more=', "admin": True', header='{"jwk": key.to_jwk(private=True)}'), "private key"),
        (_OWN.format(more=', "admin": True', header="{}"), "no jwk"),
        (_OWN.format(more="", header=_PUBLIC), "admin is False"),
        (_OWN.format(more=', "admin": True', header='{"jwk": "my key"}'), "is an object"),
        ("answer = mine", "Mallory stays Mallory"),
        (
            'jwk = lab.key("ES256").public().to_jwk()\n'
            'answer = lab.token("admin", admin=True, header={"kid": "x", "jwk": jwk})',
            "the issuer's own signature",
        ),
    ],
    "14.2": [
        (_sign("static/style.css", _SHEET), "One step up"),
        (_sign("../static/style.css", f"{_SHEET}.strip()"), "refuses this token"),
        (_sign("../static/style.css", _SHEET, alg="ES256"), "verifies HS256"),
        (_sign("../static/style.css", _SHEET, admin=False), "admin is False"),
        (_sign("../style.css", _SHEET), "no file called"),
        ('answer = lab.token("admin", admin=True, alg="HS256")', "the issuer's own signature"),
    ],
    "14.3": [
        (_sign("UNION SELECT abc", 'b"abc"'), "no apostrophe"),
        (_sign("x' UNION SELECT 'abc'", 'b"abc"'), "the database says"),
        (_sign("x' UNION SELECT 'abc';--", 'b"abd"'), "refuses this token"),
        (_sign("x' UNION SELECT 'abc';--", 'b"abc"', admin=False), "admin is False"),
    ],
    "14.4": [
        ("def answer(kid, keys):\n    return keys[kid]", "KeyError"),
        ("def answer(kid, keys):\n    return keys.get(kid)", "An empty kid"),
        ("def answer(kid, keys):\n    return keys.get(str(kid).strip().lower())", "letter by letter"),
        ("def answer(kid, keys):\n    return keys.get(kid) if kid else None", "TypeError"),
        (
            "def answer(kid, keys):\n    return next((k for n, k in keys.items() if n.startswith(kid)), None)",
            "The beginning of a name",
        ),
    ],
    "14.5": [
        ("def answer(address):\n    return address.startswith('https://as.example')", "belongs to mallory"),
        ("def answer(address):\n    return 'as.example/jwks.json' in address", "only contains"),
        (
            "from urllib.parse import urlsplit\ndef answer(address):\n"
            "    return urlsplit(str(address)).hostname == 'as.example'",
            "Without TLS",
        ),
        ("def answer(address):\n    return address.endswith('/jwks.json')", "begins like"),
        (f"{_ADDRESS}    return isinstance(address, str) and address in good", "a piece of every text"),
        (f"{_ADDRESS}    return bool(address) and str(address) in good", "piece of the address"),
        (f"{_ADDRESS}    return str(address).lower() == good", "letter by letter"),
        (f"{_ADDRESS}    return str(address).strip() == good", "a space behind"),
        (
            f"{_SPLIT}    return (url.scheme, url.netloc, url.path) == ('https', 'as.example', '/jwks.json')",
            "a question",
        ),
        (f"{_SPLIT}    return url._replace(fragment='').geturl() == good", "something behind"),
    ],
}
