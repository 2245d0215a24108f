"""Plausible wrong answers to the exercises of lesson 24."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "24.1": [
        (
            "def answer(address):\n    return 'access_token' if 'access_token=' in address else None",
            "An ID token",
        ),
        (
            "def answer(address):\n"
            "    return next((n for n in ('access_token', 'id_token') if n in urlsplit(address).fragment), None)",
            "In the query",
        ),
        (
            "def answer(address):\n    return next((n for n in ('access_token', 'id_token') if n in address), None)",
            "is a path here",
        ),
        (
            "def answer(address):\n"
            "    return next((n for n in ('access_token', 'id_token') if n + '=' in address), None)",
            "another name",
        ),
    ],
    "24.2": [
        ("def answer(access_token, claims):\n    return True", "another access token"),
        (
            "def answer(access_token, claims):\n"
            "    import hashlib\n"
            "    h = jwtlab.base64url.encode(hashlib.sha256(access_token.encode()).digest())\n"
            "    return claims.get('at_hash') == h",
            "belong together",
        ),
        (
            "def answer(access_token, claims):\n"
            "    import hashlib\n"
            "    h = jwtlab.base64url.encode(hashlib.sha256(access_token.encode()).digest()[:16])\n"
            "    return claims.get('at_hash', h) == h",
            "Without at_hash",
        ),
        (
            "def answer(access_token, claims):\n"
            "    import hashlib\n"
            "    h = jwtlab.base64url.encode(hashlib.sha256(access_token.encode()).digest()[:16])\n"
            "    return h.startswith(str(claims.get('at_hash', 'x')))",
            "An empty at_hash",
        ),
    ],
    "24.3": [
        (
            "def answer(old, challenge):\n    old['response_type'] = 'code'\n    return old",
            "changes the old dict",
        ),
        (
            "def answer(old, challenge):\n    return {**old, 'response_type': 'code'}",
            "code_challenge should be",
        ),
        (
            "def answer(old, challenge):\n"
            "    return {**old, 'response_type': 'code', 'code_challenge': challenge, 'code_challenge_method': 'S256'}",
            "response_mode does not belong",
        ),
        (
            "def answer(old, challenge):\n"
            "    new = {**old, 'response_type': 'code', 'code_challenge': challenge, 'code_challenge_method': 'S256'}\n"
            "    new.pop('response_mode', None)\n"
            "    return new",
            "response_mode should be 'form_post'",
        ),
        ("def answer(old, challenge):\n    return list(old)", "a dict"),
    ],
}
