"""Plausible wrong answers to the exercises of lesson 10."""

from __future__ import annotations

_PART = "part = lambda value: base64url.encode(json.dumps(value).encode())\nold = jwtlab.decode(mine)\n"
_CLAIMS = '{**old.claims, "sub": "admin", "admin": True}'

WRONG: dict[str, list[tuple[str, str]]] = {
    "10.1": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS})', "one dot"),
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part(old.claims) + "."', "sub is 'mallory'"),
        (f'{_PART}answer = mine.split(".")[0] + "." + part({_CLAIMS}) + "."', "refuses this token"),
        (f'{_PART}answer = part({{"alg": "NONE"}}) + "." + part({_CLAIMS}) + "."', "small letters"),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({{**{_CLAIMS}, "exp": 2000000000}}) + "."',
            "other claims",
        ),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "." + mine.split(".")[2]',
            "still a sig",
        ),
        (
            f'{_PART}answer = part({{"alg": "none"}}) + "." + part({{**{_CLAIMS}, "admin": 1}}) + "."',
            "admin is 1",
        ),
        ("answer = mine", "Mallory stays Mallory"),
        ("answer = {'alg': 'none'}", "is a token"),
    ],
    "10.2": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "."', "refuses this token"),
        (f'{_PART}answer = part({{"alg": "None"}}) + "." + part(old.claims) + "."', "sub is 'mallory'"),
        (
            f'{_PART}answer = part({{"alg": "None"}}) + "." + part({{**old.claims, "sub": "admin"}}) + "."',
            "admin is False",
        ),
        ('answer = "None"', "cannot be read as a header"),
        ('answer = lab.token("admin", admin=True)', "the issuer's own signature"),
        ('answer = lab.token("admin", admin=True, header={"kid": "x"})', "the issuer's own signature"),
        (f'{_PART}answer = part({{"alg": None}}) + "." + part({_CLAIMS}) + "."', "refuses this token"),
        (f'{_PART}answer = part({{}}) + "." + part({_CLAIMS}) + "."', "refuses this token"),
    ],
    "10.3": [
        (f'{_PART}answer = part({{"alg": "none"}}) + "." + part({_CLAIMS}) + "."', "accepts ES256"),
        (f'{_PART}answer = mine.rpartition(".")[0] + "."', "sub is 'mallory'"),
        (
            f'{_PART}answer = mine.split(".")[0] + "." + part({_CLAIMS}) + "." + mine.split(".")[2]',
            "does not match",
        ),
        ('answer = lab.token("admin", admin=True)', "the issuer's own signature"),
    ],
    "10.4": [
        ('def answer(header, allowed):\n    return header["alg"] in allowed', "KeyError"),
        (
            'def answer(header, allowed):\n    return str(header.get("alg")).lower() != "none"',
            "es256 is another",
        ),
        (
            'def answer(header, allowed):\n    return header.get("alg", "").upper() in allowed',
            "es256 is another",
        ),
        ('def answer(header, allowed):\n    return header.get("alg") in str(allowed)', "TypeError"),
        ('def answer(header, allowed):\n    return header.get("alg") in set(allowed)', "TypeError"),
    ],
}
