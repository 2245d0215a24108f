"""`jwtlab read`: in words, as a page, as a picture, for programs, to be handed on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hars import APP, entry, har, login, write

from jwtlab import Lab
from jwtlab.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path):
    return str(write(tmp_path / "login.har", har(login())))


def test_in_words(file, capsys):
    assert main(["read", file]) == 0
    out = capsys.readouterr().out
    assert "5 messages between Browser, Application shop.example.net, Server login.example.com" in out
    assert "GET /authorize → 200" in out
    assert "✓ Nothing that can be seen from outside." in out
    assert "wonderland" not in out


def test_what_went_wrong_is_told_with_its_message(tmp_path, capsys):
    path = write(tmp_path / "x.har", Lab().mishap("slash").trace.to_har())
    assert main(["read", str(path)]) == 0
    out = capsys.readouterr().out
    assert "✕ redirect-uri-taken · message 2, 3 [RFC 9700 §4.1.3]" in out


def test_for_programs(file, capsys):
    assert main(["read", file, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    told = json.loads(out)
    assert told["version"] == 1
    assert told["secrets_replaced"] is True
    assert told["first_wrong"] is None
    assert [each["number"] for each in told["messages"]] == [1, 2, 3, 4, 5]
    assert {each["status"] for each in told["findings"]} == {"passed", "not asked"}


def test_first_wrong_for_programs(tmp_path, capsys):
    path = write(tmp_path / "x.har", Lab().mishap("prefetch").trace.to_har())
    main(["read", str(path), "--json"])
    assert json.loads(capsys.readouterr().out)["first_wrong"] == {"check": "code-used-once", "message": 5}


def test_page_picture_and_a_recording_to_hand_on(file, tmp_path, capsys):
    page, picture, shared = (tmp_path / name for name in ("a.html", "a.svg", "a.har"))
    assert main(["read", file, "--html", str(page), "--svg", str(picture), "--har", str(shared)]) == 0
    html, svg = page.read_text("utf-8"), picture.read_text("utf-8")
    assert html.count("<article") == 5
    assert 'href="#m1"' in html or "nothing that can be seen" in html
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert "default-src 'none'" in html
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(--" not in svg
    assert "GET /authorize" in svg
    assert "Sequence diagram of Browser" in svg
    assert "wonderland" not in html + svg + shared.read_text("utf-8")
    capsys.readouterr()
    assert main(["read", str(shared)]) == 0
    assert "5 messages" in capsys.readouterr().out


def test_secrets_are_kept_only_when_asked_and_with_a_warning(file, capsys):
    assert main(["read", file, "--json", "--keep-secrets"]) == 0
    told = capsys.readouterr()
    assert "wonderland-42" in told.out
    assert "show this to nobody" in told.err


@pytest.mark.parametrize(
    "content", ["", "{", '{"log": {"entries": [', "\x89PNG", json.dumps(har(login()))[:-40]]
)
def test_a_broken_file_is_one_sentence_and_no_traceback(tmp_path, capsys, content):
    path = write(tmp_path / "x.har", content)
    assert main(["read", str(path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("jwtlab: x.har ")
    assert told.err.count("\n") == 1


def test_a_broken_file_as_far_as_it_goes(tmp_path, capsys):
    path = write(tmp_path / "x.har", json.dumps(har(login()))[:-40])
    assert main(["read", str(path), "--partial"]) == 0
    assert "The file is broken" in capsys.readouterr().out


def test_it_does_not_write_over_the_recording_nor_two_files_into_one(file, tmp_path, capsys):
    before = (tmp_path / "login.har").read_bytes()
    assert main(["read", file, "--har", file]) == 1
    assert "is the recording itself" in capsys.readouterr().err
    assert main(["read", file, "--har", str(tmp_path / "a"), "--svg", str(tmp_path / "a")]) == 1
    assert (tmp_path / "login.har").read_bytes() == before
    assert main(["read", file, "--html", str(tmp_path / "no" / "a.html")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_markup_and_orders_to_a_terminal_stay_text(tmp_path, capsys):
    evil = "<script>alert(1)</script>"
    entries = login()
    entries.append(
        entry(f"{APP}/\x1b[31m{evil}?redirect_uri={evil}", method=f"X\x1b]0;{evil}", body=evil, at=6)
    )
    page, picture = tmp_path / "a.html", tmp_path / "a.svg"
    path = write(tmp_path / f"{'x'}.har", har(entries))
    assert main(["read", str(path), "--keep-secrets", "--html", str(page), "--svg", str(picture)]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "<script" not in page.read_text("utf-8")
    ElementTree.fromstring(picture.read_text("utf-8"))


def test_a_reader_that_has_seen_enough_is_no_error():
    """`jwtlab read login.har | head`: no word about a broken pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    recorded = ROOT / "jwtlab" / "data" / "recordings" / "page-at-jwtlab-serve.har"
    command = [sys.executable, "-u", "-m", "jwtlab", "read", str(recorded)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
