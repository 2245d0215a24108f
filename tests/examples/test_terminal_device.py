"""The example of lesson 45: patience, a token that rotates and is kept, a logout; and once in a real Chromium."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from example_apps import CHROMIUM_ARGS, load
from serving import serving

from jwtlab.oauth import Network
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.served import Options, Served

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "terminal_device"
ISSUER = "http://127.0.0.1:8765"


example = load("terminal_device")


class Kept:
    """A place that forgets with the test."""

    token = None

    def read(self):
        return self.token

    def write(self, token):
        self.token = token

    def delete(self):
        self.token = None


class Stage:
    """jwtlab serve in this process, a terminal, and a person who does something while it sleeps."""

    def __init__(self):
        self.network, self.said, self.slept = Network(), [], []
        self.network.add(ISSUER, "Server", Served(ISSUER, Options()).app)
        self.place, self.then = Kept(), {}
        self.terminal = example.Terminal(
            ISSUER,
            self.place,
            http=self.network.client("Terminal"),
            sleep=self.sleep,
            say=lambda text, **_: self.said.append(text),
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.then.pop(len(self.slept), lambda: None)()

    def decide(self, press):
        """Alice types the code in her browser, and presses a button."""
        address, code = re.search(r"Open (\S+) .* type (\S+)", self.said[-1]).groups()
        browser = UserAgent(self.network, "Alice's browser")
        page = browser.open(address)
        if "password" in page.forms[0].fields:
            browser.submit({"username": "alice", "password": "wonderland"})
            browser.follow_all()
        browser.submit({"user_code": code})
        browser.submit(press=press)

    def asked(self, path):
        return [each for each in self.network.trace if each.request.path == path]


@pytest.fixture
def stage():
    return Stage()


def test_login_then_refresh_then_logout(stage):
    stage.then[1] = lambda: stage.decide("Allow")
    assert stage.terminal.notes() == ["feed the cat"]
    first = stage.place.token
    assert stage.terminal.notes() == ["feed the cat"]
    assert stage.place.token not in (first, None)  # it rotates
    assert len(stage.said) == 1  # nobody was asked again
    last = stage.place.token
    stage.terminal.log_out()
    assert stage.place.token is None
    reply = stage.terminal.post("token_endpoint", grant_type="refresh_token", refresh_token=last)
    assert reply["error"] == "invalid_grant"


def test_it_waits_as_long_as_it_is_told(stage):
    """Nobody really sleeps here, so the server finds it too quick: five seconds more each time."""
    stage.then[3] = lambda: stage.decide("Allow")
    real = stage.terminal.post
    replies = iter(["slow_down", "authorization_pending"])

    def post(endpoint, **form):
        if endpoint == "token_endpoint":
            error = next(replies, None)
            if error:
                return {"error": error}
        return real(endpoint, **form)

    stage.terminal.post = post
    stage.terminal.notes()
    assert stage.slept == [5, 10, 10]


def test_denied_stops_at_once(stage):
    stage.then[1] = lambda: stage.decide("Deny")
    with pytest.raises(example.Stop, match="access_denied"):
        stage.terminal.notes()
    assert len(stage.slept) == 1
    assert stage.place.token is None


def test_refresh_token_that_is_no_longer_good_asks_anew(stage):
    stage.place.token = "stale"
    stage.then[1] = lambda: stage.decide("Allow")
    assert stage.terminal.notes() == ["feed the cat"]
    assert len(stage.said) == 1


def test_another_issuer_than_the_one_asked_is_refused(stage):
    class Liar:
        def get(self, url):
            return self

        def raise_for_status(self):
            return self

        def json(self):
            return {"issuer": "https://mallory.example"}

    with pytest.raises(example.Stop, match=r"mallory\.example"):
        example.Terminal(ISSUER, stage.place, http=Liar())


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_file_is_for_the_owner_alone(tmp_path):
    place = example.File(tmp_path / "state")
    assert place.read() is None
    mask = os.umask(0)
    try:
        for token in ("r-1", "r-2"):
            place.write(token)
            assert place.read() == token
            assert stat.S_IMODE(place.path.stat().st_mode) == 0o600
            place.path.chmod(0o644)
    finally:
        os.umask(mask)
    place.delete()
    place.delete()
    assert list(place.path.parent.iterdir()) == []


def test_key_store_is_used_where_it_works(monkeypatch):
    class Store:
        def __init__(self):
            self.kept = {}

        class errors:  # noqa: N801
            PasswordDeleteError = KeyError

        def get_password(self, *name):
            return self.kept.get(name)

        def set_password(self, service, issuer, token):
            self.kept[service, issuer] = token

        def delete_password(self, *name):
            del self.kept[name]

    monkeypatch.setitem(sys.modules, "keyring", Store())
    place = example.best_place(ISSUER)
    place.write("r-1")
    assert (place.read(), example.best_place("https://other.example").read()) == ("r-1", None)
    place.delete()
    place.delete()
    assert place.read() is None
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert isinstance(example.best_place(ISSUER), example.File)


def test_server_that_is_not_there_is_told_in_a_sentence():
    command = [sys.executable, FOLDER / "app.py", "--issuer", "http://127.0.0.1:9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("http://127.0.0.1:9: ")
    assert "Traceback" not in done.stderr


@pytest.mark.long
@pytest.mark.browser
def test_alice_approves_in_chromium(chromium_path, tmp_path):
    from playwright.sync_api import sync_playwright

    environment = os.environ | {
        "XDG_STATE_HOME": str(tmp_path),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    with serving("--port", "0") as (_, told):
        issuer = told["issuer"]
        command = [sys.executable, "-u", FOLDER / "app.py", "--issuer", issuer]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as terminal:
            address, code = re.search(r"Open (\S+) .* type (\S+)", terminal.stdout.readline()).groups()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
                page = browser.new_page()
                page.goto(address)
                page.get_by_label("User name").fill("alice")
                page.get_by_label("Password").fill("wonderland")
                page.get_by_role("button", name="Log in", exact=True).click()
                page.get_by_label("Code").fill(code)
                page.get_by_role("button").first.click()
                page.get_by_role("button", name="Allow").click()
                browser.close()
            assert terminal.communicate(timeout=60)[0].splitlines() == ["feed the cat"]
        again = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        assert again.stdout.splitlines() == ["feed the cat"]
