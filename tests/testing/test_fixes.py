"""The fixes that a report prints are run: good tokens get in, and the forgeries of that fault do not."""

from __future__ import annotations

import base64
import json
import re
import time

import joserfc.jwk
import joserfc.jwt
import jwt
import pytest
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator

from jwtlab.testing import FORGERIES, Issuer, attack_verifier
from jwtlab.testing.faults import AUTHLIB, JOSERFC, NO_ACCESS_TOKEN, PYJWT

AUDIENCE = "https://notes.example"
FAULTS = list(
    {each.fault.missing: each.fault for each in FORGERIES if "claims" in each.fault.fix[PYJWT]}.values()
)


@pytest.mark.parametrize("library", [PYJWT, JOSERFC, AUTHLIB])
@pytest.mark.parametrize("place", range(len(FAULTS)), ids=lambda place: f"{FAULTS[place].check}-{place}")
def test_fix_refuses_what_it_is_for(place, library):
    fault = FAULTS[place]
    with Issuer("ES256") as issuer:
        (jwk,) = issuer.jwks()["keys"]
        known = {
            "jwt": jwt,
            "joserfc": joserfc,
            "JWTBearerTokenValidator": JWTBearerTokenValidator,
            "base64": base64,
            "json": json,
            "re": re,
            "time": time,
            "KEY": jwt.PyJWK(jwk),
            "KEYS": joserfc.jwk.KeySet.import_key_set(issuer.jwks()),
            "ISSUER": issuer.issuer,
            "AUDIENCE": AUDIENCE,
            "ALG": "ES256",
            "USED": set(),
        }

        def verify(token):
            room = dict(known, token=token)
            exec(fault.fix[library], room)
            return room["claims"]

        outcome = attack_verifier(
            verify,
            issuer,
            audience=AUDIENCE,
            typ="JWT" if fault is NO_ACCESS_TOKEN else "at+jwt",
            algorithms=["ES256"],
            single_use=fault.check == "not-replayed",
        )
    assert not outcome.turned_away, outcome.report()
    own = [each.id for each in FORGERIES if each.fault == fault and not each.id.endswith("high-s")]
    assert not [each for each in own if each in outcome.let_through.ids + outcome.advice.ids]
