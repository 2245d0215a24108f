"""Peers that nobody here wrote: how they are installed, started and asked.

Node's packages are installed once, from the lock file beside this one, into ``node_modules``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from jwtlab.oauth.http.user_agent import UserAgent

HERE = Path(__file__).parent
OLDEST_NODE = 20
SECONDS = 60
"""How long a peer may take for a scenario, or a server to start."""

# Nothing may lead away from this machine.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name.lower() not in ("http_proxy", "https_proxy")
}


def without_peers(reason):
    """Skip with a word, or fail where the peers are required."""
    said = f"{reason}: the tests against software that nobody here wrote were left out"
    if os.environ.get("JWTLAB_REQUIRE_PEERS"):
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def node():
    """Node with the packages of ``package-lock.json``; the path of the program."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        without_peers("no node and npm on the PATH")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    if found is None or int(found.group(1)) < OLDEST_NODE:
        without_peers(f"node is {said.strip() or 'of no version'}, older than {OLDEST_NODE}")
    fcntl = pytest.importorskip("fcntl", reason="npm is called once, and that needs a lock on a file")
    wanted = hashlib.sha256(
        b"".join((HERE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    ).hexdigest()
    stamp = HERE / "node_modules" / ".installed-from"
    place = (
        Path(tempfile.gettempdir()) / f"jwtlab-peers-{hashlib.sha256(str(HERE).encode()).hexdigest()[:16]}"
    )
    # The workers of pytest-xdist come at the same time; the lock ends with whoever holds it.
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                without_peers(f"npm ci did not work ({done.stderr.strip()[-300:]})")
            stamp.write_text(wanted)
    return program


@contextmanager
def started(command):
    """A server in a process of its own: what its first line says, as JSON. It is ended by its id."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, cwd=HERE, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], SECONDS)
            line = process.stdout.readline() if ready else ""
            if not line:
                errors.seek(0)
                raise RuntimeError(f"{command} did not start: {errors.read()[-2000:]}")
            yield json.loads(line)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def serve(*options):
    return started([sys.executable, "-m", "jwtlab", "serve", "--port", "0", "--json", *options])


@pytest.fixture(scope="session")
def served():
    """Our server, as `jwtlab serve --json` describes it."""
    with serve() as description:
        yield description


@pytest.fixture(scope="session")
def legacy_served():
    """The same with the retired grants."""
    with serve("--legacy") as description:
        yield description


@pytest.fixture(scope="session")
def oidc_provider(node):
    """``with oidc_provider(clients) as description``: npm's oidc-provider with these registrations."""
    return lambda clients: started([node, "provider.mjs", json.dumps(clients)])


@pytest.fixture(scope="session")
def scenario(node):
    """``scenario(description, name, **options)``: what the peers of ``scenarios.mjs`` made of our server."""

    def run(description, name, **options):
        done = subprocess.run(
            [node, "scenarios.mjs", name, json.dumps(options)],
            cwd=HERE,
            env=ENVIRONMENT,
            input=json.dumps(description),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return run


class Internet:
    """A network for `UserAgent`: applications that run in this process, and loopback sockets for the rest.

    Args:
        applications: origin → WSGI application.
    """

    def __init__(self, applications):
        self.applications = applications
        self.sockets = httpx.HTTPTransport()

    def client(self, name):
        return httpx.Client(transport=httpx.MockTransport(self.send), trust_env=False)

    def deliver(self, sender, request):
        answer = self.send(request)
        answer.read()
        return answer

    def send(self, request):
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        if origin in self.applications:
            return httpx.WSGITransport(app=self.applications[origin]).handle_request(request)
        assert request.url.host == "127.0.0.1", f"{origin} is not on this machine"
        answer = self.sockets.handle_request(request)
        answer.read()
        answer.close()
        return answer


@pytest.fixture
def internet():
    """`Internet` with no application in it yet."""
    made = Internet({})
    yield made
    made.sockets.close()


class Person:
    """Somebody with a browser, who fills in whatever form comes.

    Args:
        network: an `Internet`.
        fields: what they type, by the name of the field.
        home: an address that the browser must not go to, because nobody answers there.

    Attributes:
        pressed: the labels of the buttons, in order.
    """

    def __init__(self, network, fields, home="-"):
        self.browser = UserAgent(network)
        self.fields, self.home = fields, home
        self.pressed = []

    def visit(self, address, press=()):
        """Go there, and do what the pages ask for; press these buttons where they are, else the first.

        Returns:
            The page at the end, or the address of the application where nobody answers.
        """
        page = self.browser.open(address)
        for _ in range(20):
            if page.redirect.startswith(self.home):
                return page.redirect
            if page.redirect:
                page = self.browser.follow()
                continue
            if not page.forms:
                return page
            form = page.forms[0]
            labels = [label for _, _, label in form.buttons]
            label = next((each for each in labels if each in press), labels[0] if labels else "")
            self.pressed.append(label)
            typed = {name: value for name, value in self.fields.items() if name in form.fields}
            if "response" in form.fields:  # what the script of that page does
                typed["response"] = urlsplit(page.url).fragment
            page = self.browser.submit(typed, press=label)
        raise AssertionError(f"the browser goes round in circles: {self.pressed}")


@pytest.fixture
def person(internet):
    """``person(fields, home)``: somebody with a browser."""
    return lambda fields, home="-": Person(internet, fields, home)
