"""One contract for every attack on a flow: it succeeds where a check is missing, and that check alone stops it."""

import pytest

from jwtlab import Lab, UsageError, decode
from jwtlab.oauth import FLOW_ATTACKS, FLOWS

ATTACKS = list(FLOW_ATTACKS.values())
GUARDS = [(attack, check) for attack in ATTACKS for check in attack.stopped_by]


def by_id(value):
    return getattr(value, "id", value)


def test_every_attack_of_the_lessons_is_there():
    assert set(FLOW_ATTACKS) >= {
        "code-interception",
        "code-interception-without-pkce",
        "login-csrf",
        "code-injection",
        "mix-up",
        "open-redirector",
        "lax-redirect",
        "code-replay",
        "refresh-token-theft",
        "implicit-token-injection",
        "id-token-substitution",
        "id-token-at-api",
        "logout-token-forgery",
        "magic-link-reuse",
        "scanner-prefetch",
        "device-phishing",
        "dpop-downgrade",
        "jwks-cached-for-ever",
    }


@pytest.mark.parametrize("attack", ATTACKS, ids=by_id)
def test_attack_succeeds_in_the_careless_world(attack):
    flow = Lab().flow_attack(attack.id).run()
    assert not flow.stopped
    assert flow.outcome.succeeded, flow.outcome


@pytest.mark.parametrize("attack", ATTACKS, ids=by_id)
def test_attack_fails_in_the_sound_world(attack):
    flow = Lab().flow_attack(attack.id, weak=False).run()
    assert not flow.stopped
    assert not flow.outcome.succeeded, flow.outcome
    assert flow.outcome.what


@pytest.mark.parametrize(("attack", "check"), GUARDS, ids=by_id)
def test_the_named_check_alone_stops_it(attack, check):
    flow = Lab().flow_attack(attack.id, keep=check).run()
    assert not flow.stopped
    assert not flow.outcome.succeeded
    refused = {refusing for exchange in flow.trace for refusing in exchange.refused_by}
    assert refused & {each.rpartition(":")[2] for each in attack.refused_by or (check,)}


@pytest.mark.parametrize("attack", ATTACKS, ids=by_id)
def test_what_the_attack_names_exists(attack):
    assert attack.flow in FLOWS
    assert set(attack.stopped_by) <= set(attack.weak)
    Lab().world().without(*attack.weak)


@pytest.mark.parametrize("attack", ATTACKS, ids=by_id)
def test_the_flow_itself_works_in_the_careless_world(attack):
    flow = Lab().flow(attack.flow, without=attack.weak).run()
    assert flow.done
    assert not flow.stopped


@pytest.mark.parametrize("attack", ATTACKS, ids=by_id)
def test_attack_is_the_same_every_time(attack):
    one, other = (Lab().flow_attack(attack.id).run() for _ in range(2))
    assert str(one.trace) == str(other.trace)


def test_replayed_code_takes_the_tokens_of_the_first_use_along():
    flow = Lab().flow_attack("code-replay", weak=False).run()
    world = flow.world
    token = next(each.text for each in flow.trace.tokens if each.parts.header.get("typ") == "at+jwt")
    assert world.server.is_revoked(decode(token).claims)


def test_reused_refresh_token_takes_the_owners_tokens_along():
    flow = Lab().flow_attack("refresh-token-theft", weak=False).run()
    grants = [flow.world.server.store.get("grant", name) for name in flow.world.server.store.names("grant")]
    assert [grant["revoked"] for grant in grants] == [True]


def test_unknown_attack_is_named_with_those_there_are():
    with pytest.raises(UsageError, match="mix-up"):
        Lab().flow_attack("mixup")
