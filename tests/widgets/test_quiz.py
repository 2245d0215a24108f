"""Quiz, Predict and LessonMap: answers are explained, right ones are kept, forgetting asks first."""

from __future__ import annotations

import json

import pytest
from page import Page

import jwtlab
from jwtlab import UsageError, exercises
from jwtlab.exercises import Progress
from jwtlab.exercises.reader_paths import reader_path
from jwtlab.widgets import LessonMap, Predict, Quiz, check


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def right_and_wrong(question) -> tuple[int, list[int]]:
    right = [option.right for option in question.options].index(True)
    return right, [number for number in range(len(question.options)) if number != right]


def explained(quiz: Quiz) -> list[str]:
    return [e.text for e in Page(quiz.html).all("span") if e.attributes.get("class") == "why"]


QUESTIONS = [q for lesson in exercises.lessons().values() for q in (*lesson.quiz, *lesson.predictions)]


def asked(question) -> Quiz:
    number = question.id.partition(".")[0]
    return Predict(question.id) if ".p" in question.id else Quiz(number)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_option_is_explained_when_chosen_and_only_then(question, file):
    quiz = asked(question)
    right, wrong = right_and_wrong(question)
    assert explained(quiz) == []
    for number in wrong:
        quiz.act("choose", str(number), question.id)
        assert explained(quiz) == [f"✕ No. {question.options[number].why}"]
        assert quiz.right == 0
        assert not file.exists()
    quiz.act("choose", str(right), question.id)
    assert explained(quiz) == [f"✓ Right. {question.options[right].why}"]
    assert quiz.right == 1
    assert question.id in Progress().done()


def test_nothing_gives_the_answer_away_before_one_chooses():
    for question in QUESTIONS:
        html = asked(question).html
        assert "✓ Right" not in html
        assert all(option.why not in Page(html).text for option in question.options)
        assert "jl-option ok" not in html


def test_quiz_counts_what_is_right_now():
    quiz = Quiz("01")
    for count, question in enumerate(quiz.questions, 1):
        quiz.act("choose", str(right_and_wrong(question)[0]), question.id)
        assert f"{count} of {len(quiz.questions)} right" in Page(quiz.html).text
    first = quiz.questions[0]
    quiz.act("choose", str(right_and_wrong(first)[1][0]), first.id)
    assert quiz.right == len(quiz.questions) - 1
    assert first.id in Progress().done()


def test_chosen_option_is_checked_and_no_other():
    quiz = Quiz("01")
    for question in quiz.questions:
        quiz.act("choose", "1", question.id)
    checked = [e for e in Page(quiz.html).all("input") if "checked" in e.attributes]
    assert [e.attributes["data-name"] for e in checked] == [q.id for q in quiz.questions]
    assert {e.attributes["value"] for e in checked} == {"1"}


def test_questions_of_one_page_do_not_share_their_radio_buttons():
    quiz = Quiz("01")
    groups = {(e.attributes["name"], e.attributes["data-name"]) for e in Page(quiz.html).all("input")}
    assert len({name for name, _ in groups}) == len(groups) == len(quiz.questions)


@pytest.mark.parametrize("value", ["9", "-1", "x", "", "²", "01", "9" * 5000, None, 1.5, True, []])
def test_option_that_does_not_exist_changes_nothing(value, file):
    quiz = Quiz("01")
    before = quiz.html
    quiz.act("choose", value, quiz.questions[0].id)
    for target in ("01.q99", "99.q9", ""):
        quiz.act("choose", "0", target)
    assert (quiz.chosen, quiz.html) == ({}, before)
    assert not file.exists()


def test_number_from_a_program_is_as_good_as_the_pages_text():
    quiz = Quiz("01")
    quiz.act("choose", 1, quiz.questions[0].id)
    assert quiz.chosen == {quiz.questions[0].id: 1}


def test_predict_invites_a_guess():
    question = exercises.question("01.p1")
    right, wrong = right_and_wrong(question)
    predict = Predict("01.p1")
    assert "a wrong guess is worth as much as a right one" in Page(predict.html).text
    predict.act("choose", str(wrong[0]), "01.p1")
    assert "Not quite" in Page(predict.html).text
    predict.act("choose", str(right), "01.p1")
    assert "Not quite" not in Page(predict.html).text


