"""The way out: the environment's proxy for addresses outside, and none for this machine."""

from __future__ import annotations

import http.server
import threading

import httpx
import pytest

from jwtlab.oauth.http.outside import outside_client, proxy_in_words
from jwtlab.widgets import IssuerExplorer

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in (*NAMES, *map(str.lower, NAMES), "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)


class Handler(http.server.BaseHTTPRequestHandler):
    """A proxy that opens no way, and a server that answers."""

    def do_CONNECT(self):
        self.server.asked.append(self.path)
        self.send_error(403, "not through me")

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def proxy():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_issuer_outside_is_asked_through_the_proxy(proxy, monkeypatch, name):
    monkeypatch.setenv(name, address(proxy))
    explorer = IssuerExplorer("https://issuer.example")
    explorer.act("fetch")
    assert proxy.asked == ["issuer.example:443"]
    assert "does not answer" in explorer.problem
    assert f"By way of the proxy {address(proxy)}" in explorer.html
    explorer.close()


def test_this_machine_is_asked_directly(proxy, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with outside_client() as client:
        assert client.get(address(proxy)).status_code == 200
    assert proxy.asked == ["/"]
    assert proxy_in_words(address(proxy)) == proxy_in_words("https://localhost:8765") == ""
    assert proxy_in_words("https://[::1]:8765/x") == ""


def test_address_that_needs_no_proxy_gets_none(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert proxy_in_words("https://login.inside.example") == ""
    assert "proxy.example" in proxy_in_words("https://issuer.example")


def test_proxy_of_a_kind_that_cannot_be_used_is_said_and_stops_nothing(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://alice:secret@proxy.example:1080")
    with outside_client() as client:
        assert isinstance(client, httpx.Client)
    words = proxy_in_words("https://issuer.example")
    assert "is not used" in words
    assert "secret" not in words


def test_without_a_proxy_nothing_is_said(proxy):
    explorer = IssuerExplorer(address(proxy))
    explorer.act("fetch")
    assert "proxy" not in explorer.html
    assert proxy.asked
    explorer.close()
