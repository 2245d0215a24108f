"""The network and its record: who said what to whom, and nothing leaves the lab."""

from __future__ import annotations

import json
import socket
import threading

import httpx
import pytest
from flask import Flask, jsonify, redirect, request

import jwtlab
from jwtlab.oauth import Network
from jwtlab.oauth.http.recorder import record_report

lab = jwtlab.Lab()
TOKEN = lab.token()
AS, API = "https://as.example", "https://api.example"


@pytest.fixture
def network():
    made = Network(lambda: lab.now)
    server, api = Flask("as"), Flask("api")

    @server.post("/token")
    def token():
        record_report("token request", lab.verify(TOKEN))
        return jsonify(access_token=TOKEN, token_type="Bearer")

    @server.get("/authorize")
    def authorize():
        return redirect(f"https://app.example/cb#id_token={TOKEN}&state=1")

    @server.get("/jwks")
    def jwks():
        return jsonify(lab.keys().to_jwks())

    @api.get("/me")
    def me():
        with made.client("API", AS) as client:
            client.get("/jwks")
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        report = record_report("access token", lab.verify(given))
        return (
            (jsonify(sub=report.claims["sub"]), 200)
            if report.accepted
            else (jsonify(error="invalid_token"), 401)
        )

    @api.get("/broken")
    def broken():
        raise RuntimeError("no")

    api.config["PROPAGATE_EXCEPTIONS"] = True
    made.add(AS, "Authorization server", server)
    made.add(API, "API", api)
    return made


def test_exchange_has_both_sides_and_the_receivers_checks(network):
    client = network.client("Client", AS)
    answer = client.post("/token", data={"grant_type": "authorization_code", "code": "abc"})
    assert answer.json()["access_token"] == TOKEN
    (exchange,) = network.trace
    assert (exchange.sender, exchange.receiver, exchange.number) == ("Client", "Authorization server", 1)
    assert exchange.request.form == (("grant_type", "authorization_code"), ("code", "abc"))
    assert exchange.response.json["token_type"] == "Bearer"
    ((name, report),) = exchange.reports
    assert name == "token request"
    assert report.accepted
    assert exchange.at == lab.now
    assert exchange.title == "POST /token → 200"


def test_calls_between_servers_are_recorded_in_the_order_in_which_they_began(network):
    network.client("Client").get(f"{API}/me", headers={"Authorization": f"Bearer {TOKEN}"})
    assert [(each.number, each.sender, each.receiver) for each in network.trace] == [
        (1, "Client", "API"),
        (2, "API", "Authorization server"),
    ]
    assert [name for name, _ in network.trace[0].reports] == ["access token"]
    assert network.trace[1].reports == ()
    assert network.trace.parties == ("Client", "API", "Authorization server")


def test_refusal_names_the_check(network):
    network.client("Mallory").get(f"{API}/me", headers={"Authorization": f"Bearer {lab.token(minutes=-5)}"})
    assert network.trace[0].refused_by == ("not-expired",)
    assert "refused" in str(network.trace)


def test_tokens_are_found_wherever_they_stand(network):
    client = network.client("Browser")
    client.get(f"{AS}/authorize?hint={TOKEN}")
    client.post(f"{AS}/token", data={"assertion": TOKEN})
    client.get(f"{API}/me", headers={"Authorization": f"Bearer {TOKEN}"})
    places = [[seen.where for seen in each.tokens] for each in network.trace]
    assert places[0] == ["request parameter hint"]
    assert places[1] == ["request field assertion"]
    assert places[2] == ["request header Authorization"]
    assert [seen.text for seen in network.trace.tokens] == [TOKEN]
    assert network.trace[0].tokens[0].parts.claims["sub"] == "alice"


