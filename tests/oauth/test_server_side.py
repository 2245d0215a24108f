"""The login by a library, in the lab: what Authlib really says, and what a browser, a proxy and a session do to it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests
from authlib.integrations.base_client.errors import MismatchingStateError
from flask import Flask

from jwtlab import Lab, UsageError
from jwtlab.oauth import server_side
from jwtlab.oauth.server_side import (
    DIARY,
    Deployment,
    StrictBrowser,
    cookie_of,
    create_diary,
    deploy,
    play,
    session_of_cookie,
    tamper,
)
from jwtlab.oauth.server_side.transport import IntoTheLab

WARNING = MismatchingStateError().description
WWW = "https://www.diary.example"


@pytest.fixture
def lab():
    return Lab()


def test_every_name_of_the_room_is_there_and_no_other():
    assert {name for name in server_side.__all__ if getattr(server_side, name, None) is None} == set()
    assert set(server_side.__all__) == set(server_side._WHERE)
    with pytest.raises(AttributeError):
        server_side.nothing  # noqa: B018


def test_authlib_is_loaded_only_where_it_is_needed():
    code = (
        "import sys, jwtlab, jwtlab.exercises as e; e.lessons(); jwtlab.Lab().flow('authorization-code').run();"
        "print('authlib' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("package", ["authlib", "joserfc", "requests"])
def test_without_authlib_it_says_how_to_get_it(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "try:\n    from jwtlab.oauth.server_side import LabOAuth\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith(
        f"lesson 41 needs {package}, which is not installed here; pip install authlib"
    )


def test_every_message_is_the_same_in_every_run():
    first, second = (Lab().flow("server-side").run().trace for _ in range(2))
    assert [(e.request, e.response) for e in first] == [(e.request, e.response) for e in second]


def test_the_cookie_holds_what_authlib_keeps(lab):
    flow = lab.flow("server-side")
    flow.send()
    exchange = flow.trace[0]
    kept = session_of_cookie(cookie_of(exchange.response))
    sent = flow.pending.request
    ((name, entry),) = kept.items()
    assert name == f"_state_lab_{sent.get('state')}"
    assert entry["data"]["nonce"] == sent.get("nonce")
    assert entry["exp"] == lab.now + 3600
    flow.run()
    redeemed = next(each for each in flow.trace if each.request.path == "/token")
    assert redeemed.request.get("code_verifier") == entry["data"]["code_verifier"]
    last = next(each for each in flow.trace if each.request.path == "/callback")
    assert not any(name.startswith("_state") for name in session_of_cookie(cookie_of(last.response)))


@pytest.mark.parametrize("cookie", ["", ".", "x", "eyJhIjoxfQ", ".eyJhIjoxfQ.x.y", "WzFd.x.y", "é"])
def test_what_is_no_cookie_of_flasks_is_said(cookie):
    if cookie == "eyJhIjoxfQ":
        assert session_of_cookie(cookie) == {"a": 1}
        return
    with pytest.raises(UsageError, match="no session cookie"):
        session_of_cookie(cookie)


@pytest.mark.parametrize(
    ("name", "said", "where"),
    [
        ("state", WARNING, "_format_state_params"),
        ("nonce", "nonce", "validate_nonce"),
        ("code_challenge", "invalid_grant", "parse_response_token"),
        ("code", "invalid_grant", "parse_response_token"),
        ("iss", "", ""),  # RFC 9207 is not Authlib's business
        ("redirect_uri", "400", ""),
    ],
)
def test_who_notices_a_changed_value(lab, name, said, where):
    noticed = tamper(lab.world(), create_diary, name)
    assert said in noticed.said
    assert noticed.where.startswith(where)
    assert bool(noticed.said) == bool(said)


def test_tampering_with_something_else_is_refused(lab):
    with pytest.raises(UsageError, match="change one of"):
        tamper(lab.world(), create_diary, "colour")


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"workers": 2},
        {"workers": 4},
        {"told": False, "believes": 1},
        {"enters_at": WWW},
        {"response_mode": "form_post", "same_site": "None"},
    ],
    ids=str,
)
def test_these_deployments_work(lab, how):
    played = play(lab.world(), Deployment(**how))
    assert (str(played), played.logged_in) == ("logged in as alice", "alice")
    assert played.redirect_uri == f"{DIARY}/callback"


@pytest.mark.parametrize(
    ("how", "cookie"),
    [
        ({"same_site": "Strict"}, False),
        ({"response_mode": "form_post"}, False),
        ({"enters_at": WWW, "one_name": False}, False),
        ({"workers": 2, "one_secret": False}, True),
    ],
    ids=str,
)
def test_these_lose_the_state_and_authlib_says_so(lab, how, cookie):
    played = play(lab.world(), Deployment(**how))
    assert not played.logged_in
    assert WARNING in played.said
    assert played.cookie_came_back is cookie


@pytest.mark.parametrize(
    ("how", "asked"),
    [
        ({"told": False}, "http://worker-1.internal:8000/callback"),
        ({"told": False, "believes": 1, "proxy_tells": False}, "http://worker-1.internal:8000/callback"),
        ({"told": False, "believes": 2}, "http://worker-1.internal:8000/callback"),
    ],
    ids=str,
)
def test_these_ask_to_be_called_back_elsewhere(lab, how, asked):
    played = play(lab.world(), Deployment(**how))
    assert played.redirect_uri == asked
    assert played.page.status == 400
    assert played.said.startswith("This redirect_uri is not registered")
    assert "developers" not in played.said


@pytest.mark.parametrize(
    "how", [{"enters_at": "https://x.example"}, {"workers": 0}, {"same_site": "lax"}], ids=str
)
def test_what_is_no_deployment_is_said(how):
    with pytest.raises(UsageError):
        Deployment(**how)


def fixed(lab, **options):
    """What Mallory sees after Alice has logged in with a ticket of hers."""
    world = lab.world()
    deploy(world, lambda world: create_diary(world, **options))
    mallory, alice = (StrictBrowser(world.network, who, world.clock) for who in ("Mallory", "Alice"))
    mallory.open(f"{DIARY}/login")
    alice.kept.receive(mallory.kept.header(DIARY) + "; Secure; Path=/", DIARY)
    alice.open(f"{DIARY}/login")
    alice.follow()
    alice.submit({"username": "alice", "password": "wonderland"})
    alice.submit(press="Allow")
    assert alice.follow_all().text == "This is alice's diary."
    return mallory.open(DIARY).text


def test_a_ticket_that_stays_is_good_for_whoever_knows_it(lab):
    assert fixed(lab, stored=True, begin_anew=False) == "This is alice's diary."
    assert fixed(lab, stored=True) == "Nobody is logged in."
    assert fixed(lab, stored=False) == "Nobody is logged in."


def test_a_name_that_nobody_gave_out_counts_for_nothing(lab):
    world = lab.world()
    app = deploy(world, lambda world: create_diary(world, stored=True))
    client = app.test_client()
    client.set_cookie("session", "chosen-by-mallory", domain="diary.example", secure=True)
    answer = client.get("/login", base_url=DIARY)
    assert "chosen-by-mallory" not in answer.headers["Set-Cookie"]


def test_cookies_go_along_as_the_lab_browser_of_lesson_42_has_it(lab):
    world = lab.world()
    app = Flask("site")
    app.add_url_rule(
        "/",
        view_func=lambda: '<form method="post" action="https://diary.example/x"><button>Go</button></form>',
    )
    world.network.add("https://elsewhere.example", "Elsewhere", app)
    diary = Flask("diary")
    diary.add_url_rule("/x", view_func=lambda: "x", methods=["GET", "POST"])
    world.network.add(DIARY, "Diary", diary)
    browser = StrictBrowser(world.network, "Alice's browser", world.clock)
    for name, rule in (("a", "Strict"), ("b", "Lax"), ("c", "None; Secure")):
        browser.kept.receive(f"{name}=1; Path=/; SameSite={rule}", DIARY)
    browser.open(f"{DIARY}/x")
    browser.open("https://elsewhere.example/")
    browser.submit()
    sent = [
        dict(each.request.headers).get("Cookie") for each in world.network.trace if each.receiver == "Diary"
    ]
    assert sent == ["a=1; b=1; c=1", "c=1"]


def test_the_transport_leads_nowhere_else(lab):
    session = requests.Session()
    session.mount("https://", IntoTheLab(lab.world().network, "Diary"))
    with pytest.raises(requests.ConnectionError, match="not in the lab"):
        session.get("https://mallory.example/")
    session.close()
