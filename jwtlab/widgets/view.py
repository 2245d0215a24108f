"""What every widget is: state in traits, one template that turns it into HTML, one method per action.

A widget can be tested as text, without a browser: change its state, look at ``widget.html``.
The templates escape everything (Jinja2 autoescape); nothing that comes from a token, a request
or a learner is ever markup.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import anywidget
import jinja2
import traitlets
from markupsafe import Markup

from jwtlab.exercises import Lesson
from jwtlab.jose import times
from jwtlab.names import unmasked as visible
from jwtlab.names import unmasked_page
from jwtlab.style import style, without_page_style

HERE = Path(__file__).parent
Method = Callable[..., None]

LONGEST = 65_537
"""Characters of a field that go to the page; view.js cuts what is typed at the same length."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@cache
def environment() -> jinja2.Environment:
    """The templates, with escaping switched on for every one of them."""
    loader = jinja2.FileSystemLoader(HERE / "templates")
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters |= {"hex": hexadecimal, "cut": cut, "when": times.when, "clock": times.clock_time}
    env.filters |= {"editable": editable, "brief": brief, "header_name": header_name}
    env.filters["sentence"] = sentence
    env.filters["visible"] = visible
    env.filters |= {"page_words": page_words, "address": address_parts}
    return env


def render(template: str, **context: Any) -> Markup:
    """A template with these values, every one escaped and every sign seen; so it may stand inside another."""
    return Markup(sendable(unmasked_page(environment().get_template(template).render(**context))))


def sendable(text: str) -> str:
    """Text without half surrogates: no message can carry them to the page."""
    return _HALF_CHARACTER.sub("\ufffd", text)


def static(body: Markup) -> str:
    """Rendered HTML in the frame that gives it our style."""
    return str(render("static.html", body=body))


def header_name(name: str) -> str:
    """A header's name as its RFC spells it."""
    return {"www-authenticate": "WWW-Authenticate", "dpop": "DPoP"}.get(name.lower(), name.title())


def hexadecimal(octets: bytes, limit: int = 4096) -> str:
    """Bytes in pairs of hexadecimal digits: ``"ab 45 b5"``; cut after ``limit`` bytes."""
    shown = octets[:limit].hex(" ")
    return shown if len(octets) <= limit else f"{shown} … {len(octets) - limit:,} more"


