"""What is asked of the way out: the application's redirect, and the authorization request that it becomes."""

from __future__ import annotations

from urllib.parse import urlsplit

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import host, is_loopback, wrong
from jwtlab.oauth.reading.logins import Asking, Logins, origin

NO_REQUEST = NotAsked("the recording holds no authorization request")
_WORDS_OF_REDIRECT = (b"redirect_uri", b"redirect uri", b"redirect url", b"redirect_url", b"callback")


def login_host_same(case: Logins) -> Note:
    told = [each for each in case.askings if each.page and host(each["redirect_uri"])]
    for each in told:
        began, ends = host(each.page), host(each["redirect_uri"])
        both_here = is_loopback(each.page) and is_loopback(each["redirect_uri"])
        if began != ends and each.seen != each.number and (both_here or _same_but_www(began, ends)):
            raise wrong(
                f"the login begins at {began} and comes back to {ends}. These are two hosts for a browser, however "
                "alike they are: the cookie of the one does not go to the other, and the state is lost",
                (each.seen, each.number),
                "redirect_uri",
                expected=began,
                found=ends,
            )
    return f"{host(told[0].page)}, there and back" if told else NO_REQUEST


def _same_but_www(one: str, other: str) -> bool:
    return one.removeprefix("www.") == other.removeprefix("www.")


def redirect_scheme_same(case: Logins) -> Note:
    secure = {origin(each.request.url) for each in case.trace if each.request.url.startswith("https://")}
    for each in case.askings:
        uri = each["redirect_uri"]
        as_https = f"https://{urlsplit(uri).netloc}"
        if uri.startswith("http://") and not is_loopback(uri) and as_https in secure:
            raise wrong(
                "the browser talks to the application over https, and the application believes that it is reached over "
                "http: it stands behind a proxy and does not hear of X-Forwarded-Proto, so it builds a wrong address",
                (each.seen, each.number),
                "redirect_uri",
                expected=uri.replace("http://", "https://", 1),
                found=uri,
            )
    return None if case.askings else NO_REQUEST


def redirect_uri_taken(case: Logins) -> Note:
    for each in case.askings:
        answer = each.exchange.response
        if answer is None or answer.status < 400:
            continue
        names_it = any(words in answer.body[:200_000].lower() for words in _WORDS_OF_REDIRECT)
        if names_it and not answer.location:
            raise wrong(
                "the server shows an error of its own and sends nobody back: this redirect URI is not registered for "
                "this client. It has to be the same text, character by character",
                (each.seen, each.number),
                "redirect_uri",
                expected="one that is registered",
                found=each["redirect_uri"],
            )
    return None if case.askings else NO_REQUEST


def request_taken(case: Logins) -> Note:
    for each in case.askings:
        answer = each.exchange.response
        if answer is not None and answer.status >= 400 and not answer.location:
            raise wrong(
                f"the server answers the authorization request with {answer.status} and sends nobody back",
                (each.number,),
                found=answer.status,
            )
    return None if case.askings else NO_REQUEST


def nonce_fresh(case: Logins) -> Note:
    seen: dict[str, Asking] = {}
    for each in case.askings:
        nonce = each["nonce"]
        before = seen.get(nonce)
        if nonce and before is not None and before["state"] != each["state"]:
            raise wrong(
                f"this request carries the nonce of an earlier attempt (message {before.number}). Every attempt has a "
                "nonce of its own, and the application compares with the one that it has sent last",
                (each.seen, each.number),
                "nonce",
                found=nonce,
            )
        seen.setdefault(nonce, each)
    sent = [each for each in case.askings if each["nonce"]]
    return f"{len(sent)} of its own" if sent else NotAsked("no request carries a nonce")


def cookie_crosses(case: Logins) -> Note:
    posts = [each for each in case.askings if each["response_mode"] == "form_post"]
    if not posts:
        return NotAsked("nothing comes back in a form (response_mode=form_post)")
    for each in posts:
        for exchange in case.trace:
            if exchange.number > each.number or origin(exchange.request.url) != origin(each["redirect_uri"]):
                continue
            for line in _set_cookies(exchange.response.headers if exchange.response else ()):
                attributes = [part.strip().lower() for part in line.split(";")[1:]]
                if "samesite=none" not in attributes and "path=/" in [*attributes, "path=/"]:
                    arrived = next((a.arrived for a in case.answers if a.asking is each and a.arrived), None)
                    if arrived is not None and _cookie_came(case, arrived, line):
                        continue
                    raise wrong(
                        "the answer comes back in a form that the server's page posts, which is a request from another "
                        f"site. The cookie {line.partition('=')[0]} stays behind: a browser takes a cookie without "
                        "SameSite=None for SameSite=Lax",
                        (exchange.number, *([arrived] if arrived else [])),
                        "Set-Cookie",
                        expected="SameSite=None; Secure",
                        found=next((a for a in attributes if a.startswith("samesite")), "no SameSite"),
                    )
    return "it comes along with the form"


def _cookie_came(case: Logins, number: int, line: str) -> bool:
    exchange = next(each for each in case.trace if each.number == number)
    name = line.partition("=")[0].strip()
    return any(
        pair.partition("=")[0].strip() == name
        for pair in header(exchange.request.headers, "cookie").split(";")
    )


def _set_cookies(headers: tuple[tuple[str, str], ...]) -> list[str]:
    return [value for name, value in headers if name.lower() == "set-cookie"]


REQUEST_CHECKS = (
    Check(
        id="login-host-same",
        title="The login comes back to the host where it began",
        spec="RFC 10025 §5.1.3",
        run=login_host_same,
        group="Way out",
        purpose="The cookie with the state stays at the other host, and nobody knows this login any more.",
    ),
    Check(
        id="redirect-scheme-same",
        title="The redirect URI has the scheme that the browser uses",
        spec="RFC 9700 §4.1.3",
        run=redirect_scheme_same,
        group="Way out",
        purpose="The address is not the registered one, or the code travels without TLS.",
    ),
    Check(
        id="redirect-uri-taken",
        title="The server knows this redirect URI",
        spec="RFC 9700 §4.1.3",
        run=redirect_uri_taken,
        group="Way out",
        purpose="The login ends at an error page of the server.",
    ),
    Check(
        id="request-taken",
        title="The server takes the authorization request",
        spec="RFC 6749 §4.1.2.1",
        run=request_taken,
        group="Way out",
        purpose="The login ends at an error page of the server.",
    ),
    Check(
        id="nonce-fresh",
        title="Each attempt has a nonce of its own",
        spec="OpenID Connect Core §15.5.2",
        run=nonce_fresh,
        group="Way out",
        purpose="An ID token of one attempt fits the next, or none fits at all.",
    ),
    Check(
        id="cookie-crosses",
        title="The login's cookie may come along from another site",
        spec="OAuth 2.0 Form Post Response Mode §4",
        run=cookie_crosses,
        group="Way out",
        purpose="The answer arrives without the cookie, and nobody knows this login any more.",
    ),
)
