"""How a client shows who it is, by what right it asks, and what it exchanges: each verdict to the letter."""

from __future__ import annotations

import base64

import pytest
from desk import Desk
from driving import API, AS, Place

import jwtlab
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.client_authentication import POLICIES as AUTHENTICATION
from jwtlab.oauth.authorization_server.client_authentication import ClientAuthentication
from jwtlab.oauth.authorization_server.token.grants.jwt_bearer import ASSERTION_CHECKS
from jwtlab.oauth.authorization_server.token.grants.token_exchange import CHECKS, TokenExchangeRequest
from jwtlab.oauth.authorization_server.token.request import TokenRequest
from jwtlab.oauth.authorization_server.tokens import access_token
from jwtlab.oauth.protocol import ACCESS_TOKEN_TYPE, ASSERTION_TYPE, Parameters

SECRET = "notes-app-secret-for-lessons"
ARCHIVE = "https://archive.example"


def said(report):
    if report.accepted:
        return {finding.id: finding.reason for finding in report if finding.reason}
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found


def basic(name, secret=""):
    return f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"


def assertion(place, key="client", **changed):
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": AS, "iat": now, "exp": now + 60, "jti": "one"}
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwtlab.issue(claims, place.lab.key("ES256", key), alg="ES256")


def shows(place, authorization=None, **form):
    case = ClientAuthentication(place.server, Parameters(form.items()), authorization)
    return said(AUTHENTICATION["client authentication"].run(case))


def test_ways_in_which_a_client_shows_who_it_is(place):
    by_secret = {
        "client-one-method": "client_secret_basic",
        "client-found": "notes-app",
        "client-method": "client_secret_basic",
        "client-secret": "right",
        "client-assertion": "there is no assertion",
    }
    assert shows(place, basic("notes-app", SECRET)) == by_secret
    assert shows(place, basic("notes-app", SECRET), client_id="notes-app") == by_secret
    public = {
        "client-one-method": "none",
        "client-found": "phone-app",
        "client-method": "none",
        "client-secret": "there is no secret",
        "client-assertion": "there is no assertion",
    }
    assert shows(place, client_id="phone-app") == public
    assert shows(place, basic("phone-app")) == public
    signed = {"client_assertion": assertion(place), "client_assertion_type": ASSERTION_TYPE}
    assert shows(place, **signed) == {
        "client-one-method": "private_key_jwt",
        "client-found": "crm-sync",
        "client-method": "private_key_jwt",
        "client-secret": "there is no secret",
        "client-assertion": "signed by the client's key",
    }


BASIC, WRONG = "client_secret_basic", "wrong client name or secret"
AUTHENTICATES = "this client authenticates with {}, not with {}"


@pytest.mark.parametrize(
    ("authorization", "form", "found"),
    [
        (None, {}, ("client-found", "invalid_client", "no such client", "client_id", None, None)),
        (
            basic("nobody", "x"),
            {},
            ("client-found", "invalid_client", "no such client", "client_id", None, None),
        ),
        (
            basic("notes-app", SECRET),
            {"client_id": "game"},
            (
                "client-found",
                "invalid_client",
                "client_id names another client than the credentials",
                "client_id",
                None,
                None,
            ),
        ),
        (basic("notes-app", "x"), {}, ("client-secret", "invalid_client", WRONG, None, None, None)),
        (basic("notes-app"), {}, ("client-secret", "invalid_client", WRONG, None, None, None)),
        (
            None,
            {"client_id": "notes-app"},
            (
                "client-method",
                "invalid_client",
                AUTHENTICATES.format(BASIC, "none"),
                None,
                BASIC,
                ("none",),
            ),
        ),
        (
            basic("phone-app", "x"),
            {},
            ("client-method", "invalid_client", AUTHENTICATES.format("none", BASIC), None, "none", (BASIC,)),
        ),
        (
            basic("notes-app", SECRET),
            {"client_secret": SECRET},
            (
                "client-one-method",
                "invalid_request",
                "one way to authenticate is enough; this request uses client_secret_basic, client_secret_post",
                None,
                None,
                None,
            ),
        ),
        (
            f"{basic('notes-app', SECRET)}, {basic('notes-app', SECRET)}",
            {},
            (
                "client-one-method",
                "invalid_request",
                "one way to authenticate is enough; this request uses client_secret_basic, client_secret_basic",
                None,
                None,
                None,
            ),
        ),
        (
            None,
            {"client_assertion": "x"},
            ("client-found", "invalid_client", "no such client", "client_id", None, None),
        ),
    ],
)
def test_client_that_does_not_show_who_it_is(place, authorization, form, found):
    assert shows(place, authorization, **form) == found


def test_assertion_of_a_client(place):
    good = {"client_assertion": assertion(place), "client_assertion_type": ASSERTION_TYPE}
    kind = ("client_assertion_type is missing or unknown", "client_assertion_type")
    for wrong in ("x", ""):
        found = shows(place, **good | {"client_assertion_type": wrong})
        assert found[:4] == ("client-assertion", "invalid_client", *kind)
    forged = shows(place, **good | {"client_assertion": assertion(place, "mallory")})
    assert forged[:2] == ("client-assertion", "invalid_client")
    assert forged[2].startswith("client_assertion: ")
    assert forged[3] == "client_assertion"


def bearer(name="crm-sync", **form):
    desk = Desk()
    given = {"grant_type": protocol.JWT_BEARER} | form
    client = desk.server.clients.get(name)
    return desk.judge(ASSERTION_CHECKS, TokenRequest, given, client=client)


