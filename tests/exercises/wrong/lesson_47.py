"""Plausible wrong answers to the exercises of lesson 47."""

from __future__ import annotations

_TWICE = "def answer(requests):\n    seen = set()\n    for number, form in enumerate(requests, 1):\n"
_URIS = "def answer(sent, registered):\n    one, other = urlsplit(sent), urlsplit(registered)\n"
_PARTS = (
    "    for name, part in (('scheme', 'scheme'), ('host', 'hostname'), ('port', 'port'), ('path', 'path')):\n"
    "        if getattr(one, part) != getattr(other, part):\n            return name\n"
)

WRONG: dict[str, list[tuple[str, str]]] = {
    "47.1": [
        ('answer = ("prefetch", 5)', "not-a-dict"),
        ('answer = {"slash": (2, "redirect-uri-taken")}', "no-such-login"),
        ('answer = {"prefetch": 5}', "not-a-pair"),
        ('answer = {"prefetch": ("5", "code-used-once")}', "not-a-pair"),
        ('answer = {"two-tabs": (12, "refresh-used-once")}', "too-early"),
        ('answer = {"two-tabs": (15, "refresh-used-once")}', "too-early"),
        ('answer = {"two-tabs": (14, "refresh-used-once")}', "red-from-inside"),
        ('answer = {"less-scope": (5, "scope-given")}', "too-early"),
        ('answer = {"less-scope": (11, "scope-given")}', "too-late"),
        ('answer = {"two-tabs": (16, "token-answer")}', "symptom"),
        ('answer = {"old-nonce": (4, "nonce-returned")}', "holds"),
        ('answer = {"old-nonce": (4, "nonce")}', "no-such-check"),
        ('answer = {"old-nonce": (4, "nonce-fresh")}', "missing"),
    ],
    "47.2": [
        (f"{_TWICE}        if form in requests[:number - 1]:\n            return number", "a-code-twice"),
        (
            f"{_TWICE}        if form.get('code') in seen:\n            return number\n        seen.add(form.get('code'))",
            "nothing-twice",
        ),
        (
            f"{_TWICE}        secret = form.get('code') or form.get('refresh_token')\n        if secret in seen:\n"
            "            return number\n        seen.add(secret)",
            "no-secret-at-all",
        ),
        (
            f"{_TWICE}        secret = form.get('code')\n        if secret and secret in seen:\n"
            "            return number\n        seen.add(secret)",
            "a-refresh-token-twice",
        ),
        (f"{_TWICE}        seen.add(form['code'])", "raised"),
    ],
    "47.3": [
        ("def answer(answers):\n    return {n for n, at, date in answers if at - date > 60}", "fast"),
        (
            "def answer(answers):\n    return {n for n, at, date in answers if abs(at - date) >= 60}",
            "a-minute",
        ),
        ("def answer(answers):\n    return {n for n, at, date in answers if date != at}", "all-agree"),
        (
            "def answer(answers):\n    return ', '.join(n for n, at, date in answers if date != at)",
            "not-a-set",
        ),
        (
            "def answer(answers):\n    first = {}\n    for n, at, date in answers:\n        first.setdefault(n, date - at)\n"
            "    return {n for n, off in first.items() if abs(off) > 60}",
            "several-answers",
        ),
    ],
    "47.4": [
        (f"{_URIS}    return 'same' if sent == registered else 'path'", "scheme"),
        (f"{_URIS}{_PARTS}    return 'same'", "query"),
        (f"{_URIS}{_PARTS}    return 'same' if one.query == other.query else 'query'", "spelling"),
        (f"{_URIS}    return 'same' if sent.rstrip('/') == registered.rstrip('/') else 'host'", "scheme"),
        (f"{_URIS}{_PARTS.replace('hostname', 'netloc')}    return 'same'", "port"),
    ],
}
