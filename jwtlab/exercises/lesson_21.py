"""Lesson 21: the JWT bearer grant. A note that the service signs, two keys, and the errors people meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.forging import as_token
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab
from jwtlab.oauth import protocol

ME = "https://as.example"
_SPENT = ("note-1", "audience", "clock", "over", "not approved")


@mistakes(
    {
        "claims": "These are claims. jwtlab.issue(claims, key, alg=...) signs them.",
        "bytes": "Almost: these are bytes, and a JWT is text. Call .decode() on them.",
        "not-text": "A JWT is a text; this is {what}.",
        "no-jwt": "This is no JWT: {error}.",
        "slash": "aud is {aud!r}, with a slash at its end: another text than the issuer's name, {me}.",
        "api": "aud is {aud!r}: the assertion is for the authorization server, {me}, not for the API.",
        "endpoint": "The lab's server still takes this old form; the revision of RFC 7523 wants the issuer alone.",
        "several": "aud names others beside the authorization server: each of them could use the assertion here.",
        "itself": "sub is the service itself; it acts for alice here, so sub is alice.",
        "no-jti": "Give it a name of its own (jti), so that it can be taken once only.",
        "spent": "A note called {jti!r} was redeemed in this lesson. Give yours a new name.",
        "no-exp": "It has no exp: it would be good for ever.",
        "milliseconds": "exp looks like milliseconds; it counts seconds: int(lab.now) + 60.",
        "too-long": "It is good for {seconds:g} seconds; five minutes are 300. A leaked assertion is a key.",
        "expired": "It has expired at the moment at which it is made: exp lies {ago:g} seconds back.",
        "refused": "The server refuses it: {error}",
    }
)
def _judge_note(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong("claims")
    token = as_token(answer)
    try:
        claims = decode(token).claims
    except InvalidToken as error:
        raise Wrong("no-jwt", error=error) from None
    _look_at_note(claims)
    with Lab().world("judge").network.client("Judge") as http:
        form = {"grant_type": protocol.JWT_BEARER, "assertion": token, "scope": "notes:read"}
        got = http.post(f"{ME}/token", data=form).json()
    if "access_token" not in got:
        raise Wrong("refused", error=got.get("error_description"))
    return "The server knows your public key, you are approved for alice, and the note was fresh: one access token."


def _look_at_note(claims: Mapping[str, Any]) -> None:
    """What can be told without the server, or what the server takes and the text does not."""
    aud, jti, exp = claims.get("aud"), claims.get("jti"), claims.get("exp")
    for mistake, wrong in (("slash", f"{ME}/"), ("api", "https://api.example"), ("endpoint", f"{ME}/token")):
        if aud in (wrong, [wrong]):
            raise Wrong(mistake, aud=wrong, me=ME)
    if isinstance(aud, list) and len(aud) > 1:
        raise Wrong("several")
    if claims.get("sub") == "crm-sync":
        raise Wrong("itself")
    if not jti:
        raise Wrong("no-jti")
    if jti in _SPENT:
        raise Wrong("spent", jti=jti)
    if exp is None:
        raise Wrong("no-exp")
    if isinstance(exp, int | float) and exp > EPOCH * 100:
        raise Wrong("milliseconds")
    if isinstance(exp, int | float) and exp - EPOCH > 300:
        raise Wrong("too-long", seconds=exp - EPOCH)
    if isinstance(exp, int | float) and exp <= EPOCH:
        raise Wrong("expired", ago=EPOCH - exp)


_KEYS = ("service private", "service public", "server private", "server public")
_HELD: Mapping[str, set[str]] = {
    "service": {"service private"},
    "server": {"service public", "server private"},
    "API": {"server public"},
}


@mistakes(
    {
        "not-a-dict": "The answer is a dict with the keys service, server and API; this is {what}.",
        "no-set": "{party}: write a set of words, such as {{'service public'}}.",
        "no-such-key": "{party}: {word} is none of the four words.",
        "service-signs": "service: it signs assertions, and for that it needs its own private half.",
        "service-too-many": "service: it signs assertions, and checks nothing. It needs no key of the server.",
        "server-checks": "server: it checks assertions. With which half of the service's key?",
        "server-signs": "server: it signs access tokens, and for that it needs its own private half.",
        "server-too-many": "server: if it held the service's private half, it could write assertions in its name.",
        "API-sees-note": "API: it checks access tokens, and never sees an assertion. It needs no key of the service.",
        "API-too-many": "API: if it held the server's private half, it could write access tokens for itself.",
    }
)
def _judge_keys(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    if all(answer.get(each) is None for each in _HELD):
        raise NotYet
    held = {party: _words(party, answer.get(party)) for party in _HELD}
    for party, mistake, is_wrong in _KEY_MISTAKES:
        if is_wrong(held[party]):
            raise Wrong(mistake)
    return "Each signs with its own private half; only public halves travel, and they were handed over once."


def _words(party: str, found: Any) -> set[str]:
    given = [found] if isinstance(found, str) else found
    if not isinstance(given, set | frozenset | list | tuple) or not given:
        raise Wrong("no-set", party=party)
    for word in given:
        if word not in _KEYS:
            raise Wrong("no-such-key", party=party, word=repr(word)[:40])
    return set(given)


# Whoever holds a private half can always compute the public one, so naming it as well is no mistake.
_KEY_MISTAKES: tuple[tuple[str, str, Any], ...] = (
    ("service", "service-signs", lambda held: "service private" not in held),
    ("service", "service-too-many", lambda held: held - {"service private", "service public"}),
    ("server", "server-too-many", lambda held: "service private" in held),
    ("server", "server-checks", lambda held: "service public" not in held),
    ("server", "server-signs", lambda held: "server private" not in held),
    ("API", "API-too-many", lambda held: "server private" in held),
    ("API", "API-sees-note", lambda held: held & {"service public", "service private"}),
)

_NOTE: dict[str, Any] = {"iss": "crm", "sub": "alice", "aud": ME, "exp": 1060, "jti": "n1"}
_APPROVED = {"crm": {"alice"}, "shop": {"bob"}, "cr": {"alice"}}
_OTHER: dict[str, Any] = {
    "iss": "Till",
    "sub": "Carol",
    "aud": "https://login.example",
    "exp": 90,
    "jti": "N-7",
}


def _note(mistake: str, expected: bool, why: str = "", without: str = "", **changes: Any) -> Case:
    claims = {name: value for name, value in (_NOTE | changes).items() if name != without}
    return Case(mistake, (claims,), expected, why)


def _called(
    claims: dict[str, Any], me: str = ME, approved: Any = None, used: Any = None, now: int = 1000
) -> tuple[Any, ...]:
    return claims, me, approved or _APPROVED, {("crm", "old")} if used is None else used, now


_ELSEWHERE = ("https://login.example", {"Till": {"Carol"}, "crm": {"bob"}}, {("Till", "n-7")}, 60)

_judge_decision = Table(
    cases=(
        _note("good", True, "This assertion is good."),
        _note("aud-list", True, "A list of one is one.", aud=[ME]),
        _note("last-second", True, "An hour later is still allowed: at most an hour.", exp=4600),
        _note("last-second", True, "", exp=1001),
        Case("given", (_OTHER, *_ELSEWHERE), True, "Use what is handed over: me, approved, used and now differ here."),
        Case("given", (_OTHER | {"aud": ME}, *_ELSEWHERE), False, ""),
        Case("given", (_OTHER | {"exp": 60}, *_ELSEWHERE), False, ""),
        Case("given", (_NOTE | {"aud": "https://login.example", "exp": 90}, *_ELSEWHERE), False, ""),
        Case("given", (_OTHER | {"jti": "n-7"}, *_ELSEWHERE), False, ""),
        _note("other-server", False, "It is for another server.", aud="https://other.example"),
        _note("other-server", False, aud=["https://other.example"]),
        _note("two-servers", False, "It is for two servers: the other one could use it here.",
              aud=[ME, "https://other.example"]),
        _note("two-servers", False, aud=["https://other.example", ME]),
        _note("no-aud", False, "aud is missing: it is for nobody. Raise nothing.", without="aud"),
        _note("empty-aud", False, "aud is an empty list: it is for nobody, and so not for us.", aud=[]),
        _note("expired", False, "exp is now, or was before: it has expired.", exp=1000),
        _note("expired", False, exp=999),
        _note("too-long", False, "It would be good for more than an hour.", exp=4601),
        _note("too-long", False, exp=5000),
        _note("no-exp", False, "It has no exp. Raise nothing.", without="exp"),
        _note("used", False, "It has been used.", jti="old"),
        _note("used-by-another", True, "old was used by crm; the name belongs to its issuer.",
              iss="shop", sub="bob", jti="old"),
        _note("glued", True, "Glued together, two pairs can become one text: (cr, mold) is not (crm, old).",
              iss="cr", jti="mold"),
        _note("jti-loosely", True, "The name is another one, which only looks like the used one.", jti="old2"),
        *(_note("jti-loosely", True, jti=jti) for jti in ("Old", "OLD", "ol", "old ", "xold", "old/", "1")),
        _note("no-jti", False, "It has no jti. Raise nothing.", without="jti"),
        _note("not-approved", False, "crm is not approved for bob; shop is.", sub="bob"),
        _note("not-approved", False, iss="shop"),
        _note("nobody", False, "Nobody has approved this service. Raise nothing.", iss="nobody"),
        _note("no-sub", False, "sub is missing: it acts for nobody.", without="sub"),
        _note("no-iss", False, "iss is missing: nobody has signed it. Raise nothing.", without="iss"),
        *near("aud", ME, lambda text: (_NOTE | {"aud": text},), False),
        *near("aud", ME, lambda text: (_NOTE | {"aud": [text]},), False),
        *near("sub", "alice", lambda text: (_NOTE | {"sub": text},), False),
        *near("sub", "Carol", lambda text: (_OTHER | {"sub": text}, *_ELSEWHERE), False),
        *near("iss", "shop", lambda text: (_NOTE | {"iss": text, "sub": "bob"},), False),
        *near("iss", "Till", lambda text: (_OTHER | {"iss": text}, *_ELSEWHERE), False),
    ),
    arguments=_called,
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="For me alone, in time, once, and approved: four questions besides the signature.",
)  # fmt: skip


LESSON = Lesson(
    number="21",
    name="21_jwt_bearer_grant",
    title="The JWT bearer grant",
    why="Two services work together every night, with no browser and no password: one of them signs a short "
    "note, and the other's server gives it a token for that.",
    minutes=40,
    needs=("20",),
    exercises=(
        Exercise(
            id="21.1",
            title="Write the note",
            judge_answer=_judge_note,
            hints=(
                "It is the note of the lesson, with your own jti.",
                "iss is crm-sync, sub is alice, aud is the authorization server.",
                'now = int(lab.now); {"iss": "crm-sync", "sub": "alice", "aud": AS, "exp": now + 60, "jti": ...}',
            ),
            solution="""\
