"""Plausible wrong answers to the exercises of lesson 28."""

from __future__ import annotations

WORD = "def answer(random):\n"
VISIT = "def answer(record, method, browser, now):\n"
CODE = "def answer(record, typed, now):\n"
GOOD = (
    "record is not None and not record['used'] and now < record['expires'] and record['browser'] == browser"
)

WRONG: dict[str, list[tuple[str, str]]] = {
    "28.1": [
        (f"{WORD}    w = jwtlab.base64url.encode(random(32))\n    return w, w", "store the word itself"),
        (
            f"{WORD}    w = jwtlab.base64url.encode(random(8))\n    return w, hashlib.sha256(w.encode()).hexdigest()",
            "64 bits",
        ),
        (f"{WORD}    w = random(32)\n    return w, hashlib.sha256(w).hexdigest()", "a text for an address"),
        (
            f"{WORD}    r = random(32)\n    return jwtlab.base64url.encode(r), hashlib.sha256(r).hexdigest()",
            "as it is sent",
        ),
        (
            f"{WORD}    random(32)\n    w = 'secret' * 6\n    return w, hashlib.sha256(w.encode()).hexdigest()",
            "has to come from random",
        ),
        (f"{WORD}    w = random(32).hex()\n    return w, hashlib.sha256(w.encode()).digest()", "as bytes"),
        (f"{WORD}    return random(32).hex()", "two things"),
    ],
    "28.2": [
        (
            f"{VISIT}    if not ({GOOD}): return 'refused'\n    record['used'] = True\n    return 'in'",
            "show the page",
        ),
        (
            f"{VISIT}    if not ({GOOD}): return 'refused'\n    return 'in' if method == 'POST' else 'page'",
            "not marked",
        ),
        (
            f"{VISIT}    if not ({GOOD}): return 'refused'\n    record['used'] = True\n"
            "    return 'in' if method == 'POST' else 'page'",
            "burns the link",
        ),
        (
            f"{VISIT}    if record is None or record['used'] or now >= record['expires']: return 'refused'\n"
            "    if method == 'GET': return 'page'\n    record['used'] = True\n    return 'in'",
            "Another browser",
        ),
        (
            f"{VISIT}    if not ({GOOD}): return 'refused'\n    if method == 'GET': return 'page'\n"
            "    record['used'] = True\n    return 'in'",
            "None == None",
        ),
    ],
    "28.3": [
        (
            f"{CODE}    if record['code'] == typed and not record['used'] and now < record['expires']:\n"
            "        record['used'] = True\n        return 'in'\n    return 'wrong'",
            "guesses",
        ),
        (
            f"{CODE}    if int(record['code']) == int(typed or 0) and not record['used'] and now < record['expires']:\n"
            "        record['used'] = True\n        return 'in'\n"
            "    record['guesses'] += 1\n    return 'wrong'",
            "The zero in front",
        ),
        (
            f"{CODE}    if record['code'] == typed and not record['used'] and now < record['expires']:\n"
            "        record['used'] = True\n        return 'in'\n    record['guesses'] += 1\n"
            "    return 'locked' if record['guesses'] > 5 else 'wrong'",
            "too late",
        ),
        (f"{CODE}    return 'in' if record['code'] == typed else 'wrong'", "not marked"),
    ],
}
