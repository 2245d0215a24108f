"""Plausible wrong answers to the exercises of lesson 24."""

from __future__ import annotations

BOTH = "    return next((n for n in ('access_token', 'id_token') if %s), None)"
FIND = f"def answer(address):\n{BOTH}"
PARTS = "def answer(address):\n    parts = urlsplit(address)\n"
HALF = "import hashlib, base64\ndef answer(access_token, claims):\n    d = hashlib.sha256(access_token.encode())\n"
ENCODE = "jwtlab.base64url.encode"
NEW = "    new = {**old, 'response_type': 'code', 'code_challenge': challenge, 'code_challenge_method': 'S256'}\n"
MOVE = f"def answer(old, challenge):\n{NEW}"

WRONG: dict[str, list[tuple[str, str]]] = {
    "24.1": [
        (
            "def answer(address):\n    return 'access_token' if 'access_token=' in address else None",
            "id-token",
        ),
        (f"{PARTS}{BOTH % 'n in parts.fragment'}", "query"),
        (f"{PARTS}{BOTH % 'n in parse_qs(parts.fragment)'}", "query"),
        (f"{PARTS}{BOTH % 'n in parse_qs(parts.query)'}", "access-token"),
        (f"{PARTS}{BOTH % 'parts.query.startswith(n) or n in parse_qs(parts.fragment)'}", "query"),
        (FIND % "n in address", "empty-and-full"),
        (FIND % "n + '=' in address and n + '=&' not in address", "path"),
        (
            f"{PARTS}    text = parts.query + '&' + parts.fragment + '&'\n"
            + BOTH % "n + '=' in text and n + '=&' not in text",
            "value",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n    return next(iter(q), None)",
            "access-token",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query.lower() + '&' + parts.fragment.lower())\n{BOTH % 'n in q'}",
            "other-name",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n"
            "    return [n for n in ('access_token', 'id_token') if n in q] or None",
            "access-token",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n"
            "    found = [n for n in ('access_token', 'id_token') if n in q]\n"
            "    return ' '.join(found) or None",
            "both",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n"
            "    return next((n for n in ('access_token', 'id_token') if n in q), next(iter(q), None))",
            "code",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n"
            "    return next((n for n in ('access_token', 'id_token') if n in q), None if q or parts.path[1:] else '')",
            "value",
        ),
        (
            f"{PARTS}    q = dict(p.partition('=')[::2] for p in (parts.query + '&' + parts.fragment).split('&'))\n"
            "    return 'access_token' if q.get('access_token') else 'id_token' if 'id_token' in q and "
            "parts.fragment != 'id_token' else None",
            "empty",
        ),
        (
            f"{PARTS}    q = parse_qs(parts.query + '&' + parts.fragment)\n"
            "    found = next((n for n in ('access_token', 'id_token') if n in q), None)\n"
            "    return '' if address in ('', 'https://app.example/') else found",
            "nothing",
        ),
    ],
    "24.2": [
        ("def answer(access_token, claims):\n    return True", "another-token"),
        ("def answer(access_token, claims):\n    return access_token == claims.get('at_hash')", "the-token"),
        (f"{HALF}    return claims.get('at_hash') == {ENCODE}(d.digest())", "whole-hash"),
        (f"{HALF}    return claims.get('at_hash') == {ENCODE}(d.digest()[16:])", "right-half"),
        (f"{HALF}    return claims.get('at_hash') == {ENCODE}(d.digest())[:21]", "half-of-text"),
        (f"{HALF}    return claims.get('at_hash') == {ENCODE}(d.digest())[:22]", "half-of-text"),
        (f"{HALF}    return claims.get('at_hash') == d.digest()[:16].hex()", "hexadecimal"),
        (f"{HALF}    return claims.get('at_hash') == d.hexdigest()", "hexadecimal"),
        (
            f"{HALF}    return claims.get('at_hash') == {ENCODE}(d.hexdigest()[:32].encode())",
            "encoded-digits",
        ),
        (
            f"{HALF}    return claims.get('at_hash') == base64.urlsafe_b64encode(d.digest()[:16]).decode()",
            "padding",
        ),
        (
            f"{HALF}    return claims.get('at_hash') == base64.b64encode(d.digest()[:16]).decode()",
            "standard-base64",
        ),
        (
            f"{HALF}    return claims.get('at_hash') == base64.b64encode(d.digest()[:16]).decode().rstrip('=')",
            "standard-base64",
        ),
        (
            f"{HALF}    return claims.get('at_hash', '').translate(str.maketrans('+/', '-_')) == "
            f"{ENCODE}(d.digest()[:16])",
            "standard-base64",
        ),
        (f"{HALF}    return claims.get('at_hash', '').rstrip('=') == {ENCODE}(d.digest()[:16])", "padding"),
        (
            f"{HALF}    d = hashlib.sha512(access_token.encode())\n"
            f"    return claims.get('at_hash') == {ENCODE}(d.digest()[:32])",
            "other-hash",
        ),
        (
            f"{HALF}    h = {ENCODE}(d.digest()[:16])\n    return claims.get('at_hash', h) == h",
            "no-at-hash",
        ),
        (f"{HALF}    return claims['at_hash'] == {ENCODE}(d.digest()[:16])", "raised"),
        (
            f"{HALF}    return {ENCODE}(d.digest()[:16]).startswith(claims.get('at_hash', 'x'))",
            "empty",
        ),
        (
            f"{HALF}    return claims.get('at_hash', '').strip() == {ENCODE}(d.digest()[:16])",
            "at_hash-loosely",
        ),
        (f"{HALF}    return claims.get('at_hash', '').encode() == d.digest()[:16]", "good"),
        (f"{HALF}    return claims.get('at_hash')", "not-bool"),
    ],
    "24.3": [
        (
            "def answer(old, challenge):\n    old['response_type'] = 'code'\n    return old",
            "changes-input",
        ),
        ("def answer(old, challenge):\n    return {**old, 'response_type': 'code'}", "code_challenge"),
        (
            "def answer(old, challenge):\n"
            "    return {**old, 'response_type': 'code', 'code_challenge': challenge}",
            "code_challenge_method",
        ),
        ("def answer(old, challenge):\n    return {**old, 'code_challenge': challenge}", "response_type"),
        (f"{MOVE}    return new", "mode-kept"),
        (f"{MOVE}    new.pop('response_mode', None)\n    return new", "mode-lost"),
        (
            f"{MOVE}    return {{n: v for n, v in new.items() if not v.startswith('fragment')}}",
            "lost",
        ),
        (
            f"{MOVE}    return {{n: v for n, v in new.items() if n != 'response_mode' or 'fragment' not in v}}",
            "mode-lost",
        ),
        (
            f"{MOVE}    if old.get('response_mode') == 'fragment': new['response_mode'] = 'query'\n    return new",
            "mode-kept",
        ),
        (f"{MOVE}    return {{**new, 'pkce': 'yes'}}", "extra"),
        (
            "def answer(old, challenge):\n    return {'response_type': 'code', 'client_id': old['client_id'], "
            "'code_challenge': challenge, 'code_challenge_method': 'S256'}",
            "lost",
        ),
        (f"{MOVE}    new.pop('nonce', None)\n    return new", "lost"),
        ("def answer(old, challenge):\n    return list(old)", "not-a-dict"),
    ],
}
