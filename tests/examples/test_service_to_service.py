"""The example of lesson 44: a job with a key, an API in the middle, attacked with the kit; and jwtlab serve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
from example_apps import load
from serving import free_port

import jwtlab
from jwtlab.testing import attack_api

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "service_to_service"
AUDIENCE, ISSUER = "https://notes.example", "http://127.0.0.1:8765"


example = load("service_to_service")


def test_the_kit_finds_nothing(issuer):
    app = example.create_app(issuer.issuer, AUDIENCE, lambda token: ["feed the cat"], issuer.jwks_uri)
    outcome = attack_api((app.test_client(), "/summary"), issuer, audience=AUDIENCE, scope="notes:read")
    outcome.check()
    assert not outcome.advice.of("crash")


def test_refusals_say_why(issuer):
    client = example.create_app(issuer.issuer, AUDIENCE, lambda token: [], issuer.jwks_uri).test_client()
    bare = client.get("/summary")
    assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (401, 'Bearer realm="summary"')
    weak = {"Authorization": f"Bearer {issuer.token(aud=AUDIENCE, scope='openid')}"}
    answer = client.get("/summary", headers=weak)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_what_is_behind_it_may_be_broken(issuer):
    def broken(token):
        raise example.Stop("no")

    client = example.create_app(issuer.issuer, AUDIENCE, broken, issuer.jwks_uri).test_client()
    good = {"Authorization": f"Bearer {issuer.token(aud=AUDIENCE, scope='notes:read')}"}
    assert client.get("/summary", headers=good).status_code == 502


class Answers:
    """An authorization server that notes what it is asked."""

    def __init__(self):
        self.forms = []

    def post(self, address, data, auth=None):
        self.forms.append((address, data, auth))
        return httpx.Response(200, json={"access_token": f"t-{len(self.forms)}", "expires_in": 300})


def test_statement_is_new_each_time_and_the_token_is_kept():
    key = jwtlab.Key.generate("ES256")
    now = [1_800_000_000.0]
    http = Answers()
    jwk = {**key.to_jwk(private=True), "alg": "ES256", "kid": key.kid or key.thumbprint()}
    service = example.Service(ISSUER, "worker-jwt", jwk, http, lambda: now[0])
    assert [service.access_token() for _ in range(3)] == ["t-1"] * 3
    now[0] += 275  # half a minute before its end a new one is asked for
    assert service.access_token() == "t-2"
    claims = [jwtlab.decode(form["client_assertion"]).claims for _, form, _ in http.forms]
    assert claims[0]["jti"] != claims[1]["jti"]
    assert {(each["iss"], each["sub"], each["aud"]) for each in claims} == {
        ("worker-jwt", "worker-jwt", ISSUER)
    }
    assert all(each["exp"] - each["iat"] == 60 for each in claims)
    report = jwtlab.verify(
        http.forms[0][1]["client_assertion"],
        key.public(),
        algorithms=["ES256"],
        audience=ISSUER,
        now=1_800_000_000,
    )
    assert report.accepted


def test_one_command_with_jwtlab_serve():
    """The night's work by key, then a call on behalf of alice: the API behind sees who acts."""
    serve = subprocess.Popen(
        [sys.executable, "-m", "jwtlab", "serve", "--json", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    line, port = serve.stdout.readline(), free_port()
    told = json.loads(line)
    program = subprocess.Popen(
        [sys.executable, "-u", FOLDER / "app.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PORT": str(port)},
        text=True,
    )
    try:
        program.stdin.write(line)
        program.stdin.flush()
        assert program.stdout.readline().startswith("tonight: [")
        while "Running on" not in (said := program.stderr.readline()):
            assert said, "the example has ended"
        clients = {each["client_id"]: each for each in told["clients"]}
        form = {"grant_type": "client_credentials", "scope": "notes:read notes:write"}
        given = httpx.post(
            f"{told['issuer']}/token",
            data=form,
            auth=("worker", clients["worker"]["client_secret"]),
            trust_env=False,
        ).json()["access_token"]
        bearer = {"Authorization": f"Bearer {given}"}
        address = f"http://127.0.0.1:{port}/summary"
        answer = httpx.get(address, headers=bearer, trust_env=False)
        assert answer.status_code == 200, answer.text
        assert answer.json()["person"] == jwtlab.decode(given).claims["sub"]
        assert httpx.get(address, trust_env=False).status_code == 401
        traded = httpx.post(
            f"{told['issuer']}/token",
            data={
                "grant_type": example.EXCHANGE,
                "subject_token": given,
                "subject_token_type": example.ACCESS_TOKEN,
                "audience": told["api"],
                "scope": "notes:read",
            },
            auth=("api", clients["api"]["client_secret"]),
            trust_env=False,
        ).json()
        claims = jwtlab.decode(traded["access_token"]).claims
        assert (claims["act"], claims["scope"]) == ({"sub": "api"}, "notes:read")
    finally:
        for each in (program, serve):
            each.terminate()
            each.communicate()


def test_alone_it_says_what_to_do():
    done = subprocess.run(
        [sys.executable, FOLDER / "app.py"], input="", capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "jwtlab serve --json |" in done.stderr
