"""Plausible wrong answers to the exercises of lesson 25."""

from __future__ import annotations

ENCODE = "jwtlab.base64url.encode"
HALF = "def answer(value, alg):\n    h = getattr(hashlib, 'sha' + alg[-3:])(value.encode()).digest()\n"
FIXED = f"def answer(value, alg):\n    return {ENCODE}(hashlib.%s(value.encode()).digest()[:%d])"
TYPES = "def answer(response_type):\n    words = response_type.split()\n"
BROWSER = f"{TYPES}    b = {{'access_token' if w == 'token' else w for w in words}}\n"
PARTS = (
    "def answer(came, front, back):\n"
    f"    half = lambda v: {ENCODE}(hashlib.sha256(v.encode()).digest()[:16])\n"
)
HASHED = "import base64\n" + PARTS.replace(f"{ENCODE}(hashlib.sha256(v.encode()).digest()[:16])", "%s")
SAME = "(front['iss'], front['sub']) == (back['iss'], back['sub'])"
CODE = f"{PARTS}    if front.get('c_hash') != half(came['code']): return False\n"
TOKEN = "    if 'access_token' in came and front.get('at_hash') != half(came['access_token']): return False\n"
ENDPOINT = "{'access_token', 'id_token'}"


def _hashed(expression: str) -> str:
    expression = expression.replace("HASH", "hashlib.sha256(v.encode()).digest()")
    head = HASHED % expression
    return f"{head}    if front.get('c_hash') != half(came['code']): return False\n{TOKEN}    return {SAME}"


