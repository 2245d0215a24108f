"""Lesson 29: custom authorization. Scope and permission, a small policy, who acts."""

from __future__ import annotations

import copy
from itertools import product
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

_BOB: dict[str, Any] = {"sub": "bob", "scope": "notes:read notes:write", "roles": ["reader"]}
_QUESTIONS: tuple[tuple[dict[str, Any], str, str, str, str], ...] = (
    (_BOB, "notes:read", "note.read", "ok", "The application may ask, and a reader may read."),
    (_BOB, "notes:write", "note.write", "forbidden", "The application may ask; a reader may not write."),
    (_BOB | {"roles": ["admin"], "scope": "notes:read"}, "notes:write", "note.write", "insufficient_scope",
     "Bob may do everything. He has not allowed this application to write."),
    (_BOB | {"scope": "notes:read"}, "notes:write", "note.write", "insufficient_scope",
     "Both are missing; the scope is asked first."),
    (_BOB | {"scope": "notes:readonly"}, "notes:read", "note.read", "insufficient_scope",
     "notes:readonly only begins like notes:read. Split the text into words."),
    (_BOB | {"roles": ["editor", "reader"]}, "notes:write", "note.write", "ok", "One of two roles is enough."),
    (_BOB | {"roles": ["admin"]}, "notes:write", "note.delete", "ok", "An admin may delete."),
    (_BOB | {"roles": ["editor"]}, "notes:write", "note.delete", "forbidden", "An editor may not delete."),
    (_BOB | {"roles": []}, "notes:read", "note.read", "forbidden", "No role, no permission."),
    (_BOB | {"roles": ["emperor"]}, "notes:read", "note.read", "forbidden", "Nobody knows this role."),
    ({"sub": "bob", "scope": "notes:read"}, "notes:read", "note.read", "forbidden", "There are no roles at all."),
    ({"sub": "bob", "roles": ["admin"]}, "notes:read", "note.read", "insufficient_scope", "There is no scope."),
)  # fmt: skip


def _judge_questions(answer: Any) -> str:
    if all(call(answer, copy.deepcopy(c), s, p) in (None, ...) for c, s, p, _, _ in _QUESTIONS):
        raise NotYet
    for claims, scope, permission, expected, advice in _QUESTIONS:
        found = call(answer, copy.deepcopy(claims), scope, permission)
        if found not in ("ok", "insufficient_scope", "forbidden"):
            raise Wrong(f'Return "ok", "insufficient_scope" or "forbidden"; this is {found!r}. {advice}')
        if found != expected:
            raise Wrong(f"For {claims}, {scope}, {permission} you say {found!r}. {advice}")
    return (
        "Two questions, two answers: the application is limited by the scope, the person by the permission."
    )


def _allowed(claims: dict[str, Any], action: str, note: dict[str, Any]) -> bool:
    if claims.get("tenant") is None or claims.get("tenant") != note["tenant"] or action not in _ACTIONS:
        return False
    if note["archived"] and action != "read":
        return False
    if note["owner"] == claims["sub"]:
        return True
    roles = claims.get("roles", ())
    return "admin" in roles or (
        note["shared"]
        and (("editor" in roles and action != "delete") or ("reader" in roles and action == "read"))
    )


_ACTIONS = ("read", "write", "delete")


def _situations() -> list[tuple[dict[str, Any], str, dict[str, Any]]]:
    """Every mixture of tenant, role, owner, shared and archived, and some that nobody thinks of."""
    found = []
    for tenant, role, action, owner, shared, archived in product(
        ("north", "south"),
        ("", "reader", "editor", "admin"),
        _ACTIONS,
        ("bob", "alice"),
        (True, False),
        (False, True),
    ):
        claims = {"sub": "bob", "tenant": tenant, "roles": [role] if role else []}
        note = {"tenant": "north", "owner": owner, "shared": shared, "archived": archived}
        found.append((claims, action, note))
    note = {"tenant": "north", "owner": "alice", "shared": True, "archived": False}
    found += [
        ({"sub": "bob", "tenant": "north", "roles": ["reader", "editor"]}, "write", note),
        ({"sub": "bob", "tenant": "north", "roles": ["emperor"]}, "read", note),
        ({"sub": "bob", "tenant": "north"}, "read", note),
        ({"sub": "bob", "roles": ["admin"]}, "read", note),
        ({"sub": "bob", "roles": ["admin"]}, "read", note | {"tenant": None}),
        ({"sub": "bob", "tenant": "north", "roles": ["admin"]}, "publish", note),
        ({"sub": "alice", "tenant": "north", "roles": []}, "publish", note),
    ]
    return found


