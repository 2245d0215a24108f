"""Where a page strips styles and pictures, the HTML reads well by its elements alone: nothing is glued together."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import jwtlab
from jwtlab import exercises, widgets
from jwtlab.widgets.view import static

INLINE = {"span", "b", "i", "code", "a", "mark", "label", "em", "strong", "small"}
ONE_WORD = {"jl-h", "jl-p", "jl-s", "jl-dot"}  # the coloured parts of one token
SILENT = {"svg", "style", "option", "textarea", "iframe"}


class Words(HTMLParser):
    """The text of some HTML with a line break at each block; what two inline elements glue together is noted."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.glued = "", []
        self.open: list[tuple[str, str]] = []
        self.seam = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        css = dict(attrs).get("class") or ""
        if tag not in ("input", "br", "img", "line", "circle", "path", "rect"):
            self.open.append((tag, css))
        self._edge(tag, css)

    def handle_endtag(self, tag):
        css = ""
        while self.open:
            name, css = self.open.pop()
            if name == tag:
                break
        self._edge(tag, css)

    def _edge(self, tag, css):
        if tag not in INLINE:
            self.text += "\n"
        elif css not in ONE_WORD:
            self.seam = True

    def handle_data(self, data):
        if any(tag in SILENT for tag, _ in self.open):
            return
        before, after = self.text[-1:], data[:1]
        inside = any(css in ONE_WORD or "jl-token" in css for _, css in self.open)
        if self.seam and not inside and joins(before) and joins(after):
            self.glued.append(self.text[-25:] + "|" + data[:25])
        self.text += data
        self.seam = False


def joins(letter: str) -> bool:
    return letter.isalnum() or letter in "✓✕○·–!"


LAB = jwtlab.Lab()


def stepper(steps: int) -> widgets.FlowStepper:
    flow = widgets.FlowStepper("openid-connect")
    for _ in range(steps):
        flow.act("next")
    return flow


def found() -> widgets.TraceReader:
    reader = widgets.TraceReader("lost-host")
    reader.act("here")
    for target in ("check", "mend"):
        for index in range(4):
            if "lost-host" not in reader.solved:
                reader.act("answer", index, target)
            if target == "check" and "What mends it" in reader.html:
                break
    return reader


def answered(quiz):
    for question in quiz.questions:
        quiz.act("choose", "0", question.id)
    return quiz


PLACES = {
    "head": lambda: widgets.lesson("05")._repr_html_(),
    "inspector": lambda: static(
        widgets.TokenInspector(LAB.token("alice"), key=LAB.key("ES256").public(), lab=LAB).draw()
    ),
    "builder": lambda: static(widgets.TokenBuilder(lab=LAB).draw()),
    "bench": lambda: static(widgets.VerifierBench(LAB.token("alice"), lab=LAB).draw()),
    "bench refusing": lambda: static(widgets.VerifierBench("a.b.c", lab=LAB).draw()),
    "stepper": lambda: static(widgets.SignatureStepper(lab=LAB).draw()),
    "attack": lambda: static(widgets.AttackBench("key-confusion").draw()),
    "crack": lambda: static(widgets.CrackBench().draw()),
    "map": lambda: static(widgets.LessonMap().draw()),
    "glossary": lambda: static(widgets.Glossary().draw()),
    "why": lambda: static(widgets.WhyIndex().draw()),
    "flow": lambda: static(stepper(0).draw()),
    "flow half way": lambda: static(stepper(5).draw()),
    "flow over": lambda: static(stepper(40).draw()),
    "chooser": lambda: static(widgets.FlowChooser(who="person").draw()),
    "chooser over": lambda: static(
        widgets.FlowChooser(
            who="person", runs="browser", backend="no", wants="own", absent="yes", stakes="high"
        ).draw()
    ),
    "cheat sheet": lambda: jwtlab.flows_cheat_sheet()._repr_html_(),
    "trace": lambda: static(widgets.TraceReader("slash").draw()),
    "trace solved": lambda: static(found().draw()),
    "feedback": lambda: widgets.check("01.1", "admin")._repr_html_(),
    "hint": lambda: widgets.hint("01.1")._repr_html_(),
    "solution": lambda: widgets.solution("01.1")._repr_html_(),
    "lab check": lambda: widgets.lab_check()._repr_html_(),
    "scoreboard": lambda: widgets.scoreboard(lambda token: None)._repr_html_(),
    "flow board": lambda: widgets.flow_board({})._repr_html_(),
    "quizzes": lambda: "".join(
        static(answered(widgets.Quiz(number)).draw())
        for number, each in exercises.lessons().items()
        if each.quiz
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_two_words_are_glued_together_without_styles(place, tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))
    assert Words(PLACES[place]()).glued == []


def test_glue_is_noticed():
    assert Words("<p><span>Lesson 01</span><b>Three parts</b></p>").glued == ["\nLesson 01|Three parts"]
    assert Words("<p><span>Lesson 01</span> <b>Three parts</b></p>").glued == []
    assert Words("<div><p>one</p><p>two</p></div>").glued == []


def test_options_checks_and_messages_are_lists():
    assert PLACES["quizzes"]().count("<li>") >= 3 * 27
    assert '<li class="jl-check' in PLACES["bench"]()
    assert "<li>1 · GET /login</li>" in PLACES["flow half way"]()
