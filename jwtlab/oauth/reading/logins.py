"""The logins in a trace: which request asked, which answer belongs to it, and where its code was redeemed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from jwtlab.errors import InvalidToken
from jwtlab.jose.token import Token, decode
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, header, text_members
from jwtlab.oauth.http.trace import Trace

ANSWERS = frozenset({"code", "error", "id_token", "access_token"})
"""Whatever brings one of these back to an application is an authorization response (RFC 6749 §4.1.2, §4.2.2)."""
DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


@dataclass(frozen=True)
class Asking:
    """An authorization request (RFC 6749 §4.1.1).

    Attributes:
        number: of the message that brings it to the server.
        seen: number of the message in which it is seen first: the application's redirect, or itself.
        exchange: the message.
        parameters: those of the query, or of the pushed request that it names.
        page: address of the page that the browser came from, if that is known.
    """

    number: int
    seen: int
    exchange: Exchange
    parameters: Mapping[str, str]
    page: str = ""

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")

    @property
    def server(self) -> str:
        return origin(self.exchange.request.url)

    @property
    def response_types(self) -> tuple[str, ...]:
        return tuple((self["response_type"] or "code").split())

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self["scope"].split())


@dataclass(frozen=True)
class RecordedResponse:
    """An authorization response.

    Attributes:
        number: of the message in which it is seen first: the server's redirect, or the one that arrives.
        arrived: of the message that brings it to the application, or ``None``.
        parameters: of it.
        place: ``"query"``, ``"fragment"`` or ``"form"``.
        asking: the request that it answers, or ``None``.
        target: the address that it goes to, without parameters.
    """

    number: int
    arrived: int | None
    parameters: Mapping[str, str]
    place: str
    target: str
    asking: Asking | None = None

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")


@dataclass(frozen=True)
class Redeeming:
    """A token request (RFC 6749 §4.1.3, §6).

    Attributes:
        exchange: the message.
        parameters: of its form.
        answer: the JSON that came back, or an empty mapping.
    """

    exchange: Exchange
    parameters: Mapping[str, str]
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.exchange.number

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")

    @property
    def good(self) -> bool:
        return self.exchange.response is not None and self.exchange.response.status < 400


@dataclass(frozen=True)
class Logins:
    """What a trace says about logins.

    Attributes:
        trace: all of it.
    """

    trace: Trace

    @cached_property
    def askings(self) -> tuple[Asking, ...]:
        """Every authorization request, in order."""
        pushed = {uri: dict(each.request.form) for each, uri in self._pushed}
        found = []
        for each in self.trace:
            request = each.request
            names = {name for name, _ in request.parameters}
            asks = "client_id" in names and names & {"response_type", "request_uri", "request"}
            if not asks or _member(each, "request_uri") or "grant_type" in names:
                continue
            given = dict(request.parameters)
            given = {**given, **pushed.get(given.get("request_uri", ""), {})}
            found.append(Asking(each.number, self._seen(each), each, given, self._page_before(each)))
        return tuple(found)

    @cached_property
    def _pushed(self) -> tuple[tuple[Exchange, str], ...]:
        """Pushed requests and the names they got (RFC 9126 §2.2)."""
        found = ((each, _member(each, "request_uri")) for each in self.trace if each.request.method == "POST")
        return tuple((each, uri) for each, uri in found if uri)

    def _seen(self, sent: Exchange) -> int:
        """The redirect that sent the browser there, if there is one."""
        for each in reversed(self.trace[: self._place(sent)]):
            if _target(each).partition("#")[0] == sent.request.url:
                return each.number
        return sent.number

    def _page_before(self, sent: Exchange) -> str:
        """Where the browser was: the page that redirected, or the ``Referer``."""
        seen = self._seen(sent)
        if seen != sent.number:
            return next(each.request.url for each in self.trace if each.number == seen)
        return header(sent.request.headers, "referer")

    def _place(self, exchange: Exchange) -> int:
        return next(index for index, each in enumerate(self.trace) if each.number == exchange.number)

    @cached_property
    def answers(self) -> tuple[RecordedResponse, ...]:
        """Every authorization response, in order; each once, though it is in a redirect and in what follows."""
        found: list[RecordedResponse] = []
        open_redirects: list[RecordedResponse] = []
        for each in self.trace:
            came = _arriving(each.request)
            if came is not None and self._is_meant(each, came):
                known = next((one for one in open_redirects if one.parameters == came[1]), None)
                if known is not None:
                    open_redirects.remove(known)
                    found[found.index(known)] = _arrived(known, each.number)
                else:
                    found.append(self._answer(each.number, each.number, came))
            sent = _departing(each)
            if sent is not None and self._is_known(sent):
                answer = self._answer(
                    each.number, self._lands(each, sent[2]) if sent[0] == "fragment" else None, sent
                )
                found.append(answer)
                open_redirects.append(answer)
        return tuple(found)

    def _is_meant(self, each: Exchange, came: tuple[str, Mapping[str, str], str]) -> bool:
        """Token requests and the like carry such names, too."""
        names = {name for name, _ in each.request.parameters}
        return not names & {"grant_type", "response_type", "token_type_hint"} and self._is_known(came)

    def _is_known(self, found: tuple[str, Mapping[str, str], str]) -> bool:
        """A code alone is anybody's: of a voucher, of a country, of an e-mail."""
        _, given, target = found
        if "state" in given or "iss" in given or "id_token" in given:
            return True
        return any(each["redirect_uri"].partition("?")[0] == target for each in self.askings)

    def _lands(self, sent: Exchange, target: str) -> int | None:
        """A fragment stays in the browser: the next message to that address is where it landed."""
        for each in self.trace:
            if each.number > sent.number and each.request.url.partition("?")[0] == target.partition("?")[0]:
                return each.number
        return None

    def _answer(
        self, number: int, arrived: int | None, found: tuple[str, Mapping[str, str], str]
    ) -> RecordedResponse:
        place, parameters, target = found
        before = [each for each in self.askings if each.number <= number]
        by_state = [each for each in before if each["state"] and each["state"] == parameters.get("state")]
        by_place = [each for each in before if each["redirect_uri"].partition("?")[0] == target]
        asking = next(reversed(by_state or by_place or before), None)
        return RecordedResponse(number, arrived, parameters, place, target, asking)

    @cached_property
    def redeemings(self) -> tuple[Redeeming, ...]:
        """Every token request, in order."""
        found = []
        for each in self.trace:
            given = dict(each.request.form or text_members(each.request.body))
            if "grant_type" in given and each.request.method == "POST":
                body = each.response.json if each.response is not None else None
                found.append(Redeeming(each, given, body if isinstance(body, dict) else {}))
        return tuple(found)

    def asked_for(self, code: str) -> Asking | None:
        """The request that this code came of."""
        return next((each.asking for each in self.answers if code and each["code"] == code), None)

    @cached_property
    def metadata(self) -> Mapping[str, Mapping[str, Any]]:
        """Issuer → its metadata document, where one was fetched."""
        found = {}
        for each in self.trace:
            body = each.response.json if each.response is not None and each.response.status == 200 else None
            if not isinstance(body, dict) or not isinstance(body.get("issuer"), str):
                continue
            if "jwks_uri" in body or any(part in each.request.path for part in DISCOVERY):
                found[body["issuer"]] = body
        return found

    @cached_property
    def id_tokens(self) -> tuple[tuple[int, Token, Asking | None, str], ...]:
        """Number of the message, the ID token, the request that asked for it, and the access token that came along."""
        found = []
        for each in self.redeemings:
            token = _decoded(each.answer.get("id_token"))
            if token is not None:
                found.append(
                    (
                        each.number,
                        token,
                        self.asked_for(each["code"]),
                        str(each.answer.get("access_token", "")),
                    )
                )
        for answer in self.answers:
            token = _decoded(answer["id_token"])
            if token is not None:
                found.append((answer.number, token, answer.asking, answer["access_token"]))
        return tuple(sorted(found, key=lambda each: each[0]))

    @cached_property
    def bearers(self) -> tuple[tuple[Exchange, str], ...]:
        """Every request that shows an access token in ``Authorization``, and the token."""
        found = []
        for each in self.trace:
            scheme, _, token = header(each.request.headers, "authorization").partition(" ")
            if scheme.lower() in ("bearer", "dpop") and token:
                found.append((each, token.strip()))
        return tuple(found)


