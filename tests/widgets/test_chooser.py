"""FlowChooser: every way through the questions ends in an advice that stands on a source; one sheet of paper."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape

from jwtlab import UsageError, exercises
from jwtlab.oauth import choice, protocol
from jwtlab.widgets import FlowChooser, cheat_sheet

SOURCE = r"RFC \d{4}( §[\d.]+)?|OpenID Connect Core §[\d.]+|draft-ietf-oauth-\S+, section .+"
PATHS = list(choice.paths())


def follow(answers):
    """A chooser in which these answers were clicked."""
    chooser = FlowChooser()
    for said in answers:
        asked = chooser._walk()[0][-1][0]
        number = next(n for n, way in enumerate(asked.ways) if way.says == said)
        chooser.act("choose", str(number), asked.id)
    return chooser


def test_every_way_ends_and_every_advice_and_question_is_reached_once():
    ends = [advice.id for _, advice in PATHS]
    assert sorted(ends) == sorted(each.id for each in choice.ADVICE)
    asked = {way.leads for each in choice.QUESTIONS for way in each.ways} & {
        each.id for each in choice.QUESTIONS
    }
    assert asked | {choice.QUESTIONS[0].id} == {each.id for each in choice.QUESTIONS}
    assert len({answers for answers, _ in PATHS}) == len(PATHS)


@pytest.mark.parametrize(("answers", "advice"), PATHS, ids=[advice.id for _, advice in PATHS])
def test_clicks_lead_to_the_advice_of_the_table(answers, advice):
    chooser = follow(answers)
    assert chooser.advice == advice
    assert str(escape(advice.flow)) in chooser.html
    assert chooser.words.endswith(advice.flow)
    for reason in (*advice.do, *advice.avoid):
        assert reason.source in chooser.html
    assert FlowChooser(*(number + 1 for number in chooser.given)).advice == advice
    chooser.close()


@pytest.mark.parametrize("advice", choice.ADVICE, ids=lambda each: each.id)
def test_an_advice_is_whole_and_names_nothing_retired(advice):
    assert advice.grant not in choice.RETIRED
    known = {each.id for each in protocol.GRANT_TYPES} if hasattr(protocol, "GRANT_TYPES") else None
    assert known is None or advice.grant in known
    assert advice.client in ("confidential", "public")
    assert (advice.place == "server" or advice.place == "nowhere") == (advice.client == "confidential")
    sources = [advice.source, *(each.source for each in (*advice.do, *advice.avoid))]
    for source in sources:
        assert re.fullmatch(
            r"RFC \d{4}( §[\d.]+)?|OpenID Connect Core §[\d.]+|draft-ietf-oauth-\S+, section .+", source
        )
    assert advice.do
    assert advice.avoid
    if advice.grant == protocol.AUTHORIZATION_CODE:
        assert any("PKCE" in each.what for each in advice.do), "RFC 9700 §2.1.1 asks for it"
    assert any(lesson in exercises.lessons() for lesson in advice.lessons)


def test_an_earlier_answer_can_be_changed_and_what_follows_is_asked_anew():
    chooser = FlowChooser(1, 1, 2, 1)
    assert chooser.advice.id == "bff"
    chooser.act("choose", "2", "code")
    assert chooser.advice.id == "phone"
    chooser.act("choose", "1", "person")
    assert chooser.advice is None
    chooser.act("again")
    assert chooser.given == ()
    chooser.close()


@pytest.mark.parametrize(
    ("value", "target"),
    [("9", "person"), ("-1", "person"), ("x", "person"), ("", ""), ("0", "backend"), (None, "person")],
)
def test_a_click_that_means_nothing_changes_nothing(value, target):
    chooser = FlowChooser()
    chooser.act("choose", value, target)
    assert chooser.given == ()
    chooser.close()


@pytest.mark.parametrize("ways", [(3,), (0,), (1, 1, 1, 1, 1), (1, 9)])
def test_answers_that_are_not_there_are_a_sentence(ways):
    with pytest.raises(UsageError, match="no answer"):
        FlowChooser(*ways)


def test_without_a_kernel_it_is_read_as_it_stands():
    html = FlowChooser(1, 1, 2, 1)._repr_mimebundle_()[0]["text/html"]
    assert "Authorization code with PKCE, by the backend" in html
    assert "Is a person there" in html


def test_the_sheet_has_every_application_and_is_a_page_that_asks_nobody(tmp_path):
    sheet = cheat_sheet()
    for advice in choice.ADVICE:
        assert advice.title in sheet._repr_html_()
        assert advice.title in repr(sheet)
    page = sheet.save(tmp_path / "flows.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert "size: A4 landscape" in page
    assert not re.search(r"""(src|href)=["']https?:""", page)


@pytest.mark.browser
def test_the_sheet_fits_on_one_sheet_of_paper(chromium_path, tmp_path):
    from playwright.sync_api import sync_playwright

    path = cheat_sheet().save(tmp_path / "flows.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(path.as_uri())
        octets = page.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()
    assert len(re.findall(rb"/Type\s*/Page\b", octets)) == 1
