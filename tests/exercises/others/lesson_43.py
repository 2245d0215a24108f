"""Right answers to the exercises of lesson 43 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "43.1": [
        "def answer(kid, known, age):\n    if age is None:\n        return 'fetch'\n    if kid in known and age < 300:\n        return 'use'\n    return 'refuse' if age < 30 else 'fetch'",
        "def answer(kid, known, age):\n    old = age is None or age >= 300\n    if not old and kid in set(known):\n        return 'use'\n    return 'fetch' if old or age >= 30 else 'refuse'",
        "def answer(kid, known, age):\n    match age:\n        case None:\n            return 'fetch'\n        case late if late >= 300:\n            return 'fetch'\n"
        "    return 'use' if any(each == kid for each in known) else ('refuse' if age < 30 else 'fetch')",
    ],
    "43.2": [
        "import re\ndef answer(authorization, claims, needed):\n    found = re.fullmatch('bearer(?: +(.*))?', authorization or '', re.I)\n    if not found:\n        return 401, 'Bearer realm=\"api\"'\n"
        "    status, error = (200, None) if found[1] and claims else (401, 'invalid_token') if found[1] else (400, 'invalid_request')\n"
        "    if status == 200 and needed not in claims.get('scope', '').split():\n        return 403, f'Bearer error=\"insufficient_scope\",scope=\"{needed}\"'\n    return status, error and f'Bearer error={error}'",
        "def answer(authorization, claims, needed):\n    words = (authorization or '').split()\n    if not words or words[0].lower() != 'bearer':\n        return [401, 'Bearer realm=notes']\n"
        '    if len(words) == 1:\n        return [400, \'bearer realm="notes", error=invalid_request, error_description="no token"\']\n'
        "    if claims is None:\n        return [401, 'BEARER error=\"invalid_token\", scope=\"' + needed + '\"']\n"
        "    if needed in claims.get('scope', '').split(' '):\n        return [200, None]\n"
        "    return [403, 'Bearer scope=\"' + needed + '\", error=\"insufficient_scope\"']",
        "def answer(authorization, claims, needed):\n    scheme, *rest = (authorization or '-').split(None, 1)\n    say = lambda error: f'Bearer realm=\"notes\", error=\"{error}\"'\n"
        "    if scheme.casefold() != 'bearer':\n        return 401, 'Bearer realm=\"notes\"'\n    if not rest:\n        return 400, say('invalid_request')\n    if claims is None:\n        return 401, say('invalid_token')\n"
        "    if needed not in (claims.get('scope') or '').split():\n        return 403, say('insufficient_scope') + f', scope=\"{needed}\"'\n    return 200, None",
    ],
    "43.3": [
        "def answer(claims, method, note):\n    reading = method == 'GET' or method == 'HEAD'\n    if claims.get('scope', '').split().count('notes:read' if reading else 'notes:write') == 0:\n        return 403\n"
        "    owner, readers = (note['owner'], note['readers']) if note else (None, [])\n    rank = 2 if claims['sub'] == owner else 1 if claims['sub'] in readers else 0\n    return {2: 200, 1: 200 if reading else 403, 0: 404}[rank]",
        "from http import HTTPStatus\ndef answer(claims, method, note):\n    write = method not in {'GET', 'HEAD'}\n    if ('notes:write' if write else 'notes:read') not in claims.get('scope', '').split(' '):\n        return 403\n"
        "    if note is None:\n        return 404\n    who = claims['sub']\n    if note['owner'] == who:\n        return 200\n    if who not in note['readers']:\n        return 404\n    return 403 if write else 200",
        "def answer(claims, method, note):\n    scopes, sub = set(claims.get('scope', '').split()), claims['sub']\n    needed = {'GET': 'notes:read', 'HEAD': 'notes:read'}.get(method, 'notes:write')\n"
        "    if not scopes >= {needed}:\n        return 403\n    note = note or {'owner': None, 'readers': ()}\n    if sub == note['owner']:\n        return 200\n"
        "    return (200 if needed.endswith('read') else 403) if sub in note['readers'] else 404",
    ],
    "43.4": [
        "import functools\ndef answer(issuer):\n    app, keys = Flask('mine'), jwt.PyJWKClient(issuer.jwks_uri)\n    app.testing = True\n"
        "    def needs(scope):\n        def guard(view):\n            @functools.wraps(view)\n            def guarded():\n"
        "                auth = request.authorization\n                if auth is None or auth.type != 'bearer':\n                    return 'who are you?', 401, {'WWW-Authenticate': 'Bearer realm=\"mine\", scope=\"notes:read\"'}\n"
        "                try:\n                    head = jwt.get_unverified_header(auth.token)\n                    if str(head.get('typ')).lower() != 'at+jwt':\n                        raise jwt.InvalidTokenError\n"
        "                    claims = jwt.decode(auth.token, keys.get_signing_key(head.get('kid')).key, ['RS256'], {'require': ['exp', 'sub', 'client_id']}, audience=API, issuer=issuer.issuer)\n"
        "                except (jwt.PyJWTError, TypeError, AttributeError, ValueError):\n                    return 'no', 401, {'WWW-Authenticate': 'Bearer error=invalid_token'}\n"
        "                if scope not in claims.get('scope', '').split():\n                    return 'no', 403, {'WWW-Authenticate': 'bearer scope=\"notes:read\", error=\"insufficient_scope\"'}\n"
        "                return view(claims)\n            return guarded\n        return guard\n"
        "    @app.get('/notes')\n    @needs('notes:read')\n    def notes(claims):\n        return {'owner': claims['sub'], 'notes': ['feed the cat']}\n    return app",
        "from flask import abort, make_response\ndef answer(issuer):\n    app = Flask('mine')\n    client = jwt.PyJWKClient(issuer.jwks_uri, cooldown_duration=0)\n"
        "    @app.before_request\n    def guard():\n        sent = request.headers.get('Authorization', '')\n"
        "        if not sent.startswith('Bearer '):\n            return make_response('', 401, {'WWW-Authenticate': 'Bearer realm=\"mine\"'})\n"
        "        try:\n            token = sent[7:]\n            key = client.get_signing_key_from_jwt(token)\n"
        "            whole = jwt.decode_complete(token, key, algorithms=['RS256', 'PS256'], audience=['https://notes.example'], issuer=[issuer.issuer], options={'require': ['exp', 'iss', 'aud', 'sub']})\n"
        "            assert whole['header']['typ'] == 'at+jwt'\n"
        "        except Exception:\n            return make_response('', 401, {'WWW-Authenticate': 'Bearer error=\"invalid_token\"'})\n"
        "        if not {'notes:read'} <= set(whole['payload'].get('scope', '').split()):\n"
        "            return make_response('', 403, {'WWW-Authenticate': 'Bearer error=\"insufficient_scope\"'})\n"
        "        request.claims = whole['payload']\n    @app.get('/notes')\n    def notes():\n        return dict(owner=request.claims['sub'])\n    return app",
        "def answer(issuer):\n    app, keys = Flask('mine'), jwtlab.KeySet.from_jwks(issuer.jwks())\n    verifier = jwtlab.Verifier(keys, algorithms=['RS256'], issuer=issuer.issuer, audience=API, typ='at+jwt')\n"
        "    @app.route('/notes')\n    def notes():\n        scheme, _, token = request.headers.get('Authorization', '').partition(' ')\n"
        "        if scheme != 'Bearer':\n            return '', 401, {'WWW-Authenticate': 'Bearer realm=\"notes\"'}\n"
        "        report = verifier.verify(token, now=issuer.now)\n        if not report.accepted or not {'exp', 'sub'} <= report.claims.keys():\n            return '', 401, {'WWW-Authenticate': 'Bearer error=\"invalid_token\"'}\n"
        "        if 'notes:read' not in report.claims.get('scope', '').split():\n            return '', 403, {'WWW-Authenticate': 'Bearer error=\"insufficient_scope\", scope=\"notes:read\"'}\n        return {'owner': report.claims['sub']}\n"
        "    return app.test_client()",
    ],
}
