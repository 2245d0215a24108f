"""Our server in the hands of openid-client and oauth4webapi, both certified; nobody here wrote them.

Each test runs a scenario of ``scenarios.mjs`` in Node. Where a refusal is expected, ``from`` says who refused:
our server, or the peer itself because it did not like what it was given.
"""

from __future__ import annotations

import re

import pytest

EVERYTHING = "openid profile email offline_access notes:read notes:write"


def server_says(error, status=400, **more):
    return {"from": "server", "status": status, "error": error, **more}


def challenged(error, status=401, scheme="bearer"):
    """A refusal with ``WWW-Authenticate`` that names the error (RFC 6750 §3)."""
    return server_says(error, status, scheme=scheme, challenge=error)


WRONG_CLIENT = server_says("invalid_client", 401, scheme="basic")


def redirected(error):
    """A refusal that the browser brought back."""
    return {"from": "server", "error": error}


def peer_says(error):
    return {"from": "peer", "error": error}


def test_discovery(scenario, served):
    found = scenario(served, "discovery")
    assert found["oidc"] == found["oauth2"]
    metadata = found["oidc"]
    assert metadata["issuer"] == served["issuer"]
    for name in ("scopes_supported", "claims_supported", "grant_types_supported"):
        assert len(metadata[name]) == len(set(metadata[name])), name
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert found["wrong"] == peer_says("OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED")


@pytest.mark.parametrize("id", ["spa", "web", "web-post", "worker-jwt"])
def test_code_with_pkce(scenario, served, id):
    found = scenario(served, "code", id=id)
    assert found["titles"][0] == "Log in"
    assert found["silent"] == []
    claims = found["claims"]
    assert (claims["iss"], claims["sub"], claims["aud"]) == (served["issuer"], "alice", id)
    assert claims["nonce"] == found["nonce"]
    assert {"at_hash", "auth_time", "sid"} <= set(claims)
    assert found["iss"] == served["issuer"]
    assert found["scope"] == EVERYTHING
    assert found["refreshable"]
    assert 600 < found["expires_in"] <= 900
    assert found["userinfo"] == {
        "sub": "alice",
        "name": "Alice",
        "preferred_username": "alice",
        "email": "alice@mail.example",
        "email_verified": True,
    }
    assert found["wrong_subject"] == peer_says("OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED")
    assert (found["me"]["sub"], found["me"]["client_id"]) == ("alice", id)
    assert (found["notes"]["status"], found["notes"]["owner"]) == (200, "alice")
    assert (found["written"]["status"], found["written"]["saved"]) == (201, f"from {id}")


def test_nothing_gets_round_the_code(scenario, served):
    found = scenario(served, "codeRefused")
    assert found["login_required"] == redirected("login_required")
    assert found["denied"] == redirected("access_denied")
    assert found["without_pkce"] == redirected("invalid_request")
    assert found["plain"] == redirected("invalid_request")
    assert found["scope"] == redirected("invalid_scope")
    assert found["request_object"] == redirected("request_not_supported")
    assert found["verifier"] == server_says("invalid_grant")
    assert found["stolen"] == server_says("invalid_grant")
    assert found["secret"] == WRONG_CLIENT
    assert found["without_token"] == challenged("invalid_token")
    assert found["state"] == peer_says("OAUTH_INVALID_RESPONSE")
    assert found["nonce"] == peer_says("OAUTH_JWT_CLAIM_COMPARISON_FAILED")
    for name in ("redirect_uri", "client_id"):  # nobody is sent anywhere
        assert (found[name]["status"], found[name]["titles"]) == (400, ["This did not work"])
        assert "registered" in found[name]["said"]


def test_a_replayed_code_kills_its_tokens(scenario, served):
    found = scenario(served, "codeReplay")
    assert found["before"]["sub"] == "alice"
    assert found["replay"] == server_says("invalid_grant")
    assert found["userinfo"] == challenged("invalid_token")
    assert found["refresh"] == server_says("invalid_grant")


def test_pushed_authorization_requests(scenario, served):
    found = scenario(served, "par")
    for id in ("spa", "web", "web-post", "worker-jwt"):
        assert found[id] == {"shown": ["client_id", "request_uri"], "sub": "alice"}
    for name, reason in (("again", "has been used"), ("foreign", "Another client")):
        assert found[name]["status"] == 400
        assert reason in found[name]["said"]
    assert found["secret"] == WRONG_CLIENT
    assert found["redirect_uri"] == server_says("invalid_request")
    assert found["without_pkce"] == server_says("invalid_request")
    assert found["nested"]["status"] == 400


