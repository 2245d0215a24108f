"""Logins with one fault each: it is found by the attack that names it; and sound ones are not accused."""

from __future__ import annotations

import pytest
from logins_at_work import SOUND, WEAK, EmailAsName, FixedSession, Notes, ServerSide, ShowsEmail
from short_form import few

from jwtlab import UsageError
from jwtlab.testing import Issuer, attack_client
from jwtlab.testing.account_attacks import _leads_away

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


NAMES = [make.__name__ for make, _ in WEAK]


@pytest.mark.parametrize(("make", "found"), few(WEAK, *WEAK[::4]), ids=NAMES)
def test_the_fault_is_found_and_no_other(issuer, make, found):
    outcome = attack_client((make(issuer).app, "/login"), "/callback", issuer, who="/me")
    assert not outcome.turned_away, outcome.report()
    assert set(outcome.let_through.ids) == found, outcome.report()


@pytest.mark.parametrize("make", SOUND, ids=lambda each: each.__name__)
def test_sound_ones_are_not_accused(issuer, make):
    outcome = attack_client((make(issuer).app, "/login"), "/callback", issuer, who="/me").check()
    assert "fixed-session" in outcome.refused
    assert "open-redirect:slashes" in outcome.refused


def test_who_reads_no_id_token_is_told_so_and_no_more(issuer):
    make = next(each for each in SOUND if each.__name__ == "OnlyUserInfo")
    outcome = attack_client((make(issuer).app, "/login"), "/callback", issuer, who="/me").check()
    assert "id-token-unread" in outcome.advice


def test_a_page_that_shows_an_address_is_advised(issuer):
    outcome = attack_client((ShowsEmail(issuer).app, "/login"), "/callback", issuer, who="/me").check()
    assert "taken-for-another:email" in outcome.advice
    assert any("Let who name the account" in each for each in outcome.notes)


@pytest.mark.parametrize(("make", "found"), [(Notes, False), (EmailAsName, True)])
def test_functions_are_asked_what_functions_can_tell(issuer, make, found):
    app, browser = make(issuer).app, []

    def start():
        browser[:] = [app.test_client()]
        return browser[0].get("/login")

    def callback(address):
        return browser[0].get(address)

    def who():
        answer = browser[0].get("/me")
        return answer.text if answer.status_code == 200 else None

    outcome = attack_client(start, callback, issuer, who=who)
    assert ("taken-for-another:email" in outcome.let_through) is found
    assert not outcome.turned_away
    assert "fixed-session" not in outcome.refused  # nobody can put cookies into a function


def test_sessions_on_the_server_by_an_address(issuer):
    """The cookies of a real client are kept and put back as well."""
    from jwtlab.testing.sockets import LoopbackServer

    for make, found in ((ServerSide, ()), (FixedSession, ("fixed-session",))):
        there = LoopbackServer(make(issuer).app)
        there.start()
        try:
            origin = there.origin
            outcome = attack_client(f"{origin}/login", f"{origin}/callback", issuer, who=f"{origin}/me")
        finally:
            there.stop()
        assert outcome.let_through.ids == found


@pytest.mark.parametrize(
    ("location", "away"),
    [
        ("https://mallory.example/x", True),
        ("//mallory.example", True),
        ("/\\mallory.example", True),
        ("/\t/mallory.example", True),
        ("\\\\mallory.example", True),
        ("https:mallory.example", True),
        ("HTTP://a@MALLORY.example:80/", True),
        ("http://localhost.mallory.example", True),
        ("/mallory.example", False),
        ("/?next=https://mallory.example", False),
        ("http://localhost/mallory.example", False),
        ("https://notmallory.example", False),
        ("", False),
    ],
)
def test_where_a_browser_would_go(location, away):
    assert _leads_away(location) is away


def test_an_issuer_that_has_ended_is_told():
    with Issuer() as ended:
        app = Notes(ended).app
    with pytest.raises(UsageError, match="has been stopped"):
        attack_client((app, "/login"), "/callback", ended, who="/me")


def test_a_way_to_the_issuer_may_have_several_steps(issuer):
    from flask import redirect, request

    app = Notes(issuer).app
    app.add_url_rule("/", "front", lambda: redirect("/sign-in"))
    app.add_url_rule("/begin", "begin", lambda: redirect(f"/sign-in?{request.query_string.decode()}"))
    app.add_url_rule("/sign-in", "sign-in", lambda: redirect(f"/login?{request.query_string.decode()}"))
    outcome = attack_client((app, "/begin"), "/callback", issuer, who="/me").check()
    assert "open-redirect:slashes" in outcome.refused


def test_a_way_that_goes_round_in_circles_is_told(issuer):
    from flask import redirect

    app = Notes(issuer).app
    app.add_url_rule("/round", "round", lambda: redirect("/round"))
    with pytest.raises(UsageError, match="and not to"):
        attack_client((app, "/round"), "/callback", issuer)
