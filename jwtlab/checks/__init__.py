"""A check is data: the one mechanism behind every decision in the lab.

Deciding whether to trust a token, or how to answer an OAuth request, is an ordered list of
named checks. A `Policy` is such a list. Running it on a *case* (whatever the checks look at)
gives a `Report` with one `Finding` for each check. A weak verifier is a sound one minus a check::

    careless = jwtlab.STANDARD.without("audience-expected")

A check's ``run`` is a function of the case. It returns a note when it passes, `NotAsked` when it
was given nothing to compare with, and raises `Refusal` when it refuses.

A report costs little until somebody reads it: its findings are made when they are first looked at.
"""

from __future__ import annotations

from jwtlab.checks.check import READABLE, Check, Memory, NotAsked, Note, NotReadable, Refusal
from jwtlab.checks.finding import Finding, Status
from jwtlab.checks.policy import Policy
from jwtlab.checks.report import Report

__all__ = [
    "READABLE",
    "Check",
    "Finding",
    "Memory",
    "NotAsked",
    "NotReadable",
    "Note",
    "Policy",
    "Refusal",
    "Report",
    "Status",
]
