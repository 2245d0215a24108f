"""Check, Finding, Policy and Report, on their own."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from material import CLAIMS, EXPECTED, LAB, forge, good_token

import jwtlab
from jwtlab import STANDARD, Check, InvalidToken, Policy, Report, UsageError
from jwtlab.checks import NotAsked, NotReadable, Refusal, Status


def check(check_id: str, refuse: bool = False) -> Check:
    def run(case):
        if refuse:
            raise Refusal(f"{check_id} says no", claim="c", expected=1, found=2)
        return f"{check_id} is content"

    return Check(id=check_id, title=check_id.title(), spec="", run=run)


A2 = check("a2")
A, B, C = check("a"), check("b", refuse=True), check("c", refuse=True)


def test_policy_without_a_check_leaves_the_old_one_alone():
    policy = Policy((A, B, C))
    assert policy.without("b").ids == ("a", "c")
    assert policy.without("a", "c").ids == ("b",)
    assert policy.without().ids == policy.ids == ("a", "b", "c")
    assert "without not-expired" in repr(STANDARD.without("not-expired"))


def test_policy_replacing_keeps_the_place():
    other = check("b")
    assert Policy((A, B, C)).replacing(other).checks == (A, other, C)


def test_policy_adding_puts_at_the_end():
    assert Policy((A,)).adding(B, C).ids == ("a", "b", "c")
    assert (Policy((A,)) + Policy((B,))).ids == ("a", "b")


def test_unknown_check_is_a_usage_error_that_lists_the_known():
    policy = Policy((A, B))
    for attempt in (lambda: policy.without("x"), lambda: policy.replacing(check("x")), lambda: policy["x"]):
        with pytest.raises(UsageError, match=r"'x'.*a, b"):
            attempt()
    with pytest.raises(UsageError):
        STANDARD.without("not-expired", "signature")


def test_duplicate_check_is_a_usage_error():
    for attempt in (
        lambda: Policy((A, A)),
        lambda: Policy((A,)).adding(A),
        lambda: Policy((A,)) + Policy((A,)),
    ):
        with pytest.raises(UsageError, match="duplicate"):
            attempt()


def test_policy_and_report_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Policy((A,)).name = "x"
    with pytest.raises(FrozenInstanceError):
        Policy((A,)).run(None).findings = ()


def test_policy_is_a_container_of_checks():
    policy = Policy((A, B))
    assert list(policy) == [A, B]
    assert len(policy) == 2
    assert "a" in policy
    assert "x" not in policy
    assert policy["b"] is B


def test_first_failure_stops_the_run():
    report = Policy((A, B, C)).run(None, lambda case: "value")
    assert [finding.status for finding in report] == [Status.PASSED, Status.FAILED, Status.NOT_REACHED]
    assert report.first_failure.reason == "b says no"
    assert (report["b"].claim, report["b"].expected, report["b"].found) == ("c", 1, 2)
    assert not report.accepted
    assert "refused by b" in repr(report)


def test_keep_going_asks_every_check():
    report = Policy((B, A, C)).run(None, keep_going=True)
    assert [finding.id for finding in report.failures] == ["b", "c"]
    assert report["a"].passed
    assert report.first_failure.id == "b"


def test_check_that_cannot_read_is_not_reached_after_a_failure():
    def run(case):
        raise NotReadable("nothing to look at")

    blind = Check(id="blind", title="Blind", spec="", run=run)
    assert Policy((B, blind)).run(None, keep_going=True)["blind"].status is Status.NOT_REACHED
    assert Policy((A, blind)).run(None)["blind"].failed


def test_check_that_was_not_asked_says_so():
    idle = Check(id="u", title="U", run=lambda case: NotAsked("nothing to compare with"))
    report = Policy((A, idle)).run(None)
    assert [finding.status for finding in report] == [Status.PASSED, Status.NOT_ASKED]
    assert (report["u"].passed, report["u"].failed) == (False, False)
    assert report["u"].reason == "nothing to compare with"
    assert report.accepted
    assert repr(report) == "<Report: accepted, 1 checks passed, 1 not asked>"
    assert len({report["a"].mark, report["u"].mark, Policy((B,)).run(None)["b"].mark}) == 3
    assert str(report["u"]).startswith(report["u"].mark)


def test_verifier_that_expects_little_shows_no_tick_for_what_it_did_not_ask():
    report = jwtlab.verify(forge({"alg": "ES256"}, {"exp": EXPECTED["now"] + 9}, LAB.key("ES256"), "ES256"),
        LAB.key("ES256").public(), algorithms=["ES256"], now=EXPECTED["now"])  # fmt: skip
    assert report.accepted
    idle = [finding.id for finding in report if finding.status is Status.NOT_ASKED]
    assert idle == [
        "type-expected",
        "issuer-expected",
        "audience-expected",
        "already-valid",
        "issued-in-past",
        "not-replayed",
    ]


def test_check_that_breaks_down_refuses():
    """Nothing gets past a check that could not be made, and no exception of Python comes out."""
    broken = Check(id="x", title="X", run=lambda case: case["missing"])
    for case in (None, {}, 7):
        report = Policy((A, broken, C)).run(case, lambda case: "value")
        assert report.first_failure.id == "x"
        assert isinstance(report.first_failure.error, InvalidToken)
        with pytest.raises(InvalidToken):
            _ = report.value
    assert Policy((B, broken)).run({}, keep_going=True)["x"].status is Status.NOT_REACHED
    assert Policy((A,)).run({}, lambda case: case["missing"]).first_failure.id == "readable"
    for policy in (STANDARD, STANDARD.without("token-size")):
        assert not policy.run(None).accepted
        assert not policy.run(None, keep_going=True).accepted


def test_check_declares_its_error_and_a_refusal_may_say_another():
    def run(case):
        raise Refusal("no") if case else Refusal("no", error=jwtlab.ExpiredToken)

    declared = Policy((Check(id="d", title="D", run=run, error=jwtlab.ClaimRefused),))
    assert type(declared.run(True).first_failure.error) is jwtlab.ClaimRefused
    assert type(declared.run(False).first_failure.error) is jwtlab.ExpiredToken
    report = declared.run(True)
    assert report.first_failure.error.finding is report.first_failure


def test_every_error_declares_its_finding():
    for error in (jwtlab.JwtlabError, jwtlab.UsageError, jwtlab.UnknownAlgorithm, jwtlab.InvalidKey):
        assert error("x").finding is None


def test_a_check_takes_keywords_only():
    with pytest.raises(TypeError):
        Check(*("id", "title", "", lambda case: None))


def test_policy_says_what_differs_from_the_one_it_was_made_from():
    policy = Policy((A, B, C), "three")
    assert policy.without("b").name == "three without b"
    assert policy.without("b").without("a").name == "three without a, b"
    assert policy.without("a").without("b").name == "three without a, b"
    assert policy.replacing(check("b")).name == "three with another b"
    assert policy.replacing(check("b")).without("b").name == "three without b"
    assert policy.adding(check("d")).name == "three and d"
    assert policy.adding(check("d")).without("a").name == "three without a and d"
    assert policy.without("a").named("two").without("b").name == "two without b"
    assert policy.without().name == "three"
    assert (Policy((A,), "a") + Policy((B,), "b")).name == "a and b"
    assert STANDARD.name == "standard"


def test_report_is_made_when_it_is_read():
    said = []
    lazy = Check(id="l", title="L", run=lambda case: lambda: said.append("read") or "a note")
    report = Policy((lazy,)).run(None)
    assert report.accepted
    assert said == []
    assert report["l"].reason == "a note"
    assert [report["l"].reason, report.findings[0].reason, said] == ["a note", "a note", ["read"]]


def test_memory_is_asked_once_for_what_a_check_depends_on():
    memories, calls = {"k": {}, "m": {}}, []

    def run(case):
        calls.append(case)
        if case == "m":
            raise Refusal("not this one")
        return f"looked at {case}"

    policy = Policy((A, Check(id="x", title="X", run=run, memory=lambda case: memories[case]), A2))
    for _ in range(3):
        assert policy.run("k")["x"].reason == "looked at k"
        assert not policy.run("m").accepted
    assert calls == ["k", "m", "m", "m"]
    assert not policy.run("nobody").accepted


def test_value_is_computed_only_when_every_check_passed():
    called = []
    Policy((B,)).run("case", called.append)
    assert called == []
    assert Policy((A,)).run("case", str.upper).value == "CASE"


def test_value_that_cannot_be_read_is_a_refusal():
    def value(case):
        raise NotReadable("there are no claims", error=jwtlab.MalformedToken)

    report = Policy((A,)).run(None, value)
    assert report.first_failure.id == "readable"
    with pytest.raises(jwtlab.MalformedToken):
        _ = report.value


def test_report_is_asked_by_id():
    report = Policy((A,)).run(None)
    with pytest.raises(KeyError):
        report["x"]


def test_report_without_an_error_raises_invalid_token():
    finding = jwtlab.Finding(A, Status.FAILED, "no")
    with pytest.raises(jwtlab.InvalidToken, match="no"):
        _ = Report((finding,)).value


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"exp": 1}, jwtlab.ExpiredToken),
        ({"nbf": EXPECTED["now"] + 9}, jwtlab.NotYetValid),
        ({"iat": EXPECTED["now"] + 9}, jwtlab.NotYetValid),
        ({"iss": "x"}, jwtlab.ClaimRefused),
        ({"aud": "x"}, jwtlab.ClaimRefused),
        ({"sub": 7}, jwtlab.ClaimRefused),
        ({"jti": "used"}, jwtlab.ReplayedToken),
    ],
    ids=repr,
)
def test_claims_raise_the_class_of_the_failed_check(change, error):
    key = LAB.key("ES256")
    token = forge({"alg": "ES256"}, CLAIMS | change, key, "ES256")
    report = jwtlab.verify(token, key, algorithms=["ES256"], seen={"used"}, **EXPECTED)
    with pytest.raises(error) as caught:
        _ = report.claims
    assert type(caught.value) is error
    assert caught.value.finding is report.first_failure
    assert str(caught.value) == report.first_failure.reason


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("a.b", jwtlab.MalformedToken),
        ("a.b.c.d.e", jwtlab.EncryptedToken),
        (good_token("RS256"), jwtlab.AlgorithmRefused),
        (good_token().replace(".", ". ", 1), jwtlab.MalformedToken),
        (good_token()[:-8] + "AAAAAAAA", jwtlab.InvalidSignature),
        (LAB.token(key=LAB.key("ES256", owner="mallory")), jwtlab.KeyRefused),
    ],
    ids=["two parts", "five parts", "algorithm", "base64url", "signature", "stranger's key"],
)
def test_unreadable_or_untrusted_token_raises_its_class(token, error):
    report = jwtlab.verify(token, LAB.key("ES256").public(), algorithms=["ES256"], **EXPECTED)
    with pytest.raises(error) as caught:
        _ = report.claims
    assert type(caught.value) is error


def test_every_check_of_standard_explains_itself():
    for each in STANDARD:
        assert each.title
        assert each.purpose.endswith(".")
        assert each.group
        assert not each.spec or each.spec.startswith(("RFC ", "CVE-"))


def test_good_report_passes_every_check():
    report = jwtlab.verify(good_token(), LAB.key("ES256").public(), algorithms=["ES256"], **EXPECTED)
    assert report.accepted
    assert tuple(finding.id for finding in report) == STANDARD.ids
    assert not any(finding.failed for finding in report)
    assert report.claims == CLAIMS
    assert str(report).startswith("accepted")


def test_a_check_may_ask_for_more_without_refusing():
    def ask(case):
        raise Refusal("press the button", asks_more=True)

    report = Policy(
        (
            Check(id="pressed", title="Pressed", spec="", run=ask),
            Check(id="later", title="Later", spec="", run=lambda case: None),
        )
    ).run(None)
    assert not report.accepted
    assert report.asks_more
    assert [finding.status for finding in report] == [Status.ASKS_MORE, Status.NOT_REACHED]
    assert str(report).startswith("asks for more\n  … Pressed: press the button")
    with pytest.raises(InvalidToken):
        _ = report.value


def test_one_refusal_among_questions_is_a_refusal():
    def refuse(case):
        raise Refusal("no")

    def ask(case):
        raise Refusal("more", asks_more=True)

    policy = Policy(
        (Check(id="a", title="A", spec="", run=ask), Check(id="b", title="B", spec="", run=refuse))
    )
    assert not policy.run(None, keep_going=True).asks_more
