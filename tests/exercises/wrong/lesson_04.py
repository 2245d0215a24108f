"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "04.1": [
        ("answer = jwk", "private"),
        ("answer = {k: v for k, v in jwk.items() if k != 'd'}", "private-primes"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'e')}", "nameless"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'kid', 'alg')}", "too-little"),
        ("answer = jwtlab.Key.from_jwk(jwk).public()", "key-object"),
        ("answer = jwtlab.Key.from_jwk(jwk).to_pem()", "text"),
        ("answer = {'keys': [jwk]}", "key-set"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'kid', 'alg')} | {'e': 'AAAB'}", "changed"),
        ("answer = [jwk]", "not-a-dict"),
    ],
    "04.2": [
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if k.get('kid') == header.get('kid')), None)",
            "nameless",
        ),
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if 'kid' in header and k.get('kid') == header['kid']), None)",
            "null",
        ),
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if k.get('kid') == header.get('kid')), jwks['keys'][0])",
            "unknown",
        ),
        (
            "def answer(header, jwks):\n"
            "    kid = header.get('kid')\n"
            "    found = [k for k in jwks['keys'] if kid and k.get('kid') == kid]\n"
            "    return found[0] if found else header.get('jwk')",
            "brought-along",
        ),
        (
            "def answer(header, jwks):\n"
            "    kid = header.get('kid')\n"
            "    kid = kid[0] if isinstance(kid, list) else kid\n"
            "    found = [k for k in jwks['keys'] if kid and k.get('kid') == kid]\n"
            "    return found[0] if len(found) == 1 else None",
            "kind",
        ),
        (
            "def answer(header, jwks):\n    return [k for k in jwks['keys'] if k['kid'] == header['kid']]",
            "raised",
        ),
        ("def answer(header, jwks):\n    return jwks['keys'][1]", "by-name"),
        ("def answer(header, jwks):\n    return header['kid']", "by-name"),
        (
            "def answer(header, jwks):\n    return jwks['keys'][1] if header['kid'] == 'lab-es256' else None",
            "by-name",
        ),
        ("answer = 'lab-es256'", "no-function"),
    ],
    "04.5": [
        (
            "def answer(environ):\n"
            "    secret = environ.get('JWT_SECRET', 'c2VjcmV0')\n"
            "    return jwtlab.Key.from_secret(jwtlab.base64url.decode(secret))",
            "fallback",
        ),
        (
            "def answer(environ):\n    return jwtlab.Key.from_secret(environ.get('JWT_SECRET') or 'secret')",
            "letters",
        ),
        (
            "def answer(environ):\n"
            "    secret = environ.get('JWT_SECRET')\n"
            "    return jwtlab.Key.from_secret(jwtlab.base64url.decode(secret)) if secret else None",
            "short",
        ),
        (
            "def answer(environ):\n"
            "    secret = jwtlab.base64url.decode(environ.get('JWT_SECRET') or '')\n"
            "    return jwtlab.Key.from_secret(secret) if len(secret) >= 32 else None",
            "short",
        ),
        (
            "def answer(environ):\n"
            "    secret = jwtlab.base64url.decode(environ['JWT_SECRET'])\n"
            "    return jwtlab.Key.from_secret(secret) if len(secret) >= 64 else None",
            "raised",
        ),
        ("def answer(environ):\n    return jwtlab.Key.generate('HS512')", "bytes"),
        ("def answer(environ):\n    return environ.get('JWT_SECRET')", "no-key"),
        (
            "def answer(environ):\n"
            "    return jwtlab.Key.from_secret(jwtlab.base64url.decode(environ.get('JWT_SECRET') or ''), alg='HS256')",
            "other-alg",
        ),
        ("answer = lab.key('HS512')", "no-function"),
    ],
}

WRONG["04.1"] += [
    ("answer = {k: jwk[k] for k in ('kty', 'n', 'e', 'kid', 'alg')} | {'note': 'mine'}", "added"),
]
