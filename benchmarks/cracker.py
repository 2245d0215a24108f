"""How many words a second the cracker tries, beside hashcat where it is installed (it is never fetched), and npm's
jwt-cracker.

The word list is generated and the secret is its last word, so every word is tried. hashcat needs half a
minute to start on some machines; two lists of different length tell its start-up from its speed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import peers
from measure import Row

import jwtlab
from jwtlab.attacks import attempts
from jwtlab.jose.key_checks import KEY_CHECKS

CLAIMS = {"sub": "alice", "iss": "https://as.example", "aud": "https://api.example", "exp": 1767226500}
SHORT, LONG = 2_000_000, 8_000_000


def rates(seconds: float) -> Iterator[Row]:
    """Words a second: one core and all of them; hashcat's CPU mode (-m 16500) on all."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as room:
        short, long = (words(Path(room, f"{count}.txt"), count) for count in (SHORT, LONG))
        for alg in ("HS256", "HS384", "HS512"):
            yield Row(f"guess, {alg}, 1 core", "million/s", {"jwtlab": rate(alg, short, 1)})
            values = {"jwtlab": rate(alg, short, cores)}
            if shutil.which("hashcat") and alg == "HS256":
                spent = [hashcat_seconds(alg, each) for each in (short, long)]
                if spent[1] > 1.2 * spent[0]:  # else the machine is too busy to tell start and speed apart
                    values["hashcat"] = (LONG - SHORT) / (spent[1] - spent[0]) / 1e6
            if peers.node() and alg == "HS256":
                values["jwt-cracker"] = _jwt_cracker(Path(room), alg)
            yield Row(f"guess, {alg}, {cores} cores", "million/s", values)


def words(path: Path, count: int) -> tuple[Path, bytes]:
    """A list of words of 8 to 17 characters, all different, always the same; and the last of them."""
    names = (b"summer", b"dragon", b"secret", b"wonderland", b"jwt-key")
    with path.open("wb") as file:
        for number in range(count):
            file.write(b"%s%d\n" % (names[number % 5], number))
    return path, b"%s%d" % (names[(count - 1) % 5], count - 1)


def token(secret: bytes, alg: str) -> str:
    lax = KEY_CHECKS.without("key-size")
    return jwtlab.issue(CLAIMS, jwtlab.Key.from_secret(secret), alg=alg, policy=lax)


def rate(alg: str, source: tuple[Path, bytes], workers: int) -> float:
    path, secret = source
    *_, last = attempts(token(secret, alg), path, workers)
    if last.secret != secret:
        raise SystemExit("the secret was not found")
    return last.rate / 1e6


def hashcat_seconds(alg: str, source: tuple[Path, bytes]) -> float:
    path, secret = source
    options = ["-m", "16500", "-a", "0", "-D", "1", "--potfile-disable", "-w", "3"]
    began = time.perf_counter()
    subprocess.run(
        ["hashcat", *options, token(secret, alg), str(path)], cwd=path.parent, capture_output=True, check=True
    )
    return time.perf_counter() - began


def _jwt_cracker(room: Path, alg: str) -> float:
    """Its rate, in millions a second; it is slower, and gets shorter lists."""
    counts, program = (SHORT // 8, SHORT // 2), peers.modules() / "jwt-cracker" / "src" / "index.js"
    spent = []
    for count in counts:
        path, secret = words(room / f"{count}.txt", count)
        command = [str(peers.node()), str(program), "-t", token(secret, alg), "-d", str(path)]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        spent.append(time.perf_counter() - began)
        if f"SECRET FOUND: {secret.decode()}" not in done.stdout:
            raise SystemExit(f"jwt-cracker did not find the secret: {done.stdout[-500:]}{done.stderr[-500:]}")
    return (counts[1] - counts[0]) / (spent[1] - spent[0]) / 1e6


BENCHMARKS = [rates]
