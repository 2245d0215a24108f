"""Quizzes, the map and the cards: what they say, what they write down, and that nothing raises."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab import exercises, widgets
from jwtlab.exercises import Progress
from jwtlab.widgets import LessonMap, Predict, Quiz, check, hint, lesson, solution, table


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("number", [n for n, each in exercises.lessons().items() if each.quiz])
def test_every_option_is_explained_when_chosen_and_only_the_right_one_counts(number):
    quiz = Quiz(number)
    for question in quiz.questions:
        for index, option in enumerate(question.options):
            before = Progress().done()
            quiz.act("choose", str(index), question.id)
            assert str(jwtlab.widgets.view.Markup.escape(option.why)) in quiz.html
            assert (question.id in Progress().done()) == (option.right or question.id in before)
    assert 0 <= quiz.right <= len(quiz.questions)


@pytest.mark.parametrize(
    ("value", "target"), [("9", "01.q1"), ("-1", "01.q1"), ("x", "01.q1"), ("0", "99.q9"), (None, "")]
)
def test_odd_choices_change_nothing(value, target):
    quiz = Quiz("01")
    before = quiz.html
    quiz.act("choose", value, target)
    assert quiz.html == before


def test_prediction_explains_a_wrong_guess_and_lets_choose_again():
    guess = Predict("01.p1")
    wrong = next(i for i, option in enumerate(guess.questions[0].options) if not option.right)
    guess.act("choose", str(wrong), "01.p1")
    assert "Not quite" in guess.html
    right = next(i for i, option in enumerate(guess.questions[0].options) if option.right)
    guess.act("choose", str(right), "01.p1")
    assert "Not quite" not in guess.html


def test_map_shows_what_is_done_after_refresh_and_reset_asks_first():
    shown = LessonMap()
    assert "0 of" in shown.html
    Progress().record("01.1")
    shown.act("refresh")
    assert "1 of" in shown.html
    shown.act("reset", "ask")
    assert "Forget everything?" in shown.html
    shown.act("reset", "no")
    assert Progress().done() == {"01.1"}
    shown.act("reset", "ask")
    shown.act("reset", "yes")
    assert Progress().done() == frozenset()
    assert "Forget everything?" not in shown.html


def test_check_records_right_answers_only():
    assert "try again" in repr(check("01.1", "admin"))
    assert Progress().done() == frozenset()
    assert "not yet" in repr(check("01.1", None))
    role = jwtlab.decode(exercises.lesson_01.MYSTERY).claims["role"]
    assert "right" in repr(check("01.1", role))
    assert Progress().done() == {"01.1"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: check("99.1", 1), "there is no lesson"),
        (lambda: hint("01.9"), "there are"),
        (lambda: solution("nonsense"), "such as '02.3'"),
    ],
)
def test_unknown_exercise_gets_a_card_and_no_traceback(call, words):
    card = call()
    assert words in repr(card)
    assert 'class="jwtlab"' in card._repr_html_()


def test_hints_become_plainer_and_end_with_the_last():
    found = exercises.exercise("02.3")
    said = [repr(hint("02.3")) for _ in range(len(found.hints) + 2)]
    assert [found.hints[min(i, len(found.hints) - 1)] in words for i, words in enumerate(said)] == [
        True
    ] * len(said)


def test_lesson_head_brings_the_style_and_names_what_comes_before():
    head = lesson("02")
    assert "<style>" in head._repr_html_()
    assert "01 Three parts" in head._repr_html_()
    with pytest.raises(jwtlab.UsageError, match="there are"):
        lesson("99")


def test_tables_show_markup_as_text():
    html = table([("<img src=x onerror=1>", 5)], "a & b", "n", caption="<b>")._repr_html_()
    assert "<img" not in html
    assert "&lt;img" in html
    assert "a &amp; b" in html


def test_lab_check_says_what_is_missing(monkeypatch):
    assert repr(widgets.lab_check()) == "The lab works."
    monkeypatch.setattr(widgets.cards, "_has", lambda *names: "matplotlib" not in names)
    assert "Not in order: pictures" in repr(widgets.lab_check())
    assert "install jwtlab again" in widgets.lab_check()._repr_html_()


def test_scoreboard_is_a_card_for_anything():
    assert "0 of 39 points" in repr(widgets.scoreboard(lambda token: None))
    assert "wants a function" in repr(widgets.scoreboard("no function"))
    assert "<script" not in widgets.scoreboard(lambda token: {"sub": "<script>"})._repr_html_()
