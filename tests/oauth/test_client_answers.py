"""Each answer that a client gets, judged to the letter: the verdict, whose fault it is, and what is said."""

from __future__ import annotations

import json

import pytest

from jwtlab.errors import OAuthError, UsageError
from jwtlab.oauth.client import Credentials, Provider
from jwtlab.oauth.client.authorization_response import RESPONSE_CHECKS, AuthorizationResponse
from jwtlab.oauth.client.issuer_metadata import METADATA_CHECKS, MetadataDocument, check_address
from jwtlab.oauth.client.provider import DISCOVERY_CHECKS, Discovered
from jwtlab.oauth.client.token_response import TOKEN_RESPONSE_CHECKS, asks_for_nonce
from jwtlab.oauth.client.userinfo import USERINFO_CHECKS, Userinfo
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.protocol import Parameters

AS, OTHER = "https://as.example", "https://mallory.example"


def judged(policy, case):
    """The notes of all checks, or the failed one: its id, code, reason, and the evidence."""
    report = policy.run(case)
    if report.accepted:
        return [finding.reason for finding in report]
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found


def brought(*pairs, state="s-1", promised=False):
    return judged(RESPONSE_CHECKS, AuthorizationResponse(Parameters(pairs), state, AS, promised))


STATE, CODE, NAMED = ("state", "s-1"), ("code", "c-1"), ("iss", AS)
SENT = "the one this browser was sent with"


@pytest.mark.parametrize(
    ("pairs", "promised", "note"),
    [
        ([STATE, CODE], False, "this server does not name itself"),
        ([STATE, CODE, NAMED], False, AS),
        ([STATE, CODE, NAMED], True, AS),
        (
            [STATE, ("id_token", "x.y.z")],
            True,
            "the ID token that came along names it, and is checked before anything else (RFC 9207 §4)",
        ),
    ],
)
def test_good_answer_of_the_authorization_endpoint(pairs, promised, note):
    assert brought(*pairs, promised=promised)[-3:] == [SENT, note, ""]


MIX_UP = "another server answers than the one that was asked (mix-up)"


@pytest.mark.parametrize(
    ("pairs", "more", "said"),
    [
        ([CODE], {}, ("state-matches", "this browser did not ask for a login here", "state", "s-1", None)),
        (
            [STATE, CODE],
            {"state": None},
            ("state-matches", "this browser did not ask for a login here", "state", None, "s-1"),
        ),
        (
            [("state", "s-2"), CODE],
            {},
            ("state-matches", "this answer belongs to another login", "state", "s-1", "s-2"),
        ),
        (
            [("state", "s-ü\udcff"), CODE],
            {"state": "s-ü?"},
            ("parameters-readable",),
        ),
        ([STATE, CODE], {"promised": True}, ("issuer-matches", MIX_UP, "iss", AS, None)),
        ([STATE, CODE, ("iss", OTHER)], {}, ("issuer-matches", MIX_UP, "iss", AS, OTHER)),
        ([STATE, ("id_token", "x.y.z"), ("iss", OTHER)], {}, ("issuer-matches", MIX_UP, "iss", AS, OTHER)),
    ],
)
def test_bad_answer_of_the_authorization_endpoint(pairs, more, said):
    check, code, *found = brought(*pairs, **more)
    assert code == "invalid_request"
    assert (check, *found)[: len(said)] == said


def test_refusal_of_the_server_is_handed_on_and_cut():
    pairs = [STATE, ("error", "access_denied"), ("error_description", "no thanks")]
    said = "the server said access_denied: no thanks"
    assert brought(*pairs) == ("response-positive", "access_denied", said, "error", None, "access_denied")
    assert brought(*pairs[:2])[2] == "the server said access_denied: no reason given"
    long = brought(STATE, ("error", "e" * 99), ("error_description", "d" * 300))
    assert long[1:3] == ("e" * 60, f"the server said {'e' * 60}: {'d' * 200}")


def answer(status, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return Response.make(status, text, headers=tuple((n.replace("_", "-"), v) for n, v in headers.items()))


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "DPoP", "BEARER"])
def test_token_is_taken_with_its_kind(kind):
    found = judged(TOKEN_RESPONSE_CHECKS, answer(200, {"access_token": "t", "token_type": kind}))
    assert found == ["", kind]


