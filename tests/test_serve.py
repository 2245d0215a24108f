"""jwtlab serve: on a real socket, with the real clock; killed, and started again."""

import base64
import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from jwtlab.oauth import pkce


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _as_from_a_terminal():
    """Under ``nohup`` a signal is ignored, and so it would be in every program that this one starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def serving(*options):
    """The process, and what it says about itself."""
    command = [sys.executable, "-m", "jwtlab", "serve", "--json", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, preexec_fn=_as_from_a_terminal, **pipes) as process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="module")
def told():
    with serving("--port", "0") as (_, described):
        yield described


def client_of(told, name):
    return next(each for each in told["clients"] if each["client_id"] == name)


def forms(text):
    """Action and fields of the first form of a page."""
    form = re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', text, re.S)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form.group(2)))
    return form.group(1), fields


def get_code(told, browser, redirect_uri, client_id="spa", **more):
    """A login with a browser's cookies; gives the parameters of the answer and the verifier."""
    import secrets

    verifier = pkce.new_verifier(secrets.token_bytes)
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile notes:read",
        "state": "s",
        "code_challenge": pkce.challenge(verifier),
        "code_challenge_method": "S256",
        **more,
    }
    answer = browser.get(f"{told['issuer']}/authorize", params=asked)
    if answer.status_code == 200 and 'name="password"' in answer.text:
        action, fields = forms(answer.text)
        user = told["users"][0]
        answer = browser.post(told["issuer"] + action, data={**fields, **user})
    if answer.status_code == 200 and "decision" in answer.text:
        action, fields = forms(answer.text)
        answer = browser.post(told["issuer"] + action, data={**fields, "decision": "allow"})
    assert answer.status_code == 303, answer.text
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in given.items()}, verifier


def redeem(told, http, code, verifier, redirect_uri, client_id="spa"):
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return http.post(f"{told['issuer']}/token", data=form)


def refreshed(told, http, token):
    form = {"grant_type": "refresh_token", "client_id": "spa", "refresh_token": token}
    return http.post(f"{told['issuer']}/token", data=form)


def test_first_line_describes_everything(told):
    assert told["issuer"].startswith("http://127.0.0.1:")
    methods = {each["client_id"]: each["token_endpoint_auth_method"] for each in told["clients"]}
    assert methods["spa"] == "none"
    assert methods["web"] == "client_secret_basic"
    assert "client_credentials" in client_of(told, "worker")["grant_types"]
    by_key = next(each for each in told["clients"] if each["token_endpoint_auth_method"] == "private_key_jwt")
    assert "d" in by_key["jwk"]
    assert client_of(told, "spa")["client_secret"] is None
    assert {"username", "password"} == set(told["users"][0])


def test_code_flow_and_api_over_the_socket(told):
    uri = "http://127.0.0.1:4711/callback"  # any port, RFC 8252 §7.3
    with httpx.Client() as http:
        given, verifier = get_code(told, http, uri)
        assert given["iss"] == told["issuer"]
        tokens = redeem(told, http, given["code"], verifier, uri).json()
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert http.get(f"{told['api']}/me", headers=bearer).json()["sub"] == "alice"
        assert http.get(f"{told['api']}/notes", headers=bearer).status_code == 200
        assert http.post(f"{told['api']}/notes", headers=bearer, json={"text": "x"}).status_code == 403
        assert http.get(f"{told['issuer']}/userinfo", headers=bearer).json()["name"] == "Alice"


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:1/other", "http://127.0.0.1.mallory.example/callback", "https://127.0.0.1:1/callback"],
)
def test_other_loopback_addresses_do_not_match(told, uri):
    asked = {"response_type": "code", "client_id": "spa", "redirect_uri": uri}
    assert httpx.get(f"{told['issuer']}/authorize", params=asked).status_code == 400


def test_mailbox_and_front_page_are_there(told):
    with httpx.Client() as http:
        assert "for learning" in http.get(told["issuer"]).text
        assert "No e-mail" in http.get(told["mailbox"] + "/").text


def test_sigterm_ends_it_cleanly():
    with serving("--port", "0") as (process, told):
        assert httpx.get(f"{told['issuer']}/jwks").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


