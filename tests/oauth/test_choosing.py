"""Which flow: every path ends in one advice that nothing contradicts, with a source, and with nothing retired."""

from __future__ import annotations

import re
from itertools import product

import pytest

import jwtlab
from jwtlab.errors import UsageError
from jwtlab.exercises import lessons
from jwtlab.oauth.authorization_server import GRANT_TYPES
from jwtlab.oauth.choosing import (
    AVOID,
    BESIDES,
    QUESTIONS,
    ROWS,
    AdviceRow,
    advise,
    flows_cheat_sheet,
    open_rows,
    paths,
)
from jwtlab.oauth.choosing.choosing import next_question
from jwtlab.oauth.choosing.questions import holds
from jwtlab.oauth.choosing.sheet import ALWAYS, NEVER

PATHS = list(paths())
IDS = ["-".join(each.values()) for each in PATHS]
SOURCE = re.compile(r"(RFC \d{4,5}|OpenID Connect Core) §\d+(\.\d+)*")
RETIRED = {"password", "token", "implicit"}
"""Grant and response types that RFC 9700 §2.1.2 and §2.4 retire."""


def sections() -> list[str]:
    rows = [*ROWS.values(), *AVOID.values(), *BESIDES.values()]
    return [one for row in rows for one in row.spec] + [spec for _, spec in ALWAYS]


@pytest.mark.parametrize("answers", PATHS, ids=IDS)
def test_every_path_ends_in_one_row(answers):
    assert [row.id for row in ROWS.values() if holds(row.when, answers)] == [advise(**answers).row.id]
    assert open_rows(answers) == (advise(**answers).row,)


@pytest.mark.parametrize("answers", PATHS, ids=IDS)
def test_no_advice_contradicts_itself(answers):
    """Nothing that is to be left is advised, no condition is said twice, and each sentence has a source."""
    advice = advise(**answers)
    assert len({each.id for each in advice.avoid}) == len(advice.avoid) > 0
    assert len({each.text for each in advice.besides}) == len(advice.besides)
    assert advice.row.spec
    assert all(each.spec and each.why for each in advice.avoid)
    assert all(each.spec for each in advice.besides)
    said = " ".join([advice.row.flow, advice.row.tokens, *(each.text for each in advice.besides)])
    assert "localStorage" not in said
    assert "password" not in said.lower()
    if advice.row.client_type == "public":
        assert advice.row.shows == "none"
        assert "mutual TLS" not in said
    if answers["who"] == "nobody":
        assert "refresh token" not in said.replace("No refresh token", "")
        assert "ID token" not in said


def test_nothing_retired_is_ever_advised():
    for row in ROWS.values():
        assert row.grant_type not in RETIRED, row.id
        assert not RETIRED & set(row.response_type.split()), row.id
        assert "code_challenge" in row.flow or not row.response_type or "PKCE" in row.flow, row.id
        assert row.client_type in ("public", "confidential")
        assert (row.response_type == "code") is (row.grant_type == "authorization_code")


def test_every_grant_is_one_that_the_lab_plays():
    assert {row.grant_type for row in ROWS.values()} - {""} <= {
        each.id for each in GRANT_TYPES if not each.retired
    }


def test_every_row_answer_avoid_and_besides_is_reached():
    reached = [advise(**each) for each in PATHS]
    assert {each.row.id for each in reached} == set(ROWS)
    assert {one.id for each in reached for one in each.avoid} | set(NEVER) == set(AVOID)
    assert {one.id for each in reached for one in each.besides} == set(BESIDES)
    said = {pair for each in PATHS for pair in each.items()}
    assert said == {(name, choice.id) for name, each in QUESTIONS.items() for choice in each.choices}


def test_conditions_name_questions_and_answers_that_there_are():
    for each in (*ROWS.values(), *BESIDES.values(), *QUESTIONS.values()):
        for name, allowed in each.when.items():
            assert set(allowed) <= {choice.id for choice in QUESTIONS[name].choices}, each.id


@pytest.mark.parametrize("source", sorted(set(sections())))
def test_every_source_names_a_section(source):
    assert SOURCE.fullmatch(source)


def test_every_advice_names_lessons_that_there_are_and_each_lesson_of_part_5_that_plays_a_flow_is_named():
    named = [advise(**each).lessons for each in PATHS]
    assert all(len(set(each)) == len(each) > 0 for each in named)
    every = {number for each in named for number in each}
    assert every <= set(lessons())
    assert every >= {"41", "42", "43", "44", "45", "46"}


