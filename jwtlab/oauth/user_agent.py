"""A browser in miniature: cookies, forms, one redirect at a time, and a fragment that never leaves it.

It goes no step by itself: whoever drives it (a flow, a widget, a test) sees every redirect before it is
followed, and may change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx

from jwtlab.errors import UsageError
from jwtlab.oauth.network import Network
from jwtlab.oauth.trace import Request, Response, header


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
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def fragment(self) -> dict[str, str]:
        """The parameters behind the #: only the page's own script sees them, no server does."""
        return dict(parse_qsl(urlsplit(self.url).fragment, keep_blank_values=True))


@dataclass(frozen=True)
class Going:
    """Where the browser is about to go.

    Attributes:
        address: what will stand in the address bar, fragment and all.
        request: what is sent.
    """

    address: str
    request: Request


class UserAgent:
    """Somebody's browser.

    `open`, `follow`, `click` and `submit` go somewhere at once. `opening`, `following` and `submitting` only
    say what would be sent; `arrive` takes the answer, whoever sent the request and whatever became of it.

    Args:
        network: what it is connected to.
        name: how the record calls it, such as ``"Alice's browser"``.

    Attributes:
        page: what it shows, or ``None`` before the first address.
        history: every address that stood in the address bar, fragments and all.
    """

    def __init__(self, network: Network, name: str = "Browser") -> None:
        self.name = name
        self.page: Page | None = None
        self.history: list[str] = []
        self._network = network
        self._client = network.client(name)

    @property
    def cookies(self) -> httpx.Cookies:
        """The cookie jar."""
        return self._client.cookies

    def open(self, url: str) -> Page:
        """Type an address; a redirect in the answer is shown and not followed.

        Raises:
            UsageError: nobody answers there.
        """
        return self._go(self.opening(url))

    def follow(self, redirect: str = "") -> Page:
        """Go where the page wants to send us (or to a changed address).

        A fragment of the redirect stays in the address bar. If it has none, that of the page before
        is kept (RFC 9110 §10.2.2).

        Raises:
            UsageError: the page is no redirect.
        """
        return self._go(self.following(redirect))

    def follow_all(self, most: int = 20) -> Page:
        """Follow redirects until a page comes.

        Raises:
            UsageError: there are more than ``most`` of them in a row.
        """
        for _ in range(most):
            if not self._current().redirect:
                return self._current()
            self.follow()
        raise UsageError(f"{most} redirects in a row: they seem to go round in circles")

    def click(self, label: str) -> Page:
        """Follow a link.

        Raises:
            UsageError: there is no such link; the message lists those there are.
        """
        links = self._current().links
        if label not in links:
            raise UsageError(f"there is no link {label!r}; there are: {', '.join(links) or 'none'}")
        return self._go(self.opening(links[label]))

    def submit(self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0) -> Page:
        """Fill in a form and send it.

        Args:
            values: name → value for fields that the form has.
            press: the label of the button; by default the first one.
            form: which form of the page, from 0.

        Raises:
            UsageError: there is no such form, field or button; the message lists those there are.
        """
        return self._go(self.submitting(values, press=press, form=form))

    def opening(self, url: str) -> Going:
        """What `open` would send."""
        return self._prepare("GET", url)

    def following(self, redirect: str = "") -> Going:
        """What `follow` would send."""
        page = self._current()
        target = redirect or page.redirect
        if not target:
            raise UsageError(f"{_place(page.url)} answered {page.status} and sends the browser nowhere")
        if not urlsplit(target).fragment and urlsplit(page.url).fragment:
            target = f"{urldefrag(target).url}#{urlsplit(page.url).fragment}"
        return self._prepare("GET", target)

    def submitting(self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0) -> Going:
        """What `submit` would send."""
        page = self._current()
        if not 0 <= form < len(page.forms):
            shown = f"; it says: {page.text_shown[:200]}" if page.text_shown else ""
            raise UsageError(
                f"{_place(page.url)} has {len(page.forms)} forms; there is no form {form}{shown}"
            )
        found = page.forms[form]
        unknown = [name for name in values or {} if name not in found.fields]
        if unknown:
            raise UsageError(f"the form has no field {unknown[0]!r}; there are: {', '.join(found.fields)}")
        filled = {**found.fields, **(values or {}), **_pressed(found, press)}
        if found.method == "GET":
            return self._prepare("GET", str(httpx.URL(found.action, params=filled)))
        return self._prepare("POST", found.action, filled)

    def arrive(self, going: Going, response: Response, request: Request | None = None) -> Page:
        """Show what came back.

        Args:
            going: what was about to be sent.
            response: the answer.
            request: what was really sent, if somebody changed it on the way.
        """
        address = going.address
        if request is not None and request.url != going.request.url:
            fragment = urlsplit(address).fragment
            address = request.url + (f"#{fragment}" if fragment else "")
        if any(name.lower() == "set-cookie" for name, _ in response.headers):
            sent = (request or going.request).to_httpx()
            self._client.cookies.extract_cookies(response.to_httpx(sent))
        self.page = _read(address, response)
        self.history.append(address)
        return self.page

    def _go(self, going: Going) -> Page:
        answer = self._network.deliver(self.name, going.request.to_httpx())
        return self.arrive(going, Response.of(answer))

    def _current(self) -> Page:
        if self.page is None:
            raise UsageError("the browser shows nothing yet; open an address first")
        return self.page

    def _prepare(self, method: str, url: str, data: Mapping[str, str] | None = None) -> Going:
        address = urljoin(self.page.url if self.page else "", url)
        headers = {}
        if method == "POST" and self.page is not None:
            headers["Origin"] = _origin_told(self.page, address)
        sent_to = urldefrag(address).url  # the fragment stays at home
        request = self._client.build_request(method, sent_to, data=data, headers=headers)
        return Going(address, Request.of(request))

    def __repr__(self) -> str:
        return f"<UserAgent {self.name!r} at {self.page.url if self.page else 'no page'}>"


def _place(url: str) -> str:
    """An address without its parameters, which are long and may be secret."""
    return url.partition("#")[0].partition("?")[0]


def _origin_told(page: Page, address: str) -> str:
    """The header ``Origin``: which site a POST comes from; that is how CSRF is noticed.

    A page's ``Referrer-Policy`` can hide it, even from the page's own server (Fetch standard, "append a request
    Origin header").
    """
    here, there = (urlsplit(each) for each in (page.url, address))
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    downgrade = here.scheme == "https" and there.scheme != "https"
    hidden = {"no-referrer": True, "same-origin": not same, "unsafe-url": False, "origin": False}
    return "null" if hidden.get(page.referrer_policy, downgrade) else f"{here.scheme}://{here.netloc}"


def _pressed(form: Form, label: str) -> dict[str, str]:
    if not label:
        buttons = form.buttons[:1]
    else:
        buttons = tuple(each for each in form.buttons if each[2] == label)
        if not buttons:
            there = ", ".join(each[2] for each in form.buttons) or "none"
            raise UsageError(f"there is no button {label!r}; there are: {there}")
    return {name: value for name, value, _ in buttons if name}


def _read(url: str, answer: Response) -> Page:
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