def _judge_policy(answer: Any) -> str:
    situations = _situations()
    if all(call(answer, copy.deepcopy(c), a, dict(n)) in (None, ...) for c, a, n in situations[:24]):
        raise NotYet
    for claims, action, note in situations:
        found = call(answer, copy.deepcopy(claims), action, dict(note))
        if not isinstance(found, bool):
            raise Wrong(
                f"Say True or False; for {claims}, {action!r}, {note} your function gives {kind(found)}."
            )
        if found is not _allowed(claims, action, note):
            said = "lets them in" if found else "refuses"
            raise Wrong(
                f"{claims} wants to {action} {note}: your policy {said}. {_reason(claims, action, note)}"
            )
    return f"{len(situations)} situations, all decided rightly. That is what a test of a policy looks like: a table."


def _reason(claims: dict[str, Any], action: str, note: dict[str, Any]) -> str:
    if claims.get("tenant") is None:
        return "There is no tenant in the token: nothing is equal to nothing, so it is refused."
    if claims["tenant"] != note["tenant"]:
        return "It is another tenant's note; no role and no name changes that."
    if action not in _ACTIONS:
        return (
            f"Nobody has ever allowed {action!r}. What is not allowed is refused, also for owner and admin."
        )
    if note["archived"] and action != "read":
        return "It is archived: nobody changes it any more."
    if note["owner"] == claims["sub"]:
        return "It is their own."
    if "admin" in claims.get("roles", ()):
        return "An admin may do that in their own tenant, shared or not."
    if not note["shared"]:
        return "It is not shared, and it is somebody else's."
    if "roles" not in claims:
        return "There are no roles in the token, so no role gives anything; do not fall over it."
    return "Look at the role once more: reader reads, editor reads and writes, nobody else may."


_ACTS: tuple[tuple[dict[str, Any], tuple[str, str | None, list[str]], str], ...] = (
    ({"sub": "bob"}, ("bob", None, []), "There is no act: Bob acts himself."),
    ({"sub": "bob", "act": {"sub": "notes-api"}}, ("bob", "notes-api", []), "One actor."),
    (
        {"sub": "bob", "act": {"sub": "archive", "act": {"sub": "notes-api"}}},
        ("bob", "archive", ["notes-api"]),
        "The outermost act is the present one; what stands inside it was before.",
    ),
    (
        {"sub": "bob", "act": {"sub": "c", "act": {"sub": "b", "act": {"sub": "a"}}}},
        ("bob", "c", ["b", "a"]),
        "It may go on: c acts now, before it b, before that a.",
    ),
    (
        {"sub": "alice", "client_id": "notes-app", "act": {"iss": "https://x.example", "sub": "bob"}},
        ("alice", "bob", []),
        "An actor may have an iss, too; the name is its sub.",
    ),
)


def _judge_actors(answer: Any) -> str:
    if all(call(answer, copy.deepcopy(claims)) in (None, ...) for claims, _, _ in _ACTS):
        raise NotYet
    for claims, expected, advice in _ACTS:
        found = call(answer, copy.deepcopy(claims))
        if not isinstance(found, tuple | list) or len(found) != 3:
            raise Wrong(f"Return three things: subject, actor, earlier. For {claims} it is {kind(found)}.")
        subject, actor, earlier = found
        if not isinstance(earlier, list | tuple):
            raise Wrong(f"The earlier ones are a list, perhaps an empty one; this is {kind(earlier)}.")
        if (subject, actor, list(earlier)) != expected:
            raise Wrong(f"For {claims} you return {found!r}; it should be {expected!r}. {advice}")
    return (
        "Only the present actor counts for a decision; the earlier ones are for the record (RFC 8693 §4.1)."
    )


