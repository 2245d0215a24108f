"""Assignment 4: the official client has full marks, and each mistake costs its own part."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
import solving
from a4_mutants import HELPERS, MUTANTS
from short_form import few

from jwtlab.classroom import judging
from jwtlab.classroom.assignments import assignment
from jwtlab.classroom.assignments.a4_login import CARELESS
from jwtlab.classroom.assignments.a4_recordings import record
from jwtlab.classroom.assignments.a4_traces import FAULTS, my_traces, recorded
from jwtlab.classroom.assignments.a4_world import Place, Refused, my_app, try_login
from jwtlab.classroom.model import LocalAnswer, judge
from jwtlab.classroom.variants import variant

NAME = "a4_flows"
STUDENTS = ("alice", "bob", "zoë 1", "s-4711", "carol@example")
BOTH = ("alice", "carol@example")


@pytest.fixture(scope="module")
def official():
    """Student → what their kernel knows with the official answers."""
    return {student: solving.names(solving.cells(NAME, student)) for student in STUDENTS}


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_the_official_solution_has_full_marks_in_the_sandbox(student):
    judged = judging.run(assignment(NAME), solving.cells(NAME, student), variant(student), f"of {student}")
    assert {each.task.id: solving.lost(each) for each in judged.results if solving.lost(each)} == {}
    assert judged.earned == assignment(NAME).points == 51
    assert judged.notes == ()  # the text itself borrows nothing


def test_an_untouched_one_has_no_points_and_is_told_that_there_is_no_answer():
    judged = judging.run(assignment(NAME), solving.cells(NAME, "alice", solved=False), variant("alice"), "s")
    assert judged.earned == 0
    words = [part.words for each in judged.results for part in each.parts]
    assert all(each.startswith("there is no answer yet") for each in words), words


@pytest.mark.parametrize("student", STUDENTS)
def test_the_visible_tests_pass_for_the_official_solution_whatever_the_seed(official, student):
    for seed in ("visible", "1"):
        results = solving.judged(NAME, official[student], student, seed, hidden=False)
        assert [solving.lost(each) for each in results.values()] == [{}] * len(results)


def test_another_ones_client_fails_wherever_its_world_matters(official):
    results = solving.judged(NAME, official["alice"], "bob")
    assert {task for task, result in results.items() if not solving.lost(result)} == {"a4.1"}
    for task in ("a4.3", "a4.5", "a4.6"):
        assert results[task].earned == 0, task
    for task in ("a4.7", "a4.8", "a4.9"):
        assert "value" in solving.lost(results[task])


def test_a_function_that_says_the_same_to_everything_gains_nothing():
    values = (True, False, None, {}, [], "x", {"user": "alice", "keep": {}}, {"stop": "", "keep": {}})
    for plan in assignment(NAME).tasks[:6]:
        for value in values:
            result = judge(plan, LocalAnswer(lambda *given, value=value: value), variant("alice"), "seed")
            assert result.earned == 0, (plan.id, value)


def lost_by(task: str, student: str, old: str, new: str) -> dict[str, str]:
    more = {"def challenge(verifier):": f"{HELPERS}\n\ndef challenge(verifier):"}
    return solving.lost_by(NAME, task, student, {old: new} | more)


@pytest.mark.parametrize("student", few(BOTH, BOTH[0]))
@pytest.mark.parametrize(
    ("task", "parts", "old", "new"), [pytest.param(*each[1:], id=f"{each[1]} {each[0]}") for each in MUTANTS]
)
def test_each_mistake_costs_its_part_and_no_other(task, parts, old, new, student):
    lost = lost_by(task, student, old, new)
    assert set(lost) == set(parts.split()), lost


def test_the_two_authenticate_differently_so_that_both_ways_are_tried():
    methods = {my_app(variant(each))["token_endpoint_auth_method"] for each in BOTH}
    assert methods == {"client_secret_basic", "client_secret_post"}


def test_basic_without_form_encoding_is_refused_and_told():
    basic = next(
        each
        for each in STUDENTS
        if my_app(variant(each))["token_endpoint_auth_method"] == "client_secret_basic"
    )
    old = "{quote_plus(app['client_id'])}:{quote_plus(app['client_secret'])}"
    assert (
        "form-encoded" in lost_by("a4.4", basic, old, "{app['client_id']}:{app['client_secret']}")["client"]
    )


def test_every_part_of_the_client_has_a_mistake_that_costs_it_alone():
    alone = {(task, parts) for _, task, parts, *_ in MUTANTS}
    shared = {(task, part) for _, task, parts, *_ in MUTANTS for part in parts.split()}
    client = [task for task in assignment(NAME).tasks if not task.name.startswith("fault")]
    wanted = {(task.id, part.id) for task in client for part in task.parts}
    assert wanted <= shared
    assert wanted - alone == {("a4.1", "own"), ("a4.6", "login"), ("a4.6", "csrf"), ("a4.6", "stolen")}


@pytest.mark.long
def test_what_a_hidden_part_says_gives_no_input_away():
    secret = my_app(variant("alice"))["client_secret"]
    for _, task, _, old, new in MUTANTS[::3]:
        for words in lost_by(task, "alice", old, new).values():
            assert words
            assert "eyJ" not in words
            assert secret not in words


# The network


def test_somebody_logs_in_on_the_network_and_what_was_said_is_shown(official, capsys):
    trace = try_login(official["alice"]["client"], variant("alice"), "bob")
    shown = capsys.readouterr().out
    assert shown.startswith("Hello bob.\n")
    assert "POST /token → 200" in shown
    assert len(trace) == 4


@pytest.mark.parametrize(
    "value", [None, 7, {}, {"go": "x"}, {"go": "https://[", "keep": {}}, {"go": 5, "keep": {}}]
)
def test_a_client_that_is_none_is_told_and_raises_nothing(value, capsys):
    try_login(lambda event, keep: value, variant("alice"))
    assert "did not answer" in (shown := capsys.readouterr().out) or "It stopped" in shown


def test_the_careless_server_is_careless_so_that_there_the_nonce_is_what_stops_mallory(official):
    space = official["alice"]
    for without, status in (((), 400), (CARELESS, 200)):
        place = Place(variant("alice"), "x", without)
        begun = space["start"]()
        code = dict(parse_qsl(urlsplit(place.log_in(begun["url"])).query))["code"]
        request = space["token_request"](code, begun["keep"] | {"verifier": "w" * 43})
        assert place.post(request)["status"] == status


@pytest.mark.parametrize(
    "url", ["https://mallory.example/token", "http://127.0.0.1:1/token", "file:///etc/passwd", "https://["]
)
def test_nothing_of_a_client_is_sent_to_anybody_but_its_server(url):
    with pytest.raises(Refused, match="somebody else"):
        Place(variant("alice")).post({"url": url, "headers": {}, "form": {}})


# The recordings


def test_the_official_reading_finds_each_fault_and_no_other():
    for student in STUDENTS:
        space = solving.names(solving.cells(NAME, student))
        for number, fault in enumerate(("", *FAULTS)):
            found = record(variant(student), number, fault)
            said = list(space["findings"](found.trace))
            assert {each["fault"] for each in said} == ({fault} if fault else set()), (student, fault)
            for each in said:
                assert each["step"] in found.steps
                assert each["value"] == found.value


@pytest.mark.parametrize("student", STUDENTS)
def test_a_recording_says_what_the_labs_network_says(official, student):
    """Paths, methods, and the names of parameters and members, of a real login with the official client."""
    my = variant(student)
    real = {_shape(each) for each in try_login(official[student]["client"], my)}
    ours = {_shape(each) for each in record(my, 1).trace if each.request.path in ("/authorize", "/token")}
    assert len(ours) == 2
    assert ours <= real, ours - real


def _shape(each):
    body = each.response.json
    names = frozenset(name for name, _ in each.request.parameters)
    members = frozenset(body) - {"refresh_token"} if isinstance(body, dict) else frozenset()
    return each.request.path, each.request.method, names, members, each.response.status


def test_every_student_has_a_fault_of_each_family_and_they_are_spread():
    orders, met = set(), set()
    for number in range(60):
        found = recorded(variant(f"student {number}"))
        assert sorted(FAULTS[each.fault].family for each in found.values()) == ["back", "front", "tokens"]
        orders.add(tuple(FAULTS[each.fault].family for each in found.values()))
        met |= {each.fault for each in found.values()}
    assert len(orders) == 6
    assert met == set(FAULTS)


def test_what_is_handed_out_is_a_trace_and_does_not_know_its_fault():
    for trace in my_traces(variant("alice")).values():
        assert type(trace).__name__ == "Trace"
        assert not hasattr(trace, "fault")
        assert json.dumps(trace.to_har())


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_a_guess_earns_no_more_than_what_is_right_in_it(student):
    my = variant(student)
    for number, found in recorded(my).items():
        plan = assignment(NAME).tasks[number + 5]
        for fault in FAULTS:
            answer = {"step": found.steps[0], "fault": fault, "value": "?"}
            assert judge(plan, LocalAnswer(answer), my, "s").earned == (3 if fault == found.fault else 1)
        nothings = ({}, "state", {"step": 1}, {"step": True, "fault": "state", "value": ""}, [1, "state", ""])
        for answer in nothings:
            assert judge(plan, LocalAnswer(answer), my, "s").earned == 0


APPS = {
    "alice": ("maps + x1o5", "client_secret_basic", "https://maps-f81e.example/login/back"),
    "zoë 1": ("notes / 8fm2", "client_secret_basic", "https://notes-7mi5.example/callback"),
}
TRACES = {
    "alice": [
        ("state", (6,), "d8edf82bd4c9"),
        ("wrong-token", (9,), "1c7bfe9ffa7b"),
        ("twice", (6,), "50530ffc587b"),
    ],
    "zoë 1": [
        ("state", (4,), "7dbfa9b3be18"),
        ("expired", (6,), "22f2ad94742a"),
        ("client", (6,), "4530c8f2adbd"),
    ],
}


@pytest.mark.parametrize("student", APPS)
def test_application_and_recordings_are_those_of_before(student):
    """Down to the bytes: what was handed out stays the same, on every machine and every Python."""
    app = my_app(variant(student))
    assert (
        tuple(app[each] for each in ("client_id", "token_endpoint_auth_method", "redirect_uri"))
        == APPS[student]
    )
    found = [
        (each.fault, each.steps, hashlib.sha256(str(each.trace).encode()).hexdigest()[:12])
        for each in recorded(variant(student)).values()
    ]
    assert found == TRACES[student]
