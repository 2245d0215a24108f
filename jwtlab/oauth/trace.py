"""What was said on the network, in order: as text, as HAR, and as a Mermaid sequence diagram."""

from __future__ import annotations

import json
import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, overload
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

from jwtlab.checks import Report
from jwtlab.jose.token import Token, decode

Pairs = tuple[tuple[str, str], ...]

_COMPACT = re.compile(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """An HTTP request as it was sent.

    Attributes:
        method: ``"GET"``, ``"POST"`` and so on.
        url: the whole address; a fragment is never in it, since browsers do not send one.
        headers: name and value, in order.
        body: as bytes.
    """

    method: str
    url: str
    headers: Pairs = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> Pairs:
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def form(self) -> Pairs:
        """The fields of a form, if it is one."""
        if not header(self.headers, "content-type").startswith(_FORM):
            return ()
        return tuple(parse_qsl(_text(self.body), keep_blank_values=True))

    @classmethod
    def of(cls, request: httpx.Request) -> Request:
        """The same request, out of httpx's hands; a fragment is left off."""
        url = str(request.url).partition("#")[0]  # copy_with(fragment=None) would parse it anew
        return cls(request.method, url, _header_pairs(request.headers), request.read())

    @classmethod
    def make(
        cls,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | Pairs | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """A request from its parts.

        Args:
            method: such as ``"POST"``.
            url: the whole address.
            query: parameters to add to it.
            form: fields of a form for the body.
            json: an object for the body instead.
            headers: further headers.
        """
        address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}" if query else url
        body = urlencode(form or {}).encode() if form is not None else None
        more = {"Content-Type": _FORM} if form is not None else {}
        built = httpx.Request(method, address, content=body, json=json, headers={**more, **(headers or {})})
        return cls.of(built)

    def to_httpx(self) -> httpx.Request:
        """For sending; the length of the body is counted anew."""
        headers = [pair for pair in self.headers if pair[0].lower() != "content-length"]
        return httpx.Request(self.method, self.url, headers=headers, content=self.body or None)

    @property
    def parameters(self) -> Pairs:
        """Of the query and of the form."""
        return self.query + self.form

    def get(self, name: str, default: str = "") -> str:
        """The first parameter of this name."""
        return next((value for each, value in self.parameters if each == name), default)

    def changed(self, **parameters: str | None) -> Request:
        """The same request with other parameters: ``None`` takes one out, a new one is added.

        They are changed in the form if there is one, and otherwise in the query.
        """
        pairs = self.form if self.form else self.query
        kept = [(name, parameters.get(name, value)) for name, value in pairs]
        known = {name for name, _ in pairs}
        added = [(name, value) for name, value in parameters.items() if name not in known]
        full = [(name, value) for name, value in (*kept, *added) if value is not None]
        return self.with_form(full) if self.form else self.with_query(full)

    def with_query(self, pairs: Iterable[tuple[str, str]]) -> Request:
        """The same request with this query."""
        parts = urlsplit(self.url)
        return replace(self, url=urlunsplit(parts._replace(query=urlencode(list(pairs)))))

    def with_form(self, pairs: Iterable[tuple[str, str]]) -> Request:
        """The same request with this form as its body."""
        return replace(self, body=urlencode(list(pairs)).encode())

    def at(self, url: str) -> Request:
        """The same request to another address."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != "host")
        return replace(self, url=url, headers=(("Host", urlsplit(url).netloc), *kept))

    def with_header(self, name: str, value: str | None) -> Request:
        """The same request with another value for a header, or without it."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    @property
    def target(self) -> str:
        """Path and query, as on the first line."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True)
class Response:
    """An HTTP response as it was received.

    Attributes:
        status: such as 200 or 302.
        reason: the words beside it.
        headers: name and value, in order.
        body: as bytes.
    """

    status: int
    reason: str = ""
    headers: Pairs = ()
    body: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, response: httpx.Response) -> Response:
        """The same response, out of httpx's hands."""
        body = response.read()
        return cls(response.status_code, response.reason_phrase, _header_pairs(response.headers), body)

    @classmethod
    def make(
        cls, status: int, text: str = "", *, kind: str = "text/html; charset=utf-8", headers: Pairs = ()
    ) -> Response:
        """A response from its parts."""
        more = (("Content-Type", kind),) if text else ()
        reason = HTTPStatus(status).phrase
        return cls(status, reason, (*more, *headers), text.encode("utf-8"))

    def to_httpx(self, request: httpx.Request) -> httpx.Response:
        """As httpx has it, as the answer to this request."""
        return httpx.Response(self.status, headers=list(self.headers), content=self.body, request=request)

    @property
    def location(self) -> str:
        """Where a redirect leads, fragment and all; empty if it is none."""
        return header(self.headers, "location")

    @property
    def json(self) -> Any:
        """The body as JSON, or ``None``."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class SeenToken:
    """A token that travelled.

    Attributes:
        where: such as ``"request header Authorization"`` or ``"response member id_token"``.
        text: the token.
    """

    where: str
    text: str = field(repr=False)

    @property
    def parts(self) -> Token:
        """Decoded, and **not verified**."""
        return decode(self.text)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer.

    Attributes:
        number: from 1.
        sender, receiver: names of the parties.
        request, response: what was said; the response is ``None`` if the receiver broke down.
        reports: what the receiver checked: name of the decision and its `Report`.
        at: when it was sent, by the lab's clock, in seconds since 1970.
        answered_after: number of the last exchange that had begun when the answer came: exchanges in
            between are what the receiver itself asked others.
        says: what it is for, in plain English, where somebody said so.
        spec: where the message is described.
        waiting: the answer is still to come.
    """

    number: int
    sender: str
    receiver: str
    request: Request
    response: Response | None
    reports: tuple[tuple[str, Report], ...] = ()
    at: float = 0
    answered_after: int = 0
    says: str = ""
    spec: str = ""
    waiting: bool = False

    @property
    def tokens(self) -> tuple[SeenToken, ...]:
        """Every JWT in it, and where it stood."""
        found = {seen.text: seen for seen in reversed(tuple(_tokens(self.request, self.response)))}
        return tuple(reversed(found.values()))

    @property
    def title(self) -> str:
        """In a few words: ``"POST /token → 200"``."""
        answer = "no answer" if self.response is None else str(self.response.status)
        return f"{self.request.method} {self.request.path} → {answer}"

    @property
    def refused_by(self) -> tuple[str, ...]:
        """The ids of the checks that failed at the receiver."""
        return tuple(finding.id for _, report in self.reports for finding in report.failures)

    def __str__(self) -> str:
        return "\n".join(_lines(self))


class Trace(Sequence[Exchange]):
    """All exchanges, in the order in which they began."""

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        self._lock = threading.Lock()
        self._exchanges = sorted(exchanges, key=_number)

    @overload
    def __getitem__(self, index: int) -> Exchange: ...
    @overload
    def __getitem__(self, index: slice) -> Trace: ...
    def __getitem__(self, index: int | slice) -> Exchange | Trace:
        found = self._exchanges[index]
        return Trace(found) if isinstance(found, list) else found

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, exchange: Exchange) -> None:
        """Put an exchange where its number belongs, in place of what was known of it before."""
        with self._lock:  # several threads may add at once
            place = bisect_left(self._exchanges, exchange.number, key=_number)
            known = self._exchanges[place : place + 1]
            self._exchanges[place : place + (bool(known) and known[0].number == exchange.number)] = [exchange]

    @property
    def messages(self) -> tuple[tuple[Exchange, bool], ...]:
        """Every request (``True``) and every answer (``False``) in the order in which they were sent."""
        times = []
        for each in self:
            times.append(((each.number, 0, 0), each, True))
            if not each.waiting:
                times.append(((max(each.answered_after, each.number), 1, -each.number), each, False))
        return tuple((each, asks) for _, each, asks in sorted(times, key=lambda one: one[0]))

    def clear(self) -> None:
        """Forget everything."""
        self._exchanges.clear()

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who took part, in the order of their first appearance."""
        return tuple(dict.fromkeys(name for each in self for name in (each.sender, each.receiver)))

    @property
    def tokens(self) -> tuple[SeenToken, ...]:
        """Every token that travelled, each once."""
        found: dict[str, SeenToken] = {}
        for exchange in self:
            for seen in exchange.tokens:
                found.setdefault(seen.text, seen)
        return tuple(found.values())

    def __str__(self) -> str:
        return "\n\n".join(str(each) for each in self)

    def __repr__(self) -> str:
        return f"<Trace: {len(self)} exchanges between {', '.join(self.parties) or 'nobody'}>"

    def to_har(self) -> dict[str, Any]:
        """HTTP Archive 1.2, which browsers' developer tools and proxies open."""
        from jwtlab import __version__

        entries = [_har(each) for each in self]
        return {
            "log": {
                "version": "1.2",
                "creator": {"name": "jwtlab", "version": __version__},
                "entries": entries,
            }
        }

    def to_mermaid(self) -> str:
        """A sequence diagram in Mermaid's notation."""
        names = {name: f"p{index}" for index, name in enumerate(self.parties)}
        lines = [
            "sequenceDiagram",
            *(f"    participant {key} as {_plain(name)}" for name, key in names.items()),
        ]
        for each, asks in self.messages:
            one, other = names[each.sender], names[each.receiver]
            if asks:
                what = f"{each.number} {_plain(each.request.method)} {_plain(each.request.path)}"
                lines.append(f"    {one}->>{other}: {what}")
            else:
                answer = "no answer" if each.response is None else _answer(each.response)
                lines.append(f"    {other}-->>{one}: {each.number} {_plain(answer)}")
        return "\n".join(lines) + "\n"


