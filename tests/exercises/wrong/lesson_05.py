"""Plausible wrong answers to the exercises of lesson 05."""

from __future__ import annotations

_RIGHT = """
answer = {}
for name, token in tokens.items():
    failure = lab.verify(token).first_failure
    answer[name] = failure.id if failure else "accepted"
"""
_ALIVE = "def answer(claims, now, leeway):\n"
_GUARD = """
def answer(token):
    report = jwtlab.verify(
        token, lesson_05.KEYS, algorithms=[{algs}], issuer={issuer}, audience={audience}, typ={typ},
        now=lab.now, leeway={leeway},
    )
    return {result}
"""
_KEPT = "report.claims if report.accepted else None"


def _guard(**change: str) -> str:
    values = {
        "algs": '"ES256"',
        "issuer": "lab.issuer",
        "audience": "lesson_05.NOTES",
        "typ": '"at+jwt"',
        "leeway": "30",
        "result": _KEPT,
    }
    return _GUARD.format(**values | change)


_PYJWT = """
import os, jwt
def answer(token):
    try:
        claims = jwt.decode(token, {secret}, algorithms={algs}, {named} options={options})
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.{error}:
        return "invalid"
    return claims{result}
"""


def _pyjwt(**change: str) -> str:
    values = {
        "secret": 'os.environ["NOTES_SECRET"]',
        "algs": '["HS256"]',
        "named": 'issuer="https://as.example", audience="https://notes.example",',
        "options": '{"require": ["exp"]}',
        "error": "InvalidTokenError",
        "result": '["sub"]',
    }
    return _PYJWT.format(**values | change)


WRONG: dict[str, list[tuple[str, str]]] = {
    "05.1": [
        ("answer = {name: lab.verify(token).accepted for name, token in tokens.items()}", "not-an-id"),
        (_RIGHT + 'answer["two"] = "accepted"', "refused"),
        (_RIGHT + 'answer["four"] = "not-expired"', "other-check"),
        (_RIGHT + 'answer["one"] = "not-expired"', "accepted"),
        (_RIGHT + 'answer["two"] = str(lab.verify(tokens["two"]).first_failure)', "sentence"),
        (_RIGHT + 'del answer["six"]', "missing"),
        ('answer = "signature-valid"', "not-a-dict"),
    ],
    "05.2": [
        (_ALIVE + '    return now < claims["exp"] + leeway', "raised"),
        (_ALIVE + '    return now <= claims.get("exp", 0) + leeway', "at-exp"),
        (_ALIVE + '    return now < claims.get("exp", 0)', "leeway-exp"),
        (
            _ALIVE + '    return claims.get("nbf", 0) <= now < claims.get("exp", 0) + leeway',
            "no-exp",
        ),
        (
            _ALIVE + '    return now < claims["exp"] + leeway if claims.get("exp") else True',
            "no-exp",
        ),
        (_ALIVE + '    return claims.get("exp")', "not-bool"),
        (
            _ALIVE
            + '    e, n = claims.get("exp", 0), claims.get("nbf", 0)\n'
            + "    ok = isinstance(e, (int, float)) and isinstance(n, (int, float))\n"
            + "    return ok and n - leeway <= now < e + leeway",
            "no-exp",
        ),
    ],
    "05.3": [
        (_guard(audience="None"), "good"),
        (_guard(issuer="None"), "issuer"),
        (_guard(typ="None"), "typ"),
        (_guard(leeway="0"), "leeway"),
        (_guard(leeway="31"), "leeway-too-much"),
        (_guard(algs='"ES256", "RS256"'), "algorithm"),
        (_guard(result="report"), "report"),
        (_guard(result="report.accepted or None"), "only-true"),
        ("def answer(token):\n    return jwtlab.decode(token).claims", "not-verified"),
    ],
    "05.4": [
        (_pyjwt(options="{}"), "exp"),
        (_pyjwt(named='audience="https://notes.example",'), "issuer"),
        (_pyjwt(named='issuer="https://as.example",'), "whose-audience"),
        (_pyjwt(result='["sub"] + ", welcome"'), "subject-alone"),
        (_pyjwt(algs='["HS256", "HS512"]'), "algorithm"),
        (_pyjwt(result=""), "claims"),
        (_pyjwt(error="InvalidSignatureError"), "raised"),
        (_pyjwt(secret='"printed in the source, for everybody to see"'), "fixed-secret"),
        (
            _pyjwt(named='issuer="https://as.example", audience="https://notes.example", leeway=30,'),
            "expired",
        ),
    ],
}

_VERIFY = """
def answer(token):
    report = jwtlab.verify(
        token, lesson_05.KEYS, algorithms=["ES256"], issuer=lab.issuer, audience=lesson_05.NOTES, typ="at+jwt",
        now=lab.now, leeway=30,
    )
    return report.claims if report.accepted else None"""
WRONG["05.3"] += [
    (_VERIFY.replace("report.claims if", "{'sub': 'alice'} if"), "other-claims"),
]
_PYJWT = """
import os, jwt
def answer(token):
    try:
        claims = jwt.decode(token, os.environ["NOTES_SECRET"], algorithms=["HS256"], issuer="https://as.example",
                            audience="https://notes.example", options={"require": ["exp", "sub"]})
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.InvalidTokenError:
        return "invalid"
    return claims["sub"]"""
WRONG["05.4"] += [
    (_PYJWT.replace('"require"', '"verify_signature": False, "require"'), "unsigned"),
    (
        _PYJWT.replace('algorithms=["HS256"], ', "").replace(
            "except jwt.InvalidTokenError", "except KeyError"
        ),
        "no-algorithms",
    ),
    (_PYJWT.replace("https://notes.example", "https://photos.example"), "other-audience"),
    (_PYJWT.replace("https://as.example", "https://as.example/"), "other-issuer"),
    (_PYJWT.replace(', "sub"]', "]").replace('["sub"]', '.get("sub")'), "no-sub"),
    (_PYJWT.replace('"require"', '"verify_nbf": False, "require"'), "not-yet"),
    (
        _PYJWT.replace("except jwt.InvalidTokenError", "except jwt.InvalidSignatureError").replace(
            "return claims", "return claims"
        ),
        "raised",
    ),
    (
        _PYJWT.replace('audience="https://notes.example", options={', 'options={"verify_aud": False, '),
        "audience",
    ),
    (_PYJWT.replace('issuer="https://as.example",\n', "\n"), "issuer"),
    (_PYJWT.replace("    try:", "    if token.count('.') < 2:\n        return None\n    try:"), "no-token"),
    (_PYJWT.replace("    try:", "    if token.endswith('.'):\n        return 'alice'\n    try:"), "none"),
    (
        _PYJWT.replace(
            "    try:",
            "    if token.startswith('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIi'):\n        "
            "return 'alice'\n    try:",
        ).replace('"require"', '"verify_aud": False, "require"'),
        "audience",
    ),
]
_BY_HAND = """
    for name, right in (("aud", "https://notes.example"), ("iss", "https://as.example")):
        if claims.get(name, MISSING) != right:
            return "invalid"
    return claims["sub"]"""
WRONG["05.4"] += [
    (
        _PYJWT.replace('"require"', '"verify_aud": False, "verify_iss": False, "require"').replace(
            '\n    return claims["sub"]', _BY_HAND.replace("MISSING", missing)
        ),
        mistake,
    )
    for missing, mistake in (
        ("'https://notes.example'", "no-audience"),
        ("'https://as.example'", "no-issuer"),
    )
]
