"""HTTP requests and responses, as values that can be looked at and changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

import httpx

from jwtlab.oauth.http.addresses import split

Pairs = tuple[tuple[str, str], ...]
FORM = "application/x-www-form-urlencoded"


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
        return split(self.url).path or "/"

    @property
    def query(self) -> Pairs:
        return tuple(parse_qsl(split(self.url).query, keep_blank_values=True))

    @property
    def form(self) -> Pairs:
        """The fields of a form, if it is one."""
        if not header(self.headers, "content-type").startswith(FORM):
            return ()
        return tuple(parse_qsl(text(self.body), keep_blank_values=True))

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
        address = f"{url}{'&' if split(url).query else '?'}{urlencode(query)}" if query else url
        body = urlencode(form or {}).encode() if form is not None else None
        more = {"Content-Type": FORM} if form is not None else {}
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
        parts = split(self.url)
        return replace(self, url=urlunsplit(parts._replace(query=urlencode(list(pairs)))))

    def with_form(self, pairs: Iterable[tuple[str, str]]) -> Request:
        """The same request with this form as its body."""
        return replace(self, body=urlencode(list(pairs)).encode())

    def at(self, url: str) -> Request:
        """The same request to another address."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != "host")
        return replace(self, url=url, headers=(("Host", split(url).netloc), *kept))

    def with_header(self, name: str, value: str | None) -> Request:
        """The same request with another value for a header, or without it."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    @property
    def target(self) -> str:
        """Path and query, as on the first line."""
        parts = split(self.url)
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
        except (ValueError, RecursionError):  # nested deeper than anybody's answer
            return None


def header(headers: Pairs, name: str) -> str:
    """The first header of this name, in any capital letters; empty if there is none."""
    return next((value for each, value in headers if each.lower() == name.lower()), "")


def text(octets: bytes) -> str:
    """What these octets say; what is no UTF-8 becomes a question mark in a box."""
    return octets.decode("utf-8", "replace")


def text_members(body: bytes) -> Pairs:
    """Name and value of the members that are texts, if the body is a JSON object."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found = content.items() if isinstance(content, dict) else ()
    return tuple((name, value) for name, value in found if isinstance(value, str))


def _header_pairs(headers: httpx.Headers) -> Pairs:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
