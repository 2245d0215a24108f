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
        (_OWN.format(more=', "admin": True', header='{"jwk": key.to_jwk(private=True)}'), "private"),
        (_OWN.format(more=', "admin": True', header="{}"), "no-jwk"),
        (_OWN.format(more="", header=_PUBLIC), "goal"),
        (_OWN.format(more=', "admin": True', header='{"jwk": "my key"}'), "no-object"),
        ("answer = mine", "original"),
        (
            'jwk = lab.key("ES256").public().to_jwk()\n'
            'answer = lab.token("admin", admin=True, header={"kid": "x", "jwk": jwk})',
            "honest",
        ),
    ],
    "14.2": [
        (_sign("static/style.css", _SHEET), "no-step-up"),
        (_sign("../static/style.css", f"{_SHEET}.strip()"), "refused"),
        (_sign("../static/style.css", _SHEET, alg="ES256"), "alg"),
        (_sign("../static/style.css", _SHEET, admin=False), "goal"),
        (_sign("../style.css", _SHEET), "refused"),
        ('answer = lab.token("admin", admin=True, alg="HS256")', "honest"),
    ],
    "14.3": [
        (_sign("UNION SELECT abc", 'b"abc"'), "no-apostrophe"),
        (_sign("x' UNION SELECT 'abc'", 'b"abc"'), "no-comment"),
        (_sign("x' UNION SELECT 'abc';--", 'b"abd"'), "refused"),
        (_sign("x' UNION SELECT 'abc';--", 'b"abc"', admin=False), "goal"),
    ],
    "14.4": [
        ("def answer(kid, keys):\n    return keys[kid]", "raised"),
        ("def answer(kid, keys):\n    return keys.get(kid)", "empty"),
        ("def answer(kid, keys):\n    return keys.get(str(kid).strip().lower())", "by-name"),
        ("def answer(kid, keys):\n    return keys.get(kid) if kid else None", "raised"),
        (
            "def answer(kid, keys):\n    return next((k for n, k in keys.items() if n.startswith(kid)), None)",
            "raised",
        ),
    ],
    "14.5": [
        ("def answer(address):\n    return address.startswith('https://as.example')", "begins-like-it"),
        ("def answer(address):\n    return 'as.example/jwks.json' in address", "contains-it"),
        (
            "from urllib.parse import urlsplit\ndef answer(address):\n"
            "    return urlsplit(str(address)).hostname == 'as.example'",
            "http",
        ),
        ("def answer(address):\n    return address.endswith('/jwks.json')", "begins-like-it"),
        (f"{_ADDRESS}    return isinstance(address, str) and address in good", "empty"),
        (f"{_ADDRESS}    return bool(address) and str(address) in good", "issuer"),
        (f"{_ADDRESS}    return str(address).lower() == good", "spelling"),
        (f"{_ADDRESS}    return str(address).strip() == good", "address-loosely"),
        (
            f"{_SPLIT}    return (url.scheme, url.netloc, url.path) == ('https', 'as.example', '/jwks.json')",
            "query",
        ),
        (f"{_SPLIT}    return url._replace(fragment='').geturl() == good", "address-loosely"),
    ],
}

_SQL = """
part = lambda value: base64url.encode(json.dumps(value).encode())
claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256", "kid": KID}) + "." + part(claims)
answer = text + "." + base64url.encode(hmac.new(b"abc", text.encode(), hashlib.sha256).digest())"""
WRONG["14.3"] += [
    (_SQL.replace("KID", "\"' OR '1'='1\""), "every-row"),
    (_SQL.replace("KID", '"x\'; --"'), "no-row"),
    (_SQL.replace("KID", "\"x' UNION SELECT 'abc'\""), "no-comment"),
]
