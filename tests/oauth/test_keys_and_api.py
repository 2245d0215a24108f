"""The API: how it finds its issuer's keys, for whom a proof was made, and who may call it from a browser."""

import httpx
import pytest
from driving import API, AS

import jwtlab
from jwtlab.oauth import dpop
from jwtlab.oauth.resource_server import FETCH_PAUSE, IssuerKeys
from jwtlab.oauth.store import MemoryStore


def kid(token):
    return jwtlab.decode(token).header["kid"]


def test_key_brought_in_at_the_same_instant_signs_at_once_and_the_api_finds_it(place):
    old = place.tokens()["access_token"]
    assert place.api(old).status_code == 200
    place.server.keys.rotate()
    new = place.tokens()["access_token"]
    assert kid(new) != kid(old)
    assert place.api(new).status_code == place.api(old).status_code == 200
    place.lab.clock.advance(minutes=16)
    published = {key["kid"] for key in place.http.get(f"{AS}/jwks").json()["keys"]}
    assert kid(place.tokens()["access_token"]) in published == {kid(new)}


def test_several_keys_at_one_instant_follow_one_another(place):
    signed = []
    for _ in range(3):
        place.server.keys.rotate()
        signed.append(place.server.keys.signing_key.kid)
    assert len(set(signed)) == 3


def test_issuer_that_does_not_answer_is_not_asked_again_at_once():
    asked = []

    def answer(request):
        asked.append(request.url.path)
        return httpx.Response(503)

    now = [1000.0]
    client = httpx.Client(transport=httpx.MockTransport(answer))
    keys = IssuerKeys("https://as.example", client, lambda: now[0])
    for _ in range(20):
        keys.keys_for("some kid")
    assert len(asked) == 1
    now[0] += FETCH_PAUSE
    keys.keys_for("some kid")
    assert len(asked) == 2


# DPoP: the address of a proof is the API's own, not what the request says


def bound(place):
    key = place.lab.key("ES256", "client")
    proof = dpop.proof(key, "POST", f"{AS}/token", now=place.lab.now, jti=place.world.secret())
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    token = place.post("/token", "report-service", headers={"DPoP": proof}, **form).json()["access_token"]

    def made(url, **more):
        return dpop.proof(
            key, "GET", url, now=place.lab.now, jti=place.world.secret(), access_token=token, **more
        )

    return token, made


def through(app, url, host, **headers):
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as client:
        return client.get(url, headers={**headers, "Host": host})


@pytest.mark.parametrize(("path", "where"), [("/notes", "api"), ("/userinfo", "server")])
def test_proof_for_another_host_is_refused_whatever_host_the_request_names(place, path, where):
    token, made = bound(place)
    app, base = (place.world.api.app, API) if where == "api" else (place.server.app, AS)
    headers = {"Authorization": f"DPoP {token}", "DPoP": made(f"https://mallory.example{path}")}
    answer = through(app, f"{base}{path}", "mallory.example", **headers)
    assert answer.status_code == 401
    if where == "api":
        assert answer.json()["error"] == "invalid_dpop_proof"
        good = headers | {"DPoP": made(f"{API}{path}")}
        assert through(app, f"{base}{path}", "api.example", **good).status_code == 200


def test_used_proof_is_remembered_by_whoever_shares_the_store(place):
    from jwtlab.oauth.resource_server import ResourceServer

    token, made = bound(place)
    proof = made(f"{API}/notes")
    store = MemoryStore()
    client = place.world.network.client("API")
    for expected in (200, 401):  # another process, the same store
        api = ResourceServer(API, issuer=AS, client=client, clock=lambda: place.lab.now, store=store)
        answer = through(api.app, f"{API}/notes", "api.example", Authorization=f"DPoP {token}", DPoP=proof)
        assert answer.status_code == expected


def test_challenge_names_the_scheme_that_was_used(place):
    answer = place.api("nonsense", scheme="DPoP")
    assert answer.headers["www-authenticate"].startswith("DPoP ")
    assert place.api("nonsense").headers["www-authenticate"].startswith("Bearer ")


# Browsers


def test_page_of_another_site_may_send_its_token(place):
    asked = {
        "Origin": "https://spa.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = place.http.options(f"{API}/me", headers=asked)
    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert answer.headers["access-control-allow-origin"] == "*"


def test_wrong_method_is_told_the_right_ones(place):
    answer = place.http.delete(f"{API}/notes")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("method", "path", "status", "word"),
    [
        ("POST", "/team/notes", 403, "forbidden"),
        ("GET", "/people/alice/notes", 404, "not_found"),
        ("GET", "/people/nobody/notes", 404, "not_found"),
    ],
)
def test_a_decision_about_the_person_has_no_code_of_rfc_6750(method, path, status, word):
    lab = jwtlab.Lab()
    world = lab.world()
    lab.flow("custom", world=world).run()  # Bob's token, for reading and writing
    token = world.network.trace.tokens[0].text
    with world.network.client("Bob", API) as http:
        answer = http.request(method, path, headers={"Authorization": f"Bearer {token}"}, json={"text": "x"})
    assert (answer.status_code, answer.json()["error"]) == (status, word)
    assert "WWW-Authenticate" not in answer.headers


def test_somebody_elses_notes_and_those_of_nobody_get_the_same_answer():
    lab = jwtlab.Lab()
    world = lab.world()
    lab.flow("authorization-code", world=world, user="bob").run()
    headers = {"Authorization": f"Bearer {world.network.trace.tokens[0].text}"}
    with world.network.client("Bob", API) as http:
        one, other = (http.get(f"/people/{name}/notes", headers=headers) for name in ("alice", "nobody"))
    assert (one.status_code, one.text) == (other.status_code, other.text)


def test_clock_that_was_set_back_leaves_a_key_to_sign_with(place):
    """Before the time of the first key nothing is lost: the oldest one signs."""
    first = place.server.keys.signing_key.kid
    place.server.keys.rotate(delay=10)
    place.lab.clock.advance(-3600)
    assert place.server.keys.signing_key.kid == first
    assert "access_token" in place.tokens()
