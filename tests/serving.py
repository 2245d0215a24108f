"""jwtlab serve as a process of its own, and what a client does there."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httpx

from jwtlab.oauth import pkce


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _as_from_a_terminal():
    """Under ``nohup`` a signal is ignored, and so it would be in every program that this one starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def serving(*options):
    """The process, and what it says about itself."""
    command = [sys.executable, "-m", "jwtlab", "serve", "--json", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, preexec_fn=_as_from_a_terminal, **pipes) as process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                process.kill()


def client_of(told, name):
    return next(each for each in told["clients"] if each["client_id"] == name)


def forms(text):
    """Action and fields of the first form of a page."""
    form = re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', text, re.S)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form.group(2)))
    return form.group(1), fields


def get_code(told, browser, redirect_uri, client_id="spa", **more):
    """A login with a browser's cookies; gives the parameters of the answer and the verifier."""
    import secrets

    verifier = pkce.new_verifier(secrets.token_bytes)
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile notes:read",
        "state": "s",
        "code_challenge": pkce.challenge(verifier),
        "code_challenge_method": "S256",
        **more,
    }
    answer = browser.get(f"{told['issuer']}/authorize", params=asked)
    return answered(shown_to_a_person(told, browser, answer)), verifier


def shown_to_a_person(told, browser, answer):
    """Somebody fills in what the server's pages ask; gives the last answer."""
    if answer.status_code == 200 and 'name="password"' in answer.text:
        action, fields = forms(answer.text)
        user = told["users"][0]
        answer = browser.post(told["issuer"] + action, data={**fields, **user})
    if answer.status_code == 200 and "decision" in answer.text:
        action, fields = forms(answer.text)
        answer = browser.post(told["issuer"] + action, data={**fields, "decision": "allow"})
    return answer


def answered(answer):
    """The parameters with which a browser is sent back to the client."""
    assert answer.status_code == 303, answer.text
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in given.items()}


def redeem(told, http, code, verifier, redirect_uri, client_id="spa"):
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return http.post(f"{told['issuer']}/token", data=form)


def refreshed(told, http, token):
    form = {"grant_type": "refresh_token", "client_id": "spa", "refresh_token": token}
    return http.post(f"{told['issuer']}/token", data=form)


def said(*options):
    command = [sys.executable, "-m", "jwtlab", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def log_in(told, uri, **more):
    """Tokens of alice for the client spa, and her browser."""
    browser = httpx.Client()
    given, verifier = get_code(told, browser, uri, **more)
    return browser, redeem(told, browser, given["code"], verifier, uri).json()
