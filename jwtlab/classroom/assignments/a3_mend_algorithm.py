"""a3.6, mend the algorithm: the header does not choose it, and only what is on the list passes."""

from __future__ import annotations

from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.classroom.assignments.a3_keys import ALGORITHMS, header_of, key_of, my_algorithms
from jwtlab.classroom.assignments.asking import Bad, near, no, said, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Part, Task, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose.token import decode


def _pairs(my: Variant, draw: Draw) -> list[tuple[Any, ...]]:
    """Good headers, each with its key."""
    keys = [(alg, key_of(my, draw, alg)) for alg in my_algorithms(my)]
    return [(header_of(alg, key), key) for alg, key in keys]


def _safe_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a good header is refused: its alg is the key's, and it stands on your list"
    for _ in range(2):
        yes(answer, [(words, pair) for pair in _pairs(my, draw)])
    key = key_of(my, draw, my_algorithms(my)[1])
    bare = {name: value for name, value in key.items() if name != "kid"}
    yes(
        answer, [("a good header is refused: here only alg matters", ({"alg": key["alg"], "cty": "x"}, bare))]
    )
    if said(answer, ({"alg": "?"}, key_of(my, draw, "ES"))):
        raise Wrong("it says True to what is wrong in every way: does it look at what it is given?")


def _safe_none(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a token that says it is not signed got through"
    bad = []
    for pair in _pairs(my, draw):
        header, key = pair
        for spelling in ("none", "None", "NONE", "nOnE", "none ", "nonnonee", "", draw.text(5)):
            bad.append(Bad(words, ({**header, "alg": spelling}, key)))
    for scenario in ATTACKS["alg-none"].scenarios():
        bad.append(Bad(words, (decode(scenario.forged).header, _pairs(my, draw)[0][1])))
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_confusion(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "the header chose an algorithm that its key is not for"
    first, second = my_algorithms(my)
    bad = []
    for alg, other in ((first, second), (second, first)):
        key = key_of(my, draw, other)
        bad.append(Bad(words, (header_of(alg, key), key)))
        silent = key_of(my, draw, alg) | {"use": "sig"}
        del silent["alg"]
        bad.append(
            Bad("a key that does not say what it is for fits nothing", (header_of(alg, silent), silent))
        )
        bad.append(Bad("a key's alg has to be a text", (header_of(alg, key), {**key, "alg": [alg]})))
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_list(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an algorithm got through that is not on your list"
    others = [each for each in (*ALGORITHMS, "HS384", "ES384", "EdDSA") if each not in my_algorithms(my)]
    keys = [key_of(my, draw, each) for each in others]
    bad = [Bad(words, (header_of(key["alg"], key), key)) for key in keys]
    bad += [Bad(words, ({"alg": each}, key_of(my, draw, each))) for each in ("?", draw.text(5))]
    silent = key_of(my, draw, None)
    bad.append(
        Bad("a header without alg, and a key without alg, got through", ({"kid": silent["kid"]}, silent))
    )
    no(answer, bad, draw, _pairs(my, draw)[:1])


def _safe_near(answer: Answer, my: Variant, draw: Draw) -> None:
    bad = []
    for header, key in _pairs(my, draw):
        alg = key["alg"]
        for why, text in near(alg, "an alg got through that is only nearly the key's"):
            bad.append(Bad(why, ({**header, "alg": text}, key)))
        kinds: list[Any] = [None, True, 0, 1.5, [alg], {alg: 1}, [], {}]
        bad += [Bad("alg has to be a text", ({**header, "alg": each}, key)) for each in kinds]
        bad.append(Bad("a header without alg got through", ({"kid": key["kid"]}, key)))
    no(answer, bad, draw, _pairs(my, draw)[:1])


TASK = Task(
    id="a3.6",
    title="Mend the algorithm",
    name="algorithm_is_safe",
    parts=(
        Part(id="good", title="Good headers pass", points=1, test=_safe_good),
        Part(id="none", title="Nothing unsigned passes", points=1, test=_safe_none, hidden=True),
        Part(
            id="confusion",
            title="A key for one algorithm only",
            points=1,
            test=_safe_confusion,
            hidden=True,
        ),
        Part(id="list", title="Only what is on your list", points=1, test=_safe_list, hidden=True),
        Part(
            id="near",
            title="Nor what is nearly right, or no text",
            points=1,
            test=_safe_near,
            hidden=True,
        ),
    ),
)
