"""Lesson 22: refresh tokens. Two tokens, rotation, reuse, and the accident with two tabs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

_PLACES = {
    "https://api.example/notes": ("access", "The API lets in who bears an access token."),
    "https://as.example/token": (
        "refresh",
        "The token endpoint is the only place that ever sees a refresh token.",
    ),
    "https://as.example/userinfo": (
        "access",
        "userinfo is an API like another, only that the server runs it.",
    ),
    "https://as.example/jwks": ("none", "Public keys are for everybody; no token is needed."),
}


def _judge_places(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict, address → token; this is {kind(answer)}.")
    if all(answer.get(each) is None for each in _PLACES):
        raise NotYet
    for place, (expected, advice) in _PLACES.items():
        found = answer.get(place)
        if found is None:
            raise Wrong(f"{place} is still missing.")
        if not isinstance(found, str) or found.strip().lower() != expected:
            raise Wrong(f"{place}: not {found!r}. {advice}")
    return "One door for the refresh token, many for the access token: the first is rarely seen, the second soon old."


def _state() -> tuple[dict[str, dict[str, Any]], set[str]]:
    store = {
        "r1": {"family": "f1", "client": "app", "used": False},
        "r2": {"family": "f2", "client": "app", "used": True},
        "r3": {"family": "f3", "client": "app", "used": False},
        "r4": {"family": "f4", "client": "app", "used": True},
    }
    return store, {"f3"}


_REQUESTS: tuple[tuple[str, str, str, set[str], str], ...] = (
    ("r1", "app", "new tokens", {"f3"}, "r1 is known, unused, and comes from its client."),
    ("r2", "app", "reuse", {"f3", "f2"}, "r2 was used before: its family is in two hands."),
    ("r3", "app", "refused", {"f3"}, "The family of r3 has been revoked."),
    ("r9", "app", "refused", {"f3"}, "Nobody gave r9 out."),
    (
        "r1",
        "game",
        "refused",
        {"f3"},
        "r1 was given to another client: nothing changes.",
    ),
    (
        "r4",
        "game",
        "refused",
        {"f3"},
        "r4 was used before, but by its own client: a stranger must not log others out.",
    ),
)


def _judge_server(answer: Any) -> str:
    if all(call(answer, *_state(), token, client) in (None, ...) for token, client, *_ in _REQUESTS):
        raise NotYet
    for token, client, expected, revoked, advice in _REQUESTS:
        store, mine = _state()
        before = copy.deepcopy(store)
        found = call(answer, store, mine, token, client)
        if found != expected:
            raise Wrong(f"For {token} from {client} your function says {found!r}. {advice}")
        if mine != revoked:
            raise Wrong(
                f"For {token} from {client} the revoked families should be {sorted(revoked)}. {advice}"
            )
        if expected == "new tokens":
            before[token]["used"] = True
        if store != before:
            raise Wrong(f"For {token} from {client} the store should be {before.get(token, before)}.")
    store, mine = _state()
    says = [call(answer, store, mine, "r1", "app") for _ in range(3)]
    if says[:2] != ["new tokens", "reuse"] or says[2] == "new tokens":
        raise Wrong(
            f"r1 three times in a row gives {says}; expected new tokens, then reuse, then no more tokens."
        )
    return "Unknown, another's, revoked, used: in this order, so that a stranger can neither use nor burn a token."


class _Server:
    """Gives a new pair for each refresh token, once."""

    def __init__(self) -> None:
        self.count = 0
        self.spent: set[str] = set()
        self.twice = ""

    def fetch(self, token: object) -> dict[str, str]:
        if token in self.spent:
            self.twice = str(token)
        self.spent.add(str(token))
        self.count += 1
        return {"access_token": f"a{self.count}", "refresh_token": f"r{self.count}"}


def _judge_tabs(answer: Any) -> str:
    server, shared = _Server(), {"access_token": "a0", "refresh_token": "r0"}
    first = call(answer, shared, "a0", server.fetch)
    if first in (None, ...):
        raise NotYet
    if isinstance(first, dict):
        raise Wrong("Your function returns the pair; return the access token in it.")
    if server.count == 0:
        raise Wrong("a0 was refused, and a0 is still the one in shared: somebody has to refresh.")
    if first != "a1":
        raise Wrong(f"After the refresh the new access token is a1; your function gives {first!r}.")
    if (shared.get("access_token"), shared.get("refresh_token")) != ("a1", "r1"):
        raise Wrong(f"Write both new tokens into shared, for the other tab; it holds {shared}.")
    second = call(answer, shared, "a0", server.fetch)
    if server.twice:
        raise Wrong("The second tab has used a spent refresh token: to the server it looks like a thief.")
    if server.count > 1:
        raise Wrong("The second tab was refused with a0, but a1 is there already: go on with that.")
    if second != "a1":
        raise Wrong(f"The second tab should go on with a1; your function gives {second!r}.")
    if call(answer, shared, "a1", server.fetch) != "a2" or shared["refresh_token"] != "r2":
        raise Wrong("Later a1 is refused too: then it is time for the next refresh, with r1.")
    if call(answer, shared, "a0", server.fetch) != "a2" or server.count != 2:
        raise Wrong(
            "A tab that slept for long still remembers a0. a2 is there: compare with what is in shared now."
        )
    return "The second one finds that the work is done. With real threads a lock around it makes it safe."


LESSON = Lesson(
    number="22",
    name="22_refresh_tokens",
    title="Refresh tokens",
    why="Access tokens that live for minutes are safe, but a nuisance. A second token, which goes to the "
    "authorization server only, brings new ones.",
    minutes=45,
    needs=("20",),
    exercises=(
        Exercise(
            id="22.1",
            title="Where does which token go?",
            judge_answer=_judge_places,
            hints=(
                "The refresh token goes to one address in the world.",
                "userinfo lets in who holds an access token with openid.",
                "Keys are public.",
            ),
            solution="""\
