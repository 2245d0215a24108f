"""What breaks around us: disks, files, clocks, other programs. Nothing acknowledged is lost, and it is said."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from serving import client_of, free_port, get_code, redeem, refreshed, serving
from short_form import few

from jwtlab import Lab, cli
from jwtlab.errors import StorageError, UsageError
from jwtlab.exercises import Progress
from jwtlab.exercises import progress as progress_module
from jwtlab.oauth.store import SQLiteStore

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("faults", ROOT / "tools" / "faults.py")
faults = importlib.util.module_from_spec(_spec)
sys.modules["faults"] = faults
_spec.loader.exec_module(faults)
URI = "http://127.0.0.1/callback"
unix = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and limits of file size")

# --- killed at a write ---------------------------------------------------------------------------------


@unix
@pytest.mark.parametrize("write", few([1, 12, 33, 48, 63, 72, 90, 101, 112, 125], 12, 63, 101))
def test_server_killed_at_a_write_loses_nothing_and_lets_nothing_work_twice(tmp_path, write):
    """All of them: python tools/faults.py"""
    when = "after" if write % 2 else "before"
    ledger, died, found = faults.killed_at(write, when, tmp_path / "store.db")
    assert died, ledger
    assert found == []


@unix
def test_the_checker_sees_what_is_lost(tmp_path):
    """A store that is put back as it was an hour ago."""
    store, port = tmp_path / "store.db", str(free_port())
    options = ("--port", port, "--store", str(store))
    ledger = faults.Ledger()
    with httpx.Client(trust_env=False) as http:
        with serving(*options):
            pass
        SQLiteStore(store).close()  # the log goes into the file
        shutil.copy(store, tmp_path / "old.db")
        with serving(*options) as (_, told):
            faults.story(told, http, ledger)
        for each in tmp_path.glob("store.db*"):
            each.unlink()
        shutil.copy(tmp_path / "old.db", store)
        with serving(*options) as (_, told):
            found = faults.faults(told, http, ledger)
    assert {"a code that was given is lost", "a refresh token that was given is lost"} <= set(found)
    assert {"a pushed request is lost", "a bound refresh token is lost"} <= set(found)


@unix
def test_the_checker_sees_what_is_good_twice(tmp_path):
    """A store that has forgotten what was used, and no more."""
    path, port = tmp_path / "store.db", str(free_port())
    options = ("--port", port, "--store", str(path))
    ledger = faults.Ledger()
    with httpx.Client(trust_env=False) as http:
        with serving(*options) as (_, told):
            faults.story(told, http, ledger)
        store = SQLiteStore(path)
        for kind in ("proof at the API", "assertion"):
            for name in store.names(kind):
                store.delete(kind, name)
        for kind in ("pushed", "code", "refresh"):
            for name in store.names(kind):
                store.put(kind, name, store.get(kind, name) | {"used": False}, 1e11)
        store.close()
        with serving(*options) as (_, told):
            found = faults.faults(told, http, ledger)
    again = {"a redeemed code works again", "a spent refresh token works again"}
    again |= {"a used proof works again", "a used assertion works again", "a used request_uri works again"}
    assert again <= set(found)


# --- the store -------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path):
    made = SQLiteStore(tmp_path / "store.db", patience=0.05)
    yield made
    made.close()


def full(store):
    """The file may not grow: what SQLite says then is what it says on a full disk."""
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")


def emptied(store):
    store._database.execute("PRAGMA max_page_count = 1000000")


def test_full_disk_undoes_the_whole_transaction_and_the_store_goes_on_when_there_is_room(store):
    store.put("code", "a", {"n": 1}, 1e11)
    full(store)

    def change():
        with store.transaction():
            store.put("code", "a", {"n": 2}, 1e11)
            store.put("code", "b", {"x": "y" * 100_000}, 1e11)

    with pytest.raises(StorageError, match="the disk is full") as caught:
        change()
    assert (caught.value.code, caught.value.status) == ("temporarily_unavailable", 503)
    assert store.get("code", "a") == {"n": 1}
    emptied(store)
    with store.transaction():
        store.put("code", "b", {"x": 1}, 1e11)
    assert store.get("code", "b") == {"x": 1}


def test_failure_of_the_last_step_undoes_all_and_blocks_nothing(store, monkeypatch):
    """A disk may be full only when the transaction is committed."""
    store.put("code", "a", {"n": 1}, 1e11)
    rows = store._rows

    def no_commit(sql, *values):
        if sql == "COMMIT":
            raise StorageError("the disk is full")
        return rows(sql, *values)

    monkeypatch.setattr(store, "_rows", no_commit)
    with pytest.raises(StorageError), store.transaction():
        store.put("code", "a", {"n": 2}, 1e11)
    monkeypatch.undo()
    assert store.get("code", "a") == {"n": 1}
    with store.transaction():
        store.put("code", "a", {"n": 3}, 1e11)
    assert store.get("code", "a") == {"n": 3}


@unix
def test_file_that_may_not_grow_at_all_is_an_error_in_words(tmp_path):
    """The system itself refuses to write on, as a quota does."""
    code = """
