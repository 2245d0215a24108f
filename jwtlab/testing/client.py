"""Attack a login: an application that sends people to an OpenID provider and takes them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.testing.forgery import check_issuer
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.login_attack import MALLORY, VICTIM, LoginAttack, with_openid
from jwtlab.testing.login_attacks import LOGIN_ATTACKS, MIX_UP, UNREAD
from jwtlab.testing.logins import Arrival, Login, LoginRequest, doors
from jwtlab.testing.outcome import Accept, Outcome, Result, Tally, accepted_reasons
from jwtlab.testing.patience import attacking
from jwtlab.testing.places import RefusedAddress, check_stopped, nothing_leaves

DOUBT = (
    "The page that says who is logged in shows nothing but an e-mail address, so it cannot be told whether the account "
    "is found by it, or whether the address is only shown. Let who name the account (its id, or the sub it belongs to)."
)


def attack_client(
    start: Any,
    callback: Any,
    issuer: Issuer,
    *,
    who: Any = None,
    several_issuers: bool = False,
    accept: Accept | None = None,
) -> Outcome:
    """The attacks on flows, at a login of yours.

    Your application is registered at the issuer as ``issuer.client_id`` with ``issuer.client_secret``; any
    redirect URI is taken. Let it read ``issuer.metadata_uri``.

    Args:
        start: the way to *Log in*. A function without arguments that **opens a new browser**, one without a
            cookie, goes to your login there, and gives the response, or the address that it redirects to.
            Or ``(client, "/login")`` with a test client; or a whole address on this machine.
        callback: the way back. A function of one argument, the address that the issuer sends the browser to;
            it goes there **in the browser that start opened last** (with its cookies) and gives the response,
            or who is logged in now (a username, or claims; ``None`` or an exception: nobody). With a client or
            an address as ``start``: a path or an address, or ``None`` for the redirect URI of the request.
        issuer: started; the people alice, bob and mallory have to have an account there.
        who: tells who is logged in in that browser: a function that gives a username or ``None``; or the path
            of a page that names them. Without it, a login has worked if the answer is no error and leads to
            where a good login leads; if your application shows its errors on such a page, say ``who``.
        several_issuers: people can log in at other issuers too; then mix-up is no mere advice.
        accept: as for `attack_verifier`.

    Returns:
        The `Outcome`; ``.check()`` raises if it is not good.

    Raises:
        UsageError: the call itself is wrong, or the browser is not sent to this issuer.
        RefusedAddress: something would have left this machine.
    """
    check_issuer(issuer)
    attacks = tuple(
        replace(each, advice=False) if several_issuers and each.id in MIX_UP else each
        for each in LOGIN_ATTACKS
    )
    tally = Tally(accepted_reasons(accept, (each.id for each in attacks)))
    login = Login(doors(start, callback, who), issuer)
    with attacking():
        with nothing_leaves() as stopped:
            request = _good(login, tally)
        check_stopped(stopped)
        with nothing_leaves():
            if not tally.turned_away:
                _play_all(login, request, attacks, tally)
    if not {"state", "nonce", "code_challenge", "request_uri"} & request.parameters.keys():
        tally.notes.append("The request carries neither state nor nonce nor code_challenge.")
    return tally.outcome("login")


def _good(login: Login, tally: Tally) -> LoginRequest:
    """Two good logins, of two people in two browsers."""
    request = login.begin()
    arrival = login.arrive(login.allow(request, VICTIM))
    _judge("good:login", f"a good login of {VICTIM}", VICTIM, arrival, tally)
    if arrival.logged_in:
        login.home = arrival
        again = login.arrive(login.allow(login.begin(), MALLORY))
        _judge("good:second-browser", f"a good login of {MALLORY}, in another browser", MALLORY, again, tally)
    return request


def _judge(name: str, title: str, user: str, arrival: Arrival, tally: Tally) -> None:
    if not arrival.logged_in:
        tally.turned_away.append(Result(name, title, said=arrival.said or "nobody is logged in"))
    elif arrival.user not in (None, "somebody", user) and user not in str(arrival.user):
        tally.turned_away.append(Result(name, title, said=f"{arrival.user} is logged in, and not {user}"))


def _play_all(login: Login, request: LoginRequest, attacks: Iterable[LoginAttack], tally: Tally) -> None:
    """Each attack that can be played here; those on the ID token only where it is read."""
    unread = with_openid(request) and UNREAD.play(login).logged_in
    if unread:
        tally.got_in(UNREAD)
    for each in attacks:
        if each is UNREAD or not each.fits(request, login):
            continue
        if unread and each.on_id_token:
            tally.refused.append(each.id)  # what nobody reads deceives nobody
            continue
        _play(login, each, tally)
    arrival = login.arrive(login.allow(login.begin(), VICTIM))
    _judge("good:afterwards", f"a good login of {VICTIM}, after all attacks", VICTIM, arrival, tally)


def _play(login: Login, attack: LoginAttack, tally: Tally) -> None:
    try:
        arrival = attack.play(login)
    except UsageError as error:  # the application does not even begin
        if isinstance(error, RefusedAddress):
            raise
        arrival = Arrival(False, said=str(error))
    if arrival.doubtful and DOUBT not in tally.notes:
        tally.notes.append(DOUBT)
    if arrival.logged_in:
        tally.got_in(replace(attack, advice=True) if arrival.doubtful else attack, arrival.said)
    else:
        tally.refused.append(attack.id)
