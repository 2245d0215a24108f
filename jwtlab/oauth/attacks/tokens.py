"""Attacks with tokens: stolen, swapped, taken to the wrong place, or signed with yesterday's key."""

from __future__ import annotations

from jwtlab.jose import jwt
from jwtlab.oauth.attacks.mallory import (
    MALLORY,
    lure_into_game,
    read_notes,
    up_to_callback,
    use_public_client,
    with_answer,
)
from jwtlab.oauth.attacks.model import FlowAttack, Loot
from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.authorization_code import authorization_code
from jwtlab.oauth.flows.client_credentials import client_credentials, member
from jwtlab.oauth.flows.dpop import dpop
from jwtlab.oauth.flows.hybrid import hand_over
from jwtlab.oauth.flows.openid_connect import openid_connect
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, call, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import API, APP, ISSUER, World


def refresh_theft(world: World) -> Steps[Loot]:
    alice = world.browser("alice")
    yield from authorization_code(world, "alice", alice)
    stolen = _last_answer(world, "refresh_token")
    yield from visit(
        alice, world.app.address("/refresh"), "Alice's application refreshes, as it does every day."
    )
    form = {"grant_type": "refresh_token", "client_id": "open-notes", "refresh_token": stolen}
    answer = yield from call(
        MALLORY,
        Request.make("POST", f"{ISSUER}/token", form=form),
        "Mallory has copied the refresh token before. She uses it too.",
        "RFC 9700 §4.14",
    )
    return (yield from read_notes(member(answer, "access_token")))


def _last_answer(world: World, name: str) -> str:
    answers = [each.response for each in reversed(world.network.trace) if each.response is not None]
    return next((found for found in (member(each, name) for each in answers) if found), "")


def token_injection(world: World) -> Steps[Loot]:
    app, alice, mallory = world.app, world.browser("alice"), world.browser("mallory")
    caught = yield from lure_into_game(world, alice, "alice", "id_token token", world.secret())
    page = yield from up_to_callback(world, mallory, "mallory", app)
    yield from _come_back(
        mallory,
        with_answer(page, access_token=caught.get("access_token", "")),
        "Mallory logs in herself, and puts the access token that Alice gave her game in the place of her own.",
        "RFC 6749 §10.16",
    )
    page = yield from visit(mallory, app.address("/notes"), "Mallory opens the notes in her own browser.")
    if page.title == "Notes of alice":
        return Loot(True, "The application reads Alice's notes, and shows them to Mallory.")
    return Loot(False, f"Mallory sees: {page.title}")


def _come_back(browser: UserAgent, address: str, says: str, spec: str) -> Steps[Page]:
    yield from follow(browser, says, spec, address)
    yield from hand_over(browser)
    page = browser.page
    if page is not None and page.redirect:
        return (yield from follow(browser, "The application has taken the answer."))
    assert page is not None
    return page


def substitution(world: World) -> Steps[Loot]:
    app, alice, mallory = world.app, world.browser("alice"), world.browser("mallory")
    yield from visit(mallory, app.address("/login"), "Mallory begins a login at the notes app.")
    asked = Request("GET", mallory.page.redirect if mallory.page else "")
    caught = yield from lure_into_game(world, alice, "alice", "id_token", asked.get("nonce"))
    back = f"{APP}/callback#id_token={caught.get('id_token', '')}&state={asked.get('state')}&iss={ISSUER}"
    page = yield from _come_back(
        mallory,
        back,
        "She comes back with Alice's ID token, made for the game with the very nonce of this login.",
        "OpenID Connect Core §3.1.3.7",
    )
    if "Hello" in page.text_shown and "alice" in page.text_shown.lower():
        return Loot(True, "The notes app greets Mallory as Alice.")
    return Loot(False, f"The notes app says: {page.title}")


def id_token_at_api(world: World) -> Steps[Loot]:
    alice = world.browser("alice")
    caught = yield from lure_into_game(world, alice, "alice", "id_token", world.secret())
    return (yield from read_notes(caught.get("id_token", "")))


def logout_forgery(world: World) -> Steps[Loot]:
    alice, app = world.browser("alice"), world.app
    yield from openid_connect(world, "alice", alice)
    stolen = _last_answer(world, "id_token")
    yield from call(
        MALLORY,
        Request.make("POST", app.address("/backchannel-logout"), form={"logout_token": stolen}),
        "Mallory has found an ID token of Alice's in a log. She posts it as if it were a logout token.",
        "OpenID Connect Back-Channel Logout §2.6",
    )
    page = yield from visit(alice, app.address("/"), "Alice comes back to the application.")
    if "Nobody is logged in" in page.text_shown:
        return Loot(True, "Alice is logged out, as often as Mallory likes.")
    return Loot(False, "Alice is still logged in.")


