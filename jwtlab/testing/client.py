"""Attack a login: an application that sends people to an OpenID provider and takes them back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jwtlab.testing.issuer import Issuer
from jwtlab.testing.login_attacks import LOGIN_ATTACKS, MALLORY, MIX_UP, VICTIM, LoginAttack
from jwtlab.testing.logins import Arrival, Login, LoginRequest, doors
from jwtlab.testing.outcome import Accept, Outcome, Result, Tally, accepted_reasons
from jwtlab.testing.places import check_stopped, nothing_leaves


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
    attacks = tuple(
        replace(each, advice=False) if several_issuers and each.id in MIX_UP else each
        for each in LOGIN_ATTACKS
    )
    tally = Tally(accepted_reasons(accept, (each.id for each in attacks)))
    login = Login(*doors(start, callback, who), issuer)
    with nothing_leaves() as stopped:
        request = _good(login, tally)
    check_stopped(stopped)
    with nothing_leaves():
        if not tally.turned_away:
            for each in attacks:
                _play(login, request, each, tally)
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


def _play(login: Login, request: LoginRequest, attack: LoginAttack, tally: Tally) -> None:
    if not attack.fits(request):
        return
    arrival = attack.play(login)
    if arrival.logged_in:
        tally.got_in(attack, arrival.said)
    else:
        tally.refused.append(attack.id)
