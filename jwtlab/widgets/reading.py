"""What the widgets show of a token, as plain data: rows, notes, checklists, a time line.

Everything here can be tested without a browser; the templates only lay it out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.checks import Check, Finding, Policy, Report, Status
from jwtlab.jose import times
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.claims import claim
from jwtlab.jose.header_parameters import header_parameter
from jwtlab.jose.json_types import NUMERIC_DATE
from jwtlab.jose.token import Fault, Reading, read

MOST_ROWS = 60
"""More claims than this are counted, not shown: nobody reads them, and the page would crawl."""


@dataclass(frozen=True)
class NamedValue:
    """A header parameter or claim with its explanation.

    Attributes:
        name, value: as they stand in the token; the value as JSON, text without quotes.
        meaning: in a phrase.
        spec: where it is defined.
        when: a date in words, or ``""``.
        relative: ``"in 5 minutes"``, or ``""``.
        tone: ``"bad"`` if the date speaks against the token now, else ``""``.
    """

    name: str
    value: str
    meaning: str
    spec: str
    when: str = ""
    relative: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Inspection:
    """A token as the inspector shows it."""

    reading: Reading
    segments: tuple[str, ...]
    header: tuple[NamedValue, ...] | None
    claims: tuple[NamedValue, ...] | None
    hidden_claims: int
    payload_text: str
    signature: tuple[tuple[str, bytes], ...]
    notes: tuple[Fault, ...]
    sizes: tuple[int | None, ...] = field(default=(None, None, None))


def inspect(token: str, now: float) -> Inspection:
    """Take a token apart for looking at; never raises, verifies nothing."""
    reading = read(token)
    if reading.fault("token-size"):
        # Nothing of it is shown: laying out a megabyte of text freezes a browser.
        notes = tuple(fault for fault in reading.faults if fault.check == "token-size")
        return Inspection(reading, (token[:2000],), None, None, 0, "", (), notes)
    claims = reading.claims if not (reading.faults and reading.faults[0].encrypted) else None
    return Inspection(
        reading,
        tuple(token.split(".", 2)),
        None if reading.header is None else _rows(reading.header, header_row),
        None if claims is None else _rows(claims, lambda name, value: claim_row(name, value, now)),
        max(0, len(claims or ()) - MOST_ROWS),
        _payload_text(reading),
        signature_numbers(reading),
        _first_of_each_part(reading.faults),
        tuple(None if part is None else len(part) for part in _octets(reading)),
    )


def _octets(reading: Reading) -> tuple[bytes | None, ...]:
    encoded = reading.segments[0]
    header = None if reading.header is None else b"x" * (len(encoded) * 3 // 4)
    return header, reading.payload, reading.signature


def _rows(members: Mapping[str, Any], row: Any) -> tuple[NamedValue, ...]:
    return tuple(row(name, value) for name, value in list(members.items())[:MOST_ROWS])


def header_row(name: str, value: Any) -> NamedValue:
    """A header parameter, explained."""
    entry = header_parameter(name)
    algorithm = ALGORITHMS.get(value) if name == "alg" and isinstance(value, str) else None
    if algorithm is not None:
        return NamedValue(name, as_text(value), algorithm.meaning, algorithm.spec)
    if name == "alg" and isinstance(value, str) and value.lower() == "none":
        return NamedValue(
            name, value, "no signature at all: anybody can write such a token", "RFC 7518 §3.6", tone="bad"
        )
    return NamedValue(name, as_text(value), entry.meaning, entry.spec)


def claim_row(name: str, value: Any, now: float) -> NamedValue:
    """A claim, explained; dates as dates, seen from ``now``."""
    entry = claim(name)
    row = NamedValue(name, as_text(value), entry.meaning, entry.spec)
    if entry.type is not NUMERIC_DATE:
        return row
    if not times.is_numeric_date(value):
        return NamedValue(
            name, row.value, "this is no NumericDate (seconds since 1970)", "RFC 7519 §2", tone="bad"
        )
    relative, tone = _seen_from(name, value, now)
    return NamedValue(name, row.value, entry.meaning, entry.spec, times.when(value), relative, tone)


def _seen_from(name: str, value: float, now: float) -> tuple[str, str]:
    relative = times.relative(value, now)
    if name == "exp":
        if value <= now:
            return ("expired just now" if relative == "now" else f"expired {relative}"), "bad"
        return f"expires {relative}", ""
    if value > now and name in ("nbf", "iat"):
        return f"{relative}: not yet", "bad"
    return relative, ""


def as_text(value: Any) -> str:
    """A JSON value for reading: text without its quotes, everything else as JSON, cut if long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 240 else f"{text[:240]}… ({len(text) - 240:,} more)"


def _payload_text(reading: Reading) -> str:
    """The payload of a token whose payload is no JSON object, as far as it can be shown."""
    if reading.claims is not None or not reading.payload or any(f.encrypted for f in reading.faults):
        return ""
    return reading.payload[:400].decode("utf-8", "replace")