places = {
    "https://api.example/notes": "access",
    "https://as.example/token": "refresh",
    "https://as.example/userinfo": "access",
    "https://as.example/jwks": "none",
}
answer = places""",
        ),
        Exercise(
            id="22.2",
            title="The server's side",
            judge_answer=_judge_server,
            hints=(
                "Four questions: known? this client's? family alive? used?",
                "Ask whose it is before you ask whether it was used.",
                'record = store.get(token); if record is None or record["client"] != client or '
                'record["family"] in revoked: return "refused"',
            ),
            solution="""\
def answer(store, revoked, token, client):
    record = store.get(token)
    if record is None or record["client"] != client or record["family"] in revoked:
        return "refused"
    if record["used"]:
        revoked.add(record["family"])
        return "reuse"
    record["used"] = True
    return "new tokens\"""",
        ),
        Exercise(
            id="22.3",
            title="One at a time",
            judge_answer=_judge_tabs,
            hints=(
                "Compare what was refused with what is in shared now.",
                "If they differ, somebody else was faster: use what is there.",
                'if shared["access_token"] == refused: shared.update(fetch(shared["refresh_token"]))',
            ),
            solution="""\
def answer(shared, refused, fetch):
    if shared["access_token"] == refused:
        shared.update(fetch(shared["refresh_token"]))
    return shared["access_token"]""",
        ),
    ),
    predictions=(
        Question(
            id="22.p1",
            text="Access tokens live for a quarter of an hour, refresh tokens for weeks. Why not one token that "
            "lives "
            "for weeks?",
            options=(
                Option(
                    text="Two tokens are twice as hard to guess",
                    why="Nobody can guess 256 random bits, and not twice either.",
                ),
                Option(
                    text="The long-lived one would be sent to every API",
                    why="More parties would see it, for weeks. The refresh token goes to one server only, "
                    "which can revoke it.",
                    right=True,
                ),
                Option(
                    text="JWTs cannot live for weeks",
                    why="They can, for ever if exp says so. That is the danger.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="22.q1",
            text="A refresh token is used a second time. Why does the server also revoke what the first use gave?",
            options=(
                Option(text="To punish the user", why="The user has to log in again, and is safe again."),
                Option(
                    text="Because the first one to use it may have been the thief",
                    why="Two parties hold the token, and the server cannot tell which of them is honest.",
                    right=True,
                ),
                Option(text="Because the standard forbids two tokens", why="No standard says that."),
            ),
        ),
        Question(
            id="22.q2",
            text="May a client ask for more scope when it refreshes?",
            options=(
                Option(text="Yes, if the user has more rights", why="But the user was not asked about more."),
                Option(
                    text="No: at most what was granted, and it may ask for less",
                    why="RFC 6749 §6: the scope must not include anything that was not granted.",
                    right=True,
                ),
                Option(text="Only a confidential client", why="None may: the person was not asked."),
            ),
        ),
        Question(
            id="22.q3",
            text="After a deployment many users are logged out, again and again. Two servers of the application "
            "share one database. What is likely?",
            options=(
                Option(
                    text="The signing key has changed", why="Then everybody would have to log in again, once."
                ),
                Option(
                    text="Both refresh with the same token at the same time",
                    why="Reuse detection takes the second one for a thief. Let one refresh, and the other one "
                    "wait.",
                    right=True,
                ),
                Option(
                    text="The clock of the database is wrong",
                    why="A wrong clock makes tokens look expired. It does not revoke any.",
                ),
            ),
        ),
    ),
)
