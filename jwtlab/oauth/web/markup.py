"""What of a page makes something happen by itself: scripts, pictures that fail, forms, buttons."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Script:
    """A script of a page.

    Attributes:
        source: its address as it is written, or empty.
        text: what stands between its tags.
        nonce: its attribute.
    """

    source: str
    text: str
    nonce: str


@dataclass(frozen=True)
class Markup:
    """What a page holds.

    Attributes:
        scripts: its script elements, in order.
        handlers: texts of onerror attributes of pictures that cannot be shown.
        data: the body's data-* attributes, without ``data-``.
    """

    scripts: tuple[Script, ...]
    handlers: tuple[str, ...]
    data: dict[str, str]


def read_markup(html: str) -> Markup:
    """Of a page, or of a piece of one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Markup(tuple(reader.scripts), tuple(reader.handlers), reader.data)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[Script] = []
        self.handlers: list[str] = []
        self.data: dict[str, str] = {}
        self._open: tuple[str, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._open = (given.get("src", ""), given.get("nonce", ""), [])
        elif tag == "body":
            self.data |= {name[5:]: value for name, value in given.items() if name.startswith("data-")}
        elif tag == "img" and "onerror" in given:
            self.handlers.append(given["onerror"])

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._open is not None:
            source, nonce, text = self._open
            self.scripts.append(Script(source, "".join(text), nonce))
            self._open = None
