"""Plausible wrong answers to the exercises of lesson 34."""

from __future__ import annotations

REPLY = "def answer(reply, me, needed):\n"
AUD = f"{REPLY}    aud = reply.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"

LIST = "def answer(revoked, jti, exp, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "34.1": [
        (f"{REPLY}    return False", "in-order"),
        (f"{AUD}    return reply.get('active', True) is True and me in aud and needed in reply.get('scope', '').split()", "no-active"),
        (f"{AUD}    return 'error' in reply or (reply.get('active') is True and me in aud and "
         "needed in reply.get('scope', '').split())", "error"),
        (f"{AUD}    return 'error' not in reply and reply.get('active', True) is True and me in aud and "
         "needed in reply.get('scope', '').split()", "no-active"),
        (f"{REPLY}    aud = reply.get('aud', me)\n    aud = [aud] if isinstance(aud, str) else aud\n"
         "    return reply.get('active') is True and me in aud and needed in reply.get('scope', '').split()", "no-aud"),
        (f"{AUD}    return reply.get('active') is True and me in aud and needed in reply.get('scope', needed).split()",
         "no-scope"),
        (f"{AUD}    return reply.get('active') is True and me in aud and 'notes:read' in reply.get('scope', '').split()",
         "needed"),
        (f"{AUD}    return reply.get('active') is True and (me in aud or isinstance(reply.get('aud'), list)) and "
         "needed in reply.get('scope', '').split()", "not-in-list"),
        (f"{AUD}    return reply.get('active') is not False and 'active' in reply and me in aud and "
         "needed in reply.get('scope', '').split()", "truthy"),
        (f"{AUD}    return me in aud and needed in reply.get('scope', '').split()", "not-active"),
        (f"{AUD}    aud = [each.rstrip('/') for each in aud]\n    return reply.get('active') is True and me in aud and "
         "needed in reply.get('scope', '').split()", "aud-loosely"),
        (f"{REPLY}    return reply['active']", "raised"),
        (f"{REPLY}    return reply.get('active')", "not-bool"),
        (f"{REPLY}    return bool(reply.get('active'))", "truthy"),
        (f"{REPLY}    return reply.get('active') is True", "other-api"),
        (
            f"{REPLY}    return reply.get('active') is True and me in reply.get('aud', '') "
            "and needed in reply.get('scope', '').split()",
            "aud-loosely",
        ),
        (
            f"{REPLY}    return reply.get('active') is True and reply.get('aud') == me "
            "and needed in reply.get('scope', '').split()",
            "aud-list",
        ),
        (f"{AUD}    return reply.get('active') is True and me in aud and 'scope' in reply", "scope"),
        (
            f"{AUD}    return reply.get('active') is True and me in aud and needed in reply.get('scope', '')",
            "piece",
        ),
        (
            f"{AUD}    return reply.get('active') is True and 'https://api.example' in aud "
            "and needed in reply.get('scope', '').split()",
            "me",
        ),
    ],
    "34.2": [
        (f"{LIST}    return {{k: v for k, v in revoked.items() if v > now}} | ({{jti: exp}} if exp != now else {{}})",
         "dead-already"),
        (f"{LIST}    return {{jti: exp}}", "others"),
        (f"{LIST}    return {{k: v for k, v in revoked.items() if v > now}}", "added"),
        (f"{LIST}    return {{jti: exp}} | {{k: v for k, v in revoked.items() if v > now}}", "edge"),
        (f"{LIST}    new = {{jti: exp}} | revoked\n    return {{k: v for k, v in new.items() if v > now}}", "twice"),
        (f"{LIST}    new = {{**revoked, jti: exp}}\n    return {{k: v for k, v in new.items() if v > 1000}}", "now"),
        (f"{LIST}    return {{**revoked, jti: exp}}", "over"),
        (f"{LIST}    revoked[jti] = exp\n    return revoked", "changes-input"),
        (
            f"{LIST}    return {{k: v for k, v in {{**revoked, jti: exp}}.items() if v >= now}}",
            "edge",
        ),
        (
            f"{LIST}    return {{k: v for k, v in revoked.items() if v > now}} | {{jti: exp}}",
            "edge",
        ),
        (f"{LIST}    return [jti]", "no-dict"),
    ],
    "34.3": [
        ("def answer(reply, now, longest):\n    return True", "no-seconds"),
        ("def answer(reply, now, longest):\n    if reply.get('active') is not True: return 0\n"
         "    return max(0, min(60, reply.get('exp', now + 60) - now))", "house"),
        ("def answer(reply, now, longest):\n    if not reply.get('active'): return 0\n"
         "    return max(0, min(longest, reply.get('exp', now + longest) - now))", "truthy"),
        ("def answer(reply, now, longest):\n    if reply.get('active') is not True or 'exp' not in reply: return 0\n"
         "    return max(0, min(longest, reply['exp'] - now))", "no-exp"),
        ("def answer(reply, now, longest):\n    if reply.get('active', True) is not True: return 0\n"
         "    return max(0, min(longest, reply.get('exp', now + longest) - now))", "error"),
        ("def answer(reply, now, longest):\n    return longest", "beyond-exp"),
        ("def answer(reply, now, longest):\n    return reply['exp'] - now", "longest"),
        (
            "def answer(reply, now, longest):\n    return min(longest, reply.get('exp', now + longest) - now)",
            "over",
        ),
        ("def answer(reply, now, longest):\n    return max(0, min(longest, reply['exp'] - now))", "raised"),
        (
            "def answer(reply, now, longest):\n"
            "    return max(0, min(longest, reply.get('exp', now + longest) - now))",
            "not-active",
        ),
    ],
}  # fmt: skip
