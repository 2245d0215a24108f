"""Exercises 28.2 and 28.3: a link and a code that came by mail, at the server."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import Wrong
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import Case, Table, near


def _with_record(found: Any, arguments: tuple[Any, ...]) -> tuple[Any, Any]:
    return found, arguments[0]


_LINK = {"browser": "b-alice", "used": False, "expires": 1600}
_SAYS = {"word": 'Return "page", "in" or "refused"; this is {found!r}.'}


def _read_visit(outcome: Any) -> Any:
    if outcome[0] not in ("page", "in", "refused"):
        raise Wrong("word", found=outcome[0])
    return outcome


def _look_at_record(outcome: Any, case: Case) -> None:
    found, record = outcome
    if found == case.expected[0] and record != case.expected[1]:
        raise Wrong("not-used" if found == "in" else "burnt", f"For {case.given} you say {found!r}.")


def _visit(
    mistake: str, changes: Any, method: str, browser: str | None, now: float, expected: str, why: str = ""
) -> Case:
    record = None if changes is None else _LINK | changes
    after = record and record | ({"used": True} if expected == "in" else {})
    return Case(mistake, (record, method, browser, now), (expected, after), why)


def _press_twice(answer: Any) -> None:
    """A scanner, a preview and Alice open the link; then she presses the button, and presses it again."""
    record: dict[str, Any] = dict(_LINK)
    looked = [call(answer, record, method, "b-alice", 1000) for method in ("GET", "HEAD", "GET")]
    if looked != ["page"] * 3 or call(answer, record, "POST", "b-alice", 1001) != "in":
        raise Wrong("burnt", "After two GETs and a HEAD,")
    if call(answer, record, "POST", "b-alice", 1002) != "refused":
        raise Wrong("not-used", "The second press logs in again.")


judge_visit = Table(
    cases=(
        _visit("own-link", {}, "GET", "b-alice", 1000, "page", "She opens her own link: show the page."),
        _visit("own-button", {}, "POST", "b-alice", 1000, "in", "She presses the button in time, in her browser."),
        _visit("own-button", {"browser": "B-bob", "expires": 9000}, "POST", "B-bob", 1599, "in"),
        _visit("own-button", {}, "POST", "b-alice", 1599, "in"),
        _visit("no-record", None, "GET", "b-alice", 1000, "refused", "We did not send this link."),
        _visit("no-record", None, "POST", "b-alice", 1000, "refused"),
        _visit("no-record", None, "POST", None, 1000, "refused"),
        _visit("used", {"used": True}, "POST", "b-alice", 1000, "refused",
               "The link has been used: no login, no button."),
        _visit("used", {"used": True}, "GET", "b-alice", 1000, "refused"),
        _visit("over", {}, "POST", "b-alice", 1600, "refused", "At expires it is over, so now < expires: no login, no "
               "button."),
        _visit("over", {}, "POST", "b-alice", 1601, "refused"),
        _visit("over", {}, "GET", "b-alice", 1600, "refused"),
        _visit("other-browser", {}, "POST", "b-mallory", 1000, "refused",
               "This is another browser than the one that asked: no login, no button."),
        _visit("other-browser", {}, "GET", "b-mallory", 1000, "refused"),
        _visit("no-cookie", {}, "POST", None, 1000, "refused", "A browser without our cookie did not ask."),
        _visit("no-cookie", {}, "GET", None, 1000, "refused"),
        _visit("nobody", {"browser": None}, "POST", None, 1000, "refused",
               "Nobody's cookie is noted, and nobody's cookie comes: None == None is no proof."),
        _visit("nobody", {"browser": None}, "GET", None, 1000, "refused"),
        _visit("nobody", {"browser": None}, "POST", "b-mallory", 1000, "refused"),
        _visit("method", {}, "HEAD", "b-alice", 1000, "page",
               "Only POST logs in. Every other method looks, and gets the page: HEAD is what a scanner may send."),
        _visit("method", {}, "OPTIONS", "b-alice", 1000, "page"),
        _visit("method", {}, "HEAD", "b-mallory", 1000, "refused"),
        *near("method", "POST", lambda text: _visit("", {}, text, "b-alice", 1000, "page").given, ("page", _LINK)),
        *near("browser", "b-alice", lambda text: _visit("", {}, "POST", text, 1000, "").given, ("refused", _LINK)),
        *near("browser", "b-alice", lambda text: _visit("", {}, "GET", text, 1000, "").given, ("refused", _LINK)),
    ),
    outcome=_with_record,
    read=_read_visit,
    look=_look_at_record,
    changes=True,
    own={
        **_SAYS,
        "not-used": 'Somebody got in, and the record is not marked: record["used"] = True.',
        "burnt": "the record has changed, and nobody got in: that burns the link.",
    },
    further=_press_twice,
    praise="A GET looks, a POST acts, once, in time, at home: the scanner may come as often as it likes.",
)  # fmt: skip


_CODE: dict[str, Any] = {"code": "048213", "guesses": 0, "used": False, "expires": 1600}


def _typed(
    mistake: str,
    changes: dict[str, Any],
    typed: str,
    expected: str,
    why: str = "",
    now: float = 1000,
    *,
    counts: int = 0,
) -> Case:
    """``counts``: 1 if the guess has to be counted, 0 if not, -1 if it may be."""
    record = _CODE | changes
    after = record | ({"used": True} if expected == "in" else {})
    return Case(mistake, (record, typed, now), (expected, after, counts), why)


def _fits_code(outcome: Any, expected: Any) -> bool:
    (found, record), (said, after, counts) = outcome, expected
    more = {1: (1,), 0: (0,), -1: (0, 1)}[counts]
    return found == said and any(record == after | {"guesses": after["guesses"] + each} for each in more)


def _read_code(outcome: Any) -> Any:
    if outcome[0] not in ("in", "wrong", "locked"):
        raise Wrong("word", found=outcome[0])
    return outcome


def _look_at_count(outcome: Any, case: Case) -> None:
    (found, record), (said, after, counts) = outcome, case.expected
    before = f"For {case.given} you say {found!r}."
    if found == said and record.get("used") is not after["used"]:
        raise Wrong("not-used" if found == "in" else "burnt", before)
    if found == said:
        raise Wrong("counted" if counts == 1 else "counted-too-much", before, guesses=record.get("guesses"))


judge_code = Table(
    cases=(
        _typed("right", {}, "048213", "in", "This is the right code, in time, and nobody has used it."),
        _typed("right", {"code": "913370"}, "913370", "in", "", 1599),
        _typed("wrong", {}, "000000", "wrong", "This is not the code.", counts=1),
        _typed("wrong", {"guesses": 3}, "913370", "wrong", counts=1),
        _typed("fifth", {"guesses": 4}, "000000", "wrong", "The fifth wrong code is still called wrong.", counts=1),
        _typed("four", {"guesses": 4}, "048213", "in", "Four wrong ones are allowed."),
        _typed("locked", {"guesses": 5}, "048213", "locked",
               "Five wrong ones have been typed; now even the right one is too late.", counts=-1),
        _typed("locked", {"guesses": 5}, "000000", "locked", counts=-1),
        _typed("locked", {"guesses": 6}, "048213", "locked", counts=-1),
        _typed("lock-first", {"guesses": 5, "used": True}, "048213", "locked",
               "The lock is asked first, whatever else is true of the record.", counts=-1),
        _typed("lock-first", {"guesses": 5}, "048213", "locked", "", 1600, counts=-1),
        _typed("used", {"used": True}, "048213", "wrong", "The code has been used.", counts=-1),
        _typed("used", {"used": True}, "000000", "wrong", counts=-1),
        _typed("over", {}, "048213", "wrong", "At expires it is over: now < expires.", 1600, counts=-1),
        _typed("over", {}, "048213", "wrong", "", 5000, counts=-1),
        _typed("zero", {}, "48213", "wrong", "The zero in front counts: compare texts, not numbers.", counts=1),
        _typed("zero", {}, "0048213", "wrong", counts=1),
        _typed("keyboard", {}, "０４８２１３", "wrong", "These digits come from another keyboard; they are other "
               "letters.", counts=1),
        *near("code", "048213", lambda text: (_CODE, text, 1000), ("wrong", _CODE, 1)),
        *near("code", "913370", lambda text: (_CODE | {"code": "913370"}, text, 1000),
              ("wrong", _CODE | {"code": "913370"}, 1)),
    ),
    outcome=_with_record,
    read=_read_code,
    fits=_fits_code,
    look=_look_at_count,
    changes=True,
    own={
        "word": 'Return "in", "wrong" or "locked"; this is {found!r}.',
        "not-used": 'Somebody got in, and the record is not marked: record["used"] = True.',
        "burnt": "The record is marked as used, and nobody got in.",
        "counted": 'A wrong code was typed, and record["guesses"] is now {guesses!r}: it has to be one more.',
        "counted-too-much": 'This is no wrong code, or the record has other changes; its guesses are {guesses!r}.',
    },
    praise="One chance in 200,000 for each code: that is what counting makes of six digits.",
)  # fmt: skip
