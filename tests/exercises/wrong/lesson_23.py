"""Plausible wrong answers to the exercises of lesson 23."""

from __future__ import annotations

ADDRESS = (
    '"https://as.example/authorize?" + __import__("urllib.parse").parse.urlencode({**dict(response_type="code", '
    'client_id="notes-app", redirect_uri="https://app.example/callback", scope="profile notes:read", state="s-123", '
    'code_challenge=pkce.challenge("a-verifier-has-at-least-forty-three-letters"), code_challenge_method="S256"), '
    "**%s})"
)
RIGHT = ADDRESS % {}
HASH = "def answer(verifier):\n    h = hashlib.sha256(verifier.encode()).digest()\n"
BOUND = (
    "def answer(record, request, now):\n"
    "    if record['used'] or now >= record['expires'] or request['client_id'] != record['client_id']:\n"
    "        return False\n"
    "    if request['redirect_uri'] != record['redirect_uri']:\n"
    "        return False\n"
)
BACK = "def answer(session, answer_parameters):\n    p = answer_parameters\n"
STATE = f"{BACK}    if not session.get('state') or p.get('state') != session['state']: return None\n"
ISS = f"{STATE}    if p.get('iss') != session['issuer']: return None\n"


def _request(**changes: str) -> str:
    return f"answer = {ADDRESS % changes}"


def _without(name: str, value: str) -> str:
    return f"answer = ({RIGHT}).replace('&{name}={value}', '')"


