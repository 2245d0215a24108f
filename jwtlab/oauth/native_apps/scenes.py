"""What happens on a phone and at a terminal: each scene is played by the lab's own servers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from jwtlab.oauth import pkce, protocol
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.native_apps.phone import App, Phone, WebView
from jwtlab.oauth.world import ISSUER, World

CLIENT = "phone-app"
SCHEME, HOST = "com.example.phone", "phone.example"
BY_SCHEME, BY_HOST = f"{SCHEME}:/callback", f"https://{HOST}/callback"


@dataclass(frozen=True)
class SceneOutcome:
    """What became of it.

    Attributes:
        received_by: which app got the address, or ``""`` for the browser.
        mallory_has: what Mallory has in the end, in words.
        succeeded: she has tokens.
    """

    received_by: str
    mallory_has: str
    succeeded: bool


def log_in_at(world: World, browser: UserAgent, address: str, user: str = "alice") -> Page:
    """Somebody goes to an address of the server, and logs in and allows where they are asked.

    Returns:
        The page that sends the browser back to the app, or the last one shown.
    """
    page = browser.open(address)
    while not page.redirect and page.forms:
        form = page.forms[0]
        if "password" in form.fields:
            page = browser.submit({"username": user, "password": world.people[user].password})
        elif any(label == "Allow" for _, _, label in form.buttons):
            page = browser.submit(press="Allow")
        elif "user_code" in form.fields:
            break
        else:
            page = browser.submit()
    return page


def code_taken(world: World, *, verifier: bool, claimed: bool = False) -> SceneOutcome:
    """Mallory's app has registered the same scheme; the real app logs in.

    Args:
        world: where.
        verifier: the app uses PKCE.
        claimed: the redirect URI is a claimed https address instead of a scheme.
    """
    phone, back = _phone(world, claimed)
    secret = pkce.new_verifier(world.random)
    if not verifier:
        world.without("code-challenge-present")
    address = _request(world, back, secret if verifier else "")
    return _what_comes(world, phone, log_in_at(world, world.browser("alice"), address), back, "")


def impersonation(world: World, *, claimed: bool = False, asks_again: bool = False) -> SceneOutcome:
    """Alice has allowed the real app before. Mallory's app makes the request itself, with a verifier of its own.

    Args:
        world: where.
        claimed: as for `code_taken`.
        asks_again: the server asks each time, whoever the app is (RFC 8252 §8.6); Alice does not allow what she
            has not begun.
    """
    phone, back = _phone(world, claimed)
    browser = world.browser("alice")
    log_in_at(world, browser, _request(world, back, pkce.new_verifier(world.random)))
    hers = pkce.new_verifier(world.random)
    page = browser.open(_request(world, back, hers, prompt="consent" if asks_again else ""))
    return _what_comes(world, phone, page, back, hers)


def _phone(world: World, claimed: bool) -> tuple[Phone, str]:
    """With the real app, and Mallory's, which claims the same."""
    phone = Phone({HOST: ("Phone app",)})
    for name in ("Phone app", "Mallory's torch"):
        phone.install(App(name, () if claimed else (SCHEME,), (HOST,) if claimed else ()))
    back = BY_HOST if claimed else BY_SCHEME
    world.server.clients[CLIENT] = replace(world.server.clients[CLIENT], redirect_uris=(back,))
    return phone, back


def _request(world: World, back: str, verifier: str, **more: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": back,
        "scope": "profile notes:read",
        "state": world.secret(),
    }
    if verifier:
        asked |= {"code_challenge": pkce.challenge(verifier), "code_challenge_method": pkce.S256}
    return f"{ISSUER}/authorize?{urlencode(asked | {k: v for k, v in more.items() if v})}"


def _what_comes(world: World, phone: Phone, page: Page, back: str, verifier: str) -> SceneOutcome:
    """The phone opens the redirect; if Mallory's app gets it, it redeems the code."""
    if not page.redirect:
        return SceneOutcome(
            "", f"nothing: the server shows a page, {page.title!r}, and waits for Alice", False
        )
    opened = phone.open(page.redirect)
    if opened is None or opened.name != "Mallory's torch":
        return SceneOutcome(opened.name if opened else "", "nothing: the address went elsewhere", False)
    code = dict(parse_qsl(urlsplit(page.redirect).query)).get("code", "")
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "code": code, "redirect_uri": back}
    answer = _ask(
        world, "Mallory's torch", f"{ISSUER}/token", form | ({"code_verifier": verifier} if verifier else {})
    )
    if answer.status == 200:
        return SceneOutcome(opened.name, "tokens of Alice's", True)
    return SceneOutcome(
        opened.name, f"a code that the server does not redeem: {(answer.json or {}).get('error')}", False
    )


def _ask(world: World, sender: str, url: str, form: dict[str, str]) -> Response:
    sent = Request.make("POST", url, form=form)
    return Response.of(world.network.deliver(sender, sent.to_httpx()))


def web_view(world: World) -> dict[str, str]:
    """Alice logs in inside an app; returns what the app has seen of it, by name."""
    _phone(world, False)
    inside = WebView(world.network, "Web view of an app")
    log_in_at(world, inside, _request(world, BY_SCHEME, pkce.new_verifier(world.random)))
    return dict(inside.seen)


def device_phishing(world: World, *, alice_allows: bool) -> tuple[str, SceneOutcome]:
    """Mallory starts the device grant at home, and sends Alice the code: "confirm your account" (RFC 8628 §5.4).

    Args:
        world: where.
        alice_allows: she presses Allow without reading; otherwise she reads what device that is, and closes the page.

    Returns:
        The words of the page that Alice was shown, and what became of it.
    """
    asked = {"client_id": "television", "scope": "openid profile notes:read"}
    given = _ask(world, "Mallory", f"{ISSUER}/device_authorization", asked).json
    browser = world.browser("alice")
    log_in_at(world, browser, given["verification_uri"])
    page = browser.page
    if page is not None and page.forms and "user_code" in page.forms[0].fields:
        page = browser.submit({"user_code": given["user_code"]})
    shown = page.text_shown if page is not None else ""
    if alice_allows:
        browser.submit(None, press="Allow")
    world.wait(5)
    poll = {
        "grant_type": protocol.DEVICE_CODE,
        "client_id": "television",
        "device_code": given["device_code"],
    }
    answer = _ask(world, "Mallory", f"{ISSUER}/token", poll)
    if answer.status == 200:
        return shown, SceneOutcome("", "tokens of Alice's", True)
    return shown, SceneOutcome("", f"nothing yet: {(answer.json or {}).get('error')}", False)
