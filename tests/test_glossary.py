"""The glossary: every word is defined, found, and really taught where it says."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

import jwtlab
from jwtlab import exercises, glossary
from jwtlab.widgets import Glossary, WhyIndex
from jwtlab.widgets.glossary import address

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
SPEC = re.compile(
    r"(RFC \d{4}|OpenID Connect (Core|(Back|Front)-Channel Logout)|OAuth 2\.0 Form Post Response Mode) §\d+(\.\d+)*"
)


def taught_in(number: str) -> str:
    lesson = exercises.lesson(number)
    notebook = nbformat.read(FOLDER / f"{lesson.name}.ipynb", as_version=4)
    asked = [repr((each.text, each.options)) for each in (*lesson.predictions, *lesson.quiz)]
    return "\n".join([*(cell.source for cell in notebook.cells), *asked]).lower()


@pytest.mark.parametrize(
    "term", [term for term in glossary.terms() if term.lesson], ids=lambda term: term.name
)
def test_a_term_is_taught_in_its_lesson(term):
    text = taught_in(term.lesson)
    assert any(name.lower() in text for name in (term.name, *term.also))


def test_terms_are_complete_and_each_is_there_once():
    names = [name.lower() for term in glossary.terms() for name in (term.name, *term.also)]
    assert [name for name in set(names) if names.count(name) > 1] == []
    for term in glossary.terms():
        assert term.meaning.endswith(".")
        assert len(term.meaning) < 180
        assert not term.spec or SPEC.fullmatch(term.spec), term.spec
        assert bool(term.spec) == bool(address(term.spec))


def test_questions_lead_to_lessons():
    assert {each.lesson for each in glossary.questions()} == set(exercises.lessons()) - {"00"}
    assert all(re.match("(why|when|who|what|how) ", each.question) for each in glossary.questions())


def test_address_of_a_section():
    assert address("RFC 7519 §4.1.4") == "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"
    assert address("OpenID Connect Core §2") == "https://openid.net/specs/openid-connect-core-1_0.html"
    assert address("hearsay") == address("") == ""


def test_search_puts_names_first_and_takes_beginnings():
    assert glossary.find("nonce")[0].name == "nonce"
    assert glossary.find("audience")[0].name == "aud"  # another name
    assert "redirect_uri" in [each.name for each in glossary.find("REDIR")]
    assert glossary.find("") == glossary.terms()
    assert glossary.find("xyzzy") == ()
    assert {"JWK", "JWK Set"} <= {each.name for each in glossary.find("json key")}
    assert glossary.find_questions("logged out")[0].lesson == "22"


def test_term_by_name_and_its_nearest():
    assert jwtlab.glossary.term(" PKCE ").name == "PKCE"
    assert glossary.term("audience").name == "aud"
    with pytest.raises(jwtlab.UsageError, match=r"no 'redirect'; near it: .*redirect_uri"):
        glossary.term("redirect")
    with pytest.raises(jwtlab.UsageError, match=r"no 'xyzzy'$"):
        glossary.term("xyzzy")


def test_widget_finds_while_one_types():
    widget = Glossary()
    widget.act("search", "nonce")
    assert "OpenID Connect Core §3.1.2.1" in widget.html
    assert "26_openid_connect.ipynb" in widget.html
    assert "RFC 7517" not in widget.html
    widget.act("search", "xyzzy")
    assert "Nothing has these words" in widget.html
    why = WhyIndex("scope")
    assert "why a scope is no permission" in why.html
    assert "29_custom_authorization.ipynb" in why.html


@pytest.mark.parametrize("value", [None, 5, ["x"], "<script>alert(1)</script>", "x" * 10_000, "\ud800", "(["])
def test_odd_words_do_no_harm(value):
    for widget in (Glossary(), WhyIndex()):
        widget.act("search", value)
        assert "<script>" not in widget.html
        assert len(widget.words) <= 80
