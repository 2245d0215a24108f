"""Fetching what a stranger has named, over real sockets and TLS: to one address, and no further."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from jwtlab.oauth.http import guarded
from jwtlab.oauth.services import Certificate

AGENT = Certificate.make("agent.example", bytes(range(32)))


class Site(BaseHTTPRequestHandler):
    """Answers as it was told, and notes for whom it was asked."""

    status, headers_sent, body = 200, {"Content-Type": "application/json"}, b"{}"
    slow, drips, asked = None, False, ()

    def do_GET(self):
        type(self).asked = (*self.asked, (self.headers["Host"], self.path))
        if self.drips:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            self._drip()
            return
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.slow is not None:
            self._drip()
        try:
            self.wfile.write(self.body)
        except OSError:
            return  # whoever fetched has gone away

    def _drip(self):
        try:
            while not self.slow.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            return

    def log_message(self, *_):
        return


@contextmanager
def site(tmp_path, **told):
    """Its port, and how to trust its certificate."""
    (tmp_path / "key.pem").write_bytes(AGENT.key)
    (tmp_path / "certificate.pem").write_text(AGENT.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    kind = type("ThisSite", (Site,), told)
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield (
                server.server_address[1],
                ssl.create_default_context(cafile=str(tmp_path / "certificate.pem")),
                kind,
            )
        finally:
            server.shutdown()
            thread.join()


def test_the_connection_goes_to_the_address_and_the_request_to_the_name(tmp_path):
    sent = {"Content-Type": "Application/JSON; charset=utf-8", "Cache-Control": "max-age=9"}
    with site(tmp_path, headers_sent=sent) as (port, trusted, seen):
        found = guarded.fetch(
            f"https://agent.example:{port}/client.json?x=1", "127.0.0.1", 100, verify=trusted
        )
    assert (found.status, found.content_type, found.body) == (200, "application/json", b"{}")
    assert found.cache_control == "max-age=9"
    assert seen.asked == ((f"agent.example:{port}", "/client.json?x=1"),)


def test_the_certificate_is_for_the_name(tmp_path):
    with site(tmp_path) as (port, trusted, seen):
        with pytest.raises(httpx.ConnectError, match=r"(?i)hostname mismatch"):
            guarded.fetch(f"https://other.example:{port}/", "127.0.0.1", 100, verify=trusted)
        with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
            guarded.fetch(f"https://agent.example:{port}/", "127.0.0.1", 100)
    assert seen.asked == ()


def test_no_redirect_is_followed(tmp_path):
    with site(tmp_path, status=302, headers_sent={"Location": "/elsewhere"}) as (port, trusted, seen):
        found = guarded.fetch(f"https://agent.example:{port}/", "127.0.0.1", 100, verify=trusted)
    assert (found.status, len(seen.asked)) == (302, 1)


def test_no_more_is_read_than_is_wanted(tmp_path):
    with site(tmp_path, body=b"x" * 3_000_000) as (port, trusted, _):
        found = guarded.fetch(f"https://agent.example:{port}/", "127.0.0.1", 100, verify=trusted)
    assert len(found.body) == 101


@pytest.mark.parametrize("in_headers", [False, True])
def test_what_drips_is_given_up(tmp_path, in_headers):
    over = threading.Event()
    with site(tmp_path, slow=over, drips=in_headers) as (port, trusted, _):
        try:
            with pytest.raises(httpx.TimeoutException):
                guarded.fetch(
                    f"https://agent.example:{port}/", "127.0.0.1", 9999, verify=trusted, seconds=0.3
                )
        finally:
            over.set()


def test_names_and_addresses_in_every_spelling():
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "localhost"):
        assert not any(guarded.is_public(each) for each in guarded.resolve(host, 443)), host
    assert guarded.resolve("no such host", 443) == ()
    assert guarded.resolve("a" * 300, 443) == ()
    assert guarded.resolve("::1", 443) == ("::1",)
