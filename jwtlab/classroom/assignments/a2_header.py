"""Judges of a2.2 and a2.6: the header's algorithm and its type."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.assignments.a2_world import (
    NUMBER_OF,
    OTHER_ALGORITHMS,
    TYP,
    good_header,
    my_rules,
    near_texts,
    not_everything,
    works,
)
from jwtlab.classroom.assignments.asking import Bad, near, no, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Wrong
from jwtlab.classroom.variants import Variant


def algorithm_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a good header is refused: only alg decides, whatever else stands there"
    yes(
        answer,
        [
            (words, (good_header(my),)),
            (words, (good_header(my, typ=None),)),
            (words, (good_header(my, kid=draw.text(6), cty="json"),)),
        ],
    )
    not_everything(answer, {"alg": "none", "crit": ["x"], "typ": "JWT"})


def only_good(my: Variant) -> list[tuple[Any, ...]]:
    return [(good_header(my),)]


def algorithm_others(answer: Answer, my: Variant, draw: Draw) -> None:
    others = [each for each in (*OTHER_ALGORITHMS, *NUMBER_OF) if each != my_rules(my)["algorithm"]]
    bad = [
        Bad("an algorithm got through that your rules do not allow", (good_header(my, alg=each),))
        for each in others
    ]
    no(answer, bad, draw, only_good(my))


def algorithm_near(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an alg got through that is only nearly yours"
    bad = near_texts(my_rules(my)["algorithm"], words, lambda text: (good_header(my, alg=text),))
    no(answer, bad, draw, only_good(my))


def algorithm_types(answer: Answer, my: Variant, draw: Draw) -> None:
    alg = my_rules(my)["algorithm"]
    others: list[Any] = [[alg], [], {alg: alg}, {}, True, False, draw.number(99), 0, 1.5, [[alg]]]
    bad = [Bad("alg has to be a text", (good_header(my) | {"alg": each},)) for each in [*others, None]]
    bad += [
        Bad("a header without alg got through", ({"typ": TYP},)),
        Bad("an empty header got through", ({},)),
    ]
    no(answer, bad, draw, only_good(my))


def algorithm_crit(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "crit names what a reader must understand, and your API understands none of it: refuse"
    others: list[Any] = [["exp"], ["b64"], [draw.text(5)], [], "exp", None, {}, False]
    bad = [Bad(words, (good_header(my) | {"crit": each, "exp": my.now, "b64": True},)) for each in others]
    no(answer, bad, draw, only_good(my))


def type_good(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "an access token is refused that says so: in capital letters, or with application/ before it"
    yes(answer, [(words, (good_header(my, typ=each),)) for each in _SPELLINGS])
    not_everything(answer, {"alg": "none", "typ": "secevent"})


_SPELLINGS = (TYP, "AT+JWT", "At+Jwt", f"application/{TYP}", "Application/AT+jwt")


def type_others(answer: Answer, my: Variant, draw: Draw) -> None:
    if not any(works(answer, (good_header(my, typ=each),)) for each in _SPELLINGS):
        raise Wrong("no good type is accepted so far, and then this test says nothing")
    good = [
        (good_header(my, typ=each),) for each in _SPELLINGS if works(answer, (good_header(my, typ=each),))
    ]
    words = "a token of another type got through"
    others: list[Any] = ["JWT", "jwt", "id+jwt", "logout+jwt", "dpop+jwt", "application/jwt", "application/"]
    others += [
        f"application/{TYP}; charset=utf-8",
        f"text/{TYP}",
        f"x/application/{TYP}",
        f"application/x/{TYP}",
    ]
    others += [f"application//{TYP}", f"application/application/{TYP}", "at", "+jwt", f"applicationx{TYP}"]
    others += [text for _, text in near(TYP, "") if text.lower() != TYP]
    bad = [Bad(words, (good_header(my) | {"typ": each},)) for each in others]
    kinds: list[Any] = [None, True, 5, [TYP], {TYP: 1}, [], {}]
    bad += [Bad("typ has to be a text", (good_header(my) | {"typ": each},)) for each in kinds]
    bad.append(Bad("a header without typ got through", (good_header(my, typ=None),)))
    no(answer, bad, draw, good)
