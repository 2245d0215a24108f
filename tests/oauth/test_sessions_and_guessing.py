"""One browser, several people and several logins; and how often somebody may guess."""

import httpx
import pytest
from driving import AS, CALLBACK

import jwtlab
from jwtlab.errors import UsageError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.authorization import response
from jwtlab.oauth.authorization_server.browser import sessions


def visit(place, browser, username="alice", **changed):
    """An authorization request, whatever page comes filled in; gives the last page."""
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(**changed))))
    place.logged_in(browser, username)
    return browser.page


def code_of(page):
    return httpx.URL(page.redirect).params.get("code")


def refresh(place, token, client_id="notes-app"):
    return place.post("/token", client_id, grant_type="refresh_token", refresh_token=token)


CALENDAR = {"client_id": "calendar-app", "redirect_uri": "https://calendar.example/callback"}


@pytest.mark.parametrize("again", [{}, {"prompt": "login"}, {"max_age": "0"}])
def test_log_out_reaches_every_application_however_often_somebody_logged_in(place, again):
    browser = place.world.browser("alice")
    first = place.redeem(code_of(visit(place, browser))).json()
    code = code_of(visit(place, browser, **CALENDAR, scope="openid profile", **again))
    second = place.redeem(code, "calendar-app", redirect_uri=CALENDAR["redirect_uri"]).json()
    sids = {jwtlab.decode(each["id_token"]).claims["sid"] for each in (first, second)}
    assert len(sids) == 1
    browser.open(str(httpx.URL(f"{AS}/logout", params={"id_token_hint": second["id_token"]})))
    told = {each.receiver for each in place.world.network.trace if each.request.get("logout_token")}
    assert told == {"Notes app", "Calendar app"}
    assert refresh(place, first["refresh_token"]).status_code == 400


def test_somebody_else_at_the_same_browser_ends_the_session_before(place):
    browser = place.world.browser("alice")
    first = place.redeem(code_of(visit(place, browser))).json()
    other = place.redeem(code_of(visit(place, browser, "bob", prompt="login"))).json()
    one, two = (jwtlab.decode(each["id_token"]).claims for each in (first, other))
    assert (one["sub"], two["sub"]) == ("alice", "bob")
    assert one["sid"] != two["sid"]
    assert any(each.request.get("logout_token") for each in place.world.network.trace)
    assert refresh(place, first["refresh_token"]).status_code == 400
    assert refresh(place, other["refresh_token"]).status_code == 200


def test_hint_for_one_person_gives_no_code_for_another(place):
    hint = place.tokens()["id_token"]
    page = visit(place, place.world.browser("bob"), "bob", id_token_hint=hint)
    assert code_of(page) is None
    assert httpx.URL(page.redirect).params["error"] == "login_required"


def test_allow_counts_for_the_person_who_was_shown_the_page(place):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
    browser.submit({"username": "alice", "password": place.lab.users["alice"].password})
    shown = browser.page
    assert "Alice" in shown.text_shown
    visit(place, browser, "mallory", prompt="login")
    browser.page = shown
    page = browser.submit(press="Allow")
    assert (page.status, page.redirect) == (400, "")


def test_wrong_user_codes_are_counted_however_they_come(place):
    browser = place.world.browser("mallory")
    http = place.http
    shown = http.post(f"{AS}/device_authorization", data={"client_id": "television"}).json()
    visit(place, browser, "mallory")
    statuses = []
    for _ in range(12):
        statuses.append(browser.open(f"{AS}/device?user_code=BBBB-BBBB").status)
    assert statuses[0] == 200
    page = browser.open(f"{AS}/device?user_code={shown['user_code']}")
    assert "Television" not in page.text_shown
    assert "Too many" in page.text_shown


def test_other_spellings_of_an_address_are_no_further_mailboxes(place):
    browser = place.world.browser("bob")
    browser.open("https://app.example/login")
    browser.follow()
    asking = browser.page
    for number in range(15):
        browser.page = asking
        browser.submit({"email": f"{' ' * number}Bob@mail.example{' ' * number}"}, form=1)
    assert len(place.world.mailbox.mails) == 10


# Assertions


def assertion(place, **changed):
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": AS, "exp": now + 60, "jti": "one"} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256")


def by_key(place, text, path="/token"):
    form = {"client_assertion": text, "client_assertion_type": protocol.ASSERTION_TYPE}
    form |= {"grant_type": "client_credentials", "scope": "notes:read"}
    return place.http.post(f"{AS}{path}", data=form).status_code


def test_client_assertion_is_remembered_until_its_very_end(place):
    text = assertion(place, exp=int(place.lab.now) + 3600)
    assert by_key(place, text) == 200
    place.lab.clock.advance(seconds=3602)  # within the leeway it would still be in time
    assert by_key(place, text) == 401


def test_grant_assertion_without_a_name_is_good_once_too(place):
    form = {"grant_type": protocol.JWT_BEARER, "assertion": assertion(place, sub="alice", jti=None)}
    assert place.http.post(f"{AS}/token", data=form).status_code == 200
    assert place.http.post(f"{AS}/token", data=form).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("aud", "status"),
    [
        ([AS, f"{AS}/token"], 200),
        (f"{AS}/par", 401),
        ([AS, "https://other.example"], 401),
        ([], 401),
        ("https://other.example", 401),
    ],
)
def test_assertion_is_for_this_server_and_nobody_else(place, aud, status):
    assert by_key(place, assertion(place, aud=aud)) == status


# Token exchange


def exchange(place, token, client_id="notes-api", **form):
    form = {"grant_type": protocol.TOKEN_EXCHANGE, "subject_token": token, **form}
    return place.post("/token", client_id, subject_token_type=protocol.ACCESS_TOKEN_TYPE, **form)


