"""A page as a browser reads it: its forms, links and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin

from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.messages import Response, header


@dataclass(frozen=True)
class Form:
    """A form of a page.

    Attributes:
        action: the whole address that it is sent to.
        method: ``"GET"`` or ``"POST"``.
        fields: name → value as it stands in the page, hidden fields included.
        buttons: what can be pressed: (name, value, label).
    """

    action: str
    method: str
    fields: Mapping[str, str]
    buttons: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """What the browser shows.

    Attributes:
        url: its address, with the fragment that stands in the address bar.
        status: the HTTP status.
        text: the body.
        redirect: where the answer wants to send the browser, or empty; not followed yet.
        title: of the page.
        text_shown: the words a person would read.
        links: label → whole address.
        forms: in order.
        referrer_policy: what the page lets the browser tell of it.
    """

    url: str
    status: int
    text: str = field(repr=False)
    redirect: str = ""
    title: str = ""
    text_shown: str = field(default="", repr=False)
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    forms: tuple[Form, ...] = field(default=(), repr=False)
    referrer_policy: str = field(default="", repr=False)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of its address."""
        return dict(parse_qsl(split(self.url).query, keep_blank_values=True))

    @property
    def fragment(self) -> dict[str, str]:
        """The parameters behind the #: only the page's own script sees them, no server does."""
        return dict(parse_qsl(split(self.url).fragment, keep_blank_values=True))


def read_page(url: str, answer: Response) -> Page:
    """The page that an answer shows."""
    redirect = urljoin(url, answer.location) if 300 <= answer.status < 400 and answer.location else ""
    text = answer.body.decode("utf-8", "replace")
    if not header(answer.headers, "content-type").startswith("text/html"):
        return Page(url, answer.status, text, redirect)
    reader = _Reader(url)
    reader.feed(text)
    reader.close()
    words = " ".join(" ".join(reader.words).split())
    title = " ".join("".join(reader.title).split())
    policy = header(answer.headers, "referrer-policy")
    return Page(url, answer.status, text, redirect, title, words, reader.links, tuple(reader.forms), policy)


class _Reader(HTMLParser):
    """Forms, links and words of a page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.words: list[str] = []
        self.title: list[str] = []
        self.links: dict[str, str] = {}
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._ids: list[str] = []  # of the forms
        self._form: Form | None = None
        self._link: tuple[str, list[str]] | None = None
        self._button: tuple[str, str, list[str]] | None = None
        self._owner = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title"):
            self._open.append(tag)
        elif tag == "a" and "href" in given:
            self._link = (urljoin(self.url, given["href"]), [])
        elif tag == "form":
            action = urljoin(urldefrag(self.url).url, given.get("action", ""))
            self._form = Form(action, given.get("method", "get").upper(), {})
            self._ids.append(given.get("id", ""))
        elif tag == "button" and (self._form is not None or given.get("form") in self._ids):
            self._button = (given.get("name", ""), given.get("value", ""), [])
            self._owner = given.get("form", "")
        elif tag in ("input", "textarea", "select") and self._form is not None:
            self._input(given)

    def _input(self, given: Mapping[str, str]) -> None:
        form, name, kind = self._form, given.get("name", ""), given.get("type", "text")
        if form is None or not name:
            return
        if kind == "submit":
            self._form = _with_button(form, (name, given.get("value", ""), given.get("value", "")))
        elif kind not in ("checkbox", "radio") or "checked" in given:
            value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
            self._form = Form(form.action, form.method, {**form.fields, name: value}, form.buttons)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[-1]:
            self._open.pop()
        elif tag == "a" and self._link is not None:
            address, words = self._link
            self.links.setdefault(" ".join("".join(words).split()), address)
            self._link = None
        elif tag == "button" and self._button is not None:
            name, value, words = self._button
            button = (name, value, " ".join("".join(words).split()))
            if self._form is not None:
                self._form = _with_button(self._form, button)
            else:  # a button may stand behind its form, and name it (HTML §4.10.18.3)
                place = self._ids.index(self._owner)
                self.forms[place] = _with_button(self.forms[place], button)
            self._button = None
        elif tag == "form" and self._form is not None:
            self.forms.append(self._form)
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._open:
            if self._open[-1] == "title":
                self.title.append(data)
            return
        self.words.append(data)
        if self._link is not None:
            self._link[1].append(data)
        if self._button is not None:
            self._button[2].append(data)


def _with_button(form: Form, button: tuple[str, str, str]) -> Form:
    return Form(form.action, form.method, form.fields, (*form.buttons, button))
