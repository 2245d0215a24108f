"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain."""

from __future__ import annotations

_THUMB = "import base64, hashlib, json\nM = {'EC': 'crv kty x y', 'RSA': 'e kty n', 'OKP': 'crv kty x'}\n"
_REQUIRED = "    r = {m: jwk[m] for m in M[jwk['kty']].split()}\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "07.1": [
        ("def answer(kid, known, age):\n    return kid not in known", "too old"),
        (
            "def answer(kid, known, age):\n    return age is None or age >= 300 or kid not in known",
            "29 seconds",
        ),
        ("def answer(kid, known, age):\n    return age is None or age >= 300", "may be new"),
        (
            "def answer(kid, known, age):\n    return age is None or age > 300 or (kid not in known and age >= 30)",
            "too old",
        ),
        (
            "def answer(kid, known, age):\n"
            "    return age is None or age >= 300 or (kid is not None and kid not in known and age > 30)",
            "30 seconds ago",
        ),
        (
            "def answer(kid, known, age):\n    return age is None or age >= 300 or (kid not in known and age >= 30)",
            "names no key",
        ),
        (
            "def answer(kid, known, age):\n"
            "    return age is None or age >= 300 or (kid is not None and kid not in str(known) and age >= 30)",
            "compared whole",
        ),
        ("def answer(kid, known, age):\n    return 'yes'", "True or False"),
        ("def answer(kid, known, age):\n    return age >= 300", "TypeError"),
        ("def answer(kid, known, age):\n    return True", "has this name"),
        ("answer = True", "wants a function"),
    ],
    "07.2": [
        (
            _THUMB + "def answer(jwk):\n" + _REQUIRED + "    s = json.dumps(r, sort_keys=True)\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).rstrip(b'=').decode()",
            "spaces",
        ),
        (
            _THUMB + "def answer(jwk):\n"
            "    r = {m: jwk[m] for m in jwk if m in M[jwk['kty']].split()}\n"
            "    s = json.dumps(r, separators=(',', ':'))\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).rstrip(b'=').decode()",
            "another order",
        ),
        (
            _THUMB + "def answer(jwk):\n"
            "    s = json.dumps(jwk, separators=(',', ':'), sort_keys=True)\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).rstrip(b'=').decode()",
            "too many members",
        ),
        (
            _THUMB
            + "def answer(jwk):\n"
            + _REQUIRED
            + "    s = json.dumps(r, separators=(',', ':'), sort_keys=True)\n"
            "    return hashlib.sha256(s.encode()).hexdigest()",
            "hexadecimal",
        ),
        (
            _THUMB
            + "def answer(jwk):\n"
            + _REQUIRED
            + "    s = json.dumps(r, separators=(',', ':'), sort_keys=True)\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).decode()",
            "padding",
        ),
        (
            _THUMB + "def answer(jwk):\n"
            "    r = {m: jwk[m] for m in ('crv', 'kty', 'x', 'y')}\n"
            "    s = json.dumps(r, separators=(',', ':'), sort_keys=True)\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).rstrip(b'=').decode()",
            "With an RSA key: Your function raised KeyError",
        ),
        (
            _THUMB
            + "def answer(jwk):\n"
            + _REQUIRED
            + "    s = json.dumps(r, separators=(',', ':'), sort_keys=True)\n"
            "    return hashlib.sha256(s.encode()).digest()",
            "32 bytes",
        ),
        (
            "def answer(jwk):\n    if jwk['kty'] == 'EC':\n        return jwtlab.Key.from_jwk(jwk).thumbprint()",
            "With an RSA key: your function gave nothing",
        ),
        ("def answer(jwk):\n    return jwk['kid']", "another hash"),
        ("answer = lab.key('ES256').thumbprint()", "wants a function"),
    ],
    "07.3": [
        ("answer = jwtlab.KeySet(ring.values())", "private half"),
        ("answer = jwtlab.KeySet([key.public() for key in ring.values()])", "black is stolen"),
        (
            "answer = jwtlab.KeySet([ring[n].public() for n in ('red', 'orange', 'green', 'blue')])",
            "red's last",
        ),
        ("answer = jwtlab.KeySet([ring['green'].public()])", "orange has stopped"),
        ("answer = jwtlab.KeySet([ring[n].public() for n in ('orange', 'green')])", "blue will sign"),
        ("answer = jwtlab.KeySet([ring[n].public() for n in ('orange', 'blue')])", "green signs right now"),
        ("answer = jwtlab.KeySet([lab.key().public()])", "not on the ring"),
        ("answer = jwtlab.KeySet([ring['green'].public()] * 2)", "twice"),
        ("answer = ['orange', 'green', 'blue']", "these are names"),
        ("answer = 'green'", "is a KeySet"),
        ("answer = []", "KeySet of Key objects"),
    ],
}
