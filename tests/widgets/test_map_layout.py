"""The plan behind LessonMap: nobody stands on somebody else, and every prerequisite is there."""

from __future__ import annotations

from itertools import combinations

import pytest

from jwtlab import exercises
from jwtlab.exercises import Lesson
from jwtlab.widgets.map_layout import HIGH, WIDE, plan

LESSONS = exercises.lessons()


def stop(found, number):
    return next(each for each in found.stops if each.lesson.number == number)


def test_every_lesson_has_a_place_of_its_own():
    found = plan(LESSONS, {})
    assert [each.lesson.number for each in found.stops] == list(LESSONS)
    for one, other in combinations(found.stops, 2):
        assert abs(one.x - other.x) >= WIDE or abs(one.y - other.y) >= HIGH
    assert all(each.x + WIDE <= found.width and each.y + HIGH <= found.height for each in found.stops)
    assert all(" ".join(each.lines) == each.lesson.title for each in found.stops)


def test_a_line_for_every_need_and_words_for_those_of_another_part():
    found = plan(LESSONS, {})
    drawn = {(x2, y2) for _, _, x2, y2 in found.ways}
    for each in found.stops:
        for need in each.lesson.needs:
            title = next(title for title, y in reversed(found.parts) if y <= each.y + HIGH)
            assert (each.x, each.y + HIGH / 2) in drawn or f"after {need}" in title
            assert stop(found, need).x < each.x or f"after {need}" in title


def test_needs_are_lessons_and_lead_back_to_the_first():
    """A lesson may need one of a higher number (30 needs 31 and 33); going round in circles it may not."""
    done, left = [], list(LESSONS)
    while left:
        ready = [each for each in left if all(need in done for need in LESSONS[each].needs)]
        assert ready, left
        done += ready
        left = [each for each in left if each not in ready]
    assert done[0] == "00"


@pytest.mark.parametrize(
    ("done", "suggested"),
    [([], "00"), (["00"], "01"), (["00", "01", "02", "03", "04", "05"], "06"), (list(LESSONS), None)],
)
def test_next_is_the_first_whose_needs_are_done(done, suggested):
    found = plan(LESSONS, dict.fromkeys(done, 1.0))
    assert (found.suggestion and found.suggestion.number) == suggested
    assert all(stop(found, number).state == "done" for number in done)


def test_states():
    found = plan(LESSONS, {"00": 1.0, "01": 0.4})
    assert [stop(found, each).state for each in ("00", "01", "02")] == ["done", "begun", "later"]
    assert "01 Three parts after 00, begun" in found.words


def test_two_roots_and_a_gap_in_the_course():
    few = {
        number: Lesson(number, number, number, "why", 5, needs)
        for number, needs in (("20", ()), ("21", ("99",)), ("22", ("20",)), ("23", ("20",)))
    }
    found = plan(few, {})
    assert len({(each.x, each.y) for each in found.stops}) == 4