WRONG: dict[str, list[tuple[str, str]]] = {
    "25.1": [
        (f"{HALF}    return h[: len(h) // 2]", "bytes"),
        (f"{HALF}    return {ENCODE}(h)", "whole-hash"),
        (f"{HALF}    t = {ENCODE}(h)\n    return t[: len(t) // 2]", "half-of-text"),
        (f"{HALF}    return {ENCODE}(h[len(h) // 2 :])", "right-half"),
        (f"{HALF}    return h[: len(h) // 2].hex()", "hexadecimal"),
        (f"{HALF}    return {ENCODE}(h.hex()[: len(h) // 2].encode())", "encoded-digits"),
        (
            f"{HALF}    import base64\n    return base64.urlsafe_b64encode(h[: len(h) // 2]).decode()",
            "padding",
        ),
        (
            f"{HALF}    import base64\n    return base64.b64encode(h[: len(h) // 2]).decode().rstrip('=')",
            "standard-base64",
        ),
        (FIXED % ("sha256", 16), "other-hash"),
        (FIXED % ("sha512", 32), "other-hash"),
        (f"{HALF}    return {ENCODE}(h[:16])", "other"),
        (f"{HALF}    return {ENCODE}(h[: len(h) // 2 + 1])", "other"),
        (f"{HALF}    return len(h)", "not-text"),
    ],
    "25.2": [
        (f"{TYPES}    return set(words), {ENDPOINT}", "token"),
        (f"{BROWSER}    return {ENDPOINT} if 'code' in b else set(), b", "swapped"),
        (f"{BROWSER}    return b, {ENDPOINT} - b", "endpoint"),
        (f"{BROWSER}    return b, {ENDPOINT}", "no-code"),
        (f"{BROWSER}    return b | {{'access_token'}}, {ENDPOINT}", "browser-too-much"),
        (
            f"def answer(response_type):\n    return {{'code': ({{'code'}}, {ENDPOINT})}}"
            ".get(response_type, (set(), set()))",
            "browser-misses",
        ),
        (
            "def answer(response_type):\n    return {w for w in ('code', 'id_token') if w in response_type}"
            f" | ({{'access_token'}} if 'token' in response_type else set()), {ENDPOINT}",
            "browser-too-much",
        ),
        (f"{TYPES}    return {{'code'}}", "not-two"),
        (f"{TYPES}    return 'code', 'id_token'", "not-sets"),
        (f"{TYPES}    return [[]], [[]]", "not-sets"),
    ],
    "25.3": [
        (f"{PARTS}    return {SAME}", "other-code"),
        (f"{PARTS}    return front['c_hash'] == half(came['code'])", "raised"),
        (
            f"{PARTS}    if 'c_hash' in front and front['c_hash'] != half(came['code']): return False\n"
            f"    return {SAME}",
            "no-c-hash",
        ),
        (_hashed(f"{ENCODE}(HASH)"), "whole-hash"),
        (_hashed(f"{ENCODE}(HASH[16:])"), "right-half"),
        (_hashed(f"{ENCODE}(HASH)[:22]"), "half-of-text"),
        (_hashed("HASH[:16].hex()"), "hexadecimal"),
        (_hashed(f"{ENCODE}(HASH.hex()[:32].encode())"), "encoded-digits"),
        (_hashed("base64.b64encode(HASH[:16]).decode().rstrip('=')"), "standard-base64"),
        (_hashed("base64.urlsafe_b64encode(HASH[:16]).decode()"), "padding"),
        (_hashed(f"{ENCODE}(hashlib.sha512(v.encode()).digest()[:32])"), "other-hash"),
        (f"{CODE}    return {SAME}", "no-at-hash"),
        (f"{CODE}{TOKEN}    return front == back", "good"),
        (
            f"{CODE}    if 'at_hash' in front and front['at_hash'] != half(came.get('access_token', '')):\n"
            f"        return False\n    return {SAME}",
            "further",
        ),
        (
            f"{CODE}    if front.get('at_hash', '') != half(came.get('access_token', '')): return False\n"
            f"    return {SAME}",
            "good",
        ),
        (
            f"{CODE}    if 'access_token' in came and half(came['access_token']) not in "
            "(front.get('at_hash'), back.get('at_hash')): return False\n"
            f"    return {SAME}",
            "at-hash-in-back",
        ),
        (
            f"{CODE}    if 'access_token' in came and not front.get('at_hash'): return False\n    return {SAME}",
            "other-token",
        ),
        (
            f"{CODE}    if 'access_token' in came and front.get('at_hash') in (None, ''): return False\n"
            f"    return back.get('at_hash') != half('at.468') and {SAME}",
            "other-token",
        ),
        (
            f"{PARTS}    hashes = (front.get('c_hash'), front.get('at_hash'))\n"
            "    if half(came['code']) not in hashes: return False\n"
            "    if 'access_token' in came and half(came['access_token']) not in hashes: return False\n"
            f"    return {SAME}",
            "hashes-swapped",
        ),
        (f"{CODE}{TOKEN}    return front['iss'] == back['iss']", "other-person"),
        (f"{CODE}{TOKEN}    return front['sub'] == back['sub']", "other-issuer"),
        (
            f"{CODE}{TOKEN}    return {SAME} or (len(back) > 2 and front.get('email') == back.get('email') and "
            "front['iss'] == back['iss'])",
            "same-address",
        ),
        (
            f"{CODE}{TOKEN}    return front['sub'].strip() == back['sub'] and front['iss'] == back['iss']",
            "sub-loosely",
        ),
        (
            f"{CODE}{TOKEN}    return front['sub'] == back['sub'] and front['iss'] == back['iss'].strip()",
            "iss-loosely",
        ),
        (
            PARTS + "    if front.get('c_hash', '').strip() != half(came['code']): return False\n"
            f"{TOKEN}    return {SAME}",
            "c_hash-loosely",
        ),
        (
            f"{CODE}    if 'access_token' in came and front.get('at_hash', '').strip() != half(came['access_token']):\n"
            f"        return False\n    return {SAME}",
            "at_hash-loosely",
        ),
        (f"{PARTS}    return front.get('c_hash')", "not-bool"),
    ],
}
