"""jwtlab serve: on a real socket, with the real clock."""

import signal
import socket
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from serving import client_of, get_code, log_in, redeem, refreshed, said, serving


@pytest.fixture(scope="module")
def told():
    with serving("--port", "0") as (_, described):
        yield described


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


def test_legacy_and_further_redirect_uris_by_switch():
    uri = "https://client.example/cb"
    with serving("--port", "0", "--legacy", "--client-redirect-uri", uri) as (_, told):
        assert uri in client_of(told, "spa")["redirect_uris"]
        found = httpx.get(f"{told['issuer']}/.well-known/openid-configuration").json()
        assert "token" in found["response_types_supported"]
        with httpx.Client() as browser:
            assert "code" in get_code(told, browser, uri)[0]


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
