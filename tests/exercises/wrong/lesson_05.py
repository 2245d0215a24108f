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
        ("answer = {name: lab.verify(token).accepted for name, token in tokens.items()}", "id of the check"),
        (_RIGHT + 'answer["two"] = "accepted"', "is refused"),
        (_RIGHT + 'answer["four"] = "not-expired"', "another check"),
        (_RIGHT + 'answer["one"] = "not-expired"', "Nothing is wrong"),
        (_RIGHT + 'answer["two"] = str(lab.verify(tokens["two"]).first_failure)', "first_failure.id"),
        (_RIGHT + 'del answer["six"]', "'six' is missing"),
        ('answer = "signature-valid"', "is a dict"),
    ],
    "05.2": [
        (_ALIVE + '    return now < claims["exp"] + leeway', "KeyError"),
        (_ALIVE + '    return now <= claims.get("exp", 0) + leeway', "on or after"),
        (_ALIVE + '    return now < claims.get("exp", 0)', "With a leeway of 60"),
        (
            _ALIVE + '    return claims.get("nbf", 0) <= now < claims.get("exp", 0) + leeway',
            "at its beginning",
        ),
        (
            _ALIVE + '    return now < claims["exp"] + leeway if claims.get("exp") else True',
            "must not live for ever",
        ),
        (_ALIVE + '    return claims.get("exp")', "instead of True or False"),
        (
            _ALIVE
            + '    e, n = claims.get("exp", 0), claims.get("nbf", 0)\n'
            + "    ok = isinstance(e, (int, float)) and isinstance(n, (int, float))\n"
            + "    return ok and n - leeway <= now < e + leeway",
            "True is no date",
        ),
    ],
    "05.3": [
        (_guard(audience="None"), "refuses this token"),
        (_guard(issuer="None"), "issuer="),
        (_guard(typ="None"), "typ="),
        (_guard(leeway="0"), "20 seconds ago"),
        (_guard(leeway="31"), "30 seconds ago"),
        (_guard(algs='"ES256", "RS256"'), "only ES256"),
        (_guard(result="report"), "This is the report"),
        (_guard(result="report.accepted or None"), "Return the claims themselves"),
        ("def answer(token):\n    return jwtlab.decode(token).claims", "only decode"),
    ],
    "05.4": [
        (_pyjwt(options="{}"), "It has no exp"),
        (_pyjwt(named='audience="https://notes.example",'), "another issuer"),
        (_pyjwt(named='issuer="https://as.example",'), "who you are: audience="),
        (_pyjwt(result='["sub"] + ", welcome"'), "subject alone"),
        (_pyjwt(algs='["HS256", "HS512"]'), "HS512"),
        (_pyjwt(result=""), "all the claims"),
        (_pyjwt(error="InvalidSignatureError"), "MissingRequiredClaimError"),
        (_pyjwt(secret='"printed in the source, for everybody to see"'), "os.environ"),
        (
            _pyjwt(named='issuer="https://as.example", audience="https://notes.example", leeway=30,'),
            "no leeway",
        ),
    ],
}
