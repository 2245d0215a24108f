"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain.

Each is Python code that assigns ``answer``, as a learner might write it in the exercise's cell.
"""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "01.1": [
        ('answer = jwtlab.decode(mystery).claims["sub"]', "subject"),
        ("answer = jwtlab.decode(mystery).claims", "whole payload"),
        ("answer = jwtlab.decode(mystery).header['alg']", "stands in the header"),
        ('answer = mystery.split(".")[1]', "still encoded"),
        ("answer = jwtlab.decode(mystery).payload", "bytes"),
        ("answer = 'admin'", "not what the payload says"),
        ("answer = 42", "is a text"),
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
            "plain base64",
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
            "single quotes",
        ),
        ("answer = b'e30.e30'", "these are bytes"),
        ("answer = 'e30.e30'", "not to header and claims"),
        ("answer = 'e30'", "exactly one dot"),
        ("answer = ['e30', 'e30']", "one text"),
    ],
    "01.3": [
        ("answer = original", "as it was"),
        (
            "h, p, s = original.split('.')\n"
            "answer = jwtlab.issue({**jwtlab.decode(original).claims, 'admin': True}, lab.key('ES256'), alg='ES256')",
            "Only the payload should differ",
        ),
        (
            "h, p, s = original.split('.')\n"
            "claims = {**jwtlab.decode(original).claims, 'admin': 'True'}\n"
            "import json\n"
            "answer = f'{h}.{jwtlab.base64url.encode(json.dumps(claims).encode())}.{s}'",
            "without quotes",
        ),
        (
            "h, p, s = original.split('.')\n"
            "import json\n"
            "answer = h + '.' + jwtlab.base64url.encode(json.dumps({'admin': True}).encode()) + '.' + s",
            "More than admin",
        ),
        ("answer = original.rpartition('.')[0] + '.'", "signature is gone"),
        ("answer = 'true'", "no longer be read"),
        ("answer = {'admin': True}", "is a token"),
    ],
}
