"""One request and its answer, with what the receiver checked and the tokens that travelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from jwtlab.checks import Report
from jwtlab.jose.token import Token, decode
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.messages import Pairs, Request, Response, header, text, text_members

_COMPACT = re.compile(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


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


def _tokens(request: Request, response: Response | None) -> Iterator[SeenToken]:
    yield from _in_pairs("request header", request.headers)
    yield from _in_pairs("request parameter", request.query)
    yield from _in_pairs("request field", request.form)
    if not request.form:
        yield from _in_json("request member", request.body)
    if response is not None:
        target = split(response.location)
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


def _lines(each: Exchange) -> Iterator[str]:
    yield f"{each.number} · {each.sender} → {each.receiver}"
    yield f"  {each.request.method} {each.request.target}"
    yield f"  Host: {split(each.request.url).netloc}"
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
        yield from (f"  {line}" for line in text(body)[:4000].splitlines())
