"""Twelve logins, each with one fault, played by the lab's own servers: every message is what such a fault makes."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.lifetimes import ACCESS_LIFETIME, CODE_LIFETIME
from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Step, Steps, follow, submit, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.mishaps import people
from jwtlab.oauth.world import APP, ARCHIVE, World

PLAIN = ClientSettings(scope="profile notes:read")


def _to_the_callback(world: World, browser: UserAgent) -> Steps[Page]:
    """The browser logs in, and brings the application the answer."""
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    page = yield from log_in(world, browser, "alice")
    return (yield from follow(browser, "")) if page.redirect else page


def _to_the_end(world: World, browser: UserAgent) -> Steps[Page]:
    """As far as the application lets her."""
    page = yield from _to_the_callback(world, browser)
    return (yield from follow(browser, "")) if page.redirect else page


def lost_host(world: World) -> Steps[Page]:
    back = "http://127.0.0.1:5000/callback"
    people.move_in(
        world,
        origin="http://localhost:5000",
        also="http://127.0.0.1:5000",
        registered=back,
        comes_back_to=back,
        cookie_says="HttpOnly; Path=/; SameSite=Lax",
    )
    return (yield from _to_the_callback(world, world.browser("alice")))


def cookie_stays_behind(world: World) -> Steps[Page]:
    people.move_in(
        world,
        settings=people.OPENID.replace(response_mode="form_post"),
        cookie_says="Secure; HttpOnly; Path=/; SameSite=Lax",
    )
    browser = people.CarefulBrowser(world.network, world.browser("alice").name)
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    yield from log_in(world, browser, "alice")
    return (yield from submit(browser, None, ""))


def slash(world: World) -> Steps[Page]:
    people.move_in(world, comes_back_to=f"{APP}/callback/")
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/"), "")
    return (yield from _to_the_callback(world, browser))


def proxy(world: World) -> Steps[Page]:
    people.move_in(world, comes_back_to=f"{APP.replace('https', 'http')}/callback")
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/"), "")
    return (yield from _to_the_callback(world, browser))


def prefetch(world: World) -> Steps[Page]:
    people.move_in(world, people.ForgetsNoSession)
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    yield from log_in(world, browser, "alice")
    ahead = browser.following().request.with_header("Sec-Purpose", "prefetch")
    yield Step(browser.name, ahead, "")
    return (yield from follow(browser, ""))


def slow_clock(world: World) -> Steps[Page]:
    people.tell_the_time(world)
    people.move_in(world, clock=lambda: world.clock() - 180, dated=True)
    return (yield from _to_the_callback(world, world.browser("alice")))


def other_api(world: World) -> Steps[Page]:
    people.move_in(world, settings=PLAIN.replace(extra={"resource": ARCHIVE}))
    browser = world.browser("alice")
    yield from _to_the_end(world, browser)
    return (yield from visit(browser, world.app.address("/notes"), ""))


def keys_for_ever(world: World) -> Steps[Page]:
    people.move_in(world, people.KeepsKeys)
    yield from _to_the_end(world, world.browser("alice"))
    world.wait(3600)
    world.server.keys.rotate()
    browser = world.browser("bob")
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    yield from log_in(world, browser, "bob")
    return (yield from follow(browser, ""))


def verifier_of_another_tab(world: World) -> Steps[Page]:
    people.move_in(world, people.OneVerifier)
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    tab = browser.second_tab()
    yield from visit(tab, world.app.address("/login"), "")
    yield from follow(tab, "")
    yield from log_in(world, browser, "alice")
    return (yield from follow(browser, ""))


def less_scope(world: World) -> Steps[Page]:
    people.move_in(world)
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    form = {"username": "alice", "password": world.people["alice"].password}
    yield from submit(browser, form, "")
    _untick(world, "notes:read")
    yield from log_in(world, browser, "alice")
    yield from follow(browser, "")
    yield from follow(browser, "")
    return (yield from visit(browser, world.app.address("/notes"), ""))


def _untick(world: World, scope: str) -> None:
    """At a server whose consent page has a box for each right, somebody takes one out."""
    store = world.server.store
    for name in store.names("interaction"):
        record = store.get("interaction", name)
        if record is not None and "scope" in record:
            kept = [each for each in record["scope"] if each != scope]
            store.put("interaction", name, record | {"scope": kept}, record["expires"])


def nonce_of_before(world: World) -> Steps[Page]:
    people.move_in(world, people.OldNonce)
    browser = world.browser("alice")
    yield from visit(browser, world.app.address("/login"), "")
    yield from follow(browser, "")
    world.wait(CODE_LIFETIME)  # she looks for her password, goes back, and begins again
    return (yield from _to_the_callback(world, browser))


def two_tabs_refresh(world: World) -> Steps[Page]:
    app = people.move_in(world, settings=PLAIN)
    browser = world.browser("alice")
    yield from _to_the_end(world, browser)
    session = next(each for each in app.sessions.values() if "tokens" in each)
    old = dict(session["tokens"])
    world.wait(ACCESS_LIFETIME + 1)
    yield from visit(browser, app.address("/notes"), "")
    session["tokens"] = old  # what the second tab has kept for itself
    tab = browser.second_tab()
    return (yield from visit(tab, app.address("/notes"), ""))
