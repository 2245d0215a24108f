"""Three recorded logins of a student's application; in each of them one party did not look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jwtlab.classroom.assignments.a4_recordings import Recorded, record
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.oauth.http.trace import Trace


@dataclass(frozen=True)
class Fault:
    """What can be wrong in a login.

    Attributes:
        family: each student meets one fault of each family.
        says: in words, for the list in the notebook.
    """

    family: str
    says: str


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "state": Fault("front", "the application took a callback with another state than it had sent"),
        "mix-up": Fault("front", "the application took the answer of another server than it had asked"),
        "redirect": Fault("front", "the server sent the browser to an address that is not registered"),
        "plain": Fault("front", "the challenge is the verifier itself, for all to read"),
        "secret": Fault("front", "the application's secret went through the browser"),
        "verifier": Fault("back", "the server took a verifier that does not fit the challenge"),
        "twice": Fault("back", "the server took a code that had been used"),
        "client": Fault("back", "the server gave tokens to another client than the code was made for"),
        "redirect-changed": Fault(
            "back", "the server took another redirect URI than the code was asked with"
        ),
        "nonce": Fault("tokens", "the application took an ID token with another nonce than it had sent"),
        "audience": Fault("tokens", "the application took an ID token that is for another application"),
        "expired": Fault("tokens", "the application took an ID token that had expired"),
        "token-in-url": Fault("tokens", "the application put the access token into an address"),
        "wrong-token": Fault("tokens", "the API took an ID token for an access token"),
    }
)
"""Id → what is wrong: the list that a student chooses from."""


def my_traces(my: Variant) -> dict[int, Trace]:
    """The three recorded logins of a student, by number.

    ``trace[0]`` is the first exchange; its number is 1. ``print(trace[0])`` shows it, and
    ``trace[0].request.get("state")`` gives a parameter.
    """
    return {number: each.trace for number, each in recorded(my).items()}


def recorded(my: Variant) -> dict[int, Recorded]:
    """The three logins with their faults: for the judge."""
    draw = my.draw("a4 traces")
    families = draw.shuffled(list(dict.fromkeys(each.family for each in FAULTS.values())))
    chosen = [draw.choice([id for id, each in FAULTS.items() if each.family == name]) for name in families]
    return {number: record(my, number, fault) for number, fault in enumerate(chosen, 1)}


# The judges of the three answers


def _told(answer: Answer) -> dict[str, Any]:
    found = answer.value()
    if not isinstance(found, dict) or set(found) != {"step", "fault", "value"}:
        raise Wrong('the answer is a dict with "step", "fault" and "value"')
    if isinstance(found["step"], bool) or not isinstance(found["step"], int):
        raise Wrong("step is the number of an exchange")
    if found["fault"] not in FAULTS:
        raise Wrong("fault is one of the names in the list")
    return found


Test = Callable[[Answer, Variant, Draw], None]


def says_step(number: int) -> Test:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        if _told(answer)["step"] not in recorded(my)[number].steps:
            raise Wrong("nothing has gone wrong there, or it went wrong before: read on, value by value")

    return test


def says_fault(number: int) -> Test:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        if _told(answer)["fault"] != recorded(my)[number].fault:
            raise Wrong("this login has another fault")

    return test


def says_value(number: int) -> Test:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        found, wanted = _told(answer)["value"], recorded(my)[number].value
        if type(found) is not type(wanted) or found != wanted:
            raise Wrong("the value that shows the fault is another one, or is written otherwise")

    return test
