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
        "iat": "iat" in claims and abs(request["now"] - claims["iat"]) <= 60,
        "ath": claims.get("ath") == ath,
        "jkt": jkt == request["bound_to"],
        "jti": "jti" in claims and claims["jti"] not in used,
    }
"""


def without(name: str) -> str:
    return f"{CHECK}    good.pop({name!r})\n    return all(good.values())"


WRONG: dict[str, list[tuple[str, str]]] = {
    "33.1": [
        ("answer = 7", "no-dict"),
        ("answer = {'htm': 'GET'}", "missing"),
        (f'{PROOF}answer = good | {{"htu": ["https://api.example/notes"]}}', "htu-kind"),
        (f'{PROOF}answer = good | {{"iat": str(now)}}', "iat-kind"),
        (f'{PROOF}answer = good | {{"jti": 12345678901234567890}}', "jti-kind"),
        (f'{PROOF}answer = good | {{"jti": "a" * 30}}', "jti"),
        (f'{PROOF}answer = good | {{"ath": jwtlab.base64url.encode(hashlib.sha256(token.encode()).digest()[:16])}}', "ath"),
        ('answer = {"jti": "1", "htm": "GET", "htu": "https://api.example/notes", "iat": now}', "no-ath"),
        (f'{PROOF}answer = good | {{"htu": "https://api.example/notes?page=2"}}', "htu-query"),
        (f'{PROOF}answer = good | {{"htu": "/notes"}}', "htu"),
        (f'{PROOF}answer = good | {{"htm": "get"}}', "htm-case"),
        (f'{PROOF}answer = good | {{"htm": "POST"}}', "htm"),
        (f'{PROOF}answer = good | {{"iat": now * 1000}}', "milliseconds"),
        (f'{PROOF}answer = good | {{"iat": now + 900}}', "iat"),
        (f'{PROOF}answer = good | {{"jti": "1"}}', "jti"),
        (f'{PROOF}answer = good | {{"ath": token}}', "ath-token"),
        (f'{PROOF}answer = good | {{"ath": hashlib.sha256(token.encode()).hexdigest()}}', "ath-hex"),
        (f'{PROOF}answer = good | {{"ath": good["ath"] + "="}}', "ath-spelling"),
        (f'{PROOF}answer = good | {{"ath": hashlib.sha256(token.encode()).digest()}}', "ath-bytes"),
        (
            f'{PROOF}answer = jwtlab.issue(good, lab.key("ES256", "client"), alg="ES256")',
            "signed-refused",
        ),
    ],
    "33.2": [
        (f"{CHECK}    return False", "in-order"),
        (f"{CHECK}    return 'yes'", "not-bool"),
        (f"{CHECK}    good['htm'] = claims.get('htm', request['method']) == request['method']\n    return all(good.values())", "no-htm"),
        (f"{CHECK}    good['htu'] = claims.get('htu', request['address']) == request['address']\n    return all(good.values())", "no-htu"),
        (f"{CHECK}    good['iat'] = abs(request['now'] - claims.get('iat', 0)) < 60\n    return all(good.values())", "in-time"),
        (f"{CHECK}    good['iat'] = -60 < request['now'] - claims.get('iat', 0) <= 60\n    return all(good.values())", "ahead"),
        (f"{CHECK}    good['iat'] = abs(request['now'] - claims.get('iat', request['now'])) <= 60\n    return all(good.values())", "no-iat"),
        (f"{CHECK}    good['ath'] = claims.get('ath', ath) == ath\n    return all(good.values())", "no-hash"),
        (f"{CHECK}    good['jkt'] = request['bound_to'] in (None, jkt)\n    return all(good.values())", "unbound"),
        (f"{CHECK}    good['jti'] = claims.get('jti', 'name-1') not in str(used)\n    return all(good.values())", "new-name"),
        (f"{CHECK}    good['htu'] = request['address'].startswith(claims.get('htu', 'x'))\n    return all(good.values())", "shorter-address"),
        (f"{CHECK}    good['htm'] = claims.get('htm') == 'GET'\n    return all(good.values())", "method"),
        (f"{CHECK}    good['iat'] = abs(1000 - claims.get('iat', 0)) <= 60\n    return all(good.values())", "all-other"),
        (f"{CHECK}    good['htm'] = claims.get('htm', '').upper() == request['method']\n    return all(good.values())", "htm-loosely"),
        (without("typ"), "typ"),
        (without("htm"), "method"),
        (without("htu"), "address"),
        (without("iat"), "old"),
        (without("ath"), "hash"),
        (without("jkt"), "key"),
        (without("jti"), "used"),
        (
            f"{CHECK}    good['iat'] = request['now'] - claims.get('iat', 0) <= 60\n    return all(good.values())",
            "future",
        ),
        (
            f"{CHECK}    good['htu'] = claims.get('htu', '').startswith(request['address'])\n"
            "    return all(good.values())",
            "longer-address",
        ),
        (
            f"{CHECK}    good['jti'] = claims.get('jti') not in used\n    return all(good.values())",
            "no-jti",
        ),
        (f"{CHECK}    used.add(claims.get('jti'))\n    return all(good.values())", "changes-input"),
    ],
    "33.3": [
        ("def answer(response):\n    return 'n-1'", "asked"),
        ("def answer(response):\n    asked = 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '')\n"
         "    return response.headers.get('DPoP-Nonce') if asked or response.status_code == 401 or "
         "'use_dpop_nonce' == (response.json() if 'json' in response.headers.get('content-type', '') else {}).get('error') "
         "else None", "token-refused"),
        ("def answer(response):\n    asked = 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '')\n"
         "    return response.headers.get('DPoP-Nonce', '') if asked or "
         "'use_dpop_nonce' == (response.json() if 'json' in response.headers.get('content-type', '') else {}).get('error') "
         "else None", "none-there"),
        ("def answer(response):\n    asked = 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '') + response.text\n"
         "    return response.headers.get('DPoP-Nonce') if asked else None", "no-json"),
        ("def answer(response):\n    return response.headers.get('DPoP-Nonce')", "worked"),
        (
            "def answer(response):\n    if response.status_code == 400:\n"
            "        return response.headers.get('DPoP-Nonce')",
            "by-api",
        ),
        (
            "def answer(response):\n    if response.status_code in (400, 401):\n"
            "        return response.headers.get('DPoP-Nonce')",
            "other-error",
        ),
        (
            "def answer(response):\n    asked = 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '')\n"
            "    if asked or response.json().get('error') == 'use_dpop_nonce':\n"
            "        return response.headers.get('DPoP-Nonce')",
            "raised",
        ),
        ("def answer(response):\n    return response.status_code in (400, 401)", "kind"),
    ],
}  # fmt: skip