def origin(url: str) -> str:
    """Scheme, host and port as they are written; empty for what has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def pairs_of(location: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parameters in query and fragment of an address."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return {}, {}
    return dict(parse_qsl(parts.query, keep_blank_values=True)), dict(parse_qsl(parts.fragment))


def _arriving(request: Request) -> tuple[str, Mapping[str, str], str] | None:
    for place, pairs in (("query", request.query), ("form", request.form)):
        given = _unpacked(dict(pairs))
        if place == "form" and "response" in given:  # a page of the application sends its fragment on
            given = dict(parse_qsl(given["response"]))
        if _is_answer(given):
            return place, given, request.url.partition("?")[0]
    return None


def _target(each: Exchange) -> str:
    """Where a redirect leads, as a whole address; empty if it is none."""
    location = each.response.location if each.response is not None else ""
    try:
        return urljoin(each.request.url, location) if location else ""
    except ValueError:
        return ""


def _departing(each: Exchange) -> tuple[str, Mapping[str, str], str] | None:
    target = _target(each)
    if not target:
        return None
    query, fragment = pairs_of(target)
    for place, given in (("query", _unpacked(query)), ("fragment", _unpacked(fragment))):
        if _is_answer(given) and "response_type" not in given:
            return place, given, target.partition("#")[0].partition("?")[0]
    return None


def _unpacked(given: dict[str, str]) -> dict[str, str]:
    """The answer within a token, if it is in one (JWT Secured Authorization Response Mode §2.1)."""
    token = _decoded(given.get("response"))
    if token is None:
        return given
    return {
        str(name): value for name, value in token.claims.items() if isinstance(value, str) and name != "aud"
    }


def _is_answer(given: Mapping[str, str]) -> bool:
    return bool(ANSWERS & given.keys())


def _arrived(answer: RecordedResponse, number: int) -> RecordedResponse:
    return RecordedResponse(
        answer.number, number, answer.parameters, answer.place, answer.target, answer.asking
    )


def _decoded(token: object) -> Token | None:
    try:
        return decode(token) if isinstance(token, str) and token.count(".") == 2 else None
    except InvalidToken:
        return None


def _member(each: Exchange, name: str) -> str:
    body = each.response.json if each.response is not None else None
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
