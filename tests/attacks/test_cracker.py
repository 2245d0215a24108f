"""The cracker: every word, in order, on any number of workers; and it lets go at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

import jwtlab
from jwtlab.attacks import attempts, crack, cracker, estimate, search, word_list, words_with_rules
from jwtlab.attacks import workers as worker_processes
from jwtlab.jose.key_checks import KEY_CHECKS

WORKERS = (1, 2, 3)
LAX = KEY_CHECKS.without("key-size")


def token(secret: bytes, alg: str = "HS256") -> str:
    return jwtlab.issue({"sub": "alice"}, jwtlab.Key.from_secret(secret), alg=alg, policy=LAX)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(cracker, "CHUNK_BYTES", 64)
    monkeypatch.setattr(cracker, "CHUNK_WORDS", 7)


@pytest.fixture(scope="module")
def long_list(tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "long.txt"
    path.write_bytes(b"".join(b"word-%07d\n" % number for number in range(60_000)))
    return path


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("number", [0, 1, 59_999])
def test_first_and_last_word_of_a_long_file(long_list, number, workers):
    secret = b"word-%07d" % number
    assert crack(token(secret), long_list, workers, progress=False) == secret


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("source", ["path", "list", "generator"])
def test_words_at_every_edge_of_a_chunk(tmp_path, source, workers):
    words = [b"w%02d" % number for number in range(40)]
    path = tmp_path / "words.txt"
    path.write_bytes(b"\n".join(words))  # the last line does not end
    for secret in (words[0], words[6], words[7], words[15], words[16], words[-1]):
        given = {"path": str(path), "list": words, "generator": iter(words)}[source]
        assert crack(token(secret), given, workers, progress=False) == secret
    assert crack(token(b"not there"), path, workers, progress=False) is None


STRANGE = [
    b"",
    b" ",
    b"secret ",
    b" secret",
    b"\tsecret",
    b"caf\xe9",
    b"\xff\xfe\x00",
    "café".encode(),
    b"x" * 200,
]


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("secret", STRANGE, ids=repr)
def test_words_are_tried_as_they_stand(tmp_path, secret):
    path = tmp_path / "words.txt"
    path.write_bytes(b"first\n" + b"\n".join(STRANGE) + b"\nlast\n")
    assert crack(token(secret), path, 2, progress=False) == secret


def test_a_blank_line_is_a_word_and_the_end_of_the_last_line_is_none(tmp_path):
    path = tmp_path / "words.txt"
    for content, there in ((b"a\n\nb\n", True), (b"a\nb\n", False), (b"\n", True), (b"", False)):
        path.write_bytes(content)
        assert crack(token(b""), path, progress=False) == (b"" if there else None)


def test_a_list_made_on_windows(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"one\r\ntwo\r\n")
    assert crack(token(b"two"), path, progress=False) == b"two"
    assert crack(token(b"two\r"), path, progress=False) == b"two\r"


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("workers", WORKERS)
def test_of_words_that_all_fit_the_first_is_given(workers):
    # HMAC fills short keys up with zeros, so these are one key to it, spelled differently.
    words = [b"x%d" % n for n in range(30)] + [b"dup\0", b"dup"] + [b"y"] * 30 + [b"dup\0\0"]
    assert crack(token(b"dup"), words, workers, progress=False) == b"dup\0"


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 500])
def test_all_three_algorithms_and_keys_longer_than_a_block(alg, length):
    secret = b"k" * length
    assert crack(token(secret, alg), [b"a", secret, b"z"], progress=False) == secret


def test_text_bytes_and_bytearrays_are_words():
    assert crack(token("grüß".encode()), ["a", bytearray(b"b"), "grüß"], progress=False) == "grüß".encode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (jwtlab.Lab().token(alg="ES256"), "alg 'ES256'"),
        (jwtlab.Lab().token(alg="RS256"), "alg 'RS256'"),
        ("eyJhbGciOiJub25lIn0.e30.", "alg 'none'"),
        (token(b"x").rpartition(".")[0] + ".AAAA", "bytes"),
    ],
)
def test_what_is_no_hmac_is_told_so_at_once(text, says):
    def endless():
        while True:
            yield b"word"

    with pytest.raises(jwtlab.UsageError, match=says):
        attempts(text, endless())


def test_wrong_calls_are_told_so_at_once(tmp_path):
    with pytest.raises(jwtlab.MalformedToken):
        crack("no token", [b"a"])
    with pytest.raises(jwtlab.UsageError, match="cannot be opened"):
        crack(token(b"x"), tmp_path / "missing.txt")
    with pytest.raises(jwtlab.UsageError, match="path of a file or an iterable"):
        crack(token(b"x"), b"bytes")
    with pytest.raises(jwtlab.UsageError, match="a word is bytes or text"):
        crack(token(b"x"), [b"a", 5], progress=False)
    for workers in (0, -1, 1.5, True):
        with pytest.raises(jwtlab.UsageError, match="workers"):
            crack(token(b"x"), [b"a"], workers)


def test_progress_is_told(long_list, capsys):
    steps = []
    assert crack(token(b"not there"), long_list, 2, progress=steps.append) is None
    assert steps[-1].tried == 60_000
    assert steps[-1].share == 1.0
    assert steps[-1].rate > 0
    assert [step.tried for step in steps] == sorted(step.tried for step in steps)
    assert capsys.readouterr() == ("", "")


def test_the_bar_shows_words_and_rate(long_list, capsys):
    assert crack(token(b"word-0059999"), long_list, 2) == b"word-0059999"
    shown = capsys.readouterr().err
    assert "trying" in shown
    assert "words/s" in shown


def test_a_short_list_starts_no_process(monkeypatch):
    monkeypatch.setattr(worker_processes, "_start", lambda: pytest.fail("a process was started"))
    assert crack(token(b"b"), [b"a", b"b"], 4, progress=False) == b"b"


@pytest.mark.usefixtures("small_chunks")
def test_where_no_process_can_be_started_this_one_does_it(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("processes are not supported")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    words = [b"%d" % number for number in range(100)]
    assert crack(token(b"99"), words, 4, progress=False) == b"99"


@pytest.mark.usefixtures("small_chunks")
def test_a_worker_that_dies_is_replaced(monkeypatch, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(search, "__file__", str(broken))
    words = [b"%d" % number for number in range(100)]
    assert crack(token(b"99"), words, 2, progress=False) == b"99"


def test_an_endless_list_takes_constant_memory_and_can_be_left(small_chunks):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield b"word"

    steps = attempts(token(b"other"), endless(), 2)
    for _ in range(20):
        next(steps)
    steps.close()
    assert taken <= (20 + 1 + 3 * 2 + 1) * 7  # batches answered, plus those on their way


def children(pid: int) -> set[int]:
    found = set()
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(fields[1]) == pid:
            found.add(int(name))
    return found


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes through /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_interrupting_leaves_no_process_behind(how):
    code = f"""
        import itertools
        import signal
        from jwtlab.attacks import crack
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched it off
        try:
            crack({token(b"never")!r}, (b"%d" % n for n in itertools.count()), 2, progress=False)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    try:
        assert until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(how)
        said, _ = process.communicate(timeout=20)
        assert time.monotonic() - began < 10
        assert said == (b"interrupted\n" if how is signal.SIGINT else b"")
        assert until(lambda: not any(alive(pid) for pid in workers))
    finally:
        process.kill()
        process.wait()


# Words and estimates


def test_the_word_list_is_small_and_has_the_odd_ones():
    words = word_list()
    assert 200 <= len(words) <= 999
    assert len(set(words)) == len(words)
    assert {b"secret", b"changeme", b"your-256-bit-secret", b"", b" "} <= set(words)


def test_the_rules_make_what_people_make():
    made = list(words_with_rules([b"summer"]))
    assert made[0] == b"summer"
    assert {b"Summer2025", b"SUMMER!", b"5umm3r", b"summer123", b"summersummer"} <= set(made)
    assert crack(token(b"Wonderland2026"), words_with_rules(), 1, progress=False) == b"Wonderland2026"


def test_an_estimate_is_data():
    rows = {row.what: row for row in estimate(1_000_000)}
    assert rows["4 random characters"].candidates == 62**4
    assert rows["8 random characters"].seconds == 62**8 / 1_000_000
    assert rows["8 random characters"].words == "6 years 337 days"
    assert rows["256 random bits"].words == "about 10^64 years"
    assert rows["a word of a dictionary"].words == "1 second"
