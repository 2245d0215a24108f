"""Plausible wrong answers to the exercises of lesson 25."""

from __future__ import annotations

HALF = "def answer(value, alg):\n    h = getattr(hashlib, 'sha' + alg[-3:])(value.encode()).digest()\n"
TYPES = "def answer(response_type):\n    words = response_type.split()\n"
PARTS = (
    "def answer(came, front, back):\n"
    "    half = lambda v: jwtlab.base64url.encode(hashlib.sha256(v.encode()).digest()[:16])\n"
)
SAME = "(front['iss'], front['sub']) == (back['iss'], back['sub'])"

WRONG: dict[str, list[tuple[str, str]]] = {
    "25.1": [
        (f"{HALF}    return h[: len(h) // 2]", "gives bytes"),
        (f"{HALF}    return jwtlab.base64url.encode(h)", "the whole hash"),
        (f"{HALF}    t = jwtlab.base64url.encode(h)\n    return t[: len(t) // 2]", "Halve the bytes"),
        (f"{HALF}    return jwtlab.base64url.encode(h[len(h) // 2 :])", "right half"),
        (f"{HALF}    return h[: len(h) // 2].hex()", "hexadecimal"),
        (
            f"{HALF}    import base64\n    return base64.urlsafe_b64encode(h[: len(h) // 2]).decode()",
            "padding",
        ),
        (
            "def answer(value, alg):\n"
            "    return jwtlab.base64url.encode(hashlib.sha256(value.encode()).digest()[:16])",
            "SHA-384",
        ),
        (f"{HALF}    return len(h)", "the result is a text"),
    ],
    "25.2": [
        (f"{TYPES}    return set(words), {{'access_token', 'id_token'}}", "called access_token"),
        (
            f"{TYPES}    b = {{'access_token' if w == 'token' else w for w in words}}\n"
            "    return b, {'access_token', 'id_token'} - b",
            "whatever came before",
        ),
        (
            f"{TYPES}    b = {{'access_token' if w == 'token' else w for w in words}}\n"
            "    return b, {'access_token', 'id_token'}",
            "without a code",
        ),
        (
            "def answer(response_type):\n"
            "    return {'code': ({'code'}, {'access_token', 'id_token'})}.get(response_type, (set(), set()))",
            "the order does not matter",
        ),
        (f"{TYPES}    return {{'code'}}", "two sets"),
    ],
    "25.3": [
        (f"{PARTS}    return {SAME}", "another one than c_hash says"),
        (f"{PARTS}    return front.get('c_hash') == half(came['code'])", "no at_hash"),
        (
            f"{PARTS}    if 'c_hash' in front and front['c_hash'] != half(came['code']): return False\n"
            f"    return {SAME}",
            "There is no c_hash",
        ),
        (
            f"{PARTS}    if front.get('c_hash') != half(came['code']): return False\n"
            "    if 'access_token' in came and front.get('at_hash') != half(came['access_token']): return False\n"
            "    return front['sub'] == back['sub']",
            "another issuer",
        ),
        (
            f"{PARTS}    if front.get('c_hash') != half(came['code']): return False\n"
            "    if 'at_hash' in front and front['at_hash'] != half(came['access_token']): return False\n"
            f"    return {SAME}",
            "no at_hash",
        ),
    ],
}
