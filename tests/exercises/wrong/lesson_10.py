"""Plausible wrong answers to the exercises of lesson 10."""

from __future__ import annotations

_PART = "part = lambda value: base64url.encode(json.dumps(value).encode())\nold = jwtlab.decode(mine)\n"
_CLAIMS = '{**old.claims, "sub": "admin", "admin": True}'

WRONG: dict[str, list[tuple[str, str]]] = {
    "10.1": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS})', "one-dot"),
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part(old.claims) + "."', "goal"),
        (f'{_PART}answer = mine.split(".")[0] + "." + part({_CLAIMS}) + "."', "refused"),
        (f'{_PART}answer = part({{"alg": "NONE"}}) + "." + part({_CLAIMS}) + "."', "other-alg"),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({{**{_CLAIMS}, "exp": 2000000000}}) + "."',
            "others",
        ),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "." + mine.split(".")[2]',
            "signature",
        ),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({{**{_CLAIMS}, "admin": 1}}) + "."',
            "goal",
        ),
        ("answer = mine", "original"),
        ("answer = {'alg': 'none'}", "not-text"),
    ],
    "10.2": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "."', "refused"),
        (f'{_PART}answer = part({{"alg": "None"}}) + "." + part(old.claims) + "."', "goal"),
        (
            f'{_PART}answer = part({{"alg": "None"}}) + "." + part({{**old.claims, "sub": "admin"}}) + "."',
            "goal",
        ),
        ('answer = "None"', "no-header"),
        ('answer = lab.token("admin", admin=True)', "honest"),
        ('answer = lab.token("admin", admin=True, header={"kid": "x"})', "honest"),
        (f'{_PART}answer = part({{"alg": None}}) + "." + part({_CLAIMS}) + "."', "refused"),
        (f'{_PART}answer = part({{}}) + "." + part({_CLAIMS}) + "."', "refused"),
    ],
    "10.3": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "."', "refused"),
        (f'{_PART}answer = mine.rpartition(".")[0] + "."', "goal"),
        (
            f'{_PART}answer = mine.split(".")[0] + "." + part({_CLAIMS}) + "." + mine.split(".")[2]',
            "refused",
        ),
        ('answer = lab.token("admin", admin=True)', "honest"),
    ],
    "10.4": [
        ('def answer(header, allowed):\n    return header["alg"] in allowed', "raised"),
        (
            'def answer(header, allowed):\n    return str(header.get("alg")).lower() != "none"',
            "case",
        ),
        (
            'def answer(header, allowed):\n    return header.get("alg", "").upper() in allowed',
            "listed",
        ),
        ('def answer(header, allowed):\n    return header.get("alg") in str(allowed)', "raised"),
        ('def answer(header, allowed):\n    return header.get("alg") in set(allowed)', "raised"),
    ],
}
