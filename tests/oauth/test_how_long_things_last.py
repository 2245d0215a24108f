"""How long whatever the server hands out is good, and how long it is kept: to the second, from an odd second on."""

from __future__ import annotations

import httpx
import pytest
from driving import AS, Place, login_page

import jwtlab
from jwtlab.oauth.protocol import DEVICE_CODE
from jwtlab.oauth.store import MemoryStore

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class Noted(MemoryStore):
    """A store that tells what was put into it."""

    def __init__(self):
        super().__init__()
        self.put_lately = []

    def put(self, kind, name, record, keep_until):
        self.put_lately.append((kind, dict(record), keep_until))
        super().put(kind, name, record, keep_until)


class Clocked(Place):
    """A place whose clock stands at a second that is no round number."""

    def __init__(self):
        super().__init__(store=Noted())
        self.lab.clock.advance(seconds=7 * DAY + 1_023)
        self.http.get(f"{AS}/jwks")  # the server's keys are made

    def kept(self, step):
        """Kind of record, how long it is good, and how long it is kept, from now on."""
        self.server.store.put_lately.clear()
        found = step()
        now, rows = self.lab.now, set()
        for kind, record, until in self.server.store.put_lately:
            ends = next((record[each] for each in ("expires", "until") if record.get(each)), None)
            rows.add((kind, ends and ends - now, until - now))
        return found, rows


@pytest.fixture
def clocked():
    return Clocked()


def later(place, seconds):
    place.lab.clock.advance(seconds=seconds)


LOGGED_IN = {("session", 8 * HOUR, 8 * HOUR), ("interaction", 30 * MINUTE, 30 * MINUTE)}
GRANTED = {
    ("session", 8 * HOUR, 8 * HOUR),
    ("consent", None, 365 * DAY),
    ("grant", 90 * DAY, 90 * DAY + HOUR),
    ("code", MINUTE, 90 * DAY),
}
REFRESHED = {("token", None, 15 * MINUTE), ("refresh", 14 * DAY, 90 * DAY)}


def test_from_the_first_page_to_the_tokens(clocked):
    """A record is kept no shorter than it is good; a code and a refresh token as long as what came of them."""
    browser, rows = clocked.kept(lambda: login_page(clocked))
    assert rows == {("interaction", 30 * MINUTE, 30 * MINUTE)}
    _, rows = clocked.kept(lambda: browser.submit({"username": "alice", "password": "wrong"}))
    assert rows == {("attempts", 15 * MINUTE, 15 * MINUTE)}
    good = {"username": "alice", "password": clocked.lab.users["alice"].password}
    _, rows = clocked.kept(lambda: browser.submit(good))
    assert rows == LOGGED_IN
    page, rows = clocked.kept(lambda: browser.submit(press="Allow"))
    assert rows == GRANTED
    code = httpx.URL(page.redirect).params["code"]
    tokens, rows = clocked.kept(lambda: clocked.redeem(code).json())
    assert rows == {("code", MINUTE, 90 * DAY), *REFRESHED}
    later(clocked, 5)
    _, rows = clocked.kept(lambda: refreshed(clocked, tokens["refresh_token"]))
    assert rows == {
        ("refresh", 14 * DAY - 5, 90 * DAY - 5),
        ("refresh", 14 * DAY, 90 * DAY - 5),
        ("token", None, 15 * MINUTE),
    }


def test_mail_and_code(clocked):
    browser = login_page(clocked)
    _, rows = clocked.kept(lambda: browser.submit({"email": "alice@mail.example"}, form=1))
    assert rows == {
        ("attempts", 15 * MINUTE, 15 * MINUTE),
        ("link", 10 * MINUTE, 20 * MINUTE),
        ("one-time code", None, 10 * MINUTE),
    }
    _, rows = clocked.kept(lambda: browser.submit({"code": "000000"}))
    assert rows == {("link", 10 * MINUTE, 20 * MINUTE)}
    link = clocked.world.mailbox.newest("alice@mail.example").link
    browser.open(link)
    _, rows = clocked.kept(browser.submit)
    assert rows == {("link", 10 * MINUTE, 20 * MINUTE), *LOGGED_IN}


def test_pushed_request_and_device(clocked):
    _, rows = clocked.kept(lambda: clocked.post("/par", **clocked.request()))
    assert rows == {("pushed", 90, 180)}
    shown, rows = clocked.kept(lambda: device(clocked))
    assert rows == {("device", 10 * MINUTE, 20 * MINUTE), ("user code", None, 10 * MINUTE)}
    assert (shown["expires_in"], shown["interval"]) == (600, 5)
    _, rows = clocked.kept(lambda: asked(clocked, shown))
    assert rows == {("device", 10 * MINUTE, 20 * MINUTE)}
    _, rows = clocked.kept(lambda: approved(clocked, shown))
    assert ("device", 10 * MINUTE, 20 * MINUTE) in rows
    later(clocked, 5)
    _, rows = clocked.kept(lambda: asked(clocked, shown))
    assert ("device", 10 * MINUTE - 5, 20 * MINUTE - 5) in rows


def test_claims_of_the_tokens(clocked):
    now = clocked.lab.now
    tokens = clocked.tokens()
    assert tokens["expires_in"] == 15 * MINUTE
    for name in ("access_token", "id_token"):
        claims = jwtlab.decode(tokens[name]).claims
        assert (claims["iat"], claims["exp"]) == (now, now + 15 * MINUTE)


