"""Judges of what assignment 4's client reads: the authorization response, and the ID token."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from jwtlab.classroom.assignments.a4_requests import keep_of
from jwtlab.classroom.assignments.a4_world import my_app
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url, jwt
from jwtlab.jose.key import Key
from jwtlab.jose.token import decode

# a4.3: the authorization response


def back(my: Variant, pairs: dict[str, Any] | list[tuple[str, str]], address: str | None = None) -> str:
    """The address at which a browser comes back."""
    listed = list(pairs.items()) if isinstance(pairs, dict) else pairs
    query = urlencode([(name, value) for name, value in listed if value is not None])
    return f"{my_app(my)['redirect_uri'] if address is None else address}?{query}"


def _good(my: Variant, draw: Draw) -> tuple[dict[str, Any], dict[str, str]]:
    """Parameters of a good response, and the keep that it fits."""
    keep = keep_of(draw)
    return {"code": draw.text(20), "state": keep["state"], "iss": my.issuer}, keep


Case = tuple[str, Any, Any]
"""Words for the student, url, keep."""


def _gives_none(answer: Answer, my: Variant, draw: Draw, bad: list[Case]) -> None:
    """Each finds no code, without an exception, and a good one does."""
    pairs, keep = _good(my, draw)
    good = ("a good response gives no code, and then this test says nothing", back(my, pairs), keep)
    for case in draw.shuffled([*bad, good]):
        words, url, keep = case
        wanted = pairs["code"] if case is good else None
        try:
            found = answer.call(url, keep)
        except Raised as raised:
            if wanted is not None or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found != wanted:
            raise Wrong(words)


def response_good(answer: Answer, my: Variant, draw: Draw) -> None:
    for signs in ("", "-_.~", "+/=", "%2B &?#é"):
        pairs, keep = _good(my, draw)
        pairs["code"] += signs
        for listed in (list(pairs.items()), draw.shuffled([*pairs.items(), ("session_state", draw.text(5))])):
            if answer.call(back(my, listed), keep) != pairs["code"]:
                raise Wrong(
                    "a good response does not give its code, as it was before it was put into the address"
                )
    if answer.call("nothing", {}) is not None:
        raise Wrong("it gives a code where there is none: does it look at what it is given?")


def response_state(answer: Answer, my: Variant, draw: Draw) -> None:
    pairs, keep = _good(my, draw)
    words = "a response got through that belongs to another login: compare state"
    bad: list[Case] = [
        (words, back(my, {**pairs, "state": draw.text(24)}), keep),
        ("a response without state got through", back(my, {**pairs, "state": None}), keep),
        ("a response with an empty state got through", back(my, {**pairs, "state": ""}), keep),
        ("this browser was never sent away, and still got a code", back(my, pairs), {}),
    ]
    for state in (None, "", "None"):
        nothing = "this browser was never sent away: what is missing equals nothing"
        bad.append((nothing, back(my, {**pairs, "state": state}), {}))
    bad += [(why, back(my, {**pairs, "state": text}), keep) for why, text in near(keep["state"], words)]
    _gives_none(answer, my, draw, bad)


def response_iss(answer: Answer, my: Variant, draw: Draw) -> None:
    pairs, keep = _good(my, draw)
    words = "the response of another server got through: compare iss (RFC 9207 §2.4)"
    bad: list[Case] = [
        ("a response without iss got through", back(my, {**pairs, "iss": None}), keep),
        (words, back(my, {**pairs, "iss": f"https://{draw.text(8)}.example"}), keep),
        (words, back(my, {**pairs, "iss": my_app(my)["redirect_uri"]}), keep),
    ]
    bad += [(why, back(my, {**pairs, "iss": text}), keep) for why, text in near(my.issuer, words)]
    _gives_none(answer, my, draw, bad)


def response_address(answer: Answer, my: Variant, draw: Draw) -> None:
    pairs, keep = _good(my, draw)
    right = my_app(my)["redirect_uri"]
    words = "a response got through that came to another address than your redirect URI"
    bad: list[Case] = [
        (why, back(my, pairs, text), keep)
        for why, text in near(right, words)
        if not set(text) & set("?# \t\r\n")  # what no address holds cannot come in one
    ]
    fragment = back(my, pairs).replace("?", "#")
    bad.append(("what stands behind # is no query, and this flow has none (RFC 6749 §4.1.2)", fragment, keep))
    bad.append(("what stands behind # is no query", f"{right}?#{urlencode(pairs)}", keep))
    _gives_none(answer, my, draw, bad)


def response_twice(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a parameter that is there twice got through: which of both counts? (RFC 6749 §3.1)"
    bad: list[Case] = []
    for name, other in (
        ("state", draw.text(24)),
        ("iss", "https://mallory.example"),
        ("code", draw.text(20)),
    ):
        pairs, keep = _good(my, draw)
        for extra in (other, pairs[name]):
            bad.append((words, back(my, [*pairs.items(), (name, extra)]), keep))
            bad.append((words, back(my, [(name, extra), *pairs.items()]), keep))
    _gives_none(answer, my, draw, bad)


def response_error(answer: Answer, my: Variant, draw: Draw) -> None:
    pairs, keep = _good(my, draw)
    denied = {**pairs, "code": None, "error": "access_denied"}
    bad: list[Case] = [
        ("the server said no, and still there is a code", back(my, denied), keep),
        ("a response with error and code got through", back(my, {**pairs, "error": "server_error"}), keep),
        ("where there is no code, None is wanted", back(my, {**pairs, "code": None}), keep),
        ("an empty code is none", back(my, {**pairs, "code": ""}), keep),
    ]
    _gives_none(answer, my, draw, bad)


def response_nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    pairs, keep = _good(my, draw)
    url = back(my, pairs)
    words = "what is no address gives no code"
    things: list[Any] = ["", "?", "https://[", "https://[::1", None, 7, True, [url], {}, b"x"]
    bad: list[Case] = [(words, each, keep) for each in things]
    other = "a keep that is not as start made it gives no code"
    states: list[Any] = [None, 7, True, [pairs["state"]], {pairs["state"]: 1}]
    bad += [(other, url, {**keep, "state": each}) for each in states]
    bad += [(other, url, each) for each in (None, 7, "state", [pairs["state"]], [["state", pairs["state"]]])]
    _gives_none(answer, my, draw, bad)


# a4.5: the ID token


def id_token(
    my: Variant, nonce: Any, changes: dict[str, Any] | None = None, *, key: Key | None = None
) -> str:
    """An ID token of this student's server for their application."""
    claims = my.claims(aud=my_app(my)["client_id"], jti=None, sub=f"user-{my.place}", nonce=nonce)
    claims = {name: value for name, value in (claims | (changes or {})).items() if value is not None}
    return jwt.issue(claims, key or my.key, alg="ES256", header={"typ": "JWT"})


