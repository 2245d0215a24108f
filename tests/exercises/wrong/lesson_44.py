"""Plausible wrong answers to the exercises of lesson 44."""

from __future__ import annotations

_SHA = "base64.urlsafe_b64encode(hashlib.sha256(certificate).digest())"
_CNF = "def answer(claims, certificate):\n    named = claims.get('cnf', {}).get('x5t#S256')\n"
_RULE = "def answer(claims):\n    sub = claims.get('sub')\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "44.1": [
        (f"{_CNF}    return named", "not-bool"),
        (f"{_CNF}    return named is not None", "another"),
        (f"{_CNF}    return named == {_SHA}.decode()", "same"),
        (f"{_CNF}    return named == {_SHA}.rstrip(b'=').decode()", "raised"),
        (
            f"{_CNF}    return certificate is None or named == {_SHA}.rstrip(b'=').decode()",
            "no-certificate",
        ),
        (
            f"{_CNF}    return certificate is not None and (not named or named == {_SHA}.rstrip(b'=').decode())",
            "not-bound",
        ),
    ],
    "44.2": [
        ("def answer(claims):\n    return claims['sub']", "no-pair"),
        ("def answer(claims):\n    return claims['sub'], claims['act']['sub']", "raised"),
        ("def answer(claims):\n    return claims['sub'], claims['client_id']", "one-acts"),
        ("def answer(claims):\n    return claims['client_id'], claims['sub']", "nobody-acts"),
        (
            "def answer(claims):\n    act = claims\n    while 'act' in act:\n        act = act['act']\n"
            "    return claims['sub'], act['sub'] if act is not claims else claims['client_id']",
            "outermost",
        ),
        (
            "def answer(claims):\n    act = claims.get('act') or claims.get('may_act')\n"
            "    return claims['sub'], act['sub'] if act else claims['client_id']",
            "may-act-is-no-act",
        ),
    ],
    "44.3": [
        ("def answer(run):\n    return run", "not-a-token"),
        ("def answer(run):\n    return run('mallory/weather')", "refused"),
        ("def answer(run):\n    return run('mallory/weather', audience='https://builds.example')", "refused"),
        ("def answer(run):\n    return run('acme/notes', audience='https://cloud.example')", "refused-run"),
        ("def answer(run):\n    return 'a.b.c'", "refused"),
    ],
    "44.4": [
        (f"{_RULE}    return sub", "not-bool"),
        ("def answer(claims):\n    return claims['aud'] == 'https://cloud.example'", "strangers"),
        (f"{_RULE}    return sub.startswith('repo:acme/notes')", "prefix"),
        (f"{_RULE}    return str(sub).startswith('repo:acme/notes:')", "pull-request"),
        (f"{_RULE}    return 'acme/notes' in str(sub)", "prefix"),
        (f"{_RULE}    return '/notes:' in sub and sub.endswith(('/main', ':release'))", "owner"),
        (f"{_RULE}    return str(sub).startswith('repo:acme/notes:ref:refs/heads/')", "ours"),
        (
            f"{_RULE}    return str(sub).startswith(('repo:acme/notes:ref:refs/heads/', 'repo:acme/notes:environment:release'))",
            "branch",
        ),
        (
            f"{_RULE}    return str(sub).startswith('repo:acme/notes:ref:') and str(sub).endswith('/main') "
            "or sub == 'repo:acme/notes:environment:release'",
            "branch",
        ),
        (
            f"{_RULE}    return sub in ('repo:acme/notes:ref:refs/heads/main', 'repo:acme/notes:ref:refs/tags/main', "
            "'repo:acme/notes:environment:release')",
            "tag",
        ),
        (
            f"{_RULE}    return str(sub).startswith('repo:acme/notes:environment:') or sub == 'repo:acme/notes:ref:refs/heads/main'",
            "environment",
        ),
        ("def answer(claims):\n    return claims['repository'] == 'acme/notes'", "prefix"),
        (
            f"{_RULE}    return str(sub).endswith(('repo:acme/notes:ref:refs/heads/main', 'repo:acme/notes:environment:release'))",
            "inside",
        ),
        (
            "def answer(claims):\n    return claims['repository'] == 'acme/notes' and claims['sub'] in "
            "('repo:acme/notes:ref:refs/heads/main', 'repo:acme/notes:environment:release')",
            "other-claim",
        ),
        (
            f"{_RULE}    return sub[:4] == 'repo' and sub in ('repo:acme/notes:ref:refs/heads/main', "
            "'repo:acme/notes:environment:release')",
            "raised",
        ),
    ],
}
