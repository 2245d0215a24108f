"""What a browser says when it does not do what a script wants."""

from __future__ import annotations


class Blocked(Exception):
    """The browser refuses. A script sees that something failed; the console says why.

    Args:
        rule: what refuses: ``"CORS"``, ``"CSP"``, ``"same origin"``, ``"key"``.
        reason: in a sentence.
    """

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule, self.reason = rule, reason
