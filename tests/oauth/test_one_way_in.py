"""One way in for a token, one form for a body."""

import json
from urllib.parse import urlencode

import pytest
from driving import API, AS, FORM, is_page

from jwtlab.oauth import dpop

OTHER_BODIES = {
    "multipart/form-data; boundary=x": lambda fields: (
        "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        + "--x--\r\n"
    ),
    "application/json": json.dumps,
    "text/plain": urlencode,
}


def proof(place, url, method="POST", key="client", **more):
    made = place.lab.key("ES256", key)
    return dpop.proof(made, method, url, now=place.lab.now, jti=place.world.secret(), **more)


def bound_token(place):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    headers = {"DPoP": proof(place, f"{AS}/token")}
    return place.post("/token", "report-service", headers, **form).json()["access_token"]


@pytest.mark.parametrize("kind", OTHER_BODIES)
@pytest.mark.parametrize(
    "path", ["/token", "/par", "/introspect", "/revoke", "/device_authorization", "/userinfo"]
)
def test_one_encoding_for_a_body(place, path, kind):
    token = place.tokens()["access_token"]
    fields = {
        "/token": {"grant_type": "client_credentials"},
        "/par": place.request(),
        "/device_authorization": {"client_id": "television"},
        "/userinfo": {"access_token": token},
    }.get(path, {"token": token})
    headers = {} if path in ("/userinfo", "/device_authorization") else place.basic("notes-app")
    if path == "/token":
        headers = place.basic("report-service")
    good = place.http.post(f"{AS}{path}", content=urlencode(fields), headers=headers | FORM)
    assert good.status_code in (200, 201)
    answer = place.http.post(
        f"{AS}{path}", content=OTHER_BODIES[kind](fields), headers=headers | {"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "path", ["/login", "/consent", "/authorize", "/logout", "/device", "/magic/send", "/magic/code"]
)
def test_one_encoding_for_a_form_of_a_page(place, path):
    body = OTHER_BODIES["multipart/form-data; boundary=x"](place.request())
    answer = place.http.post(
        f"{AS}{path}", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (answer.status_code, is_page(answer)) == (400, True)


def test_token_comes_once(place):
    token = place.tokens()["access_token"]
    twice = urlencode([("access_token", token), ("access_token", token)])
    answers = [
        place.http.post(f"{AS}/userinfo", content=twice, headers=FORM),
        place.http.post(
            f"{AS}/userinfo", data={"access_token": token}, headers={"Authorization": f"Bearer {token}"}
        ),
        place.http.get(f"{AS}/userinfo?access_token={token}", headers={"Authorization": f"Bearer {token}"}),
        place.http.get(f"{API}/notes?access_token={token}", headers={"Authorization": f"Bearer {token}"}),
        place.http.post(
            f"{API}/notes", data={"access_token": token}, headers={"Authorization": f"Bearer {token}"}
        ),
        *(
            place.http.get(url, headers=[("Authorization", f"Bearer {token}"), ("Authorization", second)])
            for url in (f"{AS}/userinfo", f"{API}/notes")
            for second in (f"Bearer {token}", "Basic eDp5", f"DPoP {token}")
        ),
        *(
            place.http.get(f"{API}/notes", headers={"Authorization": text.format(token)})
            for text in (
                "Bearer {0},{0}",
                "Bearer {0}, Bearer {0}",
                "DPoP {0},Bearer {0}",
                "Basic eDp5, Bearer {0}",
            )
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert 'error="invalid_request"' in answer.headers["www-authenticate"]


def test_token_in_the_address_does_not_count(place):
    token = place.tokens()["access_token"]
    for url in (f"{AS}/userinfo", f"{API}/notes"):
        assert place.http.get(f"{url}?access_token={token}").status_code == 401


def test_client_authenticates_once(place):
    pair = place.basic("report-service")["Authorization"]
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    for headers in ([("Authorization", pair)] * 2, {"Authorization": f"{pair},{pair}"}):
        answer = place.http.post(f"{AS}/token", data=form, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_proof_comes_once(place):
    token = bound_token(place)
    proofs = [proof(place, f"{API}/notes", "GET", access_token=token) for _ in range(2)]
    for headers in ([("DPoP", proofs[0]), ("DPoP", proofs[1])], [("DPoP", ",".join(proofs))]):
        answer = place.http.get(f"{API}/notes", headers=[("Authorization", f"DPoP {token}"), *headers])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    two = ", ".join(proof(place, f"{AS}/token") for _ in range(2))
    answer = place.post("/token", "report-service", {"DPoP": two}, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_proof_by_another_key_makes_the_token_invalid(place):
    token = bound_token(place)
    other = proof(place, f"{API}/notes", "GET", key="mallory", access_token=token)
    answer = place.api(token, scheme="DPoP", DPoP=other)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("DPoP ")
