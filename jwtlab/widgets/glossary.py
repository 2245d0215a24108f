"""Glossary and WhyIndex: the words of the field and people's questions, found while one types."""

from __future__ import annotations

import re
from typing import Any

import traitlets

from jwtlab import exercises, glossary
from jwtlab.widgets.view import View, action

_RFC = re.compile(r"RFC (\d+)(?: §([\d.]+))?")
_OPENID = {
    "OpenID Connect Core": "openid-connect-core-1_0.html",
    "OpenID Connect Back-Channel Logout": "openid-connect-backchannel-1_0.html",
    "OpenID Connect Front-Channel Logout": "openid-connect-frontchannel-1_0.html",
    "OAuth 2.0 Form Post Response Mode": "oauth-v2-form-post-response-mode-1_0.html",
}
_LONGEST = 80


def address(spec: str) -> str:
    """Where a specification can be read: of an RFC the very section, of the others the document.

    Args:
        spec: such as ``"RFC 7519 §4.1.4"``; an unknown one has no address.
    """
    if match := _RFC.fullmatch(spec):
        number, section = match.groups()
        return f"https://www.rfc-editor.org/rfc/rfc{number}" + (f"#section-{section}" if section else "")
    name = spec.partition(" §")[0]
    return f"https://openid.net/specs/{_OPENID[name]}" if name in _OPENID else ""


class _Search(View):
    watched = ("words",)
    words = traitlets.Unicode("")

    def __init__(self, words: str = "") -> None:
        super().__init__(words=words[:_LONGEST])

    @action("search")
    def search(self, value: str, target: str = "") -> None:
        """Look for these words."""
        if isinstance(value, str):
            self.words = value[:_LONGEST]


class Glossary(_Search):
    """Every term in two sentences, with its section of the specification and its lesson.

    Args:
        words: to look for at once.
    """

    template = "glossary.html"

    def context(self) -> dict[str, Any]:
        found = glossary.find(self.words)
        return {
            "terms": [(each, exercises.lessons().get(each.lesson), address(each.spec)) for each in found],
            "total": len(glossary.terms()),
        }


class WhyIndex(_Search):
    """ "I want to know why ..." and the lesson that answers it.

    Args:
        words: to look for at once.
    """

    template = "why.html"

    def context(self) -> dict[str, Any]:
        found = glossary.find_questions(self.words)
        return {
            "questions": [(each, exercises.lessons().get(each.lesson)) for each in found],
            "total": len(glossary.questions()),
        }
