"""Plausible wrong answers to the exercises of lesson 15."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "15.1": [
        ('answer = {"photos"}', "how does it begin"),
        ('answer = {"api"}', "does not ask for whom"),
        ('answer = {"photos", "api", "bank"}', "Not bank"),
        ('answer = {"photos", "api", "notes"}', "Not notes"),
        ('answer = {"pool"}', "There is no service"),
        ("answer = 2", "set of names"),
    ],
    "15.2": [
        ("def answer(iss, kid, tenants):\n    return iss in tenants", "with her own key"),
        ("def answer(iss, kid, tenants):\n    return kid in tenants[iss]", "KeyError"),
        ("def answer(iss, kid, tenants):\n    return kid in tenants.get(iss, ())", "TypeError"),
        (
            "def answer(iss, kid, tenants):\n"
            "    return any(i.startswith(str(iss)) and kid in kids for i, kids in tenants.items())",
            "beginning of a name",
        ),
    ],
    "15.3": [
        ('def answer(header, claims):\n    return header.get("typ") == "at+jwt"', "long spelling"),
        (
            "def answer(header, claims):\n"
            '    return str(header.get("typ")).lower().endswith("at+jwt") and "https://api.example" in claims["aud"]',
            "only ends like",
        ),
        (
            "def answer(header, claims):\n"
            '    kinds = ("at+jwt", "application/at+jwt")\n'
            '    return str(header.get("typ")).lower() in kinds and "https://api.example" in claims.get("aud", ())',
            "looks for a piece",
        ),
        (
            'def answer(header, claims):\n    return header["typ"].lower() in ("at+jwt", "application/at+jwt")',
            "KeyError",
        ),
    ],
    "15.4": [
        ("answer = revoked", "very text"),
        ('answer = "=" + revoked', "beginning has changed"),
        ('answer = lab.token("admin")', "another token"),
        ('answer = revoked + "!!"', "The service says"),
        ("answer = None or 5", "is a token"),
    ],
}
