"""Plausible wrong answers to the exercises of lesson 30."""

from __future__ import annotations

LINK = (
    '"https://as.example/authorize?" + __import__("urllib.parse").parse.urlencode({**{"response_type": "code", '
    '"client_id": "phone-app", "redirect_uri": "https://mallory.example/callback", "scope": "profile notes:read", '
    '"code_challenge": pkce.challenge("v" * 43), "code_challenge_method": "S256"}, **%s})'
)

WRONG: dict[str, list[tuple[str, str]]] = {
    "30.1": [
        ("def answer(step):\n    return 'x'", "should give a request"),
        (
            "def answer(step):\n"
            "    return step.request.changed(client_id=None) if step.request.path == '/authorize' else None",
            "end",
        ),
        (
            "def answer(step):\n"
            "    return step.request.changed(code_verifier=None) if step.request.path == '/token' else None",
            "at Alice's browser",
        ),
        (
            "def answer(step):\n"
            "    return step.request.changed(scope='notes:read') if step.request.path == '/authorize' else None",
            "still bound",
        ),
        (
            "def answer(step):\n"
            "    change = {'code_challenge': None, 'code_challenge_method': None, 'response_type': 'token'}\n"
            "    return step.request.changed(**change) if step.request.path == '/authorize' else None",
            "end",
        ),
        ("answer = 'x'", "wants a function"),
    ],
    "30.2": [
        ("answer = 'https://as.example/authorize'", "a pair"),
        (f"answer = ({LINK % {}}, 'short')", "43 to 128"),
        (f"answer = ({LINK % {}}, 'w' * 43)", "cannot redeem"),
        (f"answer = ({LINK % {'redirect_uri': 'com.example.phone:/callback'}}, 'v' * 43)", "it should go to"),
        (f"answer = ({LINK % {'client_id': 'nobody'}}, 'v' * 43)", "sent nowhere"),
        (f"answer = ({LINK % {'scope': 'everything'}}, 'v' * 43)", "without a code"),
        ("answer = ('https://elsewhere.example/', 'v' * 43)", "cannot open"),
        ("answer = (1, 2)", "both texts"),
    ],
    "30.3": [
        ("answer = ['code-verifier']", "a dict"),
        ("answer = {'code-interception': 'code-verifier'}", "1 of 18 hold"),
        ("answer = {'code-interception': 'nonsense'}", "nobody knows"),
        ("answer = {'code-interception': 'state-matches'}", "has that check already"),
    ],
}
