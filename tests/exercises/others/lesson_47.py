"""Right answers to the exercises of lesson 47 that are not our own."""

from __future__ import annotations

_TWICE, _CLOCKS, _URIS = (
    "def answer(requests):\n",
    "def answer(answers):\n",
    "def answer(sent, registered):\n",
)

OTHERS: dict[str, list[str]] = {
    "47.1": [
        "answer = dict([('two-tabs', [16, 'refresh-used-once']), ('old-nonce', [3, 'nonce-fresh']),\n"
        "               ('less-scope', [6, 'scope-given']), ('prefetch', [5, 'code-used-once'])])",
        "import collections\nanswer = collections.OrderedDict(prefetch=(5, 'code-used-once'))\n"
        "answer.update({'less-scope': (6, 'scope-given'), 'old-nonce': (3, 'nonce-fresh')})\n"
        "answer['two-tabs'] = (16, 'refresh-used-once')",
        "Found = __import__('collections').namedtuple('Found', 'message check')\n"
        "answer = {'prefetch': Found(5, 'code-used-once'), 'less-scope': Found(6, 'scope-given'),\n"
        "          'old-nonce': Found(3, 'nonce-fresh'), 'two-tabs': Found(16, 'refresh-used-once')}",
    ],
    "47.2": [
        f"{_TWICE}    shown = [form.get('code', form.get('refresh_token')) for form in requests]\n"
        "    for place, secret in enumerate(shown):\n        if secret and secret in shown[:place]:\n"
        "            return place + 1\n    return None",
        f"{_TWICE}    codes, refresh, number = [], [], 0\n    for form in requests:\n        number += 1\n"
        "        for name, kept in (('code', codes), ('refresh_token', refresh)):\n"
        "            if name in form and form[name] != '':\n                if kept.count(form[name]):\n"
        "                    return number\n                kept.append(form[name])",
        f"{_TWICE}    first = {{}}\n    for number, form in enumerate(requests, start=1):\n"
        "        secrets = {form[name] for name in ('code', 'refresh_token') if form.get(name)}\n"
        "        if secrets & first.keys():\n            return number\n"
        "        first |= dict.fromkeys(secrets, number)\n    return None",
    ],
    "47.3": [
        f"{_CLOCKS}    off = set()\n    for name, at, date in answers:\n        if not -60 <= date - at <= 60:\n"
        "            off.add(name)\n    return off",
        f"{_CLOCKS}    return frozenset(each[0] for each in answers if max(each[1:]) - min(each[1:]) > 60)",
        f"{_CLOCKS}    return sorted({{name for name, at, date in answers if date < at - 60 or date > at + 60}})",
    ],
    "47.4": [
        f"{_URIS}    if sent == registered:\n        return 'same'\n"
        "    one, other = urlsplit(sent), urlsplit(registered)\n"
        "    parts = {'scheme': 'scheme', 'host': 'hostname', 'port': 'port', 'path': 'path', 'query': 'query'}\n"
        "    differ = [name for name, part in parts.items() if getattr(one, part) != getattr(other, part)]\n"
        "    return differ[0] if differ else 'spelling'",
        "from urllib.parse import urlparse\n"
        "def split(text):\n    found = urlparse(text)\n"
        "    path = found.path + (f';{found.params}' if found.params else '')\n"
        "    return found.scheme, found.hostname, found.port, path, found.query\n"
        f"{_URIS}    for name, one, other in zip(('scheme', 'host', 'port', 'path', 'query'), split(sent), split(registered)):\n"
        "        if one != other:\n            return name\n    return 'same' if sent == registered else 'spelling'",
        f"{_URIS}    one, other = urlsplit(sent), urlsplit(registered)\n"
        "    if one.scheme != other.scheme:\n        return 'scheme'\n"
        "    if one.hostname != other.hostname:\n        return 'host'\n"
        "    if one.port != other.port:\n        return 'port'\n    if one.path != other.path:\n        return 'path'\n"
        "    if one.query != other.query:\n        return 'query'\n    return ('spelling', 'same')[sent == registered]",
    ],
}  # fmt: skip
