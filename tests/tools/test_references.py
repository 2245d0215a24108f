"""The list of references is printed, complete, and free of the numbers that were found wrong."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[2] / "tools" / "references.py"
spec = importlib.util.spec_from_file_location("references", PATH)
references = importlib.util.module_from_spec(spec)
spec.loader.exec_module(references)

FOUND = references.references()
WRONG = [
    ("CVE", "2026-53777", "it is 53776"),
    ("CVE", "2020-28637", "doubtful"),
    ("RFC 9126", "4.1", "there is no such section"),
    ("RFC 6454", "6.1", "the ASCII form of an origin is §6.2"),
    ("RFC 8032", "5.1.4", "the points of a curve are §3"),
]


def test_the_list_is_printed(capsys):
    print("\n".join(references.lines()))
    printed = capsys.readouterr().out
    assert "RFC 7519  JSON Web Token (JWT)" in printed
    assert len(FOUND) > 250


def test_every_rfc_has_the_title_of_its_document():
    rfcs = {source for source, _ in FOUND if source.startswith("RFC")}
    assert sorted(rfcs - set(references.TITLES)) == []


@pytest.mark.parametrize(("source", "section", "why"), WRONG)
def test_a_number_that_was_found_wrong_stays_away(source, section, why):
    assert (source, section) not in FOUND, f"{why}: {FOUND.get((source, section))}"


def test_no_section_of_a_standard_is_cited_that_has_been_replaced():
    old = {(source, section): places for (source, section), places in FOUND.items() if section}
    assert {key: places for key, places in old.items() if key[0] in references.OBSOLETE} == {}


def test_a_draft_that_became_a_standard_is_named_only_to_say_so():
    for place, text in references.texts():
        for draft, standard in references.DRAFTS.items():
            assert draft not in text or standard in text, f"{place}: {draft} is {standard}"


def test_key_confusion_is_not_quoted_for_alg_none():
    from jwtlab.attacks import ATTACKS

    assert "CVE-2015-2951" not in ATTACKS["alg-none"].cves


def test_sections_in_a_row_are_told_apart(monkeypatch):
    text = "RFC 7518 §3.2, §3.3 and RFC 6749 Appendix B; OpenID Connect Core §3.1.3.7, CVE-2018-1000531"
    monkeypatch.setattr(references, "texts", lambda: iter([("here", text)]))
    assert list(references.references()) == [
        ("CVE", "2018-1000531"),
        ("OpenID Connect Core", "3.1.3.7"),
        ("RFC 6749", "Appendix B"),
        ("RFC 7518", "3.2"),
        ("RFC 7518", "3.3"),
    ]
