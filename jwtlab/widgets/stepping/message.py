"""What became of a message: its answer, who refused it, what it asks for, and the page it brought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from jwtlab.checks import Finding, Report
from jwtlab.figures.sequence_layout import answer_label
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Response, header
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.protocol import ASKS_MORE
from jwtlab.widgets import reading

Reports = tuple[tuple[str, Report], ...]


def goodness(exchange: Exchange, reports: Reports) -> bool | str:
    """Is the answer a yes (``True``), a no (``False``), or does it ask for more (``"more"``)?"""
    failed = [report for _, report in reports if not report.accepted]
    if failed:
        return "more" if all(report.asks_more for report in failed) else False
    answer = exchange.response
    if answer is None:
        return False
    place = split(answer.location)
    error = dict(parse_qsl(place.query) + parse_qsl(place.fragment)).get("error")
    if error is not None:
        return "more" if error in ASKS_MORE else False
    return "more" if "<form" in page_of(answer) else answer.status < 400


def result(exchange: Exchange, reports: Reports) -> tuple[bool | str | None, str, str]:
    """What became of it: good, bad, ``"more"`` or ``None`` (still open); its title; and a few words."""
    title = f"Message {exchange.number}"
    if exchange.waiting:
        return None, title, f"has been sent. {exchange.receiver} asks somebody else before it answers."
    title = f"{title}: {answer_label(exchange)}"
    failed = [finding for _, report in reports for finding in report.failures]
    good = goodness(exchange, reports)
    if failed:
        return good, title, f"{failed[0].check.title} ({failed[0].id})"
    passed = sum(len(report.findings) for _, report in reports)
    words = [f"{passed} check{'s' if passed > 1 else ''} passed"] if passed else []
    words += ["it asks for more before it decides"] if good == "more" else []
    return good, title, "; ".join(words)


def last_word(trace: Trace) -> Exchange | None:
    """The message to look at: the one sent last, if it waits; else where the last answer began."""
    if trace and trace[-1].waiting:
        return trace[-1]
    answered = [each for each in trace if not each.waiting]
    return _root(max(answered, key=_order_of_answers), answered) if answered else None


def refusal_by(trace: Trace, guards: Iterable[str]) -> tuple[Exchange, Finding] | None:
    """The first refusal by one of these checks."""
    wanted = set(guards)
    return next(
        (
            (each, finding)
            for each in trace
            for _, report in each.reports
            for finding in report.failures
            if finding.id in wanted
        ),
        None,
    )


def _order_of_answers(exchange: Exchange) -> tuple[int, int]:
    return exchange.answered_after, -exchange.number


def _root(refusal: Exchange, answered: Iterable[Exchange]) -> Exchange:
    """Where a refusal began: a receiver that asks somebody else refuses because that one has refused.

    So whoever spoils message 6 is shown what became of message 6, not of message 5, which waited for it.
    """
    if not refusal.refused_by:
        return refusal
    within = [each for each in answered if each.number > refusal.number and each.refused_by]
    return _root(max(within, key=_order_of_answers), within) if within else refusal


def tokens_in(exchange: Exchange, now: float) -> tuple[Any, ...]:
    """The tokens in a message, decoded: where each was, and what it says."""
    return tuple((seen.where, reading.inspect(seen.text, now)) for seen in exchange.tokens[:4])


def page_of(response: Response | None) -> str:
    """The page that a person would see, if it is one."""
    if response is None or not header(response.headers, "content-type").startswith("text/html"):
        return ""
    return response.body.decode("utf-8", "replace")
