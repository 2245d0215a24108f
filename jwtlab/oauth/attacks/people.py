"""Attacks that use people: their mailbox, their mail scanner, their trust in a link."""

from __future__ import annotations

from jwtlab.oauth import protocol
from jwtlab.oauth.attacks.mallory import MALLORY, read_notes
from jwtlab.oauth.attacks.model import FlowAttack, Loot
from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.client_credentials import member, token_request
from jwtlab.oauth.flows.passwordless import passwordless
from jwtlab.oauth.http.steps import Steps, call, follow, submit, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import ISSUER, World


def link_reuse(world: World) -> Steps[Loot]:
    yield from passwordless(world)
    link = world.mailbox.newest(world.people["alice"].email).link
    mallory = world.browser("mallory")
    yield from visit(
        mallory, link, "Mallory looks into Alice's mailbox next morning, and opens the old link."
    )
    if mallory.page is not None and mallory.page.forms:
        yield from submit(mallory, None, "She presses the button.")
    return (yield from _enter_as_alice(world, mallory))


def _enter_as_alice(world: World, browser: UserAgent) -> Steps[Loot]:
    page = yield from visit(browser, world.app.address("/login"), "She goes to the notes app.")
    page = yield from follow(
        browser, "The application sends her to the server, which knows her browser, or not."
    )
    if page.redirect:
        yield from follow(browser, "The server sends her back with a code.")
        page = yield from follow(browser, "The application greets her.")
    if "Hello Alice" in page.text_shown:
        return Loot(True, "The notes app greets Mallory as Alice.")
    return Loot(False, f"Mallory sees: {page.title}")


def scanner(world: World) -> Steps[Loot]:
    person, alice = world.people["alice"], world.browser("alice")
    app = world.configure(ClientSettings(scope="openid profile notes:read"))
    machine = world.browser("The mail scanner")
    yield from visit(alice, app.address("/login"), "Alice presses Log in.")
    yield from follow(alice, "The browser goes to the authorization server.", "RFC 6749 §4.1.1")
    yield from submit(alice, {"email": person.email}, "Alice asks for a link.", form=1)
    link = world.mailbox.newest(person.email).link
    yield from visit(
        machine, link, "The mail scanner of Alice's company opens the link, to see whether it is safe."
    )
    page = yield from visit(alice, link, "Alice opens the link.")
    if page.forms:
        page = yield from submit(alice, None, "Alice presses the button.")
    if page.status == 403 and "used" in page.text_shown:
        return Loot(
            True, "Alice's link is used up before she has seen it, and the scanner is logged in as Alice."
        )
    return Loot(False, "Alice gets in.")


def device_phishing(world: World) -> Steps[Loot]:
    alice = world.browser("alice")
    asked = token_request(world, "television", {"scope": "openid profile notes:read"})
    shown = yield from call(
        MALLORY,
        asked.at(f"{ISSUER}/device_authorization"),
        "Mallory starts to connect a television: her own.",
        "RFC 8628 §3.1",
    )
    yield from visit(
        alice,
        member(shown, "verification_uri_complete") or f"{ISSUER}/device",
        "She sends Alice the link: please confirm your account. Alice opens it.",
        "RFC 8628 §5.4",
    )
    page = alice.page
    if page is not None and any("password" in form.fields for form in page.forms):
        # Alice logs in, as she is asked to; what she is asked next, she does not answer.
        person = world.people["alice"]
        yield from submit(
            alice,
            {"username": person.username, "password": person.password},
            "Alice logs in at the server's own page. She wonders about the next page, and closes it.",
        )
    world.wait(5)
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": member(shown, "device_code")}
    answer = yield from call(
        MALLORY,
        token_request(world, "television", form),
        "Mallory's television asks for its tokens.",
        "RFC 8628 §3.4",
    )
    return (yield from read_notes(member(answer, "access_token")))


ATTACKS = (
    FlowAttack(
        id="magic-link-reuse",
        title="Yesterday's link in today's mailbox",
        flow="passwordless",
        story="The link stays in the mailbox, in the browser's history, and in the backup of both. Whoever opens it "
        "later, in any browser, is logged in; unless it is good once, and only where it was asked for.",
        spec="",
        script=link_reuse,
        weak=("link-unused", "link-browser"),
        stopped_by=("link-unused", "link-browser"),
    ),
    FlowAttack(
        id="scanner-prefetch",
        title="The mail scanner burns the link",
        flow="passwordless",
        story="Mail scanners open links to see whether they are safe. If opening is enough, the link is used up "
        "before the person sees it, and the scanner's browser is logged in.",
        spec="",
        script=scanner,
        weak=("link-pressed", "link-browser"),
        stopped_by=("link-pressed", "link-browser"),
        by_mallory=False,
    ),
    FlowAttack(
        id="device-phishing",
        title="Somebody else's television",
        flow="device",
        story="Mallory starts the device flow and sends Alice the link with the code in it. If opening it is enough, "
        "her television is connected to Alice's account. The sound page shows which device asks, and waits for a "
        "button. Nothing stops an Alice who presses it.",
        spec="RFC 8628 §5.4",
        script=device_phishing,
        weak=("device-confirmed",),
        stopped_by=("device-confirmed",),
        refused_by=("device-confirmed", "device-answered"),
    ),
)
"""In the order of the lesson."""
