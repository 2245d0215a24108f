"""An `Outcome` as text, and as JUnit XML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from jwtlab.testing.faults import MissingCheck
from jwtlab.testing.outcome import Outcome, Results

WIDTH = 100


def as_text(outcome: Outcome) -> str:
    """The report: what is worst comes first, and each fix once."""
    lines = [_headline(outcome)]
    if outcome.turned_away:
        lines += ["", f"TURNED AWAY: {_count(outcome.turned_away, 'good one')} that should get in."]
        lines += _turned_away(outcome.turned_away)
    if outcome.let_through:
        lines += ["", f"LET THROUGH: {_count(outcome.let_through, 'forgery')} that should be refused."]
        lines += _by_fault(outcome.let_through, with_fix=True)
    if outcome.advice:
        lines += ["", "ADVICE: what a strict verifier would refuse as well."]
        lines += _by_fault(outcome.advice, with_fix=False)
    if outcome.accepted:
        lines += ["", "ACCEPTED, with a reason:"]
        lines += [f"  {each.id}: {each.reason}" for each in outcome.accepted]
    if outcome.notes:
        lines += ["", *(line for note in outcome.notes for line in _wrapped(note, "Note: "))]
    return "\n".join(lines)


def _headline(outcome: Outcome) -> str:
    verdict = "nothing got in that should not" if not outcome.let_through else "there is a way in"
    if outcome.turned_away:
        verdict = "good ones are turned away"
    known = f", verifies {', '.join(outcome.algorithms)}" if outcome.algorithms else ""
    return f"{outcome.what}: {verdict} ({outcome.tried} attacks tried{known})."


def _count(results: Results, word: str) -> str:
    many = word.removesuffix("y") + "ies" if word.endswith("y") else f"{word}s"
    return f"{len(results)} {word if len(results) == 1 else many}"


def _turned_away(results: Results) -> Iterator[str]:
    """Grouped by what was said of them."""
    for said in dict.fromkeys(each.said for each in results):
        for each in results:
            if each.said == said:
                yield f"  {each.id}: {each.title}"
        yield from _wrapped(said or "refused without a word", "    ")


def _by_fault(results: Results, with_fix: bool) -> Iterator[str]:
    """Grouped by what is missing: one fix often closes several ways in."""
    shown: dict[str, str] = {}
    faults = {
        (each.fault.check, each.fault.missing): each.fault for each in results if each.fault is not None
    }
    for fault in faults.values():
        members = [each for each in results if each.fault == fault]
        yield ""
        for each in members:
            yield f"  {each.id}: {each.title}" + (f" [{each.said}]" if each.said and with_fix else "")
        for why in dict.fromkeys(each.why for each in members):
            yield from _wrapped(why, "    Why it matters: ")
        yield from _wrapped(f"{fault.missing} ({fault.check}).", "    Missing check: ")
        yield f"    Section: {fault.spec}"
        if with_fix:
            yield from _fixes(fault, shown)


def _fixes(fault: MissingCheck, shown: dict[str, str]) -> Iterator[str]:
    """Lines to take over; what is the same for two libraries, and what was printed before, is named only."""
    libraries: dict[str, list[str]] = {}
    for library, code in fault.fix.items():
        libraries.setdefault(code, []).append(library)
    for code, names in libraries.items():
        named = f"Fix with {' or '.join(names)}"
        before = shown.setdefault(named + code, fault.check)
        if before != fault.check:
            yield f"    {named}: the same lines as for {before}"
            continue
        yield f"    {named}:"
        yield from (f"        {line}" for line in code.splitlines())


def _wrapped(text: str, label: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=label, subsequent_indent=" " * (len(label) - len(label.lstrip()) + 2)
    )


def as_junit(outcome: Outcome) -> Element:
    """One suite, a test case for each thing that was tried (the schema of Jenkins' xUnit plugin)."""
    suite = Element("testsuite", name=f"jwtlab.testing: {outcome.what}")
    for result in outcome.turned_away:
        _failure(_case(suite, "good", result.id), "turned away", f"{result.title}: {result.said}")
    for result in outcome.let_through:
        text = "\n".join(_by_fault(Results([result]), with_fix=True))
        _failure(_case(suite, "forgery", result.id), f"let through: {result.title}", text)
    for result in outcome.accepted:
        SubElement(_case(suite, "forgery", result.id), "skipped", message=f"accepted: {result.reason}")
    for result in outcome.advice:
        SubElement(_case(suite, "forgery", result.id), "system-out").text = _clean(f"advice: {result.title}")
    for name in outcome.refused:
        _case(suite, "forgery", name)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(outcome.turned_away) + len(outcome.let_through)))
    suite.set("skipped", str(len(outcome.accepted)))
    suite.set("errors", "0")
    return suite


def _case(suite: Element, kind: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=f"jwtlab.testing.{kind}", name=name)


def _failure(case: Element, message: str, text: str) -> None:
    SubElement(case, "failure", message=_clean(message)).text = _clean(text)


def _clean(text: str) -> str:
    """XML 1.0 has no control characters."""
    return "".join(each if each in "\n\t" or each.isprintable() else "\ufffd" for each in text)