@pytest.mark.parametrize("answers", PATHS, ids=IDS)
def test_strangers_and_tool_servers_are_sent_to_their_lesson_and_nobody_else_is(answers):
    meets = answers.get("wants") == "met" or answers["who"] == "caller"
    assert ("46" in advise(**answers).lessons) is meets
    if answers.get("wants") == "met":
        text = str(advise(**answers))
        assert "resource" in text
        assert "(RFC 9728 §3.3" in text


def test_no_way_is_longer_than_the_lesson_says_and_no_line_wider_than_a_narrow_window():
    assert max(map(len, PATHS)) == 6
    assert max(len(line) for each in PATHS for line in str(advise(**each)).splitlines()) <= 84


def test_rows_that_are_left_shrink_to_those_that_can_still_be_reached():
    for path in PATHS:
        for count in range(len(path)):
            begun = dict(list(path.items())[:count])
            assert {row.id for row in open_rows(begun)} == {advise(**each).row.id for each in paths(begun)}


def test_questions_that_nobody_would_ask_are_not_asked():
    assert next_question({"who": "nobody"}).id == "proof"
    assert "wants" not in {name for each in paths({"who": "nobody"}) for name in each}
    assert all(len(each) <= 6 for each in PATHS)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "who"),
        ({"who": "robot"}, "person, nobody, caller"),
        ({"colour": "blue"}, "there is no question 'colour'"),
        ({"who": 3}, "a number"),
        ({"who": "nobody"}, "proof"),
        ({"who": "nobody", "proof": "key", "stakes": "some", "runs": "phone"}, "runs is not asked"),
    ],
)
def test_answers_that_do_not_fit_are_told(answers, said):
    with pytest.raises(UsageError, match=said):
        advise(**answers)


def test_advice_reads_as_text():
    text = str(advise(who="person", runs="browser", backend="no", wants="own", absent="yes", stakes="high"))
    assert "careful: A page that is closed does nothing." in text
    assert "(RFC 10017 §6.3" in text


def test_a_further_row_that_overlaps_is_noticed():
    """The tests above could fail: a row that takes another's answers makes two."""
    double = AdviceRow(**{**vars(ROWS["device"]), "id": "double"})
    fits = [
        row
        for row in (*ROWS.values(), double)
        if holds(row.when, PATHS[IDS.index("person-device-login-some")])
    ]
    assert len(fits) == 2


def test_sheet_holds_every_row_and_nothing_from_elsewhere(tmp_path):
    sheet = jwtlab.flows_cheat_sheet()
    for text in (sheet.html, sheet._repr_html_()):
        for row in ROWS.values():
            for part in (row.title, row.flow, row.tokens):
                assert part.replace("'", "&#39;") in text
        assert all(AVOID[each].title.replace("'", "&#39;") in text for each in NEVER)
        assert not re.search(r"<(script|img|link|iframe)|https?:|url\(", text)
    assert "@page { size: A4 landscape" in sheet.html
    file = tmp_path / "flows.html"
    flows_cheat_sheet(file)
    assert file.read_text("utf-8") == sheet.html
    assert str(sheet).count("\n") == len(ROWS) - 1
    with pytest.raises(UsageError, match="cannot be written"):
        flows_cheat_sheet(tmp_path / "nowhere" / "flows.html")


@pytest.mark.browser
def test_sheet_is_one_page_on_paper(chromium_path, tmp_path):
    from playwright.sync_api import sync_playwright

    file = flows_cheat_sheet().save(tmp_path / "flows.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page()
        page.goto(file.as_uri())
        for size in ({"prefer_css_page_size": True}, {"format": "Letter", "landscape": True}):
            paper = page.pdf(**size)
            assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()


def test_combinations_without_order_are_all_known():
    """However answers are combined, `advise` says what is missing or too much, and never fails otherwise."""
    names = ("who", "runs", "proof", "owner", "stakes")
    for values in product(*([None, *(choice.id for choice in QUESTIONS[name].choices)] for name in names)):
        answers = {name: value for name, value in zip(names, values, strict=True) if value}
        try:
            assert advise(**answers).row
        except UsageError as error:
            said = str(error)
            assert "still to be answered" in said or "is not asked" in said
