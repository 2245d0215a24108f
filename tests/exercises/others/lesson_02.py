"""Right answers to the exercises of lesson 02 that are not our own."""

from __future__ import annotations

_SORTED = "family = {'nbf': 'registered', 'jti': 'registered', 'https://bakery.example/points': 'public'}\n"
_PASS = (
    "visit = dict(iss=lab.issuer, sub='bob', aud=['https://notes.example', 'https://api.example'],\n"
    "             iat=lab.now, nbf=lab.now + 60, exp=lab.now + 600, jti={jti})\n"
    "answer = jwtlab.issue(visit, lab.key('ES256'), alg='ES256')"
)

OTHERS: dict[str, list[str]] = {
    "02.1": [
        _SORTED + "answer = {name: family.get(name, 'private') for name in names}",
        "registered = {'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'}\n"
        "answer = {}\n"
        "for name in names:\n"
        "    answer[name] = 'registered' if name in registered else 'public' if ':' in name else 'private'",
        "from jwtlab.jose.claims import CLAIMS\n"
        "answer = {n: 'registered' if n in CLAIMS else 'public' if n.startswith('https') else 'private' for n in names}",
    ],
    "02.2": [
        "from datetime import datetime, timedelta, timezone\n"
        "answer = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=jwtlab.decode(ticket).claims['exp'])",
        "from datetime import UTC, datetime\n"
        "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], tz=UTC)",
        "from datetime import datetime\nfrom zoneinfo import ZoneInfo\n"
        "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], ZoneInfo('Europe/Berlin'))",
        "import time\nfrom datetime import datetime, timezone\n"
        "t = time.gmtime(jwtlab.decode(ticket).claims['exp'])\n"
        "answer = datetime(*t[:6], tzinfo=timezone.utc)",
    ],
    "02.3": [
        "def answer(claims, me):\n"
        "    if 'aud' not in claims:\n        return False\n"
        "    aud = claims['aud']\n"
        "    if isinstance(aud, str):\n        return aud == me\n"
        "    if isinstance(aud, list):\n        return any(each == me for each in aud)\n"
        "    return False",
        "def answer(claims, me):\n"
        "    match claims.get('aud'):\n"
        "        case str(one):\n            return one == me\n"
        "        case [*several]:\n            return several.count(me) > 0\n"
        "        case _:\n            return False",
        "answer = lambda claims, me: claims.get('aud') == me or (\n"
        "    type(claims.get('aud')) is list and me in claims['aud'])",
    ],
    "02.4": [
        _PASS.format(jti="'pass-1'"),
        "import uuid\n" + _PASS.format(jti="str(uuid.uuid4())"),
        "import secrets\n" + _PASS.format(jti="secrets.token_urlsafe(16)"),
        "visit = {'jti': 'b-7', 'aud': ('https://api.example', 'https://notes.example'), 'sub': 'bob',\n"
        "         'iss': lab.issuer, 'exp': lab.now + 600, 'nbf': lab.now + 60, 'iat': lab.now}\n"
        "visit['aud'] = list(visit['aud'])\n"
        "answer = jwtlab.issue(visit, lab.key('ES256'), alg='ES256')",
    ],
    "02.5": [
        "for name in ('password_hash', 'card', 'diagnosis'):\n    del payload[name]\nanswer = payload",
        "answer = dict(payload)\nanswer.pop('card')\nanswer.pop('diagnosis')\nanswer.pop('password_hash')",
        "answer = {k: payload[k] for k in payload.keys() - {'card', 'password_hash', 'diagnosis'}}",
    ],
}
