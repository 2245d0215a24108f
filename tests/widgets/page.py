"""A widget's HTML, read as a browser reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

CONTROLS = ("input", "select", "button", "textarea")
EMPTY = ("input", "br", "line", "circle", "img", "meta", "link")


@dataclass
class Element:
    """An element: its name, attributes, the text inside, and the text of the label around it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    label: Element | None = None

    @property
    def accessible_name(self) -> str:
        own = self.text if self.name == "button" else ""
        around = self.label.text if self.label else ""
        return (self.attributes.get("aria-label") or own or around).strip()


@dataclass
class Page(HTMLParser):
    """Everything in some HTML, flat and in order."""

    html: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        label = next((element for element in self.open if element.name == "label"), None)
        element = Element(tag, {name: value or "" for name, value in attrs}, label=label)
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data):
        inside_control = any(element.name in ("select", "textarea") for element in self.open)
        if not inside_control:
            self.words.append(data)
        for element in self.open:
            # What stands in a field is its value and names neither the label nor what is around it.
            if element.name in ("option", "select", "textarea") or not inside_control:
                element.text += data

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    def control(self, action: str, name: str | None = None) -> Element:
        """The one control of this action (and ``data-name``)."""
        (found,) = (
            element
            for element in self.elements
            if element.attributes.get("data-action") == action
            and name in (None, element.attributes.get("data-name"))
        )
        return found

    @property
    def text(self) -> str:
        """What can be read outside fields, with single spaces."""
        return " ".join(" ".join(self.words).split())
