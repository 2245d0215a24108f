"""What a login was does not depend on the program that recorded it; and nothing secret gets out of any of them."""

# ruff: noqa: E501
from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from dialects import DIALECTS
from hars import API, APP, AS, PKCE, SENT, entry, har, login, spa, write
from test_redaction import ACCESS, ID_TOKEN, REFRESH, SECRETS, jwt, shown

from jwtlab.oauth.reading.recording import read_har

TOKENS = {"access_token": ACCESS, "id_token": ID_TOKEN, "refresh_token": REFRESH, "token_type": "Bearer"}
FORGED = [  # wrong on purpose
    *login(back="code=SplxlOBeZQQYbYS6WxSbIA&state=another-state-1"),
]
RECORDINGS = {"sound": login(), "state": FORGED, "browser": spa(TOKENS, bearer=ACCESS)}


def verdict(recording):
    return {(each["check"], each["status"]) for each in recording.to_json()["findings"]}


@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.__name__)
def test_the_verdict_is_the_same(tmp_path, dialect, name):
    plain = read_har(write(tmp_path / "a.har", har(RECORDINGS[name])))
    other = read_har(write(tmp_path / "b.har", har(dialect(RECORDINGS[name]))))
    assert verdict(other) == verdict(plain)
    assert [each.title for each in other.trace] == [each.title for each in plain.trace]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.__name__)
def test_no_secret_gets_out(tmp_path, dialect):
    recording = read_har(
        write(tmp_path / "b.har", har(dialect([*RECORDINGS["browser"], *login()]))), everything=True
    )
    text = shown(recording)
    for secret in (*SECRETS, "of-the-initiator", "secret-of-the-socket"):
        assert secret not in text
        assert quote(secret) not in text


PERCENT = "".join(f"%{ord(each):02x}" for each in "hidden-in-percent")
ODD = {  # secret → the entry that carries it
    "jsession1deadbeef": entry(f"{APP}/cb;jsessionid=jsession1deadbeef?code=c-1&state=s"),
    "onlylowerletters": entry(f"{APP}/cb;sid=onlylowerletters?code=c-1&state=s"),
    PERCENT: entry(f"{APP}/go/{PERCENT}/x?code=c-1&state=s"),
    "hidden%2Din": entry(f"{APP}/go/token%3Dhidden%2Din%2Dpath?code=c-1"),
    "7f3a9c1b": entry(f"{APP}/magic/7f3a9c1b?code=c-1&state=s"),
    "483920": entry(f"{APP}/otp/483920?code=c-1&state=s"),
    "namelesssecret77aa": entry(f"{APP}/cb?namelesssecret77aa&code=c-1&state=s"),
    "hunter-in-json": entry(f"{AS}/login", 302, method="POST", form='{"password": "hunter-in-json"}'),
    "hunter-in-text": entry(f"{AS}/login", 302, method="POST", form='["hunter-in-text"]'),
    "not a form at all": entry(f"{AS}/login", 302, method="POST", form="not a form at all"),
    "Wanda Weasel": entry(f"{API}/me", mime="application/json", body='{"display": "Wanda Weasel"}'),
    "Willy Walrus": entry(f"{AS}/token", mime="application/json", body='{"error": "Willy Walrus"}'),
    "ward-robe": entry(
        f"{API}/me", headers=[("Authorization", "Basic " + base64.b64encode(b"ward-robe:x").decode())]
    ),
    "joined-cookie": entry(
        f"{APP}/cb?code=c-1&state=s", answer=[("Set-Cookie", "a=1; Path=/, b=joined-cookie; Path=/, c=2")]
    ),
    "loose-cookie": entry(f"{APP}/cb?code=c-1&state=s", answer=[("Set-Cookie", "a=1; b=loose-cookie; Path=/")]),
    "CfDJ8Nz4kq1secret": entry(
        f"{APP}/cb?code=c-1&state=s",
        headers=[("Cookie", ".AspNetCore.OpenIdConnect.Nonce.CfDJ8Nz4kq1secret=N; .AspNetCore.Correlation.x=N")],
    ),
    "0AXoAopaque77secret": entry(
        f"{AS}/token",
        400,
        method="POST",
        form="grant_type=authorization_code&code=c-1",
        mime="application/json",
        body='{"error": "invalid_grant", "error_description": "The code \'0AXoAopaque77secret\' was used"}',
    ),
    "wolf-in-fragment": entry(f"{APP}/cb#access_token=wolf-in-fragment&state=s"),
    "owl-in-location": entry(f"{AS}/authorize?{SENT}", 302, answer=[("Location", "myapp:token=owl-in-location")]),
    "saml-assertion-1": entry(f"{APP}/acs", 302, method="POST", form="SAMLResponse=saml-assertion-1&RelayState=r"),
    "wasp": entry(f"{AS}/users/wasp/profile?login_hint=wasp&{SENT}"),
    "invalid_sesame": entry(f"{APP}/cb?code=c-1", 500, body="<p>invalid_sesame_open</p>"),
    "jku-secret": entry(f"{API}/x", headers=[("Authorization", "Bearer " + "eyJ" + "x")]),
    "ws-secret": entry("wss://shop.example.net/socket?token=ws-secret"),
    "referrer-tok": entry(f"{APP}/cb?code=c-1", headers=[("Referer", f"{APP}/x?t=referrer-tok&u=https%3A%2F%2Fa%3Freferrer-tok")]),
    "double%2520tok": entry(f"{APP}/cb?next=%252Fcb%253Fcode%253Ddouble%252520tok&code=c-1"),
    "multi-part": entry(f"{AS}/login", 302, method="POST", headers=[("Content-Type", "multipart/form-data; boundary=x")], form="--x\r\nmulti-part\r\n--x--"),
    "namelesscookie": entry(f"{APP}/cb?code=c-1", headers=[("Cookie", "a=1; namelesscookie")]),
    "justaword": entry(f"{AS}/login", 302, method="POST", form="justaword"),
    "owl@nest": entry(f"{APP}/cb?code=c-1&owl%40nest=1"),
    "k7v9q2x4m1z8": entry(f"{APP}/cb?code=c-1", headers=[("Cookie", "k7v9q2x4m1z8=N; n=2")]),
    "Ключ-от-двери": entry(f"{APP}/cb?code=c-1&k=" + quote("Ключ-от-двери"), body='{"k": "Ключ-от-двери"}', mime="application/json"),
}  # fmt: skip


