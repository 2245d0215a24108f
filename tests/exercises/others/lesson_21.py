"""Right answers to the exercises of lesson 21 that are not our own."""

from __future__ import annotations

_NOTE = "{'iss': 'crm-sync', 'sub': 'alice', 'aud': %s, 'exp': int(lab.now) + %d, 'jti': %r}"
_HEAD = "def answer(claims, me, approved, used, now):\n"
_KEYS = "answer = {'service': %r, 'server': %r, 'API': %r}"

OTHERS: dict[str, list[str]] = {
    "21.1": [
        f"answer = jwtlab.issue({_NOTE % ('[AS]', 300, 'b7')}, key, alg='ES256')",
        f"answer = jwtlab.issue({{**{_NOTE % ('AS', 30, 'x y')}, 'nbf': int(lab.now)}}, key, alg='ES256')",
        "import jwt\n"
        f"answer = jwt.encode({_NOTE % ('AS', 1, '0')}, key.to_pem(private=True), algorithm='ES256', headers={{'kid': key.kid}})",
    ],
    "21.2": [
        _KEYS % ("service private", ["server private", "service public"], ("server public",)),
        _KEYS
        % ({"service private", "service public"}, {"service public", "server private"}, {"server public"}),
        "server = frozenset(['server public', 'server private', 'service public'])\n"
        "answer = dict(service=['service private'], server=server, API=['server public'])",
    ],
    "21.3": [
        f"{_HEAD}    aud, exp, jti = claims.get('aud'), claims.get('exp'), claims.get('jti')\n"
        "    for_me = aud == me or aud == [me]\n"
        "    in_time = exp is not None and 0 < exp - now <= 3600\n"
        "    fresh = 'jti' in claims and (claims.get('iss'), jti) not in used\n"
        "    return for_me and in_time and fresh and claims.get('sub') in approved.get(claims.get('iss'), [])",
        f"{_HEAD}    try:\n        aud = claims['aud']\n        aud = {{aud}} if isinstance(aud, str) else set(aud)\n"
        "        return (aud == {me} and now < claims['exp'] and claims['exp'] - now <= 3600\n"
        "                and (claims['iss'], claims['jti']) not in used and claims['sub'] in approved[claims['iss']])\n"
        "    except KeyError:\n        return False",
        f"{_HEAD}    if {{'iss', 'sub', 'aud', 'exp', 'jti'}} - set(claims):\n        return False\n"
        "    iss, sub, aud, exp, jti = (claims[n] for n in ('iss', 'sub', 'aud', 'exp', 'jti'))\n"
        "    if isinstance(aud, list):\n        aud = aud[0] if len(aud) == 1 else None\n"
        "    if aud != me or exp <= now or exp > now + 3600:\n        return False\n"
        "    return not ((iss, jti) in used) and iss in approved and sub in approved[iss]",
    ],
}
