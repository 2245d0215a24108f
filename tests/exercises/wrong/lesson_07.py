"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain."""

from __future__ import annotations

_THUMB = "import base64, hashlib, json\nM = {'EC': 'crv kty x y', 'RSA': 'e kty n', 'OKP': 'crv kty x'}\n"
_REQUIRED = "    r = {m: jwk[m] for m in M[jwk['kty']].split()}\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "07.1": [
        ("def answer(kid, known, age):\n    return kid not in known", "at-the-limit"),
        (
            "def answer(kid, known, age):\n    return age is None or age >= 300 or kid not in known",
            "too-often",
        ),
        ("def answer(kid, known, age):\n    return age is None or age >= 300", "unknown"),
        (
            "def answer(kid, known, age):\n    return age is None or age > 300 or (kid not in known and age >= 30)",
            "at-the-limit",
        ),
        (
            "def answer(kid, known, age):\n"
            "    return age is None or age >= 300 or (kid is not None and kid not in known and age > 30)",
            "unknown",
        ),
        (
            "def answer(kid, known, age):\n    return age is None or age >= 300 or (kid not in known and age >= 30)",
            "no-kid",
        ),
        (
            "def answer(kid, known, age):\n"
            "    return age is None or age >= 300 or (kid is not None and kid not in str(known) and age >= 30)",
            "kid-loosely",
        ),
        ("def answer(kid, known, age):\n    return 'yes'", "not-bool"),
        ("def answer(kid, known, age):\n    return age >= 300", "raised"),
        ("def answer(kid, known, age):\n    return True", "new-copy"),
        ("answer = True", "no-function"),
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
            "unsorted",
        ),
        (
            _THUMB + "def answer(jwk):\n"
            "    s = json.dumps(jwk, separators=(',', ':'), sort_keys=True)\n"
            "    return base64.urlsafe_b64encode(hashlib.sha256(s.encode()).digest()).rstrip(b'=').decode()",
            "too-many",
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
            "raised",
        ),
        (
            _THUMB
            + "def answer(jwk):\n"
            + _REQUIRED
            + "    s = json.dumps(r, separators=(',', ':'), sort_keys=True)\n"
            "    return hashlib.sha256(s.encode()).digest()",
            "bytes",
        ),
        (
            "def answer(jwk):\n    if jwk['kty'] == 'EC':\n        return jwtlab.Key.from_jwk(jwk).thumbprint()",
            "nothing",
        ),
        ("def answer(jwk):\n    return jwk['kid']", "other"),
        ("answer = lab.key('ES256').thumbprint()", "no-function"),
    ],
    "07.3": [
        ("answer = jwtlab.KeySet(ring.values())", "private"),
        ("answer = jwtlab.KeySet([key.public() for key in ring.values()])", "black"),
        (
            "answer = jwtlab.KeySet([ring[n].public() for n in ('red', 'orange', 'green', 'blue')])",
            "red",
        ),
        ("answer = jwtlab.KeySet([ring['green'].public()])", "orange"),
        ("answer = jwtlab.KeySet([ring[n].public() for n in ('orange', 'green')])", "blue"),
        ("answer = jwtlab.KeySet([ring[n].public() for n in ('orange', 'blue')])", "green"),
        ("answer = jwtlab.KeySet([lab.key().public()])", "strange"),
        ("answer = jwtlab.KeySet([ring['green'].public()] * 2)", "twice"),
        ("answer = ['orange', 'green', 'blue']", "names"),
        ("answer = 'green'", "not-a-set"),
        ("answer = []", "no-keys"),
    ],
}

_DIGEST = "    d = hashlib.sha256(s.encode()).digest()\n"
_TEXT = "    return base64.urlsafe_b64encode(d).rstrip(b'=').decode()"
WRONG["07.2"] += [
    (
        f"{_THUMB}def answer(jwk):\n{_REQUIRED}    s = json.dumps(r)\n{_DIGEST}{_TEXT}".replace(
            "M[jwk['kty']].split()", "jwk if m in M[jwk['kty']].split()"
        ),
        "unsorted-spaces",
    ),
    (
        f"{_THUMB}def answer(jwk):\n{_REQUIRED}    s = json.dumps(r, separators=(',', ':'))\n{_DIGEST}"
        "    return base64.b64encode(d).decode()",
        "plain-base64",
    ),
    (
        f"{_THUMB}def answer(jwk):\n{_REQUIRED}    s = json.dumps(r, separators=(',', ':'))\n{_DIGEST}"
        "    return base64.urlsafe_b64encode(d)",
        "bytes-padding",
    ),
    (f"{_THUMB}def answer(jwk):\n    s = json.dumps(jwk)\n{_DIGEST}{_TEXT}", "whole"),
    (
        f"{_THUMB}def answer(jwk):\n    jwk = {{m: v for m, v in jwk.items() if m != 'd'}}\n"
        f"    s = json.dumps(jwk, separators=(',', ':'), sort_keys=True)\n{_DIGEST}{_TEXT}".replace(
            "jwk = {m", "jwk = {} if 'd' not in jwk else {m", 0
        ),
        "too-many",
    ),
]
WRONG["07.3"] += [
    (
        "import dataclasses\nnames = ('orange', 'green', 'blue')\n"
        "answer = [dataclasses.replace(ring[name].public(), kid='x' + name) for name in names]",
        "renamed",
    ),
]
