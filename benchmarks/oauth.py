"""The flows in process, and tokens per second on loopback beside npm's oidc-provider (a certified server)."""

from __future__ import annotations

import base64
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import Row

HERE = Path(__file__).parent
PEERS = HERE.parent / "tests" / "peers"
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
            values["aim"] = 10
        rows.append(Row(f"flow {id}, {len(flow.trace)} messages", "ms", values))
    return rows


def tokens(seconds: float) -> list[Row]:
    """Client-credentials tokens (JWT, RS256) per second over keep-alive connections, both servers in turn."""
    node = shutil.which("node")
    if node is None or not (PEERS / "node_modules" / "oidc-provider").exists():
        return []  # make test fetches the peers
    ours, theirs = [], []
    for _ in range(3):  # in turn, so that both see the same machine
        ours.append(_load(node, _ours, seconds))
        theirs.append(_load(node, _provider(node), seconds))
    return [
        Row(
            "tokens, client credentials, RS256",
            "per second",
            {"jwtlab": max(ours), "oidc-provider": max(theirs)},
        ),
        Row("tokens, jwtlab to oidc-provider", "ratio", {"jwtlab": max(ours) / max(theirs), "aim": 1}),
    ]


def _load(node: str, serving: object, seconds: float) -> float:
    with serving() as target:  # type: ignore[operator]
        job = json.dumps({**target, "seconds": max(4 * seconds, 2), "connections": CONNECTIONS})
        done = subprocess.run(
            [node, str(HERE / "node" / "load.mjs"), job],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    return float(done.stdout)


@contextmanager
def _ours() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "jwtlab", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            worker = next(each for each in told["clients"] if each["client_id"] == "worker")
            pair = f"worker:{worker['client_secret']}".encode()
            yield _target(f"{told['issuer']}/token", pair, "grant_type=client_credentials&scope=notes:read")
        finally:
            process.terminate()


def _provider(node: str) -> object:
    @contextmanager
    def serving() -> Iterator[dict[str, str]]:
        command = [node, str(HERE / "node" / "provider.mjs"), str(PEERS / "node_modules")]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None
                told = json.loads(process.stdout.readline())
                yield _target(
                    told["token"], b"worker:secret", "grant_type=client_credentials&scope=notes:read"
                )
            finally:
                process.terminate()

    return serving


def _target(url: str, pair: bytes, body: str) -> dict[str, str]:
    return {"url": url, "authorization": f"Basic {base64.b64encode(pair).decode()}", "body": body}


BENCHMARKS = [flows, tokens]
