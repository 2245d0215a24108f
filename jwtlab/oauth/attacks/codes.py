"""Attacks on the authorization code: overheard, injected, replayed, carried to the wrong server."""

from __future__ import annotations

from urllib.parse import urlencode

from jwtlab.oauth import pkce
from jwtlab.oauth.attacks.mallory import (
    MALLORY,
    answer_of,
    read_notes,
    redeem,
    up_to_callback,
    use_public_client,
    with_answer,
)
from jwtlab.oauth.attacks.model import FlowAttack, Loot
from jwtlab.oauth.client import Credentials, Provider
from jwtlab.oauth.flows.authorization_code import SETTINGS
from jwtlab.oauth.flows.client_credentials import member
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.steps import Steps, call, follow, visit
from jwtlab.oauth.world import ISSUER, World

PHONE = "com.example.phone:/callback"
EVIL = "https://evil.example"


def interception(world: World, with_pkce: bool = True) -> Steps[Loot]:
    browser = world.browser("alice")
    verifier = pkce.new_verifier(world.random)
    parameters = {
        "response_type": "code",
        "client_id": "phone-app",
        "redirect_uri": PHONE,
        "scope": "profile notes:read",
        "state": world.secret(),
    }
    if with_pkce:
        parameters |= {"code_challenge": pkce.challenge(verifier), "code_challenge_method": pkce.S256}
    yield from visit(
        browser,
        f"{ISSUER}/authorize?{urlencode(parameters)}",
        "An app on Alice's telephone opens the browser.",
        "RFC 8252 §4.1",
    )
    page = yield from log_in(world, browser, "alice")
    code = answer_of(page).get("code", "")
    # The telephone hands com.example.phone: to an app that has registered it. Mallory's has, too.
    answer = yield from redeem(world, "phone-app", {"code": code, "redirect_uri": PHONE})
    return (yield from read_notes(member(answer, "access_token")))


def interception_without_pkce(world: World) -> Steps[Loot]:
    return (yield from interception(world, with_pkce=False))


def csrf(world: World) -> Steps[Loot]:
    app, alice, mallory = world.app, world.browser("alice"), world.browser("mallory")
    yield from visit(alice, app.address("/"), "Alice has the notes app open.")
    page = yield from up_to_callback(world, mallory, "mallory", app)
    yield from visit(
        alice,
        page.redirect or app.address("/callback"),
        "Mallory has stopped before her own last redirect. Alice's browser loads that address, hidden in an image.",
        "RFC 6749 §10.12",
    )
    page = yield from visit(alice, app.address("/notes"), "Alice writes her diary into the notes app.")
    if page.title == "Notes of mallory":
        return Loot(
            True, "Alice works in Mallory's account without knowing it; whatever she writes, Mallory reads."
        )
    return Loot(False, f"Alice sees: {page.title}")


def injection(world: World) -> Steps[Loot]:
    app, alice, mallory = world.app, world.browser("alice"), world.browser("mallory")
    page = yield from up_to_callback(world, alice, "alice", app)
    stolen = answer_of(page).get("code", "")  # out of a log, before Alice's application has redeemed it
    page = yield from up_to_callback(world, mallory, "mallory", app)
    yield from follow(
        mallory,
        "Mallory logs in herself, and puts Alice's code in the place of her own. The application redeems it, with "
        "its own secret.",
        "RFC 9700 §4.5",
        with_answer(page, code=stolen),
    )
    page = yield from visit(mallory, app.address("/notes"), "Mallory opens the notes in her own browser.")
    if page.title == "Notes of alice":
        return Loot(True, "Mallory's session at the application belongs to Alice now.")
    return Loot(False, f"Mallory sees: {page.title}")


def replay(world: World) -> Steps[Loot]:
    app, alice = world.app, world.browser("alice")
    yield from up_to_callback(world, alice, "alice", app)
    yield from follow(alice, "The application redeems the code.", "RFC 6749 §4.1.3")
    sent = next(
        (each.request for each in reversed(world.network.trace) if each.request.path == "/token"), None
    )
    if sent is None:
        return Loot(False, "No code was redeemed.")
    answer = yield from call(
        MALLORY,
        sent,
        "Mallory has read the application's log: the whole request, code and verifier. She sends it again.",
        "RFC 6749 §10.5",
    )
    return (yield from read_notes(member(answer, "access_token")))