@pytest.mark.parametrize("secret", ODD, ids=range(len(ODD)))
def test_secrets_in_odd_places(tmp_path, secret):
    text = shown(read_har(write(tmp_path / "odd.har", har([*login(), ODD[secret]])), everything=True))
    assert secret not in text
    assert quote(secret) not in text
    assert json.dumps(secret)[1:-1] not in text


# Flows that a browser sees otherwise


def test_form_post_fragment_par_and_jarm_are_read(tmp_path):
    posted = [
        entry(f"{AS}/authorize?{SENT}&response_mode=form_post&state=state-form-1&{PKCE}", at=0),
        entry(f"{APP}/cb", 302, method="POST", form="code=code-form-1&state=state-form-2", at=1,
              answer=[("Location", "/")]),
    ]  # fmt: skip
    recording = read_har(write(tmp_path / "a.har", har(posted)))
    assert recording.judgement.first_wrong.id == "state-returned"
    pushed = [
        entry(f"{AS}/par", 201, method="POST", form=f"{SENT}&state=state-par-1&{PKCE}", mime="application/json",
              body='{"request_uri": "urn:ietf:params:oauth:request_uri:abc123", "expires_in": 60}', at=0),
        entry(f"{AS}/authorize?client_id=shop&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aabc123", 302, at=1,
              answer=[("Location", f"{APP}/cb?code=code-par-1&state=state-par-2")]),
        entry(f"{APP}/cb?code=code-par-1&state=state-par-2", at=2),
    ]  # fmt: skip
    recording = read_har(write(tmp_path / "b.har", har(pushed)))
    assert recording.judgement.first_wrong.id == "state-returned"
    secured = jwt(iss=AS, aud="shop", exp=1767225900, code="code-jarm-1", state="state-jarm-2")
    jarm = [
        entry(f"{AS}/authorize?{SENT}&response_mode=query.jwt&state=state-jarm-1&{PKCE}", 302, at=0,
              answer=[("Location", f"{APP}/cb?response={secured}")]),
        entry(f"{APP}/cb?response={secured}", at=1),
    ]  # fmt: skip
    recording = read_har(write(tmp_path / "c.har", har(jarm)))
    assert recording.judgement.first_wrong.id == "state-returned"
    assert "code-jarm-1" not in shown(recording)


def test_several_logins_at_once_are_not_mixed(tmp_path):
    """Two tabs: what fits one of them is right."""
    sent = [f"{SENT}&state=state-tab-{tab}&nonce=nonce-tab-{tab}&{PKCE}" for tab in "12"]
    entries = [
        entry(f"{AS}/authorize?{sent[0]}", at=0),
        entry(f"{AS}/authorize?{sent[1]}", at=1),
        entry(f"{APP}/cb?code=code-tab-2&state=state-tab-2", 302, answer=[("Location", "/")], at=2),
        entry(f"{APP}/cb?code=code-tab-1&state=state-tab-1", 302, answer=[("Location", "/")], at=3),
    ]
    assert not read_har(write(tmp_path / "two.har", har(entries))).judgement.failures


# Too much, too deep, written otherwise


def test_a_body_without_bottom_is_no_body(tmp_path):
    for where in ("form", "body"):
        deep = entry(
            f"{AS}/token", method="POST", mime="application/json", **{where: "[" * 100_000 + "]" * 100_000}
        )
        assert len(read_har(write(tmp_path / "deep.har", har([*login(), deep]))).trace) >= 5


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_does_not_say_so(tmp_path, encoding):
    path = tmp_path / "wide.har"
    path.write_bytes(json.dumps(har(login())).encode(encoding))
    assert len(read_har(path).trace) == 5


def test_a_thousand_calls_of_an_api_do_not_crowd_the_login_out(tmp_path):
    calls = [entry(f"{API}/{number}?access_token=tok-{number}", at=0) for number in range(2500)]
    recording = read_har(write(tmp_path / "many.har", har([*calls, *FORGED])))
    assert recording.judgement.first_wrong.id == "state-returned"
    assert len(recording.trace) == 400
    assert "left out" in recording.notes[0]
