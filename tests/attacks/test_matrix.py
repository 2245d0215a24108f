"""The matrix: computed, complete, and every check earns its place."""

from __future__ import annotations

import json

import pytest

from jwtlab.attacks import ATTACKS, PROBES, attack_matrix
from jwtlab.jose.jwt import STANDARD


@pytest.fixture(scope="module")
def matrix():
    return attack_matrix()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_probe_is_refused_by_its_check_alone(probe):
    assert [finding.id for finding in probe.run(keep_going=True).failures] == [probe.check]
    assert probe.run(STANDARD.without(probe.check)).accepted


def test_every_attack_and_every_check_stands_in_it(matrix):
    assert matrix.checks == STANDARD.ids
    variants = sum(len(attack.variants) for attack in ATTACKS.values())
    assert len(matrix.rows) == variants + len(PROBES)
    assert len({row.id for row in matrix.rows}) == len(matrix.rows)
    assert all(tuple(row.accepted) == STANDARD.ids for row in matrix.rows)


def test_every_check_stands_alone_somewhere_or_says_why_it_is_there(matrix):
    idle = {check for check, rows in matrix.stands_alone.items() if not rows}
    assert idle == set(matrix.reasons)


def test_at_most_one_check_stands_alone(matrix):
    for row in matrix.rows:
        assert sum(row.accepted.values()) <= 1
        if row.stands_alone:
            assert row.stopped_by == (row.stands_alone,)
            assert row.id not in matrix.defence_in_depth
        else:
            assert row.stopped_by == matrix.defence_in_depth[row.id]


def test_a_few_cells(matrix):
    alone = matrix.stands_alone
    assert "unverified" in alone["signature-valid"]
    assert alone["audience-expected"] == ("wrong-audience",)
    assert "key-confusion:pem" in matrix.defence_in_depth


def test_it_is_plain_data_and_text(matrix):
    rows = json.loads(json.dumps(matrix.to_rows()))
    assert rows[0]["id"] == "unverified"
    assert rows[0]["accepted_without"]["signature-valid"] is True
    text = str(matrix)
    assert all(row.id in text for row in matrix.rows)
    assert all(check in text for check in matrix.reasons)
