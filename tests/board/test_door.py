"""The learners' door: who gets in, what is taken, and what is refused."""

from __future__ import annotations

import json

import pytest
from crowd import Pupil

from jwtlab.board import reports
from jwtlab.board.store import BoardStore


def answer_of(store, pupil, exercise):
    found = [each for each in store.answers() if (each.learner, each.exercise) == (pupil.id, exercise)]
    return found[0] if found else None


def test_word_lets_in_however_it_is_typed(client, store):
    for number, word in enumerate(
        [store.word, store.word.upper(), store.word.replace("-", " "), f" {store.word} "]
    ):
        assert client.post("/join", json={"word": word, "name": f"n{number}"}).status_code == 200
    for word in ("", "river", store.word + "1", store.word[:-1], None, 7, [store.word], "x" * 5000):
        answer = client.post("/join", json={"word": word})
        assert answer.status_code == 403
        assert "word" in answer.json()["error"]
    assert len(store.learners()) == 4


def test_wrong_words_are_counted_and_slow_down_whoever_guesses(client, store, clock):
    codes = [client.post("/join", json={"word": f"guess-{n}"}).status_code for n in range(40)]
    assert codes[:30] == [403] * 30
    assert set(codes[30:]) == {429}
    answer = client.post("/join", json={"word": store.word})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    clock.now += 60
    assert client.post("/join", json={"word": store.word}).status_code == 200


def test_right_words_are_not_slowed_down_behind_one_address(client, store):
    assert [client.post("/join", json={"word": store.word}).status_code for _ in range(300)] == [200] * 300


def test_closed_door_keeps_strangers_out_and_lets_members_come_back(client, store, join):
    alice = join("alice")
    store.set_fact("open", "no")
    assert client.post("/join", json={"word": store.word}).status_code == 403
    again = client.post("/join", json={"word": store.word, "secret": alice.secret})
    assert again.json()["learner"] == alice.id


def test_tries_are_counted_until_solved(store, join):
    alice = join("alice")
    alice.send(alice.opened("02.1"))
    assert answer_of(store, alice, "02.1").tries == 0
    alice.send(alice.wrong("02.1", "not-a-dict"), alice.wrong("02.1", "missing"), alice.right("02.1"))
    alice.send(alice.wrong("02.1", "missing"), alice.right("02.1"))  # the cell is run once more
    found = answer_of(store, alice, "02.1")
    assert (found.tries, found.wrong, found.solved) == (3, 2, True)
    assert store.mistakes()["02.1"] == {"missing": 1, "not-a-dict": 1}


def test_what_is_sent_twice_counts_once(store, join):
    alice = join("alice")
    events = [alice.wrong("02.1", "missing"), alice.wrong("02.1", "missing")]
    for _ in range(3):
        assert alice.send(*events).status_code == 200
    assert answer_of(store, alice, "02.1").tries == 2
    alice.send(*events, session="t" * 24)  # another kernel of hers counts for itself
    assert answer_of(store, alice, "02.1").tries == 4


def test_another_name_without_its_secret_is_refused(client, store, join):
    alice = join("alice")
    for name in ("alice", "ALICE", " al ice ", "alice\u200b", "ａｌｉｃｅ"):
        answer = client.post("/join", json={"word": store.word, "name": name})
        assert answer.status_code == 409, name
    for secret in ("guess", alice.secret[:-1], "", 7, [alice.secret]):
        answer = client.post("/join", json={"word": store.word, "name": "alice", "secret": secret})
        assert answer.status_code == 409, secret
    for secret in ("guess", alice.secret + "x", alice.secret.swapcase()):
        assert alice.send(alice.right("02.1"), secret=secret).status_code == 401
    assert (
        client.post("/report", json={"session": "s" * 24, "events": [alice.right("02.1")]}).status_code == 401
    )
    assert client.delete("/me").status_code == 204
    assert [who.name for who in store.learners()] == ["alice"]
    assert store.answers() == []


def test_report_names_nobody_but_its_sender(store, join):
    alice, bob = join("alice"), join("bob")
    forged = {**bob.right("02.1"), "learner": alice.id, "name": "alice"}
    assert bob.send(forged).status_code == 422
    assert store.answers() == []


GOOD = {"kind": "try", "number": 1, "exercise": "02.1", "verdict": "right"}
IMPOSSIBLE = [
    {**GOOD, "exercise": "99.1"},
    {**GOOD, "exercise": "02.q1"},
    {**GOOD, "exercise": ["02.1"]},
    {**GOOD, "exercise": "02.1' OR 1=1 --"},
    {**GOOD, "verdict": "splendid"},
    {**GOOD, "verdict": None},
    {**GOOD, "verdict": "try again"},
    {**GOOD, "verdict": "try again", "mistake": "invented"},
    {**GOOD, "verdict": "try again", "mistake": {}},
    {**GOOD, "mistake": "missing"},
    {**GOOD, "number": 0},
    {**GOOD, "number": -1},
    {**GOOD, "number": True},
    {**GOOD, "number": 1.5},
    {**GOOD, "number": 10**30},
    {**GOOD, "number": "1"},
    {**GOOD, "tries": -5},
    {**GOOD, "solved": 1_000_000},
    {**GOOD, "kind": "grade"},
    {**GOOD, "kind": ["try"]},
    {"kind": "choice", "number": 1, "question": "02.q1", "option": 3},
    {"kind": "choice", "number": 1, "question": "02.q1", "option": -1},
    {"kind": "choice", "number": 1, "question": "02.q1", "option": True},
    {"kind": "choice", "number": 1, "question": "02.1", "option": 0},
    {"kind": "help", "number": 1, "on": "yes"},
    {"kind": "help", "number": 1, "exercise": "02.99", "on": True},
    "try",
    None,
    [],
]


