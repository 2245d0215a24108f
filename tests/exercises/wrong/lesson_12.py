"""Plausible wrong answers to the exercises of lesson 12."""

from __future__ import annotations

_HEAD = "def answer(claims, seen, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "12.1": [
        ('answer = [{"exp": 900}, {"exp": 0}, {}]', "refused"),
        ('answer = [{"exp": 1100}, {"exp": 0}, {}]', "good-token"),
        ('answer = [{}, {"sub": "alice"}, {"exp": 0}]', "same-hole"),
        ('answer = [{}, {"exp": 0}]', "too-few"),
        ('answer = [{"exp": 900_000}, {"exp": 0}, {}]', "good-token"),
        ('answer = [{"exp": 1100, "nbf": 900}, {"exp": 0}, {}]', "good-token"),
        ('answer = [{}, {"exp": 0}, {"exp": "999"}]', "crash"),
        ('answer = {"exp": 0}', "one-set"),
    ],
    "12.2": [
        ("answer = 30", "behind"),
        ("answer = 75", "apart"),
        ("answer = 60", "too-large"),
        ("answer = 10", "too-small"),
        ('answer = "45 s"', "not-a-number"),
    ],
    "12.3": [
        (
            _HEAD + "    if claims['jti'] in seen:\n        return False\n"
            "    seen[claims['jti']] = claims['exp']\n    return True",
            "other-issuer",
        ),
        (
            _HEAD
            + "    name = (claims['iss'], claims.get('jti'))\n    if name in seen:\n        return False\n"
            "    seen[name] = claims['exp']\n    return True",
            "no-jti",
        ),
        (
            _HEAD + "    name = (claims['iss'], claims.get('jti'))\n"
            "    if name in seen or 'jti' not in claims:\n        return False\n"
            "    seen[name] = claims['exp']\n    return True",
            "grows",
        ),
        (_HEAD + "    return 'jti' in claims", "replay"),
        (
            _HEAD + "    if 'jti' not in claims:\n        return False\n"
            "    mine = seen.setdefault(claims['iss'], {})\n    if claims['jti'] in mine:\n        return False\n"
            "    mine[claims['jti']] = claims['exp']\n    return True",
            "grows",
        ),
        (
            _HEAD + "    used = seen.setdefault('used', [])\n    name = (claims['iss'], claims.get('jti'))\n"
            "    if name[1] is None or name in used:\n        return False\n"
            "    used.append(name)\n    return True",
            "grows",
        ),
        (
            _HEAD + "    name = (claims['iss'], claims.get('jti'))\n    if name[1] is None or name in seen:\n"
            "        return False\n    seen[name] = claims['exp']\n    if len(seen) > 10:\n"
            "        del seen[next(iter(seen))]\n    return True",
            "full",
        ),
    ],
}

_MEMORY = """
kept = {}
def answer(claims, seen, now):
    for name in [name for name, exp in seen.items() if exp <= now + MARGIN]:
        del seen[name]
    if "jti" not in claims:
        return False
    name = (claims["iss"], claims["jti"])
    if name in seen:
        return False
    seen[name] = claims["exp"]
    return True"""
WRONG["12.3"] += [
    (_MEMORY.replace("MARGIN", "10"), "forgotten"),
    (
        _MEMORY.replace("+ MARGIN", "").replace("seen", "kept").replace("claims, kept", "claims, seen"),
        "elsewhere",
    ),
    (
        _MEMORY.replace("+ MARGIN", "").replace(
            '(claims["iss"], claims["jti"])', 'claims["iss"] + claims["jti"]'
        ),
        "glued",
    ),
    (
        _MEMORY.replace("+ MARGIN", "").replace(
            '(claims["iss"], claims["jti"])', "f\"{claims['iss']}|{claims['jti']}\""
        ),
        "glued",
    ),
]
