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
        ("answer = received", "for the API itself"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()["access_token"]', "may do more"),
        (
            f'{FORM}form |= {{"audience": ARCHIVE, "scope": "profile"}}\nanswer = {SEND}.json()["access_token"]',
            "notes:read is missing",
        ),
        (f'{FORM}form |= {{"scope": "notes:read"}}\nanswer = {SEND}.json()', "The server refused"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}.json()', "whole answer"),
        (f'{FORM}form |= {{"audience": ARCHIVE}}\nanswer = {SEND}', "This is the response"),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE}, lab.key('ES256'), alg='ES256')",
            "The archive would refuse it",
        ),
        (
            "answer = jwtlab.issue(jwtlab.decode(received).claims | {'aud': ARCHIVE, 'scope': 'notes:read'}, "
            "lab.key('RS256'), alg='RS256', header={'typ': 'at+jwt'})",
            "notes-api acts for alice",
        ),
    ],
    "31.2": [
        (f"{POLL}    return interval if error else 'done'", "adds five seconds"),
        (
            f"{POLL}    if not error: return 'done'\n"
            "    return {'authorization_pending': interval, 'slow_down': 10}.get(error, 'stop')",
            "added each time",
        ),
        (
            f"{POLL}    if not error: return 'done'\n"
            "    if error in ('access_denied', 'expired_token'): return 'stop'\n"
            "    return interval + 5 * (error == 'slow_down')",
            "Any other error",
        ),
        (
            f"{POLL}    if not error: return 'done'\n    if 'pending' in error: return interval\n"
            "    return interval + 5 if error == 'slow_down' else 'stop'",
            "no error code of RFC 8628",
        ),
        (f"{POLL}    return error == 'slow_down'", "Return seconds"),
    ],
}