def test_legacy_and_further_redirect_uris_by_switch():
    uri = "https://client.example/cb"
    with serving("--port", "0", "--legacy", "--client-redirect-uri", uri) as (_, told):
        assert uri in client_of(told, "spa")["redirect_uris"]
        found = httpx.get(f"{told['issuer']}/.well-known/openid-configuration").json()
        assert "token" in found["response_types_supported"]
        with httpx.Client() as browser:
            assert "code" in get_code(told, browser, uri)[0]


def said(*options):
    command = [sys.executable, "-m", "jwtlab", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = said("--port", str(port))
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "say so twice"),
        (("--host", "example.org"), "say so twice"),
        (("--port", "70000"), "0 to 65535"),
        (("--client-redirect-uri", "javascript:alert(1)"), "cannot be a redirect URI"),
        (("--store", "/nonexistent/store.db"), "cannot be used as a store"),
    ],
)
def test_wrong_options_are_explained(options, words):
    done = said("--json", *options) if "--port" in options else said("--json", "--port", "0", *options)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_another_host_is_served_when_told_twice():
    with serving("--port", "0", "--host", "0.0.0.0", "--reachable-by-others") as (process, _):
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert "WARNING" in process.stderr.read()


def test_killed_server_forgets_nothing(tmp_path):
    port, store = str(free_port()), str(tmp_path / "store.db")
    uri = "http://127.0.0.1/callback"
    browser = httpx.Client()
    with browser, serving("--port", port, "--store", store) as (process, told):
        given, verifier = get_code(told, browser, uri)
        tokens = redeem(told, browser, given["code"], verifier, uri).json()
        unused, its_verifier = get_code(told, browser, uri)
        second = refreshed(told, browser, tokens["refresh_token"]).json()
        other, other_verifier = get_code(told, browser, uri)
        revoked = redeem(told, browser, other["code"], other_verifier, uri).json()
        browser.post(f"{told['issuer']}/revoke", data={"client_id": "spa", "token": revoked["refresh_token"]})
        process.kill()
        process.wait()
        with serving("--port", port, "--store", store) as (_, again):
            assert again == told  # the clients' secrets too
            bearer = {"Authorization": f"Bearer {second['access_token']}"}
            assert browser.get(f"{told['issuer']}/userinfo", headers=bearer).status_code == 200
            dead = {"Authorization": f"Bearer {revoked['access_token']}"}
            assert browser.get(f"{told['issuer']}/userinfo", headers=dead).status_code == 401
            assert redeem(told, browser, unused["code"], its_verifier, uri).status_code == 200
            assert "code" in get_code(told, browser, uri, prompt="none")[0]  # session and consent
            third = refreshed(told, browser, second["refresh_token"])
            assert third.status_code == 200
            assert refreshed(told, browser, revoked["refresh_token"]).status_code == 400
            assert refreshed(told, browser, tokens["refresh_token"]).status_code == 400  # spent before
            assert (
                refreshed(told, browser, third.json()["refresh_token"]).status_code == 400
            )  # so all is over


def test_server_killed_in_the_middle_keeps_every_answer_it_gave(tmp_path):
    """Whatever was answered with 200 stays spent; whatever was not asked stays good."""
    port, store = str(free_port()), str(tmp_path / "store.db")
    uri = "http://127.0.0.1/callback"
    spent, living = [], None
    with httpx.Client() as browser:
        for number in range(4):
            with serving("--port", port, "--store", store) as (process, told):
                if living is None:
                    given, verifier = get_code(told, browser, uri)
                    living = redeem(told, browser, given["code"], verifier, uri).json()["refresh_token"]
                until = time.monotonic() + 0.2 + 0.1 * number
                while time.monotonic() < until:
                    answer = refreshed(told, browser, living)
                    assert answer.status_code == 200
                    spent.append(living)
                    living = answer.json()["refresh_token"]
                process.kill()
                process.wait()
        with serving("--port", port, "--store", store) as (_, told):
            answer = refreshed(told, browser, living)
            assert answer.status_code == 200
            assert refreshed(told, browser, spent[-1]).status_code == 400
            assert refreshed(told, browser, answer.json()["refresh_token"]).status_code == 400


