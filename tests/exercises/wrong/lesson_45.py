"""Plausible wrong answers to the exercises of lesson 45."""

from __future__ import annotations

_OWNERS = "def answer(address, apps):\n    parts = urlsplit(address)\n"
_SAME = "def answer(registered, given):\n    one, other = urlsplit(registered), urlsplit(given)\n"
_POLL = "def answer(reply, interval):\n    if 'access_token' in reply:\n        return ('done', reply['access_token'])\n"
_KEEP = "def answer(path, token):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "45.1": [
        (f"{_OWNERS}    return apps[0]['name']", "not-a-list"),
        (f"{_OWNERS}    return [a['name'] for a in apps if parts.scheme in a['schemes']][:1]", "several"),
        (f"{_OWNERS}    return [a['name'] for a in apps if parts.scheme in a['schemes']]", "verified"),
        (
            f"{_OWNERS}    return [a['name'] for a in apps if parts.scheme in a['schemes'] or parts.hostname in a['hosts']]",
            "verified",
        ),
        (
            f"{_OWNERS}    return [a['name'] for a in apps if parts.scheme in a['schemes'] or parts.hostname in a['verified']]",
            "verified",
        ),
        (
            f"{_OWNERS}    return [a['name'] for a in apps if any(address.startswith(s) for s in a['schemes']) "
            "or any(h in address for h in a['verified'])]",
            "verified",
        ),
    ],
    "45.2": [
        ("def answer(registered, given):\n    return registered == given", "any-port"),
        (f"{_SAME}    return one.hostname == other.hostname", "path"),
        (f"{_SAME}    return (one.hostname, one.path) == (other.hostname, other.path)", "query"),
        (
            f"{_SAME}    return (one.scheme, one.hostname, one.path, one.query) == "
            "(other.scheme, other.hostname, other.path, other.query)",
            "empty-query",
        ),
        (f"{_SAME}    return given.startswith('http://127.0.0.1')", "any-port"),
        (f"{_SAME}    return one.hostname", "not-bool"),
    ],
    "45.3": [
        (f"{_POLL}    return ('wait', interval)", "slow-down"),
        (f"{_POLL}    return ('wait', interval + 5)", "pending"),
        (
            f"{_POLL}    if reply['error'] == 'slow_down':\n        return ('wait', 10)\n    return ('wait', interval)",
            "slow-down",
        ),
        (
            f"{_POLL}    if reply['error'] == 'slow_down':\n        return ('wait', interval + 5)\n"
            "    return ('wait', interval)",
            "denied",
        ),
        (f"{_POLL}    return reply['error']", "not-a-pair"),
        ("def answer(reply, interval):\n    return ('done', reply['access_token'])", "raised"),
    ],
    "45.4": [
        (f"{_KEEP}    token.strip()", "no-file"),
        (f"{_KEEP}    __import__('pathlib').Path(path).write_text(token)", "others-read"),
        (
            f"{_KEEP}    __import__('pathlib').Path(path).write_text(token + '\\n')\n    os.chmod(path, 0o600)",
            "other-text",
        ),
        (
            f"{_KEEP}    __import__('pathlib').Path(path).write_text(token)\n    os.chmod(path, 0o640)",
            "others-read",
        ),
        (
            f"{_KEEP}    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:\n"
            "        file.write(token)",
            "old-file-stays-open",
        ),
        (
            f"{_KEEP}    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)\n    os.fchmod(handle, 0o600)\n"
            "    with open(handle, 'w') as file:\n        file.write(token.upper())",
            "other-text",
        ),
        (
            f"{_KEEP}    __import__('pathlib').Path(path).write_text(token)\n    os.chmod(path, 0o600)",
            "written-first",
        ),
        (
            f"{_KEEP}    __import__('pathlib').Path(path + '.new').write_text(token)\n"
            "    os.chmod(path + '.new', 0o600)\n    os.replace(path + '.new', path)",
            "written-first",
        ),
        (
            f"{_KEEP}    mask = os.umask(0o077)\n    with open(path, 'w') as file:\n        file.write(token)\n"
            "    os.umask(mask)\n    os.chmod(path, 0o600)",
            "written-first",
        ),
    ],
}
