"""Plausible wrong answers to the exercises of lesson 21."""

from __future__ import annotations

NOTE = (
    "jwtlab.issue({**{'iss': 'crm-sync', 'sub': 'alice', 'aud': AS, 'exp': int(lab.now) + 60, 'jti': 'x'}, **%s}, "
    "key, alg='ES256')"
)
HEAD = "def answer(claims, me, approved, used, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "21.1": [
        (
            (
                "answer = jwtlab.issue({'iss': 'crm-sync', 'sub': 'alice', 'aud': AS + '/token', "
                "'exp': int(lab.now) + 60, 'jti': 'z'}, key, alg='ES256')"
            ),
            "wants the issuer alone",
        ),
        (
            (
                "answer = jwtlab.issue({'iss': 'crm-sync', 'sub': 'alice', 'aud': AS, 'exp': "
                "int(lab.now) + 60, 'jti': 'note-1'}, key, alg='ES256')"
            ),
            "a new name",
        ),
        ("answer = {'iss': 'crm-sync'}", "These are claims"),
        (f"answer = {NOTE % {'aud': 'https://api.example'}}", "for the authorization server"),
        (f"answer = {NOTE % {'sub': 'crm-sync'}}", "acts for alice"),
        (f"answer = {NOTE % {'sub': 'bob'}}", "refuses it"),
        (f"answer = {NOTE % {'exp': 4000000000000}}", "milliseconds"),
        (f"answer = {NOTE % {'exp': 1767225600 + 3000}}", "five minutes"),
        (f"answer = {NOTE % {}}".replace("'jti': 'x'", "'iat': int(lab.now)"), "a name of its own"),
        (f"answer = {NOTE % {}}".replace("key, alg", "lab.key('ES256', 'mallory'), alg"), "refuses it"),
        ("answer = 'abc'", "no JWT"),
    ],
    "21.2": [
        (
            "answer = {'service': {'service private'}, 'server': {'server private'}, 'API': {'server public'}}",
            "checks notes",
        ),
        (
            "answer = {'service': {'service private'}, 'server': {'service public', 'server private'}, "
            "'API': {'service public'}}",
            "never sees a note",
        ),
        (
            "answer = {'service': {'service private', 'server private'}, 'server': {'service public'}, 'API': {'x'}}",
            "no key of the server",
        ),
        ("answer = {'service': 'both', 'server': None, 'API': None}", "none of the four"),
        ("answer = ['service private']", "a dict"),
    ],
    "21.3": [
        (f"{HEAD}    return claims['aud'] == me and claims['exp'] > now", "A list of one"),
        (f"{HEAD}    return me in claims['aud'] and claims.get('exp', 0) > now", "two servers"),
        (
            f"{HEAD}    aud = claims['aud'] if isinstance(claims['aud'], list) else [claims['aud']]\n"
            "    return aud == [me] and claims.get('exp', 0) > now",
            "more than an hour",
        ),
        (
            f"{HEAD}    aud = claims['aud'] if isinstance(claims['aud'], list) else [claims['aud']]\n"
            "    if aud != [me] or not now < claims.get('exp', 0) <= now + 3600: return False\n"
            "    return claims['sub'] in approved[claims['iss']]",
            "It has been used",
        ),
        (
            f"{HEAD}    aud = claims['aud'] if isinstance(claims['aud'], list) else [claims['aud']]\n"
            "    if aud != [me] or not now < claims.get('exp', 0) <= now + 3600: return False\n"
            "    if claims.get('jti') in {jti for _, jti in used}: return False\n"
            "    return claims['sub'] in approved.get(claims['iss'], set())",
            "belongs to its issuer",
        ),
    ],
}
