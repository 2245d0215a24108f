"""What has to be equal is refused whether it stands before or behind it in the alphabet, or is nearly the same.

A comparison that was turned into "smaller" or "greater" would let half of all wrong values pass; a test with one wrong
value notices only if it lies in that half.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from driving import CALLBACK

from jwtlab import Key
from jwtlab.checks import Refusal
from jwtlab.errors import JwtlabError
from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.authorization_server import documents
from jwtlab.oauth.authorization_server.browser.device_approval import user_code_known
from jwtlab.oauth.authorization_server.client_authentication import assertion_good, client_found
from jwtlab.oauth.authorization_server.endpoints.revocation import owner_asks
from jwtlab.oauth.authorization_server.token.grants import authorization_code, device_code, refresh_token
from jwtlab.oauth.authorization_server.token.grants.token_exchange import (
    exchange_bound,
    exchange_holder,
    exchange_may_act,
)
from jwtlab.oauth.dpop import checks as proofs
from jwtlab.oauth.dpop.checks import ProofCase
from jwtlab.oauth.resource_server.permissions import owner_matches

NOW = 1_767_225_600
URL = "https://api.example/notes"
PROVER = Key.generate("ES256")


def neighbours(text: str) -> list[str]:
    """Before it, behind it, shorter and longer, and in other letters."""
    before, behind = chr(ord(text[-1]) - 1), chr(ord(text[-1]) + 1)
    others = ["", "!", "~", text[:-1], text[:-1] + before, text[:-1] + behind, text + "a", text.swapcase()]
    return [each for each in others if each != text]


def client(name="mine", **more):
    return SimpleNamespace(client_id=name, **{"resource": None, "jwks": None, **more})


def case(**attributes):
    return SimpleNamespace(**attributes)


def proof(**claims):
    made = {"htm": "GET", "htu": URL, "iat": NOW, "jti": "one"} | claims
    found = ProofCase(
        (), "GET", URL, NOW, lambda name: True, access_token="token", bound_to=PROVER.thumbprint()
    )
    found.__dict__["reading"] = SimpleNamespace(
        header={"typ": made.pop("typ", "dpop+jwt")}, claims=made, faults=()
    )
    return found


def bound(jkt):
    return case(claims={"cnf": {"jkt": "mine"}}, jkt=jkt, parameters={})


CHECKS = {
    # what: (check, the one right value, value -> the case)
    "client of a code": (
        authorization_code.code_client,
        "mine",
        lambda value: case(code={"client_id": value}, client=client()),
    ),
    "address of a code": (
        authorization_code.code_redirect_uri,
        CALLBACK,
        lambda value: case(code={"redirect_uri": CALLBACK}, parameters={"redirect_uri": value}),
    ),
    "client of a refresh token": (
        refresh_token.refresh_client,
        "mine",
        lambda value: case(refresh={"client_id": value}, client=client()),
    ),
    "state of a device": (device_code.device_answered, "approved", lambda value: case(state=value)),
    "state of a device to be approved": (
        user_code_known,
        "pending",
        lambda value: case(
            device=("d", {"state": value, "expires": NOW + 1}), server=case(clock=lambda: NOW)
        ),
    ),
    "client of a token to be revoked": (owner_asks, "mine", lambda value: case(owner=value, client=client())),
    "client of a token to be exchanged": (
        exchange_holder,
        "mine",
        lambda value: case(claims={"client_id": value}, client=client(), held=()),
    ),
    "API of a token to be exchanged": (
        exchange_holder,
        URL,
        lambda value: case(claims={"client_id": "other"}, client=client(resource=URL), held=(value,)),
    ),
    "key of a token to be exchanged": (exchange_bound, "mine", bound),
    "who may act": (
        exchange_may_act,
        "mine",
        lambda value: case(claims={"may_act": {"sub": value}}, actor="mine"),
    ),
    "owner of notes": (owner_matches, "mallory", lambda value: case(owner=value, claims={"sub": "mallory"})),
    "name beside the credentials": (
        client_found,
        "mine",
        lambda value: case(client=client(), client_id="mine", parameters={"client_id": value}),
    ),
    "method of a proof": (proofs.method_matches, "GET", lambda value: proof(htm=value)),
    "address of a proof": (proofs.address_matches, URL, lambda value: proof(htu=value)),
    "token of a proof": (
        proofs.token_matches,
        dpop.token_hash("token"),
        lambda value: proof(ath=value),
    ),
    "document that names itself": (
        documents.document_names_itself,
        URL,
        lambda value: case(url=URL, metadata={"client_id": value}),
    ),
    "type of a document": (
        documents.document_type,
        "application/json",
        lambda value: case(fetched=case(content_type=value)),
    ),
}
EMPTY_MEANS_NONE = {"owner of notes"}


def passes(check, judged):
    try:
        check(judged)
    except (Refusal, JwtlabError):
        return False
    return True


@pytest.mark.parametrize("what", CHECKS)
def test_nothing_but_the_right_value_passes(what):
    check, right, made = CHECKS[what]
    assert passes(check, made(right))
    for wrong in neighbours(right):
        if wrong or what not in EMPTY_MEANS_NONE:
            assert not passes(check, made(wrong)), wrong


@pytest.mark.parametrize("status", [100, 199, 200, 201, 204, 299, 300, 301, 399, 400, 404, 500])
def test_document_that_did_not_arrive(status):
    judged = case(fetched=case(status=status))
    assert passes(documents.document_arrived, judged) == (status == 200)
    if status != 200:
        with pytest.raises(Refusal) as caught:
            documents.document_arrived(judged)
        assert caught.value.reason.endswith(" it could lead anywhere") == (300 <= status < 400)


def test_kind_of_an_assertion():
    for kind in (None, *neighbours(protocol.ASSERTION_TYPE)):
        judged = case(methods=("private_key_jwt",), parameters={"client_assertion_type": kind}, client=None)
        with pytest.raises(Refusal, match="client_assertion_type is missing or unknown"):
            assertion_good(judged)


@pytest.mark.parametrize("username", ["alice", "bob", "mallory"])
@pytest.mark.parametrize("client_id", ["calendar-app", "notes-app"])
def test_token_about_a_person_tells_the_name_to_whoever_asks(place, username, client_id):
    """On either side of the client's own name in the alphabet; a service that speaks for itself is no user."""
    callback = place.server.clients[client_id].redirect_uris[0]
    code = place.code(username, client_id=client_id, redirect_uri=callback, scope="openid profile")
    token = place.redeem(code, client_id, redirect_uri=callback).json()["access_token"]
    told = place.post("/introspect", client_id, token=token).json()
    assert (told["active"], told["sub"], told["username"]) == (True, username, username)


def test_token_about_a_service_names_no_user(place):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    token = place.post("/token", "report-service", **form).json()["access_token"]
    told = place.post("/introspect", "report-service", token=token).json()
    assert (told["active"], told["sub"], "username" in told) == (True, "report-service", False)
