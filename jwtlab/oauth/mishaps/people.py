"""Applications and browsers with one bad habit each. Vulnerable on purpose: for traces to be read, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import KW_ONLY, dataclass, field, replace
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from jwtlab.oauth.client import ClientSettings, Provider
from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.client.pending_login import PendingLogin
from jwtlab.oauth.client.sessions import Session, named_in
from jwtlab.oauth.http.messages import Request, Response, header
from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.http.user_agent import Navigation, UserAgent
from jwtlab.oauth.world import API, APP, APP_NAME, ISSUER, World

OPENID = ClientSettings(scope="openid profile notes:read")


@dataclass(frozen=True, eq=False)
class BadApplication(ClientApplication):
    """The notes app, with a habit.

    Attributes:
        comes_back_to: its redirect URI, where it is another than it should be.
        cookie_says: the attributes of its cookie.
        dated: its answers say what its clock shows.
    """

    _: KW_ONLY
    comes_back_to: str = ""
    cookie_says: str = "Secure; HttpOnly; Path=/; SameSite=None"
    dated: bool = False

    @property
    def redirect_uri(self) -> str:
        return self.comes_back_to or super().redirect_uri

    def respond(self, request: Request) -> Steps[Response]:
        answer = yield from super().respond(request)
        headers = [self._header(name, value) for name, value in answer.headers]
        if self.dated:
            headers.append(("Date", formatdate(self.clock(), usegmt=True)))
        return replace(answer, headers=tuple(headers))

    def _header(self, name: str, value: str) -> tuple[str, str]:
        pair = value.partition(";")[0]
        return (name, f"{pair}; {self.cookie_says}") if name == "Set-Cookie" else (name, value)


class ForgetsNoSession(BadApplication):
    """Everything about a session is in a signed cookie: an old cookie is as good as ever."""

    def respond(self, request: Request) -> Steps[Response]:
        before = deepcopy(self.sessions)
        answer = yield from super().respond(request)
        self.sessions.update({name: kept for name, kept in before.items() if name not in self.sessions})
        name = named_in(request)
        if name is not None and name in before:
            self.sessions[name] = before[name]
        return answer


class KeepsKeys(BadApplication):
    """It has fetched the keys once, and never fetches them again."""

    def _with_keys(self, provider: Provider, kid: str | None) -> Steps[Provider]:
        name = next(each for each, known in self.providers.items() if known.issuer == provider.issuer)
        if self.providers[name].keys is not None:
            return self.providers[name]
        return (yield from super()._with_keys(provider, kid))


class OneVerifier(BadApplication):
    """It keeps a state for each login, and one verifier for all of a browser's tabs."""

    def login(self, request: Request, session: Session) -> Steps[Response]:
        answer = yield from super().login(request, session)
        pending = session["login"]
        session.setdefault("logins", {})[pending.state] = pending
        session["verifier"] = pending.code_verifier
        return answer

    def callback(self, request: Request, session: Session) -> Steps[Response]:
        pending = session.get("logins", {}).get(request.get("state"))
        if pending is not None:
            session["login"] = replace(pending, code_verifier=session["verifier"])
        return (yield from super().callback(request, session))


@dataclass(frozen=True, eq=False)
class OldNonce(BadApplication):
    """Its login link was made once, with a nonce in it; each session keeps a nonce of its own."""

    in_the_link: dict[str, str] = field(default_factory=dict)

    def authorization_request(
        self, provider: Provider, pending: PendingLogin, passed_on: Mapping[str, str]
    ) -> dict[str, str]:
        parameters = super().authorization_request(provider, pending, passed_on)
        return parameters | {"nonce": self.in_the_link.setdefault("nonce", parameters["nonce"])}


def move_in(
    world: World,
    kind: type[BadApplication] = BadApplication,
    *,
    origin: str = APP,
    also: str = "",
    registered: str = "",
    clock: Callable[[], float] | None = None,
    settings: ClientSettings = OPENID,
    **habit: Any,
) -> BadApplication:
    """Put such an application in the place of the world's notes app.

    Args:
        world: where.
        kind: what it is.
        origin: where it answers, if that is not the usual place.
        also: a second origin at which the same application answers.
        registered: its redirect URI at the server.
        clock: its own clock.
        settings: what it asks for.
        habit: what is wrong with it: ``comes_back_to``, ``cookie_says``, ``dated``.
    """
    old = world.app
    app = kind(
        APP_NAME,
        origin,
        providers=old.providers,
        api=API,
        clock=clock or world.clock,
        random=world.random,
        send=lambda request: world.network.deliver(APP_NAME, request),
        settings=settings,
        **habit,
    )
    client = world.server.clients["notes-app"]
    if registered:
        world.server.clients["notes-app"] = replace(client, redirect_uris=(registered,))
    if also:
        world.network.replace(also, APP_NAME, app)
    return world.install(app)


class CarefulBrowser(UserAgent):
    """A browser that minds SameSite: a form that another site posts brings no cookie along but those that say None.

    A cookie that says nothing counts as Lax, as in today's browsers.
    """

    def _prepare(self, method: str, url: str, data: Mapping[str, str] | None = None) -> Navigation:
        navigation = super()._prepare(method, url, data)
        page = self.page.url if self.page else ""
        if method != "POST" or not page or urlsplit(page).hostname == urlsplit(navigation.address).hostname:
            return navigation
        crossing = {
            each.name
            for each in self._client.cookies.jar
            if str(each.get_nonstandard_attr("SameSite", "Lax")).lower() == "none"
        }
        pairs = header(navigation.request.headers, "cookie").split("; ")
        kept = "; ".join(pair for pair in pairs if pair.partition("=")[0] in crossing)
        return replace(navigation, request=navigation.request.with_header("Cookie", kept or None))


def tell_the_time(world: World) -> None:
    """Let the server's answers say what its clock shows, as every web server's do (RFC 9110 §6.6.1)."""

    def dated(answer: Any) -> Any:
        answer.headers["Date"] = formatdate(world.clock(), usegmt=True)
        return answer

    world.server.app.after_request(dated)


__all__ = [
    "APP",
    "ISSUER",
    "BadApplication",
    "CarefulBrowser",
    "ForgetsNoSession",
    "KeepsKeys",
    "OldNonce",
    "OneVerifier",
    "move_in",
    "tell_the_time",
]