def dpop_downgrade(world: World) -> Steps[Loot]:
    yield from dpop(world)
    stolen = _last_answer(world, "access_token")
    return (yield from read_notes(stolen))


def old_keys(world: World) -> Steps[Loot]:
    yield from client_credentials(world)
    # The signing key was stolen. The server brings in a new one; a while later the old one is published no more.
    world.server.keys.rotate()
    world.wait(16 * 60)
    now = int(world.clock())
    claims = {
        "iss": ISSUER,
        "sub": "alice",
        "aud": API,
        "client_id": "notes-app",
        "scope": "notes:read",
        "iat": now,
        "exp": now + 600,
        "jti": world.secret(),
    }
    forged = jwt.issue(claims, world.key("RS256", "lab"), alg="RS256", header={"typ": "at+jwt"})
    return (yield from read_notes(forged))


def _implicit_token(world: World) -> None:
    world.answer_retired_requests()
    world.configure(ClientSettings(scope="openid profile notes:read", response_type="id_token token"))


def _implicit_id_token(world: World) -> None:
    world.configure(ClientSettings(scope="openid profile", response_type="id_token"))


ATTACKS = (
    FlowAttack(
        id="refresh-token-theft",
        title="The refresh token in two hands",
        flow="refresh",
        story="Mallory has copied a refresh token. Alice's application goes on refreshing; so does Mallory, for "
        "months. With rotation the second use of the same token shows that it is in two hands, and neither of them "
        "can refresh any more.",
        spec="RFC 9700 §4.14",
        script=refresh_theft,
        weak=("refresh-unused",),
        stopped_by=("refresh-unused",),
        prepare=use_public_client,
    ),
    FlowAttack(
        id="implicit-token-injection",
        title="Somebody else's access token in the address bar",
        flow="implicit",
        story="Alice plays Mallory's game, which gets an access token for it. Mallory puts that token into her own "
        "login at the notes app. An application that takes the token for a login now works with Alice's data.",
        spec="RFC 9700 §4.6",
        script=token_injection,
        weak=("access-token-hash", "userinfo-subject"),
        stopped_by=("access-token-hash", "userinfo-subject"),
        prepare=_implicit_token,
    ),
    FlowAttack(
        id="id-token-substitution",
        title="An ID token that was made for another application",
        flow="openid-connect",
        story="Mallory begins a login at the notes app and takes its nonce along. Alice logs in at Mallory's game, "
        "with just that nonce. The ID token is genuine, fresh and fits the login; only its audience is the game.",
        spec="OpenID Connect Core §3.1.3.7",
        script=substitution,
        weak=("Notes app:audience-expected",),
        stopped_by=("Notes app:audience-expected",),
        prepare=_implicit_id_token,
    ),
    FlowAttack(
        id="id-token-at-api",
        title="An ID token opens the API",
        flow="openid-connect",
        story="Mallory's game has an ID token of Alice's: a word about who she is, for the game alone. An API that "
        "looks at nothing but signature and expiry takes it for an access token.",
        spec="RFC 9068 §5",
        script=id_token_at_api,
        weak=("API:type-expected", "API:audience-expected", "API:scope-covers"),
        stopped_by=("API:type-expected", "API:audience-expected", "API:scope-covers"),
    ),
    FlowAttack(
        id="logout-token-forgery",
        title="An ID token logs its owner out",
        flow="single-sign-on",
        story="Logout messages are signed by the server with the same key as ID tokens. An application that does "
        "not look for the event in it can be told to log anybody out whose ID token has leaked.",
        spec="OpenID Connect Back-Channel Logout §2.6",
        script=logout_forgery,
        weak=("logout-event", "logout-without-nonce", "Notes app:type-expected", "Notes app:not-replayed"),
        stopped_by=(
            "logout-event",
            "logout-without-nonce",
            "Notes app:type-expected",
            "Notes app:not-replayed",
        ),
    ),
    FlowAttack(
        id="dpop-downgrade",
        title="A bound token, presented as an ordinary one",
        flow="dpop",
        story="Mallory has stolen an access token that is bound to a key. She has no key, so she does not mention "
        "it, and sends the token as Bearer.",
        spec="RFC 9449 §7.2",
        script=dpop_downgrade,
        weak=("API:scheme-matches",),
        stopped_by=("API:scheme-matches",),
    ),
    FlowAttack(
        id="jwks-cached-for-ever",
        title="Yesterday's key still counts",
        flow="bearer",
        story="The server's signing key was stolen, and replaced. An API that fetched the keys once and never again "
        "goes on trusting the stolen one.",
        spec="OpenID Connect Core §10.1.1",
        script=old_keys,
        weak=("API:keys-fresh",),
        stopped_by=("API:keys-fresh",),
        refused_by=("key-found",),
    ),
)
"""In the order of the lesson."""
