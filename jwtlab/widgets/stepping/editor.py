"""The next message of a flow, taken to pieces that may be changed."""

from __future__ import annotations

from dataclasses import dataclass

from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.steps import Step

LONGEST = 8192
_EDITABLE_HEADERS = ("authorization", "dpop", "cookie")


@dataclass(frozen=True)
class Field:
    """Something of the next message that may be changed.

    Attributes:
        place: ``"query"``, ``"form"`` or ``"header"``.
        index: which one.
        name, value: what it says now.
        changed: it is not what the flow would send.
    """

    place: str
    index: int
    name: str
    value: str
    changed: bool

    @property
    def target(self) -> str:
        return f"{self.place}:{self.index}"


class MessageEditor:
    """The parameters and headers of one message.

    Args:
        step: the message that is about to be sent, or ``None``.

    Attributes:
        fields: ``[place, name, value]`` of each, as they stand now.
        original: the same as the flow would send them.
        addition: what is being typed to be added.
        problem: why it could not be added, or sent.
    """

    def __init__(self, step: Step | None) -> None:
        self.request = step.request if step is not None else None
        self.fields = _pieces(self.request)
        self.original = [tuple(each) for each in self.fields]
        self.addition, self.problem = "", ""

    @property
    def shown(self) -> list[Field]:
        """The fields, as the page shows them."""
        return [
            Field(place, index, name, value, self.original[index] != (place, name, value))
            for index, (place, name, value) in enumerate(self.fields)
        ]

    @property
    def edited(self) -> bool:
        """Is the message another one than the flow would send?"""
        return self.fields != _pieces(self.request)

    def draft(self) -> Request | None:
        """The message as it stands in the editor."""
        if self.request is None:
            return None
        request, given = self.request, _by_place(_pieces(self.request))
        now = _by_place(self.fields)
        if now["query"] != given["query"]:
            request = request.with_query(now["query"])
        if now["form"] != given["form"]:
            request = request.with_form(now["form"])
        if now["header"] != given["header"]:
            kept = tuple(pair for pair in request.headers if pair[0].lower() not in _EDITABLE_HEADERS)
            request = Request(request.method, request.url, (*kept, *now["header"]), request.body)
        return request

    def edit(self, target: str, value: str) -> bool:
        """Change the value of a field; gives whether there is such a field."""
        place, _, index = target.partition(":")
        if not index.isdecimal() or int(index) >= len(self.fields) or self.fields[int(index)][0] != place:
            return False
        self.fields[int(index)][2] = _sendable(value[:LONGEST], place)
        return True

    def drop(self, index: str) -> bool:
        """Take a field out; gives whether there was one."""
        if not index.isdecimal() or int(index) >= len(self.fields):
            return False
        del self.fields[int(index)]
        del self.original[int(index)]
        return True

    def add(self) -> None:
        """Add what was typed: ``name=value``, or a header as ``Name: value``."""
        if self.request is None:
            return
        name, sign, content = self.addition.strip().partition("=")
        place = "form" if self.request.form else "query"
        header_name, colon, header_value = self.addition.strip().partition(":")
        if header_name.lower() in _EDITABLE_HEADERS and colon:
            place, name, sign, content = "header", header_name, colon, header_value.strip()
        if not name or not sign:
            names = ", ".join(_EDITABLE_HEADERS)
            self.problem = f"Write name=value, or one of the headers ({names}) as Name: value."
            return
        self.fields.append([place, _sendable(name[:200], place), _sendable(content, place)])
        self.original.append((place, name, ""))
        self.addition, self.problem = "", ""


def _pieces(request: Request | None) -> list[list[str]]:
    if request is None:
        return []
    headers = [pair for pair in request.headers if pair[0].lower() in _EDITABLE_HEADERS]
    places = (("query", request.query), ("form", request.form), ("header", headers))
    return [[place, name, value] for place, pairs in places for name, value in pairs]


def _by_place(fields: list[list[str]]) -> dict[str, list[tuple[str, str]]]:
    return {
        place: [(name, value) for each, name, value in fields if each == place]
        for place in ("query", "form", "header")
    }


def _sendable(value: str, place: str) -> str:
    """What can travel: text in UTF-8, and in a header printable ASCII only (RFC 9110 §5.5)."""
    if place == "header":
        return "".join(each if " " <= each <= "~" else "?" for each in value)
    return value.encode("utf-8", "replace").decode("utf-8")
