"""What the judgement of a trace is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from jwtlab.checks import Finding, Refusal
from jwtlab.errors import JwtlabError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class WrongMessage(JwtlabError):
    """A message of a trace is not as it should be.

    Attributes:
        number: of the first message in which it is seen.
        also: numbers of further messages in which it is seen.
    """

    def __init__(
        self, message: str = "", finding: Finding | None = None, number: int = 0, also: tuple[int, ...] = ()
    ) -> None:
        super().__init__(message, finding)
        self.number, self.also = number, also


def wrong(reason: str, numbers: int | Iterable[int], claim: str | None = None, **evidence: Any) -> Refusal:
    """To be raised by a check.

    Args:
        reason: what is wrong, and the way out.
        numbers: of the messages in which it is seen, the first one first.
        claim: the parameter, claim or header to blame.
        evidence: ``expected`` and ``found``.
    """
    first, *also = [numbers] if isinstance(numbers, int) else list(dict.fromkeys(numbers))
    return Refusal(reason, claim=claim, error=WrongMessage, number=first, also=tuple(also), **evidence)


def numbers_of(finding: Finding) -> tuple[int, ...]:
    """The messages that a failed finding is about, the first one first."""
    error = finding.error
    return (error.number, *error.also) if isinstance(error, WrongMessage) else ()


def host(url: str) -> str:
    """The host of an address; empty for what has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    return host(url) in LOOPBACK or host(url).endswith(".localhost")


def site(url: str) -> str:
    """The registrable domain, guessed without the Public Suffix List: the last two labels, or the whole address of a
    machine."""
    name = host(url)
    labels = name.split(".")
    if name.replace(".", "").isdigit() or ":" in name or len(labels) < 3:
        return name
    short_end = len(labels[-1]) == 2 and labels[-2] in ("co", "com", "org", "net", "ac", "gov", "edu")
    return ".".join(labels[-3:] if short_end else labels[-2:])
