"""CrackBench: slices of work, and an end to each search."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab.widgets import CrackBench
from jwtlab.widgets.crack import letters

lab = jwtlab.Lab()


@pytest.fixture
def bench():
    made = CrackBench(lab=lab, workers=1)
    yield made
    made.close()


def finish(bench, slices=400):
    for _ in range(slices):
        if bench.state != "running":
            return
        bench.act("tick")
    raise AssertionError("it did not come to an end")


def test_weak_secret_is_found(bench):
    bench.act("start")
    assert "data-tick" in bench.html
    finish(bench)
    assert bench.state == "found"
    assert "changeme" in bench.html
    assert "data-tick" not in bench.html
    assert "256 random bits" not in bench.html  # a handful of words says nothing about the speed


def test_strong_secret_is_not_in_the_list(bench):
    bench.act("token", lab.token(alg="HS256"))
    bench.act("start")
    finish(bench)
    assert bench.state == "not found"
    assert bench.progress.tried > 300


def test_stop_ends_the_search_and_start_begins_anew(bench):
    bench.act("list", "all words of 5 small letters")
    bench.act("start")
    bench.act("tick")
    bench.act("stop")
    assert bench.state == "stopped"
    assert "256 random bits" in bench.html
    tried = bench.progress.tried
    bench.act("tick")  # one that was on its way
    assert bench.progress.tried == tried
    bench.act("list", "the lab's short list")
    bench.act("start")
    finish(bench)
    assert bench.state == "found"


def test_another_token_or_list_forgets_what_was_found(bench):
    bench.act("start")
    finish(bench)
    bench.act("token", lab.token(alg="HS256"))
    assert bench.state == "ready"
    assert bench.progress is None
    assert "changeme" not in bench.html


@pytest.mark.parametrize(
    ("token", "words"),
    [(lab.token(), "only HS256"), ("no token", "one part"), ("", "nothing here"), ("a.b.c.d.e", "JWE")],
)
def test_what_cannot_be_cracked_is_said(bench, token, words):
    bench.act("token", token)
    bench.act("start")
    assert bench.state == "failed"
    assert words in bench.html


def test_file_of_ones_own(bench, tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"one\n\xff\xfe\nchangeme\n")
    bench.act("list", "file")
    bench.act("path", str(path))
    bench.act("start")
    finish(bench)
    assert bench.state == "found"
    bench.act("path", str(tmp_path / "gone.txt"))
    bench.act("start")
    assert bench.state == "failed"
    assert "cannot be opened" in bench.html


@pytest.mark.parametrize("path", ["a\0b", "~a\0b", "\ud800", "", ".", "x" * 5000])
def test_path_that_is_none_is_said(bench, path):
    bench.act("list", "file")
    bench.act("path", path)
    bench.act("start")
    assert bench.state == "failed"
    assert bench.problem


def broken_list():
    raise OSError("no words today")


def half_a_list():
    yield b"one"
    raise OSError("no more words")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (lambda: [b"one", 2], "a word is bytes or text; this is a number"),
        (lambda: 5, "an iterable of words"),
        (broken_list, "no words today"),
        (half_a_list, "no more words"),
    ],
)
def test_list_that_holds_no_words_ends_the_search_and_says_why(words, said):
    made = CrackBench(lists={"mine": words}, workers=1, lab=lab)
    made.act("list", "mine")
    made.act("start")
    finish(made)
    assert made.state == "failed"
    assert said in made.html
    made.act("list", "the lab's short list")
    made.act("start")
    finish(made)
    assert made.state == "found"
    made.close()


def test_unknown_list_changes_nothing(bench):
    bench.act("list", "nothing")
    assert bench.choice in bench.lists


def test_words_of_letters():
    words = list(letters(2)())
    assert len(words) == 26**2
    assert words[0] == b"aa"
    assert words[-1] == b"zz"


def test_secret_that_looks_like_markup_is_text():
    secret = b"<b>bold</b> secret that is long"
    token = _signed(secret)
    made = CrackBench(token, lists={"mine": lambda: [secret]}, workers=1, lab=lab)
    made.act("list", "mine")
    made.act("start")
    finish(made)
    assert made.state == "found"
    assert "<b>bold" not in made.html
    made.close()


def _signed(secret: bytes) -> str:
    from jwtlab.attacks import material

    text = material.signing_input(material.token("HS256"), {})
    return material.seal(text, material.hs256(secret, text))
