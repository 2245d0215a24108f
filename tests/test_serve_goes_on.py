"""jwtlab serve is killed, started again, told by signals, and kept busy."""

import base64
import json
import signal
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from serving import client_of, free_port, get_code, redeem, refreshed, serving


@pytest.fixture(scope="module")
def told():
    with serving("--port", "0") as (_, described):
        yield described


def test_sigterm_ends_it_cleanly():
    with serving("--port", "0") as (process, told):
        assert httpx.get(f"{told['issuer']}/jwks").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


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


@pytest.mark.long
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


def test_an_answer_comes_in_one_piece(told):
    """Head and body in two pieces are two system calls on each side, and twice a change of threads in the server."""
    asked = f"GET /jwks HTTP/1.1\r\nHost: {urlsplit(told['issuer']).netloc}\r\n\r\n".encode()
    with socket.create_connection((urlsplit(told["issuer"]).hostname, urlsplit(told["issuer"]).port)) as line:
        for _ in range(20):
            line.sendall(asked)
            head, _, body = line.recv(64 * 1024).partition(b"\r\n\r\n")
            assert f"Content-Length: {len(body)}".encode() in head
            assert json.loads(body)["keys"]


def test_requests_that_come_at_once_are_answered_in_their_order(told):
    place = urlsplit(told["issuer"])
    paths = ["/jwks", "/nowhere", "/.well-known/openid-configuration", "/jwks"] * 5
    asked = "".join(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n" for path in paths)
    last = f"GET /jwks HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall((asked + last).encode())
        whole = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    said = [part.split("\r\n\r\n")[1] for part in whole.split("HTTP/1.1 ")[1:]]
    kinds = ["keys" if '"keys"' in each else "issuer" if '"issuer"' in each else "error" for each in said]
    assert kinds == ["keys", "error", "issuer", "keys"] * 5 + ["keys"]