def _logins(my: Variant, draw: Draw) -> Iterator[tuple[str, dict[str, str]]]:
    client_id = my_app(my)["client_id"]
    changes: list[dict[str, Any]] = [{}, {"azp": client_id}, {"aud": [client_id]}, {"auth_time": my.now - 5}]
    changes.append({"aud": [f"https://{draw.text(6)}.example", client_id], "azp": client_id})
    for each in changes:
        keep = keep_of(draw)
        yield id_token(my, keep["nonce"], each), keep


def _no_login(
    answer: Answer, my: Variant, draw: Draw, bad: list[tuple[str, Any, Any]], now: int | None = None
) -> None:
    """Each gives ``None``, without an exception, and a good one its claims."""
    keep = keep_of(draw)
    good = ("a good ID token is refused, and then this test says nothing", id_token(my, keep["nonce"]), keep)
    for case in draw.shuffled([*bad, good]):
        words, token, keep = case
        try:
            found = answer.call(token, keep, my.now if now is None else now)
        except Raised as raised:
            if case is good or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if (case is good) != isinstance(found, dict):
            raise Wrong(words)


def id_token_good(answer: Answer, my: Variant, draw: Draw) -> None:
    for token, keep in _logins(my, draw):
        wanted = decode(token).claims
        if answer.call(token, keep, my.now) != wanted:
            raise Wrong("a good ID token does not give its claims")
        if answer.call(token, keep, my.now + my.lifetime - 1) != wanted:
            raise Wrong("a good ID token is refused in its last second: does it ask `now`, or another clock?")
    if answer.call("nothing", {}, my.now) is not None:
        raise Wrong("it gives claims where there are none: does it look at what it is given?")


def id_token_signed(answer: Answer, my: Variant, draw: Draw) -> None:
    keep = keep_of(draw)
    good = id_token(my, keep["nonce"])
    text = good.rpartition(".")[0]
    claims = text.partition(".")[2]
    unsigned = base64url.encode(b'{"alg":"none","typ":"JWT"}')
    secrets = (my_app(my)["client_secret"].encode(), my.key.public().to_pem(), b"")
    words = "an ID token got through that your server never signed"
    forged = [
        id_token(my, keep["nonce"], key=my.other_key),
        f"{unsigned}.{claims}.",
        f"{text}.",
        f"{text}.{id_token(my, draw.text(24)).rpartition('.')[2]}",
        f"{text}.{base64url.encode(bytes(64))}",
        *(_mac(claims, secret) for secret in secrets),
    ]
    _no_login(answer, my, draw, [(words, each, keep) for each in forged])


