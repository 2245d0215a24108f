"""What works and is risky: the advice of RFC 9700 about requests, addresses and tokens, as far as it can be seen."""

from __future__ import annotations

from collections.abc import Iterator

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import host, is_loopback, wrong
from jwtlab.oauth.reading.judging.requests import NO_REQUEST
from jwtlab.oauth.reading.logins import Asking, Logins, origin, pairs_of

TOKENS = ("access_token", "id_token", "refresh_token")
_SECRETS = ("client_secret", "password", "client_assertion", "code_verifier", "refresh_token")


def response_type_current(case: Logins) -> Note:
    for each in case.askings:
        if "token" in each.response_types:
            raise wrong(
                "the access token comes in an address (implicit, or hybrid with token): history, logs and every "
                "script of the page can read it. Take the code flow with PKCE",
                (each.seen, each.number),
                "response_type",
                expected="code",
                found=each["response_type"],
            )
    for one in case.redeemings:
        if one["grant_type"] == "password":
            raise wrong(
                "the application takes the person's password and hands it on (password grant)",
                one.number,
                "grant_type",
                expected="authorization_code",
                found="password",
            )
    return "a code" if case.askings else NO_REQUEST


def _is_hidden(each: Asking) -> bool:
    """Its parameters are in an object or a pushed request that the recording does not show."""
    return "response_type" not in each.parameters


def pkce_sent(case: Logins) -> Note:
    for each in case.askings:
        if "code" in each.response_types and not _is_hidden(each) and not each["code_challenge"]:
            raise wrong(
                "the request has no code_challenge: whoever gets hold of the code can redeem it",
                (each.seen, each.number),
                "code_challenge",
            )
    return "a challenge is sent" if case.askings else NO_REQUEST


def challenge_hides(case: Logins) -> Note:
    sent = [each for each in case.askings if each["code_challenge"]]
    for each in sent:
        if each["code_challenge_method"] != "S256":
            raise wrong(
                "the method is plain: the challenge is the verifier itself, and the browser shows it to everybody",
                (each.seen, each.number),
                "code_challenge_method",
                expected="S256",
                found=each["code_challenge_method"] or "none, which means plain",
            )
    return "S256" if sent else NotAsked("no challenge is sent")


def state_sent(case: Logins) -> Note:
    for each in case.askings:
        if each["state"] or _is_hidden(each):
            continue
        if not each["code_challenge"] and not each["nonce"]:
            raise wrong(
                "the request has neither state nor PKCE nor nonce: somebody else's answer fits this browser",
                (each.seen, each.number),
                "state",
            )
        return "PKCE or nonce stands in for it (RFC 9700 §2.1)"
    return "a state is sent" if case.askings else NO_REQUEST


def state_fresh(case: Logins) -> Note:
    seen: dict[str, Asking] = {}
    for each in case.askings:
        before = seen.get(each["state"])
        if each["state"] and before is not None and before.exchange.request.url != each.exchange.request.url:
            raise wrong(
                f"the state of message {before.number} is used again: it is no secret of this attempt",
                (each.seen, each.number),
                "state",
                found=each["state"],
            )
        seen.setdefault(each["state"], each)
    return "each attempt has its own" if any(seen) else NotAsked("no state is sent")


def nonce_sent(case: Logins) -> Note:
    openid = [each for each in case.askings if "openid" in each.scopes]
    for each in openid:
        if not each["nonce"] and ("id_token" in each.response_types or not each["code_challenge"]):
            raise wrong(
                "an ID token is asked for without a nonce: one of an earlier login fits as well",
                (each.seen, each.number),
                "nonce",
            )
    return "a nonce, or PKCE in its stead" if openid else NotAsked("nobody asks for an ID token (openid)")


def tokens_out_of_addresses(case: Logins) -> Note:
    for each in case.trace:
        for name, value in _in_addresses(each):
            if name in TOKENS and value:
                raise wrong(
                    f"an address carries the {name}: it stays in histories, in logs, and perhaps in the Referer "
                    "of the next page",
                    each.number,
                    name,
                )
    return "no address carries a token"


