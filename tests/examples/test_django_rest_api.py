"""The API of lesson 43 in Django REST framework: a process of its own, attacked at its address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from jwtlab.testing import Issuer, attack_api

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "django_rest_api"
AUDIENCE = "https://notes.example"
BOTH = "notes:read notes:write"


@pytest.fixture(scope="module")
def issuer():
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def address(issuer):
    """What README says, with the kit's issuer in the place of jwtlab serve."""
    app = subprocess.Popen(
        [sys.executable, FOLDER / "app.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PORT": "0"},
        text=True,
    )
    try:
        app.stdin.write(json.dumps({"issuer": issuer.issuer, "api": AUDIENCE}) + "\n")
        app.stdin.flush()
        line = app.stdout.readline()
        assert line.startswith("running on "), "the example has ended"
        yield line.removeprefix("running on ").strip()
    finally:
        app.terminate()
        app.communicate()


def ask(address, issuer, path="/notes", method="GET", scope=BOTH, text=None, **claims):
    headers = {"Authorization": f"Bearer {issuer.token(aud=AUDIENCE, scope=scope, **claims)}"}
    body = {"json": {"text": text}} if text is not None else {}
    return httpx.request(method, address + path, headers=headers, trust_env=False, **body)


def test_the_kit_finds_nothing(address, issuer):
    outcome = attack_api(f"{address}/notes", issuer, audience=AUDIENCE, scope="notes:read").check()
    assert {"no-token", "wrong-scope:longer", "wrong-type:jwt", "expired:missing"} <= set(outcome.refused)
    assert not outcome.advice.of("crash")


def test_each_refusal_says_what_to_do(address, issuer):
    bare = httpx.get(f"{address}/notes", trust_env=False)
    assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (401, 'Bearer realm="notes"')
    other = httpx.get(f"{address}/notes", headers={"Authorization": "Basic eDp5"}, trust_env=False)
    assert (other.status_code, other.headers["WWW-Authenticate"]) == (401, 'Bearer realm="notes"')
    expired = ask(address, issuer, minutes=-1)
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired.headers["WWW-Authenticate"]
    for method, needed, scope in (
        ("GET", "notes:read", "notes:write"),
        ("POST", "notes:write", "notes:read"),
    ):
        weak = ask(address, issuer, method=method, scope=scope, text="x")
        assert weak.status_code == 403
        assert f'error="insufficient_scope", scope="{needed}"' in weak.headers["WWW-Authenticate"]


def test_a_scope_does_not_open_other_peoples_notes(address, issuer):
    written = ask(address, issuer, method="POST", text="feed the cat")
    assert written.status_code == 201
    here = f"/notes/{written.json()['id']}"
    assert ask(address, issuer, here).json()["text"] == "feed the cat"
    assert ask(address, issuer, here, sub="bob").status_code == 404
    assert ask(address, issuer, sub="bob").json() == {"notes": []}
    assert ask(address, issuer, method="POST", text="").status_code == 400
