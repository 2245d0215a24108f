"""jwtlab serve is killed at every write, one after the other, and started again: is anything lost, or good twice?

    python tools/faults.py               before and after every write (a quarter of an hour)
    python tools/faults.py --writes 40   at forty of these places, spread over the story

A story is told to the server: a login, a code redeemed, tokens renewed and revoked, a note written; a request that
is pushed (PAR), tokens that are bound to a key (DPoP), an assertion that shows who a client is. The server
kills itself (SIGKILL) before or after its k-th statement to SQLite. It is started again with the same file, and a
checker asks: what was acknowledged is there; what was used works no second time; what was under way has happened
wholly or not at all. Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from bound import Phone  # noqa: E402
from serving import (  # noqa: E402
    answered,
    client_of,
    free_port,
    get_code,
    redeem,
    refreshed,
    shown_to_a_person,
)

from jwtlab import Key  # noqa: E402
from jwtlab.oauth.client.credentials import Credentials  # noqa: E402

URI = "http://127.0.0.1/callback"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# The server, which ends itself at its k-th statement: `before` it is carried out, or after.
DOOMED = """
import os, signal, sys
from jwtlab import cli
from jwtlab.oauth.store import SQLiteStore
last, before, rows, count = int(sys.argv[1]), sys.argv[2] == "before", SQLiteStore._rows, [0]
def counted(self, sql, *values):
    writes = not sql.startswith("SELECT")
    count[0] += writes
    if writes and before and count[0] == last:
        os.kill(os.getpid(), signal.SIGKILL)
    found = rows(self, sql, *values)
    if writes and not before and count[0] == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