def test_assertion_as_a_grant(place):
    desk_place = Place()
    good = assertion(desk_place, sub="alice")
    assert bearer(assertion=good) == {"assertion-good": "signed by crm-sync", "assertion-approved": "alice"}
    grant = ("assertion-good", "invalid_grant")
    assert bearer() == (
        "assertion-good",
        "invalid_request",
        "the assertion is missing",
        "assertion",
        None,
        None,
    )
    nobody = "iss names no client with a registered key"
    for issuer in ("nobody", "notes-app", 7, None):
        found = bearer(assertion=assertion(desk_place, sub="alice", iss=issuer))
        assert found[:4] == (*grant, nobody, "assertion")
    other = bearer("notes-app", assertion=good)
    assert other[:4] == (*grant, "the assertion was signed by another client", "assertion")
    old = bearer(assertion=assertion(desk_place, sub="alice", exp=1))
    assert old[:2] == grant
    assert old[2].startswith("assertion: exp is ")
    said_no = "an administrator has not approved this client for this user"
    found = bearer(assertion=assertion(desk_place, sub="bob"))
    assert found == ("assertion-approved", "invalid_grant", said_no, "assertion", ("alice",), "bob")


class Exchange:
    """A server that has given tokens, and a service that brings them."""

    def __init__(self) -> None:
        self.server = Place().server
        self.notes, self.api = (self.server.clients[name] for name in ("notes-app", "notes-api"))

    def token(self, sub="alice", audience=(API,), jkt=None, scope=("notes:read", "notes:write"), **more):
        return access_token(self.server, self.notes, sub, list(scope), list(audience), jkt=jkt, more=more)[0]

    def judge(self, token, client=None, jkt=None, **form):
        given = {"subject_token": token, "subject_token_type": ACCESS_TOKEN_TYPE, "audience": ARCHIVE} | form
        pairs = Parameters([(name, value) for name, value in given.items() if value is not None])
        case = TokenExchangeRequest(self.server, pairs, {}, client or self.api, jkt)
        return said(CHECKS.run(case))


def test_exchange_that_is_granted():
    at = Exchange()
    notes = {
        "exchange-subject": "sub is alice",
        "exchange-actor": "the client acts itself",
        "exchange-audience": ARCHIVE,
    }
    assert at.judge(at.token()) == notes
    assert at.judge(at.token(), scope="notes:read") == notes
    assert at.judge(at.token(jkt="k"), jkt="k") == notes
    assert at.judge(at.token(may_act={"sub": "notes-api"})) == notes
    assert at.judge(at.token(), requested_token_type=ACCESS_TOKEN_TYPE) == notes
    actor = {"actor_token": at.token("bob"), "actor_token_type": ACCESS_TOKEN_TYPE}
    assert at.judge(at.token(), **actor)["exchange-actor"] == "the actor is bob"
    assert at.judge(at.token(may_act={"sub": "bob"}), **actor)["exchange-subject"] == "sub is alice"


def test_exchange_that_is_refused():
    at = Exchange()
    good, request = at.token(), "invalid_request"
    for name in ("subject_token", "subject_token_type"):
        missing = ("exchange-types", request, f"the {name} is missing", name, None, None)
        assert at.judge(good, **{name: None}) == missing
    for name in ("subject_token_type", "actor_token_type", "requested_token_type"):
        other = f"{name}: access tokens are exchanged here, nothing else"
        found = at.judge(good, **{name: "x"})
        assert found == ("exchange-types", request, other, name, ACCESS_TOKEN_TYPE, "x")
    together = "actor_token and actor_token_type come together"
    for half in ({"actor_token": good}, {"actor_token_type": ACCESS_TOKEN_TYPE}):
        assert at.judge(good, **half) == ("exchange-types", request, together, "actor_token", None, None)
    bad = {"actor_token": "x.y.z", "actor_token_type": ACCESS_TOKEN_TYPE}
    for found, name in ((at.judge("x.y.z"), "subject_token"), (at.judge(good, **bad), "actor_token")):
        assert (found[1], found[3]) == (request, name)
        assert found[2].startswith(f"{name}: ")
    right = "the subject_token was neither given to this client nor meant for it"
    held = ("exchange-holder", request, right, "subject_token", "notes-app", "notes-api")
    assert at.judge(at.token(audience=[ARCHIVE])) == held
    key = "the {} is bound to a key: it needs a proof in the header DPoP"
    bound = ("exchange-bound", request)
    assert at.judge(at.token(jkt="k"))[:4] == (*bound, key.format("subject_token"), "DPoP")
    assert at.judge(at.token(jkt="k"), jkt="j")[2] == "the subject_token is bound to another key"
    actor = {"actor_token": at.token("bob", jkt="k"), "actor_token_type": ACCESS_TOKEN_TYPE}
    assert at.judge(good, **actor)[:3] == (*bound, key.format("actor_token"))
    for may_act, allowed in (({"sub": "bob"}, "bob"), ("notes-api", "notes-api"), ({}, None)):
        found = at.judge(at.token(may_act=may_act))
        named = ("exchange-may-act", request, "may_act names somebody else", "subject_token")
        assert found == (*named, allowed, "notes-api")
    place = (
        "exchange-audience",
        "invalid_target",
        "this client may not ask for a token for that place",
        "audience",
    )
    assert at.judge(good, audience=API) == (*place, at.api.exchanges_for, API)
    assert at.judge(good, audience=None) == (*place, at.api.exchanges_for, None)
    scope = ("exchange-scope", "invalid_scope")
    wider = at.judge(good, scope="x" * 50)
    assert wider[:4] == (*scope, f"the subject_token does not hold '{'x' * 40}'", "scope")
    assert wider[4:] == (["notes:read", "notes:write"], ("x" * 50,))
    assert at.judge(good, scope=" ")[:3] == (*scope, "the scope is empty")