def _number(exchange: Exchange) -> int:
    return exchange.number


def header(headers: Pairs, name: str) -> str:
    """The first header of this name, in any capital letters; empty if there is none."""
    return next((value for each, value in headers if each.lower() == name.lower()), "")


def _answer(response: Response) -> str:
    where = f" to {urlsplit(response.location).path or '/'}" if response.location else ""
    return f"{response.status} {response.reason}{where}".strip()


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _plain(text: str) -> str:
    """Text that means nothing to Mermaid: no line breaks, no semicolon, no hash, no angle brackets."""
    return re.sub(r"[^\w /.,:()=?&%@~+-]", " ", text)[:80]


def _lines(each: Exchange) -> Iterator[str]:
    yield f"{each.number} · {each.sender} → {each.receiver}"
    yield f"  {each.request.method} {each.request.target}"
    yield f"  Host: {urlsplit(each.request.url).netloc}"
    yield from (f"  {name}: {value}" for name, value in each.request.headers if name.lower() in _TELLING)
    yield from _body(each.request.form, each.request.body)
    for name, report in each.reports:
        yield f"  {name}: {'accepted' if report.accepted else f'refused, {report.first_failure}'}"
    if each.response is None:
        yield "  ← no answer"
        return
    yield f"  ← {each.response.status} {each.response.reason}".rstrip()
    yield from (f"  {name}: {value}" for name, value in each.response.headers if name.lower() in _TELLING)
    if not header(each.response.headers, "content-type").startswith("text/html"):
        yield from _body((), each.response.body)


