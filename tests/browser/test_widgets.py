"""Every widget, used in Chromium as a learner uses it."""

from __future__ import annotations

import re

import pytest
from jupyter import Page
from playwright.sync_api import expect

import jwtlab
from jwtlab.widgets.cards import LessonHead
from jwtlab.widgets.view import View

pytestmark = [pytest.mark.browser, pytest.mark.long]
lab = jwtlab.Lab()

CELL = """
import jwtlab
from jwtlab.board.card import BoardCard
from jwtlab.board.membership import Membership
from jwtlab.board.learner import Reporter
from jwtlab.classroom.button import submission_button
from jwtlab.widgets import *
lab = jwtlab.Lab()
token = lab.token("alice", admin=False)
"""

WIDGETS = {
    "inspector": "TokenInspector(token, key=lab.key('ES256').public(), lab=lab)",
    "bench": "VerifierBench(token, lab=lab, examples={'as issued': token, 'cut': token.rpartition('.')[0] + '.'})",
    "builder": "TokenBuilder(lab=lab)",
    "stepper": "SignatureStepper(alg='HS256', lab=lab)",
    "attack": "AttackBench('key-confusion')",
    "crack": "CrackBench(lab=lab)",
    "flow": "FlowStepper()",
    "chooser": "FlowChooser()",
    "trace": "TraceReader()",
    "scoreboard": "scoreboard(lambda token: jwtlab.decode(token).claims)",
    "quiz": "Quiz('01')",
    "predict": "Predict('01.p1')",
    "map": "LessonMap()",
    "glossary": "Glossary()",
    "why": "WhyIndex()",
    "issuer": "IssuerExplorer('http://127.0.0.1:9')",
    "submission": "submission_button('a1_tokens')",
    "board": "BoardCard(Reporter(Membership('http://127.0.0.1:9', 'word', 'alice', 'secret')))",
}
"""In a lab at whose discard port nobody listens: an issuer and a board that cannot be reached."""


def test_every_widget_is_shown():
    room = {}
    exec(CELL, room)
    shown = {kind for code in WIDGETS.values() for kind in type(eval(code, room)).__mro__}
    named = {kind for kind in View.__subclasses__() if kind.__module__.startswith("jwtlab")}
    assert named - shown == {LessonHead}  # a lesson's first output, which asks nothing


def write(folder, name: str, *cells: str) -> str:
    """A notebook of these cells in the lab's folder."""
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)
    return name


@pytest.fixture(scope="module")
def bench(shared_page, server):
    """One notebook with one kernel for all tests of this file: the first cell has run, the second is for widgets."""
    shared_page.close_all()
    shared_page.open_beside(write(server.folder, "try.ipynb", CELL, "lab.now"))
    shared_page.run_all()
    yield shared_page
    shared_page.close_all()


@pytest.fixture
def show(bench):
    """``show(name) -> (page, widget)``: this one widget, in a world of its own."""
    bench.errors.clear()
    bench.foreign.clear()

    def make(name: str):
        bench.command("docmanager:open", {"path": "try.ipynb"})
        bench.type_and_run({1: f"lab = jwtlab.Lab()\n{WIDGETS[name]}"})
        widget = bench.page.locator(".jp-OutputArea-output .jwtlab")
        expect(widget).to_have_count(1)
        return bench, widget

    return make


def test_inspector_explains_while_one_types(show):
    page, widget = show("inspector")
    editor = widget.get_by_role("textbox", name="Token")
    expect(widget.get_by_text("Accepted")).to_be_visible()
    expect(widget.get_by_text("whom it is about")).to_be_visible()

    editor.press("End")
    editor.press("ControlOrMeta+End")
    editor.type("=")
    expect(widget.get_by_text(re.compile("leaves the padding off"))).to_have_count(2)
    expect(widget.get_by_text("Refused")).to_be_visible()
    assert editor.evaluate("node => node === document.activeElement")
    assert editor.evaluate("node => node.selectionStart === node.value.length")

    editor.fill(lab.token("bob", alg="RS256"))
    expect(widget.get_by_text("bob", exact=True)).to_be_visible()
    editor.fill("one.two.three.four.five")
    said = widget.get_by_role("region", name="What the token says")
    expect(said.get_by_text(re.compile("this is a JWE"))).to_be_visible()
    editor.fill("")
    expect(said.get_by_text(re.compile("there is nothing here"))).to_be_visible()
    assert page.complaints() == []