def cut(text: str, limit: int = 400) -> str:
    """A text, cut where it becomes too long to be looked at."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def brief(value: Any) -> str:
    """A JSON value in a line: text without quotes, everything else as JSON."""
    return cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 180)


def sentence(words: str) -> str:
    """Words as a sentence: a capital letter first, a full stop at the end."""
    text = words[:1].upper() + words[1:]
    return text if text[-1:] in ".!?" else f"{text}."


def address_parts(url: str) -> tuple[str, list[tuple[str, str, str]]]:
    """An address without its parameters, and the parameters, decoded, each with the sign before it."""
    path, hash_sign, fragment = url.partition("#")
    path, _, query = path.partition("?")
    found = [("?" if number == 0 else "&", *pair) for number, pair in enumerate(parse_qsl(query, True))]
    found += [("#" if number == 0 else "&", *pair) for number, pair in enumerate(parse_qsl(fragment, True))]
    return path + (f"#{fragment}" if hash_sign and fragment and "=" not in fragment else ""), found


def page_words(html: str) -> str:
    """What a page says, without its markup: a sentence or two."""
    plain = re.sub(r"(?is)<(style|script|head)\b.*?(?:</\1>|$)|<[^>]*>?", " ", html[:20_000])
    return cut(" ".join(unescape(plain).split()), 240) or "a page"


def editable(text: str) -> str:
    """What a field shows of a text: a page with a megabyte in a field crawls."""
    return text[:LONGEST]


def action(name: str) -> Callable[[Method], Method]:
    """Mark a method that the page may call under this name (``data-action`` in the template)."""

    def mark(method: Method) -> Method:
        method.action_name = name  # type: ignore[attr-defined]
        return method

    return mark


_open: list[Lesson] = []


def open_lesson(lesson: Lesson) -> None:
    """From now on, checklists begin with the checks that this lesson teaches."""
    _open[:] = [lesson]


class View(anywidget.AnyWidget):
    """Base of the widgets.

    A subclass names its ``template``, keeps its state in traits that `watched` lists, and marks
    the methods that the page may call with `action`.

    Attributes:
        html: the picture.
        page, seldom: the same as it is sent: without its `parts`, and these.
        lesson_checks: ids of the checks that the open lesson teaches.
        trouble: why the last action was broken off, in a sentence; the page shows it above the picture.
    """

    _esm = HERE / "static" / "view.js"
    _css = style()
    html = traitlets.Unicode("")
    page = traitlets.Unicode("").tag(sync=True)
    seldom = traitlets.Dict().tag(sync=True)
    ack = traitlets.Int(0).tag(sync=True)
    trouble = traitlets.Unicode("").tag(sync=True)

    template: ClassVar[str]
    watched: ClassVar[tuple[str, ...]] = ()
    actions: ClassVar[dict[str, Method]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {method.action_name: method for method in vars(cls).values() if hasattr(method, "action_name")}
        cls.actions = {**cls.actions, **own}

    def __init__(self, **traits: Any) -> None:
        self.lesson_checks = _open[0].checks if _open else ()
        self._acting = False
        super().__init__(**traits)
        self.on_msg(self._answer)
        if self.watched:
            self.observe(self._has_changed, list(self.watched))
        self.refresh()

    def context(self) -> dict[str, Any]:
        """What the template needs to know."""
        return {}

    def parts(self) -> dict[str, Markup]:
        """What changes seldom: by the ``data-key`` of an element that the template leaves empty, what stands in it.

        The page gets it for itself, and anew only when it has changed: neither the wire nor the browser has to do
        with it at every click.
        """
        return {}

    def refresh(self) -> None:
        """Draw again."""
        page, parts = self._without_parts(), self.parts()
        with self.hold_sync():
            self.page, self.seldom = str(page), {name: str(part) for name, part in parts.items()}
            self.html = str(_filled(page, parts))

    def _has_changed(self, _: Any) -> None:
        if not self._acting:  # an action may change much, and is drawn once, at its end
            self.refresh()

    def draw(self) -> Markup:
        return _filled(self._without_parts(), self.parts())

    def _without_parts(self) -> Markup:
        return render(self.template, view=self, **self.context())

    def act(self, name: str, value: Any = "", target: str = "", **more: Any) -> None:
        """What a click or a key press in the page does; tests call it too.

        Args:
            name: the action.
            value: what the control holds.
            target: which of several controls it was.
            more: ``cut`` (int) if the page cut off a value that was too long.
        """
        method = self.actions.get(name)
        if method is None:
            return
        self._acting = True
        try:
            method(self, value, target, **more)
        finally:
            self._acting = False
        self.refresh()

    def _answer(self, _: Any, content: Any, buffers: Any) -> None:
        with self.hold_sync():
            self.trouble = ""
            try:
                more = {"cut": int(content["cut"])} if content.get("cut") else {}
                self.act(
                    str(content.get("action")), content.get("value", ""), str(content.get("name", "")), **more
                )
            except KeyboardInterrupt:  # the button ■ of the front end
                self._broken_off("It was interrupted.")
            except Exception as error:
                self._broken_off(f"Something went wrong in the kernel: {type(error).__name__}: {error}.")
                raise  # into the kernel's log
            finally:
                self.ack += 1  # whatever happened: the page waits for this before it sends again

    def _broken_off(self, why: str) -> None:
        """Be whole again after an action that ended in its middle, and say so."""
        more = self.mend()
        self.refresh()
        self.trouble = sendable(f"{cut(why)} {more}".strip())

    def mend(self) -> str:
        """An action was broken off in its middle: put right what it left half done.

        Returns:
            What became of it, in a sentence.
        """
        return "You can go on."

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, with the same HTML beside it for pages that have no kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        html = static(self.draw())
        if os.environ.get("JWTLAB_STYLE") != "inline":
            html = without_page_style(html)
        stand_in = {"text/plain": repr(self), "text/html": html}
        return {**(data or {}), **stand_in}, metadata


def _filled(page: Markup, parts: Mapping[str, Markup]) -> Markup:
    """The page with its parts; what comes from elsewhere cannot be such a place, as its quotation marks are escaped."""
    for name, part in parts.items():
        place = Markup(f'data-key="{name}">')
        page = page.replace(place, place + part, 1)
    return page


class Card:
    """Something to look at without a widget: an exercise's answer, a hint, a lesson's head.

    Args:
        template: which template draws it.
        text: the same in plain text, for terminals and tests.
        context: what the template needs.
    """

    def __init__(self, template: str, text: str, **context: Any) -> None:
        self._template = template
        self._text = sendable(text)
        self._context = context

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return static(render(self._template, **self._context))
