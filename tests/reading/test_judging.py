"""Every check of the judge: a recording that it refuses, the message that it names, and sound ones that pass."""

# ruff: noqa: E501
from __future__ import annotations

import pytest
from hars import API, APP, AS, COOKIE, FRAMED, PKCE, SENT, VERIFIER, entry, har, login, spa, write

import jwtlab
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.mishaps import MISHAPS
from jwtlab.oauth.reading.judging import LOGIN_CHECKS, POLICIES, PRACTICE_CHECKS, judge, numbers_of
from jwtlab.oauth.reading.recording import read_har

KEY = jwtlab.Key.generate("ES256", kid="k1")
CODE, STATE = "SplxlOBeZQQYbYS6WxSbIA", "xyzzy-state-1"
AT = 1767225600


def token(**claims):
    return jwtlab.issue({"iat": AT, "exp": AT + 300, **claims}, KEY, alg="ES256")


def tokens(**more):
    claims = {"iss": AS, "aud": "shop", "sub": "a", "nonce": "noncense-1"}
    return {
        "access_token": "opaque-1234",
        "token_type": "Bearer",
        "expires_in": 300,
        "id_token": token(**claims),
    } | more


def changed(entries, index, **more):
    """The same entries with one replaced by another of its kind."""
    entries[index] = entry(**{"url": entries[index]["request"]["url"], "at": index, **more})
    return entries


def later(entries):
    """A minute later: a second attempt."""
    for each in entries:
        each["startedDateTime"] = each["startedDateTime"].replace("T00:00", "T00:01")
    return entries


def answered(query, **options):
    return login(back=query, **options)


def sent(query):
    return login(sent=f"{SENT}&{query}", back=f"code={CODE}&state={STATE}")


def jwks(*kids, at=0):
    keys = ", ".join(f'{{"kty": "EC", "kid": "{kid}"}}' for kid in kids)
    return entry(
        f"{AS}/jwks", mime="application/json", body=f'{{"keys": [{keys}]}}', at=at, _resourceType="fetch"
    )


def metadata(issuer=AS, **more):
    body = {"issuer": issuer, "jwks_uri": f"{AS}/jwks", "token_endpoint": f"{AS}/token", **more}
    import json

    url = f"{AS}/.well-known/openid-configuration"
    return entry(url, mime="application/json", body=json.dumps(body), _resourceType="fetch")


def refreshes(second_status=400, **answer):
    form = "grant_type=refresh_token&refresh_token=refresh-token-1&client_id=shop"
    good = '{"access_token": "a-2", "token_type": "Bearer", "refresh_token": "refresh-token-2"}'
    store = [("Cache-Control", "no-store")]
    kind = {
        "method": "POST",
        "form": form,
        "mime": "application/json",
        "_resourceType": "fetch",
        "answer": store,
    }
    return [
        entry(f"{AS}/token", body=good, at=5, **kind),
        entry(f"{AS}/token", second_status, body='{"error": "invalid_grant"}', at=6, **kind),
    ]


def spa_with(grant):
    return spa(tokens(), form=grant)