@pytest.mark.parametrize("event", IMPOSSIBLE, ids=lambda event: json.dumps(event)[:60])
def test_impossible_event_is_refused_by_its_place_and_the_good_ones_are_taken(store, join, event):
    alice = join("alice")
    answer = alice.send(event, {**GOOD, "number": 2, "exercise": "02.2"})
    assert answer.status_code == 422
    (refused,) = answer.json()["refused"]
    assert refused.startswith("events[0]: ")
    assert [each.exercise for each in store.answers()] == ["02.2"]
    assert store.choices() == []
    assert store.learners()[0].help is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"session": "short", "events": [{}]}',
        b'{"session": "ssssssssssssssssssss", "events": []}',
        b'{"session": "ssssssssssssssssssss", "events": {}}',
        b'{"session": "ssssssssssssssssssss", "events": [%s]}' % b",".join([b"{}"] * (reports.MOST + 1)),
        b'{"session": "../../../../../../../", "events": [{}]}',
        b'{"session": "ssssssssssssssssssss", "events": [{"number": %s}]}' % (b"9" * 6000),
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_what_is_no_report_gets_a_sentence(client, join, body):
    headers = {"Authorization": f"Bearer {join('alice').secret}", "Content-Type": "application/json"}
    answer = client.post("/report", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json().get("error") or answer.json()["refused"]


def test_megabyte_is_refused_before_it_is_read(client, store, join):
    assert client.post("/join", json={"word": store.word, "name": "x" * 1_000_000}).status_code == 413
    alice = join("alice")
    assert alice.send({**GOOD, "exercise": "0" * 1_000_000}).status_code == 413
    assert [who.name for who in store.learners()] == ["alice"]


def test_flood_of_one_is_stopped_and_hurts_nobody_else(store, join, clock):
    alice, bob = join("alice"), join("bob")
    codes = [alice.send(alice.wrong("02.1", "missing")).status_code for _ in range(200)]
    taken = codes.count(200)
    assert 0 < taken < 100
    assert set(codes[taken:]) == {429}
    assert bob.send(bob.right("02.1")).status_code == 200
    assert answer_of(store, alice, "02.1").tries == taken
    clock.now += 60
    assert alice.send(alice.right("02.1")).status_code == 200


def test_help_is_called_for_given_and_ended_by_solving(store, join):
    alice = join("alice")
    assert alice.send(alice.help("02.2")).json()["help"] is True
    assert store.learners()[0].help == "02.2"
    alice.send(alice.right("02.1"))
    assert store.learners()[0].help == "02.2"
    assert alice.send(alice.right("02.2")).json()["help"] is False
    alice.send(alice.help())
    assert store.learners()[0].help == ""
    alice.send(alice.help(on=False))
    assert store.learners()[0].help is None


def test_first_choice_of_a_round_is_the_guess(store, join):
    alice = join("alice")
    alice.send(alice.chose("02.p1", 0), alice.chose("02.p1", 2))
    store.set_vote("02.p1", 2, False)
    alice.send(alice.chose("02.p1", 1), alice.chose("02.p1", 2))
    assert store.choices() == [(alice.id, "02.p1", 1, 0), (alice.id, "02.p1", 2, 1)]


def test_forgotten_learner_leaves_nothing_and_is_unknown(client, store, join):
    alice, bob = join("alice"), join("bob")
    for pupil in (alice, bob):
        pupil.send(pupil.wrong("02.1", "missing"), pupil.chose("02.p1", 0), pupil.help())
    assert client.delete("/me", headers={"Authorization": f"Bearer {alice.secret}"}).status_code == 204
    assert [who.name for who in store.learners()] == ["bob"]
    assert {each.learner for each in store.answers()} == {bob.id}
    assert {each[0] for each in store.choices()} == {bob.id}
    assert alice.send(alice.right("02.1")).status_code == 401


def test_nothing_can_be_read_through_this_door(client, store, join):
    join("alice")
    for path in ("/", "/join", "/report", "/me", "/teacher/", "/teacher/learners", "/teacher/progress.csv"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert "alice" not in answer.text
        assert store.word not in answer.text
    assert client.get("/teacher/").status_code == 403


def test_everything_is_there_after_a_restart(tmp_path, store, clock, join):
    alice = join("alice")
    alice.send(alice.wrong("02.1", "missing"), alice.chose("02.p1", 1), alice.help("02.1"))
    word, key = store.word, store.key
    again = BoardStore(tmp_path / "board.sqlite", clock)  # the first one was not closed: it was killed
    assert (again.word, again.key) == (word, key)
    assert again.known(alice.secret).name == "alice"
    assert again.answers() == store.answers()
    assert again.choices() == [(alice.id, "02.p1", 1, 1)]
    assert again.learners()[0].help == "02.1"
    again.close()


def test_secrets_do_not_stand_in_the_file(tmp_path, store, join):
    alice = join("alice")
    store.close()
    octets = b"".join(each.read_bytes() for each in tmp_path.glob("board.sqlite*"))
    assert b"alice" in octets
    assert alice.secret.encode() not in octets


def test_deleted_data_are_out_of_the_file(tmp_path, store, join):
    alice = join("a-name-to-look-for")
    alice.send(alice.wrong("02.1", "missing"), alice.chose("02.p1", 1))
    word = store.word
    store.delete_all()
    octets = b"".join(each.read_bytes() for each in tmp_path.glob("board.sqlite*"))
    assert b"a-name-to-look-for" not in octets
    assert (store.learners(), store.answers(), store.choices()) == ([], [], [])
    assert store.word == word


def test_pupil_of_the_tests_is_no_better_than_the_real_one(join):
    assert isinstance(join("alice"), Pupil)
