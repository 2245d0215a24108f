"""Plausible wrong answers to the exercises of lesson 21."""

from __future__ import annotations

_CLAIMS = "{**{'iss': 'crm-sync', 'sub': 'alice', 'aud': AS, 'exp': int(lab.now) + 60, 'jti': 'x'}, **%s}"
NOTE = f"jwtlab.issue({_CLAIMS}, key, alg='ES256')"
HEAD = "def answer(claims, me, approved, used, now):\n"
AUD = (
    f"{HEAD}    aud = claims.get('aud')\n"
    "    if (aud if isinstance(aud, list) else [aud]) != [me]: return False\n"
)
TIME = f"{AUD}    if not now < claims.get('exp', 0) <= now + 3600: return False\n"
KEYS = "answer = {'service': %r, 'server': %r, 'API': %r}"
SP, SU, AP, AU = "service private", "service public", "server private", "server public"

WRONG: dict[str, list[tuple[str, str]]] = {
    "21.1": [
        (f"answer = {NOTE % {'aud': 'https://as.example/token'}}", "endpoint"),
        (f"answer = {NOTE % {'aud': 'https://as.example/'}}", "slash"),
        (f"answer = {NOTE % {'aud': ['https://api.example']}}", "api"),
        (f"answer = {NOTE % {'aud': ['https://as.example', 'https://api.example']}}", "several"),
        (f"answer = {NOTE % {'jti': 'note-1'}}", "spent"),
        (f"answer = {_CLAIMS % {}}", "claims"),
        (f"answer = ({NOTE % {}}).encode()", "bytes"),
        (f"answer = {NOTE % {'aud': 'https://api.example'}}", "api"),
        (f"answer = {NOTE % {'sub': 'crm-sync'}}", "itself"),
        (f"answer = {NOTE % {'sub': 'bob'}}", "refused"),
        (f"answer = {NOTE % {'iss': 'alice'}}", "refused"),
        (f"answer = {NOTE % {'exp': 4000000000000}}", "milliseconds"),
        (f"answer = {NOTE % {'exp': 1767225600 + 3000}}", "too-long"),
        (f"answer = {NOTE % {'exp': 1767225600 + 301}}", "too-long"),
        (f"answer = {NOTE % {'exp': 1767225600 - 60}}", "expired"),
        (f"answer = {NOTE % {}}".replace("'jti': 'x'", "'iat': int(lab.now)"), "no-jti"),
        (f"answer = {NOTE % {}}".replace("'exp': int(lab.now) + 60, ", ""), "no-exp"),
        (f"answer = {NOTE % {}}".replace("key, alg", "lab.key('ES256', 'mallory'), alg"), "refused"),
        (f"answer = {NOTE % {}}".replace("key, alg='ES256'", "lab.key('HS256'), alg='HS256'"), "refused"),
        ("answer = 'abc'", "no-jwt"),
        ("answer = 42", "not-text"),
    ],
    "21.2": [
        (KEYS % ({SP}, {AP}, {AU}), "server-checks"),
        (KEYS % ({SP}, {SU}, {AU}), "server-signs"),
        (KEYS % ({SP}, {SU, AP, SP}, {AU}), "server-too-many"),
        (KEYS % ({SP}, {SU, AP}, {SU}), "API-sees-note"),
        (KEYS % ({SP}, {SU, AP}, {SU, AU}), "API-sees-note"),
        (KEYS % ({SP}, {SU, AP}, {AP, AU}), "API-too-many"),
        (KEYS % ({SP, AP}, {SU}, {"x"}), "no-such-key"),
        (KEYS % ({SP, AU}, {SU, AP}, {AU}), "service-too-many"),
        (KEYS % ({SU}, {SU, AP}, {AU}), "service-signs"),
        ("answer = {'service': 'both', 'server': None, 'API': None}", "no-such-key"),
        (KEYS % ({SP}, {SU, AP}, set()), "no-set"),
        ("answer = ['service private']", "not-a-dict"),
    ],
    "21.3": [
        (f"{HEAD}    return claims['aud'] == me and claims['exp'] > now", "aud-list"),
        (f"{HEAD}    return me in claims['aud'] and now < claims.get('exp', 0) < now + 3600", "last-second"),
        (
            f"{HEAD}    return me in claims['aud'] and claims.get('exp', 0) > now "
            "and claims['sub'] in approved[claims['iss']] and (claims['iss'], claims['jti']) not in used",
            "two-servers",
        ),
        (f"{HEAD}    return claims.get('iss') in ('crm', 'shop')", "given"),
        (f"{HEAD}    return 'aud' in claims", "given"),
        (f"{HEAD}    used.add(claims.get('jti'))\n    return True", "changes-input"),
        (f"{HEAD}    return claims.get('sub')", "not-bool"),
        (
            f"{AUD}    return now < claims.get('exp', now + 9) <= now + 3600 "
            "and (claims['iss'], claims['jti']) not in used and claims['sub'] in approved[claims['iss']]",
            "no-exp",
        ),
        (
            f"{AUD}    return claims.get('exp', 0) > now and (claims['iss'], claims['jti']) not in used "
            "and claims['sub'] in approved[claims['iss']]",
            "too-long",
        ),
        (f"{TIME}    return claims['sub'] in approved[claims['iss']]", "given"),
        (
            f"{TIME}    if claims.get('jti') in {{jti for _, jti in used}}: return False\n"
            "    return claims['sub'] in approved.get(claims['iss'], set())",
            "used-by-another",
        ),
        (
            f"{TIME}    if claims['iss'] + claims.get('jti', '') in {{iss + jti for iss, jti in used}}: return False\n"
            "    return claims['sub'] in approved.get(claims['iss'], set())",
            "glued",
        ),
        (
            f"{TIME}    if (claims['iss'], claims.get('jti', '').lower()) in used: return False\n"
            "    return claims['sub'] in approved.get(claims['iss'], set())",
            "given",
        ),
        (
            f"{TIME}    if (claims['iss'], claims.get('jti')) in used: return False\n"
            "    return claims['sub'] in approved.get(claims['iss'], set())",
            "no-jti",
        ),
        (
            f"{TIME}    if 'jti' not in claims or (claims['iss'], claims['jti']) in used: return False\n"
            "    return any(claims['sub'] in each for each in approved.values())",
            "not-approved",
        ),
    ],
}
