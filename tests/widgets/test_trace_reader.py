"""TraceReader: the first wrong message, the check, the mend; and a recording of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from page import Page

from jwtlab import Lab, UsageError
from jwtlab.oauth import agents
from jwtlab.oauth.mishaps import MISHAPS
from jwtlab.oauth.reading.judging import LOGIN_CHECKS
from jwtlab.widgets import TraceReader

sys.path.insert(0, str(Path(__file__).parents[1] / "reading"))
from hars import APP, AS, entry, har, login


def options(reader, target):
    rows = {"check": reader._checks, "mend": reader._mends}[target]()
    right = next(index for index, row in enumerate(rows) if row.right)
    return right, next(index for index, row in enumerate(rows) if not row.right), rows


def solve(reader):
    reader.act("look", MISHAPS[reader.id].messages[0])
    reader.act("here")
    for target in ("check", "mend"):
        reader.act("answer", str(options(reader, target)[0]), target)


@pytest.mark.parametrize("id", MISHAPS)
def test_every_login_can_be_solved_and_tells_its_cause_only_then(id):
    reader, mishap = TraceReader(id), MISHAPS[id]
    assert mishap.story in Page(reader.html).text
    for hidden in (mishap.cause, "What went wrong", *(mend.text for mend in mishap.mends)):
        assert hidden not in Page(reader.html).text
    assert 'class="flag' not in reader.html
    solve(reader)
    text = Page(reader.html).text
    assert mishap.cause in text
    assert "What went wrong" in text
    assert reader.solved == {id}
    assert 'class="flag bad' in reader.html


def test_a_message_that_is_red_because_of_one_inside_it_is_not_called_sound():
    reader = TraceReader("two-tabs")
    reader.act("look", 14)  # the application's page, refused after the refresh of message 16
    reader.act("here")
    assert "It asks rightly" in Page(reader.html).text
    assert "as it should be" not in Page(reader.html).text
    reader.act("look", 15)  # the API refuses an old token, and nothing is wrong with that
    reader.act("here")
    assert "Everything in it is as it should be" in Page(reader.html).text


@pytest.mark.parametrize("id", MISHAPS)
def test_every_other_message_check_and_mend_is_wrong_and_says_why(id):
    reader, mishap = TraceReader(id), MISHAPS[id]
    said = set()
    for number in range(1, len(reader.recording.trace) + 1):
        if number not in mishap.messages:
            reader.act("look", number)
            reader.act("here")
            said.add(reader._said())
            assert not reader._found_message()
            assert reader._said() in Page(reader.html).text
    assert said
    assert all(len(each) > 20 for each in said)
    reader.act("look", mishap.messages[0])
    reader.act("here")
    right, _, rows = options(reader, "check")
    assert len(rows) == 4
    assert len({row.text for row in rows}) == 4
    for index, row in enumerate(rows):
        if index != right:
            reader.act("answer", index, "check")
            assert row.why in Page(reader.html).text
            assert not reader._found_check()
    reader.act("answer", right, "check")
    right, _, rows = options(reader, "mend")
    for index, row in enumerate(rows):
        if index != right:
            reader.act("answer", index, "mend")
            assert row.why in Page(reader.html).text
            assert not reader.solved


def test_order_of_the_questions_cannot_be_skipped():
    reader = TraceReader("slash")
    for target in ("check", "mend"):
        reader.act("answer", options(reader, target)[0], target)
    assert not reader.solved
    assert "2. Which check" not in Page(reader.html).text


def test_all_twelve_with_a_choice_keep_their_answers():
    reader = TraceReader()
    assert [each.id for each in reader.choices] == list(MISHAPS)
    solve(reader)
    reader.act("login", "two-tabs")
    assert (reader.id, reader.shown) == ("two-tabs", 1)
    assert "1 of 12 solved" in Page(reader.html).text
    reader.act("login", "lost-host")
    assert MISHAPS["lost-host"].cause in Page(reader.html).text
    reader.act("login", "nothing")
    assert reader.id == "lost-host"


def test_messages_by_buttons_and_by_the_diagram():
    reader = TraceReader("slow-clock")
    assert "Date:" in Page(reader.html).text
    for _ in range(20):
        reader.act("next")
    assert reader.shown == len(reader.recording.trace)
    for _ in range(20):
        reader.act("back")
    assert reader.shown == 1
    reader.act("look", "3")
    assert "Message 3" in Page(reader.html).text
    for odd in ("x", None, -1, "99999999999", 0.5, [], "²", "٣"):
        reader.act("look", odd)
        reader.act("answer", odd, "check")
        reader.act("answer", odd, "nothing")
        reader.act("login", odd)
    assert 1 <= reader.shown <= len(reader.recording.trace)


def test_a_redirect_is_shown_with_its_parameters():
    text = Page(TraceReader("lost-host").html).text
    assert "Location: https://as.example/authorize" in text
    assert "& redirect_uri=http://127.0.0.1:5000/callback" in text


def test_every_control_has_a_name_and_the_keyboard_reaches_what_the_mouse_does():
    reader = TraceReader()
    solve(reader)
    page = Page(reader.html)
    for each in page.all("button", "input", "select"):
        assert each.accessible_name, each
    unreachable = [each for each in page.all("button") if each.attributes.get("tabindex") == "-1"]
    assert all(each.attributes["data-action"] == "look" for each in unreachable)  # Back and Next do the same


def test_same_lab_same_recording():
    one, other = TraceReader("old-nonce"), TraceReader("old-nonce", lab=Lab())
    assert one.html == other.html
    assert str(one.recording.trace) == str(Lab().mishap("old-nonce").trace)


def test_a_trace_of_the_lab_is_read_without_questions():
    lab = Lab()
    reader = TraceReader(lab.flow("authorization-code").run().trace)
    text = Page(reader.html).text
    assert "Which is the first wrong message" not in text
    assert "nothing that can be seen from outside" in text
    assert "Could not be asked" in text


def test_a_trace_of_the_lab_has_nobodys_secrets_and_well_known_places_have_short_names():
    world = Lab().world("tools")
    agents.ToolServer(world)
    shown = Page(TraceReader(agents.connecting(world, agents.TOOLS).run().trace).html).text
    assert "for yourself only" not in shown
    assert "2 · GET metadata" in shown
    assert "GET /.well-kn…" not in shown


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "own.har"
    path.write_text(json.dumps(har(login())), "utf-8")
    return path


def test_a_recording_of_one_s_own(file):
    reader = TraceReader.from_har(file)
    text = Page(reader.html).text
    assert "own.har" in text
    assert "secrets replaced" in text
    assert reader.to_json()["messages"][1]["method"] == "GET"
    assert "wonderland-42" not in reader.html + reader.to_html()
    mine = TraceReader.from_har(str(file), keep_secrets=True)
    mine.act("look", 3)
    assert "wonderland-42" in mine.html
    assert "for yourself only" in Page(mine.html).text


def test_what_is_wrong_leads_to_its_message(tmp_path):
    path = tmp_path / "own.har"
    entries = [*login(), entry(f"{AS}/x?access_token=abc-def-ghi", at=8)]
    path.write_text(json.dumps(har(entries)), "utf-8")
    reader = TraceReader.from_har(path)
    assert "No address carries a token" in Page(reader.html).text
    button = next(each for each in Page(reader.html).all("button") if each.text == "6")
    reader.act(button.attributes["data-action"], button.attributes["data-value"])
    assert reader.shown == 6
    assert 'href="#m6"' in reader.to_html()


def test_markup_in_a_recording_stays_text(tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    entries = [
        *login(),
        entry(f"{APP}/{evil}?redirect_uri={evil}&{evil}=1", answer=[("Location", evil)], body=evil, at=8),
    ]
    path = tmp_path / "own.har"
    path.write_text(json.dumps(har(entries, comment=evil)), "utf-8")
    for keep in (True, False):
        reader = TraceReader.from_har(path, keep_secrets=keep)
        reader.act("look", 6)
        assert "<img" not in reader.html + reader.to_html() + reader.to_svg()
        Page(reader.html)


@pytest.mark.parametrize("odd", ["nothing", "", 5, None, b"x", ["slash"]])
def test_what_is_no_login_is_a_sentence(odd):
    with pytest.raises(UsageError):
        TraceReader(odd)


def test_two_traces_at_once_and_an_empty_one():
    trace = Lab().mishap("slash").trace
    with pytest.raises(UsageError, match="one trace at a time"):
        TraceReader(trace, trace)
    with pytest.raises(UsageError, match="nothing has been said"):
        TraceReader(trace[:0])


def test_the_checks_that_are_offered_are_the_judge_s():
    for mishap in MISHAPS.values():
        assert {mishap.check, *mishap.decoys} <= set(LOGIN_CHECKS.ids)
