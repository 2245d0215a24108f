"""Both stores keep the same promises."""

import threading

import pytest

from jwtlab import UsageError
from jwtlab.oauth.store import MemoryStore, SQLiteStore, fingerprint


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    opened = MemoryStore() if request.param == "memory" else SQLiteStore(tmp_path / "store.db")
    yield opened
    opened.close()


def test_record_is_read_back_as_it_was_put(store):
    record = {"text": "ä", "list": [1, None, True], "inner": {"a": 1.5}}
    store.put("code", "a", record, 100)
    assert store.get("code", "a") == record
    assert store.get("code", "b") is None
    assert store.get("grant", "a") is None


def test_record_that_was_read_is_a_copy(store):
    store.put("code", "a", {"used": False}, 100)
    store.get("code", "a")["used"] = True
    assert store.get("code", "a") == {"used": False}


def test_names_are_those_of_the_kind(store):
    store.put("code", "a", {}, 100)
    store.put("code", "b", {}, 100)
    store.put("grant", "c", {}, 100)
    store.delete("code", "a")
    assert store.names("code") == ["b"]


def test_purge_forgets_what_need_not_be_kept(store):
    store.put("code", "old", {}, 100)
    store.put("code", "new", {}, 200)
    store.purge(150)
    assert store.names("code") == ["new"]


def test_transaction_that_fails_leaves_nothing_behind(store):
    store.put("code", "a", {"n": 1}, 100)
    with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012 (what comes before must be undone)
        store.put("code", "a", {"n": 2}, 100)
        store.put("code", "b", {}, 100)
        store.delete("code", "a")
        raise RuntimeError
    assert store.get("code", "a") == {"n": 1}
    assert store.get("code", "b") is None


def test_inner_transaction_belongs_to_the_outer_one(store):
    with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012 (what comes before must be undone)
        with store.transaction():
            store.put("code", "a", {}, 100)
        raise RuntimeError
    assert store.get("code", "a") is None


def test_threads_do_not_come_between_reading_and_writing(store):
    store.put("counter", "a", {"n": 0}, 100)

    def count():
        for _ in range(50):
            with store.transaction():
                n = store.get("counter", "a")["n"]
                store.put("counter", "a", {"n": n + 1}, 100)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("counter", "a") == {"n": 400}


def test_two_processes_share_one_file(tmp_path):
    one, other = SQLiteStore(tmp_path / "s.db"), SQLiteStore(tmp_path / "s.db")
    with one.transaction():
        one.put("code", "a", {"used": True}, 100)
    assert other.get("code", "a") == {"used": True}
    one.close()
    other.close()


def test_file_is_for_its_owner_only(tmp_path):
    SQLiteStore(tmp_path / "s.db").close()
    assert (tmp_path / "s.db").stat().st_mode & 0o077 == 0


def test_file_that_is_no_store_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("this is no database, and it is long enough to be looked at " * 20)
    with pytest.raises(UsageError, match=r"notes\.txt"):
        SQLiteStore(path)
    with pytest.raises(UsageError, match="cannot be used"):
        SQLiteStore(tmp_path / "missing" / "s.db")


def test_fingerprint_does_not_show_the_secret():
    assert "secret" not in fingerprint("secret")
    assert fingerprint("a") != fingerprint("b")
    assert fingerprint("\ud800")
