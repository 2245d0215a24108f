"""Write the folders: one page a lesson, a start page, glossary, questions, and the index of the search."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from jwtlab import exercises, glossary, lessons, palette
from jwtlab.errors import UsageError
from jwtlab.exercises import Lesson
from jwtlab.site import markup, pages, slides
from jwtlab.style import style
from jwtlab.widgets.glossary import address
from jwtlab.widgets.map_layout import HIGH, PARTS, WIDE, plan

HERE = Path(__file__).parent
MARK = ".jwtlab-site"
"""A file in every folder that was written here; no other folder is emptied."""


@cache
def environment() -> jinja2.Environment:
    """The templates; everything is escaped that is not our own HTML."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["python"] = markup.code
    return env


def build_site(folder: Path, source: Path | None = None) -> list[Path]:
    """The reading edition.

    Args:
        folder: where to; it is emptied first, if it was written by an earlier run.
        source: a folder of lessons, such as one's own copies; by default the originals.

    Returns:
        The pages, in order; the start page first.

    Raises:
        UsageError: the folder holds something else, or a lesson cannot be read.
        OSError: it cannot be written.
    """
    examine(folder)  # before the reading, which takes seconds
    read = [pages.read(path) for path in _lessons(source)]
    prepare(folder)
    common: dict[str, Any] = {"parts": _parts(read), "here": None}
    written = [_write(folder, "index.html", "index.html", map=_map(), **common)]
    for number, page in enumerate(read):
        before = read[number - 1] if number else None
        after = read[number + 1] if number + 1 < len(read) else None
        around = {**common, "here": page.lesson, "page": page, "before": before, "after": after}
        written.append(_write(folder, page.file, "lesson.html", needs=_needs(page.lesson), **around))
    written.append(_write(folder, "glossary.html", "glossary.html", terms=_terms(), **common))
    written.append(_write(folder, "why.html", "why.html", questions=_asked(read), **common))
    _assets(folder, "site.css", "site.js")
    index = json.dumps(_index(read), ensure_ascii=False, separators=(",", ":"))
    (folder / "assets" / "search.js").write_text(f"window.JWTLAB_SEARCH = {index};\n", "utf-8")
    return written


def build_slides(folder: Path, source: Path | None = None, only: Sequence[str] = ()) -> list[Path]:
    """A presenter's view of every lesson.

    Args:
        folder, source: where to, and of which lessons; see `build_site`.
        only: numbers of lessons; all if there are none.

    Returns:
        The pages; the list of all decks first.

    Raises:
        UsageError, OSError: see `build_site`.
    """
    examine(folder)
    wanted = [path for path in _lessons(source) if not only or path.name[:2] in only]
    decks = [slides.deck(pages.read(path)) for path in wanted]
    prepare(folder)
    parts = _parts([deck.page for deck in decks])
    counts = {deck.page.lesson.number: len(deck.slides) for deck in decks}
    written = [_write(folder, "index.html", "decks.html", parts=parts, counts=counts)]
    written += [_write(folder, deck.page.file, "deck.html", deck=deck, page=deck.page) for deck in decks]
    _assets(folder, "slides.css", "slides.js")
    return written


def _lessons(source: Path | None) -> list[Path]:
    """The lessons to read. Back-ups and copies of copies, which have another dot or a hyphen, are none."""
    if source is None:
        return lessons.originals()
    found = [path for path in source.glob(lessons.PATTERN) if not {".", "-"}.intersection(path.stem)]
    if not found:
        raise UsageError(f"there are no lessons in {source}; name the folder of your copies, such as work")
    return sorted(found)


