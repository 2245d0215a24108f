"""Plausible wrong answers to the exercises of lesson 06."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "06.1": [
        (
            'answer = client.post("/login", json={"username": "bob", "password": lab.users["bob"].password}).json()',
            "whole-answer",
        ),
        (
            'answer = client.post("/login", json={"username": "bob", "password": lab.users["bob"].password})',
            "response",
        ),
        (
            'body = {"username": "alice", "password": "wonderland"}\n'
            'answer = client.post("/login", json=body).json()["access_token"]',
            "somebody-else",
        ),
        ('answer = lab.token("bob", alg="HS256")', "own-work"),
        ('answer = lab.users["bob"].password', "no-token"),
        ('answer = "Bearer " + lab.token("bob")', "bearer"),
    ],
    "06.2": [
        ("def answer(header):\n    return header[7:]", "raised"),
        ("def answer(header):\n    return (header or '')[7:] or None", "other-scheme"),
        (
            "def answer(header):\n    return header[7:] if header and header.startswith('Bearer ') else None",
            "case",
        ),
        (
            "def answer(header):\n"
            "    return header[7:] if header and header.lower().startswith('bearer ') else None",
            "space-alone",
        ),
        ("def answer(header):\n    return header", "token"),
        ("def answer(header):\n    while True: pass", "endless"),
        ("answer = 'abc.def.ghi'", "no-function"),
    ],
    "06.3": [
        ("def answer(report, role):\n    return 200 if report.accepted else 401", "role-missing"),
        ("def answer(report, role):\n    return 200 if role in report.claims['roles'] else 403", "raised"),
        (
            "def answer(report, role):\n"
            "    return 401 if not (report.accepted and role in report.claims.get('roles', [])) else 200",
            "role-missing",
        ),
        (
            "def answer(report, role):\n"
            "    if not report.accepted: return 403\n"
            "    return 200 if role in report.claims.get('roles', []) else 403",
            "forged",
        ),
        ("def answer(report, role):\n    return True", "good"),
    ],
}
