"""A login that somebody has recorded: as a trace, judged, with its secrets replaced, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jwtlab.checks import Finding
from jwtlab.errors import UsageError, kind
from jwtlab.jose.token import read
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.explanations import explain
from jwtlab.oauth.reading.har.entries import Entry, read_entry
from jwtlab.oauth.reading.har.opening import EXPORT, opened
from jwtlab.oauth.reading.har.relevance import MOST_MESSAGES, of_the_login, origin
from jwtlab.oauth.reading.har.stream import TOO_LONG, UNREADABLE, BrokenJson, Stream
from jwtlab.oauth.reading.judging import Judgement, judge, numbers_of
from jwtlab.oauth.reading.logins import Logins
from jwtlab.oauth.reading.redaction import redacted

MOST_ENTRIES = 50_000
BROWSER = "Browser"


@dataclass(frozen=True)
class Recording:
    """What was read.

    Attributes:
        name: of the file.
        trace: its messages, numbered from 1, with sentences of what they are for.
        judgement: what can be judged from outside.
        notes: what a reader has to know: what was left out, what could not be read.
        replaced: secrets, tokens, cookies and people were replaced.
    """

    name: str
    trace: Trace
    judgement: Judgement
    notes: tuple[str, ...] = ()
    replaced: bool = True

    @classmethod
    def of(
        cls, trace: Trace, name: str = "", notes: Iterable[str] = (), *, keep_secrets: bool = False
    ) -> Recording:
        """Judge a trace, after its secrets have been replaced: what the judge does not see, it cannot tell."""
        shown = trace if keep_secrets else redacted(trace)
        said = explain(Logins(shown))
        told = Trace(
            replace(each, says=each.says or said[each.number][0], spec=each.spec or said[each.number][1])
            for each in shown
        )
        return cls(name, told, judge(told), tuple(notes), not keep_secrets)

    def to_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        first = self.judgement.first_wrong
        return {
            "version": 1,
            "file": self.name,
            "secrets_replaced": self.replaced,
            "notes": list(self.notes),
            "parties": list(self.trace.parties),
            "messages": [_message(each) for each in self.trace],
            "first_wrong": None
            if first is None
            else {"check": first.id, "message": (numbers_of(first) or (None,))[0]},
            "findings": [
                _finding(policy, finding)
                for policy, report in self.judgement.reports.items()
                for finding in report
            ],
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def read_har(
    file: str | Path, *, keep_secrets: bool = False, everything: bool = False, partial: bool = False
) -> Recording:
    """Read a login out of a HAR file, as browsers and proxies record it.

    Args:
        file: its path; it may be packed with gzip, or stand alone in a zip archive.
        keep_secrets: leave secrets, tokens, cookies and people as they are; for yourself only.
        everything: keep pictures, scripts and other messages that have nothing to do with a login, too.
        partial: read a file that ends too early as far as it goes.

    Raises:
        UsageError: there is no such file, it is no HAR, it is broken, or nothing of a login is in it.
    """
    if not isinstance(file, str | Path) or not str(file):
        raise UsageError(f"name a HAR file, such as 'login.har'; this is {kind(file)}")
    path = Path(file).expanduser()
    notes: list[str] = []
    with opened(path) as pieces:
        entries = list(_usable(Stream(pieces), path.name, notes, partial))
    if not entries:
        found = f" ({'; '.join(note.rstrip('.') for note in notes)})" if notes else ""
        raise UsageError(f"{path.name} holds no recorded message{found}. {EXPORT}, after the login")
    if everything:
        chosen, left_out = entries[:MOST_MESSAGES], max(0, len(entries) - MOST_MESSAGES)
    else:
        chosen, left_out = of_the_login(entries)
    if not chosen:
        raise UsageError(
            f"{path.name} holds {len(entries)} messages, and none of them belongs to a login. Open the developer tools "
            'first, tick "Preserve log", log in, and export then'
        )
    if left_out:
        files = "scripts, pictures and other messages" if not everything else "further messages"
        notes.append(f"{left_out} {files} were left out.")
    return Recording.of(as_trace(chosen), path.name, notes, keep_secrets=keep_secrets)


def _usable(stream: Stream, name: str, notes: list[str], partial: bool) -> Iterator[Entry]:
    """The entries that can be read; what cannot is counted in the notes."""
    long = odd = count = 0
    try:
        for found in stream.entries():
            count += 1
            if count > MOST_ENTRIES:
                notes.append(f"Only the first {MOST_ENTRIES:,} messages were read.")
                break
            entry = None if found in (TOO_LONG, UNREADABLE) else read_entry(found)
            long += found is TOO_LONG
            odd += entry is None and found is not TOO_LONG
            if entry is not None:
                yield _lighter(entry)
    except BrokenJson as error:
        if not (partial and error.entries):
            raise UsageError(_broken(name, error)) from error
        notes.append(f"The file is broken: {error}. What stands before that is shown.")
    if long:
        notes.append(f"{long} messages of more than 16 MB were passed over.")
    if odd:
        notes.append(f"{odd} entries are no requests over http, and were passed over.")


def _broken(name: str, error: BrokenJson) -> str:
    if not error.entries:
        return f"{name} is no HAR file that can be read: {error}. {EXPORT}"
    return (
        f"{name} is broken: {error}. {error.entries} messages could be read before that. Export it again, or "
        f"read those "
        "alone: jwtlab read --partial"
    )


def _lighter(entry: Entry) -> Entry:
    """Without the body that nobody will look at: a recording has thousands of scripts."""
    response = entry.response
    if response is None or not response.body:
        return entry
    wanted = response.body[:1] in (b"{", b"[") or response.status >= 400
    if wanted and len(response.body) <= 64 * 1024:
        return entry
    return replace(entry, response=replace(response, body=response.body[:2048]))


def as_trace(entries: Iterable[Entry]) -> Trace:
    """Entries as numbered exchanges between named parties, in the order in which they were sent."""
    ordered = sorted(_timed(entries), key=lambda each: each.at)
    plain = Trace(
        Exchange(number, BROWSER, origin(each.request.url), each.request, each.response, (), each.at)
        for number, each in enumerate(ordered, 1)
    )
    told = [re.fullmatch(r"([\w' .:-]{1,60}) → ([\w' .:-]{1,60})", each.comment) for each in ordered]
    if all(told):  # jwtlab's own recordings say who spoke
        return Trace(
            replace(each, sender=said[1], receiver=said[2])
            for each, said in zip(plain, told, strict=True)
            if said
        )
    names = _names(Logins(plain))
    return Trace(replace(each, receiver=names[each.receiver]) for each in plain)


def _timed(entries: Iterable[Entry]) -> Iterator[Entry]:
    """What bears no time stays where it stands in the file: after the one before it."""
    before = 0.0
    for each in entries:
        before = each.at or before
        yield each if each.at else replace(each, at=before)


def _names(logins: Logins) -> Mapping[str, str]:
    """Origin → what it is in this login, and its host."""
    servers = {origin(each.exchange.request.url) for each in logins.askings}
    servers |= {origin(one.exchange.request.url) for one in logins.redeemings} | {
        origin(each) for each in logins.metadata
    }
    homes = {origin(each["redirect_uri"]) for each in logins.askings} | {
        origin(each.target) for each in logins.answers
    }
    homes |= {origin(each.page) for each in logins.askings if each.seen != each.number}
    apis = {origin(each.request.url) for each, _ in logins.bearers}
    found = {}
    for each in logins.trace:
        place = each.receiver
        role = (
            "Server"
            if place in servers
            else "Application"
            if place in homes
            else "API"
            if place in apis
            else "Site"
        )
        found[place] = f"{role} {place.partition('://')[2]}"
    if len(set(found.values())) < len(found):  # http and https of one host
        found = {place: f"{name.partition(' ')[0]} {place}" for place, name in found.items()}
    return found


# For programs and terminals


def _message(each: Exchange) -> dict[str, Any]:
    answer = each.response
    tokens = [(seen.where, read(seen.text)) for seen in each.tokens]
    return {
        "number": each.number,
        "at": each.at,
        "sender": each.sender,
        "receiver": each.receiver,
        "says": each.says,
        "spec": each.spec,
        "method": each.request.method,
        "url": each.request.url,
        "headers": [list(pair) for pair in each.request.headers],
        "form": [list(pair) for pair in each.request.form],
        "status": None if answer is None else answer.status,
        "location": "" if answer is None else answer.location,
        "answer_headers": [] if answer is None else [list(pair) for pair in answer.headers],
        "answer": None if answer is None else answer.json,
        "tokens": [
            {"where": where, "header": found.header, "claims": found.claims} for where, found in tokens
        ],
    }


def _finding(policy: str, finding: Finding) -> dict[str, Any]:
    return {
        "policy": policy,
        "check": finding.id,
        "title": finding.check.title,
        "spec": finding.check.spec,
        "status": str(finding.status),
        "reason": finding.reason,
        "parameter": finding.claim,
        "expected": finding.expected,
        "found": finding.found,
        "messages": list(numbers_of(finding)),
    }


def _lines(recording: Recording) -> Iterator[str]:
    trace, judgement = recording.trace, recording.judgement
    wide = max((len(each.title) for each in trace), default=0)
    counted = f"{len(trace)} message{'s' * (len(trace) != 1)}"
    yield f"{recording.name or 'Recording'}: {counted} between {', '.join(trace.parties)}"
    yield from (f"  ({note})" for note in recording.notes)
    yield ""
    for each in trace:
        mark = "✕" if any(each.number in numbers_of(one) for one in judgement.failures) else " "
        yield f"{mark}{each.number:3}  {each.title[:60].ljust(min(wide, 60))}  {each.receiver}  {each.says}".rstrip()
    yield ""
    yield from _told("What went wrong", judgement.failures, "Nothing that can be seen from outside.")
    yield from _told("What works, and is risky", judgement.advice, "Nothing that can be seen from outside.")
    unknown = [
        each for report in judgement.reports.values() for each in report if str(each.status) == "not asked"
    ]
    yield f"{len(unknown)} checks could not be asked: what they compare is not in the recording."


def _told(title: str, findings: Iterable[Finding], nothing: str) -> Iterator[str]:
    """A list of findings under a heading."""
    found = list(findings)
    yield title
    if not found:
        yield f"  ✓ {nothing}"
    for each in found:
        spec = f" [{each.check.spec}]" if each.check.spec else ""
        places = ", ".join(map(str, numbers_of(each)))
        yield f"  ✕ {each.id} · message {places}{spec}"
        yield f"    {each.reason}."
    yield ""
