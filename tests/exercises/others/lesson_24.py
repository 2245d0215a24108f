"""Right answers to the exercises of lesson 24 that are not our own."""

from __future__ import annotations

_FIND = "def answer(address):\n"
_BELONGS = "import base64, hashlib, hmac\ndef answer(access_token, claims):\n"
_MOVE = "def answer(old, challenge):\n"

OTHERS: dict[str, list[str]] = {
    "24.1": [
        f"{_FIND}    parts = urlsplit(address)\n    for part in (parts.fragment, parts.query):\n"
        "        for name, values in parse_qs(part).items():\n"
        "            if name in ('access_token', 'id_token') and values[0]:\n                return name\n"
        "    return None",
        f"import re\n{_FIND}    before, _, query = address.partition('?')\n"
        "    text = query.replace('#', '&') if query and '#' not in before else address.partition('#')[2]\n"
        "    found = re.search(r'(?:^|&)(id_token|access_token)=[^&]', text)\n"
        "    return found[1] if found else None",
        f"{_FIND}    parts = urlsplit(address)\n    query, fragment = parse_qs(parts.query), parse_qs(parts.fragment)\n"
        "    if 'id_token' in query or 'id_token' in fragment:\n        return 'id_token'\n"
        "    if 'access_token' in query or 'access_token' in fragment:\n        return 'access_token'",
    ],
    "24.2": [
        f"{_BELONGS}    digest = hashlib.sha256(access_token.encode()).digest()\n"
        "    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b'=').decode()\n"
        "    return 'at_hash' in claims and hmac.compare_digest(half, claims['at_hash'])",
        f"{_BELONGS}    half = bytes.fromhex(hashlib.sha256(access_token.encode('ascii')).hexdigest()[:32])\n"
        "    return jwtlab.base64url.encode(half) == claims.get('at_hash', '')",
        f"{_BELONGS}    if not claims.get('at_hash'):\n        return False\n"
        "    wanted = hashlib.new('sha256', access_token.encode()).digest()[:-16]\n"
        "    return claims['at_hash'] == base64.b64encode(wanted, altchars=b'-_').decode()[:22]",
    ],
    "24.3": [
        f"{_MOVE}    new = dict(old)\n    new['response_type'] = 'code'\n    new['code_challenge'] = challenge\n"
        "    new['code_challenge_method'] = 'S256'\n"
        "    if new.get('response_mode') == 'fragment':\n        del new['response_mode']\n    return new",
        f"{_MOVE}    pkce = {{'code_challenge': challenge, 'code_challenge_method': 'S256'}}\n"
        "    new = old | pkce | {'response_type': 'code'}\n"
        "    return {n: v for n, v in new.items() if not (n == 'response_mode' and v == 'fragment')}",
        f"import copy\n{_MOVE}    new = copy.deepcopy(old)\n"
        "    mode = new.pop('response_mode', 'fragment')\n"
        "    if mode != 'fragment':\n        new['response_mode'] = mode\n"
        "    new.update(response_type='code', code_challenge=challenge, code_challenge_method='S256')\n    return new",
    ],
}
