"""What the token endpoint asks of codes and refresh tokens: each verdict to the letter."""

from __future__ import annotations

import pytest
from desk import GRANT, INVALID, VERIFIER, Desk
from driving import CALLBACK

from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.token.grants.authorization_code import CODE_CHECKS, CodeRequest
from jwtlab.oauth.authorization_server.token.grants.refresh_token import REFRESH_CHECKS, RefreshRequest
from jwtlab.oauth.store import fingerprint

CODE = {
    "grant_type": protocol.AUTHORIZATION_CODE,
    "code": "c",
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
}


def code(form=(), jkt=None, bound=None, **record):
    desk = Desk()
    desk.keep("code", fingerprint("c"), **({"jkt": bound} | record))
    return desk.judge(CODE_CHECKS, CodeRequest, CODE | dict(form), jkt=jkt)


GOOD_CODE = {"code-unused": "used for the first time", "code-verifier": "it belongs to the challenge"}


def test_good_code():
    assert code() == GOOD_CODE
    assert code(jkt="k") == GOOD_CODE  # a proof more than is needed
    assert code(jkt="k", bound="k") == GOOD_CODE
    assert code({"redirect_uri": None}, redirect_uri=None) == GOOD_CODE
    unbound = code({"code_verifier": None}, code_challenge=None)
    assert unbound["code-verifier"] == "the code is bound to no challenge"


NO_CODE_PROOF = "the code is bound to a key (dpop_jkt): it needs a proof in the header DPoP"


@pytest.mark.parametrize(
    ("form", "record", "said"),
    [
        ({"code": None}, {}, ("code-known", INVALID, "the code is missing", "code")),
        ({"code": "d"}, {}, ("code-known", GRANT, "no such code", "code")),
        ({}, {"client_id": "game"}, ("code-client", GRANT, "this code was given to another client", "code")),
        (
            {},
            {"used": True},
            (
                "code-unused",
                GRANT,
                "this code has been used before; the tokens that it gave are revoked",
                "code",
            ),
        ),
        ({}, {"expires": 0}, ("code-fresh", GRANT, "the code has expired; start again", "code")),
        (
            {"redirect_uri": "https://a.example"},
            {},
            (
                "code-redirect-uri",
                GRANT,
                "the redirect_uri is not the one that the code was sent to",
                "redirect_uri",
                CALLBACK,
                "https://a.example",
            ),
        ),
        (
            {"redirect_uri": None},
            {},
            (
                "code-redirect-uri",
                GRANT,
                "the redirect_uri is not the one that the code was sent to",
                "redirect_uri",
                CALLBACK,
                None,
            ),
        ),
        (
            {"code_verifier": None},
            {},
            ("code-verifier", GRANT, "the code_verifier is missing", "code_verifier"),
        ),
        (
            {"code_verifier": "w" * 43},
            {},
            (
                "code-verifier",
                GRANT,
                "the code_verifier does not belong to the challenge of this code",
                "code_verifier",
            ),
        ),
        (
            {},
            {"code_challenge": None},
            (
                "code-verifier-asked",
                GRANT,
                "a code_verifier for a code without a challenge: somebody took the challenge out",
                "code_verifier",
            ),
        ),
        ({}, {"bound": "k"}, ("code-key", "invalid_dpop_proof", NO_CODE_PROOF, "dpop_jkt")),
        (
            {},
            {"bound": "k", "jkt": "other"},
            ("code-key", "invalid_dpop_proof", "the code is bound to another key (dpop_jkt)", "dpop_jkt"),
        ),
        ({}, {"grant": "gone"}, ("code-grant", GRANT, "what was granted has been revoked", "code")),
    ],
)
def test_bad_code(form, record, said):
    assert code(form, **record) == said + (None,) * (6 - len(said))


def test_code_is_good_until_the_second_in_which_it_ends():
    now = Desk().now
    assert code(expires=now + 0.5) == GOOD_CODE
    assert code(expires=now)[0] == "code-fresh"


REFRESH = {"grant_type": protocol.REFRESH_TOKEN, "refresh_token": "r"}


def refresh(form=(), jkt=None, bound=None, granted=(), **record):
    desk = Desk()
    desk.keep("grant", "g", **dict(granted))
    desk.keep("refresh", fingerprint("r"), **({"jkt": bound} | record))
    return desk.judge(REFRESH_CHECKS, RefreshRequest, REFRESH | dict(form), jkt=jkt)


def test_good_refresh_token():
    good = {"refresh-unused": "used for the first time"}
    for form in ({}, {"scope": "notes:read"}, {"scope": "notes:read openid"}):
        assert refresh(form) == good
    assert refresh(jkt="k") == good
    assert refresh(jkt="k", bound="k") == good
    assert refresh(expires=Desk().now + 0.5) == good


TWICE = (
    "this refresh token has been used before: it is in two hands. "
    "Everything that came of it is revoked; log in again"
)
REVOKED = "what was granted has been revoked; log in again"
TOKEN = "refresh_token"
GRANTED = ("openid", "notes:read")


@pytest.mark.parametrize(
    ("form", "record", "said"),
    [
        ({TOKEN: None}, {}, ("refresh-known", INVALID, "the refresh_token is missing", TOKEN)),
        ({TOKEN: "s"}, {}, ("refresh-known", GRANT, "no such refresh token", TOKEN)),
        (
            {},
            {"client_id": "game"},
            ("refresh-client", GRANT, "this refresh token was given to another client", TOKEN),
        ),
        ({}, {"used": True}, ("refresh-unused", GRANT, TWICE, TOKEN)),
        (
            {},
            {"expires": Desk().now},
            ("refresh-fresh", GRANT, "the refresh token has expired; log in again", TOKEN),
        ),
        ({}, {"granted": {"revoked": True}}, ("refresh-grant", GRANT, REVOKED, TOKEN)),
        ({}, {"granted": {"expires": Desk().now}}, ("refresh-grant", GRANT, REVOKED, TOKEN)),
        (
            {},
            {"bound": "k"},
            (
                "refresh-key",
                "invalid_dpop_proof",
                "the refresh token is bound to a key: it needs a proof in the header DPoP",
                "DPoP",
            ),
        ),
        (
            {},
            {"bound": "k", "jkt": "other"},
            ("refresh-key", "invalid_dpop_proof", "the refresh token is bound to another key", "DPoP"),
        ),
        (
            {"scope": "notes:read notes:write"},
            {},
            (
                "refresh-scope",
                "invalid_scope",
                "'notes:write' was not granted",
                "scope",
                GRANTED,
                ("notes:read", "notes:write"),
            ),
        ),
        (
            {"scope": "x" * 50},
            {},
            (
                "refresh-scope",
                "invalid_scope",
                f"'{'x' * 40}' was not granted",
                "scope",
                GRANTED,
                ("x" * 50,),
            ),
        ),
        ({"scope": " "}, {}, ("refresh-scope", "invalid_scope", "the scope is empty", "scope", GRANTED, ())),
    ],
)
def test_bad_refresh_token(form, record, said):
    assert refresh(form, **record) == said + (None,) * (6 - len(said))
