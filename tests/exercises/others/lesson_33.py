"""Right answers to the exercises of lesson 33 that are not our own."""

from __future__ import annotations

_CHECK, _NONCE = "def answer(header, claims, jkt, request, used):\n", "def answer(response):\n"

OTHERS: dict[str, list[str]] = {
    "33.1": [
        "import base64, hashlib, uuid\n"
        "answer = dict(jti=str(uuid.uuid4()), htm='GET', htu='https://api.example/notes', iat=now,\n"
        "    ath=base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip('='))",
        "import hashlib, os\n"
        "answer = {'ath': jwtlab.base64url.encode(hashlib.new('sha256', token.encode('ascii')).digest()),\n"
        "          'iat': now + 2, 'htu': 'HTTPS://api.example/notes', 'htm': 'GET', 'jti': os.urandom(16).hex(), 'nonce': 'x'}",
        "from jwtlab.oauth import dpop\n"
        "answer = dpop.proof(lab.key('ES256', 'client'), 'GET', 'https://api.example/notes?page=2', now=now,\n"
        "                    jti='k3-9fQ_x7aLw2mZtR8vB', access_token=token)",
    ],
    "33.2": [
        f"import hashlib\n{_CHECK}    ath = jwtlab.base64url.encode(hashlib.sha256(request['token'].encode()).digest())\n"
        "    good = {'htm': request['method'], 'htu': request['address'], 'ath': ath}\n"
        "    if any(claims.get(name) != value for name, value in good.items()):\n        return False\n"
        "    if not {'iat', 'jti'} <= claims.keys() or claims['jti'] in used:\n        return False\n"
        "    at = claims['iat']\n    return (request['now'] - 60 <= at <= request['now'] + 60\n"
        "            and header.get('typ') == 'dpop+jwt' and request['bound_to'] == jkt)",
        f"import base64, hashlib\n{_CHECK}    try:\n"
        "        digest = hashlib.sha256(request['token'].encode('ascii')).digest()\n"
        "        ath = base64.urlsafe_b64encode(digest).decode().rstrip('=')\n"
        "        return (header['typ'], claims['htm'], claims['htu'], claims['ath'], jkt) == (\n"
        "            'dpop+jwt', request['method'], request['address'], ath, request['bound_to']\n"
        "        ) and -60 <= claims['iat'] - request['now'] <= 60 and claims['jti'] not in used\n"
        "    except KeyError:\n        return False",
        f"import hashlib\n{_CHECK}    match claims, header:\n"
        "        case {'jti': jti, 'htm': htm, 'htu': htu, 'iat': iat, 'ath': ath}, {'typ': 'dpop+jwt'}:\n"
        "            right = jwtlab.base64url.encode(hashlib.sha256(request['token'].encode()).digest())\n"
        "            return not (jti in used or htm != request['method'] or htu != request['address'] or ath != right\n"
        "                        or abs(iat - request['now']) > 60 or jkt != request['bound_to'])\n    return False",
    ],
    "33.3": [
        f"import re\n{_NONCE}    if response.is_success:\n        return None\n"
        "    challenge = response.headers.get('www-authenticate', '')\n    try:\n        body = response.json()\n"
        "    except ValueError:\n        body = {}\n    error = body.get('error') if isinstance(body, dict) else None\n"
        "    found = re.search(r'error=\"([^\"]*)\"', challenge)\n"
        "    if error == 'use_dpop_nonce' or (found and found[1] == 'use_dpop_nonce'):\n"
        "        return response.headers.get('dpop-nonce')\n    return None",
        f"import json\n{_NONCE}    codes = set()\n    if 'error=\"use_dpop_nonce\"' in response.headers.get('WWW-Authenticate', ''):\n"
        "        codes.add('use_dpop_nonce')\n    try:\n        codes.add(json.loads(response.content)['error'])\n"
        "    except (ValueError, KeyError, TypeError):\n        pass\n"
        "    return response.headers.get('DPoP-Nonce') if 'use_dpop_nonce' in codes else None",
        f"{_NONCE}    nonce = response.headers.get('DPoP-Nonce')\n    if response.status_code == 401:\n"
        "        return nonce if 'use_dpop_nonce' in response.headers.get('WWW-Authenticate', '') else None\n"
        "    if response.status_code != 400 or 'json' not in response.headers.get('Content-Type', ''):\n        return None\n"
        "    body = response.json()\n"
        "    return nonce if isinstance(body, dict) and body.get('error') == 'use_dpop_nonce' else None",
    ],
}  # fmt: skip
