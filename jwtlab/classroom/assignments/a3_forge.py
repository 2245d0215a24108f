"""a3.1 to a3.5: a token that opens a weak door is judged by the door itself, and by what Mallory can have."""

from __future__ import annotations

import json
from collections.abc import Callable

from jwtlab.classroom.assignments.a3_doors import LONGEST, good, read
from jwtlab.classroom.assignments.a3_my_doors import Door, is_honest, my_doors, signing_text
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Part, Task, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url


def _token_of(answer: Answer) -> str:
    found = answer.value()
    if not isinstance(found, str):
        raise Wrong("a token is text")
    if len(found) > LONGEST:
        raise Wrong(f"no door looks at a token of more than {LONGEST:,} letters")
    return found


def _opens(number: int) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        token, door = _token_of(answer), my_doors(my)[number]
        if signing_text(token) == signing_text(door.token):
            raise Wrong(
                "this is the token that you were given, and it opens the door by right: forge another"
            )
        if door(token) is None:
            raise Wrong(_why_shut(door, token))
        if door.family == "not-asked":
            if token not in door.given:
                raise Wrong("the issuer did not give this token, and Mallory cannot sign in its name")
        elif is_honest(door, token):
            raise Wrong(
                "this is signed with a key that only issuer and service have: Mallory has to do without"
            )

    return test


def _why_shut(door: Door, token: str) -> str:
    try:
        _, claims, _, _ = read(token)
    except Exception:
        return "the door does not let it in: it is not three parts of base64url, with JSON in the first two"
    try:
        fits = door.family == "not-asked" or good(claims, door.service)
    except Exception:
        fits = False
    if not fits:
        return (
            "the door does not let it in: iss, aud and exp have to be good, so take them from your own token"
        )
    return "the door does not let it in: walk through its code with your token, line by line"


def _carries(number: int) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        token, door = _token_of(answer), my_doors(my)[number]
        try:
            claims = json.loads(base64url.decode(token.split(".")[1]))
            fits = all(claims.get(name) == value for name, value in door.wanted.items())
        except Exception:
            raise Wrong("its claims cannot be read") from None
        if not fits:
            raise Wrong("it does not carry the claims that this door's `wanted` asks for")

    return test


def _forge_task(number: int) -> Task:
    return Task(
        id=f"a3.{number}",
        title=f"Open door {number}",
        name=f"forged_{number}",
        parts=(
            Part(id="claims", title="It carries what is wanted", points=1, test=_carries(number)),
            Part(id="opens", title="The door lets a forged token in", points=3, test=_opens(number)),
        ),
    )


TASKS = tuple(_forge_task(number) for number in range(1, 6))
