"""Plausible wrong answers to the exercises of lesson 27."""

from __future__ import annotations

SILENT = "def answer(asked, session, now):\n"
CLEAR = f"{SILENT}    if asked['prompt'] != 'none': return 'invalid_request'\n"
LATE = (
    f"{CLEAR}    if session is None: return 'login_required'\n"
    "    limit = asked.get('max_age')\n"
    "    late = limit is not None and now - session['auth_time'] > limit\n"
)
SCOPES = "    allowed = session['allowed'].get(asked['client_id'], [])\n"

FRESH = "def answer(claims, max_age, now):\n"

LOGOUT_CHECK = """\
def answer(claims, issuer, client_id, used, now):
    aud, events = claims.get("aud", []), claims.get("events")
    aud = [aud] if isinstance(aud, str) else aud
    good = {
        "iss": claims.get("iss") == issuer,
        "aud": client_id in aud,
        "exp": claims.get("exp", 0) > now,
        "events": isinstance(events, dict) and isinstance(events.get(LOGOUT), dict),
        "nonce": "nonce" not in claims,
        "who": "sub" in claims or "sid" in claims,
        "jti": "jti" in claims and claims["jti"] not in used,
    }
"""
ALL = "    return all(good.values())"


def without(name: str) -> str:
    return f"{LOGOUT_CHECK}    good.pop({name!r})\n{ALL}"


def instead(name: str, test: str) -> str:
    return f"{LOGOUT_CHECK}    good[{name!r}] = {test}\n{ALL}"


ENDS = "def answer(sessions, claims):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "27.1": [
        (f"{SILENT}    return 'code'", "Nobody is logged in"),
        (f"{SILENT}    return 'code' if session else 'login_required'", "never been allowed"),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n"
            "    return 'code' if session['allowed'] else 'consent_required'",
            "Another application",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    return 'code' if allowed else 'consent_required'",
            "profile is new",
        ),
        (
            f"{LATE}{SCOPES}    if late: return 'login_required'\n"
            "    return 'code' if asked['scope'].split() == allowed else 'consent_required'",
            "More was allowed",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "600 were wanted",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    if asked.get('max_age') and now - session['auth_time'] > asked['max_age']: return 'login_required'\n"
            "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "0 is a number too",
        ),
        (
            f"{LATE}{SCOPES}    if not set(asked['scope'].split()) <= set(allowed): return 'consent_required'\n"
            "    return 'login_required' if late else 'code'",
            "the login comes first",
        ),
        (
            LATE.replace(" != 'none'", " == ''")
            + f"{SCOPES}    if late: return 'login_required'\n"
            + "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "contradict each other",
        ),
    ],
    "27.2": [
        (f"{FRESH}    return now - claims['iat'] <= max_age", "4000 s ago"),
        (f"{FRESH}    return now - claims['auth_time'] < max_age", "Exactly 600 s"),
        (f"{FRESH}    return now - claims.get('auth_time', 0) <= max_age", "raised TypeError"),
        (
            f"{FRESH}    if not max_age: return True\n    return now - claims.get('auth_time', 0) <= max_age",
            "0 is not None",
        ),
        (
            f"{FRESH}    if max_age is None: return True\n"
            "    return now - claims.get('auth_time', claims['iat']) <= max_age",
            "no substitute",
        ),
        (
            f"{FRESH}    if max_age is None: return True\n"
            "    return 'auth_time' in claims and abs(claims['iat'] - claims['auth_time']) <= max_age",
            "iat does not come into it",
        ),
        (f"{FRESH}    return 'yes'", "True or False"),
    ],
    "27.3": [
        (without("iss"), "Another issuer"),
        (without("aud"), "another application"),
        (instead("aud", "client_id in claims.get('aud', '')"), "whole names"),
        (instead("aud", "claims.get('aud') == client_id"), "may be a list"),
        (without("exp"), "exp is now"),
        (instead("exp", "claims.get('exp', now + 1) > now"), "exp is missing"),
        (without("events"), "announces nothing"),
        (instead("events", "bool(claims.get('events'))"), "another event"),
        (instead("events", "LOGOUT in (claims.get('events') or ())"), "events is a list"),
        (without("nonce"), "that is an ID token"),
        (instead("nonce", "not claims.get('nonce')"), "though empty"),
        (instead("who", "'sid' in claims"), "sub alone will do"),
        (without("who"), "Neither sub nor sid"),
        (without("jti"), "has been used"),
        (instead("jti", "claims.get('jti') not in used"), "jti is missing"),
        (f"{LOGOUT_CHECK}    used.add(claims.get('jti'))\n{ALL}", "changes used"),
    ],
    "27.4": [
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sub'] == claims['sub']]",
            "raised KeyError",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sub'] == claims.get('sub')]",
            "Only the session with this sid",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['iss'] == claims['iss'] and "
            "(s['sub'] == claims.get('sub') or s['sid'] == claims.get('sid'))]",
            "that session and no other",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sid'] == claims.get('sid')]",
            "all of Alice's sessions",
        ),
        (
            f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
            "    return [c for c, s in sessions.items() if s[name] == claims[name]]",
            "those of this issuer",
        ),
        (
            f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
            "    return [c for c, s in sessions.items() if s[name] == claims[name] "
            "and (name == 'sid' or s['iss'] == claims['iss'])]",
            "only happens to have the same name",
        ),
        (f"{ENDS}    return 'c2'", "a list of cookies"),
        (f"{ENDS}    return [s for s in sessions.values()]", "the keys of sessions"),
    ],
}
