"""Lesson 24: implicit. Where the token ends up, and whose it is."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.hashes import HALVES, half, misspelt_half
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

_APP = "https://app.example/callback"
_EITHER = ("access_token", "id_token")


def _in(mistake: str, address: str, expected: Any, why: str = "") -> Case:
    return Case(mistake, (address,), expected, why)


_judge_search = Table(
    cases=(
        _in("access-token", f"{_APP}#access_token=abc&state=s", "access_token", "It stands behind the #."),
        _in("access-token", f"{_APP}#state=s&access_token=eyJ.e30.-_", "access_token"),
        _in("id-token", f"{_APP}#state=s&id_token=abc", "id_token", "An ID token, behind the #."),
        _in("query", "https://api.example/notes?access_token=abc", "access_token",
            "In the query it is even worse: servers log it."),
        _in("query", "https://api.example/notes?id_token=abc&x=1", "id_token"),
        _in("query", "https://api.example/notes?x=1&access_token=abc#part-2", "access_token"),
        _in("query", "https://api.example/notes?x=1#access_token=abc", "access_token"),
        _in("both", f"{_APP}#access_token=abc&id_token=def", _EITHER, "There are two tokens in it: name one of them."),
        _in("both", f"{_APP}?id_token=def#access_token=abc", _EITHER),
        _in("empty-and-full", f"{_APP}#access_token=&id_token=abc", "id_token", "The access token is empty, the ID "
            "token is not."),
        _in("code", f"{_APP}?code=abc&state=s", None, "A code is no token."),
        _in("path", "https://app.example/access_token?x=1", None, "access_token is a path here, no parameter."),
        _in("path", "https://app.example/access_token=abc", None),
        _in("value", "https://app.example/?next=access_token", None, "access_token is a value here, no parameter."),
        _in("value", "https://app.example/?q=access_token=abc", None),
        _in("value", "https://app.example/?next=https%3A%2F%2Fx%23id_token%3Dabc", None),
        _in("value", "https://app.example/#id_token", None),
        _in("value", "https://access_token=abc@app.example/", None),
        _in("other-name", "https://app.example/#my_access_token=abc", None, "This is the name of another parameter."),
        *(_in("other-name", f"https://app.example/?{name}=abc", None)
          for name in ("access_token_type", "ACCESS_TOKEN", "Id_Token", "id_token_hint", "token", "xid_token",
                       "access-token", "access", "id", "refresh_token", "access_token%20", "%20id_token", "id_token/")),
        _in("nothing", "https://app.example/", None, "There are no parameters at all. Raise nothing."),
        _in("nothing", "https://app.example/?#", None),
        _in("nothing", "", None),
        _in("empty", f"{_APP}#access_token=", None, "The parameter is empty: no token in it."),
        _in("empty", f"{_APP}?id_token=&x=1", None),
    ),
    fits=lambda found, expected: found in expected if isinstance(expected, tuple) else found == expected,
    none_counts=True,
    praise="Run it over the logs of an old application, and you know how many people could be somebody else.",
)  # fmt: skip

_TOKEN, _OTHER = "access.token.5", "abc.def.ghi"


def _belongs(mistake: str, at_hash: str | None, expected: bool, why: str = "", token: str = _TOKEN) -> Case:
    claims = {"sub": "alice"} if at_hash is None else {"sub": "alice", "at_hash": at_hash}
    return Case(mistake, (token, claims), expected, why)


# hmac.compare_digest is a right way to compare these, and takes no text beyond ASCII: no "letter" among them.
_judge_belonging = Table(
    cases=(
        _belongs("another-token", half(_TOKEN), False, "This at_hash belongs to another access token.", _OTHER),
        _belongs("another-token", half(_OTHER), False),
        _belongs("no-at-hash", None, False, "Without at_hash nothing ties them together. Raise nothing."),
        _belongs("empty", "", False, "An empty at_hash is none."),
        *(_belongs(mistake, text, False, HALVES[mistake]) for mistake, text in misspelt_half(_TOKEN)),
        _belongs("the-token", _TOKEN, False, "This is the access token itself; at_hash is made from its hash."),
        _belongs("good", half(_TOKEN), True, "These two belong together."),
        _belongs("good", half(_OTHER), True, "", _OTHER),
        *near("at_hash", half(_TOKEN), lambda text: (_TOKEN, {"sub": "alice", "at_hash": text}), False,
              without="letter"),
        *near("at_hash", half(_OTHER), lambda text: (_OTHER, {"sub": "alice", "at_hash": text}), False,
              without="letter"),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="The ID token vouches for the access token beside it. Without that, anybody's token would do.",
)  # fmt: skip

_OLD = {
    "response_type": "token",
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "scope": "notes:read",
    "state": "s-1",
}
_OTHERS_OLD = {
    "response_type": "id_token",
    "client_id": "Game",
    "state": "fragment",
    "nonce": "n-7",
    "x": "y",
}


def _move(
    mistake: str, old: dict[str, str], why: str = "", *, dropped: str = "", challenge: str = "C" * 43
) -> Case:
    """An old request, and the new one: without the parameter that is dropped."""
    kept = {name: value for name, value in old.items() if name != dropped}
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    return Case(mistake, (old, challenge), kept | {"response_type": "code"} | pkce, why)


def _look_at_move(found: Any, case: Case) -> None:
    if not isinstance(found, dict):
        raise Wrong("not-a-dict", what=kind(found))
    for name in ("response_type", "code_challenge", "code_challenge_method"):
        if found.get(name) != case.expected[name]:
            raise Wrong(name, wanted=case.expected[name], found=repr(found.get(name))[:50])
    if case.mistake in ("mode-kept", "mode-lost"):
        return
    for name, value in case.expected.items():
        if found.get(name) != value:
            raise Wrong("lost", name=name, wanted=value, found=repr(found.get(name))[:50])
    raise Wrong("extra", name=next(str(name)[:40] for name in found if name not in case.expected))


def _mode(mistake: str, mode: str, why: str = "") -> Case:
    return _move(
        mistake, _OLD | {"response_mode": mode}, why, dropped="response_mode" if mode == "fragment" else ""
    )


_judge_move = Table(
    cases=(
        _move("lost", _OLD, "{name} should be {wanted!r}, and is {found}: everything else stays as it is."),
        _move("lost", _OTHERS_OLD, challenge="Another-" * 6),
        _mode("mode-kept", "fragment", "With response_mode=fragment the code would come behind the #: drop it."),
        _mode("mode-lost", "form_post", "Another response_mode than fragment stays."),
        *(_mode("mode-lost", mode) for mode in ("query", "fragment.jwt", "Fragment", "xfragment", "fragment ", "")),
        _move("lost", _OLD | {"response_type": "id_token token", "nonce": "n"}),
        _move("lost", {"response_type": "token"}),
    ),
    look=_look_at_move,
    own={
        "not-a-dict": "The new parameters are a dict; your function gives {what}.",
        "response_type": "response_type should be {wanted!r} now, and is {found}.",
        "code_challenge": "code_challenge should be what was handed over, {wanted!r}; it is {found}.",
        "code_challenge_method": "code_challenge_method should be {wanted!r}, and is {found}: without it the server "
        "takes the challenge for the verifier itself.",
        "extra": "{name} does not belong in the new request.",
    },
    praise="One word, and two parameters more: that is the whole move. The rest is a POST to the token endpoint.",
)  # fmt: skip


LESSON = Lesson(
    number="24",
    name="24_implicit",
    title="Implicit",
    why="A flow that was made for the browsers of 2012, and why nobody should build it today. You will still "
    "meet it.",
    minutes=40,
    needs=("23",),
    exercises=(
        Exercise(
            id="24.1",
            title="Find it",
            judge_answer=_judge_search,
            hints=(
                "urlsplit gives query and fragment; parse_qs takes both to pieces.",
                "Look for the names access_token and id_token in either of the two.",
                "parse_qs leaves empty parameters out by itself.",
            ),
            solution="""\