def test_fragment_of_a_redirect_is_seen_but_never_sent(network):
    client = network.client("Browser")
    answer = client.get(f"{AS}/authorize")
    assert answer.status_code == 302
    assert network.trace[0].tokens[0].where == "redirect fragment id_token"
    client.get(f"{AS}/jwks#secret")
    assert "secret" not in network.trace[1].request.url


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "http://as.example/",
        f"{AS}:8443/",
        "http://127.0.0.1/",
        f"{AS}.evil.example/",
    ],
)
def test_nothing_leaves_the_lab_and_nothing_is_recorded(network, address):
    with pytest.raises(jwtlab.UsageError, match=r"not in the lab; there are: https://as\.example"):
        network.client("Client").get(address)
    assert len(network.trace) == 0


def test_port_of_the_scheme_itself_is_the_same_origin(network):
    assert network.client("Client").get(f"{AS}:443/jwks").status_code == 200


@pytest.mark.parametrize(
    "origin", ["as.example", "https://as.example/", "https://as.example:443", "https://AS.example", ""]
)
def test_what_is_no_origin_is_refused(origin):
    with pytest.raises(jwtlab.UsageError, match="is no origin"):
        Network().add(origin, "x", Flask("x"))


def test_two_parties_at_one_origin_are_refused(network):
    with pytest.raises(jwtlab.UsageError, match="answers at"):
        network.add(AS, "Another", Flask("x"))


def test_receiver_that_breaks_down_is_in_the_record(network):
    with pytest.raises(RuntimeError):
        network.client("Client").get(f"{API}/broken")
    assert network.trace[0].response is None
    assert "no answer" in str(network.trace)
    json.dumps(network.trace.to_har())


def test_redirects_are_left_to_whoever_asked_and_cookies_are_kept(network):
    client = network.client("Browser", AS)
    assert isinstance(client, httpx.Client)
    assert client.get("/authorize").is_redirect
    assert len(network.trace) == 1


def test_no_socket_is_opened_and_no_proxy_asked(network, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert network.client("Client", AS).get("/jwks").status_code == 200


def test_text_shows_what_matters(network):
    network.client("Client", AS).post(
        "/token", data={"grant_type": "x", "code": "abc"}, headers={"X-Noise": "1"}
    )
    text = str(network.trace)
    assert "1 · Client → Authorization server" in text
    assert "POST /token" in text
    assert "&code=abc" in text
    assert "← 200 OK" in text
    assert "X-Noise" not in text


def test_har_is_what_other_tools_read(network):
    network.client("Client", AS).post("/token?a=1", data={"code": "ü&="})
    har = json.loads(json.dumps(network.trace.to_har()))
    (entry,) = har["log"]["entries"]
    assert entry["startedDateTime"] == "2026-01-01T00:00:00+00:00"
    assert entry["request"]["queryString"] == [{"name": "a", "value": "1"}]
    assert entry["request"]["postData"]["params"] == [{"name": "code", "value": "ü&="}]
    assert entry["response"]["status"] == 200
    assert TOKEN in entry["response"]["content"]["text"]
    needed = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert needed <= set(entry)


def test_mermaid_is_not_broken_by_what_somebody_sends(network):
    network.client("Mallory;\n  p0->>p1: hi <script>", AS).get("/jwks")
    network.client("Client", AS).get("/a%0Ab;#x")
    diagram = network.trace.to_mermaid()
    lines = diagram.splitlines()
    assert lines[0] == "sequenceDiagram"
    assert len(lines) == 1 + 3 + 2 * 2
    assert not set("<>;#") & set(diagram.replace("->>", "").replace("-->>", ""))


def test_trace_can_be_cut_and_cleared(network):
    client = network.client("Client", AS)
    for _ in range(3):
        client.get("/jwks")
    assert [each.number for each in network.trace[1:]] == [2, 3]
    network.trace.clear()
    assert len(network.trace) == 0
    client.get("/jwks")
    assert network.trace[0].number == 4


def test_threads_do_not_mix_their_reports(network):
    def ask(token):
        network.client("Client").get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})

    tokens = [TOKEN, lab.token(minutes=-5)] * 8
    threads = [threading.Thread(target=ask, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [each for each in network.trace if each.receiver == "API"]
    assert len(asked) == 16
    for each in asked:
        ((_, report),) = each.reports
        assert report.accepted == (each.response.status == 200)
    assert sorted(each.number for each in network.trace) == list(range(1, 33))