REDEEM = f"grant_type=authorization_code&code={CODE}&client_id=shop&code_verifier={VERIFIER}"
LOCAL = "redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcb&response_type=code&client_id=shop&scope=openid"
WRONG = {
    "login-host-same": ([entry("http://localhost:5000/login", 302, answer=[("Location", f"{AS}/authorize?{LOCAL}")]),
                         entry(f"{AS}/authorize?{LOCAL}", at=1)], (1, 2)),
    "redirect-scheme-same": (login(sent=f"{SENT.replace('https%3A%2F%2Fshop', 'http%3A%2F%2Fshop')}&state={STATE}"), (1, 2)),
    "redirect-uri-taken": (changed(login()[:2], 1, status=400, body="redirect_uri mismatch"), (1, 2)),
    "request-taken": (changed(login()[:2], 1, status=500, body="oops"), (2,)),
    "nonce-fresh": ([*login()[:2], *later(login(f"{SENT}&state=another-state-2&nonce=noncense-1&{PKCE}")[:2])], (3, 4)),
    "cookie-crosses": ([*sent(f"state={STATE}&response_mode=form_post")[:2],
                        entry(f"{APP}/cb", 400, method="POST", form=f"code={CODE}&state={STATE}", at=3)], (1, 3)),
    "response-positive": (answered(f"error=access_denied&state={STATE}"), (3,)),
    "state-returned": (answered(f"code={CODE}&state=quite-another-one"), (3, 4)),
    "issuer-named": (answered(f"code={CODE}&state={STATE}&iss=https%3A%2F%2Fevil.example"), (3,)),
    "login-in-time": (changed(login()[:2], 1), None),
    "cookie-returned": (changed(changed(login(), 3, headers=[("Cookie", "other=1")], status=302), 4), (4,)),
    "code-used-once": ([*login(), entry(f"{APP}/cb?code={CODE}&state={STATE}", 400, at=6)], (6,)),
    "code-fresh": (spa_with(REDEEM), None),
    "clocks-agree": (changed(login(), 1, answer=[*FRAMED, ("Date", "Thu, 01 Jan 2026 00:05:00 GMT")]), (2,)),
    "redirect-uri-repeated": (spa_with(f"{REDEEM}&redirect_uri=https%3A%2F%2Fshop.example.net%2Fother"), (3,)),
    "verifier-fits": (spa_with(f"grant_type=authorization_code&code={CODE}&code_verifier={'v' * 43}"), (3,)),
    "refresh-used-once": (refreshes(), (2,)),
    "nonce-returned": (spa(tokens(id_token=token(iss=AS, aud="shop", nonce="old"))), (3,)),
    "id-token-for-client": (spa(tokens(id_token=token(iss=AS, aud="other", nonce="noncense-1"))), (3,)),
    "id-token-of-server": ([metadata(), *spa(tokens(id_token=token(iss="https://evil.example", aud="shop")))], (4,)),
    "half-hashes-fit": (spa(tokens(id_token=token(iss=AS, aud="shop", at_hash="AAAAAAAAAAAAAAAAAAAAAA"))), (3,)),
    "signing-key-known": ([jwks("k0", "k9"), *spa(tokens())], (4,)),
    "audience-of-api": (spa(tokens(), bearer=token(aud="https://files.example.org"), status=401), (4,)),
    "scope-given": (changed(spa(tokens(), bearer="opaque-1234"), 3, status=403, mime="application/json",
                            headers=[("Authorization", "Bearer opaque-1234")], _resourceType="fetch",
                            answer=[("WWW-Authenticate", 'Bearer error="insufficient_scope"')]), (1, 4)),
    "token-answer": (spa({"error": "invalid_client"}), None),
    "application-accepts": (changed(login(), 3, status=500, headers=[("Cookie", "sid=cookie-value-0001")]), (4,)),
    "api-accepts": (spa(tokens(), bearer="opaque-1234", status=401), (4,)),
    "response-type-current": (login(f"{SENT.replace('=code', '=token')}&state={STATE}"), (1, 2)),
    "pkce-sent": (sent(f"state={STATE}&nonce=n"), (1, 2)),
    "challenge-hides": (sent(f"state={STATE}&code_challenge={VERIFIER}&code_challenge_method=plain"), (1, 2)),
    "state-sent": (login(SENT, f"code={CODE}"), (1, 2)),
    "state-fresh": ([*login()[:2], *later(login(f"{SENT}&state={STATE}&nonce=n2&{PKCE}")[:2])], (3, 4)),
    "nonce-sent": (sent(f"state={STATE}"), (1, 2)),
    "tokens-out-of-addresses": ([*login(), entry(f"{API}/?access_token=opaque-1234", at=6)], (6,)),
    "secrets-out-of-addresses": ([*login(), entry(f"{AS}/token?grant_type=x&client_secret=s3cr3t-12", at=6)], (6,)),
    "secret-out-of-browser": (spa_with(f"{REDEEM}&client_secret=s3cr3t-12"), (3,)),
    "https-everywhere": ([*login(), entry("http://api.example.net/?id_token=x", at=6)], (6,)),
    "tokens-not-kept": (changed(spa(tokens()), 2, method="POST", form=REDEEM, mime="application/json",
                                body='{"access_token": "opaque-1234"}', _resourceType="fetch"), (3,)),
    "access-short": (spa(tokens(expires_in=7 * 86_400)), (3,)),
    "refresh-rotated": (changed(refreshes()[:1], 0, method="POST", mime="application/json", _resourceType="fetch",
                                form="grant_type=refresh_token&refresh_token=r-1&client_id=shop",
                                body='{"access_token": "a-2"}'), (1,)),
    "id-token-kept-home": (spa(tokens(id_token="x.y.z"), bearer="x.y.z"), (4,)),
    "cookie-secure": (changed(login(), 0, status=302, answer=[
        ("Location", login()[1]["request"]["url"]), ("Set-Cookie", "sid=1; HttpOnly; SameSite=Lax")]), (1,)),
    "cookie-http-only": (changed(login(), 4, answer=[("Set-Cookie", "sid=1; Secure; SameSite=Lax")]), (5,)),
    "cookie-same-site": (changed(login(), 4, answer=[("Set-Cookie", "sid=1; Secure; HttpOnly")]), (5,)),
    "referrer-quiet": ([*login(), entry("https://ads.example.org/?id_token=x", at=6, headers=[
        ("Referer", f"{APP}/cb?code={CODE}")])], (6,)),
    "callback-left": (changed(login(), 3, answer=[("Content-Type", "text/html")], headers=[
        ("Cookie", "sid=cookie-value-0001")]), (4,)),
    "frame-refused": (changed(login(), 1), (2,)),
}  # fmt: skip
"""Check → a recording in which it fails, and the messages it names (``None``: asked below, in its own test)."""


