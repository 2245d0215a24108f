"""Assignment 5: the official design has full marks, and each mistake costs its own part."""

from __future__ import annotations

import hashlib
import json

import pytest
import solving
from a5_mutants import MUTANTS

from jwtlab.classroom import judging
from jwtlab.classroom.assignments import assignment
from jwtlab.classroom.assignments.a5_product import CATALOGUE, FIELDS, GRANTS, my_product
from jwtlab.classroom.model import LocalAnswer, judge
from jwtlab.classroom.variants import variant

NAME = "a5_capstone"
STUDENTS = ("alice", "bob", "zoë 1", "s-4711", "carol@example")


@pytest.fixture(scope="module")
def official():
    """Student → what their kernel knows with the official answers."""
    return {student: solving.names(solving.cells(NAME, student)) for student in STUDENTS}


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_the_official_solution_has_full_marks_in_the_sandbox(student):
    judged = judging.run(assignment(NAME), solving.cells(NAME, student), variant(student), f"of {student}")
    assert {each.task.id: solving.lost(each) for each in judged.results if solving.lost(each)} == {}
    assert judged.earned == assignment(NAME).points == 39
    assert judged.notes == ()


def test_an_untouched_one_has_no_points_and_is_told_that_there_is_no_answer():
    judged = judging.run(assignment(NAME), solving.cells(NAME, "alice", solved=False), variant("alice"), "s")
    assert judged.earned == 0
    words = [part.words for each in judged.results for part in each.parts]
    assert all(each.startswith("there is no answer yet") for each in words), words


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("seed", ["visible", "1"])
def test_the_official_answers_are_right_whatever_the_seed(official, student, seed):
    results = solving.judged(NAME, official[student], student, seed)
    assert {task: solving.lost(each) for task, each in results.items() if solving.lost(each)} == {}


def test_another_ones_code_fails_wherever_its_world_matters(official):
    results = solving.judged(NAME, official["alice"], "bob")
    assert results["a5.2"].earned == results["a5.3"].earned == results["a5.4"].earned == 0


def test_a_function_that_says_the_same_to_everything_gains_nothing():
    values = (
        200,
        401,
        404,
        True,
        None,
        {},
        [],
        {"user": ["", ""], "next": "/"},
        {"family": {}, "give": None},
        dict.fromkeys(("grant_type", "code", "redirect_uri", "client_id", "code_verifier"), "x"),
    )
    for plan in assignment(NAME).tasks[1:]:
        for value in values:
            result = judge(plan, LocalAnswer(lambda *given, value=value: value), variant("alice"), "seed")
            assert result.earned == 0, (plan.id, value)


@pytest.mark.parametrize(
    ("task", "parts", "old", "new"),
    [pytest.param(*each[1:], id=f"{each[1]} {each[0]}") for each in MUTANTS if each[2]],
)
def test_each_mistake_costs_its_part_and_no_other(task, parts, old, new):
    lost = solving.lost_by(NAME, task, "alice", {old: new})
    assert set(lost) == set(parts.split()), lost
    assert all(words and "eyJ" not in words for words in lost.values())


def test_every_part_has_a_mistake_that_costs_it():
    known = {(task, part) for _, task, parts, *_ in MUTANTS for part in parts.split()}
    wanted = {(task.id, part.id) for task in assignment(NAME).tasks[1:] for part in task.parts}
    # The visible parts show what is good: a mistake that costs them costs others, too.
    assert wanted - known <= {(task, "good") for task, _ in wanted}


@pytest.mark.parametrize("student", STUDENTS)
def test_each_choice_counts_alone(student):
    my, plan = variant(student), assignment(NAME).tasks[0]
    names = list(my_product(my)["applications"])
    right = {name: {field: getattr(CATALOGUE[name], field) for field in FIELDS} for name in names}
    assert judge(plan, LocalAnswer(right), my, "s").earned == 6
    for number, name in enumerate(names, 1):
        for field, words in FIELDS.items():
            for other in words:
                changed = {**right, name: {**right[name], field: other}}
                lost = solving.lost(judge(plan, LocalAnswer(changed), my, "s"))
                assert set(lost) == (set() if other == right[name][field] else {f"application-{number}"})
                assert right[name][field] not in " ".join(lost.values()) or not lost
    for nonsense in ({}, [], "shop", dict.fromkeys(names, "code"), {name: {} for name in names}):
        assert judge(plan, LocalAnswer(nonsense), my, "s").earned == 0


def test_every_student_meets_every_grant_and_every_application_is_met():
    met = set()
    for number in range(60):
        names = set(my_product(variant(f"student {number}"))["applications"])
        assert {CATALOGUE[name].grant for name in names} == set(GRANTS)
        assert len(names) == 5
        met |= names
    assert met == set(CATALOGUE)


PRODUCTS = {"alice": "ec51df0c8855", "zoë 1": "0b2b58cdf998"}


@pytest.mark.parametrize("student", PRODUCTS)
def test_a_product_is_the_one_of_before(student):
    """Down to the bytes: what was handed out stays the same, on every machine and every Python."""
    text = json.dumps(my_product(variant(student)), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == PRODUCTS[student]
