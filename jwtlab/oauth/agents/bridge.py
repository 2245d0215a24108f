"""VULNERABLE ON PURPOSE unless it asks: a bridge between agents and an authorization server that knows only the bridge.

The authorization server admits no strangers, so somebody puts a bridge before it: agents register at the bridge, and
the bridge has one client name at the server for all of them. The server remembers that Alice has allowed *the
bridge*. Whoever registers at the bridge next, comes in on that permission: a confused deputy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import OAuthError
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.http.steps import Steps, follow, submit, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import API, ISSUER, World

BRIDGE = "https://bridge.example"
CALLBACK = f"{BRIDGE}/callback"
_CLIENT = "bridge"
Consent = dict[str, Any]
Rule = Callable[[Consent, list[Consent]], bool]
"""``(asked, allowed) -> bool``: may it go on without a question?"""


def asks_each_client(asked: Consent, allowed: list[Consent]) -> bool:
    """The same person has allowed the same client, at the same address, at least as much."""
    return any(
        (each["person"], each["client_id"], each["redirect_uri"])
        == (asked["person"], asked["client_id"], asked["redirect_uri"])
        and set(asked["scope"].split()) <= set(each["scope"].split())
        for each in allowed
    )


def client_allowed(case: Forwarding) -> str:
    if not case.rule(case.asked, case.allowed):
        raise Refusal("this person has not allowed this client here", claim="client_id", error=OAuthError)
    return "allowed before"


@dataclass(frozen=True)
class Forwarding:
    """A request that the bridge is about to send on."""

    asked: Consent
    allowed: list[Consent]
    rule: Rule


FORWARDING = Policy(
    (
        Check(
            id="deputy-consent",
            title="This person has allowed this very client at the bridge",
            spec="RFC 6749 §10.2",
            run=client_allowed,
            group="Client",
            purpose="Whoever registers last comes in on the permission of the first.",
        ),
    ),
    "forwarding",
)


@dataclass
class _Waiting:
    asked: Consent
    state: str
    challenge: str
    verifier: str = field(repr=False)


class Bridge:
    """Registers anybody, and forwards to the authorization server under its own name.

    Args:
        world: where it answers, at `BRIDGE`.
        rule: who may pass without a question; ``None`` is the mistake: nobody is asked.

    Attributes:
        clients: client_id → redirect URI, of everybody who has registered.
        allowed: what people have allowed here.
    """

    def __init__(self, world: World, rule: Rule | None = None) -> None:
        self.world, self.rule = world, rule
        self.policy = FORWARDING if rule is not None else FORWARDING.without("deputy-consent")
        self.clients: dict[str, str] = {}
        self.allowed: list[Consent] = []
        self._waiting: dict[str, _Waiting] = {}
        self._codes: dict[str, tuple[_Waiting, str]] = {}
        self._tokens: dict[str, str] = {}
        world.server.clients[_CLIENT] = Client(
            client_id=_CLIENT, name="Bridge", redirect_uris=(CALLBACK,), scope="notes:read"
        )
        world.network.replace(BRIDGE, "Bridge", self._application())

    def _application(self) -> Flask:
        app = Flask("jwtlab.bridge", static_folder=None)
        app.add_url_rule("/register", view_func=self._register, methods=["POST"])
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/allow", view_func=self._allow, methods=["POST"])
        app.add_url_rule("/callback", view_func=self._callback)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/notes", view_func=self._notes)
        return app

    def _register(self) -> tuple[Response, int]:
        told = request.get_json()
        client_id = f"agent-{len(self.clients) + 1}"
        self.clients[client_id] = str(told["redirect_uris"][0])
        return jsonify(client_id=client_id, **told), 201

    def _authorize(self) -> AnyResponse:
        """Whose browser it is, a cookie of the bridge's says; a real one would have a login before it."""
        given = request.args
        if self.clients.get(given["client_id"]) != given["redirect_uri"]:
            return make_response("This address is not registered here.", 400)
        asked = {name: given[name] for name in ("client_id", "redirect_uri", "scope")}
        asked["person"] = request.cookies.get("person") or self.world.secret()
        state, verifier = self.world.secret(), pkce.new_verifier(self.world.random)
        self._waiting[state] = _Waiting(asked, given.get("state", ""), given["code_challenge"], verifier)
        report = record_report(
            "forwarding", self.policy.run(Forwarding(asked, self.allowed, self.rule or (lambda *_: True)))
        )
        if not report.accepted:
            return _page(asked, state)
        return self._forward(state)

    def _allow(self) -> AnyResponse:
        state = request.form["state"]
        waiting = self._waiting.get(state)
        if waiting is None or request.cookies.get("person", "") != waiting.asked["person"]:
            return make_response("Nothing waits here.", 400)
        self.allowed.append(waiting.asked)
        return self._forward(state)

    def _forward(self, state: str) -> AnyResponse:
        waiting = self._waiting[state]
        sent = {
            "response_type": "code",
            "client_id": _CLIENT,
            "redirect_uri": CALLBACK,
            "scope": "notes:read",
            "state": state,
            "code_challenge": pkce.challenge(waiting.verifier),
            "code_challenge_method": pkce.S256,
        }
        return redirect(f"{ISSUER}/authorize?{urlencode(sent)}", 303)

    def _callback(self) -> AnyResponse:
        waiting = self._waiting.pop(request.args.get("state", ""), None)
        if waiting is None or "code" not in request.args:
            return make_response("Nothing waits here.", 400)
        form = {"grant_type": "authorization_code", "client_id": _CLIENT, "redirect_uri": CALLBACK}
        form |= {"code": request.args["code"], "code_verifier": waiting.verifier}
        answer = self.world.network.client("Bridge").post(f"{ISSUER}/token", data=form)
        code = self.world.secret()
        self._codes[code] = (waiting, answer.json()["access_token"])
        back = urlencode({"code": code, "state": waiting.state})
        return redirect(f"{waiting.asked['redirect_uri']}?{back}", 303)

    def _token(self) -> tuple[Response, int]:
        form = request.form
        waiting, token = self._codes.pop(form.get("code", ""), (None, ""))
        if waiting is None or waiting.asked["client_id"] != form.get("client_id"):
            return jsonify(error="invalid_grant"), 400
        if pkce.challenge(form.get("code_verifier", "")) != waiting.challenge:
            return jsonify(error="invalid_grant"), 400
        mine = self.world.secret()
        self._tokens[mine] = token
        return jsonify(access_token=mine, token_type="Bearer"), 200

    def _notes(self) -> tuple[Response, int]:
        token = self._tokens.get(request.headers.get("Authorization", "").partition(" ")[2])
        if token is None:
            return jsonify(error="invalid_token"), 401
        bearer = {"Authorization": f"Bearer {token}"}
        answer = self.world.network.client("Bridge").get(f"{API}/notes", headers=bearer)
        return jsonify(answer.json()), answer.status_code