def test_nothing_secret_is_written_down(tmp_path):
    store = tmp_path / "store.db"
    uri = "http://127.0.0.1/callback"
    with httpx.Client() as browser, serving("--port", "0", "--store", str(store)) as (process, told):
        given, verifier = get_code(told, browser, uri)
        tokens = redeem(told, browser, given["code"], verifier, uri).json()
        web = client_of(told, "web")
        auth = (web["client_id"], web["client_secret"])
        browser.post(f"{told['issuer']}/introspect", data={"token": tokens["access_token"]}, auth=auth)
        browser.post(
            f"{told['issuer']}/token", data={"grant_type": "client_credentials"}, auth=("web", "wrong-secret")
        )
        cookies = list(browser.cookies.values())
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        written = process.stdout.read() + process.stderr.read()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*")).decode("utf-8", "replace")
    secrets = [given["code"], verifier, *tokens.values(), *cookies, "wonderland", "wrong-secret"]
    for secret in (
        str(each) for each in secrets if (isinstance(each, str) and len(each) > 15) or each == "wonderland"
    ):
        assert secret not in written
        if secret != tokens["scope"]:
            assert secret not in kept
    assert web["client_secret"] not in written


def log_in(told, uri, **more):
    """Tokens of alice for the client spa, and her browser."""
    browser = httpx.Client()
    given, verifier = get_code(told, browser, uri, **more)
    return browser, redeem(told, browser, given["code"], verifier, uri).json()


def test_any_port_matches_at_localhost_too(told):
    with httpx.Client() as browser:
        assert "code" in get_code(told, browser, "http://localhost:4711/callback")[0]