SQLiteStore._rows = counted
sys.exit(cli.main(sys.argv[3:]))
"""


@dataclass
class Ledger:
    """What the server has acknowledged, and what it was asked when it died.

    Attributes:
        used_codes: with their verifiers; redeemed, and answered with 200.
        code: got and not asked about again.
        spent: refresh tokens that were exchanged.
        tokens: the latest answer of the token endpoint.
        revoked: an access token that was taken back.
        notes: texts that were stored.
        phone: the client with a key of its own, once it has pushed something.
        pushed: the name of a pushed request that was given and not used, with its verifier.
        used_pushed: names of pushed requests at whose end a code was given.
        bound: the latest tokens that are bound to the key.
        proofs: used at the API, each with its access token.
        assertions: with which a client has got a token.
        asked: what was under way.
        told: the story is told to its end.
    """

    used_codes: list[tuple[str, str]] = field(default_factory=list)
    code: tuple[str, str] | None = None
    spent: list[str] = field(default_factory=list)
    tokens: dict[str, Any] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phone: Phone | None = None
    pushed: tuple[str, str] | None = None
    used_pushed: list[str] = field(default_factory=list)
    bound: dict[str, Any] = field(default_factory=dict)
    proofs: list[tuple[str, str]] = field(default_factory=list)
    assertions: list[str] = field(default_factory=list)
    asked: str = ""
    told: bool = False


def story(told: dict[str, Any], http: httpx.Client, ledger: Ledger) -> None:
    """Everything that the server has to remember, once; raises httpx.HTTPError when it dies."""
    ledger.asked = "code"
    given, verifier = get_code(told, http, URI, scope="openid notes:read notes:write")
    ledger.code, ledger.asked = (given["code"], verifier), "redeem"
    ledger.tokens = _good(redeem(told, http, given["code"], verifier, URI))
    ledger.used_codes.append(ledger.code)
    ledger.code = None
    for _ in range(2):
        ledger.asked = "refresh"
        old = ledger.tokens["refresh_token"]
        ledger.tokens = _good(refreshed(told, http, old))
        ledger.spent.append(old)
    ledger.asked = "note"
    bearer = {"Authorization": f"Bearer {ledger.tokens['access_token']}"}
    _good(http.post(f"{told['api']}/notes", json={"text": "kept"}, headers=bearer))
    ledger.notes.append("kept")
    ledger.asked = "revoke"
    given, verifier = get_code(told, http, URI)
    other = _good(redeem(told, http, given["code"], verifier, URI))
    form = {"client_id": "spa", "token": other["refresh_token"]}
    if http.post(f"{told['issuer']}/revoke", data=form).status_code == 200:
        ledger.revoked.append(other["access_token"])
    ledger.asked = "code"
    given, verifier = get_code(told, http, URI)
    ledger.code = given["code"], verifier
    _bound_story(told, http, ledger)
    ledger.asked, ledger.told = "", True


def _bound_story(told: dict[str, Any], http: httpx.Client, ledger: Ledger) -> None:
    """A pushed request, tokens bound to a key, proofs and an assertion that are good once."""
    phone = ledger.phone = Phone(told, http, URI, time.time)
    ledger.asked = "push"
    answer, verifier = phone.push()
    ledger.pushed = _good(answer)["request_uri"], verifier
    ledger.asked = "pushed code"
    code = phone.code(ledger.pushed[0])
    ledger.used_pushed.append(ledger.pushed[0])
    ledger.pushed, ledger.asked = None, "bound redeem"
    ledger.bound = _good(phone.redeem(code, verifier))
    ledger.asked = "bound refresh"
    ledger.bound = _good(phone.refresh(ledger.bound["refresh_token"]))
    ledger.asked = "proof"
    token = ledger.bound["access_token"]
    proof = phone.proof("GET", f"{told['api']}/notes", token)
    _good(phone.read(token, proof))
    ledger.proofs.append((token, proof))
    ledger.asked = "assertion"
    text = _assertion(told)
    _good(_by_assertion(told, http, text))
    ledger.assertions.append(text)
    ledger.asked = "push"
    answer, verifier = phone.push()
    ledger.pushed = _good(answer)["request_uri"], verifier


def _assertion(told: dict[str, Any]) -> str:
    service = client_of(told, "worker-jwt")
    owner = Credentials(service["client_id"], key=Key.from_jwk(service["jwk"]))
    return owner.assertion(service["client_id"], told["issuer"], time.time(), secrets.token_hex(8))


def _by_assertion(told: dict[str, Any], http: httpx.Client, text: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    return http.post(f"{told['issuer']}/token", data={**form, "client_assertion": text})


def _good(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code not in (200, 201):
        raise AssertionError(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
    return dict(answer.json())


def faults(told: dict[str, Any], http: httpx.Client, ledger: Ledger) -> list[str]:
    """What is lost, or good twice."""
    found = []

    def expect(right: bool, words: str) -> None:
        if not right:
            found.append(words)

    def bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def works(token: str) -> bool:
        return http.get(f"{told['issuer']}/userinfo", headers=bearer(token)).status_code == 200

    for token in ledger.revoked:
        expect(not works(token), "a revoked token works")
    if ledger.notes:
        stored = http.get(f"{told['api']}/notes", headers=bearer(ledger.tokens["access_token"])).json()
        expect(stored.get("notes", []).count("kept") == 1, f"a note is lost: {stored}")
    if ledger.tokens:
        expect(works(ledger.tokens["access_token"]), "an access token that was given is unknown")
    if ledger.code is not None:
        answers = [redeem(told, http, *ledger.code, URI).status_code for _ in range(2)]
        expect(answers[1] == 400, f"a code works twice: {answers}")
        expect(answers[0] == 200 or ledger.asked == "redeem", "a code that was given is lost")
    if ledger.tokens:
        living = ledger.tokens["refresh_token"]
        answer = refreshed(told, http, living)
        expect(
            answer.status_code == 200 or ledger.asked == "refresh", "a refresh token that was given is lost"
        )
        for old in ledger.spent:
            expect(refreshed(told, http, old).status_code == 400, "a spent refresh token works again")
    for code, verifier in ledger.used_codes:
        expect(redeem(told, http, code, verifier, URI).status_code == 400, "a redeemed code works again")
    return [*found, *_bound_faults(told, http, ledger)]


def _bound_faults(told: dict[str, Any], http: httpx.Client, ledger: Ledger) -> list[str]:
    """The same of what is pushed, bound to a key, or good once."""
    phone = ledger.phone
    if phone is None:
        return []
    thief = replace(phone, key=Key.generate("ES256"))
    wrong: dict[str, bool] = {}
    for token, proof in ledger.proofs:
        wrong["a used proof works again"] = phone.read(token, proof).status_code != 401
    for text in ledger.assertions:
        wrong["a used assertion works again"] = _by_assertion(told, http, text).status_code == 200
    for uri in ledger.used_pushed:
        wrong["a used request_uri works again"] = phone.opened(uri).status_code == 303
    if ledger.pushed is not None:
        answer = shown_to_a_person(told, http, phone.opened(ledger.pushed[0]))
        lost = answer.status_code != 303 and ledger.asked != "pushed code"
        wrong["a pushed request is lost"] = lost
        if answer.status_code == 303:
            code = answered(answer)["code"]
            wrong["a code is good without its key"] = thief.redeem(code, ledger.pushed[1]).status_code == 200
    if ledger.bound:
        token, living = ledger.bound["access_token"], ledger.bound["refresh_token"]
        wrong["a bound token that was given is unknown"] = phone.read(token).status_code != 200
        wrong["a bound token works with another key"] = thief.read(token).status_code != 401
        wrong["a refresh token works with another key"] = thief.refresh(living).status_code == 200
        lost = phone.refresh(living).status_code != 200 and ledger.asked != "bound refresh"
        wrong["a bound refresh token is lost"] = lost
    return [words for words, is_so in wrong.items() if is_so]


def killed_at(write: int, when: str, store: Path) -> tuple[Ledger, bool, list[str]]:
    """Tell the story to a server that dies at this write; then ask a new one. Also: whether it died at all."""
    port, ledger = str(free_port()), Ledger()
    options = ["serve", "--json", "--port", port, "--store", str(store)]
    with httpx.Client(trust_env=False, timeout=60) as http:
        died = _until_death([sys.executable, "-c", DOOMED, str(write), when, *options], http, ledger)
        with subprocess.Popen([sys.executable, "-m", "jwtlab", *options], **_pipes()) as process:
            try:
                line = process.stdout.readline()
                if not line:
                    return ledger, died, [f"it does not start again: {process.stderr.read()[-300:]}"]
                return ledger, died, faults(json.loads(line), http, ledger)
            finally:
                process.kill()


def _pipes() -> dict[str, Any]:
    return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


def _until_death(command: list[str], http: httpx.Client, ledger: Ledger) -> bool:
    with subprocess.Popen(command, **_pipes()) as process:
        try:
            line = process.stdout.readline()
            if line:
                story(json.loads(line), http, ledger)
        except httpx.HTTPError:
            pass
        finally:
            alive = process.poll() is None and not _is_dying(process, ledger)
            process.kill()
        return not alive


def _is_dying(process: subprocess.Popen[str], ledger: Ledger) -> bool:
    """The story broke off: the server is dead, or will be in a moment."""
    if ledger.told:
        return False
    try:
        return process.wait(20) == -signal.SIGKILL
    except subprocess.TimeoutExpired:
        return False


def length() -> int:
    """How many writes the whole story has."""
    with tempfile.TemporaryDirectory() as folder:
        high = 512
        low = 1
        while low < high:  # the first write that never comes, found by halving
            middle = (low + high) // 2
            _, died, _ = killed_at(middle, "before", Path(folder) / f"{middle}.db")
            low, high = (middle + 1, high) if died else (low, middle)
        return low - 1


def run(writes: int) -> int:
    """The whole campaign; gives the exit code."""
    whole, bad, done = length(), 0, 0
    points = [(write, when) for write in range(1, whole + 1) for when in ("before", "after")]
    chosen = points if writes >= len(points) else [points[n * len(points) // writes] for n in range(writes)]
    for write, when in chosen:
        with tempfile.TemporaryDirectory() as folder:
            ledger, died, found = killed_at(write, when, Path(folder) / "store.db")
        done += died
        bad += len(found)
        for fault in found:
            print(f"write {write}, {when}, while asked for {ledger.asked or 'nothing'}: {fault}", flush=True)
    print(f"the story has {whole} writes; killed {done} times in {len(chosen)} stories: {bad} faults")
    return 1 if bad or done < len(chosen) - 2 else 0


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--writes", type=int, default=1000, metavar="N")
    if os.name != "posix":
        print("tools/faults.py needs SIGKILL: Linux or macOS", file=sys.stderr)
        return 2
    return run(parser.parse_args(words).writes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