class EvilServer:
    """An authorization server of Mallory's: it sends browsers on to the honest one, and keeps what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def respond(self, request: Request) -> Steps[Response]:
        if request.path == "/token":
            self.told = dict(request.form)
            return Response.make(400, '{"error": "server_error"}', kind="application/json")
        query = dict(request.query) | {"client_id": "open-notes"}
        return Response.make(303, headers=(("Location", f"{ISSUER}/authorize?{urlencode(query)}"),))
        yield  # a generator, as the answers of other applications are

    def __call__(self, environ: object, start_response: object) -> object:
        raise NotImplementedError("Mallory's server is only reached step by step")


def prepare_mix_up(world: World) -> None:
    """The notes app lets people choose between two servers; one of them is Mallory's."""
    endpoints = {
        "issuer": EVIL,
        "authorization_endpoint": f"{EVIL}/authorize",
        "token_endpoint": f"{EVIL}/token",
        "jwks_uri": f"{EVIL}/jwks",
        "authorization_response_iss_parameter_supported": True,
    }
    use_public_client(world, SETTINGS, {"evil": Provider(EVIL, Credentials("notes-at-evil"), endpoints)})
    world.network.add(EVIL, "Mallory's server", EvilServer())


def mix_up(world: World) -> Steps[Loot]:
    app, alice = world.app, world.browser("alice")
    evil = world.network.answers_at(EVIL)
    assert isinstance(evil, EvilServer)
    yield from visit(
        alice,
        app.address("/login", provider="evil"),
        "Alice starts a login; Mallory has changed which server was chosen (or Alice chose hers).",
        "RFC 9700 §4.4",
    )
    yield from follow(alice, "The application sends the browser to Mallory's server.")
    yield from follow(
        alice, "Mallory's server sends it on to the honest one, in the application's name there."
    )
    yield from log_in(world, alice, "alice")
    yield from follow(
        alice,
        "The honest server answers. The application still thinks of the other one, and takes the code there.",
        "RFC 9207 §1",
    )
    told = evil.told
    form = {name: told.get(name, "") for name in ("code", "code_verifier", "redirect_uri")}
    answer = yield from redeem(world, "open-notes", form)
    return (yield from read_notes(member(answer, "access_token")))


def _old_client(world: World) -> None:
    world.configure(SETTINGS.replace(features={"state", "nonce"}))


def _plain(world: World) -> None:
    world.configure(SETTINGS)


ATTACKS = (
    FlowAttack(
        id="code-interception",
        title="The code is overheard on the telephone",
        flow="authorization-code",
        story="On a telephone, a redirect to an app may end up at another app that has registered the same address. "
        "Mallory's app gets the code and redeems it; but it does not know the code_verifier.",
        spec="RFC 7636 §1",
        script=interception,
        weak=("code-verifier",),
        stopped_by=("code-verifier",),
    ),
    FlowAttack(
        id="code-interception-without-pkce",
        title="The code is overheard, and the app uses no PKCE",
        flow="authorization-code",
        story="The same telephone, an older app: it sends no code_challenge, so the code alone is enough. A server "
        "that insists on PKCE does not hand such a code out.",
        spec="RFC 9700 §2.1.1",
        script=interception_without_pkce,
        weak=("code-challenge-present",),
        stopped_by=("code-challenge-present",),
    ),
    FlowAttack(
        id="login-csrf",
        title="You are logged in as somebody else",
        flow="authorization-code",
        story="Mallory begins a login with her own account and stops before the last redirect. Alice's browser "
        "loads that address. PKCE or a nonce would notice in the end (RFC 9700 §2.1), but this application is old and "
        "uses neither. Without a state it cannot tell that Alice never asked, and connects her to Mallory's account.",
        spec="RFC 9700 §4.7",
        script=csrf,
        weak=("state-matches", "code-challenge-present"),
        stopped_by=("state-matches",),
        prepare=_old_client,
    ),
    FlowAttack(
        id="code-injection",
        title="A stolen code in the thief's own login",
        flow="openid-connect",
        story="Mallory cannot redeem Alice's code: the application's secret is missing. So she lets the application "
        "do it: she logs in herself and replaces her code by Alice's. PKCE and nonce both notice that the code "
        "belongs to another login.",
        spec="RFC 9700 §4.5",
        script=injection,
        weak=("code-verifier", "nonce-matches"),
        stopped_by=("code-verifier", "nonce-matches"),
    ),
    FlowAttack(
        id="code-replay",
        title="A used code is used again",
        flow="authorization-code",
        story="Codes end up in logs and histories. Mallory finds a whole token request in a log and sends it again. "
        "The sound server refuses, and revokes the tokens that the code gave, because it is in two hands. An API that "
        "checks tokens by itself takes those until they expire.",
        spec="RFC 6749 §4.1.2",
        script=replay,
        weak=("code-unused",),
        stopped_by=("code-unused",),
        prepare=_plain,
    ),
    FlowAttack(
        id="mix-up",
        title="The code is carried to the wrong server",
        flow="authorization-code",
        story="An application works with two servers, one of which is Mallory's. Hers sends the browser on to the "
        "honest one; the application, which thinks of hers, brings her the honest server's code, and the verifier "
        "with it.",
        spec="RFC 9700 §4.4",
        script=mix_up,
        weak=("issuer-matches",),
        stopped_by=("issuer-matches",),
        prepare=prepare_mix_up,
    ),
)
"""In the order of the lesson."""
