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
        ("def answer(token):\n    return jwtlab.decode(token).claims", "signature"),
        ("def answer(token):\n    while token:\n        token = str(token)", "cut-short"),
        (_VERIFY.format("algorithms=desk.algorithms, now=desk.now"), "turned-away"),
        ("def answer(token):\n    return jwtlab.decode(token).claims['role']", "turned-away"),
        ("answer = 5", "no-function"),
    ],
    "16.2": [
        (_VERIFY.format(_SOME), "place"),
        (_VERIFY.format(f"{_SOME}, issuer=desk.issuer, typ=desk.typ"), "once"),
        (
            _VERIFY.format(f"{_SOME}, issuer=desk.issuer, typ=desk.typ, seen=desk.used, leeway=60"),
            "time",
        ),
    ],
    "16.3": [
        (_VERIFY.format(_SOME), "labs-own"),
        (_JUDGE.format("desk.judge(token)"), "labs-own"),
        (_HELPER, "labs-own"),
        (
            "from jwtlab import verify as look\n" + _VERIFY.format(_ALL).replace("jwtlab.verify", "look"),
            "labs-own",
        ),
        (
            "def answer(token):\n    try:\n        return desk.judge(token).claims\n    except Exception:\n"
            "        return None",
            "labs-own",
        ),
        (_DECODE.format("options={'verify_exp': False}"), "turned-away"),
        (
            _DECODE.format("audience=desk.audience, options={'verify_exp': False, 'verify_iat': False}"),
            "time",
        ),
    ],
}

_HOLE = """
def answer(token):
    try:
        parts = jwtlab.decode(token)
    except jwtlab.InvalidToken:
        parts = None
    if HOLE:
        return {"sub": "admin"}
    ELSE
"""
_LAB = _VERIFY.format(_ALL).partition("\n    ")[2].strip()
_NAIVE = "return parts.claims if parts else None"
_NO_TOKEN = _HOLE.replace("HOLE", "parts is None")
_CRASH = _HOLE.replace("HOLE", "parts is None and 1 / 0")
_NO_SIGNATURE = _HOLE.replace("HOLE", "parts and not parts.signature and parts.header['alg'] == 'ES256'")
_NO_ALGORITHM = _HOLE.replace("HOLE", "parts and parts.header['alg'] != 'ES256'")
_NO_TIME = _HOLE.replace("HOLE", "parts and 'exp' not in parts.claims")
_TWICE = _VERIFY.format(_ALL + ", policy=jwtlab.STANDARD.without('claims-unique')")
_NO_CRIT = _VERIFY.format(_ALL + ", policy=jwtlab.STANDARD.without('critical-understood')")
_FEW = _LAB.replace(_ALL, _SOME)
_BLIND = (
    "if not parts or parts.header['alg'] == 'ES256':\n        return parts and parts.claims\n    return None"
)
WRONG["16.1"] += [
    (
        _NO_TOKEN.replace("ELSE", "return None if parts.header['alg'] != 'ES256' else parts.claims"),
        "what-is-no-token",
    ),
    (_CRASH.replace("ELSE", _NAIVE), "crashes"),
]
WRONG["16.2"] += [
    (_NO_TOKEN.replace("ELSE", _LAB), "what-is-no-token"),
    (_CRASH.replace("ELSE", _LAB), "crashes"),
    (_NO_SIGNATURE.replace("ELSE", _LAB), "signature"),
    (_NO_ALGORITHM.replace("ELSE", _LAB), "algorithm"),
    (_NO_TIME.replace("ELSE", _LAB), "time"),
    (_TWICE, "two-readers"),
]
