"""How a login of assignment 4 is written down, message by message, with one fault or with none.

It is written from the student's id alone, with real signatures and hashes, and not by running the
lab's server: what was handed out must stay the same for years, whatever a later server draws first.
A test holds a login without a fault against what the lab's network really says.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from jwtlab.classroom.assignments.a4_world import APPLICATION, SERVER, challenge_of, my_app
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.jose import jwt
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import FORM, Pairs, Request, Response
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import half_hash

API, OTHER_APP, OTHER_SERVER, MALLORY = "API", "Another application", "Another server", "Mallory's site"
BROWSER = "Alice's browser"


@dataclass(frozen=True)
class Recorded:
    """A recorded login with its fault.

    Attributes:
        trace: what was said.
        fault: its id in `a4_traces.FAULTS`.
        value: the text or number that shows it.
        steps: numbers of the exchanges in which it stands where it should have been noticed.
    """

    trace: Trace
    fault: str = field(repr=False)
    value: Any = field(repr=False)
    steps: tuple[int, ...] = field(repr=False)


def record(my: Variant, number: int, fault: str = "") -> Recorded:
    """A login, with this fault or with none."""
    login = _Login(my, my.draw(f"a4 trace {number}"), fault)
    login.play()
    return Recorded(Trace(login.steps), fault, login.value, tuple(login.seen))


@dataclass
class _Login:
    """A login that is being written down.

    ``value`` and ``seen`` come from where the fault is made, so no list has to be kept beside it.
    """

    my: Variant
    draw: Draw
    fault: str
    steps: list[Exchange] = field(default_factory=list)
    value: Any = None
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        draw, my = self.draw, self.my
        self.app = my_app(my)
        self.origin = _origin(self.app["redirect_uri"])
        self.state, self.nonce, self.verifier = draw.text(24), draw.text(24), draw.text(43)
        self.code, self.other = draw.text(28), draw.text(24)
        self.cookies, self.form = [draw.text(22), draw.text(22)], draw.text(22)
        self.sub = f"user-{draw.text(8)}"
        self.discovers, self.consents, self.fetches = (draw.choice((True, False)) for _ in range(3))
        self.at = my.now - draw.between(600, 90_000)
        self.server = f"https://login-{draw.text(6)}.example" if self.fault == "mix-up" else my.issuer

    # The parts of a login

    def play(self) -> None:
        """All of it, in order."""
        if self.discovers:
            self._discovery()
        url = self._authorize_url()
        begins = self.fault != "redirect"  # there Mallory's page sends the browser
        if begins:
            self._say(BROWSER, APPLICATION, self._get(f"{self.origin}/login"), _redirect(url, self._cookie()))
            self._see("plain", "secret")
        back = self._at_the_server(url)
        if self.fault == "redirect":
            self._say(BROWSER, MALLORY, self._get(back), Response.make(200, "<p>Thank you.</p>"))
            self._see("redirect")
            return
        if self.fault == "client":  # the callback never arrives: somebody took the code
            self._token_request(OTHER_APP)
            return
        if self.fault == "state":
            self.code, self.value = self.draw.text(28), self.other
            back = f"{self.app['redirect_uri']}?{self._query(code=self.code, state=self.other, iss=self.my.issuer)}"
        self._callback(back)
        if self.fault != "mix-up":
            self._say(BROWSER, APPLICATION, self._get(f"{self.origin}/", cookie=True), self._page("Hello."))
            self._api()

    def _discovery(self) -> None:
        told = {name: self.app[name] for name in ("issuer", "authorization_endpoint", "token_endpoint")}
        told = {name: value.replace(self.my.issuer, self.server) for name, value in told.items()}
        more = {
            "jwks_uri": f"{self.server}/jwks",
            "code_challenge_methods_supported": ["S256", "plain"] if self.fault == "plain" else ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        url = f"{self.server}/.well-known/openid-configuration"
        self._say(APPLICATION, self._named(self.server), self._get(url), _json(told | more))

    def _authorize_url(self) -> str:
        app = self.app
        parameters = {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": app["redirect_uri"],
            "scope": app["scope"],
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }
        if self.fault == "plain":
            parameters |= {"code_challenge": self.verifier, "code_challenge_method": "plain"}
            self.value = self.verifier
        elif self.fault == "secret":
            parameters["client_secret"] = self.value = app["client_secret"]
        elif self.fault == "redirect":
            parameters["redirect_uri"] = self.value = _nearly(app["redirect_uri"], self.draw)
        return f"{self.server}/authorize?{self._query(**parameters)}"

    def _at_the_server(self, url: str) -> str:
        """The browser logs in; gives the address at which it comes back."""
        if self.fault == "mix-up":  # the server that was asked sends the browser on to the honest one
            honest = url.replace(self.server, self.my.issuer, 1)
            self._say(BROWSER, OTHER_SERVER, self._get(url), _redirect(honest))
            url = honest
        cookie = f"__Host-browser={self.form}; Secure; HttpOnly; Path=/; SameSite=Lax"
        page = self._page("Log in", ("Set-Cookie", cookie))
        self._say(BROWSER, SERVER, self._get(url), page)
        self._see("plain", "secret", "redirect")
        parameters = dict(Request("GET", url).query)
        target = parameters["redirect_uri"]
        back = f"{target}?{self._query(code=self.code, state=self.state, iss=self.my.issuer)}"
        ends = _redirect(back)
        asks = {"csrf_token": self.draw.text(22), "username": "alice", "password": "wonderland"}
        login = self._post(f"{self.my.issuer}/login", asks)
        self._say(BROWSER, SERVER, login, self._page("May it?") if self.consents else ends)
        if self.consents:
            allow = {"csrf_token": asks["csrf_token"], "decision": "allow"}
            self._say(BROWSER, SERVER, self._post(f"{self.my.issuer}/consent", allow), ends)
        if self.fault == "mix-up":
            self.value = self.my.issuer
        self._see("redirect", "mix-up")
        return back

    def _callback(self, url: str) -> None:
        """The browser is back; the application redeems the code before it answers."""
        place = len(self.steps)
        fails = self.fault == "mix-up"
        request = self._get(url, cookie=True)
        del self.cookies[0]  # a new name for the session at the login
        answer = self._page("This did not work") if fails else _redirect(f"{self.origin}/", self._cookie())
        self._say(BROWSER, APPLICATION, request, answer)
        self._see("state", "mix-up")
        self._token_request(APPLICATION)
        if self.fault == "twice":
            self._token_request(APPLICATION)
            self.value = self.code
            self._see("twice")
        if self.fetches and not fails:
            keys = {"keys": [self.my.key.public().to_jwk()]}
            self._say(APPLICATION, SERVER, self._get(f"{self.my.issuer}/jwks"), _json(keys))
        self.steps[place] = replace(self.steps[place], answered_after=len(self.steps))

    def _token_request(self, sender: str) -> None:
        app, client_id, secret = self.app, self.app["client_id"], self.app["client_secret"]
        if self.fault == "client":
            client_id, secret = (
                f"{self.draw.choice(('game', 'radio'))}-{self.draw.text(4)}",
                self.draw.text(20),
            )
            self.value = client_id
        form = {
            "grant_type": "authorization_code",
            "code": self.code,
            "redirect_uri": app["redirect_uri"],
            "code_verifier": self.verifier,
        }
        if self.fault == "verifier":
            form["code_verifier"] = self.value = self.draw.text(43)
        elif self.fault == "redirect-changed":
            form["redirect_uri"] = self.value = (
                f"{self.origin}/{self.draw.choice(('old', 'test', 'app'))}/back"
            )
        headers: Pairs = ()
        if app["token_endpoint_auth_method"] == "client_secret_post":
            form |= {"client_id": client_id, "client_secret": secret}
        else:
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
            headers = (("Authorization", f"Basic {base64.b64encode(pair).decode()}"),)
        request = self._post(f"{self.server}/token", form, headers)
        answer = _json(self._tokens(client_id))
        if self.fault == "mix-up":
            answer = _json({"error": "server_error"}, 400)
        self._say(sender, self._named(self.server), request, answer)
        self._see("verifier", "client", "redirect-changed", "nonce", "audience", "expired")

    def _tokens(self, client_id: str) -> dict[str, Any]:
        my, draw = self.my, self.draw
        common = {"iss": my.issuer, "sub": self.sub, "iat": self.at, "exp": self.at + my.lifetime}
        access = {**common, "aud": my.audience, "client_id": client_id, "scope": self.app["scope"]}
        self.access = jwt.issue(
            {**access, "jti": draw.text(12)}, my.key, alg="ES256", header={"typ": "at+jwt"}
        )
        claims = {**common, "aud": client_id, "nonce": self.nonce, "at_hash": half_hash(self.access, "ES256")}
        if self.fault == "nonce":
            claims["nonce"] = self.value = self.other
        elif self.fault == "audience":
            claims["aud"] = self.value = f"{draw.choice(('game', 'radio'))}-{draw.text(4)}"
        elif self.fault == "expired":
            age = draw.between(3600, 50_000)
            claims |= {"iat": self.at - age - my.lifetime, "exp": self.at - age}
            self.value = claims["exp"]
        self.id_token = jwt.issue(claims, my.key, alg="ES256", header={"typ": "JWT"})
        return {
            "access_token": self.access,
            "token_type": "Bearer",
            "expires_in": my.lifetime,
            "id_token": self.id_token,
            "scope": self.app["scope"],
        }

    def _api(self) -> None:
        my = self.my
        headers: Pairs = (("Authorization", f"Bearer {self.access}"),)
        url = f"{my.audience}/{my.thing}"
        if self.fault == "token-in-url":
            url, headers = f"{url}?{urlencode({'access_token': self.access})}", ()
            self.value = self.access
        elif self.fault == "wrong-token":
            headers, self.value = (("Authorization", f"Bearer {self.id_token}"),), self.id_token
        self._say(APPLICATION, API, Request("GET", url, headers), _json({"owner": self.sub, my.thing: []}))
        self._see("token-in-url", "wrong-token")

    # How it is written down

    def _say(self, sender: str, receiver: str, request: Request, response: Response) -> None:
        number = len(self.steps) + 1
        self.at += self.draw.between(0, 2)
        self.steps.append(Exchange(number, sender, receiver, request, response, (), self.at, number))

    def _see(self, *faults: str) -> None:
        """The exchange that was written last shows the fault, if it is one of these."""
        if self.fault in faults:
            self.seen.append(len(self.steps))

    def _query(self, **parameters: str) -> str:
        return urlencode(self.draw.shuffled(list(parameters.items())))

    def _get(self, url: str, *, cookie: bool = False) -> Request:
        return Request("GET", url, (("Cookie", f"__Host-session={self.cookies[0]}"),) if cookie else ())

    def _post(self, url: str, form: Mapping[str, str], headers: Pairs = ()) -> Request:
        return Request("POST", url, (("Content-Type", FORM), *headers), urlencode(form).encode())

    def _cookie(self) -> tuple[str, str]:
        return "Set-Cookie", f"__Host-session={self.cookies[0]}; Secure; HttpOnly; Path=/; SameSite=Lax"

    def _page(self, words: str, *headers: tuple[str, str]) -> Response:
        return Response.make(200, f"<p>{words}</p>", headers=headers)

    def _named(self, origin: str) -> str:
        return SERVER if origin == self.my.issuer else OTHER_SERVER


def _redirect(url: str, *headers: tuple[str, str]) -> Response:
    return Response(303, "See Other", (("Location", url), *headers))


def _json(content: Any, status: int = 200) -> Response:
    text = json.dumps(content, separators=(",", ":"))
    headers = (("Cache-Control", "no-store"),)
    return Response.make(status, text, kind="application/json", headers=headers)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _nearly(uri: str, draw: Draw) -> str:
    """An address that a careless comparison takes for the registered one."""
    parts = urlsplit(uri)
    return draw.choice(
        (
            f"https://{parts.netloc}.mallory.example{parts.path}",
            f"https://mallory-{parts.netloc}{parts.path}",
            f"https://{parts.netloc}@mallory.example{parts.path}",
            f"https://mallory.example/{parts.netloc}{parts.path}",
        )
    )
