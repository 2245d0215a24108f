"""Applications that hang, leave, or break down half way: what they do is told, and the test run goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time

import httpx
import pytest
import requests
import sound
from applications import flask_app
from faulty import need

from jwtlab import UsageError
from jwtlab.testing import Issuer, attack_api, attack_verifier
from jwtlab.testing import patience as patience_module
from jwtlab.testing.patience import Patience, TookTooLong
from jwtlab.testing.places import is_loopback, nothing_leaves
from jwtlab.testing.sockets import LoopbackServer

AUDIENCE = sound.AUDIENCE


@pytest.fixture
def client():
    """It would go through a proxy of the environment, if it found one."""
    with httpx.Client() as made:
        yield made


def leaves(how):
    """A sound verifier that ends the process where it is given no token."""

    def made(issuer):
        right = sound.by_pyjwt(issuer)

        def verify(token):
            return how() if token.count(".") != 2 else right(token)

        return verify

    return made


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (sys.exit, "ends the process"),
        (lambda: os._exit(0), "os._exit"),
        (lambda: os.abort(), "ends the process"),
        (lambda: (_ for _ in ()).throw(asyncio.CancelledError()), "CancelledError"),
    ],
    ids=["exit", "os-exit", "abort", "cancelled"],
)
def test_who_ends_the_process_is_told(issuer, how, said):
    before = os._exit
    outcome = attack_verifier(leaves(how)(issuer), issuer, audience=AUDIENCE).check()
    (told,) = outcome.advice.of("crash:no-token:word")
    assert said in told.said
    assert os._exit is before


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this platform")
def test_who_never_answers_is_told_and_others_alarms_are_kept(issuer, monkeypatch):
    monkeypatch.setattr(patience_module, "SECONDS", 0.3)
    monkeypatch.setattr(patience_module, "AFTERWARDS", 0.1)
    monkeypatch.setattr(Patience.__init__, "__defaults__", (0.3,))
    fired = []
    mine = signal.signal(signal.SIGALRM, lambda *_: fired.append(1))
    signal.setitimer(signal.ITIMER_REAL, 3600)
    try:
        outcome = attack_verifier(leaves(lambda: time.sleep(3600))(issuer), issuer, audience=AUDIENCE).check()
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 3000 < left < 3600
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, mine)
    assert not fired
    assert "no answer within" in outcome.advice.of("crash:no-token:word")[0].said


def test_a_coroutine_that_never_ends_is_told(monkeypatch):
    async def forever():
        await asyncio.Event().wait()

    async def at_once():
        return 1

    with patience_module.attacking():
        short = Patience(0.1)
        with pytest.raises(TookTooLong):
            short.call(forever)
        assert short.call(at_once) == 1  # the loop lives on


def test_within_a_loop_that_runs(issuer):
    right = sound.by_pyjwt(issuer)

    async def verify(token):
        return right(token)

    async def test():
        return attack_verifier(verify, issuer, audience=AUDIENCE)

    asyncio.run(test()).check()


def test_in_another_thread(issuer):
    found = []
    thread = threading.Thread(
        target=lambda: found.append(attack_verifier(sound.by_pyjwt(issuer), issuer, audience=AUDIENCE))
    )
    thread.start()
    thread.join()
    found[0].check()


def test_a_service_that_breaks_down_has_not_refused(issuer):
    """Every connection is refused afterwards: that is no refusal of forgeries."""
    app = flask_app(sound.by_pyjwt(issuer))
    there = LoopbackServer(app)
    there.start()
    url = f"{there.origin}/notes"

    def send(token):
        if token.count(".") == 1:
            there.stop()
        return httpx.get(url, headers={"Authorization": f"Bearer {token}"})

    try:
        outcome = attack_api(send, issuer, audience=AUDIENCE)
    finally:
        there.stop()
    assert "good:afterwards" in outcome.turned_away
    assert "after signature-stripped:two-parts" in outcome.turned_away[0].title
    assert outcome.tried < 10
    with pytest.raises(AssertionError, match="cannot be judged"):
        outcome.check()


def test_a_lock_after_bad_tokens_is_told(issuer):
    right, bad = sound.by_pyjwt(issuer), []

    def verify(token):
        need(len(bad) < 20)
        try:
            return right(token)
        except Exception:
            bad.append(token)
            raise

    outcome = attack_verifier(verify, issuer, audience=AUDIENCE)
    assert "good:afterwards" in outcome.turned_away


def test_keys_that_are_kept_for_ever_are_found(issuer):
    kept = sound.by_joserfc(issuer)
    outcome = attack_verifier(kept, issuer, audience=AUDIENCE).check()
    assert any("new_key=31" in each for each in outcome.notes)
    passed = []
    outcome = attack_verifier(kept, issuer, audience=AUDIENCE, new_key=lambda: passed.append(1))
    assert outcome.turned_away.ids == ("good:new-key",)
    assert passed
    assert len(issuer.jwks()["keys"]) == 1  # nothing is left behind


def test_keys_that_are_looked_for_again_are_no_fault(issuer):
    keys = []

    def verify(token):
        return sound.by_joserfc(issuer)(token)  # reads the published keys each time

    outcome = attack_verifier(verify, issuer, audience=AUDIENCE, new_key=lambda: keys.append(1)).check()
    assert not keys
    assert not outcome.notes


def test_pyjwt_finds_a_new_key_after_its_pause(issuer):
    import jwt

    client = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        key = client.get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    def pause():
        client._last_successful_fetch -= 31

    attack_verifier(verify, issuer, audience=AUDIENCE, new_key=pause).check()


# Verifiers of ID tokens, and APIs that are called like the client


def test_a_verifier_of_id_tokens_is_not_accused_of_taking_them(issuer):
    import jwt

    keys = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        return jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            audience=issuer.client_id,
            issuer=issuer.issuer,
        )

    outcome = attack_verifier(
        verify, issuer, audience=issuer.client_id, typ="JWT", claims={"nonce": "n-1"}
    ).check()
    assert "wrong-type:access-token" in outcome.advice


# Calls that are wrong


def test_an_issuer_that_is_none_or_does_not_listen_is_told():
    def verify(token):
        return None

    with pytest.raises(UsageError, match="with Issuer"):
        attack_verifier(verify, Issuer())
    with pytest.raises(UsageError, match="started: with Issuer"):
        attack_verifier(verify, "http://127.0.0.1:5000")
    with pytest.raises(UsageError, match="started: with Issuer"):
        attack_api(lambda token: 401, Issuer)
    with Issuer() as ended:
        pass
    for attack in (lambda: attack_verifier(verify, ended), lambda: attack_api(lambda token: 401, ended)):
        with pytest.raises(UsageError, match="has been stopped"):
            attack()


@pytest.mark.parametrize("audience", [["https://notes.example"], "", 5])
def test_an_audience_that_is_no_text_is_told(issuer, audience):
    with pytest.raises(UsageError, match="audience is the one text"):
        attack_verifier(sound.by_pyjwt(issuer), issuer, audience=audience)


def test_another_audience_than_the_verifiers_is_shown(issuer):
    text = attack_verifier(sound.by_pyjwt(issuer), issuer, audience="https://other.example").report()
    assert "InvalidAudienceError" in text
    assert "aud 'https://other.example'" in " ".join(text.split())


# Statuses that are raised, and other ways to answer


class Raised(Exception):
    def __init__(self, status):
        super().__init__(f"status {status}")
        self.status = status


@pytest.mark.parametrize("answer", [401, 500])
def test_a_status_that_is_raised_is_a_status(issuer, answer):
    verify = sound.by_pyjwt(issuer)

    def send(token):
        try:
            return 200 if token and verify(token) else 401
        except Exception:
            raise Raised(answer) from None

    outcome = attack_api(send, issuer, audience=AUDIENCE).check()
    assert bool(outcome.advice.of("crash:unverified")) is (answer == 500)


def test_what_a_client_will_not_send_is_no_crash(issuer, client):
    there = LoopbackServer(flask_app(sound.by_pyjwt(issuer)))
    there.start()
    try:
        outcome = attack_api(
            lambda token: client.get(f"{there.origin}/notes", headers={"Authorization": f"Bearer {token}"}),
            issuer,
            audience=AUDIENCE,
        ).check()
    finally:
        there.stop()
    assert not [each for each in outcome.advice.ids if each.startswith("crash")], outcome.report()


def test_urllib_raises_its_statuses(issuer):
    import urllib.request

    there = LoopbackServer(flask_app(sound.by_pyjwt(issuer)))
    there.start()

    def send(token):
        asked = urllib.request.Request(f"{there.origin}/notes", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.status

    try:
        outcome = attack_api(send, issuer, audience=AUDIENCE).check()
    finally:
        there.stop()
    assert not [each for each in outcome.advice.ids if each.startswith("crash")], outcome.report()


def test_scopes_letter_by_letter_and_all_of_them(issuer):
    verify = sound.by_pyjwt(issuer)

    def send_with(allowed):
        def send(token):
            try:
                claims = verify(token)
            except Exception:
                return 401
            return 200 if allowed(claims.get("scope", "")) else 403

        return send

    needed = {"notes:read", "notes:write"}
    for allowed, found in (
        (lambda scope: needed <= set(scope.lower().split()), ("wrong-scope:case",)),
        (lambda scope: needed & set(scope.split()), ("wrong-scope:half",)),
        (lambda scope: needed <= set(scope.split()), ()),
    ):
        outcome = attack_api(send_with(allowed), issuer, audience=AUDIENCE, scope="notes:read notes:write")
        assert outcome.let_through.ids == found
        assert not outcome.turned_away


# Other machines


@pytest.mark.parametrize(
    "host", ["0x7f.1", "127.1", "2130706433", "localhost.mallory.example", "127\u30020.0.1", "a.localhost"]
)
def test_what_only_some_take_for_this_machine_is_not(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "::1%lo"]
)
def test_this_machine(host):
    assert is_loopback(host)


def test_a_proxy_of_the_environment_is_passed_over(issuer, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "somewhere.example")
    session = requests.Session()

    def by_requests(token):  # it reads the environment at every request
        return session.get(f"{there.origin}/notes", headers={"Authorization": f"Bearer {token}"}, timeout=5)

    there = LoopbackServer(flask_app(sound.by_pyjwt(issuer)))
    there.start()
    try:
        attack_api(by_requests, issuer, audience=AUDIENCE).check()
    finally:
        there.stop()
    assert os.environ["NO_PROXY"] == "somewhere.example"
    assert "no_proxy" not in os.environ


def test_look_ups_and_datagrams_are_stopped_too():
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, nothing_leaves() as stopped:
        for ask in (
            lambda: socket.gethostbyname("a.mallory.example"),
            lambda: socket.gethostbyaddr("192.0.2.1"),
            lambda: datagrams.sendmsg([b"x"], [], 0, ("192.0.2.2", 53)),
        ):
            with pytest.raises(OSError, match="was stopped"):
                ask()
        socket.getfqdn()
    assert stopped == ["a.mallory.example", "192.0.2.1", "192.0.2.2"]


def test_a_redirect_to_elsewhere_is_not_followed(issuer):
    app = flask_app(sound.by_pyjwt(issuer))

    @app.get("/moved")
    def moved():
        from flask import redirect

        return redirect("https://elsewhere.example/notes")

    there = LoopbackServer(app)
    there.start()
    try:
        outcome = attack_api(f"{there.origin}/moved", issuer, audience=AUDIENCE)
        assert "elsewhere.example" in outcome.turned_away[0].said
        from jwtlab.testing import RefusedAddress

        with pytest.raises(RefusedAddress, match="elsewhere"):
            attack_api(
                lambda token: httpx.get(f"{there.origin}/moved", follow_redirects=True),
                issuer,
                audience=AUDIENCE,
            )
    finally:
        there.stop()


def test_what_cannot_be_called_so_is_told(issuer):
    from starlette.applications import Starlette

    from jwtlab.testing import attack_client

    for call, words in (
        (lambda: attack_verifier(lambda token, key: None, issuer), r"verify\(token\) is wanted"),
        (lambda: attack_api(lambda: 200, issuer), r"send\(token\) is wanted"),
        (lambda: attack_api(Starlette(), issuer), "TestClient"),
        (lambda: attack_api((Starlette(), "/notes"), issuer), "TestClient"),
        (lambda: attack_client(lambda browser: "", lambda url: None, issuer), r"start\(\) is wanted"),
        (lambda: attack_client(lambda: "", lambda: None, issuer), r"callback\(address\) is wanted"),
        (lambda: attack_client(lambda: "", lambda url: None, issuer, who=lambda x: x), r"who\(\) is wanted"),
    ):
        with pytest.raises(UsageError, match=words):
            call()


def test_nobody_listens_there(issuer):
    outcome = attack_api("http://127.0.0.1:9/notes", issuer, audience=AUDIENCE)
    assert "does your application listen there?" in outcome.turned_away[0].said
