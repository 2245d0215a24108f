"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "04.1": [
        ("answer = jwk", "Stop: d, p, q"),
        ("answer = {k: v for k, v in jwk.items() if k != 'd'}", "d is gone, but p, q"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'e')}", "kid and alg got lost"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'kid', 'alg')}", "Too much is gone: e"),
        ("answer = jwtlab.Key.from_jwk(jwk).public()", "Key object"),
        ("answer = jwtlab.Key.from_jwk(jwk).to_pem()", "not as text"),
        ("answer = {'keys': [jwk]}", "key set"),
        ("answer = {k: jwk[k] for k in ('kty', 'n', 'kid', 'alg')} | {'e': 'AAAB'}", "was changed"),
        ("answer = [jwk]", "a list"),
    ],
    "04.2": [
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if k.get('kid') == header.get('kid')), None)",
            "None equals None",
        ),
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if 'kid' in header and k.get('kid') == header['kid']), None)",
            "two keys",
        ),
        (
            "def answer(header, jwks):\n"
            "    return next((k for k in jwks['keys'] if k.get('kid') == header.get('kid')), jwks['keys'][0])",
            "moon",
        ),
        (
            "def answer(header, jwks):\n"
            "    kid = header.get('kid')\n"
            "    found = [k for k in jwks['keys'] if kid and k.get('kid') == kid]\n"
            "    return found[0] if found else header.get('jwk')",
            "brought a key along",
        ),
        (
            "def answer(header, jwks):\n"
            "    kid = header.get('kid')\n"
            "    kid = kid[0] if isinstance(kid, list) else kid\n"
            "    found = [k for k in jwks['keys'] if kid and k.get('kid') == kid]\n"
            "    return found[0] if len(found) == 1 else None",
            "is a list",
        ),
        (
            "def answer(header, jwks):\n    return [k for k in jwks['keys'] if k['kid'] == header['kid']]",
            "KeyError",
        ),
        ("def answer(header, jwks):\n    return jwks['keys'][1]", "the JWK of that name is wanted"),
        ("def answer(header, jwks):\n    return header['kid']", "the JWK of that name is wanted"),
        (
            "def answer(header, jwks):\n    return jwks['keys'][1] if header['kid'] == 'lab-es256' else None",
            "there is a key of that name",
        ),
        ("answer = 'lab-es256'", "wants a function"),
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
            "letters themselves",
        ),
        (
            "def answer(environ):\n"
            "    secret = environ.get('JWT_SECRET')\n"
            "    return jwtlab.Key.from_secret(jwtlab.base64url.decode(secret)) if secret else None",
            "40 bits",
        ),
        (
            "def answer(environ):\n"
            "    secret = jwtlab.base64url.decode(environ.get('JWT_SECRET') or '')\n"
            "    return jwtlab.Key.from_secret(secret) if len(secret) >= 32 else None",
            "256 bits",
        ),
        (
            "def answer(environ):\n"
            "    secret = jwtlab.base64url.decode(environ['JWT_SECRET'])\n"
            "    return jwtlab.Key.from_secret(secret) if len(secret) >= 64 else None",
            "KeyError",
        ),
        ("def answer(environ):\n    return jwtlab.Key.generate('HS512')", "does not hold the bytes"),
        ("def answer(environ):\n    return environ.get('JWT_SECRET')", "a Key is wanted"),
        (
            "def answer(environ):\n"
            "    return jwtlab.Key.from_secret(jwtlab.base64url.decode(environ.get('JWT_SECRET') or ''), alg='HS256')",
            "for HS256",
        ),
        ("answer = lab.key('HS512')", "wants a function"),
    ],
}
