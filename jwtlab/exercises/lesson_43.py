"""Lesson 43: an API that lets access tokens in, and what it says to those that it refuses."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.challenges import parameters_of
from jwtlab.exercises.guarded_api import judge_api
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.note_access import judge_resource
from jwtlab.exercises.table import Case, Table, near

_KNOWN = ["key-7", "key-8"]
_KEYS: tuple[tuple[str, str | None, list[str], int | None, str, str], ...] = (
    ("never-fetched", "key-7", [], None, "fetch", "No keys have been fetched yet: age is None."),
    ("known", "key-7", _KNOWN, 10, "use", "This key is known, and the keys were fetched lately."),
    ("known", "key-8", _KNOWN, 299, "use", ""),
    ("zero-is-a-number", "key-7", _KNOWN, 0, "use", "An age of 0 means just now; only None means never."),
    ("known", "key-8", ["key-8"], 120, "use", ""),
    ("too-old", "key-7", _KNOWN, 300, "fetch", "After five minutes (300 seconds) even a known key is asked for again: "
                                               "it may have been withdrawn."),
    ("too-old", "key-7", _KNOWN, 4000, "fetch", ""),
    ("too-old", "key-9", _KNOWN, 301, "fetch", ""),
    ("unknown", "key-9", _KNOWN, 60, "fetch", "An unknown kid may be a new key: look once more."),
    ("unknown", "key-9", _KNOWN, 30, "fetch", ""),
    ("unknown", "key-9", [], 45, "fetch", ""),
    ("patience", "key-9", _KNOWN, 29, "refuse", "Strangers choose the kid. Whoever fetches at each unknown one, less "
                                                "than 30 seconds after the last time, lets them knock at the issuer."),
    ("patience", "key-9", _KNOWN, 0, "refuse", ""),
    ("none-known", "key-9", [], 5, "refuse", "No key is known, and they were fetched 5 seconds ago all the same: the "
                                             "issuer had none. That age is None says that they never were."),
    ("no-kid", None, _KNOWN, 5, "refuse", "A token without a kid names no known key."),
    ("no-kid", None, _KNOWN, 60, "fetch", ""),
    ("no-kid", "", _KNOWN, 5, "refuse", ""),
    ("no-kid", None, _KNOWN, 300, "fetch", ""),
)  # fmt: skip
_judge_keys = Table(
    cases=(
        *(Case(name, (kid, known, age), expected, why) for name, kid, known, age, expected, why in _KEYS),
        *near("kid", "key-7", lambda text: (text, _KNOWN, 5), "refuse"),
        *near("kid", "key-8", lambda text: (text, ["key-8"], 45), "fetch"),
    ),
    praise="So a new key gets in within half a minute, a withdrawn one is out within five, and a thousand made-up "
    "names cost the issuer two requests a minute. PyJWKClient decides so too.",
)

_GOOD, _TOKEN = {"sub": "alice", "scope": "openid notes:read"}, "Bearer eyJ.eyJ.sig"
_READ, _WRITE = "notes:read", "notes:write"


def _heard(status: int, error: str = "", scope: str = "") -> tuple[int, str, str]:
    return status, error, scope


_BARE, _MALFORMED, _BAD = _heard(401), _heard(400, "invalid_request"), _heard(401, "invalid_token")
_ANSWERS = (
    ("good", _TOKEN, _GOOD, _READ, _heard(200), "A good token with the scope that is needed: (200, None)."),
    ("no-token", None, None, _READ, _BARE, "Nobody brought a token: 401, and no error, for nothing was wrong with it "
                                           "(RFC 6750 §3.1)."),
    ("bad-token", _TOKEN, None, _READ, _BAD, "The token was refused: 401 and invalid_token. Another token may do."),
    ("too-little", _TOKEN, _GOOD, _WRITE, _heard(403, "insufficient_scope", _WRITE),
     "The token is good and does not allow this: 403, insufficient_scope, and the scope that would."),
    ("too-little", _TOKEN, {"sub": "bob", "scope": "profile"}, _READ, _heard(403, "insufficient_scope", _READ), ""),
    ("no-scope", _TOKEN, {"sub": "alice"}, _READ, _heard(403, "insufficient_scope", _READ),
     "A token without scope is a good token that allows nothing."),
    ("no-scope", _TOKEN, {"sub": "alice", "scope": ""}, _WRITE, _heard(403, "insufficient_scope", _WRITE), ""),
    ("other-scheme", "Basic YWxpY2U6eA==", None, _READ, _BARE, "Basic is another scheme: no token was brought."),
    ("other-scheme", "Bearers eyJ.eyJ.sig", None, _READ, _BARE, ""),
    ("other-scheme", "XBearer eyJ.eyJ.sig", None, _READ, _BARE, ""),
    ("other-scheme", "Bearer/ eyJ.eyJ.sig", None, _READ, _BARE, ""),
    ("other-scheme", "eyJ.eyJ.sig", None, _READ, _BARE, ""),
    ("other-scheme", "", None, _READ, _BARE, ""),
    ("malformed", "Bearer", None, _READ, _MALFORMED, "The scheme, and no token behind it: the request itself is "
                                                     "malformed, 400 and invalid_request."),
    ("malformed", "Bearer ", None, _WRITE, _MALFORMED, ""),
    ("case-of-scheme", "bearer eyJ.eyJ.sig", _GOOD, _READ, _heard(200), "The name of a scheme is compared without "
                                                                        "regard to case (RFC 9110 §11.1)."),
    ("case-of-scheme", "BEARER eyJ.eyJ.sig", None, _READ, _BAD, ""),
    ("case-of-scheme", "bearer", None, _READ, _MALFORMED, ""),
    ("good", _TOKEN, {"sub": "bob", "scope": _WRITE}, _WRITE, _heard(200), ""),
    ("scope-words", _TOKEN, {"sub": "alice", "scope": "openid,notes:read"}, _READ,
     _heard(403, "insufficient_scope", _READ), "Scopes are words between spaces (RFC 6749 §3.3)."),
    *(
        ("scope-words", _TOKEN, {"sub": "alice", "scope": text}, _READ, _heard(403, "insufficient_scope", _READ), "")
        for text in ("notes:read-not xnotes:read", "notes:readx", "xnotes:read", "notes:read/", "notes:read,x")
    ),
)  # fmt: skip
_CHALLENGES = {
    "not-a-pair": "Return a pair: the status, and the value of WWW-Authenticate or None; your function gives {what}.",
    "no-challenge": "You say {status}, and nothing more. Whoever is refused is told in WWW-Authenticate "
    "how to come back (RFC 6750 §3).",
    "another-challenge": "{said} is no challenge of the scheme Bearer. Behind it stands name=\"value\", with commas "
    "between.",
    "no-parameter": "Behind Bearer there is at least one name=\"value\" (RFC 6750 §3): realm=\"notes\" will do.",
    "said-though-good": "Let in, and nothing to say: the second value is None.",
}  # fmt: skip


def _as_heard(found: Any) -> tuple[int, str, str]:
    """What a client hears: the status, the error, and the scope where that is told with 403."""
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("not-a-pair", what=kind(found))
    status, said = found
    if isinstance(status, bool) or not isinstance(status, int) or not isinstance(said, str | None):
        raise Wrong("not-a-pair", what=f"({kind(status)}, {kind(said)})")
    if status == 200:
        if said is not None:
            raise Wrong("said-though-good")
        return _heard(200)
    if not said:
        raise Wrong("no-challenge", status=status)
    values = parameters_of(said)
    if values is None:
        raise Wrong("another-challenge", said=repr(said[:80]))
    if not values:
        raise Wrong("no-parameter")
    return _heard(status, values.get("error", ""), values.get("scope", "") if status == 403 else "")


_judge_answer = Table(
    cases=(
        *(
            Case(name, (sent, claims, needed), heard, why)
            for name, sent, claims, needed, heard, why in _ANSWERS
        ),
        *near(
            "scope",
            _READ,
            lambda text: (_TOKEN, {"sub": "alice", "scope": text}, _READ),
            _heard(403, "insufficient_scope", _READ),
            without="space longer",  # spaces part words
        ),
    ),
    read=_as_heard,
    own=_CHALLENGES,
    praise="A client can act on each of these without asking anybody: log in, get another token, ask for more scope, "
    "or mend its request.",
)

LESSON = Lesson(
    number="43",
    name="43_protecting_an_api",
    title="Protecting an API",
    why="Strangers' tokens arrive all day, and each check is a line that somebody can forget.",
    minutes=50,
    needs=("05", "20"),
    exercises=(
        Exercise(
            id="43.1",
            title="When to fetch keys again",
            judge_answer=_judge_keys,
            hints=(
                "Ask in this order: were they ever fetched, are they too old, is the key known, was it just now?",
                "None is no number: ask for it before you compare.",
                'age is None or age >= 300 is "fetch"; a known kid is "use"; what is left depends on 30.',
            ),
            solution="""\
