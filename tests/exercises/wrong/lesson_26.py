"""Plausible wrong answers to the exercises of lesson 26."""

from __future__ import annotations

HEAD = "def answer(claims, issuer, client_id, nonce, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "26.1": [
        ('answer = jwtlab.decode(tokens["id_token"]).claims["iat"]', "ten minutes before"),
        ('answer = tokens["id_token"]', "This is a token"),
        ('answer = jwtlab.decode(tokens["id_token"]).claims', "all the claims"),
        ('answer = jwtlab.decode(tokens["id_token"]).claims["exp"]', "when the token ends"),
        ("answer = 1", "auth_time"),
    ],
    "26.2": [
        (f"{HEAD}    return claims['iss'] == issuer and claims['aud'] == client_id", "a list of one"),
        (f"{HEAD}    return claims['iss'] == issuer and client_id in claims['aud']", "compare whole names"),
        (
            f"{HEAD}    aud = claims.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"
            "    return claims.get('iss') == issuer and client_id in aud",
            "azp is missing",
        ),
        (
            f"{HEAD}    aud = claims.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"
            "    if len(aud) > 1 and claims.get('azp') != client_id: return False\n"
            "    return claims.get('iss') == issuer and client_id in aud",
            "azp is there",
        ),
        (
            f"{HEAD}    aud = claims.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"
            "    if len(aud) > 1 and 'azp' not in claims: return False\n"
            "    if claims.get('azp', client_id) != client_id: return False\n"
            "    return claims.get('iss') == issuer and client_id in aud and claims.get('exp', 0) >= now",
            "exp is now",
        ),
    ],
    "26.3": [
        ("def answer(claims):\n    return claims['email']", "user 7"),
        ("def answer(claims):\n    return claims['sub']", "user 7"),
        ("def answer(claims):\n    return claims['iss']", "another person"),
        ("def answer(claims):\n    return claims['iss'], claims['sub'], claims.get('email')", "new e-mail"),
        ("def answer(claims):\n    return claims['iss'] + claims['sub']", "Glued"),
        ("def answer(claims):\n    return [claims['iss'], claims['sub']]", "A tuple can"),
    ],
    "26.4": [
        ('answer = {"a": "state", "b": "state", "c": "nonce"}', "only the server"),
        ('answer = {"a": "PKCE", "b": "nonce", "c": "state"}', "this browser asked"),
        ('answer = {"a": "PKCE", "b": "state", "c": "PKCE"}', "another login"),
        ('answer = ["PKCE", "state", "nonce"]', "a dict"),
    ],
}