import resource, signal, sys
from jwtlab.errors import StorageError
from jwtlab.oauth.store import SQLiteStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SQLiteStore(sys.argv[1])
store.put("code", "a", {"n": 1}, 1e11)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    store.put("code", "b", {"x": "y" * 100_000}, 1e11)
except StorageError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.put("code", "c", {"n": 3}, 1e11)
print(store.names("code"))
"""
    command = [sys.executable, "-c", code, str(tmp_path / "store.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said, kept = done.stdout.splitlines()
    assert "disk" in said
    assert kept == "['a', 'c']"


def test_locked_file_is_waited_for_and_then_named(store, tmp_path):
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="another program writes"), store.transaction():
        pytest.fail("not without the lock")
    other.execute("ROLLBACK")
    other.close()
    with store.transaction():
        store.put("code", "a", {}, 1e11)


def test_damaged_file_is_named_when_it_is_opened_or_read(tmp_path):
    path = tmp_path / "store.db"
    made = SQLiteStore(path)
    for number in range(500):
        made.put("code", f"{number}", {"x": "y" * 200}, 1e11)
    made.close()
    octets = bytearray(path.read_bytes())
    octets[8192:] = b"\xff" * len(octets[8192:])
    path.write_bytes(octets)
    with pytest.raises((UsageError, StorageError), match="damaged"):
        _read(path)
    path.write_bytes(bytes(octets[:1500]))  # half written
    with pytest.raises((UsageError, StorageError), match="damaged"):
        _read(path)


def _read(path):
    store = SQLiteStore(path)
    try:
        store.names("code")
    finally:
        store.close()


def test_file_of_before_versions_were_written_down_is_taken_and_a_newer_one_is_not(tmp_path):
    path = tmp_path / "store.db"
    made = SQLiteStore(path)
    made.put("code", "a", {"n": 1}, 1e11)
    made.close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 0")
    database.close()
    old = SQLiteStore(path)
    assert old.get("code", "a") == {"n": 1}
    assert old._database.execute("PRAGMA user_version").fetchone() == (SQLiteStore.VERSION,)
    old._database.execute("PRAGMA user_version = 99")
    old.close()
    with pytest.raises(UsageError, match="newer version of jwtlab"):
        SQLiteStore(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM records").fetchone() == (1,)


def test_file_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "books.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE records (title TEXT)")
    database.close()
    with pytest.raises(UsageError, match="another program"):
        SQLiteStore(path)


def test_folder_of_the_store_that_is_not_there_is_said_by_the_command(capsys, tmp_path):
    assert cli.main(["serve", "--port", "0", "--store", str(tmp_path / "stick" / "store.db")]) == 1
    assert "cannot be used as a store" in capsys.readouterr().err


# --- the server over such a store --------------------------------------------------------------------------


def test_client_of_a_server_whose_disk_is_full_keeps_its_tokens_and_goes_on_later(tmp_path):
    from jwtlab.served import Options, Served

    served = Served("http://127.0.0.1:1", Options(store=str(tmp_path / "store.db")))
    transport = httpx.WSGITransport(app=served.app)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1:1") as http:
        told = served.description()
        given, verifier = get_code(told, http, URI)
        tokens = redeem(told, http, given["code"], verifier, URI).json()
        full(served.store)
        served.store._database.execute("PRAGMA max_page_count = 1")
        _fill(served.store)
        answer = refreshed(told, http, tokens["refresh_token"])
        assert answer.status_code == 503
        assert answer.json()["error"] == "temporarily_unavailable"
        assert "disk is full" in answer.json()["error_description"]
        page = http.get("/authorize", params={"client_id": "spa"})
        assert page.status_code < 600
        assert "Traceback" not in page.text
        emptied(served.store)
        again = refreshed(told, http, tokens["refresh_token"])
        assert again.status_code == 200
    served.close()


def _fill(store):
    """Until not one more record fits."""
    size, number = 2000, 0
    while size:
        try:
            store.put("filling", f"{number}", {"x": "y" * size}, 1e11)
            number += 1
        except StorageError:
            size //= 2


@pytest.mark.parametrize(
    "path", ["/token", "/par", "/introspect", "/revoke", "/device_authorization", "/userinfo"]
)
@pytest.mark.parametrize("kind", ["locked", "damaged"])
def test_every_endpoint_says_that_nothing_can_be_kept_just_now(path, kind, tmp_path, monkeypatch):
    from jwtlab.served import Options, Served

    served = Served("http://127.0.0.1:1", Options(store=str(tmp_path / "store.db")))
    words = {"locked": "database is locked", "damaged": "database disk image is malformed"}[kind]

    class Broken:
        in_transaction = False

        def execute(self, *_):
            raise sqlite3.OperationalError(words)

        def close(self):
            """Nothing."""

    transport = httpx.WSGITransport(app=served.app)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1:1") as http:
        web = client_of(served.description(), "web")
        auth = (web["client_id"], web["client_secret"])
        good = http.post("/token", data={"grant_type": "client_credentials"}, auth=auth)
        real = served.store._database
        monkeypatch.setattr(served.store, "_database", Broken())
        if path == "/userinfo":
            token = good.json().get("access_token", "x")
            answer = http.get(path, headers={"Authorization": f"Bearer {token}"})
        else:
            form = {"grant_type": "refresh_token", "refresh_token": "x" * 43, "token": "x" * 43}
            form |= {"response_type": "code", "redirect_uri": web["redirect_uris"][0]}
            form |= {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
            if path == "/device_authorization":
                form, auth = {"client_id": "tv"}, None
            answer = http.post(path, data=form, auth=auth)
        real.close()
    assert answer.status_code == 503, (
        answer.text
    )  # and not invalid_grant: a client would throw its token away
    assert answer.json()["error"] == "temporarily_unavailable"
    assert "WWW-Authenticate" not in answer.headers


# --- progress ----------------------------------------------------------------------------------------------


def test_progress_is_kept_where_a_reader_holds_the_file_for_a_moment(tmp_path, monkeypatch):
    """As in Windows, where a file that is open cannot be replaced."""
    refused = []
    real = Path.replace

    def replace(self, target):
        if len(refused) < 5:
            refused.append(target)
            raise PermissionError(13, "in use", str(target))
        return real(self, target)

    class Windows:
        name = "nt"

        def __getattr__(self, name):
            return getattr(os, name)

    monkeypatch.setattr(progress_module, "os", Windows())
    monkeypatch.setattr(Path, "replace", replace)
    Progress(tmp_path / "progress.json").record("01.1")
    assert len(refused) == 5
    assert Progress(tmp_path / "progress.json").done() == {"01.1"}


def test_folder_that_vanishes_between_two_answers_is_made_again(tmp_path):
    progress = Progress(tmp_path / "work" / "progress.json")
    progress.record("01.1")
    shutil.rmtree(tmp_path / "work")
    progress.record("01.2")
    assert progress.done() == {"01.2"}
    assert progress.notices() == []


def test_ten_kernels_on_a_disk_that_fills_up_leave_a_whole_file(tmp_path):
    path = tmp_path / "progress.json"
    code = """
