"""The lessons as text: links lead somewhere, and every lesson has its rhythm."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import jwt
import nbformat
import pytest

from jwtlab import exercises
from jwtlab.attacks import ATTACKS, material
from jwtlab.exercises import lesson_11

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = [lesson.name for lesson in exercises.lessons().values()]
TAUGHT = [name for name in NAMES if not name.startswith("00")]


def text_of(name: str, kind: str = "markdown") -> str:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == kind)


def test_every_notebook_belongs_to_a_lesson():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_links_to_other_lessons_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(name))
    assert [link for link in links if not (FOLDER / link).exists()] == []


@pytest.mark.parametrize("name", TAUGHT)
def test_lesson_has_the_rhythm(name):
    words, code, lesson = text_of(name), text_of(name, "code"), exercises.lesson(name[:2])
    headings = re.findall(r"^## (.+)$", words, re.M)
    for heading in ("Predict", "In the wild", "Quiz", "In three lines"):
        assert heading in headings
    assert words.startswith(f"# {lesson.number} · ")
    assert len(re.findall(r"^- \*\*", words.split("## ")[0], re.M)) == 3  # what you will be able to do
    assert f"{lesson.minutes} minutes" in words
    assert f'Quiz("{lesson.number}")' in code
    assert len(lesson.quiz) == 3
    assert 2 <= len(lesson.exercises) <= 5
    assert "*Read on:*" in words
    for question in lesson.predictions:
        assert f'Predict("{question.id}")' in code
    for exercise in lesson.exercises:
        assert f'check("{exercise.id}"' in code
        assert f"## Exercise {exercise.id}" in words


AT_WORK = [name for name in NAMES if name >= "40"]


@pytest.mark.parametrize(("name", "after"), list(pairwise(AT_WORK)))
def test_each_lesson_of_part_5_leads_on_to_the_next(name, after):
    title = exercises.lesson(after[:2]).title
    assert f"On with [{after[:2]} {title}]({after}.ipynb)" in text_of(name)


@pytest.mark.parametrize("name", AT_WORK)
def test_code_and_prints_of_part_5_fit_into_a_narrow_window(name):
    """In JupyterLab 900 pixels wide a cell shows 90 columns; what is longer is cut off, or broken anywhere."""
    cells = [cell for cell in nbformat.read(FOLDER / f"{name}.ipynb", 4).cells if cell.cell_type == "code"]
    printed = [output.text for cell in cells for output in cell.outputs if output.output_type == "stream"]
    lines = [line for text in (*(cell.source for cell in cells), *printed) for line in text.splitlines()]
    assert [line for line in lines if len(line) > 88] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_lesson_names_a_figure_that_is_not_there(name):
    assert "<!--" not in text_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_a_table_has_a_heading(name):
    assert not re.search(r"<th[^>]*>\s*</th>", (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in NAMES if "20" <= name < "27"])
def test_flow_lessons_show_where_the_check_lives_at_work(name):
    assert "\n## At work\n" in text_of(name)


WRONG_STATEMENTS = {
    "10": "only if you hand over no key",  # PyJWT takes none with no key either
    "11": "nearly always the greatest",  # in half of the pairs it is a multiple of n
    "15": "an access token has a `client_id`",  # only RFC 9068 says so; and nonce is optional
    "16": "every paragraph",  # nobody has met compression (§3.6)
}


@pytest.mark.parametrize("number", WRONG_STATEMENTS)
def test_lesson_does_not_say_again_what_was_wrong(number):
    assert WRONG_STATEMENTS[number] not in text_of(exercises.lesson(number).name)


def test_common_divisor_of_two_tokens_is_the_modulus_or_a_multiple():
    found = []
    for index in range(12):
        (s1, m1), (s2, m2) = (lesson_11.numbers(_token(f"{index}-{name}")) for name in "ab")
        found.append(math.gcd(s1**3 - m1, s2**3 - m2))
    modulus = material.special_key("exponent-3").modulus
    assert {each % modulus for each in found} == {0}
    assert 1 < sum(each == modulus for each in found) < len(found)


def _token(jti):
    return material.token("RS256", signer=material.special_key("exponent-3"), jti=jti)


def test_task_of_14_4_names_the_empty_text():
    assert "The empty text is no name" in text_of(exercises.lesson("14").name)


def test_hint_of_12_1_leads_to_an_accepted_answer():
    assert not any("milliseconds" in hint for hint in exercises.exercise("12.1").hints)


@pytest.mark.parametrize("key", ["", None])
def test_pyjwt_takes_none_without_a_key_no_more_than_with_one(key):
    token = ATTACKS["alg-none"].scenario().forged
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, key, algorithms=["none"])
    with pytest.raises(jwt.InvalidKeyError):
        jwt.decode(token, material.key().to_pem(), algorithms=["none"])


PART_ONE = [name for name in NAMES if name.startswith("0")]
ODD = (
    r"leaves your computer",  # not on Binder or a class server
    r"(?:every|any|all) tokens? .{0,30}three",  # opaque and encrypted ones have not
    r"(?:every|any)(?:one|body) (?:on the way )?can read (?:it|your token|the payload)",  # whoever holds it, and TLS
    r"stands? (?:there )?twice|stands? in the (?:environment|claim|source)",
    r"\blog-(?:in|out)",  # login and logout; to log in and log out
    r"by the back way|mended|guessing dear|mathematics is content|in another coat",
    r"`EdDSA`[^.]{0,40}(?:first|good) choice",  # RFC 9864 deprecates the name
)


@pytest.mark.parametrize("name", PART_ONE)
@pytest.mark.parametrize("odd", ODD)
def test_part_one_says_it_truly_and_in_plain_words(name, odd):
    lesson = exercises.lesson(name[:2])
    asked = [lesson.title, lesson.why, *(repr(q) for q in (*lesson.predictions, *lesson.quiz))]
    text = "\n".join([text_of(name), *asked])
    assert re.findall(f".{{0,40}}(?:{odd}).{{0,40}}", text, re.I) == []


@pytest.mark.parametrize("name", PART_ONE)
def test_words_are_explained_where_they_are_first_used(name):
    """In the order of the course: no abbreviation of the standards comes before the lesson that explains it."""
    before = "\n".join(text_of(each) for each in PART_ONE[: PART_ONE.index(name) + 1])
    for word in (
        "RFC",
        "JWS",
        "JWE",
        "TLS",
        "MAC",
        "IANA",
        "JOSE",
        "Mallory",
        "leeway",
        "JWK",
        "XSS",
        "CSRF",
    ):
        first = re.search(rf"\b{word}\b", before)
        if first is not None:
            around = before[max(0, first.start() - 240) : first.end() + 240]
            assert re.search(rf"\*\*{word}\*\*|\*{word}\*|\({word}\)|{word} \(", around), word


@pytest.mark.parametrize("name", PART_ONE)
def test_what_a_play_asks_is_answered(name):
    asked = re.findall(r"Try this:\n\d", text_of(name))
    assert len(re.findall(r"<summary>Answers</summary>", text_of(name))) == len(asked)


@pytest.mark.parametrize("name", PART_ONE)
def test_no_two_regions_of_a_lesson_have_one_name(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    shown = "".join(out.data.get("text/html", "") for out in outputs if "data" in out)
    names = re.findall(r'<section [^>]*aria-label="([^"]+)"', shown)
    assert [name for name in set(names) if names.count(name) > 1] == []