def answer(kid, known, age):
    if age is None or age >= 300:
        return "fetch"
    if kid in known:
        return "use"
    return "fetch" if age >= 30 else "refuse\"""",
        ),
        Exercise(
            id="43.2",
            title="What to say to whoever is refused",
            judge_answer=_judge_answer,
            hints=(
                'scheme, _, token = (authorization or "").partition(" ") takes the header apart.',
                "Four questions, in order: another scheme, no token behind it, no claims, not this scope.",
                'For too little scope: 403 and f\'Bearer error="insufficient_scope", scope="{needed}"\'.',
            ),
            solution="""\
def answer(authorization, claims, needed):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return 401, 'Bearer realm="notes"'
    if not token:
        return 400, 'Bearer error="invalid_request"'
    if claims is None:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, f'Bearer error="insufficient_scope", scope="{needed}"'
    return 200, None""",
        ),
        Exercise(
            id="43.3",
            title="Whose note is it?",
            judge_answer=judge_resource,
            hints=(
                'First the scope: "notes:read" for GET and HEAD, "notes:write" for everything else.',
                "Then the note: none, or one that this person may not see, is 404.",
                "A reader who wants to write gets 403; the owner gets 200 for everything.",
            ),
            solution="""\
def answer(claims, method, note):
    reads = method in ("GET", "HEAD")
    needed = "notes:read" if reads else "notes:write"
    if needed not in claims.get("scope", "").split():
        return 403
    if note is not None and claims["sub"] == note["owner"]:
        return 200
    if note is not None and claims["sub"] in note["readers"]:
        return 200 if reads else 403
    return 404""",
        ),
        Exercise(
            id="43.4",
            title="An API that nothing gets through",
            judge_answer=judge_api,
            points=2,
            hints=(
                "Begin with the function verify of this lesson: key, algorithms, audience, issuer, require.",
                'The header is read before: jwt.get_unverified_header(token).get("typ") has to be "at+jwt".',
                "except jwt.PyJWTError covers every refusal, of the key client too. Then 401; for the scope 403.",
            ),
            solution="""\
def answer(issuer):
    app, keys = Flask(__name__), jwt.PyJWKClient(issuer.jwks_uri)

    def refused(status, more):
        return "", status, {"WWW-Authenticate": f"Bearer {more}"}

    def verify(token):
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("no access token")
        key, strict = keys.get_signing_key_from_jwt(token), {"require": ["exp", "sub"]}
        expected = {"audience": "https://notes.example", "issuer": issuer.issuer}
        return jwt.decode(token, key, algorithms=["RS256"], options=strict, **expected)

    @app.get("/notes")
    def notes():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return refused(401, 'realm="notes"')
        try:
            claims = verify(token)
        except jwt.PyJWTError:
            return refused(401, 'error="invalid_token"')
        if "notes:read" not in claims.get("scope", "").split():
            return refused(403, 'error="insufficient_scope"')
        return {"owner": claims["sub"]}

    return app""",
        ),
    ),
    predictions=(
        Question(
            id="43.p1",
            text="The issuer does not answer for ten minutes. What does your API do with good tokens?",
            options=(
                Option(
                    text="It refuses all of them at once",
                    why="It does not ask the issuer about each token: with a public key it checks alone.",
                ),
                Option(
                    text="It lets all of them in, for as long as it takes",
                    why="Then a withdrawn key would count for as long as Mallory keeps the issuer busy.",
                ),
                Option(
                    text="It lets them in for a while, as it knows the keys, and then none",
                    why="Keys are kept for some minutes. After that nobody knows whether one was withdrawn.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="43.q1",
            text="A user presses a button, and the API answers 403 with insufficient_scope. What should the page do?",
            options=(
                Option(
                    text="Ask for a token with the scope that is named, if the person agrees",
                    why="The token is good; it allows too little. The scope in WWW-Authenticate says what is missing.",
                    right=True,
                ),
                Option(
                    text="Refresh the token and try again",
                    why="A refresh gives the same scope again, and the same 403. That is for 401.",
                ),
                Option(
                    text="Log the user out",
                    why="Nothing is wrong with the login.",
                ),
            ),
        ),
        Question(
            id="43.q2",
            text='A colleague mends "Invalid audience" with options={"verify_aud": False}. What have you got now?',
            options=(
                Option(
                    text="The same as before: the signature is still checked",
                    why="The signature says who made it, and not for whom.",
                ),
                Option(
                    text="An API that takes every token of this issuer, whoever it was made for",
                    why="Whoever runs any other API of this issuer can use its visitors' tokens at yours.",
                    right=True,
                ),
                Option(
                    text="An API that takes forged tokens",
                    why="Those are still refused. The trouble is genuine tokens in the wrong place.",
                ),
            ),
        ),
        Question(
            id="43.q3",
            text="Payments may be made with your API's tokens. A stolen one must be worthless within seconds. How?",
            options=(
                Option(
                    text="Fetch the issuer's keys more often",
                    why="A revoked token is signed with the same key as all the others.",
                ),
                Option(
                    text="Check the signature twice",
                    why="It stays good; that the token was taken back stands nowhere in it.",
                ),
                Option(
                    text="Ask the issuer about each token (introspection), at least where money moves",
                    why="It hears of a revocation at once. It costs a request, and the issuer has to be up.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=("signature-valid", "audience-expected", "issuer-expected", "type-expected", "scope-allowed"),
)