def test_hybrid(scenario, served):
    found = scenario(served, "hybrid")
    assert (found["fragment"]["method"], found["form_post"]["method"]) == ("GET", "POST")
    for mode in ("fragment", "form_post"):
        assert (found[mode]["claims"]["sub"], found[mode]["claims"]["aud"]) == ("alice", "web")
    assert found["other_code"] == peer_says("OAUTH_JWT_CLAIM_COMPARISON_FAILED")
    assert found["query"] == "invalid_request"
    everything = found["all"]
    assert everything["at_hash"]
    assert everything["same_person"]
    assert (everything["front"]["status"], everything["back"]["status"]) == (200, 200)


@pytest.mark.parametrize("kind", ["served", "legacy_served"])
def test_implicit_id_token(scenario, request, kind):
    found = scenario(request.getfixturevalue(kind), "implicitIdToken")
    for mode in ("fragment", "form_post"):
        # There is no access token to ask userinfo with: the claims travel in the ID token.
        assert (found[mode]["sub"], found[mode]["name"]) == ("bob", "Bob")
        assert "at_hash" not in found[mode]
        assert found[f"{mode}_nonce"] == peer_says("OAUTH_JWT_CLAIM_COMPARISON_FAILED")
    assert found["without_nonce"] == "invalid_request"


def test_retired_grants_are_refused(scenario, served):
    found = scenario(served, "implicitToken")
    for response_type in ("token", "id_token token"):
        assert found[response_type]["error"] == "unsupported_response_type"
        assert response_type not in found["announced"]
    assert found["password"] == server_says("unsupported_grant_type")


def test_retired_grants_work_where_they_are_allowed(scenario, legacy_served):
    found = scenario(legacy_served, "implicitToken")
    for response_type in ("token", "id_token token"):
        got = found[response_type]
        assert response_type in found["announced"]
        assert ("id_token" in got["names"]) == ("id_token" in response_type)
        assert "refresh_token" not in got["names"]  # RFC 6749 §4.2.2
        assert (got["notes"]["status"], got["userinfo"]["sub"]) == (200, "alice")
    assert found["password"] is None


@pytest.mark.parametrize("id", ["spa", "web"])
def test_refresh_and_reuse(scenario, served, id):
    found = scenario(served, "refresh", id=id)
    assert found["rotated"] == 4
    assert found["same_login"]
    assert (found["sub"], found["narrow"], found["again"]) == ("alice", "openid notes:read", EVERYTHING)
    assert found["notes"]["status"] == 200
    assert found["wider"] == server_says("invalid_scope")
    assert found["stolen"] == server_says("invalid_grant")
    assert found["unknown"] == server_says("invalid_grant")
    # An old one comes back: the newest is dead too, and so is its access token.
    assert found["replay"] == server_says("invalid_grant")
    assert found["newest"] == server_says("invalid_grant")
    assert found["userinfo"] == challenged("invalid_token")


def test_client_credentials(scenario, served):
    found = scenario(served, "clientCredentials")
    tokens = found["tokens"]
    assert (tokens["token_type"], tokens["scope"], tokens["expires_in"]) == ("bearer", "notes:read", 900)
    assert not {"refresh_token", "id_token"} & set(tokens)  # RFC 6749 §4.4.3
    assert (found["notes"]["status"], found["notes"]["owner"]) == (200, "worker")
    assert found["write"] == challenged("insufficient_scope", 403)
    assert found["scope"] == server_says("invalid_scope")
    assert found["resource"] == server_says("invalid_target")
    assert found["secret"] == WRONG_CLIENT
    assert found["method"] == WRONG_CLIENT
    assert found["public"] == server_says("unauthorized_client")
    assert found["grant"] == server_says("unsupported_grant_type")


def test_private_key_jwt(scenario, served):
    found = scenario(served, "privateKeyJwt")
    assert found["scope"] == "notes:read"
    assert found["me"]["sub"] == "worker-jwt"
    assert (found["sub"], found["refreshed"]) == ("alice", EVERYTHING)
    assert found["replayed"] == [None, WRONG_CLIENT]
    for name in ("other_key", "audience", "expired", "unnamed", "secret", "none"):
        assert found[name] == WRONG_CLIENT, name


def test_jwt_bearer(scenario, served):
    found = scenario(served, "jwtBearer")
    assert (found["notes"]["status"], found["notes"]["owner"]) == (200, "bob")
    assert not found["refreshable"]
    for name in ("again", "stranger", "other_key"):
        assert found[name] == server_says("invalid_grant"), name


