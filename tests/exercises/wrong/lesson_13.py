"""Plausible wrong answers to the exercises of lesson 13."""

from __future__ import annotations

_SIGN = """
import hashlib, hmac
claims = {{**jwtlab.decode(original).claims, {change}}}
text = original.split(".")[0] + "." + base64url.encode(json.dumps(claims).encode())
answer = text + "." + base64url.encode(hmac.new({secret}, text.encode(), hashlib.sha256).digest())
"""

_COUNT = "import hashlib\ndef digest(n):\n    return hashlib.sha256(str(n).encode()).digest()\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "13.1": [
        ("answer = crack(lesson_13.TOKEN, word_list(), progress=False)", "the first token"),
        ('answer = b"dragon2019"', "Very near"),
        ('answer = b"dragon"', "not the secret"),
        ("answer = 54542", "is bytes"),
    ],
    "13.2": [
        (_SIGN.format(change='"sub": "admin"', secret='b"changeme"'), "admin is False"),
        (_SIGN.format(change='"sub": "admin", "admin": True', secret='b"secret"'), "another key"),
        (
            _SIGN.format(change='"sub": "admin", "admin": True, "exp": 2000000000', secret='b"changeme"'),
            "other claims",
        ),
        ("answer = original", "Mallory stays Mallory"),
    ],
    "13.3": [
        ("answer = 32", "any of 256 values"),
        ("answer = 256", "more than one bit"),
        ("answer = 42", "just below"),
        ("import math\nanswer = 256 / math.log2(62)", "round up"),
        ("answer = 100", "smallest n"),
    ],
    "13.4": [
        ("import secrets\ndef answer():\n    return secrets.token_hex(32)", "This is text"),
        ("import secrets\ndef answer():\n    return secrets.token_bytes(16)", "16 bytes"),
        ("def answer():\n    return b'correct horse battery staple, and more'", "the same secret"),
        ("import secrets\ndef answer():\n    return secrets.token_hex(16).encode()", "64 of them"),
        (
            "import secrets\ndef answer():\n    return secrets.token_urlsafe(24).encode()",
            "letters and digits",
        ),
        ("import random\ndef answer():\n    return random.randbytes(32)", "made for games"),
        (
            "import random\ndef answer():\n    return bytes(random.randrange(256) for _ in range(32))",
            "made for games",
        ),
        ("import secrets\ndef answer():\n    return secrets.token_hex(22).encode()", "64 of them"),
        ("from random import randbytes\ndef answer():\n    return randbytes(32)", "made for games"),
        ("import random as r\ndef answer():\n    return r.randbytes(32)", "made for games"),
        ("def answer():\n    import random as r\n    return r.randbytes(32)", "made for games"),
        (
            "import random\ndice = random.Random()\ndef answer():\n    return dice.randbytes(32)",
            "made for games",
        ),
        (
            "import random as r\ndef draw(n):\n    return r.randbytes(n)\ndef answer():\n    return draw(32)",
            "made for games",
        ),
        (
            "import random\ndef make(draw):\n    return lambda: draw(32)\nanswer = make(random.randbytes)",
            "made for games",
        ),
        (
            "import functools, random\nanswer = functools.partial(random.randbytes, 32)",
            "computed",
        ),
        (
            f"{_COUNT}counter = 0\ndef answer():\n    global counter\n    counter += 1\n    return digest(counter)",
            "computed",
        ),
        (f"{_COUNT}used = []\ndef answer():\n    used.append(1)\n    return digest(len(used))", "computed"),
        (
            f"{_COUNT}def count():\n    state['n'] += 1\n    return state['n']\nstate = {{'n': 0}}\n"
            "def answer():\n    return digest(count())",
            "computed",
        ),
        (
            f"{_COUNT}def make():\n    n = 0\n    def draw():\n        nonlocal n\n        n += 1\n"
            "        return digest(n)\n    return draw\nanswer = make()",
            "computed",
        ),
    ],
}
