"""Right answers to the exercises of lesson 05 that are not our own."""

from __future__ import annotations

_PYJWT = (
    "import os\nimport jwt\n"
    "def answer(token):\n"
    "    try:\n"
    "        claims = jwt.decode(token, os.environ['NOTES_SECRET'], algorithms=['HS256'],\n"
    "                            {more})\n"
    "    except jwt.ExpiredSignatureError:\n        return 'expired'\n"
    "    except jwt.PyJWTError:\n        return 'invalid'\n"
)

OTHERS: dict[str, list[str]] = {
    "05.1": [
        "answer = {}\n"
        "for name in tokens:\n"
        "    report = lab.verify(tokens[name])\n"
        "    answer[name] = 'accepted' if report.accepted else report.first_failure.id",
        "answer = {name: getattr(lab.verify(token).first_failure, 'id', 'accepted') for name, token in tokens.items()}",
        "def refusal(token):\n"
        "    for finding in lab.verify(token).findings:\n"
        "        if finding.failed:\n            return finding.id\n"
        "    return 'accepted'\n"
        "answer = dict(zip(tokens, map(refusal, tokens.values())))",
    ],
    "05.2": [
        "def answer(claims, now, leeway):\n"
        "    exp, nbf = claims.get('exp'), claims.get('nbf', 0)\n"
        "    if type(exp) not in (int, float) or type(nbf) not in (int, float):\n        return False\n"
        "    return nbf - leeway <= now < exp + leeway",
        "from numbers import Real\n"
        "def answer(claims, now, leeway):\n"
        "    dates = [claims[name] for name in ('exp', 'nbf') if name in claims]\n"
        "    if 'exp' not in claims or any(isinstance(d, bool) or not isinstance(d, Real) for d in dates):\n"
        "        return False\n"
        "    if claims['exp'] <= now - leeway:\n        return False\n"
        "    return not ('nbf' in claims and claims['nbf'] > now + leeway)",
        "def answer(claims, now, leeway):\n"
        "    def read(name):\n"
        "        value = claims[name]\n"
        "        if value is True or value is False or isinstance(value, (str, list, dict)) or value is None:\n"
        "            raise TypeError(name)\n"
        "        return value\n"
        "    try:\n"
        "        return read('exp') + leeway > now and ('nbf' not in claims or read('nbf') <= now + leeway)\n"
        "    except (KeyError, TypeError):\n        return False",
    ],
    "05.3": [
        "def answer(token):\n"
        "    verifier = jwtlab.Verifier(lesson_05.KEYS, algorithms=('ES256',), issuer=lab.issuer,\n"
        "                               audience=lesson_05.NOTES, typ='at+jwt', leeway=30)\n"
        "    report = verifier.verify(token, now=lab.now)\n"
        "    return report.claims if report.accepted else None",
        "from functools import partial\n"
        "look = partial(jwtlab.verify, keys=lesson_05.KEYS, algorithms=['ES256'], issuer=lab.issuer,\n"
        "               audience=lesson_05.NOTES, typ='at+jwt', leeway=30)\n"
        "def answer(token):\n"
        "    report = look(token, now=lab.now)\n"
        "    if report.first_failure is None:\n        return dict(report.claims)\n",
        "def answer(token):\n"
        "    try:\n"
        "        report = jwtlab.verify(token, lesson_05.KEYS, algorithms=['ES256'], typ='at+jwt', leeway=30,\n"
        "                               now=lab.now, audience=lesson_05.NOTES, issuer=lab.issuer)\n"
        "        return report.verified_claims() if hasattr(report, 'verified_claims') else (\n"
        "            report.claims if report.accepted else None)\n"
        "    except jwtlab.JwtlabError:\n        return None",
    ],
    "05.4": [
        _PYJWT.format(
            more="issuer='https://as.example', audience='https://notes.example',\n"
            "                            leeway=0, options={'require': ['sub', 'exp', 'iss', 'aud']}"
        )
        + "    return claims['sub']",
        "import os\nimport jwt\n"
        "def answer(token):\n"
        "    try:\n"
        "        whole = jwt.decode_complete(token, key=os.getenv('NOTES_SECRET'), algorithms=['HS256'],\n"
        "            issuer=['https://as.example'], audience=['https://notes.example'],\n"
        "            options={'require': ['exp', 'sub']})\n"
        "    except jwt.ExpiredSignatureError:\n        return 'expired'\n"
        "    except Exception:\n        return 'invalid'\n"
        "    return whole['payload']['sub']",
        "import os\nfrom jwt import PyJWT\nfrom jwt.exceptions import ExpiredSignatureError, InvalidTokenError\n"
        "reader = PyJWT({'require': ['exp', 'sub']})\n"
        "def answer(token):\n"
        "    try:\n"
        "        claims = reader.decode(token, os.environ['NOTES_SECRET'].encode(), ['HS256'],\n"
        "                               audience='https://notes.example', issuer='https://as.example')\n"
        "    except InvalidTokenError as error:\n"
        "        return 'expired' if isinstance(error, ExpiredSignatureError) else 'invalid'\n"
        "    return claims.get('sub', 'invalid')",
    ],
}
