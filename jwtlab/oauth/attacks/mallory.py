"""Mallory's means: a web site of her own, a registered game, and what several of her scripts have in common."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from jwtlab.oauth import pkce
from jwtlab.oauth.attacks.model import Loot
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.client import ClientSettings, Credentials, Provider
from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.flows.client_credentials import api_request
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, call, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import APP, GAME, ISSUER, World

MALLORY = "Mallory"
SITE = "https://mallory.example"


class Site:
    """Mallory's web site: it says thank you and keeps what it was sent."""

    def __init__(self) -> None:
        self.received: list[Request] = []

    def respond(self, request: Request) -> Steps[Response]:
        self.received.append(request)
        return Response.make(200, "<!doctype html><title>A prize!</title><h1>You have won a prize</h1>")
        yield  # a generator, as the answers of other applications are

    def __call__(self, environ: object, start_response: object) -> object:
        raise NotImplementedError("Mallory's site is only reached step by step")


def open_site(world: World, origin: str = SITE) -> Site:
    """Put Mallory's site on the network."""
    site = Site()
    world.network.add(origin, "Mallory's site", site)
    return site


def up_to_callback(world: World, browser: UserAgent, user: str, app: ClientApplication) -> Steps[Page]:
    """A login up to the redirect back to the application, which is not followed yet."""
    name = world.people[user].name
    yield from visit(browser, app.address("/login"), f"{name} presses Log in at {app.name}.")
    yield from follow(browser, "The browser goes to the authorization server.", "RFC 6749 §4.1.1")
    return (yield from log_in(world, browser, user))


def answer_of(page: Page) -> dict[str, str]:
    """The parameters that the server sends back with a redirect, in query or fragment."""
    parts = urlsplit(page.redirect)
    return dict(parse_qsl(parts.query) + parse_qsl(parts.fragment))


def with_answer(page: Page, **changed: str) -> str:
    """The redirect with other parameters."""
    parts = urlsplit(page.redirect)
    if parts.fragment:
        return parts._replace(fragment=urlencode(dict(parse_qsl(parts.fragment)) | changed)).geturl()
    return parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | changed)).geturl()


def read_notes(token: object, owner: str = "alice") -> Steps[Loot]:
    """Mallory tries a token at the API."""
    answer = yield from call(
        MALLORY, api_request(token), "Mallory tries what she has at the API.", "RFC 6750 §2.1"
    )
    body = answer.json if isinstance(answer.json, dict) else {}
    if answer.status == 200 and body.get("owner") == owner:
        return Loot(True, f"Mallory reads {owner}'s notes: {', '.join(body['notes'])}.")
    return Loot(False, f"The API answers {answer.status}: {body.get('error_description', 'no')}")


def redeem(world: World, client_id: str, form: Mapping[str, str]) -> Steps[Response]:
    """Mallory sends a form to the token endpoint, as a public client."""
    full = {"grant_type": "authorization_code", "client_id": client_id, **form}
    return (
        yield from call(
            MALLORY,
            Request.make("POST", f"{ISSUER}/token", form={k: v for k, v in full.items() if v}),
            "Mallory redeems the code herself.",
            "RFC 6749 §4.1.3",
        )
    )


def use_public_client(
    world: World, settings: ClientSettings | None = None, others: dict[str, Provider] | None = None
) -> None:
    """The notes app as a public client: it has no secret that could stand in Mallory's way.

    Args:
        world: where.
        settings: of the notes app; otherwise as before.
        others: further servers that one can log in at.
    """
    client = Client(
        "open-notes",
        "Notes app",
        redirect_uris=(f"{APP}/callback",),
        response_types=("code", "code id_token"),
    )
    world.server.clients[client.client_id] = client
    servers = {"as": Provider(ISSUER, Credentials(client.client_id), world.metadata)}
    world.configure(settings or world.app.settings, providers=servers | (others or {}))


def lure_into_game(
    world: World, browser: UserAgent, user: str, response_type: str, nonce: str
) -> Steps[dict[str, str]]:
    """Somebody plays Mallory's game and logs in there: what she gets for it."""
    yield from visit(
        browser,
        f"{ISSUER}/authorize?"
        + urlencode(
            {
                "response_type": response_type,
                "client_id": "game",
                "redirect_uri": f"{GAME}/callback",
                "scope": "openid profile notes:read",
                "nonce": nonce,
                "state": "game",
            }
        ),
        f"{world.people[user].name} logs in at Mallory's game, which is registered like every other application.",
        "RFC 6749 §4.2.1",
    )
    return answer_of((yield from log_in(world, browser, user)))


def own_request(world: World, client_id: str, redirect_uri: str) -> tuple[str, str]:
    """A link to the authorization endpoint that Mallory has made, and the verifier that only she knows."""
    verifier = pkce.new_verifier(world.random)
    parameters = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "profile notes:read",
        "state": "mallory",
        "code_challenge": pkce.challenge(verifier),
        "code_challenge_method": pkce.S256,
    }
    return f"{ISSUER}/authorize?{urlencode(parameters)}", verifier
