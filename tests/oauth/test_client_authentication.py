"""How a client proves itself (RFC 6749 §2.3, RFC 7523 §2.2)."""

import pytest
from driving import AS, error

import jwtlab
from jwtlab.oauth import protocol


def assertion(place, **changed):
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": AS, "iat": now, "exp": now + 60, "jti": "one"}
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256")


def by_assertion(place, text):
    form = {"client_assertion": text, "client_assertion_type": protocol.ASSERTION_TYPE, "scope": "notes:read"}
    return place.http.post(f"{AS}/token", data={"grant_type": "client_credentials", **form})


@pytest.mark.parametrize(
    ("headers", "form", "status", "code"),
    [
        ({"Authorization": "Basic bm90ZXMtYXBwOndyb25n"}, {}, 401, "invalid_client"),
        ({"Authorization": "Basic ???"}, {}, 401, "invalid_client"),
        ({"Authorization": "Bearer x"}, {}, 401, "invalid_client"),
        ({}, {"client_id": "notes-app"}, 401, "invalid_client"),
        ({}, {"client_id": "nobody"}, 401, "invalid_client"),
        ({}, {}, 401, "invalid_client"),
        (
            {},
            {"client_id": "notes-app", "client_secret": "notes-app-secret-for-lessons"},
            401,
            "invalid_client",
        ),
        ({"Authorization": "Basic bm90ZXMtYXBwOndyb25n"}, {"client_secret": "x"}, 400, "invalid_request"),
        ({}, {"client_assertion": "x", "client_assertion_type": "x"}, 401, "invalid_client"),
    ],
)
def test_client_that_does_not_prove_itself_is_refused(place, headers, form, status, code):
    form = {"grant_type": "authorization_code", "code": "x", **form}
    answer = place.http.post(f"{AS}/token", data=form, headers=headers)
    assert (answer.status_code, error(answer)) == (status, code)
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("aud", [AS, f"{AS}/token", [AS]])
def test_private_key_jwt_proves_a_client(place, aud):
    assert by_assertion(place, assertion(place, aud=aud)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://other.example"},
        {"aud": [AS, "https://other.example"]},
        {"iss": "notes-app"},
        {"sub": "notes-app"},
        {"exp": 1},
        {"exp": 4_000_000_000},
        {"exp": None},
        {"jti": None},
        {"nbf": 4_000_000_000},
    ],
)
def test_wrong_client_assertion_is_refused(place, changed):
    answer = by_assertion(place, assertion(place, **changed))
    assert (answer.status_code, error(answer)) == (401, "invalid_client")


def test_client_assertion_is_good_once(place):
    text = assertion(place)
    assert by_assertion(place, text).status_code == 200
    assert by_assertion(place, text).status_code == 401


def test_client_assertion_by_another_key_is_refused(place):
    forged = jwtlab.issue(
        jwtlab.decode(assertion(place)).claims, place.lab.key("ES256", "mallory"), alg="ES256"
    )
    assert by_assertion(place, forged).status_code == 401
