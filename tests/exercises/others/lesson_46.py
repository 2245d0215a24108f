"""Right answers to the exercises of lesson 46 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "46.1": [
        "def answer(resource):\n    scheme, rest = resource.split('://', 1)\n    cut = min([rest.find(c) for c in '/?' if c in rest] "
        "or [len(rest)])\n    host, tail = rest[:cut], rest[cut:]\n    if tail == '/':\n        tail = ''\n"
        "    return f'{scheme}://{host}/.well-known/oauth-protected-resource{tail}'",
        "from urllib.parse import urlunsplit\ndef answer(resource):\n    s, n, p, q, f = urlsplit(resource)\n"
        "    return urlunsplit((s, n, '/.well-known/oauth-protected-resource' + (p if len(p) > 1 else ''), q, f))",
        "import re\ndef answer(resource):\n    m = re.fullmatch(r'(https?://[^/?]+)(?:/(?=$|\\?))?(.*)', resource)\n"
        "    return m[1] + '/.well-known/oauth-protected-resource' + m[2]",
    ],
    "46.2": [
        "answer = lambda point: point('heating.mallory.example', '10.0.0.5') or 'https://heating.mallory.example/off'",
        "def answer(point):\n    name = 'x.mallory.example'\n    point(name, '10.0.0.5')\n    return f'https://{name}/off'",
        "def answer(point):\n    point('a.b.mallory.example', '10.0.0.5', '192.31.196.1')\n"
        "    return 'https://a.b.mallory.example:443/off'.replace(':443', '')",
    ],
    "46.3": [
        "def answer(addresses):\n    public = [a for a in map(ipaddress.ip_address, addresses) if a.is_global and not a.is_multicast]\n"
        "    return 0 < len(public) == len(addresses)",
        "def answer(addresses):\n    if not addresses:\n        return False\n    for text in addresses:\n"
        "        a = ipaddress.ip_address(text)\n        if a.is_multicast or not a.is_global:\n            return False\n    return True",
        "def answer(addresses):\n    bad = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', "
        "'172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3', '::/8', 'fc00::/7', 'fe80::/10', 'ff00::/8']\n"
        "    nets = [ipaddress.ip_network(each) for each in bad]\n"
        "    return len(addresses) > 0 and not any(ipaddress.ip_address(a) in n for a in addresses for n in nets)",
    ],
    "46.4": [
        "def answer(asked, allowed):\n    for one in allowed:\n        if one['person'] != asked['person'] or one['client_id'] != asked['client_id']:\n"
        "            continue\n        if one['redirect_uri'] != asked['redirect_uri']:\n            continue\n"
        "        missing = [w for w in asked['scope'].split() if w not in one['scope'].split()]\n        if not missing:\n"
        "            return True\n    return False",
        "def answer(asked, allowed):\n    want = set(asked['scope'].split())\n"
        "    key = lambda c: (c['person'], c['client_id'], c['redirect_uri'])\n"
        "    return any(key(c) == key(asked) and want.issubset(c['scope'].split()) for c in allowed)",
        "def answer(asked, allowed):\n    match = [c for c in allowed if {**c, 'scope': ''} == {**asked, 'scope': ''}]\n"
        "    return any(all(w in c['scope'].split(' ') for w in asked['scope'].split(' ')) for c in match)",
    ],
}