def test_inspector_colours_at_once_and_reads_any_key(show):
    page, widget = show("inspector")
    editor = widget.get_by_role("textbox", name="Token")
    key = widget.get_by_role("textbox", name=re.compile("^Key"))
    editor.fill(lab.token(alg="HS256"))
    key.fill("not the secret")
    expect(widget.get_by_text(re.compile("112 bits"))).to_have_count(2)
    expect(widget.get_by_text("Refused")).to_be_visible()
    key.fill(jwtlab.base64url.encode(lab.key("HS256").secret))
    widget.get_by_role("button", name="base64url").click()
    expect(widget.get_by_text("Accepted")).to_be_visible()
    assert page.complaints() == []


def test_inspector_shows_hostile_text_as_text(show):
    page, widget = show("inspector")
    evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
    token = jwtlab.issue(
        {"sub": evil, evil: 1}, lab.key("ES256"), alg="ES256", header={"kid": evil, evil: evil}
    )
    editor = widget.get_by_role("textbox", name="Token")
    for text in (token, evil, f"{evil}.{evil}.{evil}", f"</textarea>{evil}"):
        editor.fill(text)
        expect(editor).to_have_value(text)
        page.page.wait_for_timeout(300)
    editor.fill(token)
    expect(widget.get_by_text(evil).first).to_be_visible()
    assert page.page.evaluate("() => window.pwned") is None
    assert widget.locator("img, script").count() == 0
    assert page.complaints() == []


def test_inspector_survives_a_megabyte(show):
    page, widget = show("inspector")
    editor = widget.get_by_role("textbox", name="Token")
    said = widget.get_by_role("region", name="What the token says")
    editor.fill("e" * 1_000_000)
    expect(said.get_by_text(re.compile("the limit is 65,536"))).to_be_visible()
    many = {f"claim{number}": number for number in range(10_000)}
    editor.fill(jwtlab.issue(many, lab.key("ES256"), alg="ES256"))
    expect(said.get_by_text(re.compile("the limit is 65,536"))).to_be_visible()
    editor.fill(lab.token("carol"))
    expect(widget.get_by_text("carol", exact=True)).to_be_visible()
    assert page.complaints() == []


def test_bench_switches_checks_and_moves_time(show):
    page, widget = show("bench")
    expect(widget.get_by_text("Accepted")).to_be_visible()
    clock = widget.get_by_role("slider", name=re.compile("What time"))
    clock.focus()
    clock.press("End")
    expect(widget.get_by_text("Refused")).to_be_visible()
    expect(widget.get_by_text(re.compile("Ask for a new token; do not raise the leeway"))).to_be_visible()
    switch = widget.get_by_role("switch", name="Check: Not expired")
    switch.uncheck()
    expect(widget.get_by_text("Accepted by a weakened verifier")).to_be_visible()
    expect(widget.get_by_text(re.compile("1 switched off")).first).to_be_visible()
    widget.get_by_role("button", name="All on").click()
    expect(widget.get_by_text("30 checks passed, 3 not asked")).to_be_visible()
    expect(switch).to_be_checked()

    widget.get_by_role("button", name="cut").click()
    expect(widget.get_by_text(re.compile("the signature has 0 bytes"))).to_be_visible()
    widget.get_by_role("switch", name="Check: The signature matches").uncheck()
    expect(widget.get_by_text("Accepted by a weakened verifier")).to_be_visible()
    widget.get_by_role("spinbutton", name="leeway in seconds").fill("60")
    expect(widget.get_by_text("Accepted by a weakened verifier")).to_be_visible()
    assert page.complaints() == []


def test_bench_is_operable_by_keyboard(show):
    page, widget = show("bench")
    group = widget.locator("summary").filter(has_text="Signature")
    group.focus()
    page.page.keyboard.press("Enter")
    switch = widget.get_by_role("switch", name="Check: The signature matches")
    expect(switch).to_be_visible()
    switch.focus()
    page.page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(widget.get_by_text(re.compile("1 switched off")).first).to_be_visible()
    assert switch.evaluate("node => node === document.activeElement")
    assert page.complaints() == []


