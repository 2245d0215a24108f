"""Plausible wrong answers to the exercises of lesson 41."""

from __future__ import annotations

_READ = "import base64, json, zlib\ndef session(cookie):\n    packed = cookie.startswith('.')\n    data = base64.urlsafe_b64decode(cookie.lstrip('.').split('.')[0] + '==')\n    return json.loads(zlib.decompress(data) if packed else data)\n"
_FIX = "import os\nfrom werkzeug.middleware.proxy_fix import ProxyFix\ndef answer(app):\n"
_PROXY = "    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=1)\n"
_KEY = "    app.secret_key = os.environ['DIARY_SECRET']\n"
_LAX = "    app.config['SESSION_COOKIE_SAMESITE'] = 'Lax'\n"
_NEXT = "from urllib.parse import urlsplit\ndef answer(url):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "41.1": [
        (f"{_READ}def answer(cookie, state):\n    return session(cookie)", "the-verifier"),
        (
            f"{_READ}def answer(cookie, state):\n    return next(iter(session(cookie).values()))['data']['nonce']",
            "the-verifier",
        ),
        (
            f"{_READ}def answer(cookie, state):\n    return next(iter(session(cookie).values()))['data']['code_verifier']",
            "two-logins",
        ),
        (
            f"{_READ}def answer(cookie, state):\n    return session(cookie)['_state_lab_' + state]['data']['code_verifier']",
            "raised",
        ),
        (
            f"{_READ}def answer(cookie, state):\n    for name, kept in session(cookie).items():\n        if name.endswith(state):\n"
            "            return kept['data']['code_verifier']",
            "alike",
        ),
        (
            f"{_READ}def answer(cookie, state):\n    for name, kept in session(cookie).items():\n"
            "        if state in name:\n            return kept['data']['code_verifier']\n    return ''",
            "no-such-login",
        ),
        (
            "import base64, json, zlib\ndef answer(cookie, state):\n"
            "    try:\n        data = zlib.decompress(base64.urlsafe_b64decode(cookie.split('.')[1] + '=='))\n"
            "        kept = json.loads(data).get('_state_lab_' + state)\n"
            "        return kept['data']['code_verifier'] if kept else None\n"
            "    except Exception:\n        return 'not packed'",
            "packed",
        ),
    ],
    "41.2": [
        (f"{_FIX}{_KEY}{_LAX}", "internal-name"),
        (f"{_FIX}    app.config['PREFERRED_URL_SCHEME'] = 'https'\n{_KEY}{_LAX}", "internal-name"),
        (f"{_FIX}    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=0, x_host=1)\n{_KEY}{_LAX}", "http"),
        (f"{_FIX}    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1)\n{_KEY}{_LAX}", "internal-name"),
        (
            f"{_FIX}    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=2, x_host=2)\n{_KEY}{_LAX}",
            "too-many-proxies",
        ),
        (f"{_FIX}{_PROXY}{_KEY}", "cookie-stays-home"),
        (f"{_FIX}{_PROXY}{_LAX}", "secret-of-its-own"),
        (f"{_FIX}{_PROXY}{_LAX}    app.secret_key = os.urandom(32)", "secret-of-its-own"),
        (f"{_FIX}{_PROXY}{_LAX}    app.secret_key = 'correct horse'", "secret-in-source"),
        (f"{_FIX}{_PROXY}{_KEY}    app.config['SESSION_COOKIE_SAMESITE'] = 'None'", "open-to-all"),
        (f"{_FIX}{_PROXY}{_KEY}    app.config['SESSION_COOKIE_SAMESITE'] = None", "same-site-unsaid"),
        (f"{_FIX}{_PROXY}{_KEY}{_LAX}    app.config['SESSION_COOKIE_SECURE'] = False", "cookie-over-http"),
        (
            f"{_FIX}{_KEY}{_LAX}    inner = app.wsgi_app\n    def outer(environ, start):\n"
            "        environ['wsgi.url_scheme'] = 'https'\n"
            "        environ['HTTP_HOST'] = environ['HTTP_X_FORWARDED_HOST'].split(',')[0]\n"
            "        return inner(environ, start)\n    app.wsgi_app = outer",
            "believes-strangers",
        ),
        (f"{_FIX}{_PROXY}{_KEY}{_LAX}    app.before_request(lambda: ('closed', 503))", "no-login"),
        (f"{_FIX}    return app.secret_kee", "raised"),
        ("answer = 'ProxyFix'", "no-function"),
    ],
    "41.3": [
        ("def answer(url):\n    return url", "another-address"),
        ("def answer(url):\n    return '/'", "our-own"),
        ("def answer(url):\n    return url if url and 'mallory' not in url else '/'", "our-own"),
        ("def answer(url):\n    return url if url and url.startswith('/') else '/'", "two-slashes"),
        (f"{_NEXT}    return url if url and not urlsplit(url).scheme else '/'", "two-slashes"),
        (f"{_NEXT}    return '/' if not url or urlsplit(url).netloc else url", "two-slashes"),
        (
            f"{_NEXT}    if not url or url.startswith('//'):\n        return '/'\n    return '/' if urlsplit(url).netloc else url",
            "no-path",
        ),
        (
            "def answer(url):\n    return url if url and url[0] == '/' and url[:2] != '//' else '/'",
            "backslash",
        ),
        (
            f"{_NEXT}    parts = urlsplit(url or '')\n"
            "    return url if parts.path[:1] == '/' and not parts.netloc and not parts.scheme and url[:2] != '//' else '/'",
            "backslash",
        ),
        (
            "def answer(url):\n    return url if url and url[0] == '/' and url[1:2] not in ('/', '\\\\') else '/'",
            "invisible",
        ),
        (
            f"{_NEXT}    bad = not url or url[0] != '/' or url.startswith('//') or '\\\\' in url or urlsplit(url).netloc\n"
            "    return '/' if bad else url",
            "header",
        ),
        (
            "def answer(url):\n    if not url or 'https://diary.example' in url:\n        return url\n"
            "    return url if url[0] == '/' and url[1:2] != '/' else '/'",
            "looks-like-ours",
        ),
        (
            "def answer(url):\n    bad = url and (url[0] != '/' or url[:2] == '//' or '\\\\' in url or min(url) < ' ' or '\\x7f' in url)\n"
            "    return url if not bad and url != '' else '/'",
            "nothing-asked",
        ),
    ],
    "41.4": [
        ("def answer(accounts, claims):\n    return accounts[0]['id']", "known"),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['email'] == claims.get('email'):\n            return each['id']",
            "known",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['sub'] == claims['sub']:\n            return each['id']",
            "other-issuer",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if (each['iss'], each['sub']) == (claims['iss'], claims['sub']):\n"
            "            return each['id']\n    for each in accounts:\n        if claims.get('email_verified') and each['email'] == claims['email']:\n"
            "            return each['id']",
            "address-of-another",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if (each['iss'], each['sub'], each['email']) == (claims['iss'], claims['sub'], claims.get('email', each['email'])):\n"
            "            return each['id']",
            "new-address",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['iss'] == claims['iss'] and (each['sub'] == claims['sub'] or each['name'] == claims.get('name')):\n"
            "            return each['id']",
            "name-of-another",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['iss'] + each['sub'] == claims['iss'] + claims['sub']:\n            return each['id']",
            "run-together",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['iss'] == claims['iss'] and each['sub'] == claims['sub'].lower():\n            return each['id']",
            "sub-loosely",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['iss'] == claims['iss'].rstrip('/') and each['sub'] == claims['sub']:\n            return each['id']",
            "iss-loosely",
        ),
        (
            "def answer(accounts, claims):\n    for each in accounts:\n        if each['iss'] == claims['iss'] and each['sub'] == claims['sub']:\n            each['email'] = claims.get('email')\n            return each['id']",
            "changes-input",
        ),
    ],
}
