"""Whoever always takes the option in the middle learns nothing from a quiz, and gets it wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from jwtlab import exercises

QUIZZES = [each.quiz for each in exercises.lessons().values() if each.quiz]
QUESTIONS = [question for quiz in QUIZZES for question in quiz]


def place(question):
    return [option.right for option in question.options].index(True)


def test_every_place_is_right_about_as_often():
    of_three = Counter(place(each) for each in QUESTIONS if len(each.options) == 3)
    third = sum(of_three.values()) / 3
    assert all(0.75 * third <= of_three[each] <= 1.25 * third for each in range(3)), of_three


def test_no_quiz_has_all_its_right_ones_in_one_place():
    assert all(len({place(question) for question in quiz}) > 1 for quiz in QUIZZES)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.id)
def test_what_sums_the_others_up_stands_last(question):
    for option in question.options[:-1]:
        assert not option.text.lower().startswith(("none of", "all of", "both of", "neither of")), option.text
