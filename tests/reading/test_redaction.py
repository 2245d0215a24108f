"""Nothing that is secret or personal gets out; what is equal stays equal, and the judgement stays the same."""

# ruff: noqa: E501
from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hars import API, APP, AS, PKCE, SENT, VERIFIER, entry, har, login, spa, write

import jwtlab
from jwtlab.oauth import FLOWS
from jwtlab.oauth.mishaps import MISHAPS
from jwtlab.oauth.reading.judging import judge, numbers_of
from jwtlab.oauth.reading.recording import Recording, read_har
from jwtlab.oauth.reading.redaction import redacted
from jwtlab.widgets import TraceReader

KEY = jwtlab.Key.generate("ES256", kid="signing-key-7")


def jwt(**claims):
    return jwtlab.issue(claims, KEY, alg="ES256", header={"typ": "JWT"})


ID_TOKEN = jwt(
    iss=AS, aud="shop", sub="subject-zq81", nonce="noncense-1", exp=1767225900, iat=1767225600, name="Quentin Zwiebel",
    email="quentin@mail.example", phone_number="+49-170-5550199", address={"street_address": "Geheimgasse 4"},
    groups=["hidden-group-9"], birthdate="1971-12-24", employee=4711042, sid="sid-zz17zz17", picture="https://img.example/q-zwiebel.png?sig=pic-secret-55",
)  # fmt: skip
ACCESS = jwt(
    iss=AS,
    aud=API,
    sub="subject-zq81",
    client_id="shop",
    scope="notes",
    jti="jti-abcdef-99",
    exp=1767225900,
    iat=1767225600,
)
REFRESH = "refresh-0pAqUe-value"
SECRETS = (
    "wonderland-42", "cookie-value-0001", "SplxlOBeZQQYbYS6WxSbIA", "xyzzy-state-1", "noncense-1", VERIFIER, REFRESH,
    ID_TOKEN.split(".")[1], ID_TOKEN.split(".")[2], ACCESS.split(".")[1], ACCESS.split(".")[2], "subject-zq81", "Zwiebel",
    "quentin", "5550199", "Geheimgasse", "hidden-group-9", "1971-12-24", "4711042", "sid-zz17zz17", "pic-secret-55",
    "jti-abcdef-99", "s3cr3t-of-the-shop", "api-key-qq-123456", "alice@mail", "csrf-777-token", "reset-Token-88xZ99yQ",
    "198.51.100.77", "Mozilla", "de-DE-private", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "hunter22", "Bearer-ish-991",
    "note about the cat", "private-part-d", "frag-secret-31",
)  # fmt: skip


@pytest.fixture
def leaky(tmp_path):
    """A recording with a secret in every place that a recording has."""
    basic = base64.b64encode(b"shop:s3cr3t-of-the-shop").decode()
    more = [
        entry(f"{AS}/token", method="POST", form=f"grant_type=refresh_token&refresh_token={REFRESH}", at=5,
              headers=[("Authorization", f"Basic {basic}"), ("X-Api-Key", "api-key-qq-123456"), ("User-Agent", "Mozilla"),
                       ("X-Forwarded-For", "198.51.100.77"), ("Accept-Language", "de-DE-private"),
                       ("Cookie", "sid=cookie-value-0001; csrf=csrf-777-token")],
              mime="application/json", body=json.dumps({
                  "access_token": ACCESS, "id_token": ID_TOKEN, "refresh_token": REFRESH, "token_type": "Bearer",
                  "expires_in": 300, "custom": {"deep": [{"secret": "hunter22"}]}})),
        entry(f"{API}/notes?access_token={ACCESS}", 403, at=6, headers=[("Authorization", f"Bearer {ACCESS}"),
              ("Referer", f"{APP}/cb?code=SplxlOBeZQQYbYS6WxSbIA#frag-secret-31"), ("X-Thing", "Bearer-ish-991")],
              answer=[("WWW-Authenticate", 'Bearer error="invalid_token", error_description="no quentin@mail.example here"'),
                      ("Set-Cookie", "t=csrf-777-token; Domain=api.example.net")],
              mime="application/json", body='{"error": "x", "notes": ["note about the cat"], "hidden-group-9": 1}'),
        entry(f"{APP}/reset/reset-Token-88xZ99yQ?user=quentin%40mail.example", body="<p>Quentin Zwiebel</p>", at=7),
        entry(f"{AS}/authorize?{SENT}&state=xyzzy-state-1&login_hint=quentin%40mail.example&{PKCE}", 302, at=8,
              answer=[("Location", f"{APP}/cb#error=server_error&state=xyzzy-state-1&error_description="
                       + quote("SplxlOBeZQQYbYS6WxSbIA was used by quentin@mail.example"))]),
        entry(f"{AS}/token", 400, method="POST", at=9, mime="application/json", body='{"error": "invalid_grant"}',
              form=f"grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&code_verifier={VERIFIER}&client_secret="
              "s3cr3t-of-the-shop&password=hunter22"),
        entry(f"{AS}/jwks", at=10, mime="application/json",
              body='{"keys": [{"kty": "EC", "kid": "k", "crv": "P-256", "x": "AAAA", "y": "AAAA", "d": "private-part-d"}]}'),
        entry("https://quentin:hunter22@shop.example.net/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=xyzzy-state-1", 500, at=11,
              body="<title>redirect_uri mismatch</title> Quentin Zwiebel hunter22", comment="hunter22"),
    ]  # fmt: skip
    return write(tmp_path / "leaky.har", har([*login(), *more], comment="hunter22"))