def test_token_that_was_neither_given_nor_meant_for_a_client_is_not_exchanged_by_it(place):
    narrowed = exchange(place, place.tokens()["access_token"], audience="https://archive.example").json()
    stranger = exchange(place, narrowed["access_token"], audience="https://archive.example")
    assert stranger.status_code == 200  # it was given to notes-api itself
    client = place.server.clients["notes-api"]
    from dataclasses import replace

    place.server.clients["notes-api"] = replace(client, resource=None)
    answer = exchange(place, place.tokens()["access_token"], audience="https://archive.example")
    assert answer.json()["error"] == "invalid_request"


def test_exchanged_token_dies_with_what_it_came_from(place):
    tokens = place.tokens()
    swapped = exchange(place, tokens["access_token"], audience="https://archive.example").json()[
        "access_token"
    ]
    assert place.server.is_revoked(jwtlab.decode(swapped).claims) is False
    place.post("/revoke", token=tokens["refresh_token"])
    assert place.server.is_revoked(jwtlab.decode(swapped).claims) is True


def test_client_with_the_name_of_a_person_is_refused(place):
    from jwtlab.oauth.authorization_server import AuthorizationServer
    from jwtlab.oauth.authorization_server.registration import Client

    with pytest.raises(UsageError, match="alice"):
        AuthorizationServer(
            AS,
            people=place.lab.users.values(),
            clients=[Client("alice", "A service", redirect_uris=(CALLBACK,))],
            resources=[],
            make_key=lambda number: place.lab.key("RS256"),
            clock=lambda: place.lab.now,
            random=place.lab.random.bytes,
        )


# What may go wrong between two tabs


def test_session_that_ends_before_the_code_is_given_gives_none(place, monkeypatch):
    browser = place.world.browser("alice")
    visit(place, browser)
    sound = sessions.remember

    def late(server, session, *rest):
        sessions.end_session(server, session)
        return sound(server, session, *rest)

    monkeypatch.setattr(response, "remember", late)
    page = visit(place, browser)
    assert code_of(page) is None
    assert httpx.URL(page.redirect).params["error"] == "login_required"


def test_end_of_a_session_reaches_what_was_added_since_it_was_read(place):
    browser = place.world.browser("alice")
    visit(place, browser)
    (name,) = place.server.store.names("session")
    stale = place.server.store.get("session", name)
    visit(place, browser, **CALENDAR, scope="openid profile")
    sessions.end_session(place.server, stale)
    told = {each.receiver for each in place.world.network.trace if each.request.get("logout_token")}
    assert told == {"Notes app", "Calendar app"}


def device_page(place, browser):
    shown = place.http.post(f"{AS}/device_authorization", data={"client_id": "television"}).json()
    browser.open(f"{AS}/device?user_code={shown['user_code']}")
    return shown


@pytest.mark.parametrize("decision", ["no thanks", "Deny", "ALLOW", "allow "])
def test_device_is_connected_by_allow_and_by_nothing_else(place, decision):
    browser = place.world.browser("alice")
    visit(place, browser)
    shown = device_page(place, browser)
    form = browser.page.forms[0]
    request = browser.submitting({}, press="Allow").request.changed(decision=decision)
    place.world.network.deliver(browser.name, request.to_httpx())
    assert "user_code" in form.fields
    poll = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    assert place.post("/token", "television", **poll).json()["error"] == "authorization_pending"


def test_device_is_connected_for_the_person_who_was_shown_the_page(place):
    browser = place.world.browser("alice")
    visit(place, browser)
    shown = device_page(place, browser)
    page = browser.page
    visit(place, browser, "bob", prompt="login")
    browser.page = page
    assert browser.submit(press="Allow").status == 400
    poll = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    assert place.post("/token", "television", **poll).json()["error"] == "authorization_pending"


def test_allow_counts_only_after_the_page_was_shown(place):
    browser = place.world.browser("bob")
    visit(place, browser, "bob")
    browser.open(
        str(httpx.URL(f"{AS}/authorize", params=place.request(prompt="login", scope="openid notes:write")))
    )
    fields = browser.page.forms[0].fields
    kept = {name: fields[name] for name in ("interaction", "csrf_token")}
    request = browser.submitting({}).request
    forged = request.with_form([*kept.items(), ("decision", "allow")])
    from dataclasses import replace

    answer = place.world.network.deliver(browser.name, replace(forged, url=f"{AS}/consent").to_httpx())
    assert answer.status_code == 400


@pytest.mark.parametrize("hint", ["garbage", "a.b.c"])
def test_unreadable_hint_gives_no_code(place, hint):
    browser = place.world.browser("alice")
    visit(place, browser)
    page = visit(place, browser, prompt="none", id_token_hint=hint)
    assert code_of(page) is None
    assert httpx.URL(page.redirect).params["error"] == "login_required"


def test_hint_by_a_withdrawn_key_still_tells_who_logs_out(place):
    browser = place.world.browser("alice")
    hint = place.redeem(code_of(visit(place, browser))).json()["id_token"]
    place.server.keys.rotate()
    place.lab.clock.advance(minutes=20)
    back = {"id_token_hint": hint, "post_logout_redirect_uri": "https://app.example/"}
    page = browser.open(str(httpx.URL(f"{AS}/logout", params=back)))
    assert page.redirect == "https://app.example/"


def test_service_is_no_user_to_introspection(place):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    token = place.post("/token", "report-service", **form).json()["access_token"]
    told = place.post("/introspect", "notes-api", token=token).json()
    assert told["active"] is True
    assert "username" not in told
    person = place.post("/introspect", "notes-api", token=place.tokens()["access_token"]).json()
    assert person["username"] == "alice"
