"""Slides: the rules that make them, and what a cell's metadata changes."""

from __future__ import annotations

import json

import nbformat
import pytest

from jwtlab import cli, exercises, lessons
from jwtlab.site import build, markup, pages, slides
from jwtlab.site.sentences import lead, sentences


@pytest.fixture(scope="module")
def deck():
    return slides.deck(pages.read(lessons.find("11")))


def of_kind(deck, kind):
    return [slide for slide in deck.slides if slide.kind == kind]


def test_first_slide_has_the_promise_and_the_verbs(deck):
    cover = deck.slides[0]
    assert (cover.kind, cover.title) == ("cover", "Key confusion")
    assert "A public key is not a secret" in cover.steps[0]
    assert cover.steps[1].count("<strong>") == 3


def test_every_question_and_every_exercise_has_its_slide(deck):
    lesson = exercises.lesson("11")
    assert [slide.question for slide in of_kind(deck, "question")] == [*lesson.predictions, *lesson.quiz]
    assert [slide.exercise for slide in of_kind(deck, "exercise")] == list(lesson.exercises)


def test_guess_comes_before_the_explanation(deck):
    assert deck.slides[1].question is not None
    assert deck.slides[-1].title == "In three lines"


def test_code_is_a_slide_and_its_output_a_step(deck):
    first = of_kind(deck, "code")[0]
    assert "def weak_verify" in first.source
    assert first.steps == ['<pre class="s-out">mallory</pre>']
    assert "what will it show" in first.notes[-1]


def test_neither_the_first_cell_nor_an_exercises_cell_is_a_slide(deck):
    assert not any("import jwtlab\n" in slide.source or "check(" in slide.source for slide in deck.slides)


def test_notes_hold_the_whole_passage_and_what_people_get_wrong(deck):
    drawer = next(slide for slide in deck.slides if slide.title.startswith("One drawer"))
    assert "The stranger describes it, the clerk compares" in "".join(drawer.notes)
    assert "The stranger describes it" not in "".join(drawer.steps)
    task = of_kind(deck, "exercise")[0]
    assert task.mistakes
    assert not any("{" in words for words in task.mistakes)


def test_no_slide_is_empty_or_a_wall_of_text():
    for path in lessons.originals()[1::4]:
        for slide in slides.deck(pages.read(path)).slides:
            shown = slide.steps or slide.source or slide.question or slide.exercise
            assert shown, f"{path.name}: {slide.title}"
            if slide.kind == "words":
                words = sum(len(markup.parse(step).get_text()) for step in slide.steps if "<p" in step)
                assert words < 1000, f"{path.name}: {slide.title}"


def notebook_with(tmp_path, slide_type):
    source = nbformat.read(lessons.find("11"), as_version=4)
    cell = next(each for each in source.cells if each.source.startswith("That was an honest token"))
    cell.metadata["slideshow"] = {"slide_type": slide_type}
    nbformat.write(source, tmp_path / "11_key_confusion.ipynb")
    return slides.deck(pages.read(tmp_path / "11_key_confusion.ipynb")).slides


def test_metadata_of_a_cell_has_the_last_word(tmp_path, deck):
    places = {}
    for slide_type in ("skip", "notes", "fragment"):
        made = notebook_with(tmp_path, slide_type)
        assert len(made) == len(deck.slides) - 1
        texts = (
            "".join("".join(slide.steps) for slide in made),
            "".join("".join(slide.notes) for slide in made),
        )
        places[slide_type] = tuple("honest token" in text for text in texts)
    assert places == {"skip": (False, False), "notes": (False, True), "fragment": (True, False)}


def test_slides_of_ones_own_copies(tmp_path, capsys):
    copies = tmp_path / "work"
    notebook = json.loads(lessons.find("10").read_text("utf-8"))
    notebook["cells"][0]["source"] = "# 10 · alg none\n\n**My own promise.**\n"
    copies.mkdir()
    (copies / "10_alg_none.ipynb").write_text(json.dumps(notebook), "utf-8")
    (copies / "10_alg_none.backup-1.ipynb").write_text("{}", "utf-8")
    assert cli.main(["slides", str(tmp_path / "deck"), "--from", str(copies)]) == 0
    assert "2 pages" in capsys.readouterr().out
    assert "My own promise." in (tmp_path / "deck" / "10_alg_none.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"), [("{}", "is no notebook"), ("not json", "is no notebook"), (None, "no lessons in")]
)
def test_copies_that_cannot_be_read_are_named(tmp_path, capsys, text, said):
    copies, deck = tmp_path / "work", tmp_path / "deck"
    copies.mkdir()
    if text is not None:
        (copies / "11_key_confusion.ipynb").write_text(text, "utf-8")
    assert cli.main(["slides", str(deck), "--from", str(copies)]) == 1
    assert said in capsys.readouterr().err
    assert not deck.exists()


def test_deck_loads_nothing_from_elsewhere(tmp_path):
    written = build.build_slides(tmp_path / "deck", only=("11",))
    tree = markup.parse(written[1].read_text("utf-8"))
    loaded = [str(tag.get("src") or tag.get("href")) for tag in tree.select("script[src], link[href], img")]
    assert loaded == ["data:,", "assets/slides.css", "assets/slides.js"]


FIRST = "A first sentence of some length."


def paragraph(html):
    return markup.parse(f"<p>{html}</p>").p


@pytest.mark.parametrize(
    ("html", "room", "kept"),
    [
        ("One short one is here, and it ends. Another follows it.", 10, "One short one is here, and it ends."),
        ("Two things. This is the first of them. Then more.", 10, "Two things. This is the first of them."),
        ("Section 4, e.g. The Rule, is long enough here. Next.", 10, "Section 4, e.g. The Rule, is long enough here."),
        (f"{FIRST} B is it. A <strong>term</strong> comes. End.", 10, f"{FIRST} … A term comes."),
        (f"{FIRST} It is dull. Is it kept?", 10, f"{FIRST} … Is it kept?"),
        ("Everything fits into it. All of it does.", 200, "Everything fits into it. All of it does."),
        ("Use <code>a. B</code> as it is, with no end inside. Next one.", 10, "Use a. B as it is, with no end inside."),
        ("", 10, ""),
    ],
)  # fmt: skip
def test_lead_of_a_paragraph(html, room, kept):
    assert lead(paragraph(html), room).get_text().strip() == kept


def test_sentences_lose_nothing():
    html = (
        "He says <em>no.</em> She says <strong>yes. And more.</strong> RFC 7519 §4.1 ends here.\nA last one"
    )
    words = paragraph(html).get_text()
    assert "".join(node.get_text() for each in sentences(paragraph(html)) for node in each) == words
