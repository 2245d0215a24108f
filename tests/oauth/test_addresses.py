"""What is no address is said in a sentence, wherever somebody can write one."""

from __future__ import annotations

import pytest
from driving import AS, Place

from jwtlab import UsageError
from jwtlab.oauth.authorization_server.registration import check_redirect_uri
from jwtlab.oauth.client.issuer_metadata import check_address
from jwtlab.oauth.http.addresses import origin_of, split
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.outside import proxy_in_words
from jwtlab.registry.clients import read_clients
from jwtlab.widgets import FlowStepper, IssuerExplorer

NO_ADDRESSES = [
    "http://[",
    "https://as.example[/authorize",
    "http://[::1/x",
    "http://a:99999/",
    "http://a:port/",
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_a_sentence_and_no_traceback(url, tmp_path):
    with pytest.raises(UsageError, match="is no address"):
        split(url)
    assert origin_of(url) == ("", "")
    with pytest.raises(UsageError):
        check_redirect_uri(url)
    with pytest.raises(UsageError):
        Request("GET", f"{AS}/").at(url)
    with pytest.raises(UsageError):
        check_address(url)
    with pytest.raises(UsageError):
        Place().world.browser("alice").open(url)
    path = tmp_path / "clients.toml"
    path.write_text(f'[clients.shop]\nclient_name = "Shop"\nredirect_uris = ["{url}"]\n', "utf-8")
    with pytest.raises(UsageError):
        read_clients(path, api="http://127.0.0.1/api", secret=lambda name: "s" * 40)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_a_proxy_that_is_no_address_is_said(url, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", url)
    monkeypatch.setenv("https_proxy", url)
    assert isinstance(proxy_in_words("https://issuer.example"), str)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_the_widgets_say_it(url):
    explorer = IssuerExplorer(url)
    explorer.act("fetch")
    assert explorer.problem
    explorer.close()
    stepper = FlowStepper("authorization-code")
    stepper.act("next")
    assert stepper.html
    stepper.close()


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_the_server_answers_with_a_page(url):
    place = Place()
    answer = place.http.get(f"{AS}/authorize", params=place.request(redirect_uri=url))
    assert answer.status_code == 400
    assert "redirect" in answer.text
