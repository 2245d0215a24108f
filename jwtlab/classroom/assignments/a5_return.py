"""Judges of assignment 5's way back: what the browser brings becomes a request to the token endpoint, or nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from jwtlab.classroom.assignments.a5_login import Login
from jwtlab.classroom.assignments.a5_product import my_product
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant

Case = tuple[str, Any, Any]
"""Words for the student, url, keep."""


def form(login: Login) -> dict[str, Any]:
    """What has to be sent for a login (RFC 6749 §4.1.3, RFC 7636 §4.5)."""
    product = my_product(login.my)
    return {
        "grant_type": "authorization_code",
        "code": login.pairs["code"],
        "redirect_uri": product["redirect_uri"],
        "client_id": product["client_id"],
        "code_verifier": login.keep["verifier"],
    }


def sends(answer: Answer, login: Login, url: str) -> None:
    """A good response gives exactly the form.

    Raises:
        Wrong: another form; the words name the member.
    """
    found = answer.call(url, login.keep)
    if found is None:
        raise Wrong("a good response is refused")
    if not isinstance(found, dict):
        raise Wrong("return the form as a dict, or None")
    wanted = form(login)
    wrong = [name for name, value in wanted.items() if found.get(name) != value]
    if wrong:
        raise Wrong(f"{wrong[0]} is not what the token endpoint needs for this login")
    if set(found) != set(wanted):
        raise Wrong("the form has more members than these five: what goes out should be meant")


def refuse(answer: Answer, login: Login, cases: list[Case], draw: Draw) -> None:
    """Each gives ``None``, without an exception, and the good one its form."""
    good = ("a good response is refused, and then this test says nothing", login.url(), login.keep)
    for case in draw.shuffled([*cases, good]):
        words, url, keep = case
        try:
            found = answer.call(url, keep)
        except Raised as raised:
            if case is good or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if isinstance(found, dict) != (case is good):
            raise Wrong(words)


def good(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    sends(answer, login, login.url())
    sends(answer, login, login.url(session_state=draw.text(8)))


def response(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    words = "a response got through that belongs to another login: compare state"
    cases: list[Case] = [
        (why, login.url(state=text), login.keep) for why, text in near(login.keep["state"], words)
    ]
    cases += [(words, login.url(state=each), login.keep) for each in (None, draw.text(24))]
    cases += [(words, login.url(), {**login.keep, "state": each}) for each in (None, "")]
    nothing = "no state was kept, and a response without one got through: missing does not equal missing"
    kept = {name: value for name, value in login.keep.items() if name != "state"}
    cases += [(nothing, login.url(state=None), kept), (nothing, login.url(state=None), {})]
    refuse(answer, login, cases, draw)


def server(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    words = "the response of another server got through: compare iss (RFC 9207 §2.4)"
    cases: list[Case] = [(why, login.url(iss=text), login.keep) for why, text in near(my.issuer, words)]
    cases.append(("a response without iss got through", login.url(iss=None), login.keep))
    cases.append(("the server said no, and a code is redeemed", login.url(error="access_denied"), login.keep))
    cases += [("there is no code to redeem", login.url(code=each), login.keep) for each in (None, "")]
    others = {"iss": "https://mallory.example", "state": draw.text(24), "code": draw.text(20)}
    for name, other in others.items():
        first, _, query = login.url().partition("?")
        more = urlencode({name: other})
        twice = "a parameter is there twice (RFC 6749 §3.1)"
        cases += [(twice, f"{first}?{both}", login.keep) for both in (f"{query}&{more}", f"{more}&{query}")]
    refuse(answer, login, cases, draw)


def pkce(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a code was redeemed for a login that has no good code_verifier (RFC 7636 §4.1)"
    for length in (43, 64, 128):
        login = Login(my, draw)
        login.keep["verifier"] = draw.text(length - 4) + "-._~"
        sends(answer, login, login.url())
        # What comes through the browser is anybody's: the verifier is the one that was kept.
        sends(answer, login, login.url(code_verifier="w" * 43, redirect_uri="https://mallory.example/"))
    login = Login(my, draw)
    right = login.keep["verifier"]
    bad: list[Any] = [None, "", right[:42], draw.text(129), 7, True, [right], {}, f"{right} ", f"{right}\n"]
    bad += [f"{right[:-1]}{sign}" for sign in "+/=% é"]
    cases: list[Case] = [(words, login.url(), {**login.keep, "verifier": each}) for each in bad]
    without = {name: value for name, value in login.keep.items() if name != "verifier"}
    cases.append((words, login.url(), without))
    cases.append((words, login.url(code_verifier="w" * 43), without))
    refuse(answer, login, cases, draw)


def nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    words = "what is no response or no keep gives None"
    urls: list[Any] = ["", "?", "https://[", None, 7, True, [login.url()], login.url().encode()]
    keeps: list[Any] = [None, 7, "state", [], {}]
    cases: list[Case] = [(words, each, login.keep) for each in urls]
    cases += [(words, login.url(), each) for each in keeps]
    refuse(answer, login, cases, draw)
