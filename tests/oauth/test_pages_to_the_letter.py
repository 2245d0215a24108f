"""What is asked at the server's pages (forms, devices, links, codes, guesses): each verdict to the letter."""

from __future__ import annotations

import pytest
from driving import Place

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import attempts, interaction
from jwtlab.oauth.authorization_server.authorization import pushed
from jwtlab.oauth.authorization_server.browser import device_approval
from jwtlab.oauth.authorization_server.browser.device_approval import Approval
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, ReceivedForm, csrf_token
from jwtlab.oauth.authorization_server.endpoints import login, logout, magic_link
from jwtlab.oauth.authorization_server.endpoints.magic_link import Link, OneTimeCode
from jwtlab.oauth.protocol import Parameters
from jwtlab.oauth.store import fingerprint

BROWSER, OTHER = "browser-1", "browser-2"
DENIED, INVALID = "access_denied", "invalid_request"


def judged(policy, case):
    report = policy.run(case)
    if report.accepted:
        return {finding.id: finding.reason for finding in report if finding.reason}
    failed = report.first_failure
    return failed.id, failed.error.code, failed.error.status, failed.reason, failed.claim


class Hall:
    """A server whose clock a test sets, also back."""

    def __init__(self) -> None:
        self.server = Place().server
        self.now = self.server.clock()
        self.server.clock = lambda: self.now

    def keep(self, kind, name, **record):
        self.server.store.put(kind, name, record, self.now + 9999)


@pytest.fixture
def hall():
    return Hall()


# Guesses


def test_ten_wrong_guesses_in_a_quarter_of_an_hour(hall):
    server, start = hall.server, hall.now
    for number in range(10):
        assert judged(attempts.ATTEMPT_CHECKS, attempts.lately(server, "a")) == {
            "attempts-left": f"{number} wrong so far"
        }
        attempts.check(server, "a")
        attempts.count(server, "a")
    for waited in (0, 899):
        hall.now = start + waited
        with pytest.raises(OAuthError, match="too many wrong attempts; wait a quarter of an hour") as caught:
            attempts.check(server, "a")
        assert (caught.value.code, caught.value.status) == (DENIED, 429)
    attempts.check(server, "b")
    hall.now = start + 900
    assert attempts.lately(server, "a").count == 0


def test_clock_that_is_set_back_makes_the_wait_no_longer_than_ever(hall):
    start = hall.now
    attempts.count(hall.server, "a")
    hall.now = start - 86_400
    assert attempts.lately(hall.server, "a").count == 1
    hall.now += 899
    assert attempts.lately(hall.server, "a").count == 1
    hall.now += 1
    assert attempts.lately(hall.server, "a").count == 0


# Forms


def form(hall, browser=BROWSER, origin=None, name=None, token=None):
    made, _ = interaction.begin(hall.server, interaction.LOGOUT, {"parameters": {}}, BROWSER)
    name = made if name is None else name
    token = csrf_token(browser or "", name) if token is None else token
    pairs = [("interaction", name), ("csrf_token", token)]
    return ReceivedForm(hall.server, Parameters(pairs), origin, browser)


@pytest.mark.parametrize("origin", [None, "https://as.example"])
def test_form_of_our_page(hall, origin):
    assert judged(FORM_CHECKS, form(hall, origin=origin)) == {}


AGAIN = ". Go back to the application and start again"


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        ({"name": "guessed"}, "interaction-known", "this page is no longer good"),
        ({"browser": OTHER}, "same-browser", "this page was opened in another browser"),
        ({"browser": None}, "same-browser", "this page was opened in another browser"),
        ({"token": "guessed"}, "form-token", "this form was not made by our page"),
        ({"token": ""}, "form-token", "this form was not made by our page"),
        ({"origin": "https://mallory.example"}, "same-origin", "this form comes from another site"),
        ({"origin": "null"}, "same-origin", "this form comes from another site"),
    ],
)
def test_form_that_is_not_of_our_page(hall, change, check, reason):
    failed = FORM_CHECKS.run(form(hall, **change)).first_failure
    assert (failed.id, failed.error.code, failed.reason) == (check, INVALID, reason + AGAIN)
    if check == "same-origin":
        assert (failed.expected, failed.found) == ("https://as.example", change["origin"])


def test_secret_of_a_form_belongs_to_one_page_in_one_browser():
    secrets = {csrf_token(browser, name) for browser in (BROWSER, OTHER) for name in "ab"}
    assert len(secrets) == 4
    assert all(len(each) == 43 for each in secrets)


# Devices


