"""Cards: the head of a lesson, the answer to an exercise, hints, solutions, tables; never a traceback."""

from __future__ import annotations

import json

import pytest
from page import Page

import jwtlab
from jwtlab import exercises, widgets
from jwtlab.exercises import Exercise, NotYet, Progress, Wrong
from jwtlab.style import STYLE_MARK, put_style, style, style_element
from jwtlab.widgets import cards, view

EVIL = "</pre><script>x</script><img src=x onerror=x>\" onfocus='x' &lt; {{7*7}}"
ALL = [exercise for lesson in exercises.lessons().values() for exercise in lesson.exercises]
UNKNOWN = ["", "99", "99.1", "00.99", "xx.yy", ".", "00.p1", EVIL, None, 7, 1.2, [], b"00.1", Exercise]


@pytest.fixture(autouse=True)
def own_world(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(cards, "_hints_given", {})


def shown(card: view.Card) -> str:
    """What can be read in the card's HTML, which is well-formed and holds no markup of others."""
    page = Page(card._repr_html_())
    assert not page.all("script", "img", "iframe")
    assert not [name for e in page.elements for name in e.attributes if name.startswith("on")]
    return page.text


@pytest.mark.parametrize("number", exercises.lessons())
def test_head_of_a_lesson_says_what_and_how_long_and_after_which(number):
    lesson = exercises.lesson(number)
    head = widgets.lesson(number)
    text = shown(head)
    assert f"Lesson {number}" in text
    assert lesson.title in text
    assert f"about {lesson.minutes} minutes" in text
    assert lesson.title in repr(head)
    for need in lesson.needs:
        if need in exercises.lessons():
            assert f"{need} {exercises.lesson(need).title}" in text


def test_head_marks_where_the_style_goes(monkeypatch):
    monkeypatch.delenv("JWTLAB_STYLE", raising=False)
    html = widgets.lesson("01")._repr_html_()
    assert html.startswith(STYLE_MARK)
    assert html.count("<style") == 1
    assert "<style" not in widgets.check("00.1")._repr_html_()


def test_head_brings_the_style_along_where_jwtlab_lab_asks_for_it(monkeypatch):
    monkeypatch.setenv("JWTLAB_STYLE", "inline")
    html = widgets.lesson("01")._repr_mimebundle_()[0]["text/html"]
    assert html.count("<style") == html.count("</style>") == 1
    assert style() in html


def test_style_sheet_survives_the_journey_into_a_notebook():
    before = json.dumps({"text/html": STYLE_MARK + "<p>ü"})
    after = json.loads(put_style(before))["text/html"]
    assert after == style_element() + "<p>ü"
    assert put_style(json.dumps(after)) == json.dumps(after)  # a second time changes nothing


def test_unknown_lesson_lists_those_there_are():
    with pytest.raises(jwtlab.UsageError, match="there is no lesson '99'; there are: 00, 01"):
        widgets.lesson("99")


@pytest.mark.parametrize("function", [widgets.check, widgets.hint, widgets.solution])
@pytest.mark.parametrize("wanted", UNKNOWN, ids=lambda value: repr(value)[:12])
def test_unknown_exercise_gives_a_card_and_no_traceback(function, wanted):
    card = function(wanted)
    assert "there is no" in repr(card) or "is a text such as" in repr(card)
    assert shown(card) == " ".join(repr(card).split())


def test_unknown_exercise_is_told_apart_from_a_lesson_or_an_id_that_is_none():
    assert "there is no lesson '99'" in repr(widgets.check("99.1", 1))
    assert "there is no exercise '01.9'; in this lesson there are" in repr(widgets.hint("01.9"))
    assert "such as '02.3'" in repr(widgets.solution("nonsense"))


def test_unknown_exercise_lists_those_of_its_lesson():
    assert "there is no exercise '00.9'; in this lesson there are: 00.1" in repr(widgets.check("00.9", 3))


def test_check_tells_the_three_verdicts_apart():
    for answers, verdict, tone in (
        ((), "not yet", "mute"),
        ((2,), "try again", "bad"),
        ((3,), "right", "ok"),
    ):
        card = widgets.check("00.1", *answers)
        assert repr(card).startswith(f"00.1 {verdict}: ")
        assert verdict.capitalize() in shown(card)
        pills = [e.attributes.get("class") for e in Page(card._repr_html_()).all("span")]
        assert f"jl-pill {tone}" in pills
        assert ('hint("00.1")' in shown(card)) == (verdict == "try again")


def test_only_a_right_answer_is_recorded():
    for answers in ((), (None,), (...,), (2,), ("3",), (object(),)):
        widgets.check("00.1", *answers)
        assert Progress().done() == frozenset()
    widgets.check("00.1", 3)
    assert Progress().done() == {"00.1"}
    widgets.check("00.1", 2)
    assert Progress().done() == {"00.1"}


def broken_exercise(judge) -> Exercise:
    return Exercise(id="00.1", title=EVIL, judge_answer=judge, hints=(EVIL, EVIL), solution=EVIL)


def raiser(error):
    def judge(answer):
        raise error

    return judge


@pytest.mark.parametrize(
    "judge",
    [
        lambda answer: EVIL,
        raiser(Wrong(EVIL)),
        raiser(NotYet(EVIL)),
        raiser(jwtlab.UsageError(EVIL)),
        raiser(ValueError(EVIL)),
        raiser(ZeroDivisionError()),
        raiser(RecursionError()),
    ],
)
def test_whatever_a_judge_does_becomes_a_card_of_text(judge, monkeypatch):
    monkeypatch.setattr(exercises, "exercise", lambda wanted: broken_exercise(judge))
    for function in (lambda wanted: widgets.check(wanted, EVIL), widgets.hint, widgets.solution):
        assert EVIL[:20] in shown(function("00.1"))


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_hints_come_one_by_one_and_the_last_one_stays(exercise):
    total = len(exercise.hints)
    for number in (*range(total), total - 1, total - 1):
        card = widgets.hint(exercise.id)
        assert repr(card) == f"{exercise.id} hint {number + 1} of {total}: {exercise.hints[number]}"
        assert f"Hint {number + 1} of {total}" in shown(card)
        assert ("Run the cell again for a plainer one" in shown(card)) == (number + 1 < total)


def test_hints_of_two_exercises_are_counted_apart():
    widgets.hint("01.1")
    assert "hint 1 of" in repr(widgets.hint("01.2"))
    assert "hint 2 of" in repr(widgets.hint("01.1"))


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_solution_is_shown_as_it_stands(exercise):
    card = widgets.solution(exercise.id)
    (code,) = Page(card._repr_html_()).all("pre")
    assert code.text == exercise.solution
    assert exercise.solution in repr(card)


def test_lab_check_is_good_here_and_names_what_is_missing(monkeypatch):
    assert repr(widgets.lab_check()) == "The lab works."
    assert "✓ The lab works" in shown(widgets.lab_check())
    monkeypatch.setattr(cards, "_has", lambda *modules: "matplotlib" not in modules)
    card = widgets.lab_check()
    assert repr(card) == "Not in order: pictures"
    assert "✕ Not in order" in shown(card)
    assert "matplotlib is missing; install jwtlab again." in shown(card)
    assert "Flask" not in shown(card)


def test_lab_check_looks_for_real_modules():
    assert cards._has("json", "jwtlab")
    assert not cards._has("json", "no_such_module_anywhere")


def test_table_shows_every_cell_as_text():
    card = widgets.table([[EVIL, None, 3], (b"x", 1.5, [])], "a", EVIL, "c", caption=EVIL)
    page = Page(card._repr_html_())
    assert shown(card)
    assert [e.text for e in page.all("td")] == [EVIL, "None", "3", "b'x'", "1.5", "[]"]
    assert [e.text for e in page.all("th")] == ["a", EVIL, "c"]
    assert [e.text for e in page.all("caption")] == [EVIL]


def test_table_in_plain_text_has_straight_columns():
    card = widgets.table([["a", 1], ["longer", 22]], "name", "n")
    assert repr(card).splitlines() == ["name    n", "a       1", "longer  22"]


def test_table_takes_any_iterable_and_may_be_empty():
    pairs = {"a": 1, "b": 2}
    assert "b     2" in repr(widgets.table(pairs.items(), "name", "value"))
    assert "b" in shown(widgets.table((row for row in ["ab"]), "x", "y"))
    empty = widgets.table([], "name", "value")
    assert repr(empty) == "name  value"
    assert not Page(empty._repr_html_()).all("td", "caption")


def test_cards_share_one_frame():
    for card in (widgets.check("00.1"), widgets.hint("00.1"), widgets.table([], "x"), widgets.lab_check()):
        assert card._repr_html_().startswith('<div class="jwtlab">')


def test_scoreboard_is_a_card_for_anything():
    assert "0 of 39 points" in repr(widgets.scoreboard(lambda token: None))
    assert "wants a function" in repr(widgets.scoreboard("no function"))
    assert shown(widgets.scoreboard(lambda token: {"sub": EVIL}))


def test_flow_board_counts_what_holds_and_takes_ids_and_titles():
    empty = widgets.flow_board({})
    assert repr(empty).startswith("0 of 18 hold")
    two = widgets.flow_board(
        {"code-replay": "code-unused", "login-csrf": "This browser has asked for it (state)"}
    )
    assert repr(two).startswith("2 of 18 hold")
    assert "✓ holds" in two._repr_html_()
    assert [html.count("<tr>") - 1 for html in (empty._repr_html_(), two._repr_html_())] == [0, 2]
    assert "18 without a mend yet" in empty._repr_html_()
    assert "16 without a mend yet" in two._repr_html_()
    wrong = widgets.flow_board({"code-replay": "<b>nonsense</b>", "mix-up": 5})
    assert repr(wrong).startswith("0 of 18 hold")
    assert "<b>nonsense" not in wrong._repr_html_()
    assert "wants a dict" in repr(widgets.flow_board(None))


def test_a_table_breaks_no_word_but_those_that_fit_nowhere():
    card = widgets.table(
        [("confidential", "x" * 33, "a word, " * 20, "")], "client", "token", "text", "nothing"
    )
    page = card._repr_html_()
    assert page.count('class="long"') == 1
    assert f'<td class="long">{"x" * 33}</td>' in page
