"""The notes service against odd and hostile requests: login, tokens, cookies, logout."""

from __future__ import annotations

import dataclasses

import pytest

import jwtlab
from jwtlab import passwords
from jwtlab.apps.notes import COOKIE, LIFETIME, ORIGIN, NotesService, bearer_token
from jwtlab.oauth.http.network import Network


@pytest.fixture
def lab():
    return jwtlab.Lab()


@pytest.fixture
def world(lab):
    service, client = lab.notes()
    with client:
        yield service, client
    service.close()


@pytest.fixture
def service(world):
    return world[0]


@pytest.fixture
def client(world):
    return world[1]


def token_of(client, lab, username: str = "alice") -> str:
    answer = client.post("/login", json={"username": username, "password": lab.users[username].password})
    assert answer.status_code == 200
    return answer.json()["access_token"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def cookie_login(client, lab, username: str = "alice"):
    form = {"username": username, "password": lab.users[username].password, "cookie": True}
    return client.post("/login", json=form)


# Login


def test_login_gives_a_token_that_says_who_and_for_how_long(client, lab):
    answer = client.post("/login", json={"username": "alice", "password": "wonderland"})
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", LIFETIME)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    report = jwtlab.verify(
        body["access_token"],
        lab.key("HS256"),
        algorithms=["HS256"],
        issuer=ORIGIN,
        audience=ORIGIN,
        typ="at+jwt",
        now=lab.now,
    )
    assert report.claims["sub"] == "alice"
    assert report.claims["roles"] == ["reader", "writer"]
    assert report.claims["exp"] - report.claims["iat"] == LIFETIME


def test_two_tokens_have_two_names(client, lab):
    names = {jwtlab.decode(token_of(client, lab)).claims["jti"] for _ in range(3)}
    assert len(names) == 3


@pytest.mark.parametrize(
    "form",
    [
        {"username": "alice", "password": "Wonderland"},
        {"username": "alice", "password": ""},
        {"username": "alice"},
        {"password": "wonderland"},
        {"username": "bob", "password": "wonderland"},
        {"username": "nobody", "password": "wonderland"},
        {"username": "", "password": ""},
        {"username": "ALICE", "password": "wonderland"},
        {"username": "alice' OR '1'='1", "password": "wonderland"},
        {"username": "alice'--", "password": "x"},
        {"username": ["alice"], "password": {"$ne": ""}},
        {"username": None, "password": None},
        {"username": "a" * 10_000, "password": "p" * 10_000},
        [],
        "alice",
        None,
        7,
    ],
    ids=lambda form: repr(form)[:40],
)
def test_wrong_credentials_all_get_the_same_answer(client, form):
    answer = client.post("/login", json=form)
    assert answer.status_code == 401
    assert answer.json() == {"error": "wrong user name or password"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b"username=alice&password=wonderland"])
def test_body_that_is_no_json_is_a_wrong_login(client, body):
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/login", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 401


def test_unknown_user_takes_the_same_path_as_a_wrong_password(client, monkeypatch):
    work = []
    derive = passwords.digest
    monkeypatch.setattr(passwords, "digest", lambda *given: work.append(given) or derive(*given))
    for username in ("alice", "nobody"):
        client.post("/login", json={"username": username, "password": "guess"})
    (known, unknown) = work
    assert known[0] == unknown[0] == "guess"
    assert len(known[1]) == len(unknown[1]) == passwords.SALT_BYTES


def test_all_zero_stand_in_for_an_unknown_user_opens_nothing(service, monkeypatch):
    # Even a password whose hash were the stand-in would not log anybody in.
    monkeypatch.setattr(passwords, "digest", lambda *given: b"\0" * 32)
    assert not service._password_is_right("nobody", "anything")


HALF = b'{"username": "\\ud800", "password": "\\ud800", "text": "\\ud800"}'


def test_half_a_character_is_refused_like_anything_else(client, lab):
    headers = {"Content-Type": "application/json"}
    assert client.post("/login", content=HALF, headers=headers).status_code == 401
    headers |= bearer(token_of(client, lab))
    assert client.post("/notes", content=HALF, headers=headers).status_code == 400


