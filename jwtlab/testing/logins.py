"""A login that an attack plays with: begun in a browser of the application, allowed at the issuer, brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

import httpx

from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import split
from jwtlab.testing.asking import check_takes, in_words
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.patience import Patience
from jwtlab.testing.places import RefusedAddress
from jwtlab.testing.senders import SentReply, SessionClient, finished_reply


@dataclass(frozen=True)
class LoginRequest:
    """What the application asks the issuer for, through the browser (RFC 6749 §4.1.1).

    Attributes:
        url: the whole address.
    """

    url: str

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(split(self.url).query, keep_blank_values=True))


@dataclass(frozen=True)
class Arrival:
    """What the application made of a visit at its callback.

    Attributes:
        logged_in: somebody is logged in now.
        user: who, if the application says so.
        said: its answer, in words.
        location: where it sent the browser.
        named: the page or the answer in which the person is named, as text.
        doubtful: a sound application might look the same.
    """

    logged_in: bool
    user: str | None = None
    said: str = ""
    location: str = ""
    named: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Doors:
    """An application, as an attack gets at it.

    Attributes:
        start: ``() -> where the browser is sent``, in a new browser.
        callback: ``address -> answer``, in the newest browser.
        who: ``() -> who is logged in`` in the newest browser; ``None`` if nobody can be asked.
        browser: whose cookies can be read and set; ``None`` where the doors are functions.
        path: where *Log in* is, in that browser.
    """

    start: Callable[[], Any]
    callback: Callable[[str], Any]
    who: Callable[[], Any] | None = None
    browser: SessionClient | None = None
    path: str = ""


class Login:
    """The application's doors, and the issuer behind them.

    Args:
        doors: of the application.
        issuer: where people log in.
    """

    def __init__(self, doors: Doors, issuer: Issuer) -> None:
        self.doors, self.issuer = doors, issuer
        self._patience = Patience()
        self.home: Arrival | None = None
        """How a good login ends."""

    def begin(self) -> LoginRequest:
        """A new browser, and somebody presses Log in.

        Raises:
            UsageError: the browser is not sent to the issuer.
        """
        return self.leads_to(self._patience.call(self.doors.start))

    def leads_to(self, found: Any) -> LoginRequest:
        """The request in an answer to *Log in*.

        Raises:
            UsageError: the browser is not sent to the issuer.
        """
        address = found if isinstance(found, str) else finished_reply(found).location
        wanted = self.issuer.authorization_endpoint
        if not address:
            status = finished_reply(found).status
            raise UsageError(
                f"start() sends the browser nowhere (it answered {status}); a redirect to {wanted} is due"
            )
        if address.partition("?")[0] != wanted:
            raise UsageError(
                f"start() sends the browser to {address.partition('?')[0]}, and not to {wanted}: let your application "
                "read issuer.metadata_uri"
            )
        return LoginRequest(address)

    def allow(self, request: LoginRequest, user: str) -> str:
        """Somebody logs in at the issuer and allows it; the address at the application that follows.

        Raises:
            UsageError: the issuer refuses the request.
        """
        before = self.issuer.provider.visitor
        self.issuer.logs_in(user)
        try:
            answer = httpx.get(request.url, trust_env=False, follow_redirects=False)
        finally:
            self.issuer.logs_in(before)
        location = answer.headers.get("location", "")
        got = dict(parse_qsl(split(location).query))
        if "code" not in got:
            why = got.get("error_description") or got.get("error") or f"it answered {answer.status_code}"
            raise UsageError(
                f"the issuer gives no code for this request: {why}. Client and secret are issuer.client_id and "
                "issuer.client_secret; the code has to come back in the query (response_type=code)"
            )
        return str(location)

    def arrive(self, address: str) -> Arrival:
        """The newest browser comes back with an answer of the issuer."""
        try:
            found = self._patience.call(self.doors.callback, address)
        except RefusedAddress:
            raise
        except Exception as error:
            return Arrival(False, said=in_words(error))
        return self._read(found)

    def _read(self, found: Any) -> Arrival:
        if found is None or found is False:
            return Arrival(False, said=f"returned {found}")
        if isinstance(found, str):
            return Arrival(bool(found), found or None, f"logged in as {found}", named=found)
        if isinstance(found, Mapping):
            user = _user_of(found)
            said = f"logged in as {user or 'somebody'}"
            return Arrival(bool(found), user, said, named=user or "")
        reply = finished_reply(found)
        where = f" to {reply.location}" if reply.location else ""
        said = f"answered {reply.status}{where}"
        if reply.status >= 400:
            return Arrival(False, None, said, reply.location)
        return self._looked_up(reply, said)

    def _looked_up(self, reply: SentReply, said: str) -> Arrival:
        """An answer that is no error: is somebody logged in?"""
        if self.doors.who is not None:
            user, named = self.asked()
            said = f"{said}; {user or 'nobody'} is logged in"
            return Arrival(user is not None, user, said, reply.location, named)
        if self.home is not None and _place(reply.location) != _place(self.home.location):
            return Arrival(False, None, f"{said}, and not to where a good login leads", reply.location)
        return Arrival(True, None, said, reply.location)

    def asked(self) -> tuple[str | None, str]:
        """Who is logged in in the newest browser, and the text that says so."""
        assert self.doors.who is not None
        try:
            found = self._patience.call(self.doors.who)
        except Exception:
            return None, ""
        if found is None or isinstance(found, bool):
            return ("somebody" if found else None), ""
        if isinstance(found, str):
            return found or None, found
        if isinstance(found, Mapping):
            user = _user_of(found)
            return user, user or ""
        reply = finished_reply(found)
        if not 200 <= reply.status < 300:
            return None, ""
        return next((each for each in self.issuer.people if each in reply.text), None), reply.text


def _user_of(found: Mapping[str, Any]) -> str | None:
    user = found.get("sub") or found.get("preferred_username") or found.get("username")
    return str(user) if user else None


def _place(address: str) -> str:
    return split(address).path


def with_parameters(address: str, **changed: str | None) -> str:
    """The same address with other parameters; ``None`` takes one out."""
    parts = split(address)
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name, value in changed.items():
        pairs.pop(name, None)
        if value is not None:
            pairs[name] = value
    return parts._replace(query=urlencode(pairs)).geturl()


def doors(start: Any, callback: Any, who: Any) -> Doors:
    """The callables behind whatever was handed over: functions, clients with paths, or addresses.

    Raises:
        UsageError: it is none of these.
    """
    if isinstance(start, tuple) and len(start) == 2:
        browser, path = SessionClient(start[0]), str(start[1])
    elif isinstance(start, str):
        browser, path = SessionClient(start), start
    elif callable(start):
        if not callable(callback):
            raise UsageError("with start as a function, callback is one too: callback(address) -> response")
        check_takes(start, "start()", 0)
        check_takes(callback, "callback(address)", 1)
        return Doors(start, callback, _door_of_who(None, who))
    else:
        raise UsageError(
            f"start is a function, a pair (client, path) or an address; this is {type(start).__name__}"
        )

    def begin() -> SentReply:
        browser.fresh()
        return at_the_issuers(browser, path)

    return Doors(begin, _door_of_callback(browser, callback), _door_of_who(browser, who), browser, path)


HOPS = 5
OWN = ("", "localhost", "testserver")
"""Hosts under which test clients know an application."""


def at_the_issuers(browser: SessionClient, path: str) -> SentReply:
    """The answer that leads out of the application: ``/login`` may lead to ``/login/`` first."""
    where, reply = path, browser.get(path)
    for _ in range(HOPS):
        place = split(reply.location)
        if not 300 <= reply.status < 400 or place.netloc not in (*OWN, split(where).netloc):
            break
        where = urljoin(where, reply.location)
        reply = browser.get(where)
    return reply


def _door_of_callback(browser: SessionClient, callback: Any) -> Callable[[str], Any]:
    """The browser goes where the issuer sends it, or to the path that was named."""
    if isinstance(callback, tuple) and len(callback) == 2:
        callback = callback[1]
    if callback is not None and not isinstance(callback, str):
        raise UsageError("with start as a client or an address, callback is a path or an address, or None")

    def come_back(address: str) -> SentReply:
        if callback is None:
            return browser.get(address)
        query = split(address).query
        return browser.get(f"{callback}?{query}")

    return come_back


def _door_of_who(browser: SessionClient | None, who: Any) -> Callable[[], Any] | None:
    if who is None:
        return None
    if callable(who):
        check_takes(who, "who()", 0)
        ask: Callable[[], Any] = who
        return ask
    if isinstance(who, tuple) and len(who) == 2:
        who = who[1]
    if browser is None or not isinstance(who, str):
        raise UsageError("who is a function, () -> username or None; with a client or an address, a path")
    path = who
    return lambda: browser.get(path)
