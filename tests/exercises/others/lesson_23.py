"""Right answers to the exercises of lesson 23 that are not our own."""

from __future__ import annotations

_URI = "https%3A%2F%2Fapp.example%2Fcallback"
_BACK = "def answer(session, answer_parameters):\n    p = answer_parameters\n"
_SERVER = "def answer(record, request, now):\n"

OTHERS: dict[str, list[str]] = {
    "23.1": [
        "answer = pkce.challenge",
        "def answer(verifier):\n    digest = hashlib.sha256(bytes(verifier, 'ascii')).digest()\n"
        "    return base64.urlsafe_b64encode(digest).decode().rstrip('=')",
        "def answer(verifier):\n    digest = hashlib.new('sha256', verifier.encode()).hexdigest()\n"
        "    text = base64.b64encode(bytes.fromhex(digest)).decode()\n"
        "    return text.replace('+', '-').replace('/', '_')[:43]",
    ],
    "23.2": [
        "from urllib.parse import quote\n"
        "p = [('state', 's-123'), ('code_challenge_method', 'S256'), ('scope', 'notes:read profile'),\n"
        "     ('code_challenge', pkce.challenge(my_verifier)), ('client_id', 'notes-app'),\n"
        "     ('redirect_uri', 'https://app.example/callback'), ('response_type', 'code')]\n"
        "answer = 'https://as.example/authorize?' + '&'.join(f'{n}={quote(v, safe=str())}' for n, v in p)",
        "import httpx\n"
        "answer = str(httpx.URL('https://as.example/authorize', params={'response_type': 'code',\n"
        "    'client_id': 'notes-app', 'redirect_uri': 'https://app.example/callback',\n"
        "    'scope': 'profile notes:read', 'state': 's-123', 'code_challenge_method': 'S256',\n"
        "    'code_challenge': pkce.challenge(my_verifier)}))",
        f"answer = ('https://as.example/authorize?response_type=code&client_id=notes-app&redirect_uri={_URI}'\n"
        "    '&scope=profile%20notes%3Aread&state=s-123&code_challenge_method=S256&code_challenge='\n"
        "    + pkce.challenge(my_verifier))",
    ],
    "23.3": [
        f"{_BACK}    good = (\n        'state' in session and session['state'] == p.get('state')\n"
        "        and session['issuer'] == p.get('iss') and p.get('error') is None\n    )\n"
        "    return p.get('code') if good else None",
        "import hmac\n"
        f"{_BACK}    if not hmac.compare_digest(session.get('state', ''), p.get('state', '-')):\n        return None\n"
        "    if p.get('iss') == session['issuer'] and not p.get('error') and p.get('code'):\n"
        "        return p['code']",
        f"{_BACK}    try:\n        same = (p['state'], p['iss']) == (session['state'], session['issuer'])\n"
        "        return p['code'] if same and 'error' not in p else None\n"
        "    except KeyError:\n        return None",
    ],
    "23.4": [
        f"{_SERVER}    challenge, verifier = record['code_challenge'], request.get('code_verifier')\n"
        "    return (\n        not record['used'] and now < record['expires']\n"
        "        and request['client_id'] == record['client_id']\n"
        "        and request['redirect_uri'] == record['redirect_uri']\n"
        "        and bool(challenge and verifier) and pkce.fits(verifier, challenge)\n    )",
        "import hmac\n"
        f"{_SERVER}    if record['used'] or record['expires'] - now <= 0:\n        return False\n"
        "    if not record['code_challenge'] or not request.get('code_verifier'):\n        return False\n"
        "    made = jwtlab.base64url.encode(hashlib.sha256(request['code_verifier'].encode()).digest())\n"
        "    return all([request['client_id'] == record['client_id'],\n"
        "                request['redirect_uri'] == record['redirect_uri'],\n"
        "                hmac.compare_digest(made.encode(), record['code_challenge'].encode())])",
        f"{_SERVER}    try:\n        challenge = pkce.challenge(request['code_verifier'])\n"
        "    except (KeyError, jwtlab.JwtlabError):\n        return False\n"
        "    asked = request['client_id'], request['redirect_uri'], challenge\n"
        "    kept = record['client_id'], record['redirect_uri'], record['code_challenge']\n"
        "    return asked == kept and record['used'] is False and record['expires'] > now",
    ],
}
