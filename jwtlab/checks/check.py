"""What a check is: its name, its question, and the ways in which it may answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.errors import InvalidToken, JwtlabError


class Refusal(Exception):
    """Raised inside a check to refuse; it never leaves `Policy.run`.

    Args:
        reason: one or two plain sentences: what is wrong, and the way out.
        claim: the header parameter, claim or request parameter to blame, if there is one.
        expected: what would have passed.
        found: what was there instead.
        error: the class that `Report.claims` raises for this refusal, where it is another than the
            one that the check declares.
        asks_more: nothing is wrong, but something is still missing that the other side can bring: a
            login, a press of a button, a nonce. The decision waits.
        details: further keyword arguments of that class (such as ``position``).
    """

    def __init__(
        self,
        reason: str,
        *,
        claim: str | None = None,
        expected: Any = None,
        found: Any = None,
        error: type[JwtlabError] | None = None,
        asks_more: bool = False,
        **details: Any,
    ) -> None:
        super().__init__(reason)
        self.asks_more = asks_more
        self.reason = reason
        self.claim = claim
        self.expected = expected
        self.found = found
        self.error = error
        self.details = details


class NotReadable(Refusal):
    """What the check wants to look at could not be read. Not its own fault: an earlier check's."""


@dataclass(frozen=True)
class NotAsked:
    """A check's answer where the verifier gave it nothing to compare with: it lets the case pass.

    Attributes:
        reason: what was missing, in a sentence.
    """

    reason: str


Note = str | NotAsked | Callable[[], str] | None
"""What a check returns when it lets a case pass. A function is called when the note is read."""


Memory = MutableMapping[Hashable, Any]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One named decision.

    Attributes:
        id: lower-case words joined by hyphens; unique within a policy.
        title: what is true when it passes, for a checklist ("Not expired").
        spec: where the rule is written ("RFC 7519 §4.1.4"); empty for a rule of the house.
        run: ``case -> Note``; raises `Refusal`.
        group: the heading it stands under in a long checklist.
        purpose: what goes wrong without it, in one sentence.
        error: the class that `Report.claims` raises when it refuses.
        memory: ``case -> a mapping``, for a check whose answer depends on less than the case (on the
            key alone, say): the mapping belongs to just that, and a positive answer is kept in it.
    """

    id: str
    title: str
    spec: str = ""
    run: Callable[[Any], Note] = field(repr=False)
    group: str = ""
    purpose: str = field(default="", repr=False)
    error: type[JwtlabError] = field(default=InvalidToken, repr=False)
    memory: Callable[[Any], Memory] | None = field(default=None, repr=False)


READABLE = Check(id="readable", title="There is something to read", run=lambda case: None)
"""Asked last of all, where every check that reads was taken out."""
