"""Plausible wrong answers to the exercises of lesson 30."""

from __future__ import annotations

from jwtlab import exercises

_SOLUTION = {each.id: each.solution for each in exercises.lesson("30").exercises}
_LINK = (
    '"https://as.example/authorize?" + __import__("urllib.parse").parse.urlencode({**{"response_type": "code", '
    '"client_id": "phone-app", "redirect_uri": "https://mallory.example/callback", "scope": "profile notes:read", '
    '"code_challenge": pkce.challenge("v" * 43), "code_challenge_method": "S256"}, **%s})'
)


def _at(path: str, change: str, test: str = "step.request.path == ") -> str:
    return f"def answer(step):\n    return step.request.changed({change}) if {test}{path!r} else None"


def _mends(**changes: str) -> str:
    changed = {name.replace("_", "-"): mend for name, mend in changes.items()}
    return f"{_SOLUTION['30.3']}\nanswer |= {changed!r}"


_OUT = "code_challenge=None, code_challenge_method=None"
WRONG: dict[str, list[tuple[str, str]]] = {
    "30.1": [
        ("def answer(step):\n    return 'x'", "not-a-request"),
        (_at("authorize", _OUT), "path"),
        (_at("/authorize/", _OUT), "path"),
        (_at("https://as.example/authorize", _OUT), "path"),
        (_at("/authorize", "client_id=None"), "no-code"),
        (_at("/authorize", f"{_OUT}, response_type='token'"), "no-code"),
        (_at("/token", "code_verifier=None"), "not-browser"),
        (_at("/authorize", "scope='notes:read'"), "bound"),
        (_at("/authorize", "code_challenge_method='plain'"), "no-code"),
        (_at("/authorize", f"{_OUT}, state=None"), "stopped"),
        (f"done = []\ndef answer(step):\n    if step.request.path == '/authorize' and not done:\n        done.append(1)\n"
         f"        return step.request.changed({_OUT})", "sound"),
        ("answer = 'x'", "no-function"),
    ],
    "30.2": [
        ("answer = 'https://as.example/authorize'", "pair"),
        (f"answer = ({_LINK % {}}, 'short')", "verifier"),
        (f"answer = ({_LINK % {}}, 'w' * 43)", "not-redeemed"),
        (f"answer = ('v' * 43, {_LINK % {}})", "swapped"),
        (f"answer = ({_LINK % {'redirect_uri': 'com.example.phone:/callback'}}, 'v' * 43)", "elsewhere"),
        (f"answer = ({_LINK % {'redirect_uri': 'https://mallory.example/callback/x'}}, 'v' * 43)", "elsewhere"),
        (f"answer = ({_LINK % {'client_id': 'nobody'}}, 'v' * 43)", "nowhere"),
        (f"answer = ({_LINK % {'scope': 'everything'}}, 'v' * 43)", "no-code"),
        ("answer = ('https://elsewhere.example/', 'v' * 43)", "not-opened"),
        ("answer = (1, 2)", "texts"),
    ],
    "30.3": [
        ("answer = ['code-verifier']", "not-a-dict"),
        ("answer = {'code-interception': 'code-verifier'}", "no-mend"),
        ("answer = {'code-interception': 'nonsense'}", "unknown"),
        ("answer = {'code-interception': 'state-matches'}", "has-it"),
        ("answer = {'csrf': 'state-matches'}", "no-such-attack"),
        (_mends(login_csrf="code-challenge-present"), "turns-away"),
        (_mends(login_csrf="code-verifier"), "has-it"),
        (_mends(mix_up=""), "no-mend"),
    ],
}  # fmt: skip
