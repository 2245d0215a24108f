"""Right answers to the exercises of lesson 12 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "12.1": [
        "answer = [dict(), dict(exp=1000), dict(exp=0)]",
        "answer = ({'sub': 'alice'}, {'sub': 'alice', 'exp': 1000}, {'sub': 'alice', 'exp': 0.0})\nanswer = list(answer)",
        "answer = [{'exp': 1000.0}, {'exp': None}, {'exp': 0}]",
        "answer = [{'exp': 5000, 'nbf': 4000}, {'exp': 1000}, {}]",
    ],
    "12.2": [
        "answer = 45",
        "answer = max(-min(offsets), max(offsets))",
        "answer = sorted(map(abs, offsets))[-1]",
        "answer = 45.0",
    ],
    "12.3": [
        "def answer(claims, seen, now):\n"
        "    old = {name for name in seen if seen[name] <= now}\n"
        "    for name in old:\n        seen.pop(name)\n"
        "    jti = claims.get('jti')\n"
        "    if jti is None:\n        return False\n"
        "    key = claims['iss'], jti\n"
        "    if key in seen:\n        return False\n"
        "    seen.setdefault(key, claims['exp'])\n"
        "    return True",
        "import json\n"
        "def answer(claims, seen, now):\n"
        "    kept = {name: until for name, until in seen.items() if until > now}\n"
        "    seen.clear()\n    seen.update(kept)\n"
        "    if 'jti' not in claims:\n        return False\n"
        "    name = json.dumps([claims['iss'], claims['jti']])\n"
        "    fresh = name not in seen\n"
        "    seen[name] = claims['exp']\n"
        "    return fresh",
        "def answer(claims, seen, now):\n"
        "    by_end = seen.setdefault('by end', {})\n"
        "    for end in [end for end in by_end if end <= now]:\n        del by_end[end]\n"
        "    if 'jti' not in claims:\n        return False\n"
        "    mine = (claims['iss'], claims['jti'])\n"
        "    if any(mine in names for names in by_end.values()):\n        return False\n"
        "    by_end.setdefault(claims['exp'], set()).add(mine)\n"
        "    return True",
    ],
}
