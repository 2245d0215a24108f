"""Exercise 40.4: what RFC 9700 has retired, found in a request."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Wrong
from jwtlab.exercises.table import Case, Table, near

_S256 = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}


def _asks(response_type: str, **more: str) -> dict[str, str]:
    return {"response_type": response_type, "client_id": "spa", **more}


_REQUESTS: tuple[tuple[str, dict[str, str], set[str], str], ...] = (
    ("sound", _asks("code", **_S256), set(), "A code request with PKCE and S256 is as it should be: an empty set."),
    ("token-request", {"grant_type": "authorization_code", "code": "c1", "code_verifier": "v"}, set(), "This one goes "
     "to the token endpoint: it brings a grant_type, and no response_type. A challenge is missed only where a code is "
     "asked for."),
    ("token-request", {"grant_type": "client_credentials", "scope": "notes:read"}, set(), ""),
    ("implicit", _asks("token"), {"implicit"}, "response_type=token brings the access token in the address."),
    ("implicit", _asks("id_token token", nonce="n"), {"implicit"}, ""),
    ("implicit", _asks("token id_token", nonce="n"), {"implicit"}, ""),
    ("implicit", _asks("code token", **_S256), {"implicit"}, ""),
    ("implicit", _asks("code id_token token", **_S256), {"implicit"}, ""),
    ("id-token-is-no-access-token", _asks("id_token", nonce="n"), set(), "id_token is a word of its own: no access "
                                                                         "token comes with it."),
    ("id-token-is-no-access-token", _asks("code id_token", nonce="n", **_S256), set(), ""),
    ("password", {"grant_type": "password", "username": "alice", "password": "wonderland"}, {"password"},
     "grant_type=password hands the person's password to the client."),
    ("no-pkce", _asks("code"), {"no-pkce"}, "A code without a code_challenge."),
    ("no-pkce", _asks("code", code_challenge_method="S256"), {"no-pkce"}, ""),
    ("no-pkce", _asks("code", code_challenge="", code_challenge_method="S256"), {"no-pkce"}, ""),
    ("no-pkce", _asks("code id_token", nonce="n"), {"no-pkce"}, ""),
    ("plain", _asks("code", code_challenge="v", code_challenge_method="plain"), {"plain-pkce"},
     "With plain the challenge is the verifier, so whoever reads the request has it."),
    ("plain-by-default", _asks("code", code_challenge="v"), {"plain-pkce"}, "Where no method is named, it is plain "
                                                                            "(RFC 7636 §4.3)."),
    ("plain-by-default", _asks("code", code_challenge="v", code_challenge_method=""), {"plain-pkce"}, ""),
    ("two-at-once", _asks("code token"), {"implicit", "no-pkce"}, "Two things at once: name both."),
    ("two-at-once", _asks("code token", code_challenge="v"), {"implicit", "plain-pkce"}, ""),
    ("whole-words", _asks("none", state="token"), set(), "Only the words of response_type and grant_type count."),
    ("whole-words", _asks("code", scope="token password", **_S256), set(), ""),
    ("whole-words", {"grant_type": "refresh_token", "refresh_token": "password"}, set(), ""),
    ("whole-words", {"grant_type": "urn:example:password", "password": "x"}, set(), ""),
    ("whole-words", _asks("none code_token"), set(), ""),
)  # fmt: skip


def _as_set(found: Any) -> set[Any]:
    if isinstance(found, str) or not isinstance(found, set | frozenset | list | tuple):
        raise Wrong("not-a-set", what=kind(found))
    return set(found)


_NEAR = (
    *near("grant_type", "password", lambda text: ({"grant_type": text, "username": "alice"},), set()),
    *near(
        "code_challenge_method",
        "S256",
        lambda text: (_asks("code", code_challenge="v", code_challenge_method=text),),
        {"plain-pkce"},
    ),
)
judge_review = Table(
    cases=(*(Case(name, (request,), expected, why) for name, request, expected, why in _REQUESTS), *_NEAR),
    read=_as_set,
    own={"not-a-set": "Return a set of names; your function gives {what}."},
    praise="A few lines that could stand in a test of your own: they find what RFC 9700 has retired.",
)
