"""Plausible wrong answers to the exercises of lesson 31."""

from __future__ import annotations

FORM = (
    'form = {"grant_type": protocol.TOKEN_EXCHANGE, "subject_token": received, '
    '"subject_token_type": protocol.ACCESS_TOKEN_TYPE}\n'
)
SEND = 'http.post(f"{AS}/token", data=form, auth=as_api)'

POLL = "def answer(reply, interval):\n    error = reply.get('error')\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "31.1": [
        ("answer = 7", "no-text"),
        ("answer = 'a.b'", "no-token"),
        (f'{FORM}form |= {{"audience": ARCHIVE, "scope": "notes:read profile"}}\nanswer = {SEND}.json()["access_token"]',
         "more-scope"),
        ("answer = received", "old-token"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()["access_token"]', "more-scope"),
        (
            f'{FORM}form |= {{"audience": ARCHIVE, "scope": "profile"}}\nanswer = {SEND}.json()["access_token"]',
            "no-scope",
        ),
        (f'{FORM}form |= {{"scope": "notes:read"}}\nanswer = {SEND}.json()', "refused"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()', "whole-answer"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}', "response"),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE}, lab.key('ES256'), alg='ES256')",
            "archive-refuses",
        ),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE, 'scope': 'notes:read'}, "
            "lab.key('RS256'), alg='RS256', header={'typ': 'at+jwt'})",
            "actor",
        ),
    ],
    "31.2": [
        (f"{POLL}    return {{'authorization_pending': 5, 'slow_down': interval + 5, None: 'done'}}.get(error, 'stop')",
         "pending"),
        (f"{POLL}    return {{'authorization_pending': interval, 'slow_down': interval * 2, None: 'done'}}.get(error, 'stop')",
         "added"),
        (f"{POLL}    return {{'authorization_pending': min(interval, 10), 'slow_down': interval + 5, None: 'done'}}"
         ".get(error, 'stop')", "stays"),
        (f"{POLL}    return {{'authorization_pending': interval, 'slow_down': interval + 5, None: 'stop'}}.get(error, 'stop')",
         "done"),
        (f"{POLL}    if error in ('authorization_pending', 'access_denied'): return interval\n"
         "    return {'slow_down': interval + 5, None: 'done'}.get(error, 'stop')", "denied"),
        (f"{POLL}    if error in ('authorization_pending', 'expired_token'): return interval\n"
         "    return {'slow_down': interval + 5, None: 'done'}.get(error, 'stop')", "expired"),
        (f"{POLL}    if error and error.lower() == 'authorization_pending': return interval\n"
         "    return {'slow_down': interval + 5, None: 'done'}.get(error, 'stop')", "error-loosely"),
        (f"{POLL}    return interval if error else 'done'", "slow-down"),
        (
            f"{POLL}    if not error: return 'done'\n"
            "    return {'authorization_pending': interval, 'slow_down': 10}.get(error, 'stop')",
            "added",
        ),
        (
            f"{POLL}    if not error: return 'done'\n"
            "    if error in ('access_denied', 'expired_token'): return 'stop'\n"
            "    return interval + 5 * (error == 'slow_down')",
            "other",
        ),
        (
            f"{POLL}    if not error: return 'done'\n    if 'pending' in error: return interval\n"
            "    return interval + 5 if error == 'slow_down' else 'stop'",
            "unknown",
        ),
        (f"{POLL}    return error == 'slow_down'", "kind"),
    ],
}  # fmt: skip
