"""Plausible wrong answers to the exercises of lesson 06."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "06.1": [
        (
            'answer = client.post("/login", json={"username": "bob", "password": lab.users["bob"].password}).json()',
            "whole answer",
        ),
        (
            'answer = client.post("/login", json={"username": "bob", "password": lab.users["bob"].password})',
            "This is the response",
        ),
        (
            'body = {"username": "alice", "password": "wonderland"}\n'
            'answer = client.post("/login", json=body).json()["access_token"]',
            "about 'alice'",
        ),
        ('answer = lab.token("bob", alg="HS256")', "would refuse it"),
        ('answer = lab.users["bob"].password', "no token"),
        ('answer = "Bearer " + lab.token("bob")', "belongs to the header"),
    ],
    "06.2": [
        ("def answer(header):\n    return header[7:]", "raised TypeError"),
        ("def answer(header):\n    return (header or '')[7:] or None", "another scheme"),
        (
            "def answer(header):\n    return header[7:] if header and header.startswith('Bearer ') else None",
            "case does not matter",
        ),
        (
            "def answer(header):\n"
            "    return header[7:] if header and header.lower().startswith('bearer ') else None",
            "empty text is none",
        ),
        ("def answer(header):\n    return header", "after the word Bearer"),
        ("def answer(header):\n    while True: pass", "endless loop"),
        ("answer = 'abc.def.ghi'", "wants a function"),
    ],
    "06.3": [
        ("def answer(report, role):\n    return 200 if report.accepted else 401", "he may not: 403"),
        ("def answer(report, role):\n    return 200 if role in report.claims['roles'] else 403", "raised"),
        (
            "def answer(report, role):\n"
            "    return 401 if not (report.accepted and role in report.claims.get('roles', [])) else 200",
            "he may not: 403",
        ),
        (
            "def answer(report, role):\n"
            "    if not report.accepted: return 403\n"
            "    return 200 if role in report.claims.get('roles', []) else 403",
            "do not know who asks",
        ),
        ("def answer(report, role):\n    return True", "gives True"),
    ],
}
