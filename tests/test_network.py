"""HTTP in process: it reaches the lab's applications and nothing else."""

from __future__ import annotations

import socket

import pytest
from flask import Flask

import jwtlab
from jwtlab import network


@pytest.fixture
def client(monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    app = Flask("app")
    app.add_url_rule("/", "index", lambda: "hello")
    app.add_url_rule("/away", "away", lambda: ("", 302, {"Location": "https://elsewhere.example/"}))
    return network.client({"https://app.example": app}, "https://app.example")


def test_application_is_reached_without_a_socket(client):
    assert client.get("/").text == "hello"
    assert client.get("https://app.example/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "http://app.example/",
        "https://app.example:8443/",
        "http://127.0.0.1/",
        "https://xapp.example/",
    ],
)
def test_every_other_address_is_refused_with_a_list_of_those_there_are(client, address):
    with pytest.raises(jwtlab.UsageError, match=r"is not in the lab; there are: https://app\.example"):
        client.get(address)


def test_redirects_are_not_followed_by_themselves(client):
    assert client.get("/away").status_code == 302


def test_proxies_of_the_environment_are_not_used(client, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert client.get("/").text == "hello"
