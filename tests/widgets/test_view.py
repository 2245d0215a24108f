"""Every widget: text stays text, odd messages do no harm, controls have names, pages stay small."""

from __future__ import annotations

import json

import pytest
from page import CONTROLS, Page

import jwtlab
from jwtlab import exercises, widgets
from jwtlab.exercises import Lesson, Option, Progress, Question
from jwtlab.widgets import view

lab = jwtlab.Lab()
EVIL = """</textarea></script><script>x</script><img src=x onerror=x>" autofocus onfocus='x' &lt; {{7*7}}"""
KEY = lab.key("ES256")
EVIL_TOKEN = jwtlab.issue(
    {"sub": EVIL, EVIL: EVIL, "iss": [EVIL]}, KEY, alg="ES256", header={EVIL: EVIL, "kid": EVIL}
)
EVIL_TEXTS = {
    "token": EVIL_TOKEN,
    "no token": EVIL,
    "three parts": f"{EVIL}.{EVIL}.{EVIL}",
    "payload": jwtlab.jws.sign(EVIL.encode(), KEY, alg="ES256"),
    "alg": ".".join(
        [jwtlab.base64url.encode(json.dumps({"alg": EVIL}).encode()), *EVIL_TOKEN.split(".")[1:]]
    ),
}
LONG = "e" * 1_000_000
MANY = {f"claim{number}": number for number in range(10_000)}

MAKE = {
    "inspector": lambda: widgets.TokenInspector(lab.token(), key=KEY.public(), lab=lab),
    "bench": lambda: widgets.VerifierBench(lab=lab, examples={"good": lab.token(), "cut": "a.b"}),
    "builder": lambda: widgets.TokenBuilder(lab=lab),
    "stepper": lambda: widgets.SignatureStepper(lab=lab),
    "quiz": lambda: widgets.Quiz("01"),
    "predict": lambda: widgets.Predict("01.p1"),
    "map": lambda: widgets.LessonMap(),
    "attack": lambda: widgets.AttackBench(),
    "crack": lambda: widgets.CrackBench(),
    "flow": lambda: widgets.FlowStepper(),
    "chooser": lambda: widgets.FlowChooser(),
    "issuer": lambda: widgets.IssuerExplorer(),
    "trace": lambda: widgets.TraceReader(),
    "glossary": lambda: widgets.Glossary(),
    "why": lambda: widgets.WhyIndex(),
}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture(params=MAKE)
def widget(request):
    made = MAKE[request.param]()
    yield made
    made.close()


def harmless(html: str) -> bool:
    """No element or attribute that no template wrote; well-formed as well."""
    page = Page(html)
    names = {element.name for element in page.elements}
    handlers = {
        name for e in page.elements for name in e.attributes if name.startswith("on") or name == "autofocus"
    }
    return not names & {"script", "img", "iframe", "object", "style"} and not handlers


def state(widget: view.View) -> dict:
    return {name: getattr(widget, name) for name in (*widget.watched, "html")}


def test_every_widget_is_here():
    shown = {type(make()).__name__ for make in MAKE.values()}
    assert shown == {name for name in widgets.__all__ if isinstance(getattr(widgets, name), type)}


@pytest.mark.parametrize("make", [widgets.TokenInspector, widgets.VerifierBench, widgets.CrackBench])
@pytest.mark.parametrize("name", EVIL_TEXTS)
def test_hostile_token_stays_text(make, name):
    text = EVIL_TEXTS[name]
    typed = make()
    typed.act("token", text)
    for widget in (make(text), typed):
        page = Page(widget.html)
        assert harmless(widget.html)
        assert page.control("token").text == text


@pytest.mark.parametrize("make", [widgets.TokenInspector, widgets.VerifierBench])
def test_hostile_names_and_values_can_be_read(make):
    names = [element.text for element in Page(make(EVIL_TOKEN).html).all("dt", "span")]
    assert sum(EVIL in text for text in names) >= 2
    assert any(text.startswith(EVIL[:60]) and "more characters" in text for text in names)


