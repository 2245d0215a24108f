"""Plausible wrong answers to the exercises of lesson 33."""

from __future__ import annotations

PROOF = """\
import hashlib, secrets
good = {
    "jti": secrets.token_urlsafe(16), "htm": "GET", "htu": "https://api.example/notes", "iat": now,
    "ath": jwtlab.base64url.encode(hashlib.sha256(token.encode()).digest()),
}
"""

CHECK = """\
import hashlib

def answer(header, claims, jkt, request, used):
    ath = jwtlab.base64url.encode(hashlib.sha256(request["token"].encode()).digest())
    good = {
        "typ": header.get("typ") == "dpop+jwt",
        "htm": claims.get("htm") == request["method"],
        "htu": claims.get("htu") == request["address"],
        "iat": abs(request["now"] - claims.get("iat", 0)) <= 60,
        "ath": claims.get("ath") == ath,
        "jkt": jkt == request["bound_to"],
        "jti": "jti" in claims and claims["jti"] not in used,
    }
"""


def without(name: str) -> str:
    return f"{CHECK}    good.pop({name!r})\n    return all(good.values())"


WRONG: dict[str, list[tuple[str, str]]] = {
    "33.1": [
        ('answer = {"jti": "1", "htm": "GET", "htu": "https://api.example/notes", "iat": now}', "lacks ath"),
        (f'{PROOF}answer = good | {{"htu": "https://api.example/notes?page=2"}}', "leave ?page=2 off"),
        (f'{PROOF}answer = good | {{"htu": "/notes"}}', "whole address"),
        (f'{PROOF}answer = good | {{"htm": "get"}}', "in capitals"),
        (f'{PROOF}answer = good | {{"htm": "POST"}}', "is another"),
        (f'{PROOF}answer = good | {{"iat": now * 1000}}', "milliseconds"),
        (f'{PROOF}answer = good | {{"iat": now + 900}}', "just before"),
        (f'{PROOF}answer = good | {{"jti": "1"}}', "never share a name"),
        (f'{PROOF}answer = good | {{"ath": token}}', "not the token itself"),
        (f'{PROOF}answer = good | {{"ath": hashlib.sha256(token.encode()).hexdigest()}}', "hexadecimal"),
        (f'{PROOF}answer = good | {{"ath": good["ath"] + "="}}', "without ="),
        (f'{PROOF}answer = good | {{"ath": hashlib.sha256(token.encode()).digest()}}', "these are bytes"),
        (
            f'{PROOF}answer = jwtlab.issue(good, lab.key("ES256", "client"), alg="ES256")',
            "typ is not dpop+jwt",
        ),
    ],
    "33.2": [
        (without("typ"), "any JWT"),
        (without("htm"), "another method"),
        (without("htu"), "another address"),
        (without("iat"), "too old"),
        (without("ath"), "another token"),
        (without("jkt"), "Mallory's own key"),
        (without("jti"), "used before"),
        (
            f"{CHECK}    good['iat'] = request['now'] - claims.get('iat', 0) <= 60\n    return all(good.values())",
            "from the future",
        ),
        (
            f"{CHECK}    good['htu'] = claims.get('htu', '').startswith(request['address'])\n"
            "    return all(good.values())",
            "only begins like",
        ),
        (
            f"{CHECK}    good['jti'] = claims.get('jti') not in used\n    return all(good.values())",
            "jti is missing",
        ),
        (f"{CHECK}    used.add(claims.get('jti'))\n    return all(good.values())", "changes used"),
    ],
    "33.3": [
        ("def answer(response):\n    return response.headers.get('DPoP-Nonce')", "next request"),
        (
            "def answer(response):\n    if response.status_code == 400:\n"
            "        return response.headers.get('DPoP-Nonce')",
            "says it in WWW-Authenticate",
        ),
        (
            "def answer(response):\n    if response.status_code in (400, 401):\n"
            "        return response.headers.get('DPoP-Nonce')",
            "Another error",
        ),
        (
            "def answer(response):\n    asked = 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '')\n"
            "    if asked or response.json().get('error') == 'use_dpop_nonce':\n"
            "        return response.headers.get('DPoP-Nonce')",
            "raised",
        ),
        ("def answer(response):\n    return response.status_code in (400, 401)", "Return a nonce"),
    ],
}
