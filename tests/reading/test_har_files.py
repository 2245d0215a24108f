"""Files: packed, broken, huge, hostile, of every program's making; whatever comes, a sentence and no traceback."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import tracemalloc
import zipfile

import pytest
from hars import APP, AS, SENT, entry, har, login, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwtlab import UsageError
from jwtlab.oauth.reading.har import opening, stream
from jwtlab.oauth.reading.recording import read_har


@pytest.fixture
def file(tmp_path):
    return lambda document, name="login.har": write(tmp_path / name, document)


def test_a_sound_login_is_read_and_nothing_is_wrong(file):
    recording = read_har(file(har(login())))
    assert [each.title for each in recording.trace] == [
        "GET /login → 302",
        "GET /authorize → 200",
        "POST /login → 302",
        "GET /cb → 302",
        "GET / → 200",
    ]
    assert recording.trace.parties == ("Browser", "Application shop.example.net", "Server login.example.com")
    assert recording.judgement.failures == recording.judgement.advice == ()
    assert recording.notes == ()


@pytest.mark.parametrize("pack", ["gzip", "zip", "bom", "utf-16", "list", "entries-first", "no-log"])
def test_packed_and_written_otherwise(tmp_path, pack):
    document = har(login())
    text, path = json.dumps(document), tmp_path / "login.har"
    if pack == "gzip":
        path.write_bytes(gzip.compress(text.encode()))
    elif pack == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside/a.har", text)
            archive.writestr("inside/b.txt", "something else")
    elif pack in ("bom", "utf-16"):
        path.write_bytes(text.encode("utf-8-sig" if pack == "bom" else "utf-16"))
    elif pack == "list":
        write(path, login())
    elif pack == "entries-first":
        write(path, {"log": {"entries": login(), "pages": [{"id": "1"}], "version": "1.2"}})
    else:
        write(path, {"version": "1.2", "entries": login()})
    assert len(read_har(path).trace) == 5


def test_what_other_programs_write(file):
    """Firefox: params; Safari: no Location, but redirectURL; Charles: base64; an object for headers; HTTP/2 names."""
    back = f"{APP}/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=s-0123456789"
    token = {"access_token": "opaque-token-1", "token_type": "Bearer", "expires_in": 600}
    entries = [
        entry(f"{AS}/authorize?{SENT}&state=s-0123456789", 302),
        entry(back),
        entry(f"{AS}/token", method="POST"),
    ]
    entries[0]["response"]["redirectURL"] = back
    entries[0]["request"]["headers"] = {":authority": "login.example.com", "Cookie": "a=1"}
    entries[1]["request"]["cookies"] = [{"name": "sid", "value": "2"}]
    names = {"grant_type": "authorization_code", "code": "SplxlOBeZQQYbYS6WxSbIA", "code_verifier": "v" * 43}
    entries[2]["request"]["postData"] = {
        "mimeType": "application/x-www-form-urlencoded",
        "text": "",
        "params": [{"name": name, "value": value} for name, value in names.items()],
    }
    entries[2]["response"]["content"] = {
        "mimeType": "application/json",
        "encoding": "base64",
        "text": base64.b64encode(gzip.compress(json.dumps(token).encode())).decode(),
    }
    recording = read_har(file(har(entries)), keep_secrets=True)
    first, second, third = recording.trace
    assert first.response.location == back
    assert dict(first.request.headers) == {"Cookie": "a=1"}
    assert ("Cookie", "sid=2") in second.request.headers
    assert dict(third.request.form) == names
    assert third.response.json == token


def test_pictures_scripts_and_other_sites_are_left_out_and_counted(file):
    noise = [
        entry(f"{APP}/logo.png", mime="image/png", at=4),
        entry(f"{APP}/app.js", mime="application/javascript", body="x" * 10, at=4),
        entry(f"{AS}/style.css", mime="text/css", at=1),
        entry("https://count.example.org/pixel?code=DE", mime="image/gif", at=1),
        entry("https://news.example.org/", at=1),
        entry(f"{APP}/api", method="OPTIONS", at=4),
        entry("data:image/png;base64,xxxx"),
    ]
    recording = read_har(file(har([*login(), *noise])))
    assert len(recording.trace) == 5
    assert recording.notes == (
        "6 scripts, pictures and other messages were left out.",
        "1 entries are no requests over http, and were passed over.",
    ) or recording.notes == (
        "1 entries are no requests over http, and were passed over.",
        "6 scripts, pictures and other messages were left out.",
    )
    assert len(read_har(file(har([*login(), *noise])), everything=True).trace) == 11


def test_messages_are_put_in_the_order_of_their_times(file):
    assert [each.request.path for each in read_har(file(har(reversed(login())))).trace] == [
        "/login",
        "/authorize",
        "/login",
        "/cb",
        "/",
    ]


WHOLE = json.dumps(har(login()))
BROKEN = {
    "empty": (b"", "empty"),
    "space": (b"  \n ", "ends in the middle|empty"),
    "half": (WHOLE[: len(WHOLE) // 2].encode(), r"broken: it ends in the middle.*\d messages could be read"),
    "not closed": (WHOLE[:-1].encode(), "ends in the middle"),
    "no json": (b"GET / HTTP/1.1\r\n\r\n", "begins with {"),
    "broken inside": (
        WHOLE.replace('"time"', '"time', 1).encode(),
        "no JSON at character|ends in the middle",
    ),
    "bad member": (b'{"log": {entries: []}}', "no JSON at character"),
    "other json": (b'{"hello": [1, 2, {"log": 3}]}', 'no "log" with "entries"'),
    "number": (b"12", "begins with {"),
    "log is a list": (b'{"log": []}', 'no "log" with "entries"'),
    "entries is text": (b'{"log": {"entries": "x"}}', 'no "log" with "entries"'),
    "nothing recorded": (b'{"log": {"entries": []}}', "holds no recorded message"),
    "entries of no kind": (b'{"log": {"entries": [1, null, "x", [], {}]}}', "holds no recorded message"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it is a PNG image"),
    "pcap": (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "packet capture"),
    "zstd": (b"(\xb5/\xfd\x04", "packed with zstd"),
    "page": (b"<!DOCTYPE html><p>no", "it is a page"),
    "binary": (b"abc\0\1\2", "binary data"),
    "broken gzip": (gzip.compress(WHOLE.encode())[:-20], "cannot be unpacked to its end"),
    "no gzip": (b"\x1f\x8b\x08\0garbage", "cannot be unpacked"),
    "no zip": (b"PK\x03\x04garbage", "zip archive that cannot be read"),
    "no login": (
        json.dumps(har([entry("https://news.example/", body="hi")])).encode(),
        "none of them belongs to a login",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_read_gets_a_sentence(tmp_path, case):
    content, words = BROKEN[case]
    path = tmp_path / "x.har"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_har(path)
    assert "x.har" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(UsageError, match="cannot be opened: No such file"):
        read_har(tmp_path / "none.har")
    with pytest.raises(UsageError, match="is a folder"):
        read_har(tmp_path)
    with pytest.raises(UsageError, match="no name of a file"):
        read_har("a\0b")
    for odd in (None, 5, b"x", ""):
        with pytest.raises(UsageError, match="name a HAR file"):
            read_har(odd)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.har", "{}")
        archive.writestr("b.har", "{}")
    with pytest.raises(UsageError, match=r"2 \.har files"):
        read_har(tmp_path / "two.zip")


def test_a_broken_file_is_read_as_far_as_it_goes_when_asked(file):
    cut = file(WHOLE[: WHOLE.index('"startedDateTime": "2026-01-01T00:00:03') + 30])
    recording = read_har(cut, partial=True)
    assert len(recording.trace) == 3
    assert "broken" in recording.notes[0]
    with pytest.raises(UsageError, match="empty"):
        read_har(file("", "e.har"), partial=True)


HOSTILE = {
    "deep": '{"request": {"url": "https://x.example/", "headers": ' + "[" * 100_000 + "]" * 100_000 + "}}",
    "long number": '{"request": {"url": "https://x.example/"}, "time": ' + "9" * 10_000 + "}",
    "infinite": '{"request": {"url": "https://x.example/"}, "time": 1e999, "startedDateTime": "9999-99-99"}',
    "nan": '{"request": {"url": "https://x.example/"}, "time": NaN, "response": {"status": Infinity}}',
    "wrong kinds": '{"request": {"url": ["https://x.example/"], "headers": 7}, "response": "no"}',
    "surrogate": '{"request": {"url": "https://x.example/\\ud800?a=\\ud800", "method": "\\ud800"}}',
    "bad address": '{"request": {"url": "http://[::1", "method": "GET"}}',
    "bad port": '{"request": {"url": "http://x.example:99999999/", "method": "GET"}}',
    "script": '{"request": {"url": "javascript:alert(1)", "method": "GET"}}',
    "bad location": '{"request": {"url": "https://shop.example.net/a", "method": "GET"}, "response": {"status": 302, '
    '"headers": [{"name": "Location", "value": "http://[bad"}, {"name": "Set-Cookie"}, null, {"name": 3}]}}',
    "control": '{"request": {"url": "https://shop.example.net/\\u0000\\u001b[31m", "method": "\\u001b]0;x"}}',
    "year": '{"request": {"url": "https://x.example/"}, "startedDateTime": "0001-01-01T00:00:00+23:59"}',
    "text in entries": '"hello"',
    "raw control": '{"request": {"url": "https://x.example/\x01"}}',
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("keep", [False, True])
def test_a_hostile_entry_spoils_nothing(file, case, keep):
    text = json.dumps(har(login()))
    place = text.index('"entries": [') + len('"entries": [')
    recording = read_har(
        file(f"{text[:place]}{HOSTILE[case]}, {text[place:]}"), keep_secrets=keep, everything=True
    )
    assert len(recording.trace) in (5, 6)
    assert {each.request.path for each in recording.trace} >= {"/authorize", "/cb"}
    json.dumps(recording.to_json(), allow_nan=False)
    assert str(recording)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries(
            {
                "url": st.sampled_from(
                    [f"{AS}/authorize?{SENT}", f"{APP}/cb?code=abcdefgh&state=1", f"{AS}/token"]
                )
                | JSON,
                "method": st.sampled_from(["GET", "POST"]) | JSON,
                "headers": JSON,
                "postData": JSON | st.fixed_dictionaries({"text": st.text(max_size=30), "mimeType": JSON}),
            }
        ),
        "response": JSON
        | st.fixed_dictionaries(
            {
                "status": st.integers(100, 599) | JSON,
                "redirectURL": JSON | st.just(f"{APP}/cb?code=x&state=2"),
                "content": st.fixed_dictionaries(
                    {"text": JSON.map(json.dumps), "mimeType": st.just("application/json")}
                ),
            }
        ),
        "startedDateTime": JSON,
    }
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entries=st.lists(ENTRY, max_size=6), keep=st.booleans())
def test_any_json_is_read_or_refused_in_a_sentence(tmp_path, entries, keep):
    path = write(tmp_path / "any.har", har(entries))
    with contextlib.suppress(UsageError):  # nothing of a login in it
        recording = read_har(path, keep_secrets=keep, everything=True)
        json.dumps(recording.to_json())
        assert str(recording)


def big(path, count, size, zipped=False):
    """A file of this many entries, each with a body of this size, and a login at the end."""
    filler = json.dumps(entry(f"{APP}/film", mime="video/mp4", body="x" * size))
    with (gzip.open if zipped else open)(path, "wt") as out:
        out.write('{"log": {"version": "1.2", "entries": [')
        for _ in range(count):
            out.write(filler + ",")
        out.write(",".join(map(json.dumps, login())) + "]}}")
    return path


def test_a_file_of_a_hundred_megabytes_needs_little_memory(tmp_path):
    path = big(tmp_path / "big.har", 100, 1_000_000)
    assert path.stat().st_size > 100_000_000
    tracemalloc.start()
    recording = read_har(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(recording.trace) == 5
    assert peak < 40_000_000


def test_one_endless_entry_is_passed_over(tmp_path):
    path = big(tmp_path / "long.har", 1, stream.LONGEST_ENTRY + 1_000_000)
    recording = read_har(path)
    assert len(recording.trace) == 5
    assert any("more than 16 MB were passed over" in note for note in recording.notes)


def test_more_than_the_limit_is_refused(tmp_path, monkeypatch):
    """A small file that unpacks to a large one, too."""
    monkeypatch.setattr(opening, "MOST_BYTES", 3 * 1024 * 1024)
    for zipped in (False, True):
        path = big(tmp_path / "bomb.har", 8, 1_000_000, zipped)
        with pytest.raises(UsageError, match=r"more than 3 MB of text\. Record the login alone"):
            read_har(path)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_pieces_may_end_anywhere(size):
    """Inside a name, an escape, a number: the reader waits for the rest."""
    values = [
        {'a\\"b': "x\\", "é": [1.5e3, -2, True, None]},
        12345678901234567890,
        '"',
        "\\u0041\\",
        [],
        {},
        [[]],
    ]
    text = json.dumps({"other": values, "log": {"n": 12, "entries": values, "after": {"x": "]}"}}})
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    assert list(stream.Stream(pieces).entries()) == values


@pytest.mark.parametrize("size", [1, 5, 17])
def test_what_is_passed_over_is_passed_over_wholly(size, monkeypatch):
    monkeypatch.setattr(stream, "LONGEST_ENTRY", 40)
    monkeypatch.setattr(stream, "_FIRST", 10)
    long = {"a": 'x"]}\\' * 40, "b": [{"c": "]"}, 1]}
    text = json.dumps({"log": {"entries": [{"k": 1}, long, "z" * 99, 7, {"k": 2}]}})
    found = list(stream.Stream(text[at : at + size] for at in range(0, len(text), size)).entries())
    assert found == [{"k": 1}, stream.TOO_LONG, stream.TOO_LONG, 7, {"k": 2}]
