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
        (SORTED + " | {'expires': 'registered'}", "expires"),
        (SORTED + " | {'nbf': 'private'}", "seven"),
        (SORTED + " | {'https://bakery.example/points': 'private'}", "address"),
        (SORTED + " | {'shoe_size': 'public'}", "shoe_size"),
        (SORTED + " | {'shoe_size': 'custom'}", "no-family"),
        ("answer = {'nbf': 'registered'}", "missing"),
        ("answer = ['registered', 'registered', 'public', 'private', 'private']", "not-a-dict"),
    ],
    "02.2": [
        ("answer = jwtlab.decode(ticket).claims['exp']", "as-it-stands"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'])", "no-zone"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['iat'], timezone.utc)", "other-claim"),
        ("answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['nbf'], timezone.utc)", "other-claim"),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'] / 1000, timezone.utc)",
            "divided",
        ),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], timezone.utc)"
            ".replace(tzinfo=timezone(timedelta(hours=1)))",
            "off",
        ),
        ("answer = '1 January 2026, 03:20 UTC'", "text"),
        (
            "answer = datetime.fromtimestamp(jwtlab.decode(ticket).claims['exp'], timezone.utc).date()",
            "day",
        ),
        ("answer = 200", "number"),
    ],
    "02.3": [
        ("def answer(claims, me):\n    return claims['aud'] == me", "list"),
        ("def answer(claims, me):\n    return me in claims['aud']", "begins"),
        (
            "def answer(claims, me):\n    aud = claims['aud']\n"
            "    return me in aud if isinstance(aud, list) else aud == me",
            "raised",
        ),
        (
            "def answer(claims, me):\n    return isinstance(claims['aud'], list) and me in claims['aud']",
            "text",
        ),
        ("def answer(claims, me):\n    return True", "me"),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', [])\n"
            "    names = aud if isinstance(aud, list) else [aud]\n"
            "    return any(name.startswith(me) for name in names)",
            "begins",
        ),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', me)\n"
            "    return me in aud if isinstance(aud, list) else aud == me",
            "missing",
        ),
        (
            "def answer(claims, me):\n    aud = claims.get('aud', [])\n"
            "    names = aud if isinstance(aud, list) else [aud]\n"
            "    return me.lower() in [name.lower() for name in names]",
            "aud-loosely",
        ),
        ("def answer(claims, me):\n    if claims['aud'] == me:\n        return True", "not-bool"),
        ("answer = True", "no-function"),
    ],
    "02.4": [
        (PASS + "answer = claims", "claims"),
        (PASS + "claims['exp'] *= 1000" + SIGN, "milliseconds"),
        (PASS + "claims['aud'] = 'https://api.example, https://notes.example'" + SIGN, "aud-one-text"),
        (PASS + "claims['exp'] = str(claims['exp'])" + SIGN, "date-kind"),
        (PASS + "claims['exp'] = 600" + SIGN, "exp-span"),
        (PASS + "claims['exp'] = lab.now + 10" + SIGN, "exp-span"),
        (PASS + "claims['exp'] = claims['nbf'] + 600" + SIGN, "exp-from-nbf"),
        (PASS + "claims['nbf'] = lab.now" + SIGN, "nbf"),
        (PASS + "import time\nclaims['iat'] = time.time()" + SIGN, "iat"),
        (PASS + "del claims['jti']" + SIGN, "jti"),
        (PASS + "claims['sub'] = 'alice'" + SIGN, "other-value"),
        (
            PASS + "answer = jwtlab.issue(claims, lab.key('ES256', 'mallory'), alg='ES256')",
            "other-key",
        ),
        (PASS + "claims['aud'] = ['https://notes.example']" + SIGN, "aud-other"),
        ("answer = 'pass'", "unreadable"),
    ],
    "02.5": [
        ("answer = payload", "still-there"),
        (BUT + "('password_hash', 'diagnosis')}", "still-there"),
        (BUT + "('password_hash', 'card')}", "still-there"),
        (
            "import base64\nanswer = {**payload, 'password_hash': base64.b64encode(b'5f4d').decode()}",
            "disguised",
        ),
        ("answer = {**payload, 'password_hash': None}", "emptied"),
        (BUT + "('password_hash', 'card', 'diagnosis', 'exp')}", "too-much"),
        ("answer = {'sub': payload['sub']}", "too-much"),
        (BUT + "('password_hash', 'card', 'diagnosis')} | {'roles': []}", "changed"),
        (BUT + "('password_hash', 'card', 'diagnosis')} | {'secret': 1}", "new-claim"),
        ("answer = jwtlab.issue(payload, lab.key('ES256'), alg='ES256')", "text"),
    ],
}

WRONG["02.2"] += [("answer = ['2026']", "not-a-date"), ("answer = True", "not-a-date")]
_PASS = (
    "visit = {'iss': lab.issuer, 'sub': 'bob', 'aud': ['https://api.example', 'https://notes.example'], "
    "'iat': lab.now, 'nbf': lab.now + 60, 'exp': lab.now + 600, 'jti': 'x'}\n"
)
_ISSUE = "\nanswer = jwtlab.issue(visit, lab.key('ES256'), alg='ES256')"
WRONG["02.4"] += [
    (f"{_PASS}visit['aud'] = 'https://api.example'{_ISSUE}", "aud-no-list"),
    (f"{_PASS}del visit['nbf']{_ISSUE}", "date-missing"),
    (f"{_PASS}visit['exp'] += 1{_ISSUE}", "exp"),
    (f"{_PASS}visit['iat'] = 1000{_ISSUE}", "iat-past"),
    ("answer = 7", "not-text"),
]
