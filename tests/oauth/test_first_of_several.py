"""Where several came and one is taken: it is the first, also where nobody refuses that there are several."""

from __future__ import annotations

import json

import pytest
from as_a_stranger import AGENT, BACK, begin
from driving import Place

from jwtlab.oauth.authorization_server import documents
from jwtlab.oauth.bearer import Presented
from jwtlab.oauth.dpop.checks import CHECKS, ProofCase
from jwtlab.oauth.http.guarded import Fetched

URL = "https://api.example/notes"
ADDRESSES = ("192.31.196.1", "198.41.0.4", "199.9.14.201")


def presented(*authorization, fields=(), takes_field=True):
    return Presented(authorization, (), "GET", URL, fields=fields, takes_field=takes_field)


def test_token_is_taken_from_the_first_header_or_else_the_first_field():
    assert (presented("Bearer a", "DPoP b").scheme, presented("Bearer a", "DPoP b").token) == ("Bearer", "a")
    assert presented("dpop  a b ", fields=("c",)).token == "a b"
    two = presented(fields=("a", "b"))
    assert (two.field, two.token, two.scheme) == ("a", "a", "Bearer")
    for nothing in (presented(), presented(fields=("a",), takes_field=False)):
        assert (nothing.field, nothing.token, nothing.scheme) == ("", "", "")


@pytest.mark.parametrize(("proofs", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a")])
def test_proof_is_the_first_of_the_headers(proofs, text):
    assert ProofCase(proofs, "GET", URL, 0, lambda name: True).text == text


def test_of_several_faults_of_a_proof_the_first_is_told():
    case = ProofCase(("e30=.e30=.e30=",), "GET", URL, 0, lambda name: True)
    assert len(case.reading.faults) >= 3
    failed = CHECKS.run(case).first_failure
    assert failed.reason == f"DPoP proof: {case.reading.faults[0].message}"
    assert "header" in failed.reason


def test_document_is_fetched_from_the_first_address_of_its_name():
    place, asked = Place(), []
    place.world.admit_strangers()
    client = f"{AGENT}/client.json"

    def fetch(url, address, most):
        asked.append((url, address, most))
        body = {"client_id": client, "client_name": "Agent", "redirect_uris": [BACK]}
        return Fetched(200, "application/json", json.dumps(body).encode())

    place.server.documents = documents.Documents(lambda host, port: ADDRESSES, fetch)
    assert begin(place, client).page.status == 200
    assert asked == [(client, ADDRESSES[0], 5 * 1024)]
    where = documents.DocumentAddress(client, place.server.documents)
    assert documents.ADDRESS_CHECKS.run(where).findings[-1].reason == ADDRESSES[0]
