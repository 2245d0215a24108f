"""How many words a second the cracker tries, beside other tools where they are installed.

    python benchmarks/cracker.py [--words 3000000]

The word list is generated; the secret is its last word, so every word is tried. Other tools are
used if they are on PATH, and never fetched: hashcat (CPU, mode 16500) and the npm jwt-cracker.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import jwtlab
from jwtlab.attacks import attempts, estimate
from jwtlab.jose.keychecks import KEY_CHECKS

CLAIMS = {"sub": "alice", "iss": "https://as.example", "aud": "https://api.example", "exp": 1767226500}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=3_000_000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        path, secret = write_words(Path(room, "words.txt"), options.words)
        best = 0.0
        print(f"{options.words:,} words")
        for alg in ("HS256", "HS384", "HS512"):
            for workers in options.workers:
                rate, per_core = measure(token(secret, alg), path, secret, workers)
                best = max(best, rate if alg == "HS256" else 0)
                print(
                    f"jwtlab  {alg}  {workers} worker{'s' if workers > 1 else ' '}  {rate / 1e6:6.2f} million/s"
                    f"  ({per_core / 1e6:.2f} million for each second of processor time)"
                )
        others(token(secret, "HS256"), path, options.words)
    print(f"\nat {best / 1e6:.2f} million/s, to try them all:")
    for row in estimate(best):
        print(f"  {row.what:24} {row.words}")


def write_words(path: Path, count: int) -> tuple[Path, bytes]:
    """A list of words of 8 to 15 characters, all different, always the same."""
    names = ("summer", "dragon", "secret", "wonderland", "jwt-key")
    with path.open("wb") as file:
        for number in range(count):
            file.write(b"%s%d\n" % (names[number % 5].encode(), number))
    last = count - 1
    return path, f"{names[last % 5]}{last}".encode()


def token(secret: bytes, alg: str) -> str:
    lax = KEY_CHECKS.without("key-size")
    return jwtlab.issue(CLAIMS, jwtlab.Key.from_secret(secret), alg=alg, policy=lax)


def measure(text: str, path: Path, secret: bytes, workers: int) -> tuple[float, float]:
    """Words a second, and words for each second of processor time.

    The second figure shows what a machine does whose cores are not shared with others.
    """
    before = sum(os.times()[:4])
    *_, last = attempts(text, path, workers)
    if last.secret != secret:
        raise SystemExit("the secret was not found")
    return last.rate, last.tried / (sum(os.times()[:4]) - before)


def others(text: str, path: Path, count: int) -> None:
    room = path.parent
    commands = {
        "hashcat": [
            "hashcat",
            "-m",
            "16500",
            "-a",
            "0",
            "-D",
            "1",
            "--potfile-disable",
            "-w",
            "3",
            text,
            str(path),
        ],
        "jwt-cracker": ["jwt-cracker", "-t", text, "-d", str(path)],
    }
    for name, command in commands.items():
        if shutil.which(name) is None:
            print(f"{name}: not installed")
            continue
        began = time.perf_counter()
        done = subprocess.run(command, cwd=room, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        print(
            f"{name}: {count / seconds / 1e6:.2f} million/s with start-up, {seconds:.1f} s, exit {done.returncode}"
        )


if __name__ == "__main__":
    main()
