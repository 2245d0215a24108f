"""The notes service: who gets in, who may do what, and what a log-out is worth."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab import passwords
from jwtlab.apps.notes import COOKIE, ORIGIN, bearer_token


@pytest.fixture
def lab():
    return jwtlab.Lab()


@pytest.fixture
def service(lab):
    return lab.notes()


def log_in(lab, client, username="alice", **more):
    body = {"username": username, "password": lab.users[username].password, **more}
    return client.post("/login", json=body)


def token_of(lab, client, username="alice"):
    return log_in(lab, client, username).json()["access_token"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_log_in_gives_a_token_that_the_api_takes(lab, service):
    _, client = service
    answer = log_in(lab, client)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["token_type"] == "Bearer"
    notes = client.get("/notes", headers=bearer(answer.json()["access_token"]))
    assert notes.json()["notes"] == ["feed the cat"]


@pytest.mark.parametrize(
    "body",
    [
        {"username": "alice", "password": "wrong"},
        {"username": "nobody", "password": "wrong"},
        {"username": "alice"},
        {"username": ["alice"], "password": {"$ne": ""}},
        [],
        "text",
        None,
    ],
)
def test_wrong_credentials_all_get_the_same_answer(service, body):
    _, client = service
    answer = client.post("/login", json=body)
    assert (answer.status_code, answer.json()) == (401, {"error": "wrong user name or password"})


def test_hash_is_computed_for_unknown_names_too(service, monkeypatch):
    calls = []
    monkeypatch.setattr(passwords, "matches", lambda *args: calls.append(args) or False)
    _, client = service
    client.post("/login", json={"username": "nobody", "password": "x"})
    assert len(calls) == 1


def test_passwords_are_salted_and_cannot_be_read_back(service):
    notes, _ = service
    rows = notes.query("SELECT salt, hash FROM users")
    assert len({salt for salt, _ in rows}) == len(rows)
    assert all(len(stored) == 32 for _, stored in rows)
    assert passwords.digest("same", b"1" * 16) != passwords.digest("same", b"2" * 16)
    assert passwords.matches("same", b"1" * 16, passwords.digest("same", b"1" * 16))


def test_without_a_token_the_challenge_names_no_error(service):
    _, client = service
    answer = client.get("/notes")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="notes"'


def test_401_says_who_are_you_and_403_says_you_may_not(lab, service):
    _, client = service
    bob = bearer(token_of(lab, client, "bob"))
    assert client.get("/notes", headers=bob).status_code == 200
    refused = client.post("/notes", headers=bob, json={"text": "x"})
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    forged = lab.token(
        "alice", alg="HS256", key=lab.key("HS256", "mallory"), iss=ORIGIN, aud=ORIGIN, roles=["writer"]
    )
    refused = client.post("/notes", headers=bearer(forged), json={"text": "x"})
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_expired_token_is_refused_and_the_report_kept(lab, service):
    notes, client = service
    token = token_of(lab, client)
    lab.clock.advance(minutes=15)
    assert client.get("/notes", headers=bearer(token)).status_code == 401
    assert notes.report.first_failure.id == "not-expired"


def test_weakened_policy_lets_the_expired_one_in(lab):
    _, client = lab.notes(policy=jwtlab.STANDARD.without("not-expired"))
    token = token_of(lab, client)
    lab.clock.advance(minutes=15)
    assert client.get("/notes", headers=bearer(token)).status_code == 200


def test_log_out_revokes_this_token_and_no_other(lab, service):
    notes, client = service
    one, other = token_of(lab, client), token_of(lab, client)
    assert client.post("/logout", headers=bearer(one)).status_code == 200
    assert client.get("/notes", headers=bearer(one)).status_code == 401
    assert notes.report.first_failure.id == "not-revoked"
    assert client.get("/notes", headers=bearer(other)).status_code == 200


def test_deny_list_forgets_what_has_expired(lab, service):
    notes, client = service
    client.post("/logout", headers=bearer(token_of(lab, client)))
    lab.clock.advance(minutes=16)
    client.post("/logout", headers=bearer(token_of(lab, client)))
    assert len(notes.query("SELECT jti FROM revoked")) == 1


def test_cookie_is_guarded_and_of_no_use_to_other_sites(lab, service):
    _, client = service
    answer = log_in(lab, client, cookie=True)
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in (COOKIE, "Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "access_token" not in answer.text
    assert client.get("/notes").status_code == 200
    assert client.post("/notes", json={"text": "mine"}).status_code == 201
    refused = client.post("/notes", json={"text": "x"}, headers={"Origin": "https://mallory.example"})
    assert refused.status_code == 403
    assert client.post("/logout").status_code == 200
    assert client.get("/notes").status_code == 401


@pytest.mark.parametrize("body", [None, [], {"text": ""}, {"text": 5}, {"text": "x" * 1001}])
def test_bad_notes_are_refused_with_a_way_out(lab, service, body):
    _, client = service
    answer = client.post("/notes", headers=bearer(token_of(lab, client)), json=body)
    assert answer.status_code == 400
    assert "1 to 1000" in answer.json()["error"]


def test_owner_sees_only_their_own_notes(lab, service):
    _, client = service
    assert client.get("/notes", headers=bearer(token_of(lab, client, "bob"))).json()["notes"] == []


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer a b", None),
        ("", None),
    ],
)
def test_authorization_header(header, token):
    assert bearer_token(header) == token


def test_challenge_carries_no_characters_that_could_break_the_header(lab, service):
    _, client = service
    token = lab.token("alice", iss='"\r\nSet-Cookie: a=b', alg="HS256", aud=ORIGIN, header={"typ": "at+jwt"})
    answer = client.get("/notes", headers=bearer(token))
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["WWW-Authenticate"].count('"') == 6
