"""Plausible wrong answers to the exercises of lesson 12."""

from __future__ import annotations

_HEAD = "def answer(claims, seen, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "12.1": [
        ('answer = [{"exp": 900}, {"exp": 0}, {}]', "careless refuses"),
        ('answer = [{"exp": 1100}, {"exp": 0}, {}]', "is a good token"),
        ('answer = [{}, {"sub": "alice"}, {"exp": 0}]', "the same hole"),
        ('answer = [{}, {"exp": 0}]', "2 of three"),
        ('answer = [{"exp": 900_000}, {"exp": 0}, {}]', "is a good token"),
        ('answer = [{"exp": 1100, "nbf": 900}, {"exp": 0}, {}]', "is a good token"),
        ('answer = [{}, {"exp": 0}, {"exp": "999"}]', "TypeError"),
        ('answer = {"exp": 0}', "in a list"),
    ],
    "12.2": [
        ("answer = 30", "is content"),
        ("answer = 75", "only compares itself"),
        ("answer = 60", "not the smallest"),
        ("answer = 10", "45 s ahead"),
        ('answer = "45 s"', "is a number"),
    ],
    "12.3": [
        (
            _HEAD + "    if claims['jti'] in seen:\n        return False\n"
            "    seen[claims['jti']] = claims['exp']\n    return True",
            "remember iss",
        ),
        (
            _HEAD
            + "    name = (claims['iss'], claims.get('jti'))\n    if name in seen:\n        return False\n"
            "    seen[name] = claims['exp']\n    return True",
            "told from its copies",
        ),
        (
            _HEAD + "    name = (claims['iss'], claims.get('jti'))\n"
            "    if name in seen or 'jti' not in claims:\n        return False\n"
            "    seen[name] = claims['exp']\n    return True",
            "Throw old ones out",
        ),
        (_HEAD + "    return 'jti' in claims", "comes again"),
        (
            _HEAD + "    if 'jti' not in claims:\n        return False\n"
            "    mine = seen.setdefault(claims['iss'], {})\n    if claims['jti'] in mine:\n        return False\n"
            "    mine[claims['jti']] = claims['exp']\n    return True",
            "entries are still there",
        ),
        (
            _HEAD + "    used = seen.setdefault('used', [])\n    name = (claims['iss'], claims.get('jti'))\n"
            "    if name[1] is None or name in used:\n        return False\n"
            "    used.append(name)\n    return True",
            "entries are still there",
        ),
        (
            _HEAD + "    name = (claims['iss'], claims.get('jti'))\n    if name[1] is None or name in seen:\n"
            "        return False\n    seen[name] = claims['exp']\n    if len(seen) > 10:\n"
            "        del seen[next(iter(seen))]\n    return True",
            "A full memory is no reason",
        ),
    ],
}