def examine(folder: Path) -> list[Path]:
    """What an earlier run has left in a folder. Slides may lie in the site's folder, and stay.

    Raises:
        UsageError: it holds something else, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder that is new or empty")
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    others = [each for each in entries if not (each / MARK).is_file()]
    if others and not (folder / MARK).is_file():
        raise UsageError(f"{folder} holds files that were not made here; name a folder that is new or empty")
    return others


def prepare(folder: Path) -> None:
    """An empty folder. What somebody else has put there is not touched: see `examine`."""
    for each in examine(folder):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by jwtlab; the next run empties this folder.\n", "utf-8")


def _write(folder: Path, name: str, template: str, **context: Any) -> Path:
    path = folder / name
    path.write_text(environment().get_template(template).render(**context), "utf-8", newline="\n")
    return path


def _assets(folder: Path, sheet: str, script: str) -> None:
    target = folder / "assets"
    target.mkdir(exist_ok=True)
    parts = [_colours(), style(), (HERE / "static" / "page.css").read_text("utf-8")]
    parts.append((HERE / "static" / sheet).read_text("utf-8"))
    (target / sheet).write_text("\n".join(parts), "utf-8", newline="\n")
    (target / script).write_text((HERE / "static" / script).read_text("utf-8"), "utf-8", newline="\n")


def _colours() -> str:
    """The palette for the page around the widgets: the system's choice, or the reader's."""
    light, dark = palette.variables(palette.LIGHT), palette.variables(palette.DARK)
    return (
        f"body {{ {light} color-scheme: light; }}\n"
        f'body[data-jp-theme-light="false"] {{ {dark} color-scheme: dark; }}\n'
        f"@media (prefers-color-scheme: dark) {{ body:not([data-jp-theme-light]) "
        f"{{ {dark} color-scheme: dark; }} }}\n"
        f"@media print {{ body#top, body#top .jwtlab {{ {light} color-scheme: light; }} }}\n"
    )


def _parts(read: Sequence[pages.LessonPage]) -> list[dict[str, Any]]:
    """The parts of the course with their lessons and the sum of their minutes."""
    found = []
    for title, digits in PARTS:
        members = [page for page in read if page.lesson.number[0] in digits]
        if members:
            minutes = sum(page.lesson.minutes for page in members)
            found.append({"title": title, "pages": members, "minutes": minutes, "hours": _hours(minutes)})
    return found


def _hours(minutes: int) -> str:
    halves = round(minutes / 30)
    return f"{halves // 2}{'½' if halves % 2 else ''} hours" if halves > 2 else f"{minutes} minutes"


def _needs(lesson: Lesson) -> list[Lesson]:
    return [exercises.lessons()[number] for number in lesson.needs if number in exercises.lessons()]


def _map() -> dict[str, Any]:
    every = exercises.lessons()
    return {"plan": plan(every, {}), "wide": WIDE, "high": HIGH, "words": _map_words(every.values())}


def _map_words(every: Any) -> str:
    told = (
        f"{each.number} {each.title}" + (f" after {', '.join(each.needs)}" if each.needs else "")
        for each in every
    )
    return f"Map of the lessons: {'; '.join(told)}."


def _terms() -> list[tuple[glossary.Term, Lesson | None, str, str]]:
    names = markup.Names(pages.RESERVED)
    known = exercises.lessons()
    return [
        (each, known.get(each.lesson), address(each.spec), names.of(each.name)) for each in glossary.terms()
    ]


def _asked(read: Sequence[pages.LessonPage]) -> list[tuple[glossary.Asked, Lesson | None, str]]:
    """The questions, each with the lesson that answers it and the address of the passage."""
    known = {page.lesson.number: page for page in read}
    found = []
    for each in glossary.questions():
        page = known.get(each.lesson)
        headings = page.headings if page is not None else ()
        anchor = next(
            (f"#{heading.id}" for heading in headings if each.where and heading.title == each.where), ""
        )
        found.append((each, page.lesson if page is not None else None, anchor))
    return found


def _index(read: Sequence[pages.LessonPage]) -> list[dict[str, str]]:
    """What the search looks at: sections of lessons, terms, questions."""
    found = []
    for page in read:
        place = f"{page.lesson.number} · {page.lesson.title}"
        found.append({"u": page.file, "p": "Lesson", "h": place, "t": f"{page.lesson.why} {page.opening}"})
        found += [
            {"u": f"{page.file}#{each.id}", "p": place, "h": each.title, "t": each.text}
            for each in page.headings
        ]
    for term, _, _, name in _terms():
        text = " ".join(filter(None, [term.meaning, ", ".join(term.also), term.spec]))
        found.append({"u": f"glossary.html#{name}", "p": "Glossary", "h": term.name, "t": text})
    return found