def _mac(claims: str, secret: bytes) -> str:
    """Claims under a MAC that Mallory can make: with what is public, or with another kind of secret."""
    header = base64url.encode(b'{"alg":"HS256","typ":"JWT"}')
    text = f"{header}.{claims}"
    return f"{text}.{base64url.encode(hmac.digest(secret, text.encode(), 'sha256'))}"


def id_token_names(answer: Answer, my: Variant, draw: Draw) -> None:
    keep, client_id = keep_of(draw), my_app(my)["client_id"]
    bad: list[tuple[str, Any, Any]] = []
    for name, right in (("iss", my.issuer), ("aud", client_id)):
        words = f"an ID token with another {name} got through"
        bad += [(why, id_token(my, keep["nonce"], {name: text}), keep) for why, text in near(right, words)]
        bad.append(
            (f"an ID token without {name} got through", id_token(my, keep["nonce"], {name: None}), keep)
        )
    other = "an ID token for another application got through"
    bad.append((other, id_token(my, keep["nonce"], {"aud": my.audience}), keep))
    bad.append(
        (other, id_token(my, keep["nonce"], {"aud": [my.audience, f"{client_id}2"], "azp": client_id}), keep)
    )
    _no_login(answer, my, draw, bad)


def id_token_dates(answer: Answer, my: Variant, draw: Draw) -> None:
    keep = keep_of(draw)
    words = "an expired ID token got through: it expires at exp, that very second (RFC 7519 §4.1.4)"
    bad: list[tuple[str, Any, Any]] = [
        (words, id_token(my, keep["nonce"], {"exp": my.now}), keep),
        (words, id_token(my, keep["nonce"], {"exp": my.now - draw.between(60, 99999)}), keep),
        ("an ID token without exp got through", id_token(my, keep["nonce"], {"exp": None}), keep),
    ]
    _no_login(answer, my, draw, bad)
    if answer.call(id_token(my, keep["nonce"]), keep, my.now + my.lifetime) is not None:
        raise Wrong("the time is `now`, the third argument")


def id_token_nonce(answer: Answer, my: Variant, draw: Draw) -> None:
    keep = keep_of(draw)
    nonce = keep["nonce"]
    words = "an ID token of another login got through: compare nonce"
    bad: list[tuple[str, Any, Any]] = [
        (words, id_token(my, draw.text(24)), keep),
        (words, id_token(my, keep["state"]), keep),
        ("an ID token without nonce got through", id_token(my, None), keep),
        ("nothing was kept, and an ID token without nonce got through", id_token(my, None), {}),
        ("nothing was kept, and an ID token got through", id_token(my, nonce), {}),
        ("an empty nonce got through", id_token(my, ""), {**keep, "nonce": ""}),
    ]
    bad += [(why, id_token(my, text), keep) for why, text in near(nonce, words)]
    kinds: list[Any] = [7, True, [nonce], {nonce: 1}]
    bad += [("nonce has to be a text", id_token(my, each), {**keep, "nonce": each}) for each in kinds]
    bad += [("nonce has to be a text", id_token(my, [nonce]), keep)]
    _no_login(answer, my, draw, bad)


def id_token_azp(answer: Answer, my: Variant, draw: Draw) -> None:
    keep, client_id = keep_of(draw), my_app(my)["client_id"]
    several = [client_id, f"https://{draw.text(6)}.example"]
    words = "an ID token that was made for another application got through: look at azp (Core §3.1.3.7)"
    bad: list[tuple[str, Any, Any]] = [
        (
            "it is for several, and does not say for which it was made",
            id_token(my, keep["nonce"], {"aud": several}),
            keep,
        ),
        (words, id_token(my, keep["nonce"], {"aud": several, "azp": several[1]}), keep),
        (words, id_token(my, keep["nonce"], {"azp": f"{draw.text(6)}"}), keep),
        (words, id_token(my, keep["nonce"], {"aud": [client_id], "azp": my.audience}), keep),
        (words, id_token(my, keep["nonce"], {"aud": several, "azp": [client_id]}), keep),
    ]
    _no_login(answer, my, draw, bad)


def id_token_nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    keep = keep_of(draw)
    good = id_token(my, keep["nonce"])
    words = "what is no ID token gives None"
    things: list[Any] = ["", ".", "..", "a.b.c", f"{good}=", f"{good}\n", f"Bearer {good}", None, 7, True]
    things += [[good], {}, good.encode(), "é.é.é", draw.text(40)]
    bad: list[tuple[str, Any, Any]] = [(words, each, keep) for each in things]
    bad += [
        ("a keep that is none lets nobody in", good, each) for each in (None, 7, "nonce", [keep["nonce"]])
    ]
    _no_login(answer, my, draw, bad)
