"""Right answers that do not look like the solution, and answers that only look right."""

from __future__ import annotations

import secrets

import pytest
from judging_answers import OTHERS, judged
from short_form import few

from jwtlab import exercises
from jwtlab.attacks import ATTACKS
from jwtlab.exercises import lesson_15, origin

_VERIFIER = exercises.exercise("16.2").solution
_PYJWT = exercises.exercise("16.3").solution

RIGHT = {
    "12.1: nbf": ("12.1", 'answer = [{"exp": 1100, "nbf": 2000}, {"exp": 0}, {}]'),
    "12.1: iat": ("12.1", 'answer = [{"exp": 1100, "iat": 2000}, {"exp": 1100, "nbf": "1"}, {}]'),
    "12.3: nested and emptied": (
        "12.3",
        "def answer(claims, seen, now):\n"
        "    for issuer in seen:\n"
        "        seen[issuer] = {jti: exp for jti, exp in seen[issuer].items() if exp > now}\n"
        "    mine = seen.setdefault(claims['iss'], {})\n"
        "    if 'jti' not in claims or claims['jti'] in mine:\n        return False\n"
        "    mine[claims['jti']] = claims['exp']\n    return True",
    ),
    "13.4: SystemRandom": (
        "13.4",
        "import random\ndef answer():\n    return random.SystemRandom().randbytes(32)",
    ),
    "13.4: SystemRandom kept": (
        "13.4",
        "from random import SystemRandom\ndice = SystemRandom()\n"
        "def answer():\n    return bytes(dice.randrange(256) for _ in range(32))",
    ),
    "13.4: urandom": ("13.4", "from os import urandom\nanswer = lambda: urandom(32)"),
    "13.4: hexadecimal": (
        "13.4",
        "import secrets\ndef answer():\n    return secrets.token_hex(32).encode()",
    ),
    "13.4: urlsafe": (
        "13.4",
        "import secrets\ndef answer():\n    return secrets.token_urlsafe(32).encode()",
    ),
    "13.4: partial": (
        "13.4",
        "import functools, secrets\nanswer = functools.partial(secrets.token_bytes, 32)",
    ),
    "13.4: hash": (
        "13.4",
        "import hashlib, os\ndef answer():\n    return hashlib.sha256(os.urandom(32)).digest()",
    ),
    "16.1: decorated": (
        "16.1",
        "def once(function):\n    def wrapper(token):\n        return function(token)\n    return wrapper\n\n"
        + _VERIFIER.replace("def answer", "@once\ndef answer"),
    ),
    "16.3: an error of the lab": (
        "16.3",
        _PYJWT.replace(
            "        return None\n    json.loads", "        raise jwtlab.InvalidToken('typ')\n    json.loads"
        ),
    ),
    "16.3: reading with the lab": (
        "16.3",
        _PYJWT.replace("jwt.get_unverified_header(token)", "jwtlab.decode(token).header"),
    ),
}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("name", RIGHT)
def test_another_right_answer_is_right(name):
    exercise_id, code = RIGHT[name]
    assert judged(exercise_id, code).startswith(f"{exercise_id} right: ")


@pytest.mark.parametrize("exercise_id", few(OTHERS, *list(OTHERS)[::3]))
def test_answers_that_are_right_in_another_way_are_right(exercise_id):
    for code in OTHERS[exercise_id]:
        assert judged(exercise_id, code).startswith(f"{exercise_id} right: "), code
    assert len(set(OTHERS[exercise_id])) >= 3


def test_verify_is_back_after_the_exercise_without_it():
    assert "about PyJWT" in judged("16.3", _VERIFIER)
    assert judged("16.2", _VERIFIER).startswith("16.2 right: ")


def test_twin_of_a_signature_is_not_called_the_same_bytes():
    twin = ATTACKS["malleable-token"].forge({}, revoked=lesson_15.REVOKED, spelling="high-s")
    said = exercises.judge("15.4", twin)
    assert said.right
    assert "Another signature" in said.message
    assert "Same bytes" in exercises.judge("15.4", lesson_15.REVOKED + "==").message


@pytest.mark.parametrize("odd", [None, 5, print, secrets.token_bytes, type, object()])
def test_what_has_no_code_to_look_into_uses_nothing(odd):
    assert not origin.uses_random(odd)