def test_hostile_key_stays_text():
    inspector = widgets.TokenInspector(lab.token())
    for text in (EVIL, f'{{"kty":{json.dumps(EVIL)}}}', f'{{"keys":[{{"kty":{json.dumps(EVIL)}}}]}}'):
        inspector.act("key", text)
        assert harmless(inspector.html)
        assert Page(inspector.html).control("key").text == text
    key = jwtlab.Key.from_jwk(KEY.public().to_jwk() | {"kid": EVIL})
    assert harmless(widgets.TokenInspector(lab.token(), key=key).html)
    assert harmless(widgets.VerifierBench(lab.token(), key, issuer=EVIL, audience=EVIL, typ=EVIL).html)


def test_hostile_example_name_stays_text():
    bench = widgets.VerifierBench(examples={EVIL: lab.token()})
    assert harmless(bench.html)
    assert Page(bench.html).control("example").attributes["data-value"] == EVIL


def test_hostile_form_stays_text():
    builder = widgets.TokenBuilder({EVIL: EVIL, "sub": EVIL}, header={EVIL: EVIL})
    builder.act("key_choice", "own")
    builder.act("key", EVIL)
    builder.act("name", EVIL, "header:0")
    assert EVIL[:40] in builder.problem
    page = Page(builder.html)
    assert harmless(builder.html)
    assert page.control("key").text == EVIL
    assert page.control("value", "claim:1").attributes["value"] == EVIL
    assert page.control("name", "claim:0").attributes["value"] == EVIL


def test_hostile_sub_stays_text_in_every_step():
    stepper = widgets.SignatureStepper({"sub": EVIL, EVIL: EVIL}, header={EVIL: EVIL})
    for sub in (EVIL, f"{EVIL}!"):
        stepper.act("change", sub)
        for number in range(len(stepper.steps())):
            stepper.act("go", str(number))
            assert harmless(stepper.html)
        assert Page(stepper.html).control("change").attributes["value"] == sub


def test_hostile_question_and_lesson_stay_text(monkeypatch):
    question = Question(
        id=EVIL, text=EVIL, options=(Option(text=EVIL, why=EVIL, right=True), Option(text=EVIL, why=EVIL))
    )
    lesson = Lesson(EVIL, EVIL, EVIL, EVIL, 1, quiz=(question, question))
    monkeypatch.setattr(exercises, "lesson", lambda number: lesson)
    monkeypatch.setattr(exercises, "lessons", lambda: {EVIL: lesson})
    monkeypatch.setattr(exercises, "question", lambda number: question)
    for quiz in (widgets.Quiz(EVIL), widgets.Predict(EVIL)):
        quiz.act("choose", "1", EVIL)
        assert quiz.chosen == {EVIL: 1}
        assert harmless(quiz.html)
    assert harmless(widgets.LessonMap(Progress(f"/nowhere/{EVIL}")).html)


def test_hostile_words_and_path_stay_text():
    bench = widgets.CrackBench(lists={EVIL: lambda: [EVIL]}, workers=1)
    bench.act("list", "file")
    bench.act("path", EVIL)
    bench.act("start")
    assert bench.state == "failed"
    assert harmless(bench.html)
    found = widgets.CrackBench(
        jwtlab.jws.sign(b"x", jwtlab.Key.from_secret(EVIL), alg="HS256"),
        lists={EVIL: lambda: [EVIL]},
        workers=1,
    )
    found.act("list", EVIL)
    found.act("start")
    while found.state == "running":
        found.act("tick")
    assert found.state == "found"
    assert harmless(found.html)


@pytest.mark.parametrize(
    "message",
    [
        {"action": "no such action", "value": "x"},
        {"action": "__init__"},
        {"action": "refresh_everything", "name": EVIL},
        {"action": None},
        {},
        {"action": ["token"], "value": "x"},
        {"action": {"token": 1}},
        {"value": "x", "name": "y", "number": 3},
        {"action": "nothing", "cut": "many"},
        [],
        "token",
        None,
        7,
    ],
    ids=str,
)
def test_unknown_and_malformed_messages_change_nothing_and_are_acknowledged(widget, message):
    before, acknowledged = state(widget), widget.ack
    widget._handle_custom_msg(message, [])
    assert state(widget) == before
    assert widget.ack == acknowledged + 1


