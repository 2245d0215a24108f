"""Attacks on a login, in one visible tuple. Each is played with a browser of the application and the issuer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jwtlab.jose import base64url
from jwtlab.testing import login_faults as faults
from jwtlab.testing import mallory
from jwtlab.testing.account_attacks import ACCOUNT_ATTACKS
from jwtlab.testing.login_attack import (
    MALLORY,
    VICTIM,
    Claims,
    LoginAttack,
    changed,
    with_claims,
    with_id_token,
    with_nonce,
    with_openid,
)
from jwtlab.testing.logins import Arrival, Login, LoginRequest, with_parameters

OTHER_CLIENT, OTHER_ISSUER = "mallorys-game", "https://mallory.example"


# CSRF: Mallory's answer in the victim's browser


def _csrf(**changed: str | None) -> Callable[[Login], Arrival]:
    def play(login: Login) -> Arrival:
        mallorys = login.allow(login.begin(), MALLORY)  # she stops before her browser comes back
        login.begin()  # a new browser: the victim's, who has a login of her own under way
        return login.arrive(with_parameters(mallorys, **changed))

    return play


def _swapped_code(login: Login) -> Arrival:
    victims = LoginRequest(
        login.allow(login.begin(), VICTIM)
    )  # and Mallory reads the code, in a log for example
    own = login.allow(login.begin(), MALLORY)
    return login.arrive(with_parameters(own, code=victims.parameters["code"]))


# Another ID token than the issuer would give


def _authorized_party(login: Login, old: Claims) -> str:
    return login.issuer.sign_id_token(old | {"aud": [old["aud"], OTHER_CLIENT], "azp": OTHER_CLIENT})


def _expired(login: Login, old: Claims) -> str:
    now = int(login.issuer.now)
    return login.issuer.sign_id_token(old | {"iat": now - 90_000, "exp": now - 86_400})


def _other_key(login: Login, old: Claims) -> str:
    alg = login.issuer.provider.server.keys.signing_key.alg or "RS256"
    return login.issuer.sign_id_token(old, mallory.key(alg))


def _none(login: Login, old: Claims) -> str:
    payload = login.issuer.sign_id_token(old).split(".")[1]
    header = base64url.encode(b'{"alg":"none","typ":"JWT"}')
    return f"{header}.{payload}."


def _replayed_nonce(login: Login) -> Arrival:
    """An ID token that answers an earlier request."""
    earlier = login.begin().parameters.get("nonce", "")
    return with_id_token(with_claims(nonce=earlier))(login)


def _nonsense(login: Login, old: Claims) -> str:
    return "no ID token at all"


# Mix-up, and UserInfo of somebody else


def _mix_up(issuer: str | None) -> Callable[[Login], Arrival]:
    def play(login: Login) -> Arrival:
        return login.arrive(with_parameters(login.allow(login.begin(), VICTIM), iss=issuer))

    return play


def _userinfo(login: Login) -> Arrival:
    def about(body: dict[str, Any]) -> dict[str, Any]:
        return body | {"sub": MALLORY, "preferred_username": MALLORY}

    address = login.allow(login.begin(), VICTIM)
    seen: Mapping[str, int] = login.issuer.provider.seen
    before = seen.get("/userinfo", 0)
    with changed(login, "/userinfo", about):
        arrival = login.arrive(address)
    if seen.get("/userinfo", 0) == before:
        return Arrival(False, said="UserInfo was not asked")
    return arrival


_CSRF_WHY = (
    "Whoever opens Mallory's link is logged in as Mallory, and leaves what they write or pay in her account."
)
_TOKEN_WHY = "An ID token that was made for something else logs somebody in here."

UNREAD = LoginAttack(
    "id-token-unread",
    "text that is no token, in place of the ID token",
    "You ask for an ID token and do not read it; OpenID Connect wants it validated, and UserInfo compared with it.",
    faults.ID_TOKEN,
    with_id_token(_nonsense),
    with_openid,
    advice=True,
)
"""Who reads no ID token is deceived by none: the attacks with one are then left out."""

LOGIN_ATTACKS: tuple[LoginAttack, ...] = (
    UNREAD,
    *(
        LoginAttack(f"csrf:{name}", title, _CSRF_WHY, faults.STATE, play)
        for name, title, play in (
            ("other-browser", "Mallory's callback address, opened in another browser", _csrf()),
            ("no-state", "the same, without state", _csrf(state=None)),
            ("empty-state", "the same, with an empty state", _csrf(state="")),
            ("made-up-state", "the same, with a state that nobody gave", _csrf(state="made-up")),
        )
    ),
    LoginAttack(
        "swapped-code",
        "a code that was stolen from somebody else, in Mallory's own login",
        "Whoever reads a code, in a log or a history, is logged in as its owner.",
        faults.BINDING,
        _swapped_code,
    ),
    LoginAttack(
        "other-clients-id-token",
        "an ID token that was made for another client",
        "Every application of the same issuer could log in here as its users.",
        faults.ID_AUDIENCE,
        with_id_token(with_claims(aud=OTHER_CLIENT, azp=None)),
        with_openid,
        on_id_token=True,
    ),
    LoginAttack(
        "other-clients-id-token:azp",
        "an ID token for two clients, given to the other one",
        _TOKEN_WHY,
        faults.AUTHORIZED_PARTY,
        with_id_token(_authorized_party),
        with_openid,
        advice=True,
        on_id_token=True,
    ),
    LoginAttack(
        "replayed-nonce",
        "an ID token with the nonce of an earlier request",
        "An ID token that leaked once logs its finder in.",
        faults.NONCE,
        _replayed_nonce,
        with_nonce,
        on_id_token=True,
    ),
    LoginAttack(
        "replayed-nonce:missing",
        "an ID token without the nonce that was asked for",
        "An ID token that leaked once logs its finder in.",
        faults.NONCE,
        with_id_token(with_claims(nonce=None)),
        with_nonce,
        on_id_token=True,
    ),
    LoginAttack(
        "id-token:other-issuer",
        "an ID token in which another issuer speaks",
        _TOKEN_WHY,
        faults.ID_ISSUER,
        with_id_token(with_claims(iss=OTHER_ISSUER)),
        with_openid,
        on_id_token=True,
    ),
    LoginAttack(
        "id-token:expired",
        "an ID token of yesterday",
        _TOKEN_WHY,
        faults.ID_TIME,
        with_id_token(_expired),
        with_openid,
        on_id_token=True,
    ),
    LoginAttack(
        "id-token:other-key",
        "an ID token that somebody else has signed",
        _TOKEN_WHY,
        faults.ID_SIGNATURE,
        with_id_token(_other_key),
        with_openid,
        advice=True,
        on_id_token=True,
    ),
    LoginAttack(
        "id-token:alg-none",
        "an ID token that nobody has signed",
        _TOKEN_WHY,
        faults.ID_SIGNATURE,
        with_id_token(_none),
        with_openid,
        advice=True,
        on_id_token=True,
    ),
    LoginAttack(
        "mix-up",
        "an answer in which another issuer speaks (iss)",
        "Of two issuers, a dishonest one gets the codes of the honest one.",
        faults.RESPONSE_ISSUER,
        _mix_up(OTHER_ISSUER),
        advice=True,
    ),
    LoginAttack(
        "mix-up:missing",
        "an answer without iss, of an issuer that always sends it",
        "Of two issuers, a dishonest one gets the codes of the honest one.",
        faults.RESPONSE_ISSUER,
        _mix_up(None),
        advice=True,
    ),
    LoginAttack(
        "userinfo-of-another",
        "UserInfo about somebody else than the ID token",
        "Two sources name two people, and one of them gets the other's account.",
        faults.USERINFO,
        _userinfo,
        with_openid,
        on_id_token=True,
    ),
    *ACCOUNT_ATTACKS,
)
"""Every attack on a login."""

MIX_UP = ("mix-up", "mix-up:missing")
"""What is advice for a client of one issuer is a hole for a client of several (RFC 9700 §4.4)."""
