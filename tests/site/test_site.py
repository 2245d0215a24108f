"""The reading edition as files: whole, with links that lead somewhere, the same in every build, and of no machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

from jwtlab import cli, exercises, glossary, lessons
from jwtlab.site import build, markup
from jwtlab.site.still import still

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("made") / "site"
    build.build_site(made)
    return made


@pytest.fixture(scope="module")
def pages(folder):
    return {
        path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in folder.glob("*.html")
    }


def test_every_lesson_has_a_page_with_its_way_back_and_on(pages):
    names = [f"{each.name}.html" for each in exercises.lessons().values()]
    assert set(names) | {"index.html", "glossary.html", "why.html"} == set(pages)
    for before, name, after in zip([None, *names], names, [*names[1:], None], strict=False):
        ways = {a["rel"][0]: a["href"] for a in pages[name].select("nav.s-next a[rel]")}
        assert ways == {k: v for k, v in (("prev", before), ("next", after)) if v}


def test_start_page_says_what_each_lesson_is_for_and_how_long_it_takes(pages):
    cards = {card["href"]: card.get_text(" ", strip=True) for card in pages["index.html"].select("a.s-card")}
    for lesson in exercises.lessons().values():
        said = cards[f"{lesson.name}.html"]
        assert lesson.title in said
        assert f"{lesson.minutes} min" in said
        assert lesson.why in said
    assert len(pages["index.html"].select("svg.jl-map g.stop")) == len(cards)


def test_every_link_leads_somewhere(pages):
    ids = {name: [tag["id"] for tag in page.select("[id]")] for name, page in pages.items()}
    for name, page in pages.items():
        assert len(ids[name]) == len(set(ids[name])), f"{name}: an id twice"
        for tag in page.select("a[href], use[href], use[xlink\\:href]"):
            href = str(tag.get("href") or tag.get("xlink:href"))
            if href.startswith(("http://", "https://")):
                continue
            target, fragment = urldefrag(href)
            assert (target or name) in pages, f"{name}: {href}"
            assert not fragment or unquote(fragment) in ids[target or name], f"{name}: {href}"


def test_nothing_is_loaded_from_elsewhere(folder, pages):
    for name, page in pages.items():
        for tag in page.select(
            "link[href], script[src], img[src], iframe[src], source[src], video, audio, object"
        ):
            source = str(tag.get("href") or tag.get("src"))
            assert source == "data:," or (folder / source).is_file(), f"{name}: {tag}"
    for asset in (folder / "assets").iterdir():
        if asset.name != "search.js":  # that holds the words of the lessons, addresses among them
            assert not re.search(r"https?://|@import|url\((?!#)", asset.read_text("utf-8")), asset


def test_contents_name_every_section_of_a_lesson(pages):
    for path in lessons.originals():
        cells = json.loads(path.read_text("utf-8"))["cells"]
        words = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        plain = re.sub(r"^```.*?^```", "", words, flags=re.M | re.S)
        asked = len(re.findall(r"^## ", plain, re.M))
        listed = pages[f"{path.stem}.html"].select("nav.s-contents a")
        assert len(listed) == asked + 1, path  # and how to run it


def test_questions_hints_and_solutions_are_there_and_folded(pages):
    for lesson in exercises.lessons().values():
        page = pages[f"{lesson.name}.html"]
        asked = [*lesson.predictions, *lesson.quiz]
        options = page.select("details.s-option")
        assert len(options) == sum(len(question.options) for question in asked)
        assert len([each for each in options if "right" in each["class"]]) == len(asked)
        for question in asked:
            for option in question.options:
                assert any(option.why in " ".join(each.get_text().split()) for each in options)
        assert len(page.select("details.s-solution")) == len(lesson.exercises)
        hints = sum(len(exercise.hints) for exercise in lesson.exercises)
        assert len(page.select(".s-exercise details:not(.s-solution)")) == hints
        assert not page.select(".s-option[open], .s-exercise details[open]")


def test_page_says_how_to_run_its_lesson(pages):
    for lesson in exercises.lessons().values():
        page = pages[f"{lesson.name}.html"]
        assert page.select('a.s-runlink[href="#run"]')
        said = page.select_one("#run").get_text()
        assert f"{lesson.name}.ipynb" in said
        assert "jwtlab lab" in said


def test_pictures_have_words(pages):
    for name, page in pages.items():
        for picture in page.select("svg:not([aria-hidden])"):
            assert picture.get("aria-label") or picture.find_parent(attrs={"role": "img"}), (
                f"{name}: {picture!s:.120}"
            )
        assert all(image.get("alt") for image in page.select("img"))


def test_still_widgets_hold_no_dead_control(pages):
    for name, page in pages.items():
        left = page.select(
            ".s-widget :is(button, select, textarea, input:not([data-filter])), .s-widget label"
        )
        assert left == [], name
        assert not page.select("[data-action], [data-lesson]"), name


def test_glossary_and_questions_are_whole(pages):
    assert len(pages["glossary.html"].select("#terms dt")) == len(glossary.terms())
    asked = pages["why.html"].select("#asked li")
    assert [each.span.get_text() for each in asked] == [f"… {each.question}" for each in glossary.questions()]


def test_index_of_the_search_leads_to_what_it_names(folder, pages):
    text = (folder / "assets" / "search.js").read_text("utf-8")
    index = json.loads(text.removeprefix("window.JWTLAB_SEARCH = ").removesuffix(";\n"))
    for entry in index:
        target, fragment = urldefrag(entry["u"])
        assert target in pages
        assert not fragment or pages[target].find(id=fragment) is not None, entry["u"]
    assert any("interception" in entry["t"] for entry in index)


def test_no_path_of_this_machine_and_no_kernel_rest(folder):
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8")
            assert str(ROOT) not in text
            assert str(folder) not in text
            assert "application/vnd.jupyter" not in text
            assert not re.search(r"/home/\w+|/Users/\w+|/root/", text), path


@pytest.mark.long
def test_second_build_in_another_process_is_the_same(folder, tmp_path):
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-m", "jwtlab", "site", str(tmp_path / "again")]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "no server is needed" in done.stdout
    first, again = (
        {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for place in (folder, tmp_path / "again")
    )
    assert first == again


def test_folder_of_somebody_else_is_not_emptied(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("two years of work", "utf-8")
    assert cli.main(["site", str(tmp_path)]) == 1
    assert "not made here" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "two years of work"
    assert cli.main(["slides", str(tmp_path / "thesis.txt")]) == 1
    assert "is a file" in capsys.readouterr().err


def test_slides_in_the_folder_of_the_site_survive_a_new_site(tmp_path):
    (tmp_path / "site" / "slides").mkdir(parents=True)
    for place in ("site", "site/slides"):
        (tmp_path / place / build.MARK).write_text("", "utf-8")
    (tmp_path / "site" / "slides" / "deck.html").write_text("deck", "utf-8")
    (tmp_path / "site" / "old.html").write_text("old", "utf-8")
    build.prepare(tmp_path / "site")
    assert (tmp_path / "site" / "slides" / "deck.html").exists()
    assert not (tmp_path / "site" / "old.html").exists()


def test_hostile_text_in_an_output_stays_text():
    """Outputs come escaped out of our templates; taking them apart and writing them again keeps that."""
    html = '<div class="jwtlab"><input value="&lt;script&gt;own()&lt;/script&gt;" aria-label="&quot;&gt;&lt;b&gt;">'
    html += "<textarea>&lt;img src=x onerror=own()&gt;</textarea></div>"
    made = str(still(html, "c1"))
    assert "<script" not in made
    assert "<img" not in made
    assert "&lt;script&gt;own()&lt;/script&gt;" in made


def test_a_field_becomes_its_text_and_a_switch_a_mark():
    made = still(
        '<div class="jwtlab"><label class="jl-field">Time <input type="number" value="5"></label>'
        '<input type="checkbox" role="switch" aria-label="Check: expired" checked>'
        "<select><option>a</option><option selected>b</option></select><button>Next</button></div>",
        "c1",
    )
    assert [tag.get_text() for tag in made.select(".s-value, .s-button")] == ["5", "b", "Next"]
    assert made.select_one(".s-switch.on")["aria-label"] == "Check: expired: on"


def test_headings_with_the_same_words_get_different_names():
    names = markup.Names(["run"])
    assert [names.of(words) for words in ("Run", "A · b?", "A b", "§")] == ["run-2", "a-b", "a-b-2", "part"]
