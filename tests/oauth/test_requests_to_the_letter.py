"""What is asked of an authorization request: each verdict with its code, its reason and its evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from driving import CALLBACK, Place

from jwtlab.oauth.authorization_server.authorization.checks import REQUEST_CHECKS
from jwtlab.oauth.authorization_server.authorization.request import CLIENT_CHECKS, AuthorizationRequest
from jwtlab.oauth.protocol import RESPONSE_MODES, Parameters

PLACE = Place()
CLIENT = PLACE.server.clients["notes-app"]
EVERYTHING = replace(
    CLIENT, response_types=("code", "id_token code", "token", "code token"), redirect_uris=(CALLBACK,)
)
GOOD = PLACE.request()
ALL_TYPES = tuple(each.id for each in PLACE.server.response_types)


def asked(pushed=False, client=EVERYTHING, legacy=False, extra=(), **changed):
    """A request in front of a server that knows one application."""
    server = Place(legacy=legacy).server
    server.clients[client.client_id] = client
    pairs = [(name, value) for name, value in (GOOD | changed).items() if value is not None]
    return AuthorizationRequest(server, Parameters([*pairs, *extra]), pushed)


def judged(case, policy=REQUEST_CHECKS):
    report = policy.run(case)
    if report.accepted:
        return {finding.id: finding.reason for finding in report if finding.reason}
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found


def test_notes_of_a_good_request():
    assert judged(asked(scope="openid profile", response_type="code")) == {
        "request-pushed": "it need not be",
        "response-type-known": "code",
        "response-mode-safe": "query",
        "scope-allowed": "openid profile",
        "nonce-present": "nonce is there",
        "code-challenge-s256": "S256",
    }
    notes = judged(asked(True, nonce=None, prompt="login consent", max_age="0"))
    assert notes["request-pushed"] == "it came from the application directly (back channel)"
    assert notes["nonce-present"] == "not needed here"
    notes = judged(asked(response_type="token", code_challenge=None, code_challenge_method=None, legacy=True))
    assert notes["code-challenge-s256"] == "there is none"
    assert notes["response-mode-safe"] == "fragment"


@pytest.mark.parametrize(
    "changed",
    [
        {"response_type": "id_token code"},
        {"response_type": "code id_token"},
        {"prompt": "none"},
        {"prompt": "login consent select_account"},
        {"max_age": "99999999999"},
        {"response_mode": "fragment"},
        {"response_mode": "form_post"},
        {"scope": None},
        {"scope": "openid offline_access"},
        {"resource": "https://api.example"},
    ],
    ids=str,
)
def test_request_that_is_taken(changed):
    assert isinstance(judged(asked(**changed)), dict)


PKCE = "the code_challenge is missing: this server insists on PKCE"
PLAIN = "the code_challenge_method must be S256: plain shows the secret to whoever reads the request"
QUERY = "tokens do not go into the query, which servers write down"
PROMPT = "prompt is none alone, or out of login, consent, select_account"
INVALID, UNSUPPORTED, SCOPE = "invalid_request", "unsupported_response_type", "invalid_scope"
BAD = [
    ({"request": "a.b.c"}, "request-plain", "request_not_supported", "request"),
    ({"request_uri": "https://a.example"}, "request-plain", "request_uri_not_supported", "request_uri"),
    ({"registration": "{}"}, "request-plain", "registration_not_supported", "registration"),
]


@pytest.mark.parametrize(("changed", "check", "code", "name"), BAD)
def test_request_by_reference(changed, check, code, name):
    said = f"this server does not take the parameter {name}"
    assert judged(asked(**changed)) == (check, code, said, name, None, None)


@pytest.mark.parametrize(
    ("changed", "check", "code", "reason", "claim"),
    [
        ({"response_type": None}, "response-type-known", INVALID, "the response_type is missing", 0),
        ({"response_type": "x"}, "response-type-known", UNSUPPORTED, "no such response_type", 0),
        (
            {"response_type": "token"},
            "response-type-current",
            UNSUPPORTED,
            "this response_type is retired (implicit grant); use response_type=code",
            0,
        ),
        ({"response_mode": "x"}, "response-mode-safe", INVALID, "no such response_mode", 0),
        (
            {"response_type": "code id_token", "response_mode": "query"},
            "response-mode-safe",
            INVALID,
            QUERY,
            1,
        ),
        ({"scope": "openid x"}, "scope-allowed", SCOPE, "the application may not ask for 'x'", 0),
        ({"scope": " "}, "scope-allowed", SCOPE, "the scope is empty", 0),
        (
            {"scope": "profile", "response_type": "code id_token"},
            "openid-asked",
            SCOPE,
            "an ID token needs the scope openid",
            0,
        ),
        (
            {"nonce": None, "response_type": "code id_token"},
            "nonce-present",
            INVALID,
            "an ID token that passes through the browser needs a nonce",
            0,
        ),
        ({"code_challenge": None}, "code-challenge-present", INVALID, PKCE, 0),
        ({"code_challenge_method": "plain"}, "code-challenge-s256", INVALID, PLAIN, 0),
        ({"code_challenge_method": None}, "code-challenge-s256", INVALID, PLAIN, 0),
        (
            {"code_challenge": "x" * 42},
            "code-challenge-s256",
            INVALID,
            "an S256 code_challenge has 43 characters",
            0,
        ),
        (
            {"code_challenge": "x" * 44},
            "code-challenge-s256",
            INVALID,
            "an S256 code_challenge has 43 characters",
            0,
        ),
        ({"prompt": "none login"}, "prompt-clear", INVALID, PROMPT, 0),
        ({"prompt": "login x"}, "prompt-clear", INVALID, PROMPT, 0),
        *(
            ({"max_age": age}, "max-age-number", INVALID, "max_age is a number of seconds", 0)
            for age in ("soon", "-1", "1.5", "١", "1" * 12)
        ),
        (
            {"resource": "https://a.example"},
            "resource-known",
            "invalid_target",
            "no such API is known here",
            0,
        ),
    ],
)
def test_bad_request(changed, check, code, reason, claim):
    parameter = list(changed)[claim]
    found = judged(asked(**changed))
    assert found[:4] == (check, code, reason, parameter)
    expected = {
        "no such response_type": (ALL_TYPES, changed.get("response_type")),
        "no such response_mode": (RESPONSE_MODES, None),
        PLAIN: ("S256", changed.get("code_challenge_method") or "plain"),
        "no such API is known here": (None, changed.get("resource")),
    }
    scope = (EVERYTHING.scopes, tuple((changed.get("scope") or "").split()))
    assert found[4:] == expected.get(reason, scope if check == "scope-allowed" else (None, None))


def test_application_that_has_agreed_to_push_has_to():
    client = replace(EVERYTHING, require_pushed_authorization_requests=True)
    said = "this application has agreed to push its requests (PAR) first"
    assert judged(asked(client=client)) == ("request-pushed", INVALID, said, "request_uri", None, None)
    assert isinstance(judged(asked(True, client)), dict)


def test_application_gets_what_it_is_registered_for():
    said = "the application is not registered for this response_type"
    case = asked(client=replace(CLIENT, response_types=("code",)), response_type="token", legacy=True)
    found = ("response-type-allowed", "unauthorized_client", said, "response_type", None, None)
    assert judged(case) == found
    assert isinstance(judged(asked(response_type="token", legacy=True)), dict)
    nobody = asked(client_id="nobody")
    ids = {finding.id for finding in REQUEST_CHECKS.run(nobody, keep_going=True).failures}
    assert ids == {"response-type-allowed", "scope-allowed"}


def test_application_with_bound_tokens_gets_none_through_the_browser():
    client = replace(EVERYTHING, dpop_bound_access_tokens=True)
    check, code, reason, *evidence = judged(asked(client=client, response_type="token", legacy=True))
    assert (check, code) == ("response-type-bindable", "unauthorized_client")
    assert reason.startswith(
        "this application takes bound tokens only (DPoP), and a token that comes through"
    )
    assert evidence == ["response_type", None, None]
    assert isinstance(judged(asked(client=client)), dict)


TWO = replace(EVERYTHING, redirect_uris=(CALLBACK, "https://app.example/other"))


@pytest.mark.parametrize(
    ("more", "notes"),
    [
        ({}, [CLIENT.name, CALLBACK]),
        ({"redirect_uri": None}, [CLIENT.name, CALLBACK]),
        (
            {"client": TWO, "redirect_uri": "https://app.example/other"},
            [CLIENT.name, "https://app.example/other"],
        ),
    ],
)
def test_answer_goes_to_a_registered_address(more, notes):
    assert list(judged(asked(**more), CLIENT_CHECKS).values()) == notes


OTHER = "https://mallory.example"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"client_id": "nobody"},
            ("client-known", "no application is registered under this client_id", "client_id", None, None),
        ),
        (
            {"extra": [("client_id", "game")]},
            ("client-known", "the client_id occurs more than once", "client_id", None, None),
        ),
        (
            {"extra": [("redirect_uri", OTHER)]},
            ("redirect-uri-registered", "the redirect_uri occurs more than once", "redirect_uri", None, None),
        ),
        (
            {"client": TWO, "redirect_uri": None},
            (
                "redirect-uri-registered",
                "the redirect_uri is missing, and several are registered",
                "redirect_uri",
                None,
                None,
            ),
        ),
        (
            {"redirect_uri": OTHER},
            (
                "redirect-uri-registered",
                "this redirect_uri is not registered for the application, character by character; nobody is sent there",
                "redirect_uri",
                (CALLBACK,),
                OTHER,
            ),
        ),
    ],
)
def test_answer_goes_nowhere_else(more, said):
    check, *rest = said
    assert judged(asked(**more), CLIENT_CHECKS) == (check, INVALID, *rest)


@pytest.mark.parametrize(
    ("changed", "mode"),
    [
        ({}, "query"),
        ({"response_type": "code id_token"}, "fragment"),
        ({"response_mode": "fragment"}, "fragment"),
        ({"response_mode": "form_post"}, "form_post"),
        ({"response_mode": "x"}, "query"),
        ({"response_type": "code id_token", "response_mode": "query"}, "fragment"),
        ({"extra": [("response_mode", "fragment"), ("response_mode", "fragment")]}, "query"),
    ],
    ids=str,
)
def test_error_travels_as_the_answer_would_have(changed, mode):
    assert asked(**changed).error_mode == mode


def test_scope_that_is_not_asked_for_is_what_is_registered_without_a_login_and_a_stay():
    registered = [each for each in CLIENT.scopes if each not in ("openid", "offline_access")]
    assert list(asked(scope=None).scope) == registered
    assert asked(scope="openid offline_access").scope == ("openid", "offline_access")
    assert asked(scope="openid offline_access", response_type="token").scope == ("openid",)
    assert asked(scope=None, client_id="nobody").scope == ()
