"""Plausible wrong answers to the exercises of lesson 23."""

from __future__ import annotations

ADDRESS = (
    '"https://as.example/authorize?" + __import__("urllib.parse").parse.urlencode({**dict(response_type="code", '
    'client_id="notes-app", redirect_uri="https://app.example/callback", scope="profile notes:read", state="s-123", '
    'code_challenge=pkce.challenge("a-verifier-has-at-least-forty-three-letters"), code_challenge_method="S256"), '
    "**%s})"
)
BOUND = (
    "    if record['used'] or now >= record['expires'] or request['client_id'] != record['client_id']:\n"
    "        return False\n"
    "    if request['redirect_uri'] != record['redirect_uri']:\n"
    "        return False\n"
)
STATE = "    if answer_parameters.get('state') != session.get('state'): return None\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "23.1": [
        ("def answer(verifier):\n    return verifier", "as with the method plain"),
        ("def answer(verifier):\n    return hashlib.sha256(verifier.encode()).hexdigest()", "hexadecimal"),
        (
            "def answer(verifier):\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()",
            "padding",
        ),
        (
            "def answer(verifier):\n"
            "    return base64.b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip('=')",
            "plain base64",
        ),
        (
            "def answer(verifier):\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())",
            "These are bytes",
        ),
        ("def answer(verifier):\n    return hashlib.sha512(verifier.encode()).hexdigest()[:43]", "expected"),
    ],
    "23.2": [
        (
            'answer = "https://as.example/authorize?response_type=code&client_id=notes-app&scope=profile notes:read"',
            "space cannot stand",
        ),
        ("answer = {'response_type': 'code'}", "An address is a text"),
        ("answer = 'https://app.example/callback?code=1'", "begins with https://as.example/authorize"),
        (f"answer = {ADDRESS % {'response_type': 'token'}}", "you want a code"),
        (
            f"answer = {ADDRESS % {'code_challenge': 'a-verifier-has-at-least-forty-three-letters'}}",
            "must not leave",
        ),
        (f"answer = {ADDRESS % {'code_challenge_method': 'plain'}}", "code_challenge_method is 'plain'"),
        (f"answer = {ADDRESS % {'client_secret': 'x'}}", "front channel"),
        (f"answer = ({ADDRESS % {}}).replace('&state=s-123', '')", "state is missing"),
        (f"answer = {ADDRESS % {}} + '&state=s-123'", "appears twice"),
        (f"answer = {ADDRESS % {'scope': 'profile,notes:read'}}", "parted by a space"),
    ],
    "23.3": [
        ("def answer(session, answer_parameters):\n    return answer_parameters.get('code')", "another one"),
        (
            f"def answer(session, answer_parameters):\n{STATE}"
            "    if answer_parameters.get('iss') != session['issuer']: return None\n"
            "    if 'error' in answer_parameters: return None\n"
            "    return answer_parameters.get('code')",
            "None == None",
        ),
        (
            "def answer(session, answer_parameters):\n"
            "    if not session.get('state') or answer_parameters.get('state') != session['state']: return None\n"
            "    return answer_parameters.get('code')",
            "Another server answers",
        ),
        (
            "def answer(session, answer_parameters):\n"
            "    if not session.get('state') or answer_parameters.get('state') != session['state']: return None\n"
            "    if answer_parameters.get('iss', session['issuer']) != session['issuer']: return None\n"
            "    if 'error' in answer_parameters: return None\n"
            "    return answer_parameters.get('code')",
            "the name is missing",
        ),
        ("def answer(session, answer_parameters):\n    return answer_parameters['code']", "another one"),
    ],
    "23.4": [
        ("def answer(record, request, now):\n    return not record['used']", "At expires it is over"),
        (
            "def answer(record, request, now):\n"
            "    return not record['used'] and now < record['expires'] and request['client_id'] == record['client_id']",
            "Another redirect_uri",
        ),
        (
            "def answer(record, request, now):\n"
            f"{BOUND}"
            "    v = request.get('code_verifier')\n"
            "    return v is None or pkce.fits(v, record['code_challenge'])",
            "There is no verifier",
        ),
        (
            "def answer(record, request, now):\n"
            f"{BOUND}"
            "    challenge = record['code_challenge']\n"
            "    return challenge is None or pkce.fits(request.get('code_verifier'), challenge)",
            "took the challenge out",
        ),
        (
            "def answer(record, request, now):\n    record['used'] = True\n    return True",
            "changes the record",
        ),
        (
            "def answer(record, request, now):\n"
            f"{BOUND}"
            "    mine = 'a-verifier-has-at-least-forty-three-letters'\n"
            "    return request.get('code_verifier') in (record['code_challenge'], mine)",
            "which the thief has seen",
        ),
    ],
}
