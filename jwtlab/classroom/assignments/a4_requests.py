"""Judges of what assignment 4's client sends: the challenge, the authorization request, the token request."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from jwtlab.classroom.assignments.a4_world import challenge_of, my_app
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.oauth import pkce

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
RFC_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The example of RFC 7636 Appendix B."""
SHORTEST = 22
"""Characters of base64url that hold 128 bits (RFC 6749 §10.10)."""


def keep_of(draw: Draw) -> dict[str, str]:
    """What a browser's session would hold."""
    return {"state": draw.text(24), "nonce": draw.text(24), "verifier": draw.text(43)}


# a4.1: the challenge


def own_challenge(answer: Answer, my: Variant, draw: Draw) -> None:
    verifiers = (RFC_VERIFIER, my.draw("a4 verifier").text(43))
    for verifier in verifiers:
        found = answer.call(verifier)
        if isinstance(found, str) and found.endswith("="):
            raise Wrong("there are = signs at the end; base64url in RFC 7636 leaves them out (Appendix A)")
        if isinstance(found, str) and re.fullmatch("[0-9a-f]{64}", found):
            raise Wrong("these are hexadecimal digits: the bytes of the hash are wanted, in base64url")
        if found != challenge_of(verifier):
            raise Wrong("compare with the example of RFC 7636 Appendix B, which stands in the text")


def any_challenge(answer: Answer, my: Variant, draw: Draw) -> None:
    for _ in range(24):
        verifier = draw.text(draw.between(43, 128), UNRESERVED)
        if answer.call(verifier) != challenge_of(verifier):
            raise Wrong("some verifiers give another challenge: - _ . and ~ may stand in a verifier")


# a4.2: the authorization request


def begun(answer: Answer) -> tuple[str, dict[str, Any]]:
    """What `start` gives: address and keep.

    Raises:
        Wrong: something else.
    """
    found = answer.call()
    match found:
        case {"url": str(url), "keep": dict(keep)}:
            return url, keep
    raise Wrong('return a dict with "url", a text, and "keep", a dict')


def asked(url: str) -> list[tuple[str, str]]:
    """The parameters of an address.

    Raises:
        Wrong: it is none.
    """
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise Wrong("url is no address") from None


def kept(keep: dict[str, Any]) -> dict[str, str]:
    """The three texts of a keep.

    Raises:
        Wrong: one is missing.
    """
    for name in ("state", "nonce", "verifier"):
        if not isinstance(keep.get(name), str):
            raise Wrong(f"keep has no text {name!r}")
    return keep


def request_parameters(answer: Answer, my: Variant, draw: Draw) -> None:
    app = my_app(my)
    url, _ = begun(answer)
    if url.partition("?")[0] != app["authorization_endpoint"]:
        raise Wrong("the browser has to go to app['authorization_endpoint']")
    pairs = asked(url)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise Wrong("no parameter may be there twice (RFC 6749 §3.1)")
    if given.get("response_type") != "code":
        raise Wrong("response_type is code")
    for name in ("client_id", "redirect_uri"):
        if given.get(name) != app[name]:
            raise Wrong(
                f"{name} does not arrive as it stands in app: urlencode writes every sign so that it does"
            )
    if set(given.get("scope", "").split(" ")) != set(app["scope"].split(" ")):
        raise Wrong("scope does not arrive as it stands in app")


def request_pkce(answer: Answer, my: Variant, draw: Draw) -> None:
    url, keep = begun(answer)
    given, verifier = dict(asked(url)), kept(keep)["verifier"]
    if not pkce.VERIFIER.fullmatch(verifier):
        raise Wrong("a verifier has 43 to 128 letters, digits or - . _ ~ (RFC 7636 §4.1)")
    if given.get("code_challenge_method") != "S256":
        raise Wrong("without code_challenge_method=S256 the method is plain (RFC 7636 §4.3)")
    if given.get("code_challenge") != challenge_of(verifier):
        raise Wrong("code_challenge is not the challenge of the verifier that is kept")


def request_bound(answer: Answer, my: Variant, draw: Draw) -> None:
    url, keep = begun(answer)
    given, own = dict(asked(url)), kept(keep)
    for name in ("state", "nonce"):
        if given.get(name) != own[name]:
            raise Wrong(f"the {name} that is sent is not the one that is kept")


