"""Plausible wrong answers to the exercises of lesson 34."""

from __future__ import annotations

REPLY = "def answer(reply, me, needed):\n"
AUD = f"{REPLY}    aud = reply.get('aud', [])\n    aud = [aud] if isinstance(aud, str) else aud\n"

LIST = "def answer(revoked, jti, exp, now):\n"

WRONG: dict[str, list[tuple[str, str]]] = {
    "34.1": [
        (f"{REPLY}    return reply['active']", "raised KeyError"),
        (f"{REPLY}    return reply.get('active')", "Say True or False"),
        (f"{REPLY}    return bool(reply.get('active'))", "is truthy"),
        (f"{REPLY}    return reply.get('active') is True", "another API"),
        (
            f"{REPLY}    return reply.get('active') is True and me in reply.get('aud', '')",
            "whole names",
        ),
        (
            f"{REPLY}    return reply.get('active') is True and reply.get('aud') == me",
            "may be a list",
        ),
        (f"{AUD}    return reply.get('active') is True and me in aud", "does not cover"),
        (
            f"{AUD}    return reply.get('active') is True and me in aud and needed in reply.get('scope', '')",
            "another word",
        ),
        (
            f"{AUD}    return reply.get('active') is True and 'https://api.example' in aud "
            "and needed in reply.get('scope', '').split()",
            "use me",
        ),
    ],
    "34.2": [
        (f"{LIST}    return {{**revoked, jti: exp}}", "time of old"),
        (f"{LIST}    revoked[jti] = exp\n    return revoked", "changes the old dict"),
        (
            f"{LIST}    return {{k: v for k, v in {{**revoked, jti: exp}}.items() if v >= now}}",
            "until <= now",
        ),
        (
            f"{LIST}    return {{k: v for k, v in revoked.items() if v > now}} | {{jti: exp}}",
            "need not be kept",
        ),
        (f"{LIST}    return [jti]", "a dict"),
    ],
    "34.3": [
        ("def answer(reply, now, longest):\n    return longest", "never kept beyond exp"),
        ("def answer(reply, now, longest):\n    return reply['exp'] - now", "keeps an answer"),
        (
            "def answer(reply, now, longest):\n    return min(longest, reply.get('exp', now + longest) - now)",
            "below zero",
        ),
        ("def answer(reply, now, longest):\n    return max(0, min(longest, reply['exp'] - now))", "raised"),
        (
            "def answer(reply, now, longest):\n"
            "    return max(0, min(longest, reply.get('exp', now + longest) - now))",
            "not active",
        ),
    ],
}
