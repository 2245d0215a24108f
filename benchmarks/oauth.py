"""The flows in process, and tokens per second on loopback beside npm's oidc-provider (a certified server)."""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import peers
from measure import Row

HERE = Path(__file__).parent
CONNECTIONS = 8


def flows(seconds: float) -> list[Row]:
    """Milliseconds from the first message to the last, world made beforehand: the median of 30 runs."""
    from jwtlab import Lab
    from jwtlab.oauth import FLOWS

    rows = []
    for id in FLOWS:
        Lab().flow(id).run()
        times = []
        for _ in range(30):
            flow = Lab().flow(id)
            began = time.perf_counter()
            flow.run()
            times.append((time.perf_counter() - began) * 1000)
        values = {"jwtlab": statistics.median(times)}
        if id == "openid-connect":  # login, consent, code, tokens, userinfo and a call of the API
            values["Authlib"] = _on_authlib()
        rows.append(Row(f"flow {id}, {len(flow.trace)} messages", "ms", values))
    return rows


def _on_authlib() -> float:
    """Milliseconds of the same 14 messages with Authlib's server: the median of 30 runs."""
    import authlib_server

    network = authlib_server.Network()
    times = []
    for _ in range(30):
        began = time.perf_counter()
        authlib_server.play(network)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def tokens(seconds: float) -> Iterator[Row]:
    """How often in a second, over keep-alive connections, both servers in turn: a client's token (JWT, RS256), a
    refresh, and a whole code flow with PKCE and OpenID Connect of somebody who is logged in already."""
    node = peers.node()
    if node is None:
        return
    for what in ("client credentials", "refresh", "code, PKCE, OpenID Connect"):
        ours, theirs = [], []
        for _ in range(3):  # in turn, so that both see the same machine
            ours.append(_load(node, _ours, what, seconds))
            theirs.append(_load(node, lambda: _provider(node), what, seconds))
        values = {
            "jwtlab": max(ours),
            "oidc-provider": max(theirs),
        }
        yield Row(f"tokens, {what}, RS256", "per second", values)


def _load(
    node: str, serving: Callable[[], AbstractContextManager[dict[str, Any]]], what: str, seconds: float
) -> float:
    program = "load.mjs" if what == "client credentials" else "logins.mjs"
    with serving() as target:
        job = {**target, "what": what, "seconds": max(4 * seconds, 2), "connections": CONNECTIONS}
        done = subprocess.run(
            [node, str(HERE / "node" / program), json.dumps(job)],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    return float(done.stdout)


@contextmanager
def _ours() -> Iterator[dict[str, Any]]:
    with _told([sys.executable, "-m", "jwtlab", "serve", "--port", "0", "--json"]) as told:
        worker = next(each for each in told["clients"] if each["client_id"] == "worker")
        logins = {
            "authorize": f"{told['issuer']}/authorize",
            "client_id": "spa",
            "redirect_uri": "http://127.0.0.1:4711/callback",
            "user": told["users"][0],
        }
        yield {**logins, **_target(f"{told['issuer']}/token", f"worker:{worker['client_secret']}")}


@contextmanager
def _provider(node: str) -> Iterator[dict[str, Any]]:
    with _told([node, str(HERE / "node" / "provider.mjs"), str(peers.modules())]) as told:
        yield {**told, **_target(told["token"], "worker:secret")}


@contextmanager
def _told(command: list[str]) -> Iterator[dict[str, Any]]:
    """A server, and what it says about itself in its first line."""
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _target(url: str, pair: str) -> dict[str, str]:
    basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return {
        "url": url,
        "token": url,
        "authorization": basic,
        "body": "grant_type=client_credentials&scope=notes:read",
    }


BENCHMARKS = [flows, tokens]