_TELLING = {
    "authorization",
    "cookie",
    "dpop",
    "content-type",
    "location",
    "set-cookie",
    "www-authenticate",
    "cache-control",
}
"""Headers that a reader of OAuth wants to see; the others are in the HAR."""


def _body(form: Pairs, body: bytes) -> Iterator[str]:
    if form:
        yield ""
        yield from (f"  {'&' if number else ''}{name}={value}" for number, (name, value) in enumerate(form))
    elif body:
        yield ""
        yield from (f"  {line}" for line in _text(body)[:4000].splitlines())


def _tokens(request: Request, response: Response | None) -> Iterator[SeenToken]:
    yield from _in_pairs("request header", request.headers)
    yield from _in_pairs("request parameter", request.query)
    yield from _in_pairs("request field", request.form)
    if not request.form:
        yield from _in_json("request member", request.body)
    if response is not None:
        target = urlsplit(response.location)
        yield from _in_pairs("redirect parameter", parse_qsl(target.query))
        yield from _in_pairs("redirect fragment", parse_qsl(target.fragment))
        others = tuple(pair for pair in response.headers if pair[0].lower() != "location")
        yield from _in_pairs("response header", others)
        yield from _in_json("response member", response.body)


def _in_pairs(kind: str, pairs: Iterable[tuple[str, str]]) -> Iterator[SeenToken]:
    for name, value in pairs:
        yield from (SeenToken(f"{kind} {name}", text) for text in _COMPACT.findall(value))


def _in_json(kind: str, body: bytes) -> Iterator[SeenToken]:
    yield from _in_pairs(kind, text_members(body))


def text_members(body: bytes) -> Pairs:
    """Name and value of the members that are texts, if the body is a JSON object."""
    try:
        content = json.loads(body)
    except ValueError:
        return ()
    found = content.items() if isinstance(content, dict) else ()
    return tuple((name, value) for name, value in found if isinstance(value, str))


def _har(each: Exchange) -> dict[str, Any]:
    request, response = each.request, each.response
    sent: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _har_pairs(request.headers),
        "queryString": _har_pairs(request.query),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        sent["postData"] = {
            "mimeType": header(request.headers, "content-type"),
            "params": _har_pairs(request.form),
            "text": _text(request.body),
        }
    got = response or Response(0, "no answer")
    return {
        "startedDateTime": datetime.fromtimestamp(each.at, UTC).isoformat(),
        "time": 0,
        "request": sent,
        "response": {
            "status": got.status,
            "statusText": got.reason,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _har_pairs(got.headers),
            "content": {
                "size": len(got.body),
                "mimeType": header(got.headers, "content-type"),
                "text": _text(got.body),
            },
            "redirectURL": got.location,
            "headersSize": -1,
            "bodySize": len(got.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": f"{each.sender} → {each.receiver}",
    }


def _header_pairs(headers: httpx.Headers) -> Pairs:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _har_pairs(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
