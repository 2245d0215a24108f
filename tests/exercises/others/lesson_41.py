"""Right answers to the exercises of lesson 41 that are not our own."""

from __future__ import annotations

_SAFE = "from urllib.parse import urlsplit\n"

OTHERS: dict[str, list[str]] = {
    "41.1": [
        "from jwtlab.oauth.server_side import session_of_cookie\ndef answer(cookie, state):\n"
        "    return session_of_cookie(cookie).get(f'_state_lab_{state}', {}).get('data', {}).get('code_verifier')",
        "from itsdangerous import URLSafeSerializer\ndef answer(cookie, state):\n"
        "    found = URLSafeSerializer('no key').load_payload(cookie.rsplit('.', 2)[0].encode())\n"
        "    return found[f'_state_lab_{state}']['data']['code_verifier'] if f'_state_lab_{state}' in found else None",
        "import base64, json, zlib\ndef answer(cookie, state):\n    first, *rest = cookie.split('.')\n"
        "    text = first or rest[0]\n    data = base64.b64decode(text + '=' * (-len(text) % 4), altchars=b'-_')\n"
        "    session = json.loads(data if first else zlib.decompress(data))\n"
        "    for name in session:\n        if name.removeprefix('_state_lab_') == state and name != state:\n"
        "            return session[name]['data']['code_verifier']",
    ],
    "41.2": [
        "import os\nfrom werkzeug.middleware.proxy_fix import ProxyFix\ndef answer(app):\n"
        "    app.config.update(SECRET_KEY=os.environ['DIARY_SECRET'], SESSION_COOKIE_SAMESITE='Lax')\n"
        "    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_host=1)\n    return app",
        "import os\ndef answer(app):\n    inner = app.wsgi_app\n    def outer(environ, start):\n"
        "        environ.update({'wsgi.url_scheme': 'https', 'HTTP_HOST': 'diary.example'})\n"
        "        return inner(environ, start)\n    app.wsgi_app = outer\n"
        "    app.secret_key = os.environ['DIARY_SECRET']\n    app.config['SESSION_COOKIE_SAMESITE'] = 'Lax'",
        "import os\ndef answer(app):\n    inner = app.wsgi_app\n    def outer(environ, start):\n"
        "        environ['wsgi.url_scheme'] = environ['HTTP_X_FORWARDED_PROTO'].rpartition(',')[2].strip()\n"
        "        environ['HTTP_HOST'] = environ['HTTP_X_FORWARDED_HOST'].rpartition(',')[2].strip()\n"
        "        return inner(environ, start)\n    app.wsgi_app = outer\n"
        "    app.secret_key = os.environ['DIARY_SECRET'].encode()\n    app.config['SESSION_COOKIE_SAMESITE'] = 'Lax'",
    ],
    "41.3": [
        "import re\ndef answer(url):\n    return url if url and re.fullmatch(r'/(?!/)[^\\\\\\x00-\\x1f\\x7f]*', url) else '/'",
        "from django.utils.http import url_has_allowed_host_and_scheme as fine\ndef answer(url):\n"
        "    good = bool(url) and fine(url, allowed_hosts=None) and url[0] == '/' and '\\\\' not in url and url.isprintable()\n"
        "    return url if good else '/'",
        f"{_SAFE}def answer(url):\n    url = url or '/'\n    parts = urlsplit(url.replace('\\\\', '/'))\n"
        "    odd = parts.scheme or parts.netloc or not url.startswith('/') or url.startswith('//')\n"
        "    return '/' if odd or '\\\\' in url or not url.isprintable() else url",
    ],
    "41.4": [
        "def answer(accounts, claims):\n    known = {(each['iss'], each['sub']): each['id'] for each in accounts}\n"
        "    return known.get((claims['iss'], claims['sub']))",
        "def answer(accounts, claims):\n    return next((a['id'] for a in accounts if a['iss'] == claims['iss'] and a['sub'] == claims['sub']), None)",
        "import json\ndef answer(accounts, claims):\n    who = lambda x: json.dumps([x['iss'], x['sub']])\n"
        "    for each in accounts:\n        if who(each) == who(claims):\n            return each['id']\n    return None",
    ],
}