def shown(recording):
    """Everything that is ever shown of a recording."""
    reader = TraceReader(recording)
    pages = []
    for number in range(1, len(recording.trace) + 1):
        reader.act("look", number)
        pages.append(reader.html)
    plain = [
        str(recording),
        str(recording.trace),
        json.dumps(recording.to_json()),
        json.dumps(recording.trace.to_har()),
    ]
    tokens = [json.dumps(each.parts.claims) for each in recording.trace.tokens]
    return "\n".join(
        [
            *plain,
            *pages,
            *tokens,
            reader.to_html(),
            reader.to_svg(),
            repr(reader),
            recording.trace.to_mermaid(),
        ]
    )


@pytest.mark.parametrize(
    "secret", SECRETS, ids=range(len(SECRETS))
)  # the names of tests are the same in every run
def test_no_secret_is_in_anything_that_is_shown(leaky, secret, request):
    if not hasattr(request.module, "_shown"):
        request.module._shown = shown(read_har(leaky))
    text = request.module._shown
    assert secret not in text
    assert quote(secret) not in text
    assert base64.b64encode(secret.encode()).decode().rstrip("=")[:-1] not in text


def test_every_secret_is_there_when_it_is_kept(leaky):
    """Otherwise the test above would prove nothing."""
    recording = read_har(leaky, keep_secrets=True)
    text = "".join(
        map(
            str,
            (json.dumps(recording.trace.to_har()), *(each.parts.claims for each in recording.trace.tokens)),
        )
    )
    hidden = {"hunter22", "s3cr3t-of-the-shop", "quentin", "alice@mail"}  # in Basic, percent signs or a page
    assert [each for each in SECRETS if each not in text and each not in hidden] == []


def test_equal_values_stay_equal_and_different_ones_different(leaky):
    trace = read_har(leaky).trace
    code = trace[2].response.location.partition("code=")[2].partition("&")[0]
    assert code == "code-1"
    assert trace[3].request.get("code") == code == trace[-1].request.get("code")
    refresh = next(each for each in trace if each.request.get("grant_type") == "refresh_token")
    assert refresh.response.json["refresh_token"] == refresh.request.get("refresh_token")
    access = refresh.response.json["access_token"]
    assert access != refresh.response.json["id_token"]
    assert any(f"Bearer {access}" == value for each in trace for _, value in each.request.headers)
    claims = jwtlab.decode(access).claims
    assert (claims["iss"], claims["aud"], claims["client_id"], claims["scope"], claims["exp"]) == (
        AS, API, "shop", "notes", 1767225900)  # fmt: skip
    identity = jwtlab.decode(refresh.response.json["id_token"]).claims
    assert identity["sub"] == claims["sub"] == "person-1" or identity["sub"] == claims["sub"]
    assert identity["nonce"] == trace[1].request.get("nonce")
    assert set(identity) == set(jwtlab.decode(ID_TOKEN).claims)
    assert trace[1].request.get("redirect_uri") == f"{APP}/cb"
    assert trace[1].request.get("client_id") == "shop"


def test_a_replaced_verifier_still_fits_its_challenge(tmp_path):
    path = write(tmp_path / "spa.har", har(spa({"access_token": "a-token-of-mine", "token_type": "Bearer"})))
    report = read_har(path).judgement.reports["login"]
    assert report["verifier-fits"].passed
    wrong = spa({"error": "invalid_grant"}, form="grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"
                f"&code_verifier={'w' * 43}")  # fmt: skip
    assert read_har(write(path, har(wrong))).judgement.reports["login"]["verifier-fits"].failed


@pytest.mark.parametrize("flow", FLOWS)
def test_a_replaced_trace_is_judged_as_before(flow):
    lab = jwtlab.Lab()
    trace = lab.flow(flow, world=lab.world(flow, legacy=flow == "implicit")).run().trace
    before, after = judge(trace), judge(redacted(trace))
    assert [(each.id, numbers_of(each)) for each in (*before.failures, *before.advice)] == [
        (each.id, numbers_of(each)) for each in (*after.failures, *after.advice)
    ]
    text = json.dumps(redacted(trace).to_har()).replace("Alice's browser", "")  # the name of a party
    assert "wonderland" not in text
    assert "Alice" not in text
    assert redacted(trace) is not trace


@pytest.mark.parametrize("id", MISHAPS)
def test_a_replaced_recording_says_the_same_and_can_be_read_again(id, tmp_path):
    """A recording that was handed on is as good for finding the fault."""
    lab = jwtlab.Lab()
    plain = lab.mishap(id)
    path = write(tmp_path / f"{id}.har", Recording.of(plain.trace).trace.to_har())
    again = read_har(path)
    assert [each.id for each in again.judgement.failures] == [each.id for each in plain.judgement.failures]
    assert again.trace.parties == plain.trace.parties
