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
        ("answer = crack(lesson_13.TOKEN, word_list(), progress=False)", "first-token"),
        ('answer = b"dragon2019"', "nearly"),
        ('answer = b"dragon"', "other"),
        ("answer = 54542", "kind"),
    ],
    "13.2": [
        (_SIGN.format(change='"sub": "admin"', secret='b"changeme"'), "goal"),
        (_SIGN.format(change='"sub": "admin", "admin": True', secret='b"secret"'), "refused"),
        (
            _SIGN.format(change='"sub": "admin", "admin": True, "exp": 2000000000', secret='b"changeme"'),
            "others",
        ),
        ("answer = original", "original"),
    ],
    "13.3": [
        ("answer = 32", "bytes"),
        ("answer = 256", "bits"),
        ("answer = 42", "one-less"),
        ("import math\nanswer = 256 / math.log2(62)", "logarithm"),
        ("answer = 100", "other"),
    ],
    "13.4": [
        ("import secrets\ndef answer():\n    return secrets.token_hex(32)", "text"),
        ("import secrets\ndef answer():\n    return secrets.token_bytes(16)", "short"),
        ("def answer():\n    return b'correct horse battery staple, and more'", "same"),
        ("import secrets\ndef answer():\n    return secrets.token_hex(16).encode()", "hexadecimal"),
        (
            "import secrets\ndef answer():\n    return secrets.token_urlsafe(24).encode()",
            "letters",
        ),
        ("import random\ndef answer():\n    return random.randbytes(32)", "random"),
        (
            "import random\ndef answer():\n    return bytes(random.randrange(256) for _ in range(32))",
            "random",
        ),
        ("import secrets\ndef answer():\n    return secrets.token_hex(22).encode()", "hexadecimal"),
        ("from random import randbytes\ndef answer():\n    return randbytes(32)", "random"),
        ("import random as r\ndef answer():\n    return r.randbytes(32)", "random"),
        ("def answer():\n    import random as r\n    return r.randbytes(32)", "random"),
        (
            "import random\ndice = random.Random()\ndef answer():\n    return dice.randbytes(32)",
            "random",
        ),
        (
            "import random as r\ndef draw(n):\n    return r.randbytes(n)\ndef answer():\n    return draw(32)",
            "random",
        ),
        (
            "import random\ndef make(draw):\n    return lambda: draw(32)\nanswer = make(random.randbytes)",
            "random",
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

WRONG["13.4"] += [
    ("import secrets\ndef answer():\n    return bytes([secrets.randbelow(256)]) * 40", "repeated"),
    ("import secrets\ndef answer():\n    return secrets.token_bytes(16) * 2", "repeated"),
    (
        "import secrets\ndef answer():\n    return bytes(secrets.choice(b'\\x00\\x01\\x80') for _ in range(40))",
        "few-bytes",
    ),
    ("import hashlib, os\ndef answer():\n    return hashlib.sha256(os.urandom(8)).digest()", "too-few-drawn"),
    (
        "import hashlib, time\ndef answer():\n    return hashlib.sha256(str(time.time_ns()).encode()).digest()",
        "computed",
    ),
    (
        "import hashlib\nfrom datetime import datetime\n"
        "def answer():\n    return hashlib.sha256(str(datetime.now()).encode()).digest()",
        "computed",
    ),
    (
        "import hashlib\ndef answer():\n    return hashlib.sha256(str(id(object())).encode() + COUNT()).digest()\n"
        "n = [0]\ndef COUNT():\n    n[0] += 1\n    return bytes(n)",
        "computed",
    ),
    (
        "import hashlib, uuid\ndef answer():\n    return hashlib.sha256(uuid.uuid4().bytes).digest()",
        "too-few-drawn",
    ),
]
