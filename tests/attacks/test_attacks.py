"""One contract for every attack and every variant; and the sound face stays sound."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys

import pytest

import jwtlab
from jwtlab import attacks
from jwtlab.attacks import ATTACKS, GOAL, confusion, ecdsa, material, parsers, pyjwt
from jwtlab.attacks import kid as kid_names
from jwtlab.checks import Policy, Refusal
from jwtlab.jose.jwt import STANDARD

SCENARIOS = [scenario for attack in ATTACKS.values() for scenario in attack.scenarios()]
NAMES = {scenario.id: scenario for scenario in SCENARIOS}

every = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)


@every
def test_the_victim_accepts_the_forgery_and_reads_the_attackers_claims(scenario):
    report = scenario.victim_report
    assert report.accepted, report
    assert {name: report.claims[name] for name in GOAL} == GOAL


@every
def test_standard_refuses_it_by_exactly_the_checks_that_are_named(scenario):
    assert not scenario.run().accepted
    assert [finding.id for finding in scenario.sound_report.failures] == list(scenario.stopped_by)


@every
def test_a_good_token_is_accepted_by_victim_and_standard(scenario):
    assert scenario.good_victim_report.accepted, scenario.good_victim_report
    assert scenario.good_report.accepted, scenario.good_report


@every
def test_a_good_token_does_not_carry_the_goal(scenario):
    assert scenario.good_report.claims["admin"] is False


@every
def test_forging_is_a_pure_function_of_what_the_attacker_knows(scenario):
    goal, knowledge = dict(scenario.goal), dict(scenario.knowledge)
    before = copy.deepcopy((goal, knowledge))
    again = scenario.attack.forge(goal, **knowledge)
    assert again == scenario.attack.forge(goal, **knowledge) == scenario.forged
    assert (goal, knowledge) == before


@every
def test_a_scenario_is_the_same_every_time(scenario):
    twin = scenario.attack.scenario(scenario.variant.name)
    assert (twin.good, twin.forged) == (scenario.good, scenario.forged)


@every
def test_another_goal_reaches_the_victim_too(scenario):
    goal = {"sub": "root", "roles": ["owner"]}
    other = scenario.attack.scenario(scenario.variant.name, goal=goal)
    claims = other.victim_report.claims
    assert {name: claims[name] for name in goal} == goal
    assert not other.run().accepted


@every
def test_the_attacker_knows_no_secret_of_the_issuer(scenario):
    for value in scenario.knowledge.values():
        if isinstance(value, jwtlab.Key):
            assert value.kid.startswith("mallory")


@every
def test_pyjwt_answers(scenario):
    verdict = scenario.pyjwt
    if scenario.attack.pyjwt is None:
        assert verdict is None
    else:
        accepted, words = verdict
        assert words.startswith("accepted") is accepted
        assert words


# What the installed PyJWT makes of them; only those that hold for every version that we allow.
@pytest.mark.parametrize(
    ("name", "accepted"),
    {
        "unverified": True,
        "alg-none:none": False,
        "key-confusion:pem": False,
        "key-confusion:der": False,
        "key-confusion:jwk": False,
        "expired:ignored": True,
        "expired:missing": True,
        "embedded-jwk": True,
        "kid-path-traversal:public-file": True,
        "kid-sql-injection": True,
        "psychic-signature:raw": False,
        "wrong-issuer:partial": False,
        "wrong-type:same-audience": True,
        "crit-ignored": False,
        "duplicate-claim": True,
        "malleable-token:padding": True,
        "malleable-token:high-s": True,
        "polyglot": False,
    }.items(),
)
def test_pyjwt_today(name, accepted):
    assert NAMES[name].pyjwt.accepted is accepted, NAMES[name].pyjwt


def test_the_list_of_the_lessons_is_complete():
    assert " ".join(ATTACKS) == (
        "unverified signature-stripped alg-none key-confusion key-confusion-recovered expired not-yet-valid "
        "replayed weak-secret empty-secret embedded-jwk jku-spoof x5u-spoof x5c kid-path-traversal "
        "kid-sql-injection psychic-signature wrong-audience wrong-issuer wrong-type crit-ignored "
        "duplicate-claim malleable-token polyglot"
    )
    assert len(set(NAMES)) == len(SCENARIOS)
    with pytest.raises(TypeError):
        ATTACKS["mine"] = None


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=lambda attack: attack.id)
def test_every_attack_tells_its_story(attack):
    assert attack.title
    assert attack.knows
    assert attack.code
    assert attack.spec.startswith("RFC ")
    assert len(re.findall(r"[.:] (?=[A-Z])|\.$", attack.story)) in (2, 3)
    assert all(re.fullmatch(r"CVE-\d{4}-\d{4,7}", number) for number in attack.cves)
    assert attack.victim.ids
    assert set(attack.stopped_by) <= set(STANDARD.ids)
    assert attack.variant().name == attack.variants[0].name


def test_an_unknown_variant_is_told_which_there_are():
    with pytest.raises(jwtlab.UsageError, match="none, None, NONE, nOnE"):
        ATTACKS["alg-none"].scenario("nada")


# The sound face


def test_nothing_weak_is_reachable_from_the_sound_face():
    assert "attacks" not in jwtlab.__all__
    for name in jwtlab.__all__:
        try:
            value = getattr(jwtlab, name)
        except AttributeError:
            continue  # a room that is not built yet
        if isinstance(value, Policy):
            assert value is STANDARD
    assert not any("⚠" in check.title for check in STANDARD)


def test_the_sound_rooms_do_not_load_the_attacks():
    code = (
        "import sys, jwtlab; jwtlab.verify; jwtlab.STANDARD; jwtlab.Lab; jwtlab.jwa;"
        "sys.exit(any(name.startswith('jwtlab.attacks') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@every
def test_a_faulty_check_says_so(scenario):
    for check in scenario.victim:
        assert check in STANDARD.checks or check.title.startswith("⚠")


def test_the_names_are_those_of_the_lab():
    lab = jwtlab.Lab()
    assert (lab.issuer, lab.audience, lab.now) == (material.ISSUER, material.AUDIENCE, material.NOW)
    for alg in ("HS256", "RS256", "ES256"):
        for owner in ("lab", "mallory"):
            assert material.key(alg, owner) == lab.key(alg, owner)


# Details of single attacks


def test_each_form_of_a_public_key_is_another_secret():
    forms = confusion.key_forms(material.key("RS256"))
    assert len(set(forms.values())) == len(forms) == 5
    attack = ATTACKS["key-confusion"]
    for mine in forms:
        for theirs in forms:
            forged = attack.scenario(mine).forged
            victim = attack.scenario(theirs)
            assert victim.run(victim.victim, token=forged).accepted is (mine == theirs)


def test_the_modulus_is_recovered_from_two_tokens_alone():
    key = material.special_key("exponent-3")
    knowledge = ATTACKS["key-confusion-recovered"].scenario().knowledge
    assert confusion.recover_modulus(knowledge["first"], knowledge["second"]) == key.modulus


def test_tokens_of_two_keys_give_no_modulus():
    one = material.token("RS256", signer=material.special_key("exponent-3"))
    with pytest.raises(jwtlab.UsageError, match="no modulus"):
        confusion.recover_modulus(one, material.token("RS256"))


def test_a_large_exponent_asks_for_gmpy2(monkeypatch):
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    token = material.token("RS256")
    with pytest.raises(jwtlab.UsageError, match="gmpy2"):
        confusion.recover_modulus(token, token, exponent=65537)


def test_the_careless_ecdsa_is_ecdsa_all_the_same():
    for number in range(5):
        parts = jwtlab.decode(material.token(jti=str(number)))
        r, s = ecdsa.read_signature(parts.signature)
        assert ecdsa.careless_verify(material.key(), parts.signing_input, r, s)
        assert not ecdsa.careless_verify(material.key(), parts.signing_input + b"x", r, s)
        assert not ecdsa.careless_verify(material.key(owner="mallory"), parts.signing_input, r, s)
    assert ecdsa.careless_verify(material.key(), b"anything at all", 0, 0)


def test_two_readers_read_two_things():
    payload = jwtlab.decode(material.token()).payload[:-1] + b',"admin":true}'
    assert parsers.first_wins(payload)["admin"] is False


def test_a_spelling_is_the_same_token():
    attack = ATTACKS["malleable-token"]
    for scenario in attack.scenarios():
        revoked = scenario.knowledge["revoked"]
        assert scenario.forged != revoked
        assert not scenario.run(scenario.victim, token=revoked).accepted


def test_the_names_of_the_package():
    assert set(attacks.__all__) <= set(dir(attacks))


# Whatever is sent, a victim gives an answer


def _odd_tokens(good):
    header, payload, signature = good.split(".")
    members = jwtlab.decode(good).header
    for odd in ("", "AAAA", "MAYCAQACAQA", "A" * 86, "_" * 86, "A" * 400):
        yield f"{header}.{payload}.{odd}"
    for name in ("alg", "kid"):
        for value in (None, 5, True, [], ["ES256"], {}, "", "none", "\0", "HS256", "EdDSA"):
            yield f"{material.segment(members | {name: value})}.{payload}.{signature}"
        yield f"{material.segment({n: v for n, v in members.items() if n != name})}.{payload}.{signature}"
    yield from (signature, "", "..", f"{header}..", "{}", '{"payload": 5}')


@every
def test_victim_answers_whatever_is_sent(scenario):
    for token in _odd_tokens(scenario.good):
        assert scenario.run(scenario.victim, token=token).findings


@pytest.mark.parametrize("header", [{"alg": None}, {}, {"alg": ["none"]}, {"alg": 0}])
@pytest.mark.parametrize("variant", [variant.name for variant in ATTACKS["alg-none"].variants])
def test_missing_alg_is_not_none(variant, header):
    scenario = ATTACKS["alg-none"].scenario(variant)
    token = f"{material.segment(header)}.{scenario.forged.split('.')[1]}."
    assert not scenario.run(scenario.victim, token=token).accepted


PATHS = (
    "../" * 16 + "dev/zero",
    "../" * 16 + "dev/random",
    "../" * 16 + "dev",
    "../static",
    "..",
    "",
    "a\0b",
    "\ud800",
    "x" * 5000,
)


@pytest.mark.parametrize("kid", PATHS, ids=lambda kid: repr(kid[-12:]))
def test_path_that_is_no_file_is_refused(kid):
    with pytest.raises(Refusal, match="no file called"):
        kid_names.secret_from_file(kid)


def test_long_file_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "long"
    path.write_bytes(bytes(kid_names.LIMIT))
    assert kid_names.secret_from_file(str(path)) == bytes(kid_names.LIMIT)
    path.write_bytes(bytes(kid_names.LIMIT + 1))
    with pytest.raises(Refusal, match="no file called"):
        kid_names.secret_from_file(str(path))


def test_pipe_that_nobody_fills_does_not_hold_the_victim_up(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refusal, match="no file called"):
        kid_names.secret_from_file(str(tmp_path / "pipe"))


@pytest.mark.parametrize(
    ("sql", "words"),
    {
        "500000000": "holds no text",
        "NULL": "holds no text",
        "1.5": "holds no text",
        "zeroblob(500000000)": "the database says",
        "CAST(x'ff' AS TEXT)": "the database says",
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c)": "database says",
    }.items(),
)
def test_row_without_a_secret_is_refused(sql, words):
    with pytest.raises(Refusal, match=words):
        kid_names.secret_from_table(f"x' UNION SELECT {sql};--")


@pytest.mark.parametrize("kid", ["x\0", "\ud800", "x'; SELECT 1; SELECT 2;--", "x" * 100_000])
def test_query_that_is_none_is_refused(kid):
    with pytest.raises(Refusal):
        kid_names.secret_from_table(kid)


def test_row_of_bytes_is_a_secret():
    assert kid_names.secret_from_table("x' UNION SELECT x'00ff';--") == b"\0\xff"


# What is shown is what is asked


@pytest.mark.parametrize("scenario", ATTACKS["expired"].scenarios(), ids=lambda scenario: scenario.id)
def test_pyjwt_looks_at_exp_if_the_code_that_is_shown_does(scenario, monkeypatch):
    asked = []
    monkeypatch.setattr(pyjwt.jwt, "decode", lambda *args, **named: asked.append(named["options"]) or {})
    assert scenario.attack.pyjwt(scenario).accepted
    assert asked[0]["verify_exp"] is ("verify_exp" not in scenario.code)


def test_variant_with_another_fault_has_code_of_its_own():
    skipped, short = ATTACKS["signature-stripped"].scenarios()
    assert "if signature:" in skipped.code
    assert "zip(" in short.code
    assert "if signature:" not in short.code


def test_nothing_disputed_and_nothing_off_the_point_is_cited():
    assert ATTACKS["weak-secret"].cves == ()  # CVE-2025-45768 is disputed by PyJWT
    assert "§2.6" not in ATTACKS["duplicate-claim"].spec  # RFC 8725 §2.6 is about encodings of JSON
