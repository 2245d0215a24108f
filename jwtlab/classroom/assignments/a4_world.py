"""Where assignment 4 happens: a student's own application, and the authorization server of their world.

The server is the lab's own, with the student's issuer, key and clock. It is reached over the lab's
network in this process: nothing opens a connection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.errors import UsageError
from jwtlab.jose import base64url
from jwtlab.lab import USERS
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.authorization_server.registration import Client, Resource
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.http.user_agent import UserAgent

SERVER, APPLICATION = "Authorization server", "Your application"
Application = Callable[[dict[str, Any], dict[str, Any]], Any]
"""A client as the judge asks it: ``(event, keep) -> answer``, all of it plain data."""
MOST_STEPS = 12


def my_app(my: Variant) -> dict[str, Any]:
    """What this student's application knows: its registration, and the server's metadata.

    Returns:
        ``issuer``, ``authorization_endpoint``, ``token_endpoint`` and ``keys`` of the server (keys as a
        JWK set); ``client_id``, ``client_secret``, ``token_endpoint_auth_method``, ``redirect_uri`` and
        ``scope`` of the application (names of RFC 8414 §2 and RFC 7591 §2).
    """
    draw = my.draw("a4 app")
    # Signs that a form has to encode: a client that forgets it is refused (RFC 6749 §2.3.1, Appendix B).
    secret = draw.text(8) + "".join(f"{sign}{draw.text(4)}" for sign in draw.shuffled("+%/:&"))
    origin = f"https://{my.thing}-{draw.text(4)}.example"
    return {
        "issuer": my.issuer,
        "authorization_endpoint": f"{my.issuer}/authorize",
        "token_endpoint": f"{my.issuer}/token",
        "keys": {"keys": [my.key.public().to_jwk()]},
        "client_id": f"{my.thing} {draw.choice('+/&')} {draw.text(4)}",
        "client_secret": secret,
        "token_endpoint_auth_method": draw.choice(("client_secret_basic", "client_secret_post")),
        "redirect_uri": f"{origin}/{draw.choice(('callback', 'login/back', 'oidc/return', 'signed-in'))}",
        "scope": " ".join(["openid", *draw.shuffled(("profile", f"{my.thing}:read"))]),
    }


class Place:
    """The authorization server of a student's world, and browsers that log in there.

    Args:
        my: the student's world.
        seed: of the server's dice; another one gives other codes.
        without: ids of checks that the server does not ask: a careless server.

    Attributes:
        trace: what was said, in order.
    """

    def __init__(self, my: Variant, seed: str = "place", without: tuple[str, ...] = ()) -> None:
        self.my, self.app = my, my_app(my)
        self._network = Network(lambda: my.now)
        app = self.app
        client = Client(
            app["client_id"],
            APPLICATION,
            app["token_endpoint_auth_method"],
            app["client_secret"],
            redirect_uris=(app["redirect_uri"],),
            scope=app["scope"],
        )
        self._server = AuthorizationServer(
            my.issuer,
            people=USERS.values(),
            clients=[client],
            resources=[Resource(my.audience, {f"{my.thing}:read": f"Read your {my.thing}"})],
            make_key=lambda number: my.key,
            clock=lambda: my.now,
            random=Draw("a4 place", my.student, seed).bytes,
        )
        for check in without:
            self._server.policies.update(
                {
                    name: policy.without(check)
                    for name, policy in self._server.policies.items()
                    if check in policy
                }
            )
        self._network.add(my.issuer, SERVER, self._server.app)
        self._sender = self._network.client(APPLICATION)

    @property
    def trace(self) -> Trace:
        return self._network.trace

    def browser(self, username: str = "alice") -> UserAgent:
        """Somebody's browser, without a cookie."""
        return UserAgent(self._network, f"{USERS[username].name}'s browser")

    def log_in(self, url: str, username: str = "alice", *, press: str = "Allow") -> str:
        """Somebody's browser goes to the authorization endpoint, logs in and comes back.

        Args:
            url: where the application sends the browser.
            username: who.
            press: what they press at the question: ``"Allow"`` or ``"Deny"``.

        Returns:
            The address at which the browser would come back to the application.

        Raises:
            Refused: the server sends the browser nowhere; the message is what its page says.
        """
        browser = self.browser(username)
        try:
            page = browser.open(url)
            for _ in range(MOST_STEPS):
                if page.redirect and not page.redirect.startswith(f"{self.my.issuer}/"):
                    return page.redirect
                fields = page.forms[0].fields if page.forms else {}
                if page.redirect:
                    page = browser.follow()
                elif "password" in fields:
                    page = browser.submit({"username": username, "password": USERS[username].password})
                elif page.forms and any(label == press for _, _, label in page.forms[0].buttons):
                    page = browser.submit(press=press)
                else:
                    break
        except (httpx.HTTPError, httpx.InvalidURL, UsageError, ValueError) as error:
            raise Refused(f"the browser cannot go where it is sent: {error}") from None
        raise Refused(" ".join(page.text_shown.split())[:300] or f"status {page.status}")

    def post(self, request: Any) -> dict[str, Any]:
        """Send what `token_request` gave to the token endpoint.

        Returns:
            ``status`` and ``body`` (the JSON of the answer, or ``None``).

        Raises:
            Refused: it is no request, or goes to somebody else.
        """
        match request:
            case {"url": str(url), "headers": dict(headers), "form": dict(form)}:
                texts = [*headers.values(), *form.values()]
            case _:
                raise Refused("what your application posts has to be a dict with url, headers and form")
        if not all(isinstance(each, str) for each in texts):
            raise Refused("headers and form hold texts only")
        if _origin(url) != self.my.issuer:
            raise Refused("your application sends code and secret to somebody else than its server")
        try:
            sent = Request.make("POST", url, form=form, headers=headers)
            answer = Response.of(self._sender.send(sent.to_httpx()))
        except (ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise Refused(f"this request cannot be sent: {type(error).__name__}") from None
        return {"status": answer.status, "body": answer.json}


class Refused(Exception):
    """Something that the student's client sent leads nowhere; the message says why."""


def try_login(client: Application, my: Variant, username: str = "alice") -> Trace:
    """Let somebody log in to your application over the lab's network, and show what was said.

    Args:
        client: your ``client(event, keep)``.
        my: your own world.
        username: who logs in: ``"alice"`` or ``"bob"``.

    Returns:
        The trace: print an exchange to read it, such as ``trace[0]``.
    """
    place = Place(my)
    try:
        begun = client({"type": "login"}, {})
        url = place.log_in(begun["go"], username)
        back = client({"type": "callback", "url": url}, begun["keep"])
        if "stop" in back:
            raise Refused(back["stop"])
        answer = place.post(back["post"])
        done = client({"type": "tokens", "now": my.now, **answer}, back["keep"])
        print(f"Hello {done['user']}." if "user" in done else f"It stopped: {done['stop']}")
    except NotImplementedError:
        print("Your client is not written yet.")
    except Refused as reason:
        print(f"It stopped: {reason}")
    except (KeyError, TypeError, AttributeError) as error:
        print(f"Your client did not answer as the text asks: {type(error).__name__}: {error}")
    for each in place.trace:
        print(f"{each.number}. {each.sender} → {each.receiver}: {each.title}")
    return place.trace


def challenge_of(verifier: str) -> str:
    """RFC 7636 §4.2, without asking whether the verifier has the right form."""
    return base64url.encode(hashlib.sha256(verifier.encode("utf-8", "replace")).digest())


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
