"""Lesson 22: refresh tokens. Two tokens, rotation, reuse, and the accident with two tabs."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import Case, Table, near_misses
from jwtlab.exercises.words import Row, Words

_TO_API = (
    "api-refresh",
    "The refresh token is for the authorization server alone; an API that saw it could use it.",
)
_NO_TOKEN = ("token-needed", "Without a token nobody knows for whom it is.")
_ONLY_PLACE = ("token-endpoint", "It is the only place that ever sees a refresh token, and sees no other.")
_PUBLIC = ("public-keys", "Public keys are for everybody: no token is needed, and none should be sent.")

_judge_places = Words(
    rows=(
        Row("https://api.example/notes", "access", {"refresh": _TO_API, "none": _NO_TOKEN}),
        Row("https://as.example/token", "refresh", {"access": _ONLY_PLACE, "none": _ONLY_PLACE}),
        Row(
            "https://as.example/userinfo",
            "access",
            {
                "refresh": ("userinfo", "userinfo is an API like another, only that the server runs it."),
                "none": _NO_TOKEN,
            },
        ),
        Row("https://as.example/jwks", "none", {"access": _PUBLIC, "refresh": _PUBLIC}),
    ),
    praise="One door for the refresh token, many for the access token: the first is rarely seen, the second soon old.",
)

_STORE: dict[str, dict[str, Any]] = {
    "r1": {"family": "f1", "client": "app", "used": False},
    "r2": {"family": "f2", "client": "app", "used": True},
    "r3": {"family": "f3", "client": "app", "used": False},
    "r4": {"family": "f3", "client": "app", "used": True},
    "Q5": {"family": "F3", "client": "Shop", "used": False},
    "q5": {"family": "f", "client": "game", "used": False},
    "r6": {"family": "f3 ", "client": "game", "used": True},
    "r7": {"family": "3", "client": "till/", "used": False},
    "r8": {"family": "xf3", "client": "game", "used": False},
}
_GIVEN, _REUSE, _NO = "new tokens", "reuse", "refused"


def _asked(mistake: str, token: str, client: str, says: str, why: str = "") -> Case:
    """A request, and what has to come of it: the word, the families that are revoked, the tokens that are used."""
    used = {name for name, record in _STORE.items() if record["used"]} | (
        {token} if says == _GIVEN else set()
    )
    revoked = {"f3", _STORE[token]["family"]} if says == _REUSE else {"f3"}
    return Case(mistake, (token, client), (says, revoked, used), why)


def _what_is_left(found: Any, arguments: tuple[Any, ...]) -> Any:
    store, revoked = arguments[:2]
    plain = all(
        isinstance(record, dict) and _STORE.get(name) == record | {"used": _STORE[name]["used"]}
        for name, record in store.items()
        if name in _STORE
    )
    if set(store) != set(_STORE) or not plain or not isinstance(revoked, set):
        raise Wrong("store-changed")
    return found, revoked, {name for name, record in store.items() if record["used"] is True}


def _look_at_server(found: Any, case: Case) -> None:
    says, revoked, used = case.expected
    if found[0] != says:
        return
    asked = f"For {case.given[0]} from {case.given[1]} the answer is right."
    if found[1] != revoked:
        raise Wrong("not-revoked" if revoked - found[1] else "revoked-others", asked, revoked=sorted(revoked))
    if found[2] != used:
        raise Wrong("not-marked" if used - found[2] else "marked", asked)


def _request(token: str, client: str) -> tuple[Any, ...]:
    return {name: dict(record) for name, record in _STORE.items()}, {"f3"}, token, client


_judge_server = Table(
    cases=(
        _asked("good", "r1", "app", _GIVEN, "r1 is known, unused, and comes from its client."),
        _asked("good", "Q5", "Shop", _GIVEN),
        _asked("good", "q5", "game", _GIVEN),
        _asked("good", "r7", "till/", _GIVEN),
        _asked("good", "r8", "game", _GIVEN),
        _asked("used", "r2", "app", _REUSE, "r2 was used before: its family is in two hands."),
        _asked("used", "r6", "game", _REUSE),
        _asked("revoked", "r3", "app", _NO, "The family of r3 has been revoked."),
        _asked("revoked", "r4", "app", _NO),
        _asked("unknown", "r9", "app", _NO, "Nobody gave this token out. Raise nothing."),
        _asked("another-client", "r1", "game", _NO, "r1 was given to another client: nothing changes."),
        _asked("anothers-used", "r2", "game", _NO,
               "r2 was used before, but by its own client: a stranger must not log others out."),
        _asked("anothers-used", "r6", "app", _NO),
        *(_asked("token-loosely", text, "app", _NO, "It only looks like a token that was given out.")
          for _, _, text in near_misses("r1") if text not in _STORE),
        *(_asked("client-loosely", "r1", text, _NO, "It only looks like the client that the token was given to.")
          for _, _, text in near_misses("app")),
        _asked("client-loosely", "r7", "till", _NO),
        *(_asked("client-loosely", "Q5", text, _NO) for _, _, text in near_misses("Shop")),
    ),
    arguments=_request,
    outcome=_what_is_left,
    look=_look_at_server,
    changes=True,
    own={
        "store-changed": "Your function changes more than used in the store, or makes something else of revoked.",
        "not-revoked": "But the revoked families should be {revoked} then: everybody who holds a token of the family.",
        "revoked-others": "But the revoked families should be {revoked} then, and nothing more.",
        "not-marked": 'But the token is not marked as used afterwards: record["used"] = True.',
        "marked": "But a token is marked as used that nobody has redeemed, or one is no longer marked.",
    },
    praise="Unknown, another's, revoked, used: in this order, so that a stranger can neither use nor burn a token.",
)  # fmt: skip


class Fetch:
    """Gives a new pair for each refresh token, and remembers what it was sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def __call__(self, token: Any) -> dict[str, str]:
        self.sent.append(token)
        number = len(self.sent)
        return {"access_token": f"new-access-{number}", "refresh_token": f"new-refresh-{number}"}

    def __repr__(self) -> str:
        return "fetch"


