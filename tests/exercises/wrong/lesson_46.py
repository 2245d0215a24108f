"""Plausible wrong answers to the exercises of lesson 46."""

from __future__ import annotations

_WELL = "'/.well-known/oauth-protected-resource'"
_FOUND = "def answer(addresses):\n    found = [ipaddress.ip_address(each) for each in addresses]\n"
_SAME = "def answer(asked, allowed):\n    for each in allowed:\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "46.1": [
        ("def answer(resource):\n    return urlsplit(resource)", "no-text"),
        (f"def answer(resource):\n    return resource + {_WELL}", "path"),
        (f"def answer(resource):\n    return resource.rstrip('/') + {_WELL}", "path"),
        (
            f"def answer(resource):\n    p = urlsplit(resource)\n    return p.scheme + '://' + p.netloc + {_WELL}",
            "path",
        ),
        (
            f"def answer(resource):\n    p = urlsplit(resource)\n    return p.scheme + '://' + p.netloc + {_WELL} + p.path",
            "slash",
        ),
        (
            f"def answer(resource):\n    p = urlsplit(resource)\n    return 'https://' + p.hostname + {_WELL} + p.path",
            "no-path",
        ),
        (
            f"def answer(resource):\n    p = urlsplit(resource)\n    return 'https://' + p.netloc + {_WELL} + p.path.rstrip('/')",
            "path-slash",
        ),
        (
            f"def answer(resource):\n    p = urlsplit(resource)\n"
            f"    return p.scheme + '://' + p.netloc + {_WELL} + (p.path if p.path != '/' else '')",
            "query",
        ),
        (
            f"def answer(resource):\n    host = urlsplit(resource).netloc\n"
            f"    return (resource[:-1] if resource.endswith('example/') else resource).replace(host, host + {_WELL})",
            "twice",
        ),
    ],
    "46.2": [
        ("def answer(point):\n    return point", "no-name"),
        ("def answer(point):\n    return 'https://10.0.0.5/off'", "refused"),
        ("def answer(point):\n    return 'https://localhost/off'", "refused"),
        ("def answer(point):\n    return 'https://printer.mallory.example/off'", "refused"),
        (
            "def answer(point):\n    point('tools.example', '10.0.0.5')\n    return 'https://tools.example/off'",
            "not-hers",
        ),
        (
            "def answer(point):\n    point('a.mallory.example', '10.0.0.5')\n    return 'http://a.mallory.example/off'",
            "refused",
        ),
        (
            "def answer(point):\n    point('a.mallory.example', '10.0.0.6')\n    return 'https://a.mallory.example/off'",
            "refused",
        ),
        (
            "def answer(point):\n    point('a.mallory.example', '10.0.0.5')\n    return 'https://a.mallory.example/on'",
            "other-order",
        ),
        ("def answer(point):\n    return 'https://as.example/jwks'", "elsewhere"),
        (
            "def answer(point):\n    point('a.mallory.example', '10.0.0.5')\n    return 'a.mallory.example/off'",
            "no-address",
        ),
    ],
    "46.3": [
        (f"{_FOUND}    return found", "not-bool"),
        (f"{_FOUND}    return all(each.is_global for each in found)", "nothing"),
        (f"{_FOUND}    return bool(found) and all(each.is_global for each in found)", "many"),
        (f"{_FOUND}    return any(each.is_global for each in found)", "one-of-many"),
        (f"{_FOUND}    return bool(found) and found[0].is_global", "one-of-many"),
        (f"{_FOUND}    return found[0].is_global and found[-1].is_global", "raised"),
        (f"{_FOUND}    return bool(found) and not any(each.is_private for each in found)", "shared"),
        (f"{_FOUND}    return bool(found) and not any(each.is_loopback for each in found)", "private"),
        (
            "def answer(addresses):\n    return bool(addresses) and not any(each.startswith(('127.', '10.', '192.168.', "
            "'172.', '169.254.', '::', 'f')) for each in addresses)",
            "near-private",
        ),
        (
            "def answer(addresses):\n    return '127.0.0.1' not in addresses and '::1' not in addresses",
            "loopback",
        ),
    ],
    "46.4": [
        ("def answer(asked, allowed):\n    return allowed", "not-bool"),
        ("def answer(asked, allowed):\n    return bool(allowed)", "client"),
        ("def answer(asked, allowed):\n    return asked in allowed", "less"),
        (
            "def answer(asked, allowed):\n    return any(each['person'] == asked['person'] for each in allowed)",
            "client",
        ),
        (
            "def answer(asked, allowed):\n    return any(each['client_id'] == asked['client_id'] for each in allowed)",
            "person",
        ),
        (
            f"{_SAME}        if all(each[name] == asked[name] for name in ('person', 'client_id')):\n"
            "            return set(asked['scope'].split()) <= set(each['scope'].split())\n    return False",
            "address",
        ),
        (
            f"{_SAME}        if all(each[name] == asked[name] for name in ('person', 'client_id', 'redirect_uri')):\n"
            "            return True\n    return False",
            "scope",
        ),
        (
            f"{_SAME}        if all(each[name] == asked[name] for name in ('person', 'client_id', 'redirect_uri')):\n"
            "            return asked['scope'] in each['scope']\n    return False",
            "words",
        ),
        (
            "def answer(asked, allowed):\n    ok = all(any(each[name] == asked[name] for each in allowed) "
            "for name in ('person', 'client_id', 'redirect_uri'))\n"
            "    return ok and any(set(asked['scope'].split()) <= set(each['scope'].split()) for each in allowed)",
            "mixed",
        ),
        (
            f"{_SAME}        if all(each[n].lower() == asked[n].lower() for n in ('person', 'client_id', 'redirect_uri')) "
            "and set(asked['scope'].split()) <= set(each['scope'].split()):\n            return True\n    return False",
            "client_id-loosely",
        ),
        (
            f"{_SAME}        if all(each[n] == asked[n] for n in ('person', 'client_id')) and "
            "asked['redirect_uri'].startswith(each['redirect_uri']) "
            "and set(asked['scope'].split()) <= set(each['scope'].split()):\n            return True\n    return False",
            "redirect_uri-loosely",
        ),
    ],
}