def test_builder_signs_and_explains_what_may_not_be(show):
    page, widget = show("builder")
    token = widget.get_by_label("The signed token")
    before = token.inner_text()
    widget.get_by_role("textbox", name="claim value sub").fill("bob")
    expect(token).not_to_have_text(before)
    widget.get_by_role("button", name="+ nbf").click()
    expect(widget.get_by_text("before when it is not yet valid")).to_be_visible()
    widget.get_by_role("combobox", name="Algorithm").select_option("RS256")
    expect(widget.get_by_text("RSASSA-PKCS1-v1_5 with SHA-256")).to_be_visible()
    widget.get_by_role("combobox", name="Key").select_option("public")
    expect(widget.get_by_text("Not signed")).to_be_visible()
    expect(widget.get_by_text(re.compile("RS256 takes an RSA key"))).to_be_visible()
    assert page.complaints() == []


def test_stepper_steps_and_marks_what_changes(show):
    page, widget = show("stepper")
    for _ in range(8):
        widget.get_by_role("button", name="Next ▶").click()
    expect(widget.get_by_text("step 9 of 9")).to_be_visible()
    expect(widget.get_by_role("button", name="Next ▶")).to_be_disabled()
    widget.get_by_role("button", name="◀ Back").click()
    expect(widget.get_by_text("step 8 of 9")).to_be_visible()
    widget.get_by_role("textbox", name=re.compile("Change sub")).fill("alicf")
    expect(widget.get_by_text(re.compile("of 43 changed"))).to_be_visible()
    assert len("".join(widget.locator(".jl-bytes mark").all_inner_texts())) > 30  # neighbours share a mark
    widget.get_by_role("combobox", name="Algorithm").select_option("ES256")
    expect(widget.get_by_text("Compute the two numbers r and s").first).to_be_visible()
    widget.get_by_role("button", name="Undo").click()
    expect(widget.locator(".jl-bytes mark")).to_have_count(0)
    assert page.complaints() == []


def test_attack_bench_shows_both_sides(show):
    page, widget = show("attack")
    expect(widget.get_by_text("Accepts the forgery")).to_be_visible()
    expect(widget.get_by_text("✕ Refused", exact=True)).to_be_visible()
    widget.get_by_role("combobox", name="Attack").select_option("expired")
    expect(widget.get_by_text("A token from last year")).to_be_visible()
    widget.get_by_role("combobox", name="Variant").select_option("missing")
    widget.get_by_role("combobox", name="Goal").select_option("become Alice")
    expect(widget.get_by_text('and reads sub = "alice"')).to_be_visible()
    switch = widget.get_by_role("switch", name="Check: It has an expiry date")
    switch.uncheck()
    expect(widget.get_by_text("Accepts the forgery")).to_have_count(2)
    widget.get_by_role("button", name="All checks on").click()
    expect(switch).to_be_checked()
    widget.get_by_role("button", name="the good token").click()
    expect(widget.get_by_text("Every check passed.")).to_be_visible()
    assert page.complaints() == []


def test_crack_bench_finds_stops_and_explains(show):
    page, widget = show("crack")
    widget.get_by_role("button", name="▶ Start").click()
    expect(widget.get_by_text("The secret is 'changeme'.")).to_be_visible()
    widget.get_by_role("combobox", name="Words").select_option("all words of 5 small letters")
    widget.get_by_role("button", name="▶ Start").click()
    expect(widget.get_by_text(re.compile(r"\d\d,\d\d\d words tried"))).to_be_visible()
    widget.get_by_role("button", name="■ Stop").click()
    expect(widget.get_by_text("■ Stopped")).to_be_visible()
    expect(widget.get_by_text("256 random bits")).to_be_visible()
    widget.get_by_role("textbox", name="Token to crack").fill(lab.token())
    widget.get_by_role("button", name="▶ Start").click()
    expect(widget.get_by_text(re.compile("only HS256, HS384 and HS512"))).to_be_visible()
    assert page.complaints() == []


def test_quiz_explains_wrong_and_right_answers(show):
    page, widget = show("quiz")
    widget.get_by_role("radio", name=re.compile("^The payload")).check()
    expect(widget.get_by_text("Whoever gets hold of the token can read the payload.")).to_be_visible()
    expect(widget.get_by_text("0 of 3 right")).to_be_visible()
    widget.get_by_role("radio", name="None of them").check()
    expect(widget.get_by_text("1 of 3 right")).to_be_visible()
    expect(widget.get_by_text("Whoever gets hold of the token can read the payload.")).to_have_count(0)
    assert page.complaints() == []


