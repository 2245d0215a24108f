"""The teacher's pages: what they show, whom they let in, and that a name is never markup."""

from __future__ import annotations

import csv
import io
import re

import pytest
from crowd import live_through

from jwtlab import exercises, names
from jwtlab.board import heat, votes
from jwtlab.errors import UsageError

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "' OR 1=1; --",
    "javascript:alert(1)",
    "</title></svg><h1>",
    "&lt;b&gt;",
]
PAGES = ("", "?lesson=02", "?lesson=all", "questions", "questions/02.p1", "learners", "beamer", "data")


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_stay_text(teacher, join, page):
    for name in HOSTILE:
        pupil = join(name)
        pupil.send(pupil.wrong("02.1", "missing"), pupil.help("02.1"), pupil.chose("02.p1", 0))
    html = teacher.get(f"/teacher/{page}").text
    for markup in ("<script>alert", "<img", "</svg><h1>", "'' OR"):
        assert markup not in html, markup
    if page in ("", "learners"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "{{ 7 * 7 }}" in html  # no template either
        assert "&amp;lt;b&amp;gt;" in html


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\u202eecila", "ecila"),
        ("al\u2066ice\u2069", "al ice"),
        ("a" + "\u0301" * 60, "á\u0301\u0301"),
        ("  bob \n\t x ", "bob x"),
        ("\u0000\u0007\u200b\ufeff", ""),
        ("\ud800mallory", "mallory"),
        ("李雷", "李雷"),
        ("مريم", "مريم"),
        ("\U0001f98a", "\U0001f98a"),
        (None, ""),
    ],
)
def test_names_keep_their_script_and_lose_their_tricks(given, shown):
    assert names.clean(given) == shown


@pytest.mark.parametrize("given", ["x" * 41, "x" * 1_000_000, 7, ["alice"], {"a": 1}, True])
def test_what_is_no_name_is_refused(client, store, given):
    with pytest.raises(UsageError, match="name"):
        names.clean(given)
    assert client.post("/join", json={"word": store.word, "name": given}).status_code in (400, 413)


def test_without_the_key_there_is_nothing_to_see_or_to_do(client, store, join):
    join("alice")
    for page in (*PAGES, "progress.csv", "answers.csv"):
        for key in ("", "guess", store.key[:-1], store.word):
            assert client.get(f"/teacher/{page}", params={"key": key}).status_code == 403
    headers = {"Origin": "http://board.test"}
    for action in ("delete-all", "door", "remove"):
        answer = client.post("/teacher/act", json={"action": action, "value": "1"}, headers=headers)
        assert answer.status_code == 403
    assert len(store.learners()) == 1
    assert store.is_open


def test_key_leaves_the_address_for_a_cookie_that_scripts_cannot_read(client, store):
    answer = client.get("/teacher/", params={"key": store.key, "lesson": "02"})
    assert answer.headers["Location"].endswith("/teacher/?lesson=02")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert client.get("/teacher/").status_code == 200


