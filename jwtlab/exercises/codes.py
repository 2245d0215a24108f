"""Exercises 23.1 and 23.4: the challenge of a verifier, and what a server asks before it redeems a code."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.hashes import SPELLINGS, half, misspelt
from jwtlab.exercises.model import Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.oauth import pkce

VERIFIERS = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "a" * 43, "x~._-" * 20)
MINE = "a-verifier-has-at-least-forty-three-letters"


def _look_at_challenge(found: Any, case: Case) -> None:
    if isinstance(found, bytes):
        raise Wrong("bytes")
    if not isinstance(found, str):
        raise Wrong("not-text", what=kind(found))
    (verifier,) = case.given
    if found == verifier:
        raise Wrong("plain")
    if found == half(verifier):
        raise Wrong("half")
    for mistake, text in misspelt(verifier):
        if found == text:
            raise Wrong(mistake)


judge_challenge = Table(
    cases=tuple(
        Case("other", (verifier,), pkce.challenge(verifier), "Expected: {right}.", {"right": pkce.challenge(verifier)})
        for verifier in (*VERIFIERS, MINE)
    ),
    look=_look_at_challenge,
    own={
        "bytes": "These are bytes; a parameter is text: .decode() at the end.",
        "not-text": "The challenge is a text; your function gives {what}.",
        "plain": "This is the verifier itself, as with the method plain. The challenge is its hash.",
        "half": "This is half of the hash, as in at_hash. The challenge is the whole one.",
    }
    | SPELLINGS,
    praise="43 characters that everybody may see, and from which nobody gets back to the verifier.",
)  # fmt: skip


_ADDRESS = "https://app.example/callback"
_CODE = {
    "client_id": "notes-app",
    "redirect_uri": _ADDRESS,
    "code_challenge": pkce.challenge(MINE),
    "used": False,
    "expires": 1060,
}
_ASKED = {"client_id": "notes-app", "redirect_uri": _ADDRESS, "code_verifier": MINE}
_GAME = {"client_id": "Game/", "redirect_uri": "https://game.example/Back/"}
_GAMES_CODE = _CODE | _GAME | {"code_challenge": pkce.challenge(VERIFIERS[0]), "expires": 90}
_GAME_ASKED = _GAME | {"code_verifier": VERIFIERS[0]}


def _redeem(
    mistake: str,
    expected: bool,
    why: str = "",
    *,
    code: Any = None,
    now: int = 1000,
    without: str = "",
    **changes: str,
) -> Case:
    asked = {name: value for name, value in (_ASKED | changes).items() if name != without}
    return Case(mistake, (_CODE | (code or {}), asked, now), expected, why)


def _near_verifiers() -> tuple[Case, ...]:
    return tuple(
        Case(
            "verifier-loosely",
            (_CODE | {"code_challenge": text}, _ASKED, 1000),
            False,
            "The challenge that was stored is another text: compare it with the verifier's, letter by letter.",
        )
        for _, text in (*misspelt(MINE), ("", half(MINE)), ("", pkce.challenge(MINE).lower()))
    )


judge_redemption = Table(
    cases=(
        _redeem("good", True, "Everything is right here."),
        _redeem("good", True, now=1059),
        Case("given", (_GAMES_CODE, _GAME_ASKED, 60), True, "Everything is right here: compare with this record."),
        Case("given", (_GAMES_CODE, _ASKED, 60), False, ""),
        Case("given", (_GAMES_CODE, _GAME_ASKED, 90), False, ""),
        _redeem("used", False, "The code has been used before (RFC 6749 §4.1.2).", code={"used": True}),
        _redeem("expired", False, "expires is the first second at which the code has expired.", now=1060),
        _redeem("expired", False, now=2000),
        _redeem("other-client", False, "The code was given to another client.", client_id="game"),
        _redeem("other-address", False, "The code was asked for with another redirect_uri.",
                redirect_uri="https://app.example/other"),
        _redeem("other-verifier", False, "The verifier belongs to another challenge.", code_verifier="b" * 43),
        _redeem("challenge", False, "That is the challenge itself, which the thief has seen. Hash what comes, then "
                "compare.", code_verifier=pkce.challenge(MINE)),
        _redeem("plain", False, "Verifier and challenge are one text, as with the method plain. Hash what comes.",
                code={"code_challenge": MINE}),
        _redeem("no-verifier", False, "There is no verifier, and the code is bound to a challenge. Raise nothing.",
                without="code_verifier"),
        _redeem("empty-verifier", False, "An empty verifier is none. Raise nothing.", code_verifier=""),
        _redeem("no-challenge", False, "A verifier for a code without a challenge: somebody took the challenge out "
                "(RFC 9700 §4.8.2).", code={"code_challenge": None}),
        _redeem("no-challenge", False, code={"code_challenge": None}, without="code_verifier"),
        *near("client_id", "notes-app", lambda text: (_CODE, _ASKED | {"client_id": text}, 1000), False),
        *near("client_id", "Game/", lambda text: (_GAMES_CODE, _GAME_ASKED | {"client_id": text}, 60), False),
        *near("redirect_uri", _ADDRESS, lambda text: (_CODE, _ASKED | {"redirect_uri": text}, 1000), False),
        *near("redirect_uri", "https://game.example/Back/",
              lambda text: (_GAMES_CODE, _GAME_ASKED | {"redirect_uri": text}, 60), False),
        *near("code_verifier", MINE, lambda text: (_CODE, _ASKED | {"code_verifier": text}, 1000), False,
              without="letter"),
        *_near_verifiers(),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Five questions and a hash. Each of them alone has been forgotten somewhere, and each let somebody in.",
)  # fmt: skip