LESSON = Lesson(
    number="29",
    name="29_custom_authorization",
    title="Custom authorization",
    why="A good token says whom a request is about. Whether it is allowed is your decision, and you make it again "
    "for each request.",
    minutes=55,
    needs=("23",),
    exercises=(
        Exercise(
            id="29.1",
            title="Two questions",
            judge_answer=_judge_questions,
            hints=(
                "claims.get('scope', '').split() are the words of the scope.",
                "permissions(claims) from the lesson copes with missing and unknown roles.",
                "First the scope, then the permission, then ok.",
            ),
            solution="""\
def answer(claims, scope, permission):
    roles = {"reader": {"note.read"}, "editor": {"note.read", "note.write"}}
    roles["admin"] = roles["editor"] | {"note.delete"}
    if scope not in claims.get("scope", "").split():
        return "insufficient_scope"
    if not any(permission in roles.get(role, ()) for role in claims.get("roles", [])):
        return "forbidden"
    return "ok\"""",
        ),
        Exercise(
            id="29.2",
            title="The policy of the school",
            judge_answer=_judge_policy,
            hints=(
                "First everything that refuses for everybody: the tenant, the archive, an action that nobody knows.",
                "Then what allows: the owner, the admin, and the roles for shared notes.",
                "A token without a tenant is refused: None is nobody's school.",
            ),
            solution="""\
def answer(claims, action, note):
    if action not in ("read", "write", "delete"):
        return False
    if claims.get("tenant") is None or claims["tenant"] != note["tenant"]:
        return False
    if note["archived"] and action != "read":
        return False
    roles = claims.get("roles", [])
    if note["owner"] == claims["sub"] or "admin" in roles:
        return True
    can = {"reader": {"read"}, "editor": {"read", "write"}}
    return note["shared"] and any(action in can.get(role, ()) for role in roles)""",
        ),
        Exercise(
            id="29.3",
            title="Who acts?",
            judge_answer=_judge_actors,
            hints=(
                "Walk inwards: act = claims.get('act'), then act.get('act'), until there is none.",
                "Collect the sub of each; the first is the present actor.",
                "chain[0] if chain else None, and chain[1:]",
            ),
            solution="""\
def answer(claims):
    chain, act = [], claims.get("act")
    while act:
        chain.append(act["sub"])
        act = act.get("act")
    return claims["sub"], chain[0] if chain else None, chain[1:]""",
        ),
    ),
    predictions=(
        Question(
            id="29.p1",
            text="Bob's application has a good token with the scope notes:write. Bob is a reader in the "
            "team. May it write "
            "a note for the team?",
            options=(
                Option(
                    text="Yes: the scope says so",
                    why="It says what the application may ask for, and nothing about Bob.",
                ),
                Option(
                    text="No: Bob could not do it himself, so nobody can do it for him",
                    why="A scope passes on what somebody has; it does not create anything.",
                    right=True,
                ),
                Option(
                    text="Yes: the token is genuine",
                    why="Genuine is what it is. That is where the decision begins.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="29.q1",
            text="A teacher of one school opens /notes/2, which belongs to another school. What should the API say?",
            options=(
                Option(
                    text="The note: the token is good, and the role is admin",
                    why="Admin at home is a stranger next door.",
                ),
                Option(
                    text="There is no such note",
                    why="Another tenant's notes do not exist for them; not even that they exist is said.",
                    right=True,
                ),
                Option(
                    text="403, with the name of the other school",
                    why="Then one can count and name what is there.",
                ),
            ),
        ),
        Question(
            id="29.q2",
            text="A service gets Bob's token and needs another service, for him. What should it send?",
            options=(
                Option(
                    text="Bob's token, as it came",
                    why="It is meant for another service. One that takes it would have to take everybody's.",
                ),
                Option(
                    text="A token from a token exchange: for that service, about Bob, with act",
                    why="Right audience, no more than is needed, and everybody sees who acts for whom.",
                    right=True,
                ),
                Option(text="A token of its own", why="Then Bob's permissions are forgotten on the way."),
            ),
        ),
        Question(
            id="29.q3",
            text="An administrator has taken the role admin from Bob a minute ago. His token still says admin. Who is "
            "right?",
            options=(
                Option(
                    text="The token: it is signed",
                    why="The signature shows that it was true when the token was issued.",
                ),
                Option(
                    text="The administrator: what may change at once is looked up, not read from the token",
                    why="Put who it is into the token. Look up what they may do where it is kept.",
                    right=True,
                ),
                Option(
                    text="Both, until the token expires", why="Until then Bob would delete what he likes."
                ),
            ),
        ),
    ),
)