def test_unknown_lesson_or_question_is_named():
    with pytest.raises(jwtlab.UsageError, match="there is no lesson '99'"):
        Quiz("99")
    with pytest.raises(jwtlab.UsageError, match=r"there is no question '01\.p9'.*01\.p1"):
        Predict("01.p9")


# The map


def row(lessons: LessonMap, number: str):
    return next(each for each in lessons.rows() if each.lesson.number == number)


def solve(number: str) -> int:
    for question in exercises.lesson(number).quiz:
        Quiz(number).act("choose", str(right_and_wrong(question)[0]), question.id)
    return len(exercises.lesson(number).quiz)


def test_map_shows_every_lesson_with_a_link():
    page = Page(LessonMap().html)
    links = {a.attributes["href"] for a in page.all("a")}
    assert links == {f"{lesson.name}.ipynb" for lesson in exercises.lessons().values()}
    assert all(a.attributes["data-lesson"] == a.attributes["href"] for a in page.all("a"))
    for lesson in exercises.lessons().values():
        assert lesson.why in page.text


def test_map_shows_progress_after_a_refresh():
    lessons = LessonMap()
    total = row(lessons, "01").total
    assert row(lessons, "01").done == 0
    done = solve("01")
    lessons.act("refresh")
    assert row(lessons, "01").done == done
    text = Page(lessons.html).text
    assert f"{done} of {total}" in text
    meters = [
        e.attributes["aria-label"]
        for e in Page(lessons.html).all("span")
        if e.attributes.get("role") == "img"
    ]
    assert f"{done} of {total} done" in meters
    assert text.startswith("Your progress")


def test_exercises_count_and_predictions_do_not():
    lessons = LessonMap()
    check("00.1", 3)
    question = exercises.question("01.p1")
    Predict("01.p1").act("choose", str(right_and_wrong(question)[0]), "01.p1")
    lessons.act("refresh")
    assert (row(lessons, "00").done, row(lessons, "01").done) == (1, 0)
    assert row(lessons, "00").total == 1


def test_reset_asks_first(file):
    solve("01")
    before = file.read_text("utf-8")
    lessons = LessonMap()
    lessons.act("reset", "ask")
    assert file.read_text("utf-8") == before
    assert "Forget everything?" in Page(lessons.html).text
    lessons.act("reset", "no")
    assert file.read_text("utf-8") == before
    assert "Forget everything?" not in Page(lessons.html).text
    lessons.act("reset", "ask")
    lessons.act("reset", "yes")
    assert json.loads(file.read_text("utf-8"))["done"] == []
    assert sum(each.done for each in lessons.rows()) == 0
    assert "Forget everything?" not in Page(lessons.html).text


def test_odd_reset_forgets_nothing(file):
    solve("01")
    before = file.read_text("utf-8")
    for value in ("", "maybe", None, True, 1, []):
        LessonMap().act("reset", value)
    assert file.read_text("utf-8") == before


def test_map_of_somebody_elses_file(tmp_path):
    progress = Progress(tmp_path / "class" / "bob.json")
    progress.record("00.1")
    lessons = LessonMap(progress)
    assert row(lessons, "00").done == 1
    text = Page(lessons.html).text
    assert "bob.json" in text
    assert str(tmp_path) not in text


def test_broken_file_shows_no_progress_and_a_map(file):
    file.write_text("{broken", "utf-8")
    assert sum(each.done for each in LessonMap().rows()) == 0


def test_a_way_through_the_lessons_is_chosen():
    lessons = LessonMap()
    assert lessons.html.count("aside") == 0
    lessons.act("path", "api")
    page = Page(lessons.html)
    assert f"{reader_path('api').minutes} minutes" in page.text
    assert "Next for you: 00" in page.text
    assert lessons.html.count(" aside") == len(exercises.lessons()) - len(reader_path("api").lessons)
    lessons.act("path", "<b>nowhere</b>")
    assert lessons.path == "api"
    lessons.act("path", "")
    assert lessons.html.count("aside") == 0


def test_a_way_that_there_is_not_is_named():
    with pytest.raises(UsageError, match="there is no path 'phone'"):
        LessonMap(path="phone")
