"""Right answers to the exercises of lesson 07 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "07.1": [
        "def answer(kid, known, age):\n"
        "    if age is None:\n        return True\n"
        "    if not age < 300:\n        return True\n"
        "    if kid is None or kid in known:\n        return False\n"
        "    return not age < 30",
        "def answer(kid, known, age):\n"
        "    too_old = age is None or age >= 300\n"
        "    stranger = kid is not None and kid not in known\n"
        "    return too_old or (stranger and age >= 30)",
        "def answer(kid, known, age):\n"
        "    limit = 30 if kid is not None and not {kid} <= set(known) else 300\n"
        "    return bool(age is None or age >= limit)",
    ],
    "07.2": [
        "import hashlib\nfrom jwtlab import base64url\n"
        "def answer(jwk):\n"
        "    names = {'EC': 'crv kty x y', 'RSA': 'e kty n', 'OKP': 'crv kty x'}[jwk['kty']].split()\n"
        '    text = "{" + ",".join(f\'"{name}":"{jwk[name]}"\' for name in names) + "}"\n'
        "    return base64url.encode(hashlib.sha256(text.encode('ascii')).digest())",
        "def answer(jwk):\n    return jwtlab.Key.from_jwk(jwk).thumbprint()",
        "import base64, hashlib, json\n"
        "def answer(jwk):\n"
        "    match jwk:\n"
        "        case {'kty': 'RSA', 'e': e, 'n': n}:\n            kept = {'e': e, 'kty': 'RSA', 'n': n}\n"
        "        case {'kty': 'EC', 'crv': crv, 'x': x, 'y': y}:\n"
        "            kept = {'crv': crv, 'kty': 'EC', 'x': x, 'y': y}\n"
        "        case {'kty': kty, 'crv': crv, 'x': x}:\n            kept = {'crv': crv, 'kty': kty, 'x': x}\n"
        "    octets = hashlib.new('sha256', json.dumps(kept, separators=(',', ':')).encode()).digest()\n"
        "    return base64.b64encode(octets, altchars=b'-_').decode()[:43]",
    ],
    "07.3": [
        "answer = jwtlab.KeySet([ring[n].public() for n in ('blue', 'green', 'orange')])",
        "answer = jwtlab.KeySet(key.public() for name, key in ring.items() if name in {'blue', 'green', 'orange'})",
        "answer = jwtlab.KeySet([jwtlab.Key.from_jwk(ring[n].public().to_jwk()) for n in ('green', 'orange', 'blue')])",
    ],
}
