"""Lesson 42's table, played in a real Chromium: every case has the outcome that it has in the lab's own browser.

The same servers answer on sockets of this machine. Names under ``localhost`` are one site, 127.0.0.1 is another. By
default no wall is up, or one that changes what comes of it in the lab. JWTLAB_EVERY_CASE=1 plays every combination,
and so those in which a wall has nothing to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time

import pytest
from flask import request
from jupyter import CHROMIUM_ARGS
from short_form import few

from jwtlab import demo
from jwtlab.oauth.browser_app import DESIGNS, DesignStage, Places, PlayedCase, cases, play, prepare
from jwtlab.oauth.browser_app.playing import judge, start_of
from jwtlab.testing.sockets import LoopbackServer

pytestmark = pytest.mark.browser
PATIENCE = 30_000  # milliseconds
NOTES_BLOCKED_SCRIPTS = """
document.addEventListener("securitypolicyviolation", event => {
  if (event.effectiveDirective.startsWith("script-src")) window.blocked = true;
});
"""


class Door:
    """A socket whose application can be changed."""

    def __init__(self) -> None:
        self.application = None
        self.server = LoopbackServer(lambda environ, start: self.application(environ, start))
        self.server.start()

    def origin(self, host: str) -> str:
        return f"http://{host}:{self.server.port}"


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture(scope="module")
def doors():
    made = [Door() for _ in range(5)]
    yield made
    for each in made:
        each.server.stop()


@pytest.fixture(scope="module")
def stage_of(doors):
    """``design -> (stage, clock)``, behind the doors."""
    hosts = (
        "notes.localhost",
        "login.notes.localhost",
        "api.notes.localhost",
        "blog.notes.localhost",
        "127.0.0.1",
    )
    places = Places(*(door.origin(host) for door, host in zip(doors, hosts, strict=True)))

    def make(design):
        clock = Clock()
        stage = DesignStage(design, places, clock=clock, random=secrets.token_bytes, key=demo.demo_key)
        for door, (_, _, application) in zip(doors, stage.parts, strict=True):
            door.application = application
        return stage, clock

    return make


@contextlib.contextmanager
def profile(chromium_path, folder, *, third_party_cookies):
    """Chromium with a profile in which somebody has made this choice."""
    from playwright.sync_api import sync_playwright

    (folder / "Default").mkdir()
    chosen = {"cookie_controls_mode": 0 if third_party_cookies else 1}
    chosen["block_third_party_cookies"] = not third_party_cookies
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": chosen}), "utf-8")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium_path, args=CHROMIUM_ARGS
        )
        running.add_init_script(NOTES_BLOCKED_SCRIPTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def context(chromium_path, tmp_path_factory):
    """Third-party cookies go along, as not in every browser."""
    with profile(chromium_path, tmp_path_factory.mktemp("profile"), third_party_cookies=True) as running:
        yield running


def in_chromium(context, stage, clock, case):
    """Play a case as the lab's browser does."""
    clock.ahead = 0.0
    stage.begin(case)
    context.clear_cookies()
    name, value = stage.session_cookie
    cookie = {"name": name, "value": value, "url": stage.places.issuer, "httpOnly": True, "sameSite": "Lax"}
    context.add_cookies([cookie])
    page = context.new_page()
    try:
        forget = {"origin": stage.places.app, "storageTypes": "all"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", forget)
        visit(page, stage, case)
    finally:
        page.close()
    return judge(stage, clock.advance)


def visit(page, stage, case):
    """What Alice does."""
    page.set_default_timeout(PATIENCE)
    page.goto(stage.places.app, wait_until="commit")
    if case.what.entry:
        until(page, "document.body?.dataset.mallory || (window.blocked && document.body.dataset.shown)")
        if page.evaluate("document.body.dataset.mallory") == "waits":
            page.click("#reload")
            until(page, "document.body?.dataset.mallory === 'over'")
        return
    until(page, "document.body?.dataset.shown")
    page.goto(start_of(stage), wait_until="commit")
    if case.attack.startswith("form"):
        page.wait_for_url(lambda url: url.startswith((stage.places.api, stage.places.app)))
    else:
        until(page, "document.body?.dataset.mallory === 'over'")


def until(page, condition):
    page.wait_for_function(f"() => {condition}", timeout=PATIENCE)


def chosen(design):
    """The cases of a design that are played by default: every one without a wall, and each wall where it matters."""
    if os.environ.get("JWTLAB_EVERY_CASE"):
        return list(cases([design]))
    alone = list(cases([design], most=1))
    bare = {each.attack: play(each) for each in alone if not each.defences}
    return [each for each in alone if not each.defences or play(each) != bare[each.attack]]


def test_without_third_party_cookies_a_stranger_reads_nothing_and_still_posts(
    chromium_path, tmp_path, stage_of
):
    stage, clock = stage_of("backend")
    with profile(chromium_path, tmp_path, third_party_cookies=False) as careful:
        for attack in ("read-from-elsewhere", "form-from-elsewhere", "form-from-a-sibling"):
            case = PlayedCase("backend", attack)
            found = in_chromium(careful, stage, clock, case)
            assert found == prepare(case, third_party_cookies=False).run()
            assert found.stopped is (attack == "read-from-elsewhere")


@pytest.mark.parametrize("design", few([each.id for each in DESIGNS]))
def test_chromium_and_the_labs_browser_agree(context, stage_of, design):
    stage, clock = stage_of(design)
    differ = {}
    for case in chosen(design):
        found = in_chromium(context, stage, clock, case)
        if found != play(case):
            differ[str(case)] = (found, play(case))
    assert not differ


def test_strict_cookie_stays_away_and_none_goes_along(context, stage_of):
    """Not only the outcome: what arrives at the backend with a stranger's form."""
    stage, clock = stage_of("backend")
    arrived = []
    stage.app.flask.before_request(lambda: arrived.append((request.method, dict(request.cookies))))
    for up in (frozenset(), frozenset({"same-site"})):
        arrived.clear()
        in_chromium(context, stage, clock, PlayedCase("backend", "form-from-elsewhere", up))
        posted = next(cookies for method, cookies in arrived if method == "POST")
        assert ("session" in posted) is (not up)