def test_large_body_is_refused(client):
    answer = client.post("/login", json={"username": "x" * 100_000, "password": ""})
    assert answer.status_code in (401, 413)
    assert "access_token" not in answer.text


def test_only_the_methods_that_are_meant(client):
    assert client.get("/login").status_code == 405
    assert client.get("/logout").status_code == 405
    assert client.delete("/notes").status_code == 405
    assert client.get("/users").status_code == 404


# 401 against 403


def test_without_a_token_the_service_does_not_know_who_asks(client):
    for answer in (client.get("/notes"), client.post("/notes", json={"text": "x"}), client.post("/logout")):
        assert answer.status_code == 401
        # RFC 6750 §3.1: no error is named to somebody who sent nothing.
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="notes"'


def test_known_but_not_allowed_is_403(client, lab):
    bob, mallory = (bearer(token_of(client, lab, name)) for name in ("bob", "mallory"))
    assert client.get("/notes", headers=bob).status_code == 200
    for answer in (
        client.post("/notes", json={"text": "x"}, headers=bob),
        client.get("/notes", headers=mallory),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"] == "insufficient_scope"
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert "writer" in client.post("/notes", headers=bob).json()["reason"]
    assert "reader" in client.get("/notes", headers=mallory).json()["reason"]


def forged(lab, **changes) -> str:
    """A token like the service's own, but for what is changed."""
    header = {"typ": "at+jwt"} | changes.pop("header", {})
    key, alg = changes.pop("key", lab.key("HS256")), changes.pop("alg", "HS256")
    claims = {
        "iss": ORIGIN,
        "sub": "alice",
        "aud": ORIGIN,
        "iat": int(lab.now),
        "exp": int(lab.now) + 900,
        "jti": "forged",
        "roles": ["reader", "writer"],
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    key = dataclasses.replace(key, kid=f"lab-{alg.lower()}")  # a forger writes the name that is trusted
    return jwtlab.issue(claims, key, alg=alg, header=header)


def test_the_forger_is_not_refused_for_nothing(client, lab):
    assert client.get("/notes", headers=bearer(forged(lab))).status_code == 200


REFUSED = {
    "another secret": (lambda lab: forged(lab, key=lab.key("HS256", "mallory")), "signature-valid"),
    "another algorithm": (lambda lab: forged(lab, key=lab.key("ES256"), alg="ES256"), "algorithm-allowed"),
    "expired": (lambda lab: forged(lab, exp=int(lab.now)), "not-expired"),
    "not yet valid": (lambda lab: forged(lab, nbf=int(lab.now) + 5), "already-valid"),
    "another issuer": (lambda lab: forged(lab, iss="https://else.example"), "issuer"),
    "another audience": (lambda lab: forged(lab, aud="https://else.example"), "audience"),
    "another kind": (lambda lab: forged(lab, header={"typ": "JWT"}), "type"),
    "no expiry": (lambda lab: forged(lab, exp=None), "exp"),
    "no name": (lambda lab: forged(lab, jti=None), "not-revoked"),
    "no token": (lambda lab: "nonsense", "compact-form"),
    "cut": (lambda lab: forged(lab).rpartition(".")[0] + ".", "signature"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_token_that_is_not_trusted_is_401_and_says_why(service, client, lab, name):
    make, check = REFUSED[name]
    assert client.post("/notes", json={"text": "x"}, headers=bearer(make(lab))).status_code == 401
    answer = client.get("/notes", headers=bearer(make(lab)))
    assert answer.status_code == 401
    assert check in service.report.first_failure.id
    assert answer.json() == {"error": "invalid_token", "reason": service.report.first_failure.reason}
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_challenge_holds_nothing_but_what_rfc_6750_allows(client, lab):
    evil = forged(lab, iss='ä"\\\r\nSet-Cookie: x=1')
    answer = client.get("/notes", headers=bearer(evil))
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.count('"') == 6
    assert "\\" not in challenge
    assert challenge.isprintable()
    assert challenge.isascii()


@pytest.mark.parametrize("roles", [None, "", [], ["Reader"], ["writer"]])
def test_role_that_is_not_there_is_403(client, lab, roles):
    assert client.get("/notes", headers=bearer(forged(lab, roles=roles))).status_code == 403


def test_token_expires_with_the_clock(service, client, lab):
    headers = bearer(token_of(client, lab))
    lab.clock.advance(LIFETIME - 1)
    assert client.get("/notes", headers=headers).status_code == 200
    lab.clock.advance(1)
    assert client.get("/notes", headers=headers).status_code == 401
    assert service.report.first_failure.id == "not-expired"


def test_service_without_that_check_lets_the_expired_one_in(lab):
    _, client = lab.notes(jwtlab.STANDARD.without("not-expired"))
    headers = bearer(token_of(client, lab))
    lab.clock.advance(LIFETIME)
    assert client.get("/notes", headers=headers).status_code == 200


# Header against cookie


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_is_read_in_any_case(scheme):
    assert bearer_token(f"{scheme} a.b.c") == "a.b.c"
    assert bearer_token(f"{scheme}   a.b.c ") == "a.b.c"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "a.b.c", "Bearer a.b.c d.e.f", "Bearera.b.c"]
)
def test_other_headers_hold_no_token(header, client):
    assert bearer_token(header) is None
    assert client.get("/notes", headers={"Authorization": header}).status_code == 401


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, lab):
    answer = cookie_login(client, lab)
    assert answer.json() == {"logged_in": "alice"}
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_cookie_is_sent_by_itself_and_a_header_is_not(client, lab):
    token_of(client, lab)
    assert client.get("/notes").status_code == 401
    cookie_login(client, lab)
    assert client.get("/notes").json()["owner"] == "alice"
    assert client.post("/notes", json={"text": "from the cookie"}).status_code == 201


def test_header_goes_before_the_cookie(client, lab):
    bob = token_of(client, lab, "bob")
    cookie_login(client, lab)
    assert client.get("/notes", headers=bearer(bob)).json()["owner"] == "bob"
    assert client.get("/notes", headers=bearer("nonsense")).status_code == 401
    assert client.get("/notes", headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_other_site_cannot_write_with_the_cookie(client, lab):
    cookie_login(client, lab)
    for origin in ("https://evil.example", "null", "http://notes.example", f"{ORIGIN}.evil.example"):
        answer = client.post("/notes", json={"text": "evil"}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert answer.json() == {
            "error": "cross-site request",
            "reason": "this request comes from another site",
        }
        assert "WWW-Authenticate" not in answer.headers
        assert client.post("/logout", headers={"Origin": origin}).status_code == 403
    assert client.get("/notes").json()["notes"] == ["feed the cat"]
    assert client.post("/notes", json={"text": "mine"}, headers={"Origin": ORIGIN}).status_code == 201


def test_other_site_with_a_token_of_its_own_may_write(client, lab):
    headers = bearer(token_of(client, lab)) | {"Origin": "https://app.example"}
    assert client.post("/notes", json={"text": "x"}, headers=headers).status_code == 201


def test_forged_cookie_is_no_better_than_a_forged_header(client, lab):
    client.cookies.set(COOKIE, forged(lab, key=lab.key("HS256", "mallory")), domain="notes.example")
    assert client.get("/notes").status_code == 401


# Logout


def test_logged_out_token_is_refused_everywhere_and_others_are_not(service, client, lab):
    first, second, bob = token_of(client, lab), token_of(client, lab), token_of(client, lab, "bob")
    assert client.post("/logout", headers=bearer(first)).json() == {"logged_out": "alice"}
    answer = client.get("/notes", headers=bearer(first))
    assert answer.status_code == 401
    assert service.report.first_failure.id == "not-revoked"
    assert "logged out" in answer.json()["reason"]
    assert client.post("/notes", json={"text": "x"}, headers=bearer(first)).status_code == 401
    assert client.post("/logout", headers=bearer(first)).status_code == 401
    assert client.get("/notes", headers=bearer(second)).status_code == 200
    assert client.get("/notes", headers=bearer(bob)).status_code == 200


def test_logout_takes_the_cookie_away(client, lab):
    cookie_login(client, lab)
    kept = client.cookies[COOKIE]
    answer = client.post("/logout")
    assert answer.status_code == 200
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert COOKIE not in client.cookies
    assert client.get("/notes").status_code == 401
    assert client.get("/notes", headers=bearer(kept)).status_code == 401


def test_deny_list_forgets_what_has_expired_anyway(service, client, lab):
    old = token_of(client, lab)
    client.post("/logout", headers=bearer(old))
    lab.clock.advance(LIFETIME)
    client.post("/logout", headers=bearer(token_of(client, lab)))
    (name,) = [jti for (jti,) in service.query("SELECT jti FROM revoked")]
    assert name != jwtlab.decode(old).claims["jti"]
    assert client.get("/notes", headers=bearer(old)).status_code == 401


@pytest.mark.parametrize("jti", [None, 7, True, ["x"], {"a": 1}, "", "x' OR '1'='1"])
def test_odd_token_name_never_breaks_the_service(client, lab, jti):
    headers = bearer(forged(lab, jti=jti))
    assert client.get("/notes", headers=headers).status_code in (200, 401)
    assert client.post("/logout", headers=headers).status_code in (200, 401)
    assert client.get("/notes", headers=headers).status_code == 401
    assert client.get("/notes", headers=bearer(token_of(client, lab))).status_code == 200


def test_service_without_the_deny_list_cannot_log_out(lab):
    service, client = lab.notes()
    service.verifier = service.verifier.replace(policy=jwtlab.STANDARD)
    headers = bearer(token_of(client, lab))
    client.post("/logout", headers=headers)
    assert client.get("/notes", headers=headers).status_code == 200


# Notes


def test_notes_belong_to_whom_the_token_names(client, lab):
    alice, bob = bearer(token_of(client, lab)), bearer(token_of(client, lab, "bob"))
    saved = client.post("/notes", json={"text": "x'); DROP TABLE notes;--", "owner": "bob"}, headers=alice)
    assert saved.status_code == 201
    assert client.get("/notes", headers=alice).json()["notes"] == ["feed the cat", "x'); DROP TABLE notes;--"]
    assert client.get("/notes", headers=bob).json() == {"owner": "bob", "notes": []}


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"text": ""}, {"text": 5}, {"text": "x" * 1001}, {"text": None}]
)
def test_note_that_is_none_is_refused(client, lab, body):
    headers = bearer(token_of(client, lab))
    answer = client.post("/notes", json=body, headers=headers)
    assert answer.status_code == 400
    assert "1 to 1000 characters" in answer.json()["error"]
    assert client.get("/notes", headers=headers).json()["notes"] == ["feed the cat"]


