"""The lab: a clock that stands still, loaded dice, public keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources

import pytest

import jwtlab
from jwtlab import ALGORITHMS, Lab
from jwtlab.lab import EPOCH


def test_same_seed_gives_the_same_tokens():
    one, other = (
        [lab.token(alg=alg) for alg in ("ES256", "HS256", "RS256", "EdDSA")] for lab in (Lab(), Lab())
    )
    assert one == other
    assert len(set(one)) == 4


def test_other_seed_or_next_token_differs():
    lab = Lab()
    first = lab.token()
    assert first != lab.token()
    assert first != Lab(seed=2).token()
    assert Lab(seed="x").random.bytes(8) != Lab(seed="y").random.bytes(8)


def test_dice_are_loaded_and_long_enough():
    assert Lab().random.bytes(100) == Lab().random.bytes(100)
    assert len(Lab().random.bytes(1000)) == 1000
    assert Lab().random.token(8) == Lab().random.token(8)


def test_clock_stands_still_until_moved():
    lab = Lab()
    assert lab.now == lab.now == EPOCH == datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    lab.clock.advance(minutes=20)
    assert lab.now == EPOCH + 1200
    lab.clock.advance(-1200)
    assert lab.clock.datetime() == datetime(2026, 1, 1, tzinfo=UTC)
    assert lab.clock.set(datetime(2027, 1, 1, tzinfo=UTC)) == lab.now
    assert "2027" in repr(lab)
    assert Lab().now == EPOCH


@pytest.mark.parametrize("instant", ["noon", None, datetime(2026, 1, 1), 1e15, -1, float("nan")], ids=repr)
def test_clock_cannot_be_set_to_nonsense(instant):
    with pytest.raises(jwtlab.UsageError):
        Lab().clock.set(instant)


def test_token_expires_when_the_clock_moves():
    lab = Lab()
    token = lab.token(minutes=15)
    assert lab.verify(token).accepted
    lab.clock.advance(minutes=15)
    assert lab.verify(token).first_failure.id == "not-expired"


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_demo_key_signs_and_is_verified(alg):
    lab = Lab()
    assert lab.key(alg) is not None
    assert lab.key(alg).alg == alg
    assert lab.key(alg).kid == f"lab-{alg.lower()}"
    assert lab.verify(lab.token(alg=alg), algorithms=[alg]).accepted
    assert lab.key(alg, owner="mallory") != lab.key(alg)
    assert not lab.verify(lab.token(alg=alg, key=lab.key(alg, owner="mallory")), algorithms=[alg]).accepted


def test_demo_keys_are_labelled_as_public():
    text = resources.files("jwtlab").joinpath("data/demo_keys.json").read_text("utf-8")
    assert "public" in json.loads(text)["warning"]
    assert text.index("warning") < text.index("owners")


def test_unknown_key_is_refused():
    with pytest.raises(jwtlab.UnknownAlgorithm):
        Lab().key("none")
    with pytest.raises(jwtlab.UsageError):
        Lab().key("ES256", owner="bob")


def test_verifying_keys_hold_no_private_half():
    published = Lab().keys()
    assert not any(key.is_private for key in published)
    assert [key.kid for key in Lab().keys("ES512")] == ["lab-es512"]


def test_claims_are_left_out_or_overridden():
    lab = Lab()
    assert set(lab.claims()) == {"iss", "sub", "aud", "iat", "exp", "jti"}
    assert "jti" not in lab.claims(jti=None)
    assert lab.claims(role="admin", iss="x")["iss"] == "x"
    assert lab.claims("bob", minutes=1)["exp"] == EPOCH + 60


def test_users_are_three_and_belong_to_their_lab():
    lab = Lab()
    assert set(lab.users) == {"alice", "bob", "mallory"}
    assert all(user.email.endswith(".example") for user in lab.users.values())
    del lab.users["bob"]
    assert "bob" in Lab().users