def signature_numbers(reading: Reading) -> tuple[tuple[str, bytes], ...]:
    """The signature in the pieces that its algorithm makes."""
    signature = reading.signature
    if not signature:
        return ()
    alg = (reading.header or {}).get("alg")
    algorithm = ALGORITHMS.get(alg) if isinstance(alg, str) else None
    if algorithm is None or algorithm.family not in ("ECDSA", "EdDSA") or len(signature) % 2:
        return (("bytes", signature),)
    half = len(signature) // 2
    first, second = ("r", "s") if algorithm.family == "ECDSA" else ("R", "S")
    return ((first, signature[:half]), (second, signature[half:]))


def _first_of_each_part(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """One note for each part: a broken base64url also breaks the JSON in it, and one reason is enough."""
    kept: dict[str, Fault] = {}
    for fault in faults:
        kept.setdefault(fault.part, fault)
    if "token" in kept:
        return (kept["token"],)
    return tuple(kept.values())


# Checklists


ICONS = {"ok": "✓", "bad": "✕", "more": "…", "off": "–", "wait": "·", "idle": "○"}


@dataclass(frozen=True)
class ChecklistItem:
    """One line of a checklist.

    Attributes:
        check: the `Check`.
        state: ``"ok"``, ``"bad"``, ``"more"`` (asks for more), ``"off"``,
            ``"wait"`` (not reached) or ``"idle"`` (had nothing to compare).
        why: the words beside it.
    """

    check: Check
    state: str
    why: str

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def said(self) -> str:
        """The state in a word, for those who hear the page."""
        words = {
            "ok": "passed",
            "bad": "failed",
            "more": "asks for more",
            "off": "switched off",
            "wait": "not reached",
            "idle": "not asked",
        }
        return words[self.state]


@dataclass(frozen=True)
class Group:
    """The checks under one heading."""

    name: str
    items: tuple[ChecklistItem, ...]

    @property
    def state(self) -> str:
        states = [item.state for item in self.items]
        for state in ("bad", "more", "off", "wait", "ok"):
            if state in states:
                return state
        return "idle"

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def summary(self) -> str:
        words = {
            "ok": "passed",
            "bad": "failed",
            "more": "waiting",
            "off": "switched off",
            "wait": "not reached",
            "idle": "not asked",
        }
        counts = Counter(item.state for item in self.items)
        return ", ".join(f"{counts[state]} {said}" for state, said in words.items() if counts[state])

    @property
    def open(self) -> bool:
        return self.state in ("bad", "off")


@dataclass(frozen=True)
class Checklist:
    """A policy with what became of each check.

    Attributes:
        first: the checks that this lesson teaches; empty where all of them matter alike.
        groups: the others, under their headings, in order.
    """

    first: tuple[ChecklistItem, ...]
    groups: tuple[Group, ...]

    @property
    def rest(self) -> Group:
        """The others as one, for the line behind which they wait."""
        return Group("Further checks", tuple(item for group in self.groups for item in group.items))


def checklist(policy: Policy, report: Report, off: Container[str], first: Container[str] = ()) -> Checklist:
    """A policy with what became of each check.

    Args:
        policy: all checks, those that are switched off among them.
        report: what became of them.
        off: ids of those that are switched off.
        first: ids of those that come first (`Lesson.checks`).
    """
    findings = {finding.id: finding for finding in report.findings}
    chosen: list[ChecklistItem] = []
    groups: dict[str, list[ChecklistItem]] = {}
    for check in policy:
        place = chosen if check.id in first else groups.setdefault(check.group, [])
        place.append(_item(check, findings.get(check.id), check.id in off))
    extra = findings.get("readable")
    if extra is not None:
        groups.setdefault("Payload", []).append(_item(extra.check, extra, False))
    return Checklist(tuple(chosen), tuple(Group(name, tuple(items)) for name, items in groups.items()))


def _item(check: Check, finding: Finding | None, off: bool) -> ChecklistItem:
    if off or finding is None:
        return ChecklistItem(check, "off", f"switched off. {check.purpose}")
    return ChecklistItem(check, STATES[finding.status], finding.reason)


STATES = {
    Status.PASSED: "ok",
    Status.FAILED: "bad",
    Status.ASKS_MORE: "more",
    Status.NOT_ASKED: "idle",
    Status.NOT_REACHED: "wait",
}
"""How a finding is drawn in every checklist."""


def verdict(report: Report, off: int = 0) -> str:
    """The counts in a sentence: ``"6 checks passed, 1 failed, 25 not reached"``."""
    passed, idle, waiting = map(report.count, (Status.PASSED, Status.NOT_ASKED, Status.NOT_REACHED))
    failed = len(report.failures)
    words = [f"{passed} checks passed" if passed != 1 else "1 check passed"]
    words += [f"{failed} failed"] if failed else []
    words += [f"{idle} not asked"] if idle else []
    words += [f"{waiting} not reached"] if waiting else []
    words += [f"{off} switched off"] if off else []
    return ", ".join(words)