def test_predict_and_map_with_reset(show):
    page, widget = show("predict")
    widget.get_by_role("radio", name="Only whoever has the key").check()
    expect(widget.get_by_text(re.compile("Reading needs no key at all"))).to_be_visible()
    assert page.complaints() == []

    page, widget = show("map")
    expect(widget.get_by_text("The lessons as a list")).to_be_visible()
    widget.get_by_role("button", name="Reset").click()
    widget.get_by_role("button", name="Keep it").click()
    expect(widget.get_by_role("button", name="Reset")).to_be_visible()
    assert page.complaints() == []


def test_a_lesson_of_the_map_opens_as_a_tab(show, server):
    page, widget = show("map")
    write(server.folder, "05_verifying.ipynb", "'fifth lesson'")
    widget.locator("a.jl-stop[data-lesson='05_verifying.ipynb']").click()
    tab = page.page.locator(".lm-TabBar-tabLabel", has_text="05_verifying.ipynb")
    expect(tab).to_have_count(1)
    expect(page.page.locator(".lm-TabBar-tabLabel", has_text="try.ipynb")).to_have_count(1)  # still there
    assert page.complaints() == []


def test_no_title_on_the_map_leaves_its_box(show):
    _, widget = show("map")
    beyond = widget.locator(".jl-map .stop").evaluate_all(
        "all => all.filter(stop => { const box = stop.querySelector('rect').getBoundingClientRect();"
        " return [...stop.querySelectorAll('text')].some(text => { const drawn = text.getBoundingClientRect();"
        " return drawn.right > box.right - 2 || drawn.bottom > box.bottom; }); }).map(stop => stop.textContent)"
    )
    assert beyond == []


def test_glossary_finds_while_one_types(show):
    page, widget = show("glossary")
    field = widget.get_by_role("searchbox")
    field.type("redirect_u")
    expect(widget.locator(".jl-term")).to_have_count(1)
    assert field.evaluate("node => node === document.activeElement")
    expect(widget.get_by_role("link", name="RFC 9700 §4.1.3")).to_be_visible()
    field.fill("")
    expect(widget.locator(".jl-term")).not_to_have_count(1)
    assert page.complaints() == []


@pytest.fixture(scope="module")
def gallery(browser, server):
    """All widgets below each other, in a JupyterLab of their own."""
    context = browser.new_context(viewport={"width": 1400, "height": 2400}, reduced_motion="reduce")
    page = Page(context.new_page(), server)
    page.listen()
    page.open(write(server.folder, "try_all.ipynb", CELL, *WIDGETS.values()))
    page.run_all()
    yield page
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [900, 1400])
def test_widgets_fit_and_have_their_picture_taken(gallery, screenshots, theme, width):
    page = gallery
    page.page.set_viewport_size({"width": width, "height": 2400})
    page.choose_theme(theme)
    shown = page.page.locator(".jp-OutputArea-output .jwtlab")
    expect(shown).to_have_count(len(WIDGETS))
    for name, widget in zip(WIDGETS, shown.all(), strict=True):
        assert widget.bounding_box()["width"] > 300
        wide = widget.evaluate("node => node.scrollWidth > node.clientWidth + 1")
        assert not wide, f"{name} is wider than its place at {width} pixels"
        nameless = widget.locator("input, select, textarea, button").evaluate_all(
            "all => all.filter(node => !(node.labels?.length || node.ariaLabel || node.textContent.trim()))"
            ".map(node => node.outerHTML)"
        )
        assert nameless == [], name
        widget.scroll_into_view_if_needed()
        widget.screenshot(path=screenshots / f"{name}-{theme}-{width}.png")
    assert page.complaints() == []


def test_a_trace_is_read_by_keyboard_alone(show):
    page, widget = show("trace")
    expect(widget.get_by_text("message 1 of 5")).to_be_visible()
    following = widget.get_by_role("button", name="Next ▶")
    following.focus()
    for number in range(2, 6):
        page.page.keyboard.press("Enter")
        expect(widget.get_by_text(f"message {number} of 5")).to_be_visible()
    claim = widget.get_by_role("button", name=re.compile("is the first wrong one"))
    claim.focus()
    page.page.keyboard.press("Enter")
    expect(widget.get_by_text("It has gone wrong before that")).to_be_visible()
    back = widget.get_by_role("button", name="◀ Back")
    back.focus()
    for number in range(4, 0, -1):
        page.page.keyboard.press("Enter")
        expect(widget.get_by_text(f"message {number} of 5")).to_be_visible()
    claim.focus()
    page.page.keyboard.press("Enter")
    for name in ("The login comes back to the host where it began", "Use one name everywhere"):
        radio = widget.get_by_role("radio", name=name)
        radio.focus()
        page.page.keyboard.press("Space")
        expect(radio).to_be_checked()
    expect(widget.get_by_text("Found and mended.")).to_be_visible()
    widget.locator("select").select_option("slash")
    expect(widget.get_by_text("message 1 of 3")).to_be_visible()
    expect(widget.get_by_text("1 of 12 solved")).to_be_visible()
    assert page.complaints() == []


