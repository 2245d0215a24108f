"""Right answers to the exercises of lesson 16 that are not our own."""

from __future__ import annotations

_WHOLE = "jwtlab.Verifier(desk.keys, algorithms=desk.algorithms, issuer=desk.issuer, audience=desk.audience, typ=desk.typ)"
_LATE = "{'verify_exp': False, 'verify_nbf': False, 'verify_iat': False, 'require': ['exp', 'iss', 'aud']}"
_ONCE = (
    "def once(pairs):\n"
    "    names = [name for name, _ in pairs]\n"
    "    if len(set(names)) != len(names):\n        raise jwt.InvalidTokenError('twice')\n"
    "    return dict(pairs)\n"
)

OTHERS: dict[str, list[str]] = {
    "16.1": [
        "def answer(token):\n"
        "    report = jwtlab.verify(token, desk.keys, algorithms=['ES256'], now=desk.now, issuer=desk.issuer,\n"
        "                           audience=desk.audience)\n"
        "    return report.claims if report.accepted else None",
        "verifier = jwtlab.Verifier(desk.keys, algorithms=desk.algorithms, audience=desk.audience)\n"
        "def answer(token):\n"
        "    report = verifier.verify(token, now=desk.now)\n"
        "    if not report.accepted:\n        raise jwtlab.InvalidToken(str(report.first_failure))\n"
        "    return report.claims",
        "import jwt\n"
        "def answer(token):\n"
        "    return jwt.decode(token, desk.pem, algorithms=['ES256'], audience=desk.audience, issuer=desk.issuer,\n"
        "                      options={'verify_exp': False, 'verify_nbf': False, 'verify_iat': False})",
    ],
    "16.2": [
        "def answer(token):\n"
        f"    report = {_WHOLE}.verify(token, now=desk.now, seen=desk.used)\n"
        "    if report.first_failure is not None:\n        raise jwtlab.InvalidToken('refused')\n"
        "    return dict(report.claims)",
        "from functools import partial\n"
        "look = partial(jwtlab.verify, keys=desk.keys, algorithms=desk.algorithms, issuer=desk.issuer,\n"
        "               audience=desk.audience, typ=desk.typ)\n"
        "answer = lambda token: (lambda r: r.claims if r.accepted else None)(look(token, now=desk.now, seen=desk.used))",
        f"strict = {_WHOLE}\n"
        "class Guard:\n"
        "    def __call__(self, token):\n"
        "        report = strict.verify(token, now=desk.now, seen=desk.used)\n"
        "        return report.claims if report.accepted else None\n"
        "answer = Guard()",
    ],
    "16.3": [
        "import json\nimport jwt\nfrom jwtlab.jose import base64url\n" + _ONCE + "def date(value):\n"
        "    if type(value) not in (int, float) or not 0 <= value < 1e11:\n        raise jwt.InvalidTokenError('no date')\n"
        "    return value\n"
        "def answer(token):\n"
        "    whole = jwt.decode_complete(token, desk.pem, ['ES256'], issuer=desk.issuer, audience=desk.audience,\n"
        f"                                options={_LATE})\n"
        "    claims = whole['payload']\n"
        "    for part in token.split('.')[:2]:\n        json.loads(base64url.decode(part), object_pairs_hook=once)\n"
        "    if str(whole['header'].get('typ')).casefold() not in ('at+jwt', 'application/at+jwt'):\n"
        "        return None\n"
        "    if desk.now >= date(claims['exp']) or desk.now < date(claims.get('nbf', 0)):\n        return None\n"
        "    return None if claims.get('jti') in desk.used else claims",
        "import json\nimport jwt\nfrom jwtlab.jose import base64url\n" + _ONCE + "def answer(token):\n"
        "    try:\n"
        f"        claims = jwt.decode(token, desk.pem, algorithms=('ES256',), options={_LATE},\n"
        "                            issuer=[desk.issuer], audience=[desk.audience])\n"
        "        payload = json.loads(base64url.decode(token.split('.')[1]), object_pairs_hook=once)\n"
        "        typ = jwt.get_unverified_header(token)['typ'].lower()\n"
        "        dates = [payload['exp'], payload.get('nbf', desk.now)]\n"
        "        assert payload == claims\n"
        "        assert not any(isinstance(d, bool) or abs(d) > 10**11 for d in dates)\n"
        "        assert typ in {'at+jwt', 'application/at+jwt'}\n"
        "        assert dates[1] <= desk.now < dates[0]\n"
        "        assert payload.get('jti') not in desk.used\n"
        "    except Exception:\n        return None\n"
        "    return claims",
        "import json\nfrom types import SimpleNamespace\nimport jwt\nfrom jwtlab.jose import base64url\n"
        + _ONCE
        + f"reader = jwt.PyJWT({_LATE})\n"
        "def refusals(token, claims):\n"
        "    header = jwt.get_unverified_header(token)\n"
        "    typ = header.get('typ')\n"
        "    yield not isinstance(typ, str) or typ.lower().removeprefix('application/') != 'at+jwt'\n"
        "    for name, default in (('exp', None), ('nbf', 0)):\n"
        "        value = claims.get(name, default)\n"
        "        yield isinstance(value, bool) or not isinstance(value, (int, float)) or value > 253402300799\n"
        "    yield not claims.get('nbf', 0) <= desk.now < claims['exp']\n"
        "    yield 'jti' in claims and claims['jti'] in desk.used\n"
        "def answer(token):\n"
        "    claims = reader.decode(token, desk.pem, algorithms=['ES256'], issuer=desk.issuer, audience=desk.audience)\n"
        "    once_only = json.loads(base64url.decode(token.split('.')[1]).decode(), object_pairs_hook=once)\n"
        "    return None if any(refusals(token, once_only)) else claims",
    ],
}
