"""What each way to a token declares of itself, and that the server goes by it."""

from __future__ import annotations

import pytest
from desk import KNOWN, Desk

from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.authentication_method import AuthenticationMethod
from jwtlab.oauth.authorization_server.client_authentication import METHODS, ClientAuthentication
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.protocol import Parameters

REFRESHABLE = {
    protocol.AUTHORIZATION_CODE,
    protocol.DEVICE_CODE,
    protocol.PASSWORD,
    protocol.REFRESH_TOKEN,
}
PARAMETERS = {
    protocol.AUTHORIZATION_CODE: {"code", "redirect_uri", "code_verifier"},
    protocol.CLIENT_CREDENTIALS: set(),
    protocol.DEVICE_CODE: {"device_code"},
    protocol.JWT_BEARER: {"assertion"},
    protocol.PASSWORD: {"username", "password"},
    protocol.REFRESH_TOKEN: {"refresh_token"},
    protocol.TOKEN_EXCHANGE: {
        "subject_token",
        "subject_token_type",
        "actor_token",
        "actor_token_type",
        "audience",
        "requested_token_type",
    },
}


def test_parameters_of_each_grant():
    assert {name: set(row.parameters) for name, row in KNOWN.items()} == PARAMETERS


def test_password_grant_alone_is_retired_and_an_assertion_alone_names_its_client():
    desk = Desk()
    assert [name for name, row in KNOWN.items() if row.retired] == [protocol.PASSWORD]
    asked = TokenRequest(desk.server, Parameters([("assertion", "none")]), KNOWN)
    for name, row in KNOWN.items():
        if name != protocol.JWT_BEARER:
            assert row.signer(asked) is None


@pytest.mark.parametrize("name", KNOWN)
def test_offline_access_is_kept_where_there_may_be_a_refresh_token(name):
    """OpenID Connect Core §11."""
    form = [("grant_type", name), ("scope", "openid offline_access notes:read")]
    asked = TokenRequest(Desk().server, Parameters(form), KNOWN)
    kept = ("openid", "offline_access", "notes:read") if name in REFRESHABLE else ("openid", "notes:read")
    assert asked.scope == kept
    assert KNOWN[name].refreshable == (name in REFRESHABLE)


@pytest.mark.parametrize("row", [GrantType, AuthenticationMethod, Endpoint])
def test_row_is_written_with_names(row):
    """Else a column that is added in the middle would shift the others."""
    with pytest.raises(TypeError, match="takes 1 positional"):
        row("name", "title", "spec", "more")


@pytest.mark.parametrize(
    ("authorization", "form", "used"),
    [
        (None, {}, (0, 0, 0, 0)),
        ("Basic YTpi", {}, (0, 1, 0, 0)),
        ("Basic YTpi, Basic YTpi", {}, (0, 2, 0, 0)),
        ("Basic Z2FtZTo=", {}, (0, 0, 0, 0)),  # "game:", a public client's name
        (None, {"client_secret": "x"}, (0, 0, 1, 0)),
        (None, {"client_secret": ""}, (0, 0, 0, 0)),  # without a value it was left out (RFC 6749 §3.1)
        (None, {"client_assertion": "x"}, (0, 0, 0, 1)),
        (None, {"client_assertion_type": "x"}, (0, 0, 0, 1)),
        ("Basic YTpi", {"client_secret": "x", "client_assertion": "x"}, (0, 1, 1, 1)),
    ],
)
def test_how_often_a_request_uses_each_way_to_authenticate(authorization, form, used):
    server = Desk().server
    case = ClientAuthentication(server, Parameters(list(form.items())), authorization)
    assert tuple(each.uses(case) for each in METHODS) == used
    names = [each.id for each, times in zip(METHODS, used, strict=True) for _ in range(times)]
    assert case.methods == (tuple(names) or ("none",))
