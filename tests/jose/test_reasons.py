"""What a refusal says, and the evidence beside it, to the letter: people act on these sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from material import CLAIMS, NOW, forge
from trials import CASES, ES256, HEADER, SHADOWED, STANDARD, Trial, claims

KEPT = json.loads(Path(__file__).with_name("data").joinpath("reasons.json").read_text("utf-8"))


def as_json(*values):
    return json.loads(json.dumps(values))


@pytest.mark.parametrize("check_id", KEPT["each"])
def test_refusal_of_each_check(check_id):
    trial = CASES[check_id]() if check_id in CASES else SHADOWED[check_id][0]()
    failed = trial.verify().first_failure
    said = as_json(failed.reason, failed.claim, failed.expected, failed.found)
    assert said == KEPT["each"][check_id]


PLACES = {"token-size": "token", "compact-form": "token", "base64url-strict": "signature", "header-json": "header",
    "header-unique": "header", "header-types": "header", "critical-understood": "header", "payload-json": "payload",
    "claims-unique": "payload"}  # fmt: skip


@pytest.mark.parametrize("check_id", PLACES)
def test_refusal_says_in_which_part_the_fault_is(check_id):
    error = CASES[check_id]().verify().first_failure.error
    assert (error.part, error.position) == (PLACES[check_id], 86 if check_id == "base64url-strict" else None)


@pytest.mark.parametrize("row", KEPT["more"], ids=[row["reason"][:40] for row in KEPT["more"]])
def test_refusal_to_the_letter(row):
    """Without header-types, so that the later checks have to stand alone."""
    head = {name: value for name, value in (HEADER | row.get("header", {})).items() if value is not None}
    if row.get("header", {}).get("crit", "") is None:
        head["crit"] = None
    content = {name: value for name, value in (CLAIMS | row.get("claims", {})).items() if value is not None}
    trial = Trial(forge(head, content, ES256, "ES256"), more=row.get("settings", {}))
    failed = trial.verify(STANDARD.without("header-types")).first_failure
    assert (failed.id, failed.reason) == (row["check"], row["reason"])
    evidence = [row["claim"], row["expected"], row["found"]]
    assert as_json(failed.claim, failed.expected, failed.found) == evidence


# settings, claims, the check, its note
NOTES = [
    ({"leeway": 30}, {"exp": NOW - 29}, "not-expired", "within the leeway"),
    ({}, {}, "not-expired", "expires in 15 minutes"),
    ({"leeway": 30}, {"nbf": NOW + 30}, "already-valid", "nbf is in 30 seconds"),
    ({}, {"nbf": NOW - 60}, "already-valid", "nbf is 1 minute ago"),
    ({}, {}, "already-valid", "the token has no nbf"),
    ({}, {}, "issued-in-past", "iat is now"),
    ({}, {"iat": None}, "issued-in-past", "the token has no iat"),
    ({}, {}, "issuer-expected", "iss is https://as.example"),
    ({"issuer": None}, {}, "issuer-expected", "the verifier did not say whom it trusts as issuer"),
    ({}, {"aud": ["https://api.example", "b"]}, "audience-expected", "aud is ['https://api.example', 'b']"),
    (
        {"audience": None},
        {"aud": None},
        "audience-expected",
        "neither the token nor the verifier names an audience",
    ),
    ({"typ": "application/jwt"}, {}, "type-expected", "typ is JWT"),
    ({}, {}, "type-expected", "the verifier did not say which kind of token it expects"),
    ({"seen": set()}, {}, "not-replayed", "used for the first time"),
    ({}, {}, "not-replayed", "the verifier keeps no list of used tokens"),
    ({}, {}, "algorithm-allowed", "ES256 is on the list"),
    ({}, {}, "critical-understood", "the header marks nothing as critical"),
    ({}, {}, "key-type", "ES256 takes an EC key on P-256"),
    ({}, {}, "key-alg", "the key says ES256 too"),
    ({}, {}, "key-use", "the key does not restrict its use"),
    ({}, {}, "key-ops", "the key does not restrict its operations"),
    ({}, {}, "key-size", "256 bits"),
    ({}, {}, "key-exponent", "only RSA keys have one"),
    ({}, {}, "key-roca", "only RSA keys can have it"),
    ({}, {}, "key-secret", "only shared secrets can be mistaken"),
    ({}, {}, "key-on-curve", ""),
]


@pytest.mark.parametrize(
    ("settings", "changes", "check_id", "note"), NOTES, ids=[row[3] or "-" for row in NOTES]
)
def test_note_of_a_check_that_lets_a_token_pass(settings, changes, check_id, note):
    report = claims(changes, **settings).verify()
    assert report.accepted
    assert report[check_id].reason == note