def test_weak_policy_makes_a_weak_service(lab):
    _, client = lab.notes(jwtlab.STANDARD.without("signature-valid"))
    token = forged(lab, key=lab.key("HS256", "mallory"))
    assert client.get("/notes", headers=bearer(token)).status_code == 200
    _, sound = lab.notes()
    assert sound.get("/notes", headers=bearer(token)).status_code == 401


def test_key_pair_serves_as_well(lab):
    service = NotesService(lab.key("ES256"), "ES256", lab.users.values(), lambda: lab.now, lab.random.bytes)
    network = Network()
    network.add(ORIGIN, "Notes", service.app)
    with network.client("You", ORIGIN) as client:
        token = token_of(client, lab)
        assert jwtlab.decode(token).header["alg"] == "ES256"
        assert client.get("/notes", headers=bearer(token)).status_code == 200


def test_two_services_share_nothing(lab):
    (_, one), (_, other) = lab.notes(), lab.notes()
    headers = bearer(token_of(one, lab))
    one.post("/notes", json={"text": "only here"}, headers=headers)
    assert other.get("/notes", headers=headers).json()["notes"] == ["feed the cat"]


# What is stored


def test_no_password_is_stored(service, lab):
    dump = "\n".join(service.database.iterdump()).encode()
    stored = [bytes(value) for row in service.query("SELECT salt, hash FROM users") for value in row]
    for user in lab.users.values():
        assert user.password.encode() not in dump
        assert all(user.password.encode() not in value for value in stored)


def test_every_user_has_a_salt_of_their_own(service):
    salts, hashes = zip(*service.query("SELECT salt, hash FROM users"), strict=True)
    assert len(set(salts)) == len(salts) == 3
    assert all(len(salt) == passwords.SALT_BYTES for salt in salts)
    assert all(len(stored) == 32 for stored in hashes)
