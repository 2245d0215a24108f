"""Right answers to the exercises of lesson 27 that are not our own."""

from __future__ import annotations

_SILENT, _FRESH = "def answer(asked, session, now):\n", "def answer(claims, max_age, now):\n"
_LOGOUT, _ENDS = "def answer(claims, issuer, client_id, used, now):\n", "def answer(sessions, claims):\n"

OTHERS: dict[str, list[str]] = {
    "27.1": [
        f"{_SILENT}    words = set(asked['prompt'].split())\n    if len(words) > 1:\n        return 'invalid_request'\n"
        "    if not session:\n        return 'login_required'\n"
        "    if 'max_age' in asked and session['auth_time'] + asked['max_age'] < now:\n        return 'login_required'\n"
        "    allowed = session['allowed'].get(asked['client_id'], ())\n"
        "    for word in asked['scope'].split():\n        if word not in allowed:\n            return 'consent_required'\n"
        "    return 'code'",
        f"{_SILENT}    if asked['prompt'].strip() != 'none':\n        return 'invalid_request'\n"
        "    if session is None or session['auth_time'] < now - asked.get('max_age', float('inf')):\n"
        "        return 'login_required'\n"
        "    missing = set(asked['scope'].split()).difference(session['allowed'].get(asked['client_id']) or [])\n"
        "    return 'consent_required' if missing else 'code'",
        f"{_SILENT}    match asked['prompt'].split(), session:\n        case ['none'], None:\n"
        "            return 'login_required'\n        case ['none'], {'auth_time': at, 'allowed': allowed}:\n"
        "            if at < now - asked.get('max_age', now):\n                return 'login_required'\n"
        "            ours = allowed.get(asked['client_id'], [])\n"
        "            return 'code' if all(w in ours for w in asked['scope'].split()) else 'consent_required'\n"
        "    return 'invalid_request'",
        # The wider word of OpenID Connect Core §3.1.2.6 for both pages that may not be shown.
        f"{_SILENT}    if asked['prompt'] != 'none':\n        return 'invalid_request'\n"
        "    if session is None or now - session['auth_time'] > asked.get('max_age', now):\n"
        "        return 'interaction_required'\n"
        "    ours = session['allowed'].get(asked['client_id'], [])\n"
        "    return 'code' if set(asked['scope'].split()) <= set(ours) else 'interaction_required'",
    ],
    "27.2": [
        f"{_FRESH}    if max_age is None:\n        return True\n    if 'auth_time' not in claims:\n        return False\n"
        "    age = now - claims['auth_time']\n    return age >= -60 and age <= max_age + 60",
        f"{_FRESH}    at = claims.get('auth_time')\n    if max_age is None or at is None:\n        return max_age is None\n"
        "    return now - max_age - 60 <= at <= now + 60",
        f"{_FRESH}    try:\n        return max_age is None or max(claims['auth_time'] - now, now - claims['auth_time'] - max_age) <= 60\n"
        "    except KeyError:\n        return False",
    ],
    "27.3": [
        f"{_LOGOUT}    try:\n        aud = claims['aud'] if isinstance(claims['aud'], list) else [claims['aud']]\n"
        "        return (claims['iss'] == issuer and client_id in aud and now < claims['exp'] and claims['iat'] is not None\n"
        "                and type(claims['events'][LOGOUT]) is dict and 'nonce' not in claims and claims['jti'] not in used\n"
        "                and bool(claims.get('sub', '') or claims.get('sid', '')))\n"
        "    except (KeyError, TypeError):\n        return False",
        f"{_LOGOUT}    if not {{'iss', 'aud', 'exp', 'iat', 'jti', 'events'}} <= claims.keys() or 'nonce' in claims:\n"
        "        return False\n    if not any(claims.get(name) for name in ('sub', 'sid')):\n        return False\n"
        "    if claims['jti'] in used or claims['exp'] <= now or claims['iss'] != issuer:\n        return False\n"
        "    if client_id != claims['aud'] and not (isinstance(claims['aud'], list) and client_id in claims['aud']):\n"
        "        return False\n    events = claims['events']\n"
        "    return isinstance(events, dict) and isinstance(events.get(LOGOUT), dict)",
        f"{_LOGOUT}    match claims:\n        case {{'nonce': _}}:\n            return False\n"
        "        case {'iss': iss, 'aud': aud, 'exp': exp, 'iat': _, 'jti': jti, 'events': {**events}}:\n"
        "            named = aud == client_id or type(aud) is list and client_id in aud\n"
        "            who = bool(claims.get('sub')) or bool(claims.get('sid'))\n"
        "            said = isinstance(events.get(LOGOUT), dict)\n"
        "            return iss == issuer and named and exp > now and jti not in used and who and said\n    return False",
    ],
    "27.4": [
        f"{_ENDS}    found = []\n    for cookie, one in sessions.items():\n        if one['iss'] != claims['iss']:\n"
        "            continue\n        if 'sid' in claims:\n            if one['sid'] == claims['sid']:\n"
        "                found.append(cookie)\n        elif one['sub'] == claims['sub']:\n            found.append(cookie)\n"
        "    return found",
        f"{_ENDS}    ours = {{c: s for c, s in sessions.items() if s['iss'] == claims['iss']}}\n"
        "    if 'sid' in claims:\n        return {c for c, s in ours.items() if s['sid'] == claims['sid']}\n"
        "    return {c for c, s in ours.items() if s['sub'] == claims['sub']}",
        f"{_ENDS}    key = ('iss', 'sid') if claims.get('sid') is not None else ('iss', 'sub')\n"
        "    return [c for c in sessions if all(sessions[c][k] == claims[k] for k in key)]",
    ],
}  # fmt: skip