@pytest.mark.long  # it waits between its questions, as the server asks it to
def test_device(scenario, served):
    found = scenario(served, "device")
    assert found["titles"] == ["Log in", "Connect Television?", "Connected"]
    assert found["interval"] == 5
    assert re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", found["user_code"])
    assert (found["claims"]["sub"], found["claims"]["aud"]) == ("bob", "tv")
    assert (found["notes"]["owner"], found["refreshed"]) == ("bob", "openid profile notes:read")
    assert found["pending"] == server_says("authorization_pending")
    assert found["hasty"] == server_says("slow_down")
    assert found["denied"] == server_says("access_denied")
    assert found["used"] == server_says("invalid_grant")
    assert found["unknown"] == server_says("invalid_grant")
    assert found["not_registered"] == server_says("unauthorized_client")


def test_token_exchange(scenario, served):
    found = scenario(served, "tokenExchange")
    assert found["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert found["scope"] == "profile"
    me = found["me"]
    assert (me["status"], me["sub"], me["client_id"], me["act"]) == (200, "alice", "api", {"sub": "api"})
    assert found["notes"] == challenged("insufficient_scope", 403)
    assert found["wider"] == server_says("invalid_scope")
    assert found["audience"] == server_says("invalid_target")
    assert found["type"] == server_says("invalid_request")
    assert found["forged"] == server_says("invalid_request")
    assert found["not_registered"] == server_says("unauthorized_client")


@pytest.mark.parametrize("alg", ["ES256", "Ed25519", "RS256"])
def test_dpop(scenario, served, alg):
    found = scenario(served, "dpop", alg=alg)
    assert (found["token_type"], found["refreshed"]) == ("dpop", "dpop")
    assert set(found["claims"]["cnf"]) == {"jkt"}
    assert (found["notes"]["status"], found["userinfo"]["sub"]) == (200, "alice")
    assert found["downgraded"] == challenged("invalid_token")
    assert found["downgraded_userinfo"] == challenged("invalid_token")
    assert found["upgraded"]["error"] == "invalid_token"
    assert found["other_key"] == challenged("invalid_token", scheme="dpop")
    assert (found["replayed"]["status"], found["replayed"]["error"]) == (401, "invalid_dpop_proof")
    assert found["refresh_other_key"] == server_says("invalid_dpop_proof")
    assert found["refresh_without"] == server_says("invalid_dpop_proof")


@pytest.mark.parametrize("way", ["dpop_jkt", "pushed"])
def test_dpop_binds_the_code(scenario, served, way):
    found = scenario(served, "dpopBoundCode", way=way)
    assert found["same_key"] == "dpop"
    for name in ("other_key", "no_key", "contradiction"):
        assert found[name] == server_says("invalid_dpop_proof"), name


def test_introspection_and_revocation(scenario, served):
    found = scenario(served, "introspectionAndRevocation")
    access = found["access"]
    assert access["active"] is True
    assert (access["sub"], access["client_id"], access["scope"]) == ("alice", "spa", EVERYTHING)
    assert served["api"] in access["aud"]
    # Whom a token does not concern learns nothing about it (RFC 7662 §2.2).
    for name in ("refresh", "stranger", "nonsense", "access_revoked", "with_it"):
        assert found[name] == {"active": False}, name
    assert found["public"] == WRONG_CLIENT
    assert found["secret"] == WRONG_CLIENT
    assert found["revoked_by_stranger"] == server_says("unauthorized_client")
    assert found["userinfo"] == challenged("invalid_token")
    assert found["refresh_revoked"] == server_says("invalid_grant")
    assert (found["own_refresh"]["active"], found["own_refresh"]["client_id"]) == (True, "web")


def test_log_out(scenario, served):
    found = scenario(served, "logOut")
    assert (found["back"], found["titles"]) == ("http://127.0.0.1/callback?state=bye", [])
    assert found["wrong"] == [400, ["This did not work"]]
    assert found["silent"] == redirected("login_required")
    assert found["next"] == ["Log in"]
    # What was granted for the session ends with it; offline_access outlives it (OpenID Connect Core §11).
    assert found["refresh"] == server_says("invalid_grant")
    assert found["offline"] == EVERYTHING
    assert found["without_hint"] == [["Log out?"], "http://127.0.0.1/callback?state=x"]


def test_another_api_judges_our_access_tokens(scenario, served):
    """oauth4webapi's validateJwtAccessToken, RFC 9068 §4 and RFC 9449 §7."""
    found = scenario(served, "accessTokenElsewhere")
    assert (found["bearer"]["sub"], found["dpop"]["sub"]) == ("alice", "alice")
    assert (found["worker"]["sub"], found["worker"]["aud"]) == ("worker", served["api"])
    assert found["at_userinfo"] == "alice"
    for name in ("audience", "worker_at_userinfo"):
        assert found[name] == peer_says("OAUTH_JWT_CLAIM_COMPARISON_FAILED"), name
    for name in ("id_token", "dpop_wanted", "downgraded", "tampered"):
        assert found[name]["from"] == "peer", name
