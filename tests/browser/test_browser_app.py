"""Lesson 42's table, played in a real Chromium: every case has the outcome that it has in the lab's own browser.

The same servers answer on sockets of this machine. Names under ``localhost`` are one site, 127.0.0.1 is another. By
default the cases are played in which no defence, one, or all are up; JWTLAB_EVERY_CASE=1 plays every combination.
"""

from __future__ import annotations

import os
import secrets
import time

import pytest

from jwtlab import demo
from jwtlab.oauth.browser_app import DESIGNS, Case, Places, Stage, cases, play
from jwtlab.oauth.browser_app.playing import judge, start_of
from jwtlab.testing.sockets import LoopbackServer

pytestmark = pytest.mark.browser
MOST = None if os.environ.get("JWTLAB_EVERY_CASE") else 1
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
    hosts = ("notes.localhost", "login.notes.localhost", "api.notes.localhost", "blog.notes.localhost", "127.0.0.1")
    places = Places(*(door.origin(host) for door, host in zip(doors, hosts, strict=True)))

    def make(design):
        clock = Clock()
        stage = Stage(design, places, clock=clock, random=secrets.token_bytes, key=demo.demo_key)
        for door, (_, _, application) in zip(doors, stage.parts, strict=True):
            door.application = application
        return stage, clock

    return make


def in_chromium(browser, stage, clock, case):
    """Play a case as the lab's browser does."""
    clock.ahead = 0.0
    stage.begin(case)
    context = browser.new_context()
    try:
        name, value = stage.session_cookie
        cookie = {"name": name, "value": value, "url": stage.places.issuer, "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([cookie])
        context.add_init_script(NOTES_BLOCKED_SCRIPTS)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(stage.places.app, wait_until="commit")
        if case.what.entry:
            until(page, "document.body?.dataset.mallory || (window.blocked && document.body.dataset.shown)")
            if page.evaluate("document.body.dataset.mallory") == "waits":
                page.click("#reload")
                until(page, "document.body?.dataset.mallory === 'over'")
        else:
            until(page, "document.body?.dataset.shown")
            page.goto(start_of(stage), wait_until="commit")
            if case.attack.startswith("form"):
                page.wait_for_url(lambda url: url.startswith((stage.places.api, stage.places.app)))
            else:
                until(page, "document.body?.dataset.mallory === 'over'")
    finally:
        context.close()
    return judge(stage, clock.advance)


def until(page, condition):
    page.wait_for_function(f"() => {condition}", timeout=PATIENCE)


@pytest.mark.parametrize("design", [each.id for each in DESIGNS])
def test_chromium_and_the_labs_browser_agree(browser, stage_of, design):
    stage, clock = stage_of(design)
    differ = {}
    for case in cases([design], most=MOST):
        found = in_chromium(browser, stage, clock, case)
        if found != play(case):
            differ[str(case)] = (found, play(case))
    assert not differ


def test_strict_cookie_stays_away_and_none_goes_along(browser, stage_of):
    """Not only the outcome: what arrives at the backend with a stranger's form."""
    stage, clock = stage_of("backend")
    arrived = []
    stage.app.flask.before_request(lambda: arrived.append(_seen()))
    for up in (frozenset(), frozenset({"same-site"})):
        arrived.clear()
        in_chromium(browser, stage, clock, Case("backend", "form-from-elsewhere", up))
        posted = next(each for each in arrived if each[0] == "POST")
        assert ("session" in posted[1]) is (not up)


def _seen():
    from flask import request

    return request.method, dict(request.cookies)