def _page(asked: Consent, state: str) -> AnyResponse:
    where = escape(urlsplit(asked["redirect_uri"]).netloc)
    response = make_response(
        f"<!doctype html><title>Allow {escape(asked['client_id'])}?</title><h1>Allow {escape(asked['client_id'])}?</h1>"
        f"<p>The answer goes to {where}.</p><form method=post action={BRIDGE}/allow>"
        f'<input type=hidden name=state value="{escape(state)}"><button name=decision value=allow>Allow</button></form>'
    )
    response.headers["Set-Cookie"] = f"person={asked['person']}; Path=/; Secure; HttpOnly; SameSite=Lax"
    return response


@dataclass(frozen=True)
class Lured:
    """What came of Mallory's link.

    Attributes:
        notes: of Alice's that Mallory has read.
        said: what happened, in a sentence.
        pages: titles of the pages that Alice saw on the way.
    """

    notes: tuple[str, ...]
    said: str
    pages: tuple[str, ...]


def lure(world: World, bridge: Bridge) -> Lured:
    """Alice has allowed her agent through the bridge. Then she follows a link of Mallory's."""
    browser = world.browser("alice")
    _through(world, browser, "http://127.0.0.1:3000/callback", allows=True)
    back = _through(world, browser, "https://mallory.example/callback", allows=False)
    pages = (browser.page.title,) if browser.page is not None and not browser.page.redirect else ()
    if not back:
        asked = pages[0] if pages else "nothing"
        return Lured((), f"the bridge asks: {asked} Alice has begun nothing, and says no", pages)
    said = "nobody asked Alice anything: the server knows the bridge, and she has allowed it"
    return Lured(tuple(back), said, pages)


def _through(world: World, browser: UserAgent, back: str, *, allows: bool) -> list[str]:
    """An agent registers, sends a browser through the bridge, and reads what it can."""
    who = "Mallory's agent" if "mallory" in back else "Alice's agent"
    http = world.network.client(who)
    client_id = http.post(f"{BRIDGE}/register", json={"redirect_uris": [back]}).json()["client_id"]
    verifier = pkce.new_verifier(world.random)
    asked = {"client_id": client_id, "redirect_uri": back, "scope": "notes:read", "state": world.secret()}
    asked |= {
        "code_challenge": pkce.challenge(verifier),
        "code_challenge_method": pkce.S256,
        "response_type": "code",
    }
    Flow(world, _steps(world, browser, f"{BRIDGE}/authorize?{urlencode(asked)}", back, allows)).run()
    redirected = browser.page.redirect if browser.page is not None else ""
    code = dict(parse_qsl(urlsplit(redirected).query)).get("code", "") if redirected.startswith(back) else ""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "code_verifier": verifier,
    }
    token = http.post(f"{BRIDGE}/token", data=form).json().get("access_token", "")
    answer = http.get(f"{BRIDGE}/notes", headers={"Authorization": f"Bearer {token}"}).json()
    return list(answer.get("notes", ()))


def _steps(world: World, browser: UserAgent, address: str, back: str, allows: bool) -> Steps[None]:
    page = yield from visit(browser, address, "Alice follows a link.")
    for _ in range(8):
        asks = any(label == "Allow" for form in page.forms for _, _, label in form.buttons)
        if page.redirect.startswith(back) or (asks and not allows):
            return
        if page.redirect:
            page = yield from follow(browser, "The browser goes where it is sent.")
        elif asks and page.url.startswith(BRIDGE):
            page = yield from _press(browser)
        else:
            page = yield from log_in(world, browser, "alice")


def _press(browser: UserAgent) -> Steps[Any]:
    return (yield from submit(browser, None, "Alice presses Allow at the bridge.", press="Allow"))