@pytest.mark.parametrize("host", ["mallory.example", "mallory.example:8765", "127.0.0.1:1", ""])
@pytest.mark.parametrize("path", ["/", "/mailbox/json", "/api/me", "/jwks"])
def test_it_answers_under_its_own_name_only(told, host, path):
    answer = httpx.get(told["issuer"] + path, headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert "wonderland" not in answer.text


def test_it_answers_as_localhost(told):
    port = urlsplit(told["issuer"]).port
    assert httpx.get(told["issuer"] + "/jwks", headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/mailbox/"])
def test_pages_with_secrets_are_neither_kept_nor_framed(told, path):
    headers = httpx.get(told["issuer"] + path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_clients_are_described_as_they_are(told):
    grants = {grant for each in told["clients"] for grant in each["grant_types"]}
    assert "implicit" not in grants
    assert not {"token", "id_token token"} & set(client_of(told, "spa")["response_types"])
    assert "password" not in grants
    with serving("--port", "0", "--legacy") as (_, legacy):
        assert {"implicit", "password"} <= set(client_of(legacy, "spa")["grant_types"])


def test_replayed_code_takes_the_tokens_with_it_at_the_api_too(told):
    uri = "http://127.0.0.1:4711/callback"
    with httpx.Client() as http:
        given, verifier = get_code(told, http, uri)
        tokens = redeem(told, http, given["code"], verifier, uri).json()
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert http.get(f"{told['api']}/me", headers=bearer).status_code == 200
        assert redeem(told, http, given["code"], verifier, uri).json()["error"] == "invalid_grant"
        answer = http.get(f"{told['api']}/me", headers=bearer)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert http.get(f"{told['issuer']}/userinfo", headers=bearer).status_code == 401
        assert refreshed(told, http, tokens["refresh_token"]).status_code == 400


def test_notes_and_used_proofs_survive_a_kill(tmp_path):
    import uuid

    from jwtlab import Key
    from jwtlab.oauth import dpop

    port, store = str(free_port()), str(tmp_path / "store.db")
    key = Key.generate("ES256")
    with serving("--port", port, "--store", store) as (process, told):
        worker = client_of(told, "worker")
        auth = (worker["client_id"], worker["client_secret"])
        proof = dpop.proof(key, "POST", f"{told['issuer']}/token", now=time.time(), jti=uuid.uuid4().hex)
        form = {"grant_type": "client_credentials", "scope": "notes:read notes:write"}
        answer = httpx.post(f"{told['issuer']}/token", data=form, auth=auth, headers={"DPoP": proof}).json()
        token, place = answer["access_token"], f"{told['api']}/notes"
        assert answer["token_type"] == "DPoP"

        def headers(method):
            made = dpop.proof(key, method, place, now=time.time(), jti=uuid.uuid4().hex, access_token=token)
            return {"Authorization": f"DPoP {token}", "DPoP": made}

        used = headers("GET")
        assert httpx.post(place, json={"text": "kept"}, headers=headers("POST")).status_code == 201
        assert httpx.get(place, headers=used).json()["notes"] == ["kept"]
        process.kill()
        process.wait()
    with serving("--port", port, "--store", store) as _:
        assert httpx.get(place, headers=used).status_code == 401
        assert httpx.get(place, headers=headers("GET")).json()["notes"] == ["kept"]


def test_application_is_told_of_a_log_out_over_the_back_channel():
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    import jwtlab

    heard, came = [], threading.Event()

    class Application(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Application) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        address = f"spa=http://127.0.0.1:{listening.server_port}/logout"
        uri = "http://127.0.0.1:4711/callback"
        with serving("--port", "0", "--backchannel-logout-uri", address) as (_, told):
            browser, tokens = log_in(told, uri)
            back = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": uri, "state": "bye"}
            answer = browser.get(f"{told['issuer']}/logout", params=back)
            assert answer.headers["location"] == f"{uri}?state=bye"
            assert came.wait(20)
            browser.close()
        listening.shutdown()
    claims = jwtlab.decode(heard[0]).claims
    assert (claims["aud"], claims["sub"]) == ("spa", "alice")
    assert "nonce" not in claims


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
def test_signal_announces_a_new_key_and_no_token_falls_between():
    uri = "http://127.0.0.1:4711/callback"
    with serving("--port", "0") as (process, told), httpx.Client() as browser:

        def kids():
            return {key["kid"] for key in browser.get(f"{told['issuer']}/jwks").json()["keys"]}

        def works(token):
            bearer = {"Authorization": f"Bearer {token}"}
            return browser.get(f"{told['api']}/me", headers=bearer).status_code == 200

        given, verifier = get_code(told, browser, uri)
        tokens = redeem(told, browser, given["code"], verifier, uri).json()
        assert works(tokens["access_token"])
        before = kids()
        process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 60
        while kids() == before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(kids()) == 2
        # Whatever key is in use meanwhile: each new token is good at once, and the old one still is.
        signed = set()
        while len(signed) < 2 and time.monotonic() < deadline:
            tokens = refreshed(told, browser, tokens["refresh_token"]).json()
            header = tokens["access_token"].split(".")[0]
            signed.add(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])
            assert works(tokens["access_token"])
            time.sleep(0.2)
        assert len(signed) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_closing_the_terminal_ends_it():
    with serving("--port", "0") as (process, _):
        process.send_signal(signal.SIGHUP)
        assert process.wait(20) != 0


def test_thousands_of_parameters_cost_no_time_and_nested_json_is_no_breakdown(told):
    many = "&".join(f"{number}=1" for number in range(7000))
    with httpx.Client(timeout=20) as http:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert http.post(f"{told['issuer']}/token", content=many, headers=kind).status_code == 400
        worker = client_of(told, "worker")
        auth = (worker["client_id"], worker["client_secret"])
        form = {"grant_type": "client_credentials", "scope": "notes:write"}
        token = http.post(f"{told['issuer']}/token", data=form, auth=auth).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for body in (b"[" * 60_000, b'{"text": "\\ud800"}', b'{"text": "\\u0000"}', b"{"):
            assert http.post(f"{told['api']}/notes", content=body, headers=headers).status_code == 400


def test_unknown_client_of_a_log_out_address_is_named():
    done = said("--json", "--port", "0", "--backchannel-logout-uri", "nobody=http://127.0.0.1:1/x")
    assert done.returncode == 1
    assert "there is no client 'nobody'" in done.stderr
    done = said("--json", "--port", "0", "--backchannel-logout-uri", "web")
    assert done.returncode == 1
    assert "CLIENT=URI" in done.stderr


def test_person_who_typed_localhost_goes_on_at_the_issuers_address(told):
    port = urlsplit(told["issuer"]).port
    for host in (f"localhost:{port}", f"LOCALHOST:{port}"):
        headers = {"Host": host, "Accept": "text/html,*/*"}
        answer = httpx.get(f"{told['issuer']}/device?user_code=BCDF-GHJK", headers=headers)
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{told['issuer']}/device?user_code=BCDF-GHJK"
    evil = httpx.get(f"{told['issuer']}//mallory.example/", headers={"Host": host, "Accept": "text/html"})
    assert evil.headers["location"].startswith(told["issuer"] + "/")


@pytest.mark.parametrize("path", ["/authorize", "/device", "/magic", "/logout"])
def test_look_at_the_headers_does_nothing(told, path):
    answer = httpx.head(told["issuer"] + path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