ODD = [None, 7, -1, 1.5, True, [], ["x"], {}, {"a": 1}, "²", "9" * 5000, "-1", "nonsense", 10**400]
ODD_ACTIONS = [
    ("bench", "example", ""),
    ("bench", "switch", "no-such-check"),
    ("bench", "switch", EVIL),
    ("builder", "alg", ""),
    ("builder", "key_choice", ""),
    ("builder", "value", "claim:99"),
    ("builder", "value", "claim:²"),
    ("builder", "value", "nothing:0"),
    ("builder", "name", "claim:-1"),
    ("builder", "remove", "claim:" + "9" * 5000),
    ("builder", "remove", ""),
    ("builder", "add", "nothing:0"),
    ("builder", "add", ""),
    ("stepper", "alg", ""),
    ("quiz", "choose", "99.q9"),
    ("quiz", "choose", ""),
    ("inspector", "secret_as", ""),
    ("attack", "attack", ""),
    ("crack", "list", ""),
]


@pytest.mark.parametrize(("name", "action", "target"), ODD_ACTIONS)
def test_odd_values_for_what_does_not_exist_change_nothing(name, action, target):
    widget = MAKE[name]()
    before = state(widget)
    for value in ODD:
        widget._handle_custom_msg({"action": action, "value": value, "name": target}, [])
    assert state(widget) == before
    assert widget.ack == len(ODD)


@pytest.mark.parametrize(
    "value",
    [
        each if place % 4 == 0 else pytest.param(each, marks=pytest.mark.long)
        for place, each in enumerate(ODD)
    ],
    ids=lambda value: str(value)[:20],
)
def test_any_value_for_any_action_leaves_a_widget_that_can_be_drawn(widget, value):
    for number, (action, target) in enumerate(
        (action, target) for action in widget.actions for target in ("", "claim:0", "01.q1", "not-expired")
    ):
        widget._handle_custom_msg({"action": action, "value": value, "name": target}, [])
        assert widget.ack == number + 1
        assert widget.html == str(widget.draw())


def test_static_html_stands_beside_the_live_view(widget):
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == view.static(widget.draw())
    assert widget.html in data["text/html"]
    assert data["text/html"].startswith('<div class="jwtlab">')
    assert data["text/plain"] == f"<{type(widget).__name__}>"
    assert harmless(data["text/html"])


def test_static_html_shows_what_the_learner_did():
    inspector = widgets.TokenInspector(lab.token())
    inspector.act("token", lab.token("bob"))
    assert ">bob<" in inspector._repr_mimebundle_()[0]["text/html"]


def variations(name: str):
    """The widget in the states that show other controls."""
    yield MAKE[name]()
    widget = MAKE[name]()
    for action, value in {
        "inspector": [("key", "secret"), ("token", "")],
        "bench": [("token", ""), ("time", "0")],
        "builder": [("key_choice", "own"), ("add", "")],
        "map": [("reset", "ask")],
        "attack": [("attack", "key-confusion"), ("sent", "good")],
        "crack": [("start", ""), ("stop", ""), ("list", "file")],
        "stepper": [("change", "bob")],
    }.get(name, []):
        widget.act(action, value, "claim" if action == "add" else "")
        yield widget
    widget.close()


@pytest.mark.parametrize("name", MAKE)
def test_every_control_has_an_accessible_name(name):
    for widget in variations(name):
        controls = Page(widget.html).all(*CONTROLS)
        assert controls
        for control in controls:
            assert control.accessible_name, control
            assert control.attributes.get("data-action") in widget.actions, control


def test_the_reader_of_accessible_names_is_not_blind():
    (bare, named, button) = Page('<input value="x"><label>Name <input></label><button> </button>').all(
        *CONTROLS
    )
    assert bare.accessible_name == ""
    assert named.accessible_name == "Name"
    assert button.accessible_name == ""
    (select,) = Page("<label><select><option>a</option></select></label>").all("select")
    assert select.accessible_name == ""