import errno, os, random, sys
from jwtlab.exercises import Progress, progress
number, real = int(sys.argv[2]), os.fsync
def sometimes_full(descriptor):
    if random.random() < 0.3:
        raise OSError(errno.ENOSPC, "No space left on device")
    real(descriptor)
progress.os.fsync = sometimes_full
random.seed(number)
for each in range(10):
    Progress(sys.argv[1]).record(f"{number:02}.{each}")
    print(int(f"{number:02}.{each}" in Progress(sys.argv[1]).done()), end="")
"""
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(10)
    ]
    said = [process.communicate(timeout=120)[0] for process in started]
    document = json.loads(path.read_text("utf-8"))
    promised = {
        f"{n:02}.{each}" for n, word in enumerate(said) for each, kept in enumerate(word) if kept == "1"
    }
    assert set(document["done"]) == promised
    assert len(promised) > 30
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".new")] == []


@pytest.mark.parametrize("size", [0, 1, 10, 30, 60])
def test_half_written_progress_is_put_aside_and_said(tmp_path, size):
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")
    octets = path.read_bytes()[:size]
    path.write_bytes(octets)
    Progress(path).record("01.2")
    assert Progress(path).done() == {"01.2"}
    assert (tmp_path / "progress.unreadable.json").read_bytes() == octets
    assert "could not be read" in Progress(path).notices()[0]


# --- clocks --------------------------------------------------------------------------------------------------


def test_clock_that_jumps_back_and_forth_makes_nothing_good_again(tmp_path, monkeypatch):
    import jwtlab.served as module
    from jwtlab.served import Options, Served

    now = [2_000_000_000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    served = Served("http://127.0.0.1:1", Options(store=str(tmp_path / "store.db")))
    with httpx.Client(transport=httpx.WSGITransport(app=served.app), base_url="http://127.0.0.1:1") as http:
        told = served.description()
        given, verifier = get_code(told, http, URI)
        tokens = redeem(told, http, given["code"], verifier, URI).json()
        for jump in (-86_400 * 400, 86_400 * 800, -86_400 * 400):
            now[0] += jump
            answer = redeem(told, http, given["code"], verifier, URI)
            assert answer.status_code == 400, "a code was redeemed twice"
            for path in ("/jwks", "/.well-known/openid-configuration", "/"):
                assert http.get(path).status_code == 200
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            assert (
                http.get("/userinfo", headers=bearer).status_code == 401
            )  # the second use took the token along
        given, verifier = get_code(told, http, URI)
        assert redeem(told, http, given["code"], verifier, URI).status_code == 200
    served.close()


def test_clock_of_a_lesson_may_go_anywhere():
    lab = Lab()
    token = lab.token("alice")
    for jump in (10**9, -2 * 10**9, 10**9):
        lab.clock.advance(jump)
        lab.verify(token)
        lab.flow("authorization-code").run()
    assert lab.verify(token).accepted


# --- ports and threads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["serve", "board"])
def test_port_in_use_is_a_sentence_with_a_way_out(command, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        words = [sys.executable, "-m", "jwtlab", command, "--port", port, "--store", str(tmp_path / "s.db")]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert port in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_store_that_breaks_under_many_threads_answers_each_of_them(store):
    full(store)
    said = []

    def use(number):
        for each in range(20):
            try:
                with store.transaction():
                    store.put("code", f"{number}-{each}", {"x": "y" * 5000}, 1e11)
            except StorageError as error:
                said.append(str(error))

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    emptied(store)
    assert said
    assert all("full" in each for each in said)
    with store.transaction():
        store.put("code", "z", {}, 1e11)