def approval(hall, pressed="allow", code="ABCD", **record):
    hall.keep("user code", "ABCD", device="d")
    hall.keep("user code", "LOST", device="gone")
    hall.keep("device", "d", **{"state": "pending", "expires": hall.now + 1} | record)
    return Approval(hall.server, code, pressed, "alice")


NO_DEVICE = "No device shows this code now. Look at the device again"
CONSENT = "nobody has pressed Allow: opening a link is no consent"


@pytest.mark.parametrize("pressed", ["allow", "deny"])
def test_device_that_is_answered(hall, pressed):
    assert judged(device_approval.APPROVAL_CHECKS, approval(hall, pressed)) == {"device-confirmed": pressed}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "WXYZ"}, ("user-code-known", INVALID, NO_DEVICE)),
        ({"code": "LOST"}, ("user-code-known", INVALID, NO_DEVICE)),
        ({"expires": 0}, ("user-code-known", INVALID, NO_DEVICE)),
        ({"state": "approved"}, ("user-code-known", INVALID, "This code has been answered already")),
        ({"pressed": ""}, ("device-confirmed", DENIED, CONSENT)),
        ({"pressed": "yes"}, ("device-confirmed", DENIED, CONSENT)),
    ],
)
def test_device_that_is_not(hall, change, said):
    check, code, _, reason, claim = judged(device_approval.APPROVAL_CHECKS, approval(hall, **change))
    assert (check, code, reason, claim) == (*said, "user_code")
    asks = device_approval.APPROVAL_CHECKS.run(approval(hall, **change)).asks_more
    assert asks is (change == {"pressed": ""})


def test_codes_that_nobody_was_given_are_guesses(hall):
    for _ in range(20):
        device_approval.count_guess(approval(hall))
    for _ in range(10):
        device_approval.count_guess(approval(hall, code="WXYZ"))
    with pytest.raises(OAuthError, match="too many wrong attempts"):
        device_approval.count_guess(approval(hall))
    case = approval(hall, expires=hall.now)
    assert judged(device_approval.APPROVAL_CHECKS, case)[3] == NO_DEVICE


# Links and one-time codes


def link(hall, token="t", browser=BROWSER, pressed=True, **record):
    good = {"expires": hall.now + 1, "used": False, "browser": fingerprint(BROWSER)}
    hall.keep("link", fingerprint("t"), **good | record)
    return Link(hall.server, token, fingerprint(browser) if browser else None, pressed)


WHERE = "Open this link in the browser where you asked for it. If you did not ask, close this page."


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        ({"token": "guessed"}, "link-known", "We did not send this link."),
        ({"expires": 0}, "link-fresh", "This link has expired. Ask for a new one."),
        ({"used": True}, "link-unused", "This link has been used. Ask for a new one."),
        ({"browser": OTHER}, "link-browser", None),
        ({"browser": None}, "link-browser", None),
        ({"pressed": False}, "link-pressed", "Press the button to log in."),
    ],
)
def test_link_that_does_not_let_in(hall, change, check, reason):
    case = link(hall, **{name: value for name, value in change.items() if name != "browser"})
    if "browser" in change:
        case = Link(hall.server, "t", fingerprint(OTHER) if change["browser"] else None, True)
    found = judged(magic_link.LINK_CHECKS, case)
    assert (found[0], found[1], found[3], found[4]) == (check, DENIED, reason or WHERE, "token")
    assert magic_link.LINK_CHECKS.run(case).asks_more is (check == "link-pressed")


def test_link_that_lets_in(hall):
    assert judged(magic_link.LINK_CHECKS, link(hall)) == {}
    assert judged(magic_link.LINK_CHECKS, link(hall, expires=hall.now))[0] == "link-fresh"


def one_time(hall, code="123456", name="i", **record):
    good = {"expires": hall.now + 1, "used": False, "guesses": 4, "code": fingerprint("i:123456")}
    hall.keep("one-time code", fingerprint("i"), link="l")
    hall.keep("link", "l", **good | record)
    return OneTimeCode(hall.server, name, code)


OLD = "This code is not good any more. Ask for a new one."


@pytest.mark.parametrize(
    ("change", "check", "status", "reason"),
    [
        ({"guesses": 5}, "one-time-code-guesses", 429, "Too many wrong codes. Ask for a new one."),
        ({"guesses": 6}, "one-time-code-guesses", 429, "Too many wrong codes. Ask for a new one."),
        ({"name": "j"}, "one-time-code-fresh", 400, OLD),
        ({"used": True}, "one-time-code-fresh", 400, OLD),
        ({"expires": 0}, "one-time-code-fresh", 400, OLD),
        ({"code": "123457"}, "one-time-code-right", 400, "Wrong code."),
    ],
)
def test_one_time_code_that_does_not_let_in(hall, change, check, status, reason):
    typed = {name: value for name, value in change.items() if name in ("code", "name")}
    case = one_time(hall, **{name: value for name, value in change.items() if name not in typed})
    case = OneTimeCode(hall.server, typed.get("name", "i"), typed.get("code", "123456"))
    assert judged(magic_link.ONE_TIME_CODE_CHECKS, case) == (check, DENIED, status, reason, "code")


