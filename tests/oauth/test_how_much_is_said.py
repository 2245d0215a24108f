"""How much of what others wrote is repeated in an answer: exactly so many letters, and none that could do harm."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from driving import Place

from jwtlab.checks import Refusal
from jwtlab.errors import InvalidToken, OAuthError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import client_metadata, responses
from jwtlab.oauth.authorization_server.token.grants import refresh_token, token_exchange
from jwtlab.oauth.bearer import challenge

LETTERS = "abcdefghijklmnopqrstuvwxyz" * 40


def refused(check, **attributes):
    with pytest.raises(Refusal) as caught:
        check(SimpleNamespace(**attributes))
    return caught.value.reason


def by_password(text):
    place = Place(legacy=True)
    client = next(
        name for name, each in place.server.clients.items() if protocol.PASSWORD in each.grant_types
    )
    form = {"username": "alice", "password": place.lab.users["alice"].password, "scope": text}
    return place.post("/token", client, grant_type=protocol.PASSWORD, **form).json()["error_description"]


SAID = {
    "a right that was not granted": (
        lambda text: refused(
            refresh_token.refresh_scope, scope=(text,), grant=SimpleNamespace(scope=("openid",))
        ),
        40,
    ),
    "a right that the token does not hold": (
        lambda text: refused(token_exchange.exchange_scope, scope=(text,), claims={"scope": "openid"}),
        40,
    ),
    "a right that the client may not have": (
        lambda text: (
            Place()
            .post("/token", "report-service", grant_type="client_credentials", scope=text)
            .json()["error_description"]
        ),
        40,
    ),
    "a right that is asked for with a password": (by_password, 40),
}


@pytest.mark.parametrize("what", SAID)
def test_right_is_quoted_up_to_its_limit(what):
    said, limit = SAID[what]
    for length in (1, limit - 1, limit, limit + 1, 300):
        assert f"'{LETTERS[: min(length, limit)]}'" in said(LETTERS[:length])


@pytest.mark.parametrize("length", [1, 79, 80, 81, 200])
def test_way_to_a_token_that_nobody_may_use(length):
    described = SimpleNamespace(grant_types=(LETTERS[:length],))
    with pytest.raises(Refusal) as caught:
        client_metadata.described_grants(described)
    said = f"a client that nobody has looked at may not use {LETTERS[: min(length, 80)]}"
    assert caught.value.reason == said


@pytest.mark.parametrize("length", [1, 299, 300, 301, 900])
def test_challenge_says_so_much(length):
    header = challenge(OAuthError(LETTERS[:length], "invalid_token", 401), "realm", "openid", "Bearer")
    assert f'error_description="{LETTERS[: min(length, 300)]}"' in header


@pytest.mark.parametrize("length", [1, 399, 400, 401, 900])
def test_description_says_so_much(length):
    assert responses.plain(LETTERS[:length]) == LETTERS[: min(length, 400)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('a "b" \\c', "a b c"),
        ("RFC 6750 §2", "RFC 6750 section 2"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        (" ~\x7f\x1f", " ~"),
        ("ä", ""),
    ],
)
def test_challenge_has_no_letter_that_could_end_it(text, written):
    header = challenge(InvalidToken(text), "realm", "openid", "Bearer")
    assert f'error_description="{written}"' in header
