"""Right answers to the exercises of lesson 34 that are not our own."""

from __future__ import annotations

_REPLY, _LIST = "def answer(reply, me, needed):\n", "def answer(revoked, jti, until, now):\n"
_KEPT = "def answer(reply, now, longest):\n"

OTHERS: dict[str, list[str]] = {
    "34.1": [
        f"{_REPLY}    if reply.get('active') is not True:\n        return False\n    aud = reply.get('aud')\n"
        "    if aud != me and not (isinstance(aud, list) and me in aud):\n        return False\n"
        "    return needed in str(reply.get('scope', '')).split(' ')",
        f"{_REPLY}    match reply:\n        case {{'active': True, 'aud': aud, 'scope': str(scope)}}:\n"
        "            return reply['active'] is True and (me in aud if isinstance(aud, list) else me == aud) "
        "and needed in scope.split()\n    return False",
        f"{_REPLY}    try:\n        aud = reply['aud'] if type(reply['aud']) is list else [reply['aud']]\n"
        "        return type(reply['active']) is bool and reply['active'] and aud.count(me) > 0 "
        "and {needed} <= set(reply['scope'].split())\n    except KeyError:\n        return False",
    ],
    "34.2": [
        f"{_LIST}    new = dict(revoked)\n    new[jti] = until\n    for name in list(new):\n"
        "        if new[name] <= now:\n            del new[name]\n    return new",
        f"{_LIST}    new = revoked | {{jti: until}}\n    return dict(filter(lambda pair: pair[1] > now, new.items()))",
        f"{_LIST}    alive = {{name: end for name, end in revoked.items() if now < end}}\n"
        "    return alive | ({jti: until} if until > now else {})",
    ],
    "34.3": [
        f"{_KEPT}    if reply.get('active') is True:\n        end = min(now + longest, reply.get('exp', now + longest))\n"
        "        return max(end - now, 0)\n    return 0",
        f"{_KEPT}    if reply.get('active') is not True or reply.get('exp', now + 1) <= now:\n        return 0\n"
        "    return float(min(longest, reply['exp'] - now)) if 'exp' in reply else longest",
        f"{_KEPT}    left = reply.get('exp', float('inf')) - now\n"
        "    return sorted((0, longest, left))[1] if reply.get('active') is True else 0",
    ],
}  # fmt: skip