def request_fresh(answer: Answer, my: Variant, draw: Draw) -> None:
    seen: list[str] = []
    for _ in range(5):
        own = kept(begun(answer)[1])
        seen += [own["state"], own["nonce"], own["verifier"]]
    if min(len(each) for each in seen) < SHORTEST:
        raise Wrong("state and nonce have to be so long that nobody guesses them: 16 random bytes or more")
    if len(set(seen)) < len(seen):
        raise Wrong("a value is used again: each login has its own, and state, nonce and verifier differ")
    starts = {each[:10] for each in seen}
    if len(starts) < len(seen):
        raise Wrong("the values begin alike: they count or name something, and are not drawn by chance")


def request_quiet(answer: Answer, my: Variant, draw: Draw) -> None:
    url, keep = begun(answer)
    own, text = kept(keep), unquote_plus(url)
    if own["verifier"] in text:
        raise Wrong("the verifier goes through the browser: then PKCE protects nothing")
    if my_app(my)["client_secret"] in text:
        raise Wrong("the client's secret goes through the browser")
    known = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"}
    if set(dict(asked(url))) - known - {"code_challenge_method", "response_mode", "prompt"}:
        raise Wrong("there are parameters that the text does not ask for")


# a4.4: redeeming the code


def token_request(answer: Answer, code: str, keep: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What `token_request` gives: headers, with names in small letters, and form.

    Raises:
        Wrong: it is of another kind, or goes elsewhere.
    """
    found = answer.call(code, keep)
    match found:
        case {"url": str(url), "headers": dict(headers), "form": dict(form)}:
            if not all(isinstance(each, str) for each in (*headers.values(), *form.values())):
                raise Wrong("headers and form hold texts only")
            return {name.lower(): value for name, value in headers.items()}, {"": url, **form}
    raise Wrong('return a dict with "url", "headers" and "form"')


def redeem_form(answer: Answer, my: Variant, draw: Draw) -> None:
    for extra in ("", "+/=", "%20 é&"):
        code, keep = draw.text(20) + extra, keep_of(draw)
        _, form = token_request(answer, code, keep)
        if form[""] != my_app(my)["token_endpoint"]:
            raise Wrong("the request goes to app['token_endpoint']")
        if form.get("grant_type") != "authorization_code":
            raise Wrong("grant_type is authorization_code (RFC 6749 §4.1.3)")
        if form.get("code") != code:
            raise Wrong("the code is handed on as it is: whoever sends the form encodes it")


def redeem_bound(answer: Answer, my: Variant, draw: Draw) -> None:
    keep = keep_of(draw)
    _, form = token_request(answer, draw.text(20), keep)
    if form.get("redirect_uri") != my_app(my)["redirect_uri"]:
        raise Wrong("redirect_uri has to be the very same as in the authorization request (RFC 6749 §4.1.3)")
    if form.get("code_verifier") != keep["verifier"]:
        raise Wrong("code_verifier is the verifier that was kept (RFC 7636 §4.5)")


def redeem_client(answer: Answer, my: Variant, draw: Draw) -> None:
    app = my_app(my)
    headers, form = token_request(answer, draw.text(20), keep_of(draw))
    if app["token_endpoint_auth_method"] == "client_secret_post":
        if "authorization" in headers:
            raise Wrong(
                "your client is registered for client_secret_post, and there is an Authorization header"
            )
        if form.get("client_id") != app["client_id"] or form.get("client_secret") != app["client_secret"]:
            raise Wrong("client_id and client_secret belong into the form (RFC 6749 §2.3.1)")
        return
    if "client_secret" in form:
        raise Wrong("your client is registered for client_secret_basic, and the secret stands in the form")
    if form.get("client_id", app["client_id"]) != app["client_id"]:
        raise Wrong("client_id in the form names another client")
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Wrong("the Authorization header begins with Basic and a space (RFC 7617 §2)")
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        raise Wrong("behind Basic stands base64, the ordinary one with padding") from None
    if (name, secret) == (app["client_id"], app["client_secret"]):
        raise Wrong(
            "client_id and secret are each form-encoded before they are put together (RFC 6749 §2.3.1)"
        )
    if (unquote_plus(name), unquote_plus(secret)) != (app["client_id"], app["client_secret"]):
        raise Wrong("the server would not read your client_id and secret out of this header")


def redeem_quiet(answer: Answer, my: Variant, draw: Draw) -> None:
    app, keep = my_app(my), keep_of(draw)
    _, form = token_request(answer, draw.text(20), keep)
    known = {"", "grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret"}
    if set(form) - known:
        raise Wrong("there are fields in the form that this request does not have")
    if keep["nonce"] in form.values() or keep["state"] in form.values():
        raise Wrong("state and nonce have no business here")
    if form[""] != app["token_endpoint"]:
        raise Wrong("code, verifier and secret travel in the form, never in the address")
