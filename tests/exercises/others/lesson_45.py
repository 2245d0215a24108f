"""Right answers to the exercises of lesson 45 that are not our own."""

from __future__ import annotations

_SAME = "def answer(registered, given):\n    if registered == given:\n        return True\n"

OTHERS: dict[str, list[str]] = {
    "45.1": [
        "def answer(address, apps):\n    parts = urlsplit(address)\n    if parts.scheme == 'https':\n        fits = lambda app: parts.hostname in app['verified']\n    else:\n        fits = lambda app: parts.scheme != 'http' and parts.scheme in app['schemes']\n    return [app['name'] for app in filter(fits, apps)]",
        "def answer(address, apps):\n    scheme, host = urlsplit(address).scheme, urlsplit(address).hostname\n    found = []\n"
        "    for app in apps:\n        if scheme == 'https':\n            fits = host in app['verified']\n"
        "        else:\n            fits = scheme in app['schemes'] and scheme != 'http'\n"
        "        if fits:\n            found.append(app['name'])\n    return found",
        "def answer(address, apps):\n    p = urlsplit(address)\n    kind = {'https': 'verified', 'http': None}.get(p.scheme, 'schemes')\n"
        "    what = p.hostname if kind == 'verified' else p.scheme\n"
        "    return tuple(a['name'] for a in apps if kind and what in a[kind])",
    ],
    "45.2": [
        "def answer(registered, given):\n    def without_port(text):\n        for start in ('http://127.0.0.1:', 'http://[::1]:'):\n            if text.startswith(start):\n                port, slash, rest = text.removeprefix(start).partition('/')\n                if slash and port.isascii() and port.isdigit():\n                    return start[:-1] + slash + rest\n        return text\n    return without_port(registered) == without_port(given)",
        f"{_SAME}    for host in ('127.0.0.1', '[::1]'):\n        start = 'http://' + host\n"
        "        if registered.startswith(start) and given.startswith(start):\n            rests = []\n"
        "            for text in (registered, given):\n                port, slash, rest = text[len(start):].partition('/')\n"
        "                fine = port == '' or (port[0] == ':' and port[1:].isascii() and port[1:].isdigit())\n"
        "                if not (slash and fine):\n                    return False\n                rests.append(rest)\n"
        "            return rests[0] == rests[1]\n    return False",
        "import re\ndef answer(registered, given):\n    cut = lambda text: re.sub(r'^(http://(?:127\\.0\\.0\\.1|\\[::1\\])):[0-9]+(?=/)', r'\\1', text)\n"
        "    return cut(registered) == cut(given)",
    ],
    "45.3": [
        "def answer(reply, interval):\n    try:\n        return ('done', reply['access_token'])\n    except KeyError:\n        error = reply['error']\n    if error not in ('authorization_pending', 'slow_down'):\n        return ('stop', error)\n    return ('wait', interval + 5 * (error == 'slow_down'))",
        "def answer(reply, interval):\n    more = {'authorization_pending': 0, 'slow_down': 5}\n"
        "    error = reply.get('error')\n    if error is None:\n        return 'done', reply['access_token']\n"
        "    return ('wait', interval + more[error]) if error in more else ('stop', error)",
        "def answer(reply, interval):\n    match reply:\n        case {'access_token': token}:\n            return ['done', token]\n"
        "        case {'error': 'authorization_pending'}:\n            return ['wait', interval]\n"
        "        case {'error': 'slow_down'}:\n            return ['wait', interval + 5]\n"
        "        case {'error': other}:\n            return ['stop', other]",
    ],
    "45.4": [
        "def answer(path, token):\n    if os.path.exists(path):\n        os.remove(path)\n"
        "    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as file:\n        file.write(token)",
        "import tempfile\ndef answer(path, token):\n    handle, name = tempfile.mkstemp(dir=os.path.dirname(path))\n"
        "    with open(handle, 'w') as file:\n        file.write(token)\n    os.replace(name, path)",
        "from pathlib import Path\ndef answer(path, token):\n    file = Path(path)\n    file.touch(0o600)\n    file.chmod(0o600)\n"
        "    file.write_text(token)",
        "def answer(path, token):\n    mask = os.umask(0o077)\n    with open(path, 'a') as file:\n        os.chmod(path, 0o600)\n"
        "        file.truncate(0)\n        file.write(token)\n    os.umask(mask)",
    ],
}
