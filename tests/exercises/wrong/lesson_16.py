"""Plausible wrong answers to the exercises of lesson 16."""

from __future__ import annotations

_VERIFY = """
def answer(token):
    report = jwtlab.verify(token, desk.keys, {})
    return report.claims if report.accepted else None
"""
_SOME = "algorithms=desk.algorithms, now=desk.now, audience=desk.audience"
_ALL = f"{_SOME}, issuer=desk.issuer, typ=desk.typ, seen=desk.used"
_JUDGE = """
def answer(token):
    report = {}
    return report.claims if report.accepted else None
"""
_HELPER = _VERIFY.format(_ALL).replace("answer", "helper") + "\ndef answer(token):\n    return helper(token)"
_DECODE = "import jwt\ndef answer(token):\n    return jwt.decode(token, desk.pem, algorithms=['ES256'], {})"

WRONG: dict[str, list[tuple[str, str]]] = {
    "16.1": [
        ("def answer(token):\n    return jwtlab.decode(token).claims", "7 of 39"),
        ("def answer(token):\n    while token:\n        token = str(token)", "endless loop"),
        (_VERIFY.format("algorithms=desk.algorithms, now=desk.now"), "A good token is turned away"),
        ("def answer(token):\n    return jwtlab.decode(token).claims['role']", "KeyError"),
        ("answer = 5", "is your verifier"),
    ],
    "16.2": [
        (_VERIFY.format(_SOME), "issuer"),
        (_VERIFY.format(f"{_SOME}, issuer=desk.issuer, typ=desk.typ"), "desk.used"),
        (
            _VERIFY.format(f"{_SOME}, issuer=desk.issuer, typ=desk.typ, seen=desk.used, leeway=60"),
            "This gets in: expired this second",
        ),
    ],
    "16.3": [
        (_VERIFY.format(_SOME), "about PyJWT"),
        (_JUDGE.format("desk.judge(token)"), "about PyJWT"),
        (_HELPER, "about PyJWT"),
        (
            "from jwtlab import verify as look\n" + _VERIFY.format(_ALL).replace("jwtlab.verify", "look"),
            "about PyJWT",
        ),
        (
            "def answer(token):\n    try:\n        return desk.judge(token).claims\n    except Exception:\n"
            "        return None",
            "about PyJWT",
        ),
        (_DECODE.format("options={'verify_exp': False}"), "turned away"),
        (
            _DECODE.format("audience=desk.audience, options={'verify_exp': False, 'verify_iat': False}"),
            "This gets in",
        ),
    ],
}