now = int(lab.now)
claims = {"iss": "crm-sync", "sub": "alice", "aud": AS, "iat": now, "exp": now + 60, "jti": "my-note"}
answer = jwtlab.issue(claims, key, alg="ES256")""",
        ),
        Exercise(
            id="21.2",
            title="Who holds which key?",
            judge_answer=_judge_keys,
            hints=(
                "Who signs the note, and who checks it? Who signs the access token, and who checks that?",
                "The API never sees the note.",
                "The server is the only one that deals with both.",
            ),
            solution="""\
holds = {
    "service": {"service private"},
    "server": {"service public", "server private"},
    "API": {"server public"},
}
answer = holds""",
        ),
        Exercise(
            id="21.3",
            title="The server's decision",
            judge_answer=_judge_decision,
            hints=(
                "Make aud a list; it has to be exactly [me].",
                "now < exp <= now + 3600, and a note without exp is refused.",
                'iss = claims.get("iss"); (iss, jti) in used; claims.get("sub") in approved.get(iss, set())',
            ),
            solution="""\
def answer(claims, me, approved, used, now):
    aud = claims.get("aud")
    if (aud if isinstance(aud, list) else [aud]) != [me]:
        return False
    if not now < claims.get("exp", 0) <= now + 3600:
        return False
    iss, jti = claims.get("iss"), claims.get("jti")
    if jti is None or (iss, jti) in used:
        return False
    return claims.get("sub") in approved.get(iss, set())""",
        ),
    ),
    predictions=(
        Question(
            id="21.p1",
            text="A service reads Alice's notes every night, while she sleeps. How should it prove that it may?",
            options=(
                Option(
                    text="With Alice's password in its settings",
                    why="Then it can do everything that Alice can, and so can whoever steals the settings.",
                ),
                Option(
                    text="With a short note that it signs itself, with a key registered for it",
                    why="Alice or an administrator has approved that once. The key can be withdrawn, and "
                    "nothing else has to change.",
                    right=True,
                ),
                Option(
                    text="It cannot: somebody has to log in",
                    why="Somebody has to approve, once. Nobody has to be there.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="21.q1",
            text="Which key does the API need to check the access token?",
            options=(
                Option(
                    text="The service's public key",
                    why="That one is for the assertion, which the API never sees.",
                ),
                Option(
                    text="The server's public key",
                    why="The server has signed the access token; the service has not.",
                    right=True,
                ),
                Option(text="Both", why="The assertion stays between service and server."),
            ),
        ),
        Question(
            id="21.q2",
            text="Why is the assertion's aud the authorization server, and not the API?",
            options=(
                Option(
                    text="It does not matter",
                    why="An assertion for somebody else is refused, and rightly so.",
                ),
                Option(
                    text="Because APIs have no names", why="They have: the API's name is in the access token."
                ),
                Option(
                    text="Because the server is the one who reads it",
                    why="aud names whoever a token is for. The API gets another token.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="21.q3",
            text="The private key of the service has been copied. What has to be done?",
            options=(
                Option(
                    text="Remove the public key at the server, and register a new one",
                    why="From then on its assertions are refused. Access tokens given before live on until "
                    "exp, or until they are revoked where the API asks.",
                    right=True,
                ),
                Option(text="Change Alice's password", why="No password is involved."),
                Option(text="Wait until the assertions expire", why="The thief signs others."),
            ),
        ),
    ),
)
