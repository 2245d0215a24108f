"""Grants by assertion, by password and by exchange."""

import pytest
from driving import API, AS, Place, error

import jwtlab
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import tokens


def assertion(place, **changed):
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": AS, "iat": now, "exp": now + 60, "jti": "one"}
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sub": "alice"}, None),
        ({"sub": "bob"}, "invalid_grant"),
        ({"sub": "alice", "iss": "notes-app"}, "invalid_grant"),
        ({"sub": "alice", "iss": "nobody"}, "invalid_client"),
        ({"sub": "alice", "aud": "https://other.example"}, "invalid_grant"),
        ({"sub": "alice", "exp": 1}, "invalid_grant"),
        ({"sub": None}, "invalid_grant"),
    ],
)
def test_jwt_bearer_asks_everything_of_the_assertion(place, changed, code):
    form = {
        "grant_type": protocol.JWT_BEARER,
        "assertion": assertion(place, **changed),
        "scope": "notes:read",
    }
    answer = place.http.post(f"{AS}/token", data=form)
    if code is None:
        assert jwtlab.decode(answer.json()["access_token"]).claims["sub"] == "alice"
    else:
        assert error(answer) in (code, "unauthorized_client")


def test_password_grant_is_answered_by_a_legacy_server_only():
    form = {"grant_type": "password", "username": "alice", "password": "wonderland"}
    assert error(Place().post("/token", **form)) == "unsupported_grant_type"
    old = Place(legacy=True)
    assert "access_token" in old.post("/token", **form).json()
    assert error(old.post("/token", **(form | {"password": "wrong"}))) == "invalid_grant"


def test_token_exchange_narrows_and_says_who_acts(place):
    token = place.tokens(scope="profile notes:read")["access_token"]
    form = {
        "grant_type": protocol.TOKEN_EXCHANGE,
        "subject_token": token,
        "subject_token_type": protocol.ACCESS_TOKEN_TYPE,
        "audience": "https://archive.example",
        "scope": "notes:read",
    }
    answer = place.post("/token", "notes-api", **form).json()
    claims = jwtlab.decode(answer["access_token"]).claims
    assert answer["issued_token_type"] == protocol.ACCESS_TOKEN_TYPE
    assert (claims["sub"], claims["act"]) == ("alice", {"sub": "notes-api"})
    assert claims["aud"] == "https://archive.example"
    for changed, code in (
        ({"scope": "notes:write"}, "invalid_scope"),
        ({"audience": API}, "invalid_target"),
        ({"audience": "https://elsewhere.example"}, "invalid_target"),
        ({"subject_token": "x.y.z"}, "invalid_request"),
        ({"subject_token_type": "nonsense"}, "invalid_request"),
        ({"subject_token_type": ""}, "invalid_request"),
        ({"actor_token": token}, "invalid_request"),
    ):
        assert error(place.post("/token", "notes-api", **(form | changed))) == code
    assert error(place.post("/token", "notes-app", **form)) == "unauthorized_client"


def test_exchanged_token_does_not_outlive_its_subject(place):
    token = place.tokens(scope="profile notes:read")["access_token"]
    place.lab.clock.advance(minutes=10)
    form = {"subject_token": token, "subject_token_type": protocol.ACCESS_TOKEN_TYPE}
    form |= {"grant_type": protocol.TOKEN_EXCHANGE, "audience": "https://archive.example"}
    new = place.post("/token", "notes-api", **form).json()["access_token"]
    assert jwtlab.decode(new).claims["exp"] == jwtlab.decode(token).claims["exp"]


def test_may_act_is_asked_of_whoever_acts(place):
    server = place.world.server
    alice = place.tokens(scope="notes:read")["access_token"]
    form = {"grant_type": protocol.TOKEN_EXCHANGE, "audience": "https://archive.example"}
    form |= {"subject_token_type": protocol.ACCESS_TOKEN_TYPE}
    another = {"actor_token": alice, "actor_token_type": protocol.ACCESS_TOKEN_TYPE}

    def swap(may_act, **more):
        token, _ = tokens.access_token(
            server, server.clients["notes-app"], "bob", ["notes:read"], [API], more={"may_act": may_act}
        )
        return place.post("/token", "notes-api", subject_token=token, **form, **more).json()

    assert jwtlab.decode(swap({"sub": "notes-api"})["access_token"]).claims["act"] == {"sub": "notes-api"}
    assert jwtlab.decode(swap({"sub": "alice"}, **another)["access_token"]).claims["act"] == {"sub": "alice"}
    assert swap({"sub": "notes-api"}, **another)["error"] == "invalid_request"
    assert swap({"sub": "alice"})["error"] == "invalid_request"
    assert swap("notes-api")["error"] == "invalid_request"
