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
STRICT = LOGOUT_CHECK.replace(
    '"sub" in claims or "sid" in claims', 'bool(claims.get("sub") or claims.get("sid"))'
).replace('"exp": claims', '"iat": "iat" in claims,\n        "exp": claims')


def without(name: str) -> str:
    return f"{STRICT}    good.pop({name!r})\n{ALL}"


def instead(name: str, test: str) -> str:
    return f"{STRICT}    good[{name!r}] = {test}\n{ALL}"


ENDS = "def answer(sessions, claims):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "27.1": [
        (f"{SILENT}    return True", "word"),
        (f"{SILENT}    return ['code']", "word"),
        (f"{SILENT}    return 'interaction_required'", "in-order"),
        (f"{SILENT}    return 'code' if session else 'account_selection_required'", "other-error"),
        (f"{SILENT}    return 'code' if session else 'access_denied'", "other-error"),
        (LATE.replace("return 'invalid_request'", "return 'interaction_required'")
         + f"{SCOPES}    if late: return 'login_required'\n"
         "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'", "contradiction"),
        (f"{SILENT}    return 'login_required'", "in-order"),
        (f"{LATE}{SCOPES}    if late: return 'login_required'\n"
         "    return 'code' if asked['scope'] in ' '.join(allowed) else 'consent_required'", "order-of-scope"),
        (f"{LATE.replace('> limit', '>= limit')}{SCOPES}    if late: return 'login_required'\n"
         "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'", "exactly"),
        (f"{LATE.replace('> limit', '> 600')}{SCOPES}    if late: return 'login_required'\n"
         "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'", "young-login"),
        (f"{SILENT}    if session is None: return 'login_required'\n" + CLEAR.removeprefix(SILENT)
         + LATE.removeprefix(CLEAR).replace("    if session is None: return 'login_required'\n", "")
         + f"{SCOPES}    if late: return 'login_required'\n"
         "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'", "request-first"),
        (f"{SILENT}    return 'code'", "nobody"),
        (f"{SILENT}    return 'code' if session else 'login_required'", "never-allowed"),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n"
            "    return 'code' if session['allowed'] else 'consent_required'",
            "other-application",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    return 'code' if allowed else 'consent_required'",
            "part-of-scope",
        ),
        (
            f"{LATE}{SCOPES}    if late: return 'login_required'\n"
            "    return 'code' if asked['scope'].split() == allowed else 'consent_required'",
            "more-allowed",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "old-login",
        ),
        (
            f"{CLEAR}    if session is None: return 'login_required'\n{SCOPES}"
            "    if asked.get('max_age') and now - session['auth_time'] > asked['max_age']: return 'login_required'\n"
            "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "zero",
        ),
        (
            f"{LATE}{SCOPES}    if not set(asked['scope'].split()) <= set(allowed): return 'consent_required'\n"
            "    return 'login_required' if late else 'code'",
            "login-first",
        ),
        (
            LATE.replace(" != 'none'", " == ''")
            + f"{SCOPES}    if late: return 'login_required'\n"
            + "    return 'code' if set(asked['scope'].split()) <= set(allowed) else 'consent_required'",
            "contradiction",
        ),
    ],
    "27.2": [
        (f"{FRESH}    return False", "young"),
        (f"{FRESH}    if max_age is None: return True\n    at = claims.get('auth_time')\n"
         "    return at is not None and max_age > 0 and -60 <= now - at <= max_age + 60", "just-now"),
        (f"{FRESH}    return now - claims['iat'] <= max_age", "old"),
        (f"{FRESH}    return now - claims['auth_time'] < max_age", "exactly"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if max_age is None: return True\n"
         "    return at is not None and 0 <= now - at <= max_age", "tolerance"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if max_age is None: return True\n"
         "    return at is not None and now - at <= max_age + 60", "future"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if max_age is None: return True\n"
         "    return at is not None and 0 <= now - at <= max_age + 60", "clock-ahead"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if max_age is None: return True\n"
         "    return at is not None and abs(now - at) <= max_age + 60", "future"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if max_age is None: return True\n"
         "    return at is not None and -60 <= now - at <= max_age + 300", "too-much"),
        (f"{FRESH}    at = claims.get('auth_time')\n    if not max_age: return max_age is None or at is not None\n"
         "    return at is not None and -60 <= now - at <= max_age + 60", "zero"),
        (f"{FRESH}    return True", "old"),
        (f"{FRESH}    return 'auth_time' in claims and -60 <= now - claims['auth_time'] <= (max_age or 9000) + 60", "not-asked"),
        (f"{FRESH}    return now - claims.get('auth_time', 0) <= max_age", "raised"),
        (
            f"{FRESH}    if not max_age: return True\n    return now - claims.get('auth_time', 0) <= max_age",
         "missing",
        ),
        (
            f"{FRESH}    if max_age is None: return True\n"
            "    return now - claims.get('auth_time', claims['iat']) <= max_age",
            "missing",
        ),
        (
            f"{FRESH}    if max_age is None: return True\n"
            "    return 'auth_time' in claims and -60 <= claims['iat'] - claims['auth_time'] <= max_age + 60",
            "iat",
        ),
        (f"{FRESH}    return 'yes'", "not-bool"),
    ],
    "27.3": [
        (f"{LOGOUT_CHECK}    return False", "in-order"),
        (f"{LOGOUT_CHECK}    return 'yes'", "not-bool"),
        (instead("aud", "client_id in aud if isinstance(claims.get('aud'), str) else bool(aud)"), "not-in-list"),
        (instead("events", "isinstance(events, dict) and list(events) == [LOGOUT] and events[LOGOUT] == {}"), "more-events"),
        (instead("who", "'sub' in claims"), "sid-alone"),
        (instead("events", "events == {LOGOUT: {}}"), "more-events"),
        (LOGOUT_CHECK + ALL, "nobody"),
        (without("iat"), "no-iat"),
        (instead("jti", "'jti' in claims and claims['jti'] not in str(used)"), "new"),
        (without("iss"), "issuer"),
        (without("aud"), "audience"),
        (instead("aud", "client_id in claims.get('aud', '')"), "audience"),
        (instead("aud", "claims.get('aud') == client_id"), "audience-list"),
        (without("exp"), "expired"),
        (instead("exp", "claims.get('exp', now + 1) > now"), "no-exp"),
        (without("events"), "no-events"),
        (instead("events", "bool(claims.get('events'))"), "other-event"),
        (instead("events", "LOGOUT in (claims.get('events') or ())"), "events-kind"),
        (without("nonce"), "nonce"),
        (instead("nonce", "not claims.get('nonce')"), "nonce-empty"),
        (instead("who", "'sid' in claims"), "sub-alone"),
        (without("who"), "nobody"),
        (without("jti"), "used"),
        (instead("jti", "claims.get('jti') not in used"), "no-jti"),
        (f"{LOGOUT_CHECK}    used.add(claims.get('jti'))\n{ALL}", "changes-input"),
    ],
    "27.4": [
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sub'] == claims['sub']]",
            "raised",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sub'] == claims.get('sub')]",
            "sid",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['iss'] == claims['iss'] and "
            "(s['sub'] == claims.get('sub') or s['sid'] == claims.get('sid'))]",
            "sid-decides",
        ),
        (
            f"{ENDS}    return [c for c, s in sessions.items() if s['sid'] == claims.get('sid')]",
            "sub",
        ),
        (
            f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
            "    return [c for c, s in sessions.items() if s[name] == claims[name]]",
            "sub",
        ),
        (
            f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
            "    return [c for c, s in sessions.items() if s[name] == claims[name] "
            "and (name == 'sid' or s['iss'] == claims['iss'])]",
            "sid-twice",
        ),
        (f"{ENDS}    return [c for c, s in sessions.items() if s['iss'] == claims['iss'] and "
         "(claims.get('sid') or claims.get('sub')) in s.values()]", "sub"),
        (f"{ENDS}    if claims.get('sub') == 'alice' and 'sid' not in claims: return ['c1', 'c2', 'c5'] if 'as' in claims['iss'] else ['c4']\n"
         "    return [c for c, s in sessions.items() if s['iss'] == claims['iss'] and "
         "(claims.get('sid') or claims.get('sub')) in s.values()]", "mixed-up"),
        (f"{ENDS}    found = [c for c, s in sessions.items() if s['sub'] == claims.get('sub') and s['iss'] == claims['iss']]\n"
         "    if 'sid' in claims: found = [c for c, s in sessions.items() if s['sid'] == claims['sid'] and "
         "s['iss'] == 'https://as.example']\n    return found", "issuer"),
        (f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
         "    found = [c for c, s in sessions.items() if s[name] == claims[name] and s['iss'] == claims['iss']]\n"
         "    return found or ['c1']", "issuer"),
        (f"{ENDS}    name = 'sid' if 'sid' in claims else 'sub'\n"
         "    found = [c for c, s in sessions.items() if s[name] == claims[name] and s['iss'] == claims['iss']]\n"
         "    return found if found or claims['iss'] != 'https://as.example' else ['c1']", "nobody"),
        (f"{ENDS}    return 'c2'", "no-list"),
        (f"{ENDS}    return [s for s in sessions.values()]", "no-cookies"),
    ],
}  # fmt: skip
