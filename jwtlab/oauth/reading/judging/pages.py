"""What works and is risky about pages and cookies: their attributes, Referer, frames, and what stays in the history."""

from __future__ import annotations

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.answers import NO_ANSWER
from jwtlab.oauth.reading.judging.model import host, is_loopback, site, wrong
from jwtlab.oauth.reading.judging.practice import TOKENS
from jwtlab.oauth.reading.logins import Logins, origin, pairs_of

NO_COOKIES = NotAsked(
    "the recording shows no Set-Cookie; Chromium leaves it out unless it exports sensitive data"
)
_FOR_SCRIPTS = ("csrf", "xsrf", "theme", "lang", "locale", "consent")
"""Cookies against forged requests are read by scripts on purpose; preferences are no secret."""


def _cookies(case: Logins) -> list[tuple[Exchange, str, list[str]]]:
    """Those that server and application set: the exchange, the name, the attributes in small letters."""
    homes = {each.server for each in case.askings} | {origin(each["redirect_uri"]) for each in case.askings}
    homes |= {origin(each.page) for each in case.askings if each.seen != each.number}
    homes |= {origin(each.target) for each in case.answers}
    found = []
    for each in case.trace:
        if each.response is None or origin(each.request.url) not in homes:
            continue
        for name, value in each.response.headers:
            if name.lower() == "set-cookie":
                pair, *attributes = value.split(";")
                kept = [part.strip().lower() for part in attributes]
                if pair.partition("=")[2] and "max-age=0" not in kept:
                    found.append((each, pair.partition("=")[0].strip(), kept))
    return found


def cookie_secure(case: Logins) -> Note:
    cookies = _cookies(case)
    for each, name, attributes in cookies:
        if "secure" not in attributes and not is_loopback(each.request.url):
            raise wrong(f"the cookie {name} travels without TLS, too: no Secure", each.number, "Set-Cookie")
    return "Secure, or on this machine" if cookies else NO_COOKIES


def cookie_http_only(case: Logins) -> Note:
    cookies = _cookies(case)
    for each, name, attributes in cookies:
        if "httponly" not in attributes and not any(part in name.lower() for part in _FOR_SCRIPTS):
            raise wrong(
                f"every script of the page can read the cookie {name}: it has no HttpOnly",
                each.number,
                "Set-Cookie",
            )
    return "HttpOnly" if cookies else NO_COOKIES


def cookie_same_site(case: Logins) -> Note:
    cookies = _cookies(case)
    for each, name, attributes in cookies:
        if not any(part.startswith("samesite=") for part in attributes):
            raise wrong(
                f"the cookie {name} does not say when it may come along from other sites (SameSite); browsers "
                "differ in what they make of that",
                each.number,
                "Set-Cookie",
                expected="SameSite=Lax, or None with Secure",
            )
        if "samesite=none" in attributes and "secure" not in attributes:
            raise wrong(
                f"the cookie {name} has SameSite=None without Secure: browsers drop it",
                each.number,
                "Set-Cookie",
            )
    return "they say so" if cookies else NO_COOKIES


def referrer_quiet(case: Logins) -> Note:
    secrets = {each[name] for each in case.answers for name in ("code", *TOKENS) if each[name]}
    for each in case.trace:
        came_from = header(each.request.headers, "referer")
        if not came_from or site(came_from) == site(each.request.url):
            continue
        query, fragment = pairs_of(came_from)
        if secrets & {*query.values(), *fragment.values()}:
            raise wrong(
                f"{host(each.request.url)} is told the address of the callback, with everything in it",
                each.number,
                "Referer",
            )
    return "no Referer carries it on" if case.answers else NO_ANSWER


def callback_left(case: Logins) -> Note:
    for each in case.answers:
        exchange = next((x for x in case.trace if x.number == each.arrived), None)
        if exchange is None or each.place != "query" or not each["code"] or exchange.response is None:
            continue
        is_page = "html" in header(exchange.response.headers, "content-type")
        if exchange.response.status == 200 and is_page and not _is_quiet(exchange):
            raise wrong(
                "the callback answers with a page, and the code stays in the address bar, in the history and in "
                "Referer. Answer with a redirect, or at least with Referrer-Policy: no-referrer",
                exchange.number,
            )
    return "the code leaves the address bar" if case.answers else NO_ANSWER


def _is_quiet(exchange: Exchange) -> bool:
    said = header(exchange.response.headers, "referrer-policy") if exchange.response is not None else ""
    return said.strip().lower() in ("no-referrer", "same-origin")


def frame_refused(case: Logins) -> Note:
    servers = {asking.server for asking in case.askings}
    judged = 0
    for each in case.trace:
        answer = each.response
        if answer is None or answer.status != 200 or origin(each.request.url) not in servers:
            continue
        if "html" not in header(answer.headers, "content-type") or "prompt=none" in each.request.url:
            continue
        judged += 1
        names = {name.lower() for name, _ in answer.headers}
        if not names & {"x-frame-options", "content-security-policy"}:
            raise wrong(
                "any site can put this page into a frame, and let people press its buttons", each.number
            )
    return "not in a foreign frame" if judged else NotAsked("no page of the server is in the recording")


PAGE_PRACTICE = (
    Check(
        id="cookie-secure",
        title="Cookies travel over TLS only (Secure)",
        spec="RFC 10025 §8.3",
        run=cookie_secure,
        group="Cookies",
        purpose="The session is read on the way.",
    ),
    Check(
        id="cookie-http-only",
        title="Scripts cannot read the session (HttpOnly)",
        spec="RFC 10025 §4.1.2.6",
        run=cookie_http_only,
        group="Cookies",
        purpose="A script that gets into the page takes the session away.",
    ),
    Check(
        id="cookie-same-site",
        title="Cookies say when they come along (SameSite)",
        spec="RFC 10025 §4.1.2.7",
        run=cookie_same_site,
        group="Cookies",
        purpose="Forms of other sites act in your name, or a login loses its state.",
    ),
    Check(
        id="referrer-quiet",
        title="No other site hears of the callback's address (Referer)",
        spec="RFC 9700 §4.2.4",
        run=referrer_quiet,
        group="Places",
        purpose="Codes and tokens leak to whoever is linked.",
    ),
    Check(
        id="callback-left",
        title="The code leaves the address bar",
        spec="RFC 9700 §4.3.1",
        run=callback_left,
        group="Places",
        purpose="The code stays in the history.",
    ),
    Check(
        id="frame-refused",
        title="The server's pages cannot be framed",
        spec="RFC 9700 §4.16",
        run=frame_refused,
        group="Places",
        purpose="People press Allow without seeing it (clickjacking).",
    ),
)
