"""Lesson 29: custom authorization. Scope and permission, a small policy, who acts."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.note_policy import judge_policy
from jwtlab.exercises.table import Case, Table, near_misses

_ANSWERS = ("ok", "insufficient_scope", "forbidden")


def _read_answer(found: Any) -> Any:
    if found not in _ANSWERS:
        raise Wrong("word", found=found)
    return found


def _ask(
    mistake: str, scopes: Any, roles: Any, scope: str, permission: str, expected: str, why: str = ""
) -> Case:
    claims = {"sub": "bob", "scope": scopes, "roles": roles}
    claims = {name: value for name, value in claims.items() if value is not None}
    return Case(mistake, (claims, f"notes:{scope}", f"note.{permission}"), expected, why)


_BOTH, _NO, _NOT_ASKED = "notes:read notes:write", "forbidden", "insufficient_scope"
_judge_questions = Table(
    cases=(
        _ask("both", _BOTH, ["reader"], "read", "read", "ok", "The application may ask, and a reader may read."),
        _ask("both", _BOTH, ["editor"], "write", "write", "ok"),
        _ask("both", "notes:write", ["admin"], "write", "delete", "ok"),
        _ask("both", _BOTH, ["editor"], "read", "read", "ok"),
        _ask("both", _BOTH, ["admin"], "read", "read", "ok"),
        _ask("both", _BOTH, ["admin"], "write", "write", "ok"),
        _ask("role", _BOTH, ["reader"], "write", "write", _NO, "The application may ask; this role may not do it."),
        _ask("role", _BOTH, ["editor"], "write", "delete", _NO),
        _ask("scope", "notes:read", ["admin"], "write", "write", _NOT_ASKED,
             "Bob may do everything. He has not allowed this application to write."),
        _ask("scope-first", "notes:read", ["reader"], "write", "write", _NOT_ASKED,
             "Both are missing; the scope is asked first."),
        _ask("second-role", _BOTH, ["reader", "editor"], "write", "write", "ok",
             "One of two roles is enough, and it may be any of them: look at all."),
        _ask("second-role", _BOTH, ["editor", "reader"], "write", "write", "ok"),
        _ask("second-role", _BOTH, ["reader", "editor", "admin"], "write", "delete", "ok"),
        _ask("second-role", _BOTH, ["admin", "reader", "emperor"], "write", "delete", "ok"),
        _ask("unknown-role", _BOTH, ["emperor"], "read", "read", _NO, "Nobody knows this role: it gives nothing, and "
             "nothing breaks."),
        _ask("unknown-role", _BOTH, ["emperor", "editor"], "write", "write", "ok"),
        _ask("no-roles", _BOTH, [], "read", "read", _NO, "No role, no permission."),
        _ask("no-roles", _BOTH, None, "read", "read", _NO),
        _ask("no-scope", None, ["admin"], "read", "read", _NOT_ASKED, "There is no scope in the token."),
        _ask("no-scope", "", ["admin"], "read", "read", _NOT_ASKED),
        _ask("no-scope", None, None, "read", "read", _NOT_ASKED),
        _ask("piece", "notes:readonly", ["admin"], "read", "read", _NOT_ASKED,
             "It only begins, ends or goes on like the scope that is needed. Split the text into words."),
        *(_ask("piece", text, ["admin"], "read", "read", _NOT_ASKED) for _, _, text in near_misses("notes:read")
          if "notes:read" not in text.split()),
        *(_ask("piece", _BOTH, ["admin"], text, "read", _NOT_ASKED) for _, _, text in near_misses("read")),
        *(_ask("role-loosely", _BOTH, [text], "read", "read", _NO, "This role only looks like one of the table.")
          for role in ("reader", "editor", "admin") for _, _, text in near_misses(role)),
        *(Case("permission-loosely", ({"sub": "bob", "scope": _BOTH, "roles": ["admin"]}, "notes:read", text), _NO,
               "No role has this permission; it only looks like one of them.")
          for name in ("note.read", "note.delete") for _, _, text in near_misses(name)),
    ),
    read=_read_answer,
    own={"word": 'Return "ok", "insufficient_scope" or "forbidden"; this is {found!r}.'},
    praise="Two questions, two answers: the application is limited by the scope, the person by the permission.",
)  # fmt: skip


def _read_actors(found: Any) -> Any:
    if not isinstance(found, tuple | list) or len(found) != 3:
        raise Wrong("three", what=kind(found))
    subject, actor, earlier = found
    if not isinstance(earlier, list | tuple):
        raise Wrong("earlier-kind", what=kind(earlier))
    return subject, actor, list(earlier)


def _look_at_actors(found: Any, case: Case) -> None:
    subject, actor, earlier = case.expected
    before = f"For {case.given[0]} you return {found!r}."
    if found[0] != subject:
        raise Wrong("subject", before)
    if earlier and found[1] == earlier[-1]:
        raise Wrong("innermost", before)
    if found[1] == actor and earlier and found[2] == earlier[::-1]:
        raise Wrong("order", before)
    if found[1] == actor and earlier and actor in found[2]:
        raise Wrong("actor-twice", before)


def _acts(mistake: str, subject: str, *actors: str, why: str = "", **more: Any) -> Case:
    """The latest actor first."""
    expected = (subject, actors[0] if actors else None, list(actors[1:]))
    act: dict[str, Any] = {}
    for actor in reversed(actors):
        act = {"act": {"sub": actor, **act}}
    return Case(mistake, ({"sub": subject, **more, **act},), expected, why)


_judge_actors = Table(
    cases=(
        _acts("none", "bob", why="There is no act: Bob acts himself, and nobody before him."),
        _acts("none", "alice"),
        _acts("one", "bob", "notes-api", why="There is one actor, and nobody before."),
        _acts("two", "bob", "archive", "notes-api", why="Whoever stands inside the outermost act was before."),
        _acts("many", "bob", "c", "b", "a", why="It may go on: c acts now, before it b, before that a."),
        _acts("many", "alice", *"zyxabc"),
        _acts("many", "alice", "a", "b", "c", "a"),
        _acts("many", "bob", "bob", "alice", "bob"),
        _acts("may-act", "bob", may_act={"sub": "archive"}, client_id="notes-app",
              why="may_act says who may act; here nobody does. Only act counts."),
        _acts("may-act", "bob", "notes-api", may_act={"sub": "archive"}, client_id="notes-app"),
        Case("iss", ({"sub": "alice", "act": {"iss": "https://x.example", "sub": "bob"}},), ("alice", "bob", []),
             "An actor may have an iss, too; the name is its sub."),
        Case("iss", ({"act": {"act": {"sub": "a", "iss": "https://y.example"}, "sub": "b"}, "sub": "bob"},),
             ("bob", "b", ["a"]), ""),
    ),
    read=_read_actors,
    look=_look_at_actors,
    own={
        "three": "Return three things: subject, actor, earlier. This is {what}.",
        "earlier-kind": "The earlier ones are a list, perhaps an empty one; this is {what}.",
        "subject": "The one it is about is sub, whoever acts.",
        "innermost": "The outermost act is the present one; what stands inside it was before.",
        "order": "The latest of the earlier ones comes first: as they stand, from outside inwards.",
        "actor-twice": "Whoever acts now is not among the earlier ones.",
    },
    praise="Only the present actor counts for a decision; the earlier ones are for the record (RFC 8693 §4.1).",
)  # fmt: skip


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
            judge_answer=judge_policy,
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
                    text="There is no such note",
                    why="Another tenant's notes do not exist for them; not even that they exist is said.",
                    right=True,
                ),
                Option(
                    text="The note: the token is good, and the role is admin",
                    why="Admin at home is a stranger next door.",
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
                Option(text="A token of its own", why="Then Bob's permissions are forgotten on the way."),
                Option(
                    text="A token from a token exchange: for that service, about Bob, with act",
                    why="Right audience, no more than is needed, and everybody sees who acts for whom.",
                    right=True,
                ),
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