def secrets_out_of_addresses(case: Logins) -> Note:
    for each in case.trace:
        for name, _ in each.request.query:
            if name in _SECRETS:
                raise wrong(f"the address carries {name}; it belongs in the body", each.number, name)
    return "no address carries a secret"


def _in_addresses(each: Exchange) -> Iterator[tuple[str, str]]:
    yield from each.request.query
    if each.response is not None:
        for part in pairs_of(each.response.location):
            yield from part.items()


def secret_out_of_browser(case: Logins) -> Note:
    shown = [one for one in case.redeemings if "browser" in one.exchange.sender.lower()]
    for one in shown:
        basic = header(one.exchange.request.headers, "authorization").lower().startswith("basic")
        if one["client_secret"] or basic:
            raise wrong(
                "the browser itself sends the client's secret: everybody who opens the page has it. A page is a "
                "public client, or it has a server behind it that keeps the secret",
                one.number,
                "client_secret",
            )
    return "the browser knows none" if shown else NotAsked("no browser sends a token request here")


def https_everywhere(case: Logins) -> Note:
    for each in case.trace:
        if each.request.url.startswith("http://") and not is_loopback(each.request.url):
            raise wrong(
                f"{host(each.request.url)} is reached without TLS: everybody on the way reads along",
                each.number,
                expected="https",
                found=origin(each.request.url),
            )
    return "https, or this machine itself"


MESSAGE_PRACTICE = (
    Check(
        id="response-type-current",
        title="No token comes in an address, no password goes round",
        spec="RFC 9700 §2.1.2",
        run=response_type_current,
        group="Way out",
        purpose="Whoever reads addresses has the token.",
    ),
    Check(
        id="pkce-sent",
        title="The request carries a challenge (PKCE)",
        spec="RFC 9700 §2.1.1",
        run=pkce_sent,
        group="Way out",
        purpose="A stolen code is good for the thief.",
    ),
    Check(
        id="challenge-hides",
        title="The challenge hides the verifier (S256)",
        spec="RFC 7636 §4.2",
        run=challenge_hides,
        group="Way out",
        purpose="Whoever sees the request can redeem the code.",
    ),
    Check(
        id="state-sent",
        title="The request carries a state, or what stands in for it",
        spec="RFC 9700 §2.1",
        run=state_sent,
        group="Way out",
        purpose="You are logged in as somebody else, and write into their account.",
    ),
    Check(
        id="state-fresh",
        title="Each attempt has a state of its own",
        spec="RFC 6749 §10.12",
        run=state_fresh,
        group="Way out",
        purpose="Whoever saw one attempt can forge the next.",
    ),
    Check(
        id="nonce-sent",
        title="The request carries a nonce, or what stands in for it",
        spec="RFC 9700 §2.1.1",
        run=nonce_sent,
        group="Way out",
        purpose="An ID token of another login is replayed.",
    ),
    Check(
        id="tokens-out-of-addresses",
        title="No address carries a token",
        spec="RFC 9700 §4.3.2",
        run=tokens_out_of_addresses,
        group="Places",
        purpose="It stays in histories, logs and Referers.",
    ),
    Check(
        id="secrets-out-of-addresses",
        title="No address carries a secret",
        spec="RFC 6749 §2.3.1",
        run=secrets_out_of_addresses,
        group="Places",
        purpose="It stays in histories and logs.",
    ),
    Check(
        id="secret-out-of-browser",
        title="The browser knows no client secret",
        spec="RFC 6749 §2.1",
        run=secret_out_of_browser,
        group="Places",
        purpose="Everybody is the client.",
    ),
    Check(
        id="https-everywhere",
        title="Everything travels over TLS",
        spec="RFC 6749 §3.1",
        run=https_everywhere,
        group="Places",
        purpose="Everybody on the way reads along.",
    ),
)
