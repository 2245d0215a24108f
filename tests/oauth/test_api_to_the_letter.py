"""What an API permits, and how it keeps its issuer's keys: each verdict to the letter, each fetch counted."""

from __future__ import annotations

import httpx
import pytest
from driving import AS

import jwtlab
from jwtlab.oauth.resource_server.issuer_keys import KEY_CACHE_CHECKS, IssuerKeys, KeyCache
from jwtlab.oauth.resource_server.permissions import PERMISSION_CHECKS, AccessRequest


def said(report):
    if report.accepted:
        return {finding.id: finding.reason for finding in report if finding.reason}
    failed = report.first_failure
    return failed.id, failed.error.code, failed.reason, failed.claim, failed.expected, failed.found


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (
            AccessRequest({}),
            {"role-permits": "no role is needed", "owner-matches": "they belong to nobody alone"},
        ),
        (
            AccessRequest({"roles": ["x", "writer"], "sub": "alice"}, "team-notes.write", "alice"),
            {"role-permits": "team-notes.write", "owner-matches": "alice"},
        ),
        (
            AccessRequest({"roles": ["reader"]}, "team-notes.write"),
            (
                "role-permits",
                "",
                "this needs the permission team-notes.write, which none of your roles gives",
                "roles",
                "team-notes.write",
                ["reader"],
            ),
        ),
        (
            AccessRequest({"sub": "mallory"}, "", "alice"),
            ("owner-matches", "", "there are no such notes", "sub", "alice", "mallory"),
        ),
    ],
)
def test_permission_of_a_person(case, found):
    assert said(PERMISSION_CHECKS.run(case)) == found
    if isinstance(found, tuple):
        status = {"role-permits": 403, "owner-matches": 404}[found[0]]
        assert PERMISSION_CHECKS.run(case).first_failure.error.status == status


@pytest.mark.parametrize(
    ("fetched", "fresh"), [(None, True), (0, True), (-299.5, True), (-300, False), (1, False)]
)
def test_keys_are_fresh_for_five_minutes(fetched, fresh):
    report = KEY_CACHE_CHECKS.run(KeyCache(None if fetched is None else 1000 + fetched, 1000))
    assert report.accepted is fresh
    if not fresh:
        failed = report.first_failure
        assert failed.reason == "the keys were fetched too long ago to be trusted"
        assert (failed.error.code, failed.error.status) == ("invalid_token", 401)


class Issuer:
    """An issuer's two documents, a clock, and a count of what was asked."""

    def __init__(self) -> None:
        self.now, self.asked, self.broken = 1000.0, [], False
        self.issuer, self.jwks = AS, {"keys": [jwtlab.Key.generate("ES256", kid="a").public().to_jwk()]}
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        self.known = IssuerKeys(AS, client, lambda: self.now)

    def answer(self, request):
        self.asked.append(request.url.path)
        if self.broken:
            return httpx.Response(500, text="no JSON")
        if request.url.path == "/jwks":
            return httpx.Response(200, json=self.jwks)
        return httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": f"{AS}/jwks"})


METADATA = "/.well-known/oauth-authorization-server"


def test_keys_of_an_issuer_are_fetched_again_when_they_are_old_and_not_before():
    at = Issuer()
    assert [each.kid for each in at.known.keys().keys] == ["a"]
    for _ in range(3):
        at.known.keys()
        at.known.keys_for(None)
        at.known.keys_for("a")
    at.now += 299
    at.known.keys()
    assert at.asked == [METADATA, "/jwks"]
    at.now += 1
    at.known.keys()
    assert at.asked[2:] == ["/jwks"]  # the address is known
    at.now -= 3600
    at.known.keys()
    assert at.asked[3:] == ["/jwks"]  # nobody knows how old they are


def test_name_that_is_unknown_is_searched_every_ten_seconds_at_most():
    at = Issuer()
    at.known.keys()
    for waited, asked in ((0, 3), (9.5, 3), (0.5, 4), (10, 5), (-5, 7)):
        at.now += waited
        assert len(at.known.keys_for("b")) == 1
        assert len(at.asked) == asked


def test_issuer_that_does_not_answer_is_left_alone_for_ten_seconds():
    at = Issuer()
    at.broken = True
    for waited, asked in ((0, 1), (9.5, 1), (0.5, 2)):
        at.now += waited
        assert len(at.known.keys()) == 0
        assert len(at.known.keys_for("a")) == 0
        assert len(at.asked) == asked
    at.broken, at.issuer = False, "https://mallory.example"
    at.now += 10
    assert len(at.known.keys()) == 0
    at.issuer = AS
    at.now += 10
    assert len(at.known.keys()) == 1
    at.broken = True
    at.now += 300
    assert len(at.known.keys()) == 1  # what is known still counts
