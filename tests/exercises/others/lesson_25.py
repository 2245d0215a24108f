"""Right answers to the exercises of lesson 25 that are not our own."""

from __future__ import annotations

_HALF = "import base64\ndef answer(value, alg):\n"
_TYPES = "def answer(response_type):\n"
_PARTS = (
    "import base64, hmac\n"
    "def half(text):\n    digest = hashlib.sha256(text.encode()).digest()[:16]\n"
    "    return base64.urlsafe_b64encode(digest).decode().strip('=')\n"
    "def answer(came, front, back):\n"
)

OTHERS: dict[str, list[str]] = {
    "25.1": [
        f"{_HALF}    digest = hashlib.new(f'sha{{alg[-3:]}}', value.encode()).digest()\n"
        "    half = digest[: int(alg[2:]) // 16]\n"
        "    return base64.urlsafe_b64encode(half).decode().rstrip('=')",
        f"{_HALF}    functions = {{'256': hashlib.sha256, '384': hashlib.sha384, '512': hashlib.sha512}}\n"
        "    text = functions[alg[2:5]](bytes(value, 'ascii')).hexdigest()\n"
        "    return jwtlab.base64url.encode(bytes.fromhex(text[: len(text) // 2]))",
        f"{_HALF}    h = hashlib.sha256(value.encode())\n"
        "    if alg.endswith('384'):\n        h = hashlib.sha384(value.encode())\n"
        "    if alg.endswith('512'):\n        h = hashlib.sha512(value.encode())\n"
        "    return jwtlab.base64url.encode(h.digest()[: h.digest_size // 2])",
    ],
    "25.2": [
        f"{_TYPES}    browser, words = set(), set(response_type.split(' '))\n"
        "    if 'code' in words: browser.add('code')\n"
        "    if 'id_token' in words: browser.add('id_token')\n"
        "    if 'token' in words: browser.add('access_token')\n"
        "    endpoint = {'id_token', 'access_token'} if 'code' in words else set()\n    return browser, endpoint",
        f"{_TYPES}    names = {{'code': 'code', 'token': 'access_token', 'id_token': 'id_token'}}\n"
        "    browser = [names[word] for word in response_type.split()]\n"
        "    return browser, ['access_token', 'id_token'] * browser.count('code')",
        f"{_TYPES}    browser = frozenset(w.replace('id_', 'ID').replace('token', 'access_token')"
        ".replace('IDaccess_', 'id_') for w in response_type.split())\n"
        "    return [browser, frozenset({'access_token', 'id_token'} if 'code' in response_type else ())]",
    ],
    "25.3": [
        f"{_PARTS}    if 'c_hash' not in front or not hmac.compare_digest(front['c_hash'], half(came['code'])):\n"
        "        return False\n"
        "    if came.get('access_token'):\n        if front.get('at_hash') != half(came['access_token']):\n"
        "            return False\n"
        "    return front['iss'] == back['iss'] and front['sub'] == back['sub']",
        f"{_PARTS}    names = {{'code': 'c_hash', 'access_token': 'at_hash'}}\n"
        "    hashed = all(front.get(names[each]) == half(came[each]) for each in came)\n"
        "    return hashed and all(front[name] == back[name] for name in ('iss', 'sub'))",
        f"{_PARTS}    wanted = {{'c_hash': half(came['code']), 'iss': back['iss'], 'sub': back['sub']}}\n"
        "    if 'access_token' in came:\n        wanted['at_hash'] = half(came['access_token'])\n"
        "    return wanted.items() <= front.items()",
    ],
}