@pytest.mark.parametrize(
    ("status", "body", "code", "reason"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "used"},
            "invalid_grant",
            "400 invalid_grant: used",
        ),
        (400, {"error": "invalid_grant"}, "invalid_grant", "400 invalid_grant:"),
        (400, {"error": "e" * 99}, "e" * 60, f"400 {'e' * 99}:"),
        (400, {"access_token": "t"}, "server_error", "400 :"),
        (201, {"access_token": "t", "token_type": "Bearer"}, "server_error", "201 :"),
        (200, {"token_type": "Bearer"}, "server_error", "200 :"),
        (200, {"access_token": 7, "token_type": "Bearer"}, "server_error", "200 :"),
        (200, ["access_token"], "server_error", "200 :"),
        (500, "oops", "server_error", "500 :"),
    ],
)
def test_answer_without_a_token(status, body, code, reason):
    found = judged(TOKEN_RESPONSE_CHECKS, answer(status, body))
    assert found == ("token-answer", code, reason, None, None, None)


@pytest.mark.parametrize("kind", ["mac", "", None, 7, "Bearer "])
def test_kind_of_token_that_nobody_knows(kind):
    found = judged(TOKEN_RESPONSE_CHECKS, answer(200, {"access_token": "t", "token_type": kind}))
    reason = "a token of a kind that nobody knows how to use"
    assert found == ("token-type-known", "server_error", reason, "token_type", None, kind)


@pytest.mark.parametrize(
    ("reply", "asks"),
    [
        (answer(401, "", WWW_Authenticate='DPoP error="use_dpop_nonce"'), True),
        (answer(401, "", WWW_Authenticate="DPoP error=use_dpop_nonce, x=1"), True),
        (answer(401, "", WWW_Authenticate='DPoP error="use_dpop_nonces"'), False),
        (answer(401, {"error": "use_dpop_nonce"}), False),
        (answer(400, {"error": "use_dpop_nonce"}), True),
        (answer(400, {"error": "invalid_grant"}), False),
        (answer(400, ["use_dpop_nonce"]), False),
        (answer(403, {"error": "use_dpop_nonce"}), False),
        (answer(200, {"error": "use_dpop_nonce"}), False),
        (answer(400, "", WWW_Authenticate='DPoP error="use_dpop_nonce"'), False),
    ],
)
def test_wish_for_a_nonce_is_heard_where_it_is_said(reply, asks):
    assert asks_for_nonce(reply) is asks


@pytest.mark.parametrize("document", [{"sub": "mallory"}, {}, {"sub": None}, ["sub"], None])
def test_userinfo_is_about_whoever_logged_in(document):
    assert judged(USERINFO_CHECKS, Userinfo({"sub": "alice"}, "alice")) == ["alice"]
    found = document.get("sub") if isinstance(document, dict) else None
    assert judged(USERINFO_CHECKS, Userinfo(document, "alice")) == (
        "userinfo-subject",
        "invalid_request",
        "userinfo is about somebody else",
        "sub",
        "alice",
        found,
    )


@pytest.mark.parametrize("document", [{"issuer": OTHER}, {"issuer": AS + "/"}, {}, [AS], None])
def test_document_speaks_for_the_issuer_that_was_asked(document):
    assert judged(DISCOVERY_CHECKS, Discovered(AS, {"issuer": AS})) == [AS]
    found = document.get("issuer") if isinstance(document, dict) else None
    reason = "the document speaks for another issuer than the one that was asked"
    said = ("issuer-same", "server_error", reason, "issuer", AS, found)
    assert judged(DISCOVERY_CHECKS, Discovered(AS, document)) == said


def test_endpoint_that_the_metadata_do_not_have_is_named():
    provider = Provider(AS, Credentials("notes-app"), {"token_endpoint": f"{AS}/token", "jwks_uri": 7})
    assert provider.endpoint("token_endpoint") == f"{AS}/token"
    assert "token_endpoint" not in repr(provider)
    for name in ("jwks_uri", "userinfo_endpoint"):
        with pytest.raises(OAuthError, match=f"{AS} names no {name}") as caught:
            provider.endpoint(name)
        assert (caught.value.code, caught.value.status) == ("server_error", 502)


