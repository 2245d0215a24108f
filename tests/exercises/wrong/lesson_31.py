"""Plausible wrong answers to the exercises of lesson 31."""

from __future__ import annotations

FORM = (
    'form = {"grant_type": protocol.TOKEN_EXCHANGE, "subject_token": received, '
    '"subject_token_type": protocol.ACCESS_TOKEN_TYPE}\n'
)
SEND = 'http.post(f"{AS}/token", data=form, auth=as_api)'

REPLY = "def answer(reply, me, needed):\n"
AUD = f"{REPLY}    aud = reply.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"

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
    "31.1": [
        ("answer = received", "for the API itself"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()["access_token"]', "may do more"),
        (
            f'{FORM}form |= {{"audience": ARCHIVE, "scope": "profile"}}\nanswer = {SEND}.json()["access_token"]',
            "notes:read is missing",
        ),
        (f'{FORM}form |= {{"scope": "notes:read"}}\nanswer = {SEND}.json()', "The server refused"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()', "whole answer"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}', "This is the response"),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE}, lab.key('ES256'), alg='ES256')",
            "The archive would refuse it",
        ),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE, 'scope': 'notes:read'}, "
            "lab.key('RS256'), alg='RS256', header={'typ': 'at+jwt'})",
            "notes-api acts for alice",
        ),
    ],
    "31.2": [
        (f"{REPLY}    return reply['active']", "raised KeyError"),
        (f"{REPLY}    return reply.get('active')", "Say True or False"),
        (f"{REPLY}    return bool(reply.get('active'))", "is truthy"),
        (f"{REPLY}    return reply.get('active') is True", "another API"),
        (
            f"{REPLY}    return reply.get('active') is True and me in reply.get('aud', '')",
            "whole names",
        ),
        (
            f"{REPLY}    return reply.get('active') is True and reply.get('aud') == me",
            "may be a list",
        ),
        (f"{AUD}    return reply.get('active') is True and me in aud", "does not cover"),
        (
            f"{AUD}    return reply.get('active') is True and me in aud and needed in reply.get('scope', '')",
            "another word",
        ),
        (
            f"{AUD}    return reply.get('active') is True and 'https://api.example' in aud "
            "and needed in reply.get('scope', '').split()",
            "use me",
        ),
    ],
    "31.3": [
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
    "31.4": [
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
}
