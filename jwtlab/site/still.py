"""A widget without a kernel: the same picture, with nothing in it that looks as if it would answer.

The committed output of a widget is what the widget shows before the first click. Here its switches
become marks, its fields the text that they hold, its buttons words; what folds still folds, because
the browser alone does that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from jwtlab.site.markup import classes, lead_to_pages, parse
from jwtlab.style import PAGE_STYLE_MARK, STYLE_MARK, page_style

_POINTS_TO_ID = re.compile(r"url\(#([^)]+)\)")
_USELESS = ("data-action", "data-name", "data-value", "data-key", "data-token", "data-caret", "aria-live")


def still(html: str, prefix: str) -> BeautifulSoup:
    """The HTML of an output as a still picture.

    Args:
        html: what the lesson holds; from our own templates, where everything foreign is escaped.
        prefix: goes before every id, because figures of one page use the same ones.
    """
    tree = parse(html.replace(STYLE_MARK, ""))
    _own_ids(tree, prefix)
    for each in _those(tree, names=("style", "script"), shapes=("jl-add",)):
        each.decompose()  # a copy holds the sheet that the pages have already; a row for what is not there yet
    for page in _those(tree, names=("iframe",)):
        page["srcdoc"] = str(page.get("srcdoc", "")).replace(
            PAGE_STYLE_MARK, f"<style>{page_style()}</style>"
        )
    for control in _those(tree, names=("input", "select", "textarea", "button")):
        _replace_control(tree, control)
    for label in _those(tree, names=("label",)):
        _replace_label(label)
    for each in tree.find_all(tabindex=True):  # nothing but a wide picture scrolls here
        del each["tabindex"]
    for each in _those(tree, names=("section", "div", "ol", "ul")):
        if "aria-label" in each.attrs:
            _group(each)
    for frame in _those(tree, shapes=("jl-wide", "jl-seqbox")):
        frame["tabindex"] = "0"
        frame["role"] = "group"
        frame.attrs.setdefault("aria-label", "Picture that may be wider than the page")
    _levels(tree)
    lead_to_pages(tree)
    for each in tree.find_all(True):
        for name in _USELESS:
            each.attrs.pop(name, None)
    for words in tree.find_all(string=re.compile(" · drag me")):
        words.replace_with(NavigableString(str(words).replace(" · drag me", "")))
    return tree


def _those(tree: BeautifulSoup, names: Sequence[str] = (), shapes: Sequence[str] = ()) -> list[Tag]:
    """Tags of these names, or with one of these classes. (CSS selectors take most of the time of a build.)"""
    return [
        each
        for each in tree.find_all(True)
        if each.name in names or (shapes and set(shapes) & set(classes(each)))
    ]


def _own_ids(tree: BeautifulSoup, prefix: str) -> None:
    for each in tree.find_all(True):
        for name, value in list(each.attrs.items()):
            if not isinstance(value, str):
                continue
            if name in ("id", "for", "aria-labelledby", "aria-describedby"):
                each[name] = " ".join(f"{prefix}-{word}" for word in value.split())
            elif name in ("href", "xlink:href") and value.startswith("#"):
                each[name] = f"#{prefix}-{value[1:]}"
            elif "url(#" in value:
                each[name] = _POINTS_TO_ID.sub(rf"url(#{prefix}-\1)", value)


def _replace_control(tree: BeautifulSoup, control: Tag) -> None:
    kind = str(control.get("type", "text")) if control.name == "input" else control.name
    if kind == "range" or {"jl-hit", "jl-x"}.intersection(classes(control)):
        control.decompose()
    elif kind == "search":  # stays a field: site.js looks for what is typed, and shows it only then
        control["data-filter"] = ""
        control["hidden"] = ""
    elif kind in ("checkbox", "radio"):
        control.replace_with(_mark(tree, control))
    elif "data-token" in control.attrs and control.parent is not None and _mirror(control) is not None:
        mirror = _mirror(control)
        control.decompose()
        if mirror is not None:  # the letters behind the field are the text now
            mirror.attrs.pop("aria-hidden", None)
    elif kind == "button" or _value(control, kind):
        control.replace_with(_text(tree, control, kind))
    else:
        control.decompose()


def _replace_label(label: Tag) -> None:
    if "jl-field" in classes(label) and label.select_one(".s-value") is None:
        label.decompose()  # nothing was in its field
        return
    label.name = "span"
    label.attrs.pop("for", None)


def _mirror(control: Tag) -> Tag | None:
    return control.parent.select_one("[data-mirror]") if control.parent is not None else None


def _mark(tree: BeautifulSoup, control: Tag) -> Tag:
    on = "checked" in control.attrs
    said = f"{control.get('aria-label', 'Switch')}: {'on' if on else 'off'}"
    shape = f"s-switch{' on' if on else ''}"
    return tree.new_tag("span", attrs={"class": shape, "role": "img", "aria-label": said})


def _text(tree: BeautifulSoup, control: Tag, kind: str) -> Tag:
    """A field as what it holds, a button as its words."""
    if kind == "button":
        state: list[str] = [each for each in ("main", "mini") if each in classes(control)]
        if control.get("aria-pressed") == "true" or control.get("aria-current"):
            state.append("chosen")
        words, shape = control.get_text(), " ".join(["s-button", *state])
        hidden = control.get("aria-label")
    else:
        words, shape, hidden = _value(control, kind), f"s-value {kind}", control.get("aria-label")
    span = tree.new_tag("span", attrs={"class": shape})
    span.string = words
    if hidden and str(hidden) != words.strip():
        told = tree.new_tag("span", attrs={"class": "jl-hidden"})
        told.string = f"{hidden}: "
        span.insert(0, told)
    return span


def _value(control: Tag, kind: str) -> str:
    if kind == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return chosen.get_text() if chosen is not None else ""
    if kind == "textarea":
        return control.get_text().removeprefix("\n")
    return str(control.get("value", ""))


def _group(each: Tag) -> None:
    """A named part of a picture is a group, no landmark: a page would have dozens of the same name."""
    if each.name == "section":
        each.name = "div"
    each.attrs.setdefault("role", "group" if each.name == "div" else "list")


def _levels(tree: BeautifulSoup) -> None:
    """Headings of a widget follow the heading of the passage: none is left out."""
    if tree.find("h3") is None:
        for each in tree.find_all("h4"):
            each["role"], each["aria-level"] = "heading", "3"
