"""Certificates and build jobs of lesson 44: real handshakes, a token that belongs to one, and a trust rule."""

from __future__ import annotations

import base64
import dataclasses
import hashlib

import pytest

import jwtlab
from jwtlab.errors import UsageError
from jwtlab.oauth.services import BOUND, CLOUD, TRUST, BuildService, Certificate, Cloud, meet

MAIN = "repo:acme/notes:ref:refs/heads/main"


@pytest.fixture
def lab():
    return jwtlab.Lab()


@pytest.fixture
def certificates(lab):
    names = ("invoices.example", "mallory.example", "api.example")
    return [Certificate.make(name, lab.random.bytes(32)) for name in names]


@pytest.fixture
def world(lab):
    return lab.world("builds")


@pytest.fixture
def builds(lab, world):
    return BuildService(lab.key("ES256", "client"), world.clock, world.secret)


def test_handshake_shows_the_server_the_clients_certificate(certificates):
    ours, mallory, api = certificates
    met = meet(ours, api, (ours,))
    assert (met.certificate, met.version, met.error) == (ours.der, "TLSv1.3", "")
    assert meet(mallory, api, (ours, mallory)).certificate == mallory.der


def test_handshake_with_a_strange_certificate_none_or_a_foreign_key_fails(certificates):
    ours, mallory, api = certificates
    borrowed = dataclasses.replace(mallory, der=ours.der)
    for client in (mallory, None, borrowed):
        met = meet(client, api, (ours,))
        assert (met.certificate, met.version) == (None, "")
        assert met.error


def test_certificate_is_the_same_each_time_and_keeps_its_key_to_itself(certificates):
    ours = certificates[0]
    again = Certificate.make(ours.name, jwtlab.Lab().random.bytes(32))
    assert again == ours
    assert repr(ours) == "Certificate(name='invoices.example')"
    digest = hashlib.sha256(ours.der).digest()
    assert ours.thumbprint == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("cnf", "seen", "accepted"),
    [
        ("ours", "ours", True),
        ("ours", "mallory", False),
        ("ours", None, False),
        (None, "ours", False),
        ("é", "ours", False),
        (7, "ours", False),
        ({}, "ours", False),
    ],
)
def test_bound_token_is_good_with_its_certificate_only(lab, certificates, cnf, seen, accepted):
    known = {"ours": certificates[0], "mallory": certificates[1]}
    value = known[cnf].thumbprint if cnf == "ours" else cnf
    token = lab.token("invoices", **({} if cnf is None else {"cnf": {"x5t#S256": value}}))
    shown = known[seen].der if seen else None
    report = lab.verify(token, policy=BOUND, context=shown)
    assert report.accepted is accepted
    if not accepted:
        assert report.first_failure.id == "certificate-bound"
    assert lab.verify(token, policy=BOUND.without("certificate-bound"), context=shown).accepted


@pytest.mark.parametrize("claim", ["x", ["x"], 3])
def test_cnf_of_another_kind_is_refused(lab, certificates, claim):
    assert not lab.verify(lab.token("x", cnf=claim), policy=BOUND, context=certificates[0].der).accepted


@pytest.mark.parametrize(
    ("how", "sub"),
    [
        ({}, MAIN),
        ({"ref": "refs/tags/v1"}, "repo:acme/notes:ref:refs/tags/v1"),
        ({"pull_request": True}, "repo:acme/notes:pull_request"),
        ({"environment": "release"}, "repo:acme/notes:environment:release"),
    ],
)
def test_name_of_a_job(builds, how, sub):
    assert jwtlab.decode(builds.run("acme/notes", **how)).claims["sub"] == sub


@pytest.mark.parametrize("name", ["acme", "/notes", "acme/", "acme/a/b", "acme/notes:ref:refs/heads/main"])
def test_what_is_no_repository_runs_nothing(builds, name):
    with pytest.raises(UsageError, match="owner/name"):
        builds.run(name)


def test_without_a_rule_every_repository_in_the_world_gets_in(world, builds):
    cloud = Cloud(world, builds)
    assert "workload-trusted" not in cloud.policy
    for repository in ("acme/notes", "mallory/weather"):
        assert cloud.trade(builds.run(repository)).scope == "packages:write"


def test_a_rule_lets_in_whom_it_names_and_nobody_else(world, builds):
    cloud = Cloud(world, builds, lambda claims: claims["sub"] == MAIN)
    assert cloud.policy == TRUST
    assert cloud.trade(builds.run("acme/notes")).status == 200
    for job in (builds.run("mallory/weather"), builds.run("acme/notes", pull_request=True)):
        traded = cloud.trade(job)
        assert (traded.status, traded.scope) == (400, "")
        assert "trust rule" in traded.said
    names = [name for name, _ in world.network.trace[-1].reports]
    assert "job's token" in names


def test_a_rule_that_breaks_down_lets_nobody_in(world, builds):
    cloud = Cloud(world, builds, lambda claims: claims["nothing"])
    assert cloud.trade(builds.run("acme/notes")).status == 400


def test_the_cloud_looks_at_everything_else_too(lab, world, builds):
    cloud = Cloud(world, builds)
    forged = BuildService(lab.key("ES256", "mallory"), world.clock, world.secret).run("acme/notes")
    for token in (forged, builds.run("acme/notes", audience="https://other.example"), "a.b.c", ""):
        assert cloud.trade(token).status == 400
    job = builds.run("acme/notes")
    world.wait(600)
    assert cloud.trade(job).status == 400


def test_the_cloud_answers_only_to_an_exchange(world, builds):
    Cloud(world, builds)
    answer = world.network.client("Job").post(f"{CLOUD}/token", data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