def test_flow_is_stepped_changed_and_attacked(show):
    page, widget = show("flow")
    expect(widget.get_by_text("message 1 of 11")).to_be_visible()
    following = widget.get_by_role("button", name="Next ▶")
    following.click()
    expect(widget.get_by_text("message 2 of 11")).to_be_visible()
    widget.get_by_label("redirect_uri", exact=True).fill("https://mallory.example/")
    expect(widget.get_by_role("button", name="Put it back")).to_be_visible()
    following.click()
    expect(widget.get_by_text("Here the flow ends.")).to_be_visible()
    expect(widget.get_by_text("expected", exact=False).first).to_be_visible()
    widget.get_by_role("button", name="Reset").click()
    expect(widget.get_by_text("message 1 of 11")).to_be_visible()
    following.focus()
    for number in range(2, 5):  # by keyboard: the focus stays on the button
        page.page.keyboard.press("Enter")
        expect(widget.get_by_text(f"message {number} of 11")).to_be_visible()
    shown = widget.frame_locator("iframe.jl-page")
    expect(shown.get_by_role("heading", name="Allow Notes app?")).to_be_visible()
    widget.get_by_role("button", name="Run to end").click()
    expect(widget.get_by_text("The flow is over.")).to_be_visible()
    widget.get_by_label("Attack").select_option("code-interception")
    widget.get_by_role("button", name="Run to end").click()
    expect(widget.get_by_text("Mallory has what she wanted.")).to_be_visible()
    widget.get_by_role("button", name="sound world").click()
    widget.get_by_role("button", name="Run to end").click()
    expect(widget.get_by_text("Mallory goes away with nothing.")).to_be_visible()
    assert not page.errors
    assert not page.foreign


def test_a_check_switched_off_in_the_list_counts(show):
    page, widget = show("flow")
    widget.get_by_text("Everybody's checks").click()
    group = widget.locator("details.inner", has_text="authorization request").first
    group.locator("summary").click()
    group.get_by_role("switch", name="Check: The code is bound to a secret of the one who asks").click()
    expect(widget.get_by_text("1 switched off")).to_be_visible()
    widget.get_by_role("button", name="Next ▶").click()
    widget.get_by_role("button", name="Take out code_challenge", exact=True).click()
    widget.get_by_role("button", name="Next ▶").click()
    expect(widget.get_by_text("message 3 of 11")).to_be_visible()
    assert not page.errors


def test_a_message_is_looked_at_by_a_click_into_the_diagram_and_its_checks_are_announced(show):
    page, widget = show("flow")
    following = widget.get_by_role("button", name="Next ▶")
    for number in range(2, 7):
        following.click()
        expect(widget.get_by_text(f"message {number} of 11")).to_be_visible()
    coming = widget.get_by_text("Authorization server will check")
    expect(coming).to_be_visible()
    expect(widget.get_by_text("Basic is not encrypted.")).to_be_visible()
    rule = widget.get_by_text("Whoever redeems it has asked for it (PKCE)").first
    expect(rule).not_to_be_visible()
    coming.click()
    expect(rule).to_be_visible()
    widget.get_by_role("button", name="Look at message 2", exact=True).click()
    expect(
        widget.get_by_text("Message 2 · Alice's browser → Authorization server", exact=True)
    ).to_be_visible()
    expect(widget.get_by_text("About to be sent")).not_to_be_visible()
    widget.get_by_role("button", name="Look at message 6", exact=True).click()
    expect(widget.get_by_text("About to be sent")).to_be_visible()
    assert not page.errors


def test_every_click_counts_however_fast_they_come(show):
    page, widget = show("flow")
    following = widget.get_by_role("button", name="Next ▶")
    following.evaluate("button => { for (let count = 0; count < 5; count += 1) button.click(); }")
    expect(widget.get_by_text("message 6 of 11")).to_be_visible()
    assert not page.errors
