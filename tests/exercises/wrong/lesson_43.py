"""Plausible wrong answers to the exercises of lesson 43."""

from __future__ import annotations

_KEYS = "def answer(kid, known, age):\n"
_SAY = "def answer(authorization, claims, needed):\n"
_NOTE = "def answer(claims, method, note):\n"
_API = """\
def answer(issuer):
    app, keys = Flask("notes"), jwt.PyJWKClient(issuer.jwks_uri)

    def refused(status, more=""):
        return "", status, {{"WWW-Authenticate": f'Bearer realm="notes"{{more}}'}}

    def verify(token):
        {before}
        return jwt.decode(token, {key}, algorithms=["RS256"]{arguments})

    @app.get("{path}")
    def notes():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if {absent}:
            return {bare}
        try:
            claims = verify(token)
        except {errors}:
            return {bad}
        if {weak}:
            return {little}
        return {{"owner": {owner}}}

    return app"""
_PARTS = {
    "before": 'if jwt.get_unverified_header(token).get("typ") != "at+jwt":\n'
    '            raise jwt.InvalidTokenError("no access token")',
    "key": "keys.get_signing_key_from_jwt(token)",
    "arguments": ', audience="https://notes.example", issuer=issuer.issuer, '
    'options={"require": ["exp", "iss", "aud", "sub"]}',
    "path": "/notes",
    "absent": 'scheme.lower() != "bearer"',
    "bare": "refused(401)",
    "errors": "jwt.PyJWTError",
    "bad": "refused(401, ', error=\"invalid_token\"')",
    "weak": '"notes:read" not in claims.get("scope", "").split()',
    "owner": 'claims["sub"]',
    "little": "refused(403, ', error=\"insufficient_scope\"')",
}
_EXP = ', audience="https://notes.example", issuer=issuer.issuer'


def _api(**parts: str) -> str:
    return _API.format(**_PARTS | parts)


def _decoded(**options: bool) -> str:
    return f'{_EXP}, options={{"require": ["exp", "iss", "aud"], **{options}}}'