@pytest.mark.parametrize("make", [widgets.TokenInspector, widgets.VerifierBench, widgets.CrackBench])
@pytest.mark.parametrize(
    "text",
    ["e" * 1_000_000, "a." * 500_000, "e" * 2_000_000, jwtlab.issue(MANY, KEY, alg="ES256")],
    ids=["one part", "half a million parts", "two megabytes", "10,000 claims"],
)
def test_huge_token_gives_a_small_page_with_a_message(make, text):
    widget = make(text)
    if make is widgets.CrackBench:
        widget.act("start")
    assert len(widget.html) < 300_000
    assert f"{len(text):,} characters; the limit is 65,536" in Page(widget.html).text


@pytest.mark.parametrize("make", [widgets.TokenInspector, widgets.VerifierBench])
def test_claims_beyond_what_anybody_reads_are_counted(make):
    token = jwtlab.issue(dict(list(MANY.items())[:2000]), KEY, alg="ES256")
    widget = make(token)
    assert len(widget.html) < 300_000
    assert "and 1,940 more claims, not shown" in Page(widget.html).text


def test_long_value_is_cut_with_a_word():
    token = jwtlab.issue({"sub": "x" * 30_000, "y" * 300: 1}, KEY, alg="ES256")
    text = Page(widgets.TokenInspector(token).html).text
    assert "(29,760 more)" in text
    assert "(240 more characters)" in text


@pytest.mark.parametrize("claims", [MANY, {"sub": LONG}, {LONG: 1}], ids=["many", "value", "name"])
def test_huge_form_gives_a_small_page_with_a_message(claims):
    builder = widgets.TokenBuilder(claims)
    assert len(builder.html) < 300_000
    text = Page(builder.html).text
    assert f"{len(builder.token):,} characters; the limit is 65,536" in text
    assert ("and 9,940 more, in the token but not shown" in text) == (claims is MANY)
    assert len(jwtlab.base64url.decode(builder.token.split(".")[1])) > 100_000


@pytest.mark.parametrize("claims", [MANY, {"sub": LONG}], ids=["many", "value"])
def test_huge_claims_give_small_steps(claims):
    stepper = widgets.SignatureStepper(claims)
    for changed in ("", "x" * 1_000_000):
        stepper.act("change", changed)
        for number in range(len(stepper.steps())):
            stepper.act("go", str(number))
            assert len(stepper.html) < 300_000


def test_huge_key_gives_a_small_page():
    inspector = widgets.TokenInspector(lab.token(alg="HS256"), key="k" * 1_000_000)
    assert len(inspector.html) < 300_000
    assert "a shared secret of 8000000 bits" in Page(inspector.html).text


HALF = "half \ud800 a character"
HALF_TOKEN = jwtlab.jws.sign(b'{"sub":"\\ud800"}', KEY, alg="ES256")


def test_half_a_character_can_be_sent_to_the_page():
    stepper = widgets.SignatureStepper()
    stepper.act("change", HALF)
    builder = widgets.TokenBuilder({"sub": HALF})
    builder.act("name", HALF, "claim:0")
    shown = [widgets.TokenInspector(HALF), widgets.TokenInspector(HALF_TOKEN), widgets.VerifierBench(HALF)]
    for widget in (*shown, widgets.TokenInspector("", key=HALF), stepper, builder):
        assert "\ufffd" in widget.html or "⟨D8" in widget.html  # in a field, or in the text
        widget.html.encode("utf-8")
    card = widgets.table([[HALF]], "one")
    (card._repr_html_() + repr(card)).encode("utf-8")


def test_token_that_begins_with_a_line_break_keeps_it():
    # A browser drops the first line break of a textarea.
    assert ">\n\nabc</textarea>" in widgets.TokenInspector("\nabc").html


def test_bytes_and_long_texts_are_cut_for_the_page():
    assert view.hexadecimal(b"\xab\x45") == "ab 45"
    assert view.hexadecimal(bytes(5), 2) == "00 00 … 3 more"
    assert view.cut("abcdef", 3) == "abc… (3 more characters)"
    assert view.cut("abc", 3) == "abc"


def test_template_that_misses_a_value_fails_loudly():
    import jinja2

    with pytest.raises(jinja2.UndefinedError):
        view.render("problem.html")
