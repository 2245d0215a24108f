"""The browser in miniature: every step is seen before it is taken."""

from __future__ import annotations

import pytest
from flask import Flask, make_response, redirect, request

import jwtlab
from jwtlab.oauth import Network
from jwtlab.oauth.http.user_agent import UserAgent

AS, APP = "https://as.example", "https://app.example"
LOGIN = """<!doctype html><title>Log  in</title><style>p{}</style>
<h1>Who are you?</h1><p>Say it &amp; prove it.</p>
<form method="post" action="/login?step=1"><input type="hidden" name="csrf" value="c1">
<input name="username"><input type="password" name="password">
<input type="checkbox" name="remember"><input type="checkbox" name="news" checked>
<button name="choice" value="yes">Log in</button><button name="choice" value="no">Never  mind</button></form>
<form action="search"><input name="q" value="a b"><input type="submit" name="go" value="Find"></form>
<a href="/help#top">Need <b>help</b>?</a><script>document.write("<a href='/evil'>x</a>")</script>"""


@pytest.fixture
def network():
    server, app = Flask("as"), Flask("app")
    seen = []

    @server.get("/login")
    def show():
        return LOGIN

    @server.post("/login")
    def login():
        seen.append((dict(request.form), request.headers.get("Origin"), request.args.get("step")))
        answer = make_response(redirect(f"{APP}/cb#code=1&state=x y"))
        answer.set_cookie("sid", "s1", secure=True, httponly=True)
        return answer

    @server.get("/search")
    def search():
        return f"<title>found</title>{request.args['q']}"

    @server.get("/me")
    def me():
        return {"sid": request.cookies.get("sid")}

    @server.get("/round")
    def again():
        return redirect("/round")

    @app.get("/cb")
    def back():
        return redirect("/home")

    @app.get("/home")
    def home():
        return {"query": dict(request.args), "sid": request.cookies.get("sid")}

    made = Network()
    made.add(AS, "Authorization server", server)
    made.add(APP, "Client", app)
    made.seen = seen
    return made


@pytest.fixture
def browser(network):
    return UserAgent(network, "Alice's browser")


def test_page_is_read_as_a_person_reads_it(browser):
    page = browser.open(f"{AS}/login")
    assert page.title == "Log in"
    assert "Say it & prove it." in page.text_shown
    assert "document.write" not in page.text_shown
    assert page.links == {"Need help?": f"{AS}/help#top"}
    form, search = page.forms
    assert form.action == f"{AS}/login?step=1"
    assert form.method == "POST"
    assert form.fields == {"csrf": "c1", "username": "", "password": "", "news": "on"}
    assert [label for _, _, label in form.buttons] == ["Log in", "Never mind"]
    assert search.action == f"{AS}/search"


def test_form_is_sent_with_its_hidden_fields_its_button_and_where_it_comes_from(browser, network):
    browser.open(f"{AS}/login")
    page = browser.submit({"username": "alice", "password": "pw"})
    ((fields, origin, step),) = network.seen
    assert fields == {"csrf": "c1", "username": "alice", "password": "pw", "news": "on", "choice": "yes"}
    assert origin == AS
    assert step == "1"
    assert page.status == 302
    assert page.redirect == f"{APP}/cb#code=1&state=x%20y"


def test_another_button_may_be_pressed(browser, network):
    browser.open(f"{AS}/login")
    browser.submit(press="Never mind")
    assert network.seen[0][0]["choice"] == "no"


def test_get_form_goes_into_the_address(browser):
    browser.open(f"{AS}/login")
    page = browser.submit({"q": "ü&="}, form=1)
    assert page.query == {"q": "ü&=", "go": "Find"}
    assert page.text_shown == "ü&="


def test_no_redirect_is_followed_unasked_and_the_fragment_never_leaves(browser, network):
    browser.open(f"{AS}/login")
    browser.submit()
    page = browser.follow()
    assert page.fragment["code"] == "1"
    assert page.redirect == f"{APP}/home"
    page = browser.follow()
    assert page.fragment["code"] == "1"  # kept over a redirect that has none (RFC 9110 §10.2.2)
    assert all("#" not in each.request.url for each in network.trace)
    assert browser.history[-1].startswith(f"{APP}/home#code=1")
    assert [each.sender for each in network.trace] == ["Alice's browser"] * 4


def test_redirect_may_be_changed_before_it_is_followed(browser):
    browser.open(f"{AS}/login")
    browser.submit()
    assert browser.follow(f"{APP}/home?stolen=1").query == {"stolen": "1"}


def test_cookies_go_back_to_their_own_host_only(browser):
    browser.open(f"{AS}/login")
    browser.submit()
    assert '"sid":"s1"' in browser.open(f"{AS}/me").text.replace(" ", "")
    assert '"sid":null' in browser.open(f"{APP}/home").text.replace(" ", "")


def test_two_browsers_share_nothing(network, browser):
    browser.open(f"{AS}/login")
    browser.submit()
    other = UserAgent(network, "Mallory's browser")
    assert '"sid":null' in other.open(f"{AS}/me").text.replace(" ", "")


def test_redirects_in_circles_end(browser):
    browser.open(f"{AS}/round")
    with pytest.raises(jwtlab.UsageError, match="in circles"):
        browser.follow_all()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda b: b.submit({"user": "x"}), "no field 'user'; there are: csrf, username"),
        (lambda b: b.submit(press="Go"), "no button 'Go'; there are: Log in, Never mind"),
        (lambda b: b.submit(form=7), "has 2 forms"),
        (lambda b: b.click("Elsewhere"), "there are: Need help?"),
        (lambda b: b.follow(), "nowhere"),
        (lambda b: b.open("https://elsewhere.example/"), "not in the lab"),
    ],
)
def test_mistakes_are_said_with_the_way_out(browser, act, words):
    browser.open(f"{AS}/login")
    with pytest.raises(jwtlab.UsageError) as caught:
        act(browser)
    assert words in str(caught.value)


def test_empty_browser_says_so(browser):
    with pytest.raises(jwtlab.UsageError, match="open an address first"):
        browser.submit()


def test_a_button_behind_its_form_belongs_to_it():
    """HTML §4.10.18.3: the attribute ``form``; npm's oidc-provider asks so before it logs anybody out."""
    app, pressed = Flask("as"), []

    @app.get("/")
    def show():
        return (
            '<form id="first" action="/1" method="post"></form><form id="op.logout" action="/2" method="post">'
            '<input type="hidden" name="xsrf" value="x1"></form><button form="nobody">Lost</button>'
            '<button form="op.logout" name="logout" value="yes">Yes</button><button form="op.logout">No</button>'
        )

    @app.post("/2")
    def take():
        pressed.append(dict(request.form))
        return "<title>taken</title>"

    network = Network()
    network.add(AS, "Authorization server", app)
    browser = UserAgent(network)
    page = browser.open(f"{AS}/")
    assert [form.buttons for form in page.forms] == [(), (("logout", "yes", "Yes"), ("", "", "No"))]
    browser.submit(form=1, press="Yes")
    browser.open(f"{AS}/")
    browser.submit(form=1, press="No")
    assert pressed == [{"xsrf": "x1", "logout": "yes"}, {"xsrf": "x1"}]
