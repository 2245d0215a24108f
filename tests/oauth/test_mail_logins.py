"""Passwordless: a link or a code by mail."""

from driving import AS, login_page


def asked_for_mail(place, email="alice@mail.example"):
    browser = login_page(place)
    page = browser.submit({"email": email}, form=1)
    return browser, page


def test_mail_is_answered_alike_whether_there_is_an_account(place):
    _, known = asked_for_mail(place)
    _, unknown = asked_for_mail(place, "nobody@mail.example")
    assert known.text_shown.replace("alice", "nobody") == unknown.text_shown
    assert [mail.to for mail in place.world.mailbox.mails] == ["alice@mail.example"]


def test_link_points_at_the_server_whatever_the_host_header_says(place):
    browser = login_page(place)
    going = browser.submitting({"email": "alice@mail.example"}, form=1)
    poisoned = going.request.with_header("Host", "mallory.example")
    place.world.network.deliver("x", poisoned.to_httpx())
    assert place.world.mailbox.mails[-1].link.startswith(f"{AS}/magic?")


def test_link_expires_and_one_time_code_is_guessed_five_times_at_most(place):
    browser, _ = asked_for_mail(place)
    mail = place.world.mailbox.newest("alice@mail.example")
    for _ in range(5):
        browser.submit({"code": "000000"})
    assert "Too many" in browser.submit({"code": mail.code}).text_shown
    browser, _ = asked_for_mail(place)
    place.lab.clock.advance(minutes=10)
    assert browser.open(place.world.mailbox.newest("alice@mail.example").link).status == 403


def test_one_time_code_logs_in_once(place):
    browser, _ = asked_for_mail(place)
    code = place.world.mailbox.newest("alice@mail.example").code
    assert "Allow Notes app" in browser.submit({"code": f" {code[:3]} {code[3:]}"}).text_shown
    assert place.server.store.get("link", place.server.store.names("link")[0])["used"]