@pytest.mark.parametrize("origin", [None, "http://evil.test", "null", "http://board.test.evil.test"])
def test_buttons_cannot_be_pressed_from_another_page(teacher, store, join, origin):
    join("alice")
    headers = {"Origin": origin} if origin else {}
    del teacher.headers["Origin"]
    for body in ({"json": {"action": "delete-all"}}, {"data": {"action": "delete-all"}}):
        assert teacher.post("/teacher/act", headers=headers, **body).status_code == 403
    assert len(store.learners()) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"action": "drop"},
        {"action": "remove", "value": "1 OR 1"},
        {"action": "discuss", "value": "99.q9"},
        [],
    ],
)
def test_odd_buttons_get_a_sentence(teacher, asked):
    answer = teacher.post("/teacher/act", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_map_names_where_half_the_room_is_stuck_and_the_most_frequent_mistake(store, join):
    for number in range(10):
        pupil = join(f"n{number}")
        pupil.send(pupil.right("02.1"))
        if number < 6:
            pupil.send(pupil.wrong("02.2", "not-a-date"))
        if number < 2:
            pupil.send(
                pupil.wrong("02.2", "raised"), pupil.wrong("02.2", "raised"), pupil.wrong("02.2", "raised")
            )
    room = heat.look(store)
    assert room.lesson == "02"
    first, second = room.rows[:2]
    assert (first.solved, first.begun, first.stuck, first.alarm) == (10, 10, (), "")
    assert [who.name for who in second.stuck] == [f"n{n}" for n in range(6)]
    assert second.alarm == "Half the room is stuck"
    # Counted by learners: who makes one mistake three times is still one.
    assert [(each.mistake, each.learners) for each in second.troubles] == [("not-a-date", 6), ("raised", 2)]
    assert second.troubles[0].hint
    assert [cell.state for cell in second.cells] == ["wrong3"] * 2 + ["wrong1"] * 4 + ["none"] * 4
    assert [row.id for row in room.worst] == ["02.2"]


def test_map_follows_the_learners_into_the_next_lesson(store, join, clock):
    pupils = [join(f"n{number}") for number in range(3)]
    for pupil in pupils:
        pupil.send(pupil.right("01.1"))
    clock.now += 60
    for pupil in pupils[:2]:
        pupil.send(pupil.opened("03.1"))
    room = heat.look(store)
    assert room.lesson == "03"
    assert {stop.number: stop.here for stop in room.stops} == {"01": 1, "03": 2}
    overview = heat.look(store, "all")
    assert [row.id for row in overview.rows] == ["01", "03"]
    assert overview.rows[0].solved == (3 if len(exercises.lesson("01").exercises) == 1 else 0)


def test_who_asks_for_help_stands_in_the_order_of_waiting(store, teacher, join, clock):
    for name in ("bob", "alice"):
        pupil = join(name)
        pupil.send(pupil.help("02.1"))
        clock.now += 60
    assert [who.name for who in heat.look(store).asking] == ["bob", "alice"]
    assert teacher.post("/teacher/act", json={"action": "helped", "value": "1"}).status_code == 204
    assert [who.name for who in heat.look(store).asking] == ["alice"]


def test_vote_shows_the_room_before_and_after_the_discussion(store, teacher, join):
    pupils = [join(f"n{number}") for number in range(5)]
    for number, pupil in enumerate(pupils):
        pupil.send(pupil.chose("02.p1", 0 if number < 3 else 2))
    assert [bar.before for bar in votes.look(store, "02.p1").bars] == [3, 0, 2]
    assert "right" not in teacher.get("/teacher/questions/02.p1?part=1").text
    teacher.post("/teacher/act", json={"action": "discuss", "value": "02.p1"})
    for pupil in pupils[:4]:
        pupil.send(pupil.chose("02.p1", 2))
    seen = votes.look(store, "02.p1")
    assert [bar.before for bar in seen.bars] == [3, 0, 2]
    assert [bar.after for bar in seen.bars] == [0, 0, 4]
    assert [bar.before_share for bar in seen.bars] == [60, 0, 40]
    assert seen.changed == 3
    teacher.post("/teacher/act", json={"action": "show", "value": "02.p1"})
    right = next(each for each in exercises.question("02.p1").options if each.right)
    assert right.why in teacher.get("/teacher/questions/02.p1").text
    teacher.post("/teacher/act", json={"action": "back", "value": "02.p1"})
    assert [bar.after for bar in votes.look(store, "02.p1").bars] == [0, 0, 0]
    assert [bar.before for bar in votes.look(store, "02.p1").bars] == [3, 0, 2]


def test_part_is_sent_again_only_after_a_change(teacher, join):
    first = teacher.get("/teacher/?part=1")
    assert first.status_code == 200
    assert "<html" not in first.text
    seen = first.headers["X-Version"]
    assert teacher.get("/teacher/", params={"part": "1", "seen": seen}).status_code == 204
    join("alice")
    changed = teacher.get("/teacher/", params={"part": "1", "seen": seen})
    assert changed.status_code == 200
    assert changed.headers["X-Version"] != seen


def test_csv_has_everybody_and_no_formula(store, teacher, join):
    for name in ("alice", "=1+1", "@x", "-x", '"quoted", with a comma', "", "a;=1"):
        pupil = join(name)
        pupil.send(pupil.wrong("02.1", "missing"), pupil.right("02.1"), pupil.chose("02.p1", 1))
    answer = teacher.get("/teacher/progress.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [
        "alice",
        "'=1+1",
        "'@x",
        "'-x",
        '"quoted", with a comma',
        "Learner 6",
        "a;'=1",
    ]
    assert {(row["exercise"], row["tries"], row["wrong"], row["solved"]) for row in rows} == {
        ("02.1", "2", "1", "yes")
    }
    votes_of = list(
        csv.DictReader(io.StringIO(teacher.get("/teacher/answers.csv").content.decode("utf-8-sig")))
    )
    assert {(row["question"], row["round"], row["option"], row["right"]) for row in votes_of} == {
        ("02.p1", "before", "B", "no")
    }


def test_delete_all_and_remove(store, teacher, join):
    alice, bob = join("alice"), join("bob")
    for pupil in (alice, bob):
        pupil.send(pupil.right("02.1"))
    teacher.post("/teacher/act", json={"action": "remove", "value": str(alice.id)})
    assert [who.name for who in store.learners()] == ["bob"]
    assert alice.send(alice.right("02.2")).status_code == 401
    answer = teacher.post("/teacher/act", data={"action": "delete-all"})
    assert answer.status_code == 303
    assert store.learners() == []
    assert bob.send(bob.right("02.2")).status_code == 401


def test_names_can_be_hidden_from_the_beamer(teacher, join):
    alice = join("a-shy-one")
    alice.send(alice.wrong("02.1", "missing"), alice.help("02.1"))
    assert "a-shy-one" in teacher.get("/teacher/").text
    assert "a-shy-one" not in teacher.get("/teacher/?names=no").text


def test_pages_may_load_nothing_from_elsewhere(teacher, join):
    live_through(join("alice"), "02", 1)
    for page in PAGES:
        answer = teacher.get(f"/teacher/{page}")
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    for name, kind in (
        ("board.css", "text/css"),
        ("board.js", "text/javascript"),
        ("view.js", "text/javascript"),
    ):
        assert teacher.get(f"/static/{name}").headers["Content-Type"].startswith(kind)
    assert teacher.get("/static/../app.py").status_code == 404
    assert teacher.get("/static/app.py").status_code == 404
