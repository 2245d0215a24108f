"""Attacks on APIs: the fault of each application is found, and no sound one is accused."""

from __future__ import annotations

import httpx
import pytest
import requests
import sound
from applications import (
    SECRET,
    authlib_embedded,
    django_expired,
    fastapi_app,
    fastapi_audience,
    flask_alg_none,
    flask_app,
    flask_jwt_extended,
    flask_jwt_extended_leeway,
    joserfc_issuer,
    plain_unverified,
    pyjwt_sql,
    simplejwt,
    simplejwt_audience,
    starlette_scope,
)
from werkzeug.test import Client

from jwtlab import UsageError
from jwtlab.testing import Issuer, RefusedAddress, attack_api
from jwtlab.testing.sockets import LoopbackServer

AUDIENCE = sound.AUDIENCE
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

FAULTS = [
    (flask_alg_none, {}, {f"alg-none:{each}" for each in ("none", "None", "NONE", "nOnE")}),
    (fastapi_audience, {}, sound.AUDIENCES | {"wrong-type:id-token"}),
    (starlette_scope, {}, {"wrong-scope:longer"}),
    (django_expired, {}, sound.EXPIRED),
    (joserfc_issuer, {}, sound.ISSUERS),
    (authlib_embedded, {"alg": "ES256"}, {"embedded-jwk", "embedded-jwk:known-kid"}),
    (flask_jwt_extended_leeway, {"secret": SECRET}, sound.LEEWAY),
    (simplejwt_audience, {"secret": SECRET}, sound.AUDIENCES | {"wrong-type:id-token"}),
    (pyjwt_sql, {}, {"kid-sql-injection:single"}),
    (plain_unverified, {}, None),
]


@pytest.mark.parametrize(
    ("make", "issuer_is", "found"), FAULTS, ids=lambda each: getattr(each, "__name__", "")
)
def test_the_one_fault_is_found(make, issuer_is, found):
    with Issuer(**issuer_is) as issuer:
        send, more = make(issuer)
        outcome = attack_api(send, issuer, audience=AUDIENCE, **more)
    assert not outcome.turned_away, outcome.report()
    if found is None:
        assert {"unverified", "signature-stripped", "other-key"} <= set(outcome.let_through.ids)
        assert not any("expired" in each or "audience" in each for each in outcome.let_through.ids)
    else:
        assert set(outcome.let_through.ids) == found, outcome.report()


@pytest.mark.parametrize("verifier", [sound.by_pyjwt, sound.by_joserfc, sound.by_authlib])
def test_sound_flask_applications_pass(issuer, verifier):
    attack_api((flask_app(verifier(issuer)), "/notes"), issuer, audience=AUDIENCE).check()


@pytest.mark.parametrize("make", [flask_jwt_extended, simplejwt])
def test_sound_extensions_pass(make):
    with Issuer(secret=SECRET) as issuer:
        send, more = make(issuer)
        attack_api(send, issuer, audience=AUDIENCE, **more).check()


def test_every_way_to_send():
    with Issuer("ES256") as issuer:  # quicker to forge for than RS256
        _send_in_every_way(issuer)


def _send_in_every_way(issuer):
    app = flask_app(sound.by_pyjwt(issuer, "ES256"))
    there = LoopbackServer(app)
    there.start()
    url = f"{there.origin}/notes"
    in_process = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="https://api.example")
    try:
        with requests.Session() as session, httpx.Client() as client, in_process:
            for send in (
                url,
                (session, url),
                (client, url),
                (in_process, "/notes"),
                (Client(app), "/notes"),
                (fastapi_app(sound.by_pyjwt(issuer, "ES256")), "/notes"),
                lambda token: requests.get(url, headers={"Authorization": f"Bearer {token}"}).status_code,
                lambda token: httpx.get(url, headers={"Authorization": f"Bearer {token}".encode()}),
            ):
                outcome = attack_api(send, issuer, audience=AUDIENCE).check()
                assert "no-token" in outcome.refused
    finally:
        there.stop()


def test_what_is_open_to_everybody_is_told(issuer):
    outcome = attack_api(lambda token: 200, issuer, audience=AUDIENCE)
    assert "no-token" in outcome.let_through


def test_good_tokens_that_are_refused_are_told_why(issuer):
    app = flask_app(sound.by_pyjwt(issuer))
    outcome = attack_api((app, "/nowhere"), issuer, audience=AUDIENCE)
    assert "404: is this the path?" in outcome.report()
    with pytest.raises(AssertionError):
        outcome.check()


def test_a_crash_is_advice(issuer):
    verify = sound.by_pyjwt(issuer)

    def send(token):
        if not token:
            return 401
        if token.count(".") != 2:
            return 500
        try:
            return 200 if verify(token) else 401
        except Exception:
            return 401

    outcome = attack_api(send, issuer, audience=AUDIENCE).check()
    assert "crash:no-token:five-parts" in outcome.advice


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example/notes",
        "http://8.8.8.8/",
        "http://127.0.0.1.mallory.example/",
        "http://127.0.0.1@mallory.example/",
        "http://2130706433.example/",
        "http://[2001:db8::1]/",
        "http://0.0.0.0.example/notes",
        "ftp://127.0.0.1/",
        "127.0.0.1:8000/notes",
    ],
)
def test_other_machines_are_left_alone(issuer, address):
    for send in (address, (httpx.Client(), address), (requests.Session(), address)):
        with pytest.raises(RefusedAddress, match=r"this machine only|no address"):
            attack_api(send, issuer, audience=AUDIENCE)


def test_a_function_that_would_leave_is_stopped(issuer):
    def send(token):
        return httpx.get("http://192.0.2.1/notes", timeout=1).status_code

    with pytest.raises(RefusedAddress, match=r"192\.0\.2\.1"):
        attack_api(send, issuer, audience=AUDIENCE)


def test_what_cannot_send_is_told(issuer):
    with pytest.raises(UsageError, match="no client that is known"):
        attack_api((object(), "/notes"), issuer)
    with pytest.raises(UsageError, match="needs a path"):
        attack_api(flask_app(sound.by_pyjwt(issuer)), issuer)
    with pytest.raises(UsageError, match="give the status"):
        attack_api(lambda token: "yes", issuer)
