"""Right answers to the exercises of lesson 28 that are not our own."""

from __future__ import annotations

_WORD = "def answer(random):\n"
_HASH = "\n    return w, hashlib.sha256(w.encode()).hexdigest()"

OTHERS: dict[str, list[str]] = {
    "28.1": [
        f"import secrets\n{_WORD}    w = secrets.token_urlsafe(32){_HASH}",
        f"import secrets\n{_WORD}    w = secrets.token_urlsafe(){_HASH}",
        f"from secrets import token_hex\n{_WORD}    w = token_hex(16){_HASH}",
        f"{_WORD}    w = random(16).hex(){_HASH}",
        f"{_WORD}    w = '-'.join(random(4).hex() for _ in range(8)){_HASH}",
        f"import base64\n{_WORD}    w = base64.urlsafe_b64encode(random(24)).decode(){_HASH}",
        f"import base64\n{_WORD}    w = base64.b32encode(random(30)).decode(){_HASH}",
        f"from os import urandom\n{_WORD}    w = urandom(32).hex(){_HASH}",
        f"import secrets, string\n{_WORD}    w = ''.join(secrets.choice(string.ascii_letters) for _ in range(40)){_HASH}",
        f"{_WORD}    w = str(int.from_bytes(random(32), 'big')){_HASH}",
        f"{_WORD}    w = hashlib.sha256(random(32)).hexdigest(){_HASH}",
        "def answer(random):\n    w = random(32).hex()\n    return [w, hashlib.new('sha256', w.encode('ascii')).digest().hex()]",
    ],
    "28.2": [
        "def answer(record, method, browser, now):\n"
        "    good = bool(record) and not record['used'] and now < record['expires'] and browser is not None\n"
        "    if not good or record['browser'] != browser:\n        return 'refused'\n"
        "    if method == 'POST':\n        record['used'] = True\n        return 'in'\n    return 'page'",
        "def answer(record, method, browser, now):\n"
        "    if not record or not browser:\n        return 'refused'\n"
        "    if record['used'] or record['expires'] <= now or record['browser'] != browser:\n        return 'refused'\n"
        "    record['used'] = method == 'POST'\n    return 'in' if record['used'] else 'page'",
        "def answer(record, method, browser, now):\n    match record:\n"
        "        case {'used': False, 'browser': str(b), 'expires': e} if b == browser and e > now:\n"
        "            if method != 'POST':\n                return 'page'\n"
        "            record.update(used=True)\n            return 'in'\n    return 'refused'",
    ],
    "28.3": [
        "def answer(record, typed, now):\n    if record['guesses'] > 4:\n        return 'locked'\n"
        "    if typed != record['code']:\n        record['guesses'] += 1\n        return 'wrong'\n"
        "    if record['used'] or now >= record['expires']:\n        return 'wrong'\n"
        "    record['used'] = True\n    return 'in'",
        "def answer(record, typed, now):\n    if record['guesses'] >= 5:\n        record['guesses'] += 1\n"
        "        return 'locked'\n"
        "    if record['used'] or record['expires'] <= now:\n        return 'wrong'\n"
        "    if record['code'] == typed:\n        record['used'] = True\n        return 'in'\n"
        "    record['guesses'] = record['guesses'] + 1\n    return 'wrong'",
        "def answer(record, typed, now):\n"
        "    result = 'locked' if record['guesses'] >= 5 else 'in' if (\n"
        "        typed == record['code'] and not record['used'] and now < record['expires']) else 'wrong'\n"
        "    record['used'] = record['used'] or result == 'in'\n    record['guesses'] += result == 'wrong'\n    return result",
    ],
}  # fmt: skip