METADATA = {
    "issuer": AS,
    "authorization_endpoint": f"{AS}/authorize?tenant=1",
    "token_endpoint": f"{AS}/token",
    "jwks_uri": f"{AS}/jwks",
    "id_token_signing_alg_values_supported": ["RS256", 7, "ES256"],
    "code_challenge_methods_supported": ["plain", "S256"],
    "authorization_response_iss_parameter_supported": True,
    "service_documentation": "http://as.example/help",
}
ALGORITHMS, METHODS = "id_token_signing_alg_values_supported", "code_challenge_methods_supported"
PROMISE = "authorization_response_iss_parameter_supported"


def test_good_metadata():
    notes = judged(METADATA_CHECKS, MetadataDocument(AS, METADATA))
    assert notes == ["8 members", AS, "", "", "RS256, ES256", "", ""]


@pytest.mark.parametrize(
    ("change", "check", "words", "claim"),
    [
        ({"issuer": OTHER}, "issuer-same", "another issuer", "issuer"),
        ({"token_endpoint": ""}, "endpoints-there", "token_endpoint is missing", "token_endpoint"),
        ({"token_endpoint": 7}, "endpoints-there", "token_endpoint is missing", "token_endpoint"),
        (
            {"authorization_endpoint": None},
            "endpoints-there",
            "authorization_endpoint is missing",
            "authorization_endpoint",
        ),
        ({"jwks_uri": None}, "endpoints-there", "jwks_uri is missing", "jwks_uri"),
        ({"jwks_uri": "http://as.example/jwks"}, "endpoints-protected", "jwks_uri: ", "jwks_uri"),
        (
            {"userinfo_endpoint": "http://as.example/me"},
            "endpoints-protected",
            "userinfo_endpoint: http://as.example/me is not protected",
            "userinfo_endpoint",
        ),
        ({ALGORITHMS: []}, "algorithms-sound", "it does not say how ID tokens are signed", ALGORITHMS),
        ({ALGORITHMS: "RS256"}, "algorithms-sound", "it does not say how", ALGORITHMS),
        ({ALGORITHMS: ["RS256", "none"]}, "algorithms-sound", "without a signature", ALGORITHMS),
        ({METHODS: ["plain"]}, "pkce-offered", "it does not announce PKCE with S256", METHODS),
        ({PROMISE: "true"}, "issuer-named", "it does not promise to name itself", PROMISE),
        ({PROMISE: False}, "issuer-named", "it does not promise to name itself", PROMISE),
    ],
)
def test_bad_metadata(change, check, words, claim):
    report = METADATA_CHECKS.run(MetadataDocument(AS, METADATA | change), keep_going=True)
    also = {"endpoints-protected"} if check == "endpoints-there" else set()  # no address is no protected one
    assert {finding.id for finding in report.failures} == {check} | also
    failed = report.first_failure
    assert words in failed.reason
    assert failed.claim == claim
    assert failed.error.code == "server_error"
    shown = check in ("issuer-same", "endpoints-protected", "pkce-offered") or change == {
        ALGORITHMS: ["RS256", "none"]
    }
    assert failed.found == (change[claim] if shown else None)
    assert failed.expected == {"issuer-same": AS, "pkce-offered": "S256"}.get(check)


@pytest.mark.parametrize("content", [None, [], "text", 7])
def test_metadata_that_are_no_object_are_refused_by_every_check_that_reads_them(content):
    report = METADATA_CHECKS.run(MetadataDocument(AS, content), keep_going=True)
    assert report.first_failure.reason == "the document is no JSON object"
    assert {finding.id for finding in report if finding.passed} == {"endpoints-protected"}


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (f"  {AS}/ ", AS),
        (f"{AS}/.well-known/openid-configuration", AS),
        (f"{AS}/tenant/", f"{AS}/tenant"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://localhost:5000/", "http://localhost:5000"),
    ],
)
def test_address_of_an_issuer(written, address):
    assert check_address(written) == address


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("as.example", "is no issuer"),
        ("ftp://as.example", "is no issuer"),
        ("https://", "is no issuer"),
        (f"{AS}?a=b", "is no issuer"),
        (f"{AS}#top", "is no issuer"),
        ("https://alice@as.example", "is no issuer"),
        ("http://as.example", "not protected by TLS"),
    ],
)
def test_what_is_no_address_of_an_issuer(written, words):
    with pytest.raises(UsageError, match=words):
        check_address(written)
    long = f"{written}/{'x' * 200}"
    with pytest.raises(UsageError) as caught:
        check_address(long)
    assert long[:80] in str(caught.value)
    assert long[:81] not in str(caught.value)
