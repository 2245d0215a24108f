"""IssuerExplorer, against the lab's own server."""

import json

import httpx
import pytest

from jwtlab import Lab, UsageError
from jwtlab.oauth.client.issuer_metadata import check_address
from jwtlab.widgets import IssuerExplorer

AS = "https://as.example"


@pytest.fixture
def lab():
    return Lab()


@pytest.fixture
def world(lab):
    return lab.world("explorer")


@pytest.fixture
def explorer(lab, world):
    client = world.network.client("You")
    made = IssuerExplorer(AS, client=client, clock=lambda: lab.now, random=lab.random.bytes)
    yield made
    made.close()


def answering(documents):
    """A client for which these addresses answer, and no other."""

    def handle(request):
        found = documents.get(str(request.url))
        return httpx.Response(404) if found is None else httpx.Response(200, content=found)

    return httpx.Client(transport=httpx.MockTransport(handle))


def test_nothing_is_sent_before_fetch(explorer, world):
    explorer.act("address", f"{AS}/")
    assert len(world.network.trace) == 0
    assert "No document has been fetched yet" in explorer.html


def test_fetch_shows_checks_and_keys(explorer, world):
    explorer.act("fetch")
    assert explorer.report.accepted
    assert "lab-rs256" in explorer.html
    assert [each.request.path for each in world.network.trace] == [
        "/.well-known/openid-configuration",
        "/jwks",
    ]


def test_token_is_judged_by_the_issuers_keys(explorer, lab, world):
    explorer.act("fetch")
    good = lab.token(alg="RS256", iss=AS)
    explorer.act("token", good)
    assert "Accepted" in explorer.html
    explorer.act("token", lab.token(alg="RS256", iss=AS, key=lab.key("RS256", "mallory")))
    assert "Refused" in explorer.html


def test_log_in_by_hand(explorer, world, lab):
    explorer.act("fetch")
    for name, value in (
        ("client_id", "notes-app"),
        ("secret", "notes-app-secret-for-lessons"),
        ("redirect_uri", "https://app.example/callback"),
    ):
        explorer.act("field", value, name)
    explorer.act("begin")
    browser = world.browser("alice")
    browser.open(explorer.login.address)
    browser.submit({"username": "alice", "password": "wonderland"})
    browser.submit(press="Allow")
    explorer.act("field", browser.page.redirect, "landed")
    explorer.act("finish")
    assert not explorer.problem
    assert {"id_token", "access_token"} <= set(explorer.tokens)
    assert "alice" in explorer.html
    explorer.act("finish")
    assert explorer.login is None


def test_secret_is_in_no_picture_and_no_trait(explorer):
    explorer.act("fetch")
    explorer.act("field", "my-very-own-secret", "secret")
    explorer.act("field", "notes-app", "client_id")
    explorer.act("begin")
    explorer.act("ask")
    state = json.dumps(explorer.get_state(), default=str)
    assert "my-very-own-secret" not in state
    assert "my-very-own-secret" not in explorer.html
    assert "my-very-own-secret" not in json.dumps(explorer._repr_mimebundle_(), default=str)


def test_another_browsers_answer_is_refused(explorer):
    explorer.act("fetch")
    explorer.act("field", "notes-app", "client_id")
    explorer.act("begin")
    explorer.act("field", "https://app.example/callback?code=x&state=other&iss=https://as.example", "landed")
    explorer.act("finish")
    assert "another login" in explorer.problem


def test_client_credentials_by_hand(explorer):
    explorer.act("fetch")
    explorer.act("field", "report-service", "client_id")
    explorer.act("field", "report-service-secret-for-lessons", "secret")
    explorer.act("field", "notes:read", "scope")
    explorer.act("ask")
    assert "access_token" in explorer.tokens


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "is no issuer"),
        ("as.example", "is no issuer"),
        ("ftp://as.example", "is no issuer"),
        ("http://as.example", "not protected by TLS"),
        ("https://user@as.example", "is no issuer"),
        ("https://elsewhere.example", "not in the lab"),
        ("https://api.example", "answers 404"),
    ],
)
def test_wrong_address_is_explained(explorer, address, words):
    explorer.act("address", address)
    explorer.act("fetch")
    assert words in explorer.problem
    assert explorer.issuer is None


@pytest.mark.parametrize("address", ["http://127.0.0.1:8765", "http://localhost:1/", "http://[::1]:8080"])
def test_this_machine_needs_no_tls(address):
    assert check_address(address) == address.rstrip("/")


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"issuer": "https://other.example"}, "issuer-same"),
        ({"jwks_uri": None}, "endpoints-there"),
        ({"token_endpoint": "http://as.example/token"}, "endpoints-protected"),
        ({"id_token_signing_alg_values_supported": ["none"]}, "algorithms-sound"),
        ({"code_challenge_methods_supported": ["plain"]}, "pkce-offered"),
        ({"authorization_response_iss_parameter_supported": False}, "issuer-named"),
    ],
)
def test_doubtful_metadata_are_pointed_out(world, change, failed):
    document = {name: value for name, value in (world.metadata | change).items() if value is not None}
    keys = world.network.client("You").get(f"{AS}/jwks").content
    pages = {f"{AS}/.well-known/openid-configuration": json.dumps(document), f"{AS}/jwks": keys}
    explorer = IssuerExplorer(AS, client=answering(pages))
    explorer.act("fetch")
    assert failed in {finding.id for finding in explorer.report.failures}
    advice = failed in ("pkce-offered", "issuer-named")
    assert bool(len(explorer.issuer.keys)) is advice


@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", '{"issuer": 5}', "x" * 600_000])
def test_what_is_no_metadata_does_no_harm(body):
    explorer = IssuerExplorer(AS, client=answering({f"{AS}/.well-known/openid-configuration": body}))
    explorer.act("fetch")
    assert explorer.problem or not explorer.report.accepted
    assert "<html>" not in explorer.html


def test_issuer_with_a_slash_at_its_end_is_itself(world):
    issuer = "https://tenant.example/"
    document = world.metadata | {"issuer": issuer, "jwks_uri": f"{AS}/jwks"}
    keys = world.network.client("You").get(f"{AS}/jwks").content
    pages = {
        "https://tenant.example/.well-known/openid-configuration": json.dumps(document),
        f"{AS}/jwks": keys,
    }
    explorer = IssuerExplorer("https://tenant.example", client=answering(pages))
    explorer.act("fetch")
    assert explorer.report.accepted
    assert explorer.issuer.address == issuer


def test_unreachable_server_is_a_sentence():
    explorer = IssuerExplorer("http://127.0.0.1:9")
    explorer.act("fetch")
    assert "does not answer" in explorer.problem


def test_usage_error_is_raised_by_check_address():
    with pytest.raises(UsageError):
        check_address("javascript:alert(1)")
