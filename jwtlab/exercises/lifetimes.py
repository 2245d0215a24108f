"""Exercise 05.2: does a token live, by its dates, at a moment and with a leeway?"""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, true_or_false


def _life(
    mistake: str, claims: dict[str, Any], now: float, leeway: float, expected: bool, why: str = ""
) -> Case:
    return Case(mistake, (claims, now, leeway), expected, why)


judge_alive = Table(
    cases=(
        _life("before-exp", {"exp": 1000}, 999, 0, True, "One second before exp it is still good."),
        _life("at-exp", {"exp": 1000}, 1000, 0, False,
              "At the very second of exp it is void: on or after (RFC 7519 §4.1.4)."),
        _life("after-exp", {"exp": 1000}, 1001, 0, False, "After exp it is void."),
        _life("leeway-exp", {"exp": 1000}, 1030, 60, True, "With a leeway of 60 it lives until 1059."),
        _life("leeway-exp", {"exp": 1000}, 1059, 60, True),
        _life("leeway-too-much", {"exp": 1000}, 1060, 60, False,
              "The leeway widens the window by 60 seconds and not by 61."),
        _life("no-exp", {}, 5, 0, False, "Without exp a token is dead: it must not live for ever."),
        _life("no-exp", {"nbf": 1}, 5, 60, False),
        _life("exp-zero", {"exp": 0}, 5, 0, False, "exp is there, and it is 0: a date long ago, not a missing date."),
        _life("before-nbf", {"exp": 1000, "nbf": 500}, 499, 0, False, "Before nbf it is not good yet."),
        _life("at-nbf", {"exp": 1000, "nbf": 500}, 500, 0, True, "At the second of nbf it is good."),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 441, 60, True,
              "The leeway widens the window at its beginning as well."),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 440, 60, True),
        _life("leeway-nbf", {"exp": 1000, "nbf": 500}, 439, 60, False),
        _life("exp-with-nbf", {"exp": 1000, "nbf": 500}, 1000, 0, False, "nbf has come, and exp has come as well."),
        _life("nbf-zero", {"exp": 1000, "nbf": 0}, 5, 0, True, "nbf is 0: a date long ago. It is good."),
        _life("fraction", {"exp": 1000.5}, 1000, 0, True, "A NumericDate may have a fraction (RFC 7519 §2)."),
        _life("fraction", {"exp": 1000.5}, 1000.5, 0, False),
        _life("fraction", {"exp": 1000, "nbf": 500.5}, 500, 0, False),
        _life("exp-text", {"exp": "1000"}, 5, 0, False,
              "A text is no date, even if digits stand in it. Return False, raise nothing."),
        _life("exp-null", {"exp": None}, 5, 0, False, "exp is there and is no number (JSON's null)."),
        _life("exp-list", {"exp": [1000]}, 5, 0, False, "A list is no date. Return False, raise nothing."),
        _life("exp-true", {"exp": True}, 0, 0, False, "True is no date, although Python counts it as 1."),
        _life("nbf-text", {"exp": 1000, "nbf": "soon"}, 5, 0, False,
              "nbf is a text here, so nobody can say from when on it is good."),
        _life("nbf-text", {"exp": 1000, "nbf": "1"}, 5, 0, False),
        _life("nbf-null", {"exp": 1000, "nbf": None}, 5, 0, False, "nbf is there and is no number (JSON's null)."),
        _life("nbf-list", {"exp": 1000, "nbf": []}, 5, 0, False, "nbf is a list, and no date."),
        _life("nbf-true", {"exp": 1000, "nbf": True}, 5, 0, False, "nbf is true, and no date."),
        _life("nbf-true", {"exp": 1000, "nbf": False}, 5, 0, False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} cases, and no shortcut: is it there, is it a date, has it passed.",
)  # fmt: skip