WRONG: dict[str, list[tuple[str, str]]] = {
    "23.1": [
        ("def answer(verifier):\n    return verifier", "plain"),
        ("def answer(verifier):\n    return hashlib.sha256(verifier.encode()).hexdigest()", "hexadecimal"),
        (f"{HASH}    return base64.urlsafe_b64encode(h).decode()", "padding"),
        (f"{HASH}    return base64.b64encode(h).decode().rstrip('=')", "standard-base64"),
        (f"{HASH}    return base64.b64encode(h).decode()", "standard-base64"),
        (f"{HASH}    return base64.urlsafe_b64encode(h)", "bytes"),
        (f"{HASH}    return jwtlab.base64url.encode(h.hex().encode())", "encoded-digits"),
        (f"{HASH}    return jwtlab.base64url.encode(h[:16])", "half"),
        (
            "def answer(verifier):\n    return jwtlab.base64url.encode(hashlib.sha512(verifier.encode()).digest())",
            "other-hash",
        ),
        ("def answer(verifier):\n    return hashlib.sha512(verifier.encode()).hexdigest()[:43]", "other"),
        (f"{HASH}    return len(h)", "not-text"),
    ],
    "23.2": [
        (
            'answer = "https://as.example/authorize?response_type=code&client_id=notes-app&scope=profile notes:read"',
            "space",
        ),
        (f"answer = ({RIGHT}).replace('/authorize', '/auth\\norize')", "space"),
        ("answer = {'response_type': 'code'}", "not-text"),
        ("answer = 'https://app.example/callback?code=1'", "endpoint"),
        (f"answer = ({RIGHT}).replace('https:', 'http:')", "endpoint"),
        (f"answer = ({RIGHT}).replace('as.example/', 'as.example:8443/')", "endpoint"),
        (f"answer = ({RIGHT}).replace('//as.example', '//notes-app@as.example')", "endpoint"),
        (f"answer = {RIGHT} + '#state'", "fragment"),
        (f"answer = ({RIGHT}).replace('authorize?', 'authorize#')", "fragment"),
        (_request(code_challenge="a-verifier-has-at-least-forty-three-letters"), "verifier"),
        (_request(code_verifier="a-verifier-has-at-least-forty-three-letters"), "verifier"),
        (_request(client_secret="x"), "secret"),
        (f"answer = {RIGHT} + '&state=s-123'", "duplicate"),
        (_request(response_type="token"), "response_type-wrong"),
        (_request(client_id="Notes-App"), "client_id-wrong"),
        (_request(redirect_uri="https://app.example/callback/"), "redirect_uri-wrong"),
        (_request(scope="profile,notes:read"), "scope-wrong"),
        (_request(scope="profile"), "scope-wrong"),
        (_request(state="S-123"), "state-wrong"),
        (_request(code_challenge="x"), "code_challenge-wrong"),
        (_request(code_challenge_method="plain"), "code_challenge_method-wrong"),
        (f"answer = ({RIGHT}).replace('response_type=code&', '')", "response_type-missing"),
        (_without("client_id", "notes-app"), "client_id-missing"),
        (_without("redirect_uri", "https%3A%2F%2Fapp.example%2Fcallback"), "redirect_uri-missing"),
        (_without("scope", "profile+notes%3Aread"), "scope-missing"),
        (_without("state", "s-123"), "state-missing"),
        (f"answer = ({RIGHT}).replace('code_challenge=', 'challenge=')", "code_challenge-missing"),
        (_without("code_challenge_method", "S256"), "code_challenge_method-missing"),
    ],
    "23.3": [
        (f"{BACK}    return 'c-1' if len(p) > 2 else None", "given"),
        (f"{BACK}    return p.get('code') if set(p) == {{'code', 'state', 'iss'}} else None", "given"),
        (
            f"{BACK}    same = p.get('state') == session.get('state')\n"
            "    return p.get('code') if same and set(p) == {'code', 'state', 'iss'} else None",
            "further",
        ),
        (f"{BACK}    return p.get('code') if p.get('iss') == session['issuer'] else None", "other-state"),
        (
            f"{BACK}    if p.get('state', session.get('state')) != session.get('state'): return None\n"
            "    return p.get('code')",
            "no-state",
        ),
        (
            f"{BACK}    if p.get('state') != session.get('state'): return None\n"
            "    if p.get('iss') != session['issuer'] or 'error' in p: return None\n    return p.get('code')",
            "neither",
        ),
        (f"{BACK}    if p.get('state') != session['state']: return None\n    return p.get('code')", "raised"),
        (f"{STATE}    return p.get('code')", "other-server"),
        (
            f"{STATE}    if p.get('iss', session['issuer']) != session['issuer'] or 'error' in p: return None\n"
            "    return p.get('code')",
            "no-iss",
        ),
        (f"{ISS}    return p.get('code')", "error-and-code"),
        (f"{ISS}    if 'error' in p: return None\n    return p['code']", "raised"),
        (f"{ISS}    return p.get('code', p.get('error'))", "error"),
        (f"{ISS}    return None if 'error' in p else p.get('code', '')", "no-code"),
        (
            f"{BACK}    if not session.get('state'): return p.get('code') if p.get('state') else None\n"
            "    if p.get('state') != session['state']: return None\n    return p.get('code')",
            "never-sent",
        ),
        (
            f"{BACK}    if p.get('state', '').strip() != session.get('state'): return None\n"
            "    if p.get('iss') != session['issuer'] or 'error' in p: return None\n    return p.get('code')",
            "state-loosely",
        ),
        (
            f"{STATE}    if not p.get('iss', '').startswith(session['issuer']) or 'error' in p: return None\n"
            "    return p.get('code')",
            "iss-loosely",
        ),
    ],
    "23.4": [
        ("def answer(record, request, now):\n    return not record['used']", "given"),
        ("def answer(record, request, now):\n    return record['client_id'] == 'notes-app'", "given"),
        (
            "def answer(record, request, now):\n"
            "    return now < record['expires'] and request['client_id'] == record['client_id']",
            "used",
        ),
        (
            "def answer(record, request, now):\n"
            "    return not record['used'] and now <= record['expires'] and "
            "request['client_id'] == record['client_id']",
            "given",
        ),
        (
            "def answer(record, request, now):\n"
            "    return not record['used'] and now < record['expires'] and request['client_id'] == record['client_id']",
            "other-address",
        ),
        (
            "def answer(record, request, now):\n"
            "    return not record['used'] and now < record['expires'] and "
            "request['redirect_uri'] == record['redirect_uri']",
            "other-client",
        ),
        (f"{BOUND}    return 'code_verifier' in request", "other-verifier"),
        (
            f"{BOUND}    v = request.get('code_verifier')\n"
            "    return v is None or pkce.fits(v, record['code_challenge'])",
            "no-verifier",
        ),
        (
            f"{BOUND}    challenge = record['code_challenge']\n"
            "    return challenge is None or pkce.fits(request.get('code_verifier'), challenge)",
            "no-challenge",
        ),
        (
            f"{BOUND}    challenge = record['code_challenge']\n    if challenge is None: return False\n"
            "    v = request.get('code_verifier')\n    return not v or pkce.fits(v, challenge)",
            "no-verifier",
        ),
        (
            f"{BOUND}    v = request.get('code_verifier', 'x' * 43)\n"
            "    return v == '' or pkce.fits(v, record['code_challenge'] or '')",
            "empty-verifier",
        ),
        ("def answer(record, request, now):\n    record['used'] = True\n    return True", "changes-input"),
        (
            f"{BOUND}    v = request.get('code_verifier')\n"
            "    return pkce.fits(v, record['code_challenge']) or v == pkce.challenge("
            "'a-verifier-has-at-least-forty-three-letters')",
            "challenge",
        ),
        (
            f"{BOUND}    v, c = request.get('code_verifier'), record['code_challenge']\n"
            "    return bool(v) and bool(c) and (pkce.fits(v, c) or (v == c and len(v) != 43 or "
            "v == c == 'a-verifier-has-at-least-forty-three-letters'))",
            "plain",
        ),
        (
            f"{BOUND}    v, c = request.get('code_verifier'), record['code_challenge']\n"
            "    return bool(v) and bool(c) and pkce.fits(v, c.rstrip('='))",
            "verifier-loosely",
        ),
        (
            f"{BOUND}    v, c = request.get('code_verifier'), record['code_challenge']\n"
            "    return bool(v) and bool(c) and pkce.fits(v.strip(), c)",
            "code_verifier-loosely",
        ),
        ("def answer(record, request, now):\n    return request.get('code_verifier')", "not-bool"),
        (f"{BOUND}    return pkce.fits(request['code_verifier'], record['code_challenge'])", "raised"),
    ],
}
WRONG["23.4"].append(
    (
        "def answer(record, request, now):\n"
        "    if record['used'] or now > 1999 or (now == 90 and record['expires'] == 90): return False\n"
        "    return pkce.fits(request.get('code_verifier'), record['code_challenge'])",
        "expired",
    )
)