def test_claims_of_a_logout_token(clocked):
    browser = login_page(clocked)
    clocked.logged_in(browser)
    tokens = clocked.redeem(httpx.URL(browser.page.redirect).params["code"]).json()
    later(clocked, 7)
    browser.open(str(httpx.URL(f"{AS}/logout", params={"id_token_hint": tokens["id_token"]})))
    told = [each.request.get("logout_token") for each in clocked.world.network.trace]
    claims = [jwtlab.decode(token).claims for token in told if token]
    assert claims
    for each in claims:
        assert (each["iat"], each["exp"]) == (clocked.lab.now, clocked.lab.now + 2 * MINUTE)


def test_wrong_guesses_are_forgotten_a_quarter_of_an_hour_after_the_last(clocked):
    browser = login_page(clocked)
    first = browser.page
    good = {"username": "alice", "password": clocked.lab.users["alice"].password}

    def tried(password):
        browser.page = first
        return browser.submit(good | {"password": password}).status

    for _ in range(10):
        later(clocked, 1)
        assert tried("wrong") == 403
    later(clocked, 15 * MINUTE - 1)
    assert tried(good["password"]) == 429
    later(clocked, 1)
    assert tried(good["password"]) == 200


# Good in its last second, and no longer than that.


def refreshed(place, token):
    return place.post("/token", grant_type="refresh_token", refresh_token=token)


def device(place):
    return place.post("/device_authorization", "television").json()


def asked(place, shown):
    return place.post("/token", "television", grant_type=DEVICE_CODE, device_code=shown["device_code"])


def approved(place, shown):
    browser = place.world.browser("alice")
    browser.open(shown["verification_uri_complete"])
    place.logged_in(browser)
    return browser.page


def code(place):
    found = place.code()
    return lambda: place.redeem(found).status_code == 200


def refresh(place):
    token = place.tokens()["refresh_token"]
    return lambda: refreshed(place, token).status_code == 200


def access(place):
    token = place.tokens()["access_token"]
    return lambda: place.api(token).status_code == 200


def introspected(place):
    token = place.tokens()["access_token"]
    return lambda: place.active(token)


def userinfo(place):
    token = place.tokens()["access_token"]
    return lambda: place.http.get(f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"}).is_success


def login(place):
    browser = login_page(place)
    place.logged_in(browser)

    def silent():
        browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(prompt="none"))))
        return "code" in httpx.URL(browser.page.redirect).params

    return silent


def waiting_page(place):
    browser = login_page(place)
    good = {"username": "alice", "password": place.lab.users["alice"].password}
    return lambda: browser.submit(good).status == 200


def link(place):
    browser = login_page(place)
    browser.submit({"email": "alice@mail.example"}, form=1)
    address = place.world.mailbox.newest("alice@mail.example").link
    return lambda: browser.open(address).status == 200 and browser.submit().status == 200


def typed_code(place):
    browser = login_page(place)
    browser.submit({"email": "alice@mail.example"}, form=1)
    mail = place.world.mailbox.newest("alice@mail.example")
    return lambda: "Allow Notes app" in browser.submit({"code": mail.code}).text_shown


def pushed(place):
    uri = place.post("/par", **place.request()).json()["request_uri"]
    browser = place.world.browser("alice")
    where = str(httpx.URL(f"{AS}/authorize", params={"client_id": "notes-app", "request_uri": uri}))
    return lambda: browser.open(where).status == 200


def device_code(place):
    shown = device(place)
    approved(place, shown)
    return lambda: asked(place, shown).status_code == 200


BORDERS = {
    "code": (code, MINUTE),
    "refresh token": (refresh, 14 * DAY),
    "access token at the API": (access, 15 * MINUTE),
    "access token at userinfo": (userinfo, 15 * MINUTE),
    "access token that is introspected": (introspected, 15 * MINUTE),
    "session": (login, 8 * HOUR),
    "request that waits": (waiting_page, 30 * MINUTE),
    "link": (link, 10 * MINUTE),
    "code by mail": (typed_code, 10 * MINUTE),
    "pushed request": (pushed, 90),
    "device code": (device_code, 10 * MINUTE),
}


@pytest.mark.parametrize("what", BORDERS)
def test_good_in_its_last_second_and_not_in_the_next(what):
    begin, seconds = BORDERS[what]
    for waited, good in ((seconds - 1, True), (seconds, False)):
        place = Clocked()
        use = begin(place)
        later(place, waited)
        assert use() is good


@pytest.mark.parametrize(
    ("waited", "same"), [(0, True), (1, True), (59, True), (60, False), (61, False), (-1, False)]
)
def test_second_click_gets_the_first_answer_for_a_minute(clocked, waited, same):
    """And not after the clock was set back: then nobody knows how old it is."""
    browser = login_page(clocked)
    form = {"username": "alice", "password": clocked.lab.users["alice"].password}
    browser.submit(form)
    asking = browser.page
    first = browser.submit(press="Allow").redirect
    assert "code=" in first
    later(clocked, waited)
    browser.page = asking
    assert (browser.submit(press="Allow").redirect == first) == same
