"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain.

Each is Python code that assigns ``answer``, as a learner might write it in the exercise's cell.
"""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "01.1": [
        ('answer = jwtlab.decode(mystery).claims["sub"]', "subject"),
        ("answer = jwtlab.decode(mystery).claims", "payload"),
        ("answer = jwtlab.decode(mystery).header['alg']", "header"),
        ('answer = mystery.split(".")[1]', "encoded"),
        ("answer = jwtlab.decode(mystery).payload", "bytes"),
        ("answer = 'admin'", "other"),
        ("answer = 42", "not-text"),
    ],
    "01.2": [
        (
            "import base64, json\n"
            "enc = lambda v: base64.urlsafe_b64encode(json.dumps(v).encode()).decode()\n"
            "answer = enc(header) + '.' + enc(claims)",
            "padding",
        ),
        (
            "import base64, json\n"
            "enc = lambda v: base64.b64encode(json.dumps(v, ensure_ascii=False).encode()).rstrip(b'=').decode()\n"
            "answer = enc(header) + '.' + enc(claims)",
            "plain-base64",
        ),
        (
            "import base64, json\n"
            "enc = lambda v: base64.urlsafe_b64encode(json.dumps(v).encode()).rstrip(b'=').decode()\n"
            "answer = enc(claims) + '.' + enc(header)",
            "swapped",
        ),
        (
            "import base64\n"
            "enc = lambda v: base64.urlsafe_b64encode(str(v).encode()).rstrip(b'=').decode()\n"
            "answer = enc(header) + '.' + enc(claims)",
            "not-json",
        ),
        ("answer = b'e30.e30'", "bytes"),
        ("answer = 'e30.e30'", "header"),
        ("answer = 'e30'", "dots"),
        ("answer = ['e30', 'e30']", "not-text"),
    ],
    "01.3": [
        ("answer = original", "original"),
        (
            "h, p, s = original.split('.')\n"
            "answer = jwtlab.issue({**jwtlab.decode(original).claims, 'admin': True}, lab.key('ES256'), alg='ES256')",
            "signature-changed",
        ),
        (
            "h, p, s = original.split('.')\n"
            "claims = {**jwtlab.decode(original).claims, 'admin': 'True'}\n"
            "import json\n"
            "answer = f'{h}.{jwtlab.base64url.encode(json.dumps(claims).encode())}.{s}'",
            "admin",
        ),
        (
            "h, p, s = original.split('.')\n"
            "import json\n"
            "answer = h + '.' + jwtlab.base64url.encode(json.dumps({'admin': True}).encode()) + '.' + s",
            "others",
        ),
        ("answer = original.rpartition('.')[0] + '.'", "signature-gone"),
        ("answer = 'true'", "unreadable"),
        ("answer = {'admin': True}", "not-text"),
    ],
}

WRONG["01.1"] += [("answer = 'Gardener'", "letters"), ("answer = ' gardener'", "letters")]
WRONG["01.2"] += [
    ("answer = 'ey!.ey!'", "not-base64url"),
    (
        "part = lambda value: base64.urlsafe_b64encode(value).rstrip(b'=').decode()\n"
        "import base64, json\nanswer = part(json.dumps(header).encode()) + '.' + part(b'{}')",
        "claims",
    ),
]
WRONG["01.3"] += [
    ("answer = 'e30.' + original.split('.', 1)[1]", "header-changed"),
]