_OLD = {"access_token": "At-1", "refresh_token": "Rt-1"}
_FRESH = {"access_token": "new-access-1", "refresh_token": "new-refresh-1"}


def _tab(mistake: str, shared: dict[str, str], refused: str, why: str = "") -> Case:
    """A tab was refused with a token; the new pair is fetched only if that is still the one in ``shared``."""
    if shared["access_token"] != refused:
        return Case(mistake, (shared, refused), (shared["access_token"], shared, []), why)
    return Case(mistake, (shared, refused), (_FRESH["access_token"], _FRESH, [shared["refresh_token"]]), why)


def _look_at_tab(found: Any, case: Case) -> None:
    result, shared, sent = found
    wanted, kept, asked = case.expected
    if isinstance(result, dict):
        raise Wrong("pair")
    if asked and not sent:
        return
    if asked and sent[0] != asked[0]:
        raise Wrong("sent", sent=repr(sent[0])[:40], wanted=asked[0])
    if asked and len(sent) > 1:
        raise Wrong("twice")
    if sent == asked and shared != kept:
        raise Wrong("not-stored", shared=str(shared)[:200])
    if sent == asked and result != wanted:
        raise Wrong("old-token", found=repr(result)[:40], wanted=wanted)


def _ask_two_tabs(answer: Any) -> None:
    fetch, shared = Fetch(), dict(_OLD)
    says = [call(answer, shared, refused, fetch) for refused in ("At-1", "At-1", "new-access-1", "At-1")]
    wanted = ["new-access-1", "new-access-1", "new-access-2", "new-access-2"]
    if says != wanted or fetch.sent != ["Rt-1", "new-refresh-1"]:
        raise Wrong("in-a-row", says=says, sent=fetch.sent)


_judge_tabs = Table(
    cases=(
        _tab("refresh", _OLD, "At-1", "What was refused is still the one in shared: somebody has to refresh."),
        _tab("refresh", {"access_token": "x", "refresh_token": "y"}, "x"),
        _tab("done-already", {"access_token": "At-2", "refresh_token": "Rt-2"}, "At-1",
             "Another token is in shared already: go on with that. Whoever spends the refresh token once more looks "
             "like a thief to the server."),
        _tab("done-already", {"access_token": "x", "refresh_token": "y"}, "At-1"),
        _tab("slept", {"access_token": "At-3", "refresh_token": "Rt-3"}, "At-1",
             "A tab that slept for long still remembers an old token: compare with what is in shared now."),
        _tab("refused-loosely", {"access_token": "At-1/", "refresh_token": "Rt-1"}, "At-1",
             "This is another token than the one in shared, though it looks like it."),
        *(_tab("refused-loosely", _OLD, text) for _, _, text in near_misses("At-1")),
    ),
    arguments=lambda shared, refused: (dict(shared), refused, Fetch()),
    outcome=lambda found, arguments: (found, arguments[0], arguments[2].sent),
    look=_look_at_tab,
    changes=True,
    further=_ask_two_tabs,
    own={
        "pair": "Your function returns the pair; return the access token in it.",
        "sent": "Your function sends {sent} to the server. What it takes is the refresh token in shared, {wanted}.",
        "twice": "Your function calls fetch more than once: a refresh token may be sent only once.",
        "not-stored": "Write both new tokens into shared, for the other tab; it holds {shared}.",
        "old-token": "Your function gives {found}; the access token to go on with is {wanted}.",
        "in-a-row": "Four calls, refused with At-1, At-1, new-access-1 and At-1, give {says}, and {sent} was sent. "
        "Only the first and the third should refresh, each with the refresh token that is in shared then.",
    },
    praise="The second one finds that the work is done. With real threads a lock around it makes it safe.",
)  # fmt: skip


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
                    text="JWTs cannot live for weeks",
                    why="They can, for ever if exp says so. That is the danger.",
                ),
                Option(
                    text="The long-lived one would be sent to every API",
                    why="More parties would see it, for weeks. The refresh token goes to one server only, "
                    "which can revoke it.",
                    right=True,
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
                Option(
                    text="No: at most what was granted, and it may ask for less",
                    why="RFC 6749 §6: the scope must not include anything that was not granted.",
                    right=True,
                ),
                Option(text="Yes, if the user has more rights", why="But the user was not asked about more."),
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
                    text="The clock of the database is wrong",
                    why="A wrong clock makes tokens look expired. It does not revoke any.",
                ),
                Option(
                    text="Both refresh with the same token at the same time",
                    why="Reuse detection takes the second one for a thief. Let one refresh, and the other one "
                    "wait.",
                    right=True,
                ),
            ),
        ),
    ),
)
