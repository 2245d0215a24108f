"""The steps of a flow: each is a request that somebody is about to send.

A flow is a generator: it yields a `Step`, is given the `Exchange` that came of it, and goes on. Whoever drives
it may look at a request, change it, hold it back or send it twice.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import Navigation, UserAgent

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """A request about to be sent.

    Attributes:
        sender: who sends it.
        request: what is sent.
        says: what it is for, in a sentence.
        spec: where the message is described.
    """

    sender: str
    request: Request
    says: str
    spec: str = ""


Steps = Generator[Step, Exchange, T]


@runtime_checkable
class StepByStep(Protocol):
    """An application whose own requests are steps too, so that they can be seen and changed."""

    def respond(self, request: Request) -> Steps[Response]: ...


def answered(exchange: Exchange) -> Response:
    """The answer of an exchange; one that never came reads as 502."""
    return exchange.response or Response(502, "Bad Gateway")


def visit(browser: UserAgent, url: str, says: str, spec: str = "") -> Steps[Page]:
    """The person types an address, or follows a link."""
    return (yield from _go(browser, browser.opening(url), says, spec))


def follow(browser: UserAgent, says: str, spec: str = "", redirect: str = "") -> Steps[Page]:
    """The browser goes where the last answer sent it."""
    return (yield from _go(browser, browser.following(redirect), says, spec))


def submit(
    browser: UserAgent,
    values: Mapping[str, str] | None,
    says: str,
    spec: str = "",
    *,
    press: str = "",
    form: int = 0,
) -> Steps[Page]:
    """The person fills in a form, or the page sends one by itself."""
    navigation = browser.submitting(values, press=press, form=form)
    return (yield from _go(browser, navigation, says, spec))


def _go(browser: UserAgent, navigation: Navigation, says: str, spec: str) -> Steps[Page]:
    exchange = yield Step(browser.name, navigation.request, says, spec)
    return browser.arrive(navigation, answered(exchange), exchange.request)


def call(sender: str, request: Request, says: str, spec: str = "") -> Steps[Response]:
    """A request from machine to machine."""
    return answered((yield Step(sender, request, says, spec)))