def test_one_time_code_that_lets_in(hall):
    assert judged(magic_link.ONE_TIME_CODE_CHECKS, one_time(hall)) == {}
    case = one_time(hall, expires=hall.now)
    assert judged(magic_link.ONE_TIME_CODE_CHECKS, case)[0] == "one-time-code-fresh"


def test_six_digits_are_each_as_likely_as_any_other(hall):
    drawn = iter([16_000_000, 15_999_999, 7, 16_777_215, 1_000_000])
    hall.server.random = lambda count: next(drawn).to_bytes(count)
    assert [magic_link._digits(hall.server) for _ in range(3)] == ["999999", "000007", "000000"]


def test_password_is_right_or_not():
    wrong = judged(login.LOGIN_CHECKS, login.PasswordLogin(None))
    assert wrong == ("password-right", DENIED, 403, "Wrong user name or password.", "password")


# Pushed requests, and logouts


def pushed_request(hall, form=(), **record):
    good = {"client_id": "notes-app", "expires": hall.now + 1, "used": False, "pairs": []}
    hall.keep("pushed", fingerprint("u"), **good | record)
    given = {"request_uri": "u", "client_id": "notes-app"} | dict(form)
    return pushed.PushedReference(hall.server, Parameters(given.items()))


URI = "invalid_request_uri"


@pytest.mark.parametrize(
    ("form", "record", "check", "code", "reason", "claim"),
    [
        (
            {"request_uri": "v"},
            {},
            "pushed-known",
            URI,
            "no request was pushed under this name",
            "request_uri",
        ),
        (
            {"client_id": "game"},
            {},
            "pushed-client",
            INVALID,
            "another client pushed this request",
            "client_id",
        ),
        (
            {},
            {"expires": 0},
            "pushed-fresh",
            URI,
            "the pushed request has expired; push it again",
            "request_uri",
        ),
        (
            {},
            {"used": True},
            "pushed-unused",
            URI,
            "the pushed request has been used; push a new one",
            "request_uri",
        ),
    ],
)
def test_pushed_request_that_is_not_taken(hall, form, record, check, code, reason, claim):
    assert judged(pushed.CHECKS, pushed_request(hall, form, **record)) == (check, code, 400, reason, claim)
    assert judged(pushed.CHECKS, pushed_request(hall)) == {}
    assert judged(pushed.CHECKS, pushed_request(hall, expires=hall.now))[0] == "pushed-fresh"


def leaving(hall, **parameters):
    return logout.LogoutRequest(hall.server, Parameters(parameters.items()))


def test_logout_leads_to_a_registered_address_or_nowhere(hall):
    goodbye = hall.server.clients["notes-app"].post_logout_redirect_uris[0]
    nowhere = {"logout-uri-registered": "nobody is sent anywhere"}
    assert judged(logout.CHECKS, leaving(hall)) == nowhere
    known = leaving(hall, client_id="notes-app", post_logout_redirect_uri=goodbye)
    assert judged(logout.CHECKS, known) == {"logout-uri-registered": goodbye}
    failed = logout.CHECKS.run(
        leaving(hall, client_id="notes-app", post_logout_redirect_uri="https://m.example")
    )
    said = "this post_logout_redirect_uri is not registered; nobody is sent there"
    assert failed.first_failure.reason == said
    assert (failed.first_failure.expected, failed.first_failure.found) == ((goodbye,), "https://m.example")
    along = (
        "so this post_logout_redirect_uri cannot be looked up; send the id_token_hint or the client_id along"
    )
    for given, who in (
        ({"client_id": "x"}, "the client_id is unknown"),
        ({}, "nobody says for which application"),
    ):
        found = judged(logout.CHECKS, leaving(hall, post_logout_redirect_uri=goodbye, **given))
        assert found == ("logout-uri-registered", INVALID, 400, f"{who}, {along}", "client_id")
    hint = judged(logout.CHECKS, leaving(hall, id_token_hint="x.y.z"))
    assert hint == ("hint-ours", INVALID, 400, "the id_token_hint is no ID token of ours", "id_token_hint")
