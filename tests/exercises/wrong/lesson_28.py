"""Plausible wrong answers to the exercises of lesson 28."""

from __future__ import annotations

from jwtlab import exercises

_WORD, _VISIT, _CODE = (
    f"def answer({given}):\n" for given in ("random", "record, method, browser, now", "record, typed, now")
)
_HASH = "\n    return w, hashlib.sha256(w.encode()).hexdigest()"
_GOOD = (
    "record is not None and not record['used'] and now < record['expires'] and record['browser'] == browser"
)
_IN = "record['code'] == typed and not record['used'] and now < record['expires']"
_SOLUTION = {each.id: each.solution for each in exercises.lesson("28").exercises}


def _but(exercise_id: str, old: str, new: str) -> str:
    """The solution, with one piece of it written wrongly."""
    assert old in _SOLUTION[exercise_id]
    return _SOLUTION[exercise_id].replace(old, new)


WRONG: dict[str, list[tuple[str, str]]] = {
    "28.1": [
        (f"{_WORD}    w = jwtlab.base64url.encode(random(32))\n    return w, w", "stored-word"),
        (f"{_WORD}    w = jwtlab.base64url.encode(random(8)){_HASH}", "few-bytes"),
        (f"{_WORD}    w = random(32)\n    return w, hashlib.sha256(w).hexdigest()", "word-kind"),
        (f"{_WORD}    r = random(32)\n    return jwtlab.base64url.encode(r), hashlib.sha256(r).hexdigest()", "stored-other"),
        (f"{_WORD}    random(32)\n    w = 'secret' * 6{_HASH}", "cut"),
        (f"{_WORD}    w = 'secret' * 6{_HASH}", "not-drawn"),
        (f"import time\n{_WORD}    w = hashlib.sha256(str(time.time()).encode()).hexdigest(){_HASH}", "not-drawn"),
        (f"{_WORD}    w = random(32).hex()\n    return w, hashlib.sha256(w.encode()).digest()", "stored-bytes"),
        (f"{_WORD}    w = random(32).hex()\n    return w, hashlib.sha512(w.encode()).hexdigest()", "stored-other"),
        (f"{_WORD}    w = random(32).hex()\n    return w, jwtlab.base64url.encode(hashlib.sha256(w.encode()).digest())",
         "stored-base64"),
        (f"{_WORD}    w = random(32).hex()\n    return w, hashlib.sha256(w.encode()).hexdigest().upper()", "stored-other"),
        (f"{_WORD}    return random(32).hex()", "pair"),
        (f"import base64\n{_WORD}    w = base64.b64encode(random(32)).decode(){_HASH}", "letters"),
        (f"import base64\n{_WORD}    w = base64.b64encode(random(32)).decode().rstrip('='){_HASH}", "letters"),
        (f"{_WORD}    w = str(random(32)){_HASH}", "letters"),
        (f"import random as dice\n{_WORD}    w = '%064x' % dice.getrandbits(256){_HASH}", "toy"),
        (f"{_WORD}    w = random(32).hex()[:24]{_HASH}", "short"),
        (f"{_WORD}    w = hashlib.sha256(random(32)).hexdigest()[:10] + 'a' * 40{_HASH}", "cut"),
        (f"{_WORD}    w = random(12).hex() + random(32).hex()[:2] + '0' * 20{_HASH}", "cut"),
        (f"import uuid\n{_WORD}    w = str(uuid.uuid4()){_HASH}", "cut"),
        (f"import secrets\n{_WORD}    w = secrets.token_urlsafe(12){_HASH}", "few-bytes"),
        (f"import secrets\n{_WORD}    w = secrets.token_urlsafe(32)[:20]{_HASH}", "short"),
        ("answer = 'a word'", "no-function"),
    ],
    "28.2": [
        (f"{_VISIT}    if not ({_GOOD}): return 'refused'\n    record['used'] = True\n    return 'in'", "own-link"),
        (f"{_VISIT}    if not ({_GOOD}): return 'refused'\n    return 'in' if method == 'POST' else 'page'", "not-used"),
        (f"{_VISIT}    if not ({_GOOD}): return 'refused'\n    record['used'] = True\n"
         "    return 'in' if method == 'POST' else 'page'", "burnt"),
        (f"{_VISIT}    if record is None or record['used'] or now >= record['expires']: return 'refused'\n"
         "    if method == 'GET': return 'page'\n    record['used'] = True\n    return 'in'", "other-browser"),
        (f"{_VISIT}    if not ({_GOOD}): return 'refused'\n    if method != 'POST': return 'page'\n"
         "    record['used'] = True\n    return 'in'", "nobody"),
        (_but("28.2", 'method != "POST"', 'method == "GET"'), "method"),
        (_but("28.2", 'method != "POST"', 'method.upper() != "POST"'), "method-loosely"),
        (_but("28.2", 'if method != "POST"', 'if method not in ("POST", "GET"):\n        return "refused"\n    if '
              'method == "GET"'), "method"),
        (_but("28.2", "now >= ", "now > "), "over"),
        (_but("28.2", 'record["used"] or ', ""), "used"),
        (_but("28.2", "record is None or ", ""), "raised"),
        (_but("28.2", "browser is None or ", ""), "raised"),
        (_but("28.2", 'hmac.compare_digest(record["browser"] or "", browser)', '(record["browser"] or "").startswith('
              'browser)'), "browser-loosely"),
        (f"{_VISIT}    return True", "word"),
        ("answer = 'page'", "no-function"),
    ],
    "28.3": [
        (f"{_CODE}    if {_IN}:\n        record['used'] = True\n        return 'in'\n    return 'wrong'", "counted"),
        (f"{_CODE}    if {_IN}:\n        return 'in'\n    return 'wrong'", "not-used"),
        (f"{_CODE}    if int(record['code']) == int(typed or 0) and not record['used'] and now < record['expires']:\n"
         "        record['used'] = True\n        return 'in'\n    record['guesses'] += 1\n    return 'wrong'", "locked"),
        (_SOLUTION["28.3"].split("    same")[0] + "    same = int(record['code']) == int(typed or 0)\n"
         + _SOLUTION["28.3"].split("encode())\n")[1], "zero"),
        (f"{_CODE}    if {_IN}:\n        record['used'] = True\n        return 'in'\n    record['guesses'] += 1\n"
         "    return 'locked' if record['guesses'] > 5 else 'wrong'", "locked"),
        (f"{_CODE}    return 'in' if record['code'] == typed else 'wrong'", "not-used"),
        (_but("28.3", ">= 5", "> 5"), "locked"),
        (_but("28.3", ">= 5", ">= 4"), "fifth"),
        (_but("28.3", ">= 5", "== 5"), "locked"),
        (_but("28.3", 'record["guesses"] += 1\n        return "wrong"', 'record["guesses"] += 1\n        return "locked" if '
              'record["guesses"] >= 5 else "wrong"'), "fifth"),
        (_but("28.3", 'record["used"] or ', ""), "used"),
        (_but("28.3", "now >= ", "now > "), "over"),
        (_but("28.3", 'hmac.compare_digest(record["code"].encode(), typed.encode())',
              'hmac.compare_digest(record["code"], typed)'), "raised"),
        (_but("28.3", "typed.encode()", "typed.strip().encode()"), "code-loosely"),
        (_but("28.3", '    if record["guesses"]', '    record["guesses"] += 1\n    if record["guesses"]').replace(">= 5", "> 5"),
         "counted-too-much"),
        (_but("28.3", '        return "locked"', '        record["used"] = True\n        return "locked"'), "burnt"),
        (f"{_CODE}    return True", "word"),
    ],
}  # fmt: skip
