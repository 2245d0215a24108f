"""Plausible wrong answers to the exercises of lesson 15."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "15.1": [
        ('answer = {"photos"}', "api"),
        ('answer = {"api"}', "photos"),
        ('answer = {"photos", "api", "bank"}', "closed"),
        ('answer = {"photos", "api", "notes"}', "closed"),
        ('answer = {"pool"}', "no-such-service"),
        ("answer = 2", "not-a-set"),
    ],
    "15.2": [
        ("def answer(iss, kid, tenants):\n    return iss in tenants", "given-dict"),
        ("def answer(iss, kid, tenants):\n    return kid in tenants[iss]", "raised"),
        ("def answer(iss, kid, tenants):\n    return kid in tenants.get(iss, ())", "raised"),
        (
            "def answer(iss, kid, tenants):\n"
            "    return any(i.startswith(str(iss)) and kid in kids for i, kids in tenants.items())",
            "begins-like-it",
        ),
    ],
    "15.3": [
        ('def answer(header, claims):\n    return header.get("typ") == "at+jwt"', "long-spelling"),
        (
            "def answer(header, claims):\n"
            '    return str(header.get("typ")).lower().endswith("at+jwt") and "https://api.example" in claims["aud"]',
            "typ-loosely",
        ),
        (
            "def answer(header, claims):\n"
            '    kinds = ("at+jwt", "application/at+jwt")\n'
            '    return str(header.get("typ")).lower() in kinds and "https://api.example" in claims.get("aud", ())',
            "piece",
        ),
        (
            'def answer(header, claims):\n    return header["typ"].lower() in ("at+jwt", "application/at+jwt")',
            "raised",
        ),
    ],
    "15.4": [
        ("answer = revoked", "very-text"),
        ('answer = "=" + revoked', "beginning"),
        ('answer = lab.token("admin")', "another-token"),
        ('answer = revoked + "!!"', "refused"),
        ("answer = None or 5", "not-text"),
    ],
}
