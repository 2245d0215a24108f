"""Judges of a2.4 and a2.5: dates, issuer and audience."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.assignments.a2_world import good_claims, my_rules, near_texts, not_everything
from jwtlab.classroom.assignments.asking import Bad, no, said, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant


def _date(my: Variant, claims: dict[str, Any], now: float | None = None, **changes: Any) -> tuple[Any, ...]:
    return {**claims, **changes}, my.now if now is None else now


def dates_good(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = good_claims(my, draw)
    words = "good dates are refused: exp lies ahead, and nbf may be missing"
    fraction = "dates may have a fraction of a second (RFC 7519 §2)"
    yes(
        answer,
        [
            (words, _date(my, claims)),
            (words, _date(my, claims, nbf=my.now - draw.between(100, 900))),
            (fraction, _date(my, claims, exp=my.now + my.lifetime + 0.5)),
            (fraction, _date(my, claims, now=my.now + 0.25, nbf=my.now - 99.5)),
        ],
    )
    not_everything(answer, {"exp": 1, "nbf": my.now * 2}, my.now)


def dates_exp(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, leeway = good_claims(my, draw), my_rules(my)["leeway"]
    words = "a token got through that is expired, the leeway counted in"
    bad = [
        Bad(words, _date(my, claims, exp=my.now - leeway - gone)) for gone in (0, 1, draw.between(2, 9999))
    ]
    bad.append(Bad(words, _date(my, claims, exp=my.now - leeway - 0.5)))
    bad.append(Bad(words, _date(my, claims, now=claims["exp"] + leeway)))
    late = "a token is refused whose exp is gone by less than the leeway"
    yes(answer, [(late, _date(my, claims, exp=my.now - leeway + more)) for more in (1, leeway)])
    no(answer, bad, draw, [_date(my, claims)])


def dates_nbf(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, leeway = good_claims(my, draw, exp=my.now + 9_999_999), my_rules(my)["leeway"]
    words = "a token got through that is not valid yet, the leeway counted in"
    bad = [
        Bad(words, _date(my, claims, nbf=my.now + leeway + more)) for more in (1, 0.5, draw.between(2, 9999))
    ]
    early = "a token is refused whose nbf is ahead by no more than the leeway"
    yes(answer, [(early, _date(my, claims, nbf=my.now + leeway - less)) for less in (0, leeway)])
    no(answer, bad, draw, [_date(my, claims)])


def dates_numbers(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, far = good_claims(my, draw), my.now + 9999
    words = "a date is a number, and nothing else is"
    nan, infinity = float("nan"), float("inf")
    past = my.now - 99
    exps: list[Any] = [str(far), f"{far}.0", [far], {"exp": far}, None, True, "", "9" * 30]
    nbfs: list[Any] = [str(past), [past], None, True, False, {}, "", []]
    bad = [Bad(words, _date(my, claims, exp=each)) for each in exps]
    bad += [Bad(words, _date(my, claims, nbf=each)) for each in nbfs]
    bad += [
        Bad("True is no number, though Python can reckon with it", _date(my, claims, now=0, exp=True)),
        Bad("a number without end or value is no date", _date(my, claims, exp=infinity)),
        Bad("a number without end or value is no date", _date(my, claims, exp=nan)),
        Bad("a number without end or value is no date", _date(my, claims, nbf=-infinity)),
        Bad("a number without end or value is no date", _date(my, claims, nbf=nan)),
    ]
    without = {name: value for name, value in claims.items() if name != "exp"}
    bad.append(Bad("a token without exp would be good for ever", _date(my, without)))
    no(answer, bad, draw, [_date(my, claims)])
    try:
        said(answer, _date(my, claims, exp=10**400))  # either answer will do
    except Raised as raised:
        raise Wrong(f"it raised {raised.kind}: JSON has whole numbers that are no float") from None


def names_good(answer: Answer, my: Variant, draw: Draw) -> None:
    other = f"https://{draw.text(8)}.example"
    words = "a good token is refused: aud is a text, or a list that your own audience stands in"
    lists = ([my.audience], [my.audience, other], [other, my.audience])
    yes(
        answer,
        [
            ("a good token is refused: issuer and audience are yours", (good_claims(my, draw),)),
            *((words, (good_claims(my, draw, aud=each),)) for each in lists),
        ],
    )
    not_everything(answer, {"iss": other, "aud": other})


def names_iss(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = good_claims(my, draw)
    words = "an issuer got through that is not yours"
    bad = list(near_texts(my.issuer, words, lambda text: ({**claims, "iss": text},)))
    bad += [
        Bad(words, ({**claims, "iss": each},)) for each in (my.audience, f"https://{draw.text(9)}.example")
    ]
    bad.append(Bad("a token without iss got through", (good_claims(my, draw, iss=None),)))
    no(answer, bad, draw, [(claims,)])


def names_aud(answer: Answer, my: Variant, draw: Draw) -> None:
    claims, other = good_claims(my, draw), f"https://{draw.text(9)}.example"
    words = "an audience got through that is not yours"
    bad = list(near_texts(my.audience, words, lambda text: ({**claims, "aud": text},)))
    bad += near_texts(my.audience, words, lambda text: ({**claims, "aud": [other, text]},))
    bad += [Bad(words, ({**claims, "aud": each},)) for each in (my.issuer, other, [other], [])]
    bad.append(Bad(words, ({**claims, "aud": list(my.audience)},)))
    bad.append(Bad("a token without aud got through", (good_claims(my, draw, aud=None),)))
    no(answer, bad, draw, [(claims,)])


def names_types(answer: Answer, my: Variant, draw: Draw) -> None:
    claims = good_claims(my, draw)
    words = "a value of a kind that it may not have got through"
    iss: list[Any] = [[my.issuer], {my.issuer: 1}, None, True, 0, [], {}]
    aud: list[Any] = [{my.audience: 1}, [[my.audience]], [{my.audience: 1}], None, True, 7, 1.5, {}, [None]]
    bad = [Bad(f"iss: {words}", ({**claims, "iss": each},)) for each in iss]
    bad += [Bad(f"aud: {words}", ({**claims, "aud": each},)) for each in aud]
    no(answer, bad, draw, [(claims,)])
