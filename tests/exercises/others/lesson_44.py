"""Right answers to the exercises of lesson 44 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "44.1": [
        "import hmac\ndef answer(claims, certificate):\n    if certificate is None:\n        return False\n"
        "    named = (claims.get('cnf') or {}).get('x5t#S256') or ''\n"
        "    seen = base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).decode().strip('=')\n"
        "    return hmac.compare_digest(named, seen)",
        "import jwtlab\ndef answer(claims, certificate):\n    try:\n        named = claims['cnf']['x5t#S256']\n"
        "        return named == jwtlab.base64url.encode(hashlib.sha256(certificate).digest())\n"
        "    except (KeyError, TypeError):\n        return False",
        "def answer(claims, certificate):\n    match claims:\n        case {'cnf': {'x5t#S256': str(named)}} if certificate:\n"
        "            digest = base64.b64encode(hashlib.sha256(certificate).digest(), altchars=b'-_')\n"
        "            return digest == (named + '=').encode()\n    return False",
    ],
    "44.2": [
        "def answer(claims):\n    return [claims['sub'], claims.get('act', {}).get('sub', claims['client_id'])]",
        "def answer(claims):\n    match claims:\n        case {'act': {'sub': actor}}:\n            return claims['sub'], actor\n"
        "    return claims['sub'], claims['client_id']",
        "def answer(claims):\n    try:\n        who = claims['act']['sub']\n    except KeyError:\n        who = claims['client_id']\n"
        "    return (claims['sub'], who)",
    ],
    "44.3": [
        "answer = lambda run: run('mallory/anything', 'https://cloud.example')",
        "def answer(run):\n    token = run(repository='mallory/x', audience='https://cloud.example')\n    return token",
        "def answer(run):\n    for audience in ('https://builds.example', 'https://cloud.example'):\n"
        "        token = run('mallory/notes', audience=audience)\n    return token",
    ],
    "44.4": [
        "def answer(claims):\n    sub = claims.get('sub')\n    return isinstance(sub, str) and sub in "
        "{'repo:acme/notes:ref:refs/heads/main', 'repo:acme/notes:environment:release'}",
        "import re\ndef answer(claims):\n    sub = claims.get('sub')\n    return isinstance(sub, str) and bool("
        "re.fullmatch('repo:acme/notes:(ref:refs/heads/main|environment:release)', sub))",
        "def answer(claims):\n    parts = claims['sub'].split(':') if isinstance(claims.get('sub'), str) else []\n"
        "    return parts in (['repo', 'acme/notes', 'ref', 'refs/heads/main'], ['repo', 'acme/notes', 'environment', 'release'])",
    ],
}