def answer(address):
    parts = urlsplit(address)
    given = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    return next((name for name in ("access_token", "id_token") if name in given), None)""",
        ),
        Exercise(
            id="24.2",
            title="Does it belong to me?",
            judge_answer=_judge_belonging,
            hints=(
                "Compute the hash of the access token yourself, then compare.",
                "hashlib.sha256(access_token.encode()).digest()[:16] is the left half.",
                'jwtlab.base64url.encode(half) == claims.get("at_hash")',
            ),
            solution="""\
import hashlib


def answer(access_token, claims):
    half = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
    return claims.get("at_hash") == jwtlab.base64url.encode(half)""",
        ),
        Exercise(
            id="24.3",
            title="Move it to the code flow",
            judge_answer=_judge_move,
            hints=(
                "response_type becomes code; the challenge comes with its method.",
                "A copy without response_mode=fragment: other modes stay.",
                '{**kept, "response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256"}',
            ),
            solution="""\
def answer(old, challenge):
    kept = {name: value for name, value in old.items() if (name, value) != ("response_mode", "fragment")}
    return {**kept, "response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256"}""",
        ),
    ),
    predictions=(
        Question(
            id="24.p1",
            text="A server redirects to https://app.example/callback#access_token=... . Who gets to see the "
            "token?",
            options=(
                Option(
                    text="The application's web server, in its log",
                    why="What comes after the # is never sent to a server.",
                ),
                Option(
                    text="Nobody: the # hides it",
                    why="It hides it from servers, not from the browser and what runs in it.",
                ),
                Option(
                    text="The browser: its history, its extensions, every script of that page",
                    why="So more parties get the token than anybody intended.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="24.q1",
            text="Why is a code in the address bar less dangerous than a token?",
            options=(
                Option(
                    text="It works once, for a minute, and only with the verifier",
                    why="Whoever finds it in the history cannot redeem it.",
                    right=True,
                ),
                Option(text="It is encrypted", why="It is a random word, and everybody can read it."),
                Option(text="It is shorter", why="Length has nothing to do with it."),
            ),
        ),
        Question(
            id="24.q2",
            text="An application calls userinfo with the access token that came, gets Alice's name, and logs "
            "Alice in. "
            "What is wrong?",
            options=(
                Option(text="userinfo may be down", why="Then nobody logs in; that is not the danger."),
                Option(
                    text="The token may have been made for another application",
                    why="Whoever runs that one can log in here as Alice.",
                    right=True,
                ),
                Option(
                    text="Names are not unique",
                    why="True, and iss with sub should be used. But the token has to be for this application "
                    "first.",
                ),
            ),
        ),
        Question(
            id="24.q3",
            text="What is left of implicit in today's practice?",
            options=(
                Option(
                    text="It is recommended for single-page applications",
                    why="It was, until about 2019. Today they use the code flow with PKCE.",
                ),
                Option(text="Nothing: no server answers it any more", why="Many still do; yours should not."),
                Option(
                    text="An ID token alone by form_post is still met; access tokens in the address should not "
                    "be",
                    why="RFC 9700 §2.1.2 advises against access tokens in the address, and leaves ID tokens "
                    "alone.",
                    right=True,
                ),
            ),
        ),
    ),
)
