"""Attacks on functions that verify: sound ones pass, and each fault is found by its name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import xml.etree.ElementTree as ElementTree

import jwt
import pytest
import sound

from jwtlab import UsageError
from jwtlab.testing import FORGERIES, Issuer, RefusedAddress, attack_verifier, forgeries

AUDIENCE = sound.AUDIENCE
ACCEPTED = dict.fromkeys(sound.LEEWAY, "ticket 17")
ADVICE = {"expired", "wrong-type", "duplicate-claim", "malleable-token"}


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
@pytest.mark.parametrize("make", [sound.by_pyjwt, sound.by_joserfc, sound.by_authlib])
def test_sound_verifiers_pass(make, alg):
    with Issuer(alg) as issuer:
        outcome = attack_verifier(make(issuer, alg), issuer, audience=AUDIENCE).check()
    assert not outcome.let_through
    assert not outcome.turned_away
    assert outcome.algorithms == (alg,)
    assert {each.partition(":")[0] for each in outcome.advice.ids} <= ADVICE
    assert outcome.tried >= 60


def test_what_pyjwt_lets_through_is_advice(issuer):
    outcome = attack_verifier(sound.by_pyjwt(issuer), issuer, audience=AUDIENCE)
    assert {"duplicate-claim", "malleable-token:padding", "expired:missing", "wrong-type:jwt"} <= set(
        outcome.advice.ids
    )


def test_good_tokens_find_out_the_algorithm(issuer):
    outcome = attack_verifier(sound.by_pyjwt(issuer, "ES256"), issuer, audience=AUDIENCE).check()
    assert outcome.algorithms == ("ES256",)
    assert "psychic-signature:raw" in outcome.refused


def careless(lab, **options):
    """PyJWT with one argument left out or switched off."""
    keys = jwt.PyJWKClient(lab.jwks_uri)
    arguments = {"audience": AUDIENCE, "issuer": lab.issuer, "algorithms": ["RS256"]} | options
    kept = {name: value for name, value in arguments.items() if value is not None}
    return lambda token: jwt.decode(token, keys.get_signing_key_from_jwt(token), **kept)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"options": {"verify_exp": False}}, sound.EXPIRED),
        ({"leeway": 7200}, sound.LEEWAY),
        ({"leeway": 3600}, sound.LEEWAY),
        ({"options": {"verify_nbf": False}}, {"not-yet-valid", "not-yet-valid:hour"}),
        ({"audience": None, "options": {"verify_aud": False}}, sound.AUDIENCES | {"wrong-type:id-token"}),
        ({"issuer": None}, sound.ISSUERS),
    ],
)
def test_each_check_left_out_is_found_and_nothing_else(issuer, options, found):
    outcome = attack_verifier(careless(issuer, **options), issuer, audience=AUDIENCE)
    assert set(outcome.let_through.ids) == found
    with pytest.raises(AssertionError, match="LET THROUGH"):
        outcome.check()


def test_signature_that_nobody_checks(issuer):
    def verify(token):
        return jwt.decode(token, options={"verify_signature": False})

    outcome = attack_verifier(verify, issuer, audience=AUDIENCE)
    assert {"unverified", "alg-none", "other-key", "embedded-jwk"} <= {
        each.partition(":")[0] for each in outcome.let_through.ids
    }
    assert "alg-none:nOnE" in outcome.let_through
    assert "alg-none" in outcome.let_through


def segments(token):
    header, payload, signature = token.split(".")
    return [
        *(json.loads(base64.urlsafe_b64decode(each + "==")) for each in (header, payload)),
        base64.urlsafe_b64decode(signature + "=="),
        f"{header}.{payload}".encode(),
    ]


def check_claims(claims, issuer):
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if AUDIENCE not in audience or claims["iss"] != issuer.issuer:
        raise ValueError("not for us")
    if not claims["exp"] > time.time() or claims.get("nbf", 0) > time.time():
        raise ValueError("not now")
    return claims


def test_header_that_chooses_the_algorithm(issuer):
    pem = issuer.key.public().to_pem()

    def verify(token):
        header, claims, signature, text = segments(token)
        if header["alg"] == "HS256":
            if not hmac.compare_digest(hmac.digest(pem, text, "sha256"), signature):
                raise ValueError("forged")
            return check_claims(claims, issuer)
        return sound.by_pyjwt(issuer)(token)

    outcome = attack_verifier(verify, issuer, audience=AUDIENCE)
    assert outcome.let_through.ids == ("key-confusion:pem",)


def test_key_out_of_the_token(issuer):
    def verify(token):
        header = jwt.get_unverified_header(token)
        key = jwt.PyJWK(header["jwk"]) if "jwk" in header else jwt.PyJWKClient(
            header.get("jku", issuer.jwks_uri)
        ).get_signing_key_from_jwt(token)  # fmt: skip
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    outcome = attack_verifier(verify, issuer, audience=AUDIENCE)
    assert {"embedded-jwk", "jku-spoof:any-address"} <= set(outcome.let_through.ids)
    assert "x5c" not in outcome.let_through


def test_kid_as_a_path(tmp_path):
    secret = hashlib.sha256(b"of the application").hexdigest()
    (tmp_path / "main").write_text(secret)

    def verify(token):
        name = jwt.get_unverified_header(token).get("kid", "main")
        key = (tmp_path / name).read_bytes()
        claims = segments(token)
        if not hmac.compare_digest(hmac.digest(key, claims[3], "sha256"), claims[2]):
            raise ValueError("forged")
        return check_claims(claims[1], issuer)

    with Issuer(secret=secret) as issuer:
        outcome = attack_verifier(verify, issuer, audience=AUDIENCE)
    assert {"kid-path-traversal:dev-null", "kid-path-traversal:uploaded"} <= set(outcome.let_through.ids)
    assert "kid-sql-injection" not in outcome.let_through


@pytest.mark.parametrize(
    ("secret", "let_through", "advice"),
    [("changeme", True, False), ("Zw7-kq93_Lm", False, True), ("Zw7-kq93_Lm" * 4, False, False)],
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_weak_secrets(secret, let_through, advice):
    with Issuer(secret=secret) as issuer:
        outcome = attack_verifier(
            lambda token: jwt.decode(
                token, secret, algorithms=["HS256"], audience=AUDIENCE, issuer=issuer.issuer
            ),
            issuer,
            audience=AUDIENCE,
        )
    assert ("weak-secret:dictionary" in outcome.let_through) is let_through
    assert ("weak-secret:short" in outcome.advice) is advice


@pytest.mark.parametrize("answer", [True, "alice", 200, ("alice", None)])
def test_an_answer_that_is_no_claims_is_told(issuer, answer):
    outcome = attack_verifier(lambda token: answer, issuer, audience=AUDIENCE)
    assert len(outcome.turned_away) == 5
    assert "which is no claims" in outcome.turned_away[0].said
    with pytest.raises(AssertionError, match="return the claims"):
        outcome.check()


def test_a_coroutine_function_is_awaited(issuer):
    verify = sound.by_pyjwt(issuer)

    async def later(token):
        return verify(token)

    attack_verifier(later, issuer, audience=AUDIENCE).check()


def test_a_verifier_that_refuses_everything_is_no_good_one(issuer):
    outcome = attack_verifier(lambda token: None, issuer, audience=AUDIENCE)
    assert not outcome.let_through
    assert len(outcome.turned_away) == 5
    assert "prove nothing" in outcome.report()
    with pytest.raises(AssertionError, match="TURNED AWAY"):
        outcome.check()


def test_refusing_by_accident_is_advice(issuer):
    verify = sound.by_pyjwt(issuer)

    def crashes(token):
        if token.count(".") != 2:
            return token.split(".")[9]
        return verify(token)

    outcome = attack_verifier(crashes, issuer, audience=AUDIENCE).check()
    assert "crash:no-token:word" in outcome.advice
    assert outcome.tried == attack_verifier(verify, issuer, audience=AUDIENCE).tried


def test_single_use_is_asked_only_where_it_is_said(issuer):
    verify = sound.by_pyjwt(issuer)
    assert "replayed" not in attack_verifier(verify, issuer, audience=AUDIENCE).refused
    outcome = attack_verifier(verify, issuer, audience=AUDIENCE, single_use=True)
    assert outcome.let_through.ids == ("replayed",)


def test_report_names_everything_a_developer_needs(issuer):
    text = attack_verifier(careless(issuer, issuer=None), issuer, audience=AUDIENCE).report()
    for words in (
        "wrong-issuer:other",
        "Why it matters: Where one key set",
        "Missing check: iss is the expected issuer",
        "Section: RFC 8725 §3.8",
        "Fix with PyJWT",
        "Fix with joserfc",
        "Fix with Authlib",
    ):
        assert words in text


def test_accepted_with_a_reason_and_stale_ones_are_noticed(issuer, tmp_path):
    verify = careless(issuer, leeway=7200)
    outcome = attack_verifier(verify, issuer, audience=AUDIENCE, accept=ACCEPTED).check()
    assert outcome.accepted[0].reason == "ticket 17"
    file = tmp_path / "accepted.toml"
    file.write_text('"expired" = "until the new version"\n"not-yet-valid" = "too"\n"crit-ignored" = "old"\n')
    outcome = attack_verifier(verify, issuer, audience=AUDIENCE, accept=file).check()
    assert outcome.accepted.ids[:1] == ("expired:hour",)
    assert any("crit-ignored is accepted, and does not get in" in each for each in outcome.notes)


@pytest.mark.parametrize(
    ("accept", "words"),
    [
        ({"alg-non": "x"}, "alg-none:none"),
        ({"alg-none": " "}, "without a reason"),
        ("nowhere.toml", "cannot be read"),
    ],
)
def test_a_bad_list_of_what_is_accepted_is_told(issuer, accept, words):
    with pytest.raises(UsageError, match=words):
        attack_verifier(sound.by_pyjwt(issuer), issuer, audience=AUDIENCE, accept=accept)


def test_junit_has_a_case_for_each(issuer, tmp_path):
    file = tmp_path / "attack.xml"
    outcome = attack_verifier(careless(issuer, leeway=7200), issuer, audience=AUDIENCE)
    outcome.junit(file)
    suite = ElementTree.parse(file).getroot()
    cases = {each.get("name"): each for each in suite.iter("testcase")}
    assert (suite.get("failures"), suite.get("tests")) == ("3", str(len(cases)))
    assert cases["expired:hour"].find("failure") is not None
    assert cases["unverified"].find("failure") is None


def test_nothing_leaves_this_machine(issuer):
    def verify(token):
        keys = jwt.PyJWKClient("https://issuer.example/jwks")
        return jwt.decode(token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"])

    with pytest.raises(RefusedAddress, match=r"issuer\.example.*nothing leaves this machine"):
        attack_verifier(verify, issuer, audience=AUDIENCE)


def test_what_cannot_be_called_is_told(issuer):
    with pytest.raises(UsageError, match="a function"):
        attack_verifier("eyJ", issuer)
    with pytest.raises(UsageError, match="ES256"):
        attack_verifier(lambda token: None, issuer, algorithms=["ES255"])


@pytest.mark.parametrize("forgery", forgeries("RS256"))
def test_forgeries_as_parameters(forgery, issuer):
    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever the library raises)
        sound.by_pyjwt(issuer)(forgery.token(issuer, audience=AUDIENCE))


def test_ids_are_stable_and_readable():
    ids = [each.id for each in FORGERIES]
    assert len(set(ids)) == len(ids)
    assert [each.id for each in forgeries("ES256") if each.id.startswith("psychic")] == [
        "psychic-signature:raw",
        "psychic-signature:der",
    ]
    hmac_ids = {each.id for each in forgeries("HS256", advice=True)}
    assert "weak-secret:dictionary" in hmac_ids
    assert not any(each.startswith("key-confusion") for each in hmac_ids)
    (marked,) = [each for each in forgeries(accept={"x5c": "ticket 3"}) if each.id == "x5c"]
    assert marked.marks[0].kwargs == {"reason": "ticket 3", "strict": True}
    with pytest.raises(UsageError, match="no forgery 'alg'"):
        forgeries(without=["alg"])
