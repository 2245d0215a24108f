"""Attacks on where the browser is sent: lax matching, and a server that sends people anywhere."""

from __future__ import annotations

from urllib.parse import urlencode

from jwtlab.oauth.attacks.mallory import (
    SITE,
    answer_of,
    open_site,
    own_request,
    read_notes,
    redeem,
    use_public_client,
)
from jwtlab.oauth.attacks.model import FlowAttack, Loot
from jwtlab.oauth.flows.client_credentials import member
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.world import APP, ISSUER, World

LOOKALIKE = f"{APP}.mallory.example"
"""It begins like the application's own address."""


def lax_matching(world: World) -> Steps[Loot]:
    alice = world.browser("alice")
    link, verifier = own_request(world, "open-notes", f"{LOOKALIKE}/callback")
    yield from visit(
        alice,
        link,
        "Mallory sends Alice a link to the honest server. The application is the honest one too; only the "
        "redirect_uri is not.",
        "RFC 9700 §4.1",
    )
    page = yield from log_in(world, alice, "alice")
    if page.redirect.startswith(LOOKALIKE):
        yield from follow(
            alice, "The server sends the code to an address that only begins like the right one."
        )
    form = {
        "code": answer_of(page).get("code", ""),
        "redirect_uri": f"{LOOKALIKE}/callback",
        "code_verifier": verifier,  # PKCE does not help: Mallory has made the request herself
    }
    answer = yield from redeem(world, "open-notes", form)
    return (yield from read_notes(member(answer, "access_token")))


def open_redirector(world: World) -> Steps[Loot]:
    alice = world.browser("alice")
    query = urlencode(
        {"response_type": "nonsense", "client_id": "open-notes", "redirect_uri": f"{SITE}/login"}
    )
    page = yield from visit(
        alice,
        f"{ISSUER}/authorize?{query}",
        "Alice looks at the link before she clicks: it leads to the server that she knows.",
        "RFC 9700 §4.11.2",
    )
    if page.redirect.startswith(SITE):
        page = yield from follow(
            alice, "The server sends the error, and Alice with it, to where the link said."
        )
        return Loot(True, f"Alice is at {page.url.split('?')[0]}, and asked for her password there.")
    return Loot(False, f"The server shows an error page: {page.title}")


def _scene(world: World) -> None:
    use_public_client(world)
    open_site(world)
    open_site(world, LOOKALIKE)


ATTACKS = (
    FlowAttack(
        id="lax-redirect",
        title="An address that only begins like the right one",
        flow="authorization-code",
        story="The server compares the beginning of the redirect_uri, or a pattern. Mallory registers a domain that "
        "begins alike, and sends Alice a link. PKCE does not help, because Mallory has made the request herself.",
        spec="RFC 9700 §4.1",
        script=lax_matching,
        weak=("redirect-uri-registered",),
        stopped_by=("redirect-uri-registered",),
        prepare=_scene,
    ),
    FlowAttack(
        id="open-redirector",
        title="The honest server sends people to the phisher",
        flow="authorization-code",
        story="A link to the server that everybody trusts, with a mistake in it on purpose. A server that sends "
        "errors to addresses it has not checked sends Alice on to Mallory's login page.",
        spec="RFC 9700 §4.11.2",
        script=open_redirector,
        weak=("redirect-uri-registered",),
        stopped_by=("redirect-uri-registered",),
        prepare=_scene,
    ),
)
"""In the order of the lesson."""