WRONG: dict[str, list[tuple[str, str]]] = {
    "43.1": [
        ("answer = 'fetch'", "no-function"),
        (f"{_KEYS}    return 'use' if kid in known else 'fetch'", "too-old"),
        (f"{_KEYS}    if not age or age >= 300:\n        return 'fetch'\n    return 'use' if kid in known else 'refuse'", "zero-is-a-number"),
        (f"{_KEYS}    if age is None:\n        return 'fetch'\n    return 'use' if kid in known else 'fetch' if age >= 30 else 'refuse'", "too-old"),
        (f"{_KEYS}    if age is None or age >= 300:\n        return 'fetch'\n    return 'use' if kid in known else 'fetch'", "patience"),
        (f"{_KEYS}    if age is None or age >= 300:\n        return 'fetch'\n    return 'use' if kid in known else 'refuse'", "unknown"),
        (f"{_KEYS}    if age is None or age >= 300:\n        return 'fetch'\n    return 'use' if kid is None or kid in known else 'fetch' if age >= 30 else 'refuse'", "no-kid"),
        (f"{_KEYS}    if age is None or age >= 300:\n        return 'fetch'\n    return 'use' if (kid or '-').lower() in known else 'fetch' if age >= 30 else 'refuse'", "kid-loosely"),
    ],
    "43.2": [
        (f"{_SAY}    return 401", "not-a-pair"),
        (f"{_SAY}    return '401', 'Bearer'", "not-a-pair"),
        (f"{_SAY}    return 200, 'Bearer realm=\"notes\"'", "said-though-good"),
        (f"{_SAY}    return (200, None) if claims else (401, None)", "no-challenge"),
        (f"{_SAY}    return (200, None) if claims else (401, 'Basic realm=\"notes\"')", "another-challenge"),
        (f"{_SAY}    return (200, None) if claims else (401, 'Bearer')", "no-parameter"),
        (f"{_SAY}    return (200, None) if claims else (401, 'Bearer error=\"invalid_token\"')", "no-token"),
        (f"{_SAY}    return (200, None) if claims else (401, 'Bearer realm=\"notes\"')", "bad-token"),
        (f"{_SAY}    if not authorization:\n        return 401, 'Bearer realm=\"x\"'\n    return (200, None) if claims else (401, 'Bearer error=\"invalid_token\"')", "too-little"),
        (f"{_SAY}    if claims and needed not in claims['scope']:\n        return 403, f'Bearer error=\"insufficient_scope\", scope=\"{{needed}}\"'\n    if not authorization:\n        return 401, 'Bearer realm=\"x\"'\n    return (200, None) if claims else (401, 'Bearer error=\"invalid_token\"')", "raised"),
        (f"{_SAY}    if claims and needed not in claims.get('scope', ''):\n        return 403, f'Bearer error=\"insufficient_scope\", scope=\"{{needed}}\"'\n    if not authorization:\n        return 401, 'Bearer realm=\"x\"'\n    return (200, None) if claims else (401, 'Bearer error=\"invalid_token\"')", "other-scheme"),
    ],
    "43.3": [
        (f"{_NOTE}    return 200", "scope-first"),
        (f"{_NOTE}    return '200'", "own-note"),
        (f"{_NOTE}    return 200 if ('notes:read' if method == 'GET' else 'notes:write') in claims.get('scope', '').split() else 403", "somebody-elses"),
        (f"{_NOTE}    if ('notes:read' if method == 'GET' else 'notes:write') not in claims.get('scope', '').split():\n        return 403\n    return 200 if note['owner'] == claims['sub'] else 404", "raised"),
        (f"{_NOTE}    if ('notes:read' if method == 'GET' else 'notes:write') not in claims.get('scope', '').split():\n        return 403\n    return 200 if note and note['owner'] == claims['sub'] else 404", "a-reader"),
        (f"{_NOTE}    if ('notes:read' if method == 'GET' else 'notes:write') not in claims.get('scope', '').split():\n        return 403\n    return 200 if note and claims['sub'] in [note['owner'], *note['readers']] else 404", "reader-writes"),
        (f"{_NOTE}    if ('notes:read' if method in ('GET', 'HEAD') else 'notes:write') not in claims.get('scope', ''):\n        return 403\n    if note and claims['sub'] == note['owner']:\n        return 200\n    if note and claims['sub'] in note['readers']:\n        return 200 if method in ('GET', 'HEAD') else 403\n    return 404", "scope-words"),
    ],
    "43.4": [
        ("answer = 'Flask'", "no-function"),
        ("def answer(issuer):\n    return {'notes': []}", "no-app"),
        ("def answer(issuer):\n    return jwt.PyJWKClient", "no-app"),
        (_api(path="/note"), "turned-away"),
        (_api(key="'secret'"), "turned-away"),
        ("def answer(issuer):\n    app = Flask('notes')\n    app.add_url_rule('/notes', view_func=lambda: {})\n    return app", "signature-valid"),
        (_api(arguments=', options={"verify_signature": False}'), "signature-valid"),
        (_api(before=f'{_PARTS["before"]}\n        if jwt.get_unverified_header(token)["alg"].lower() == "none":\n            return jwt.decode(token, options={{"verify_signature": False}})'), "algorithm-allowed"),
        (_api(key='jwt.PyJWK(jwt.get_unverified_header(token)["jwk"]) if "jwk" in jwt.get_unverified_header(token) else keys.get_signing_key_from_jwt(token)'), "key-found"),
        (_api(arguments=_decoded(verify_exp=False)), "not-expired"),
        (_api(arguments=_decoded(verify_nbf=False)), "already-valid"),
        (_api(arguments=', issuer=issuer.issuer, options={"verify_aud": False}'), "audience-expected"),
        (_api(arguments=', audience="https://notes.example"'), "issuer-expected"),
        (_api(arguments=_EXP), "expiry-present"),
        (_api(before=""), "type-expected"),
        (_api(weak='"notes:read" not in claims.get("scope", "")'), "scope-allowed"),
        (_api(weak="False"), "scope-allowed"),
        (_api(absent="False", bare="refused(401)", before="if not token:\n            return {'scope': 'notes:read', 'sub': 'x'}\n        " + _PARTS["before"]), "token-present"),
        (_api(errors="jwt.ExpiredSignatureError"), "crashes"),
        (_api(bad="refused(403)"), "status"),
        (_api(little="refused(401)"), "status"),
        (_api(bare='("", 401)'), "challenge"),
        (_api(bad="refused(401)"), "challenge"),
        (_api(owner="'alice'"), "owner"),
        (_api(before=_PARTS["before"].replace(".get(\"typ\")", ".get(\"typ\", \"at+jwt\")")), "status"),
        (_api(bare="refused(401, ', error=\"invalid_token\"')"), "says-too-much"),
    ],
}  # fmt: skip