@pytest.fixture
def judged(tmp_path):
    return lambda entries: read_har(write(tmp_path / "x.har", har(entries))).judgement


@pytest.mark.parametrize("check", [check for check, (_, numbers) in WRONG.items() if numbers])
def test_each_check_refuses_and_names_the_messages(judged, check):
    entries, numbers = WRONG[check]
    found = next(each for report in judged(entries).reports.values() for each in report if each.id == check)
    assert found.failed, found
    assert numbers_of(found) == numbers
    assert len(found.reason) > 25


def test_every_check_has_a_recording_that_it_refuses():
    assert set(WRONG) == {*LOGIN_CHECKS.ids, *PRACTICE_CHECKS.ids}


def test_times_that_are_too_long(judged):
    late = login()
    for each in late[2:]:
        each["startedDateTime"] = "2026-01-01T02:00:00Z"
    assert numbers_of(judged(late).reports["login"]["login-in-time"]) == (3,)
    stale = spa_with(REDEEM)
    stale[2]["startedDateTime"] = "2026-01-01T00:20:00Z"
    report = judged(stale).reports["login"]
    assert numbers_of(report["code-fresh"]) == (3,)
    refused = spa({"error": "invalid_client", "error_description": "who are you"})
    refused[2]["response"]["status"] = 401
    finding = judged(refused).reports["login"]["token-answer"]
    assert numbers_of(finding) == (3,)
    assert "invalid_client: who are you" in finding.reason


def test_sound_logins_pass_every_check_that_is_asked(judged):
    for entries in (
        login(),
        spa(tokens(), bearer=token(aud=API)),
        [metadata(authorization_response_iss_parameter_supported=True), jwks("k1"),
         *spa(tokens(), back=f"code={CODE}&state={STATE}&iss=https%3A%2F%2Flogin.example.com")],
    ):  # fmt: skip
        judgement = judged(entries)
        assert [each.id for each in (*judgement.failures, *judgement.advice)] == []


@pytest.mark.parametrize(
    "flow", ["refresh", "authorization-code", "openid-connect", "single-sign-on", "par", "dpop", "device"]
)
def test_the_lab_s_own_flows_pass(flow):
    judgement = judge(jwtlab.Lab().flow(flow).run().trace)
    assert judgement.failures == judgement.advice == ()


def test_what_is_not_in_the_recording_is_not_asked_and_the_reason_says_so(judged):
    entries = login()
    for each in entries:  # as Chromium writes it without sensitive data
        for side in ("request", "response"):
            each[side]["headers"] = [h for h in each[side]["headers"] if "ookie" not in h["name"]]
    reports = judged(entries).reports
    for policy, check in (("login", "cookie-returned"), ("good practice", "cookie-secure")):
        assert str(reports[policy][check].status) == "not asked"
        assert "Chromium leaves" in reports[policy][check].reason
    assert "the application sends it by itself" in reports["login"]["verifier-fits"].reason


def test_a_recording_that_begins_late_is_not_blamed(judged):
    judgement = judged(login()[3:])
    assert judgement.failures == ()
    assert str(judgement.reports["login"]["state-returned"].status) == "not asked"


def test_the_cause_stands_before_what_came_of_it(judged):
    for mishap in MISHAPS.values():
        judgement = jwtlab.Lab().mishap(mishap.id).judgement
        assert judgement.first_wrong.id == mishap.check
        assert numbers_of(judgement.first_wrong)[0] in mishap.messages


def test_two_clocks_against_the_recorder_s(judged):
    date = ("Date", "Thu, 01 Jan 2026 01:00:01 GMT")
    entries = changed(changed(login(), 1, answer=[*FRAMED, date]), 4, answer=[COOKIE, date])
    assert (
        "the machine that recorded this is 1 hour slow"
        in judged(entries).reports["login"]["clocks-agree"].reason
    )


def test_an_answer_without_the_promised_iss(judged):
    entries = [metadata(authorization_response_iss_parameter_supported=True), *login()]
    assert numbers_of(judged(entries).reports["login"]["issuer-named"]) == (4,)


def test_a_weaker_judge_is_a_policy_without_a_check():
    from jwtlab.oauth.reading.logins import Logins

    trace = jwtlab.Lab().mishap("slash").trace
    weak = POLICIES["login"].without("redirect-uri-taken", "request-taken")
    assert weak.run(Logins(trace)).accepted
    assert not POLICIES["login"].run(Logins(trace)).accepted
    assert judge(Trace()).failures == ()


def test_a_check_that_breaks_down_never_brings_the_judge_down(judged):
    odd = login()
    odd[2]["response"]["headers"] = [
        {"name": "Location", "value": f"{APP}/cb?{'&'.join(['code=a'] * 50)}&state=%FF%00"}
    ]
    reports = judged(odd).reports
    assert not [each for report in reports.values() for each in report if "could not be made" in each.reason]
