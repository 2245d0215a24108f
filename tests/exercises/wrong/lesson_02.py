"""Plausible wrong answers: for each exercise at least three, with words that its hint must contain."""

from __future__ import annotations

SORTED = (
    "answer = {'nbf': 'registered', 'jti': 'registered', 'https://bakery.example/points': 'public', "
    "'shoe_size': 'private', 'expires': 'private'}"
)
PASS = (
    "claims = {'iss': lab.issuer, 'sub': 'bob', 'aud': ['https://api.example', 'https://notes.example'], "
    "'iat': lab.now, 'nbf': lab.now + 60, 'exp': lab.now + 600, 'jti': 'pass-1'}\n"
)
SIGN = "\nanswer = jwtlab.issue(claims, lab.key('ES256'), alg='ES256')"
BUT = "answer = {n: v for n, v in payload.items() if n not in "

WRONG: dict[str, list[tuple[str, str]]] = {
    "02.1": [
        (SORTED + " | {'expires': 'registered'}", "whose name is exp"),
        (SORTED + " | {'nbf': 'private'}", "one of the seven"),
        (SORTED + " | {'https://bakery.example/points': 'private'}", "cannot collide"),
        (SORTED + " | {'shoe_size': 'public'}", "ordinary word"),
        (SORTED + " | {'shoe_size': 'custom'}", "a family is"),
        ("answer = {'nbf': 'registered'}", "is missing"),
        ("answer = ['registered', 'registered', 'public', 'private', 'private']", "is a dict"),
    ],
    "02.2": [
        ("answer = jwtlab.decode(ticket).claims['exp']", "as it stands"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'])", "no time zone"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['iat'], timezone.utc)", "date of iat"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['nbf'], timezone.utc)", "date of nbf"),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'] / 1000, timezone.utc)",
            "divided by 1000",
        ),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], timezone.utc)"
            ".replace(tzinfo=timezone(timedelta(hours=1)))",
            "off by 1 hour",
        ),
        ("answer = '1 January 2026, 03:20 UTC'", "this is text"),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], timezone.utc).date()",
            "without a time",
        ),
        ("answer = 200", "is a number"),
    ],
    "02.3": [
        ("def answer(claims, me):\n    return claims['aud'] == me", "meant for me as well"),
        ("def answer(claims, me):\n    return me in claims['aud']", "part of a text"),
        (
            "def answer(claims, me):\n    aud = claims['aud']\n"
            "    return me in aud if isinstance(aud, list) else aud == me",
            "may be no aud",
        ),
        (
            "def answer(claims, me):\n    return isinstance(claims['aud'], list) and me in claims['aud']",
            "the text me",
        ),
        ("def answer(claims, me):\n    return True", "somebody else"),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', [])\n"
            "    names = aud if isinstance(aud, list) else [aud]\n"
            "    return any(name.startswith(me) for name in names)",
            "Mallory",
        ),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', me)\n"
            "    return me in aud if isinstance(aud, list) else aud == me",
            "names no audience",
        ),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', [])\n"
            "    names = aud if isinstance(aud, list) else [aud]\n"
            "    return me.lower() in [name.lower() for name in names]",
            "case-sensitive",
        ),
        ("def answer(claims, me):\n    if claims['aud'] == me:\n        return True", "in every case"),
        ("answer = True", "wants a function"),
    ],
    "02.4": [
        (PASS + "answer = claims", "sign them"),
        (PASS + "claims['exp'] *= 1000" + SIGN, "milliseconds"),
        (PASS + "claims['aud'] = 'https://api.example, https://notes.example'" + SIGN, "in one text"),
        (PASS + "claims['exp'] = str(claims['exp'])" + SIGN, "without quotes"),
        (PASS + "claims['exp'] = 600" + SIGN, "is an instant"),
        (PASS + "claims['exp'] = lab.now + 10" + SIGN, "10 times 60"),
        (PASS + "claims['exp'] = claims['nbf'] + 600" + SIGN, "counts from nbf"),
        (PASS + "claims['nbf'] = lab.now" + SIGN, "one minute after"),
        (PASS + "import time\nclaims['iat'] = time.time()" + SIGN, "stands still"),
        (PASS + "del claims['jti']" + SIGN, "name of its own"),
        (PASS + "claims['sub'] = 'alice'" + SIGN, "should be 'bob'"),
        (
            PASS + "answer = jwtlab.issue(claims, lab.key('ES256', 'mallory'), alg='ES256')",
            "not that of the lab",
        ),
        (PASS + "claims['aud'] = ['https://notes.example']" + SIGN, "nobody else"),
        ("answer = 'pass'", "cannot be read"),
    ],
    "02.5": [
        ("answer = payload", "password_hash is still there"),
        (BUT + "('password_hash', 'diagnosis')}", "on a postcard"),
        (BUT + "('password_hash', 'card')}", "health data"),
        (
            "import base64\nanswer = {**payload, 'password_hash': base64.b64encode(b'5f4d').decode()}",
            "spelled",
        ),
        ("answer = {**payload, 'password_hash': None}", "is empty"),
        (BUT + "('password_hash', 'card', 'diagnosis', 'exp')}", "exp is gone"),
        ("answer = {'sub': payload['sub']}", "iss is gone"),
        (BUT + "('password_hash', 'card', 'diagnosis')} | {'roles': []}", "has changed"),
        (BUT + "('password_hash', 'card', 'diagnosis')} | {'secret': 1}", "new claim"),
        ("answer = jwtlab.issue(payload, lab.key('ES256'), alg='ES256')", "no need to encode"),
    ],
}
