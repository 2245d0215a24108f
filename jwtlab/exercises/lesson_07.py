"""Lesson 07: key sets. How keys are published, named, exchanged and judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near_misses, true_or_false
from jwtlab.exercises.thumbprints import judge_thumbprint
from jwtlab.exercises.unfit_keys import Unfit, bad_ring, lesson_key, unfit
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import Lab

__all__ = ["LESSON", "PLAN", "Unfit", "bad_ring", "ring", "unfit"]

_LAB = Lab("04")
_NAMES = {"2026-01", "2026-02", "Key-A"}


def _fetch(mistake: str, kid: str | None, age: float | None, expected: bool, why: str = "") -> Case:
    return Case(mistake, (kid, set() if age is None else _NAMES, age), expected, why)


_judge_fetching = Table(
    cases=(
        _fetch("no-copy", "2026-01", None, True, "There is no copy yet, so there is nothing to look in."),
        _fetch("no-copy", None, None, True),
        _fetch("new-copy", "2026-01", 0, False, "The copy is new and has this name."),
        _fetch("new-copy", "2026-01", 299, False),
        _fetch("new-copy", "Key-A", 60, False),
        _fetch("at-the-limit", "2026-01", 300, True,
               "At 300 seconds the copy is too old: a stolen key would stay in it."),
        _fetch("old-copy", "2026-02", 5000, True,
               "A copy this old may hold keys that the issuer has removed long ago, whatever the token names."),
        _fetch("old-copy", "2026-03", 300, True),
        _fetch("old-copy", None, 300, True),
        _fetch("unknown", "2026-03", 30, True,
               "The name is unknown and the last fetch at least 30 seconds ago: the key may be newer than the copy."),
        _fetch("unknown", "2026-03", 299, True),
        _fetch("unknown", "2026-03", 31, True),
        _fetch("too-often", "2026-03", 29, False, "The last fetch was less than 30 seconds ago. Mallory can invent "
               "names all day, and each would be a request."),
        _fetch("too-often", "2026-03", 0, False),
        _fetch("no-kid", None, 60, False, "This token names no key. A new copy would not name one either: that is no "
               "reason to fetch."),
        *(Case("kid-loosely", (kid, _NAMES, 60), True, "kid {value!r} is none of the names: {how}. It is unknown.",
               {"value": kid, "how": how}) for _, how, kid in near_misses("2026-01") if kid != "2026-02"),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="New keys are found at once, old ones are forgotten soon, and nobody can make your verifier fetch all day.",
)  # fmt: skip


PLAN = (
    ("red", "until 22:00, two hours ago", ""),
    ("orange", "until 23:30, half an hour ago", ""),
    ("green", "since 23:30", ""),
    ("blue", "will sign from 00:30 on", ""),
    ("black", "until 23:50, ten minutes ago", "Mallory has copied its private half"),
)
"""Exercise 07.3: which key signs when. It is midnight, and every token lives for 60 minutes."""


@cache
def ring() -> dict[str, Key]:
    """The keys of exercise 07.3, by name, with their private halves."""
    return {name: lesson_key(name) for name, _, _ in PLAN}


@mistakes(
    {
        "not-a-set": "The answer is a KeySet; this is {what}. KeySet([...]) makes one of a list of keys.",
        "names": "These are names. The set holds keys: ring['green'].public(), and so on.",
        "no-keys": "The answer is a KeySet of Key objects: jwtlab.KeySet([ring['green'].public(), ...]).",
        "private": "The private half of {names} is in the set: everybody could sign. Publish public().",
        "twice": "One key stands in the set twice.",
        "strange": "There is a key in the set that is not on the ring. Trust nothing but what the plan names.",
        "black": "black is stolen. As long as it is in the set, Mallory's tokens are as good as the issuer's.",
        "green": "green signs right now. Without it every new token is refused.",
        "orange": "orange has stopped, but it signed until 23:30, and those tokens are good until 00:30.",
        "blue": "blue will sign in half an hour. Verifiers keep a copy of the set: publish it before it is used.",
        "red": "red's last token expired at 23:00. A key that nobody needs can only do harm.",
        "renamed": "A token of {name} is refused: {reason}.",
    }
)
def _judge_ring(answer: Any) -> str:
    keys = _as_keys(answer)
    private = [key.kid for key in keys if key.is_private]
    if private:
        raise Wrong("private", names=", ".join(map(repr, private)))
    prints = [key.thumbprint() for key in keys]
    if len(set(prints)) != len(prints):
        raise Wrong("twice")
    if set(prints) - {key.thumbprint() for key in ring().values()}:
        raise Wrong("strange")
    there = {name for name, key in ring().items() if key.thumbprint() in prints}
    for name in ("black", "green", "orange", "blue", "red"):
        if (name in there) is (name in ("black", "red")):
            raise Wrong(name)
    for name in sorted(there):
        failure = _LAB.verify(_LAB.token("alice", key=ring()[name]), keys).first_failure
        if failure is not None:
            raise Wrong("renamed", name=name, reason=failure.reason)
    return (
        "Yesterday's key until its last token has expired, today's, and tomorrow's before it is used. A stolen key "
        "goes at once, whatever becomes of its tokens: nobody can tell Mallory's from the issuer's."
    )


def _as_keys(answer: Any) -> KeySet:
    if isinstance(answer, KeySet):
        return answer
    if isinstance(answer, Mapping):
        return KeySet.from_jwks(answer)
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        raise Wrong("not-a-set", what=kind(answer))
    keys = list(answer)
    if keys and all(isinstance(key, str) for key in keys):
        raise Wrong("names")
    if not keys or not all(isinstance(key, Key) for key in keys):
        raise Wrong("no-keys")
    return KeySet(keys)


LESSON = Lesson(
    number="07",
    name="07_key_sets",
    title="Key sets",
    why="Verifiers trust whatever keys are in the set, so it is the set that has to be kept in order.",
    minutes=50,
    needs=("05",),
    exercises=(
        Exercise(
            id="07.1",
            title="Fetch again or not?",
            judge_answer=_judge_fetching,
            hints=(
                "Two reasons to fetch: the copy is missing or too old, or a name is unknown.",
                "First: age is None or age >= 300. The second reason counts only if age >= 30.",
                "An unknown name is one that is not None and not in known.",
            ),
            solution="""\
def answer(kid, known, age):
    if age is None or age >= 300:
        return True
    return kid is not None and kid not in known and age >= 30""",
        ),
        Exercise(
            id="07.2",
            title="A thumbprint for every key",
            judge_answer=judge_thumbprint,
            hints=(
                "The steps are those of the cell above. Only the members depend on kty.",
                'A dict says which: {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), ...}[jwk["kty"]].',
                'json.dumps(required, separators=(",", ":"), sort_keys=True), then SHA-256, then base64url.',
            ),
            solution="""\
import base64, hashlib, json
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}

def answer(jwk):
    required = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    text = json.dumps(required, separators=(",", ":"), sort_keys=True)
    octets = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()""",
        ),
        Exercise(
            id="07.3",
            title="Which keys belong in the set?",
            judge_answer=_judge_ring,
            hints=(
                "Ask of each key: is there a token of it that is still good, or will there soon be one?",
                "A key stays for 60 minutes after it has stopped. A stolen key stays not one second.",
                "Three keys remain. Publish the public half of each.",
            ),
            solution="""\
names = ("orange", "green", "blue")
answer = jwtlab.KeySet([ring[name].public() for name in names])""",
        ),
    ),
    predictions=(
        Question(
            id="07.p1",
            text="A service exchanges its signing key for a new one at noon: old out, new in, everywhere at once. "
            "Tokens live for an hour. What happens?",
            options=(
                Option(
                    text="Nothing: that is how it is done",
                    why="At 12:01 there are tokens around that were signed at 11:59. Nobody can verify them now.",
                ),
                Option(
                    text="Everybody who logged in within the last hour is thrown out",
                    why="Their tokens are still good, but the key that verifies them is gone.",
                    right=True,
                ),
                Option(
                    text="The old tokens are accepted with the new key",
                    why="A signature belongs to one key. With another it does not match.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="07.q1",
            text="A token names a kid that is not in the verifier's copy of the key set. What should the verifier do?",
            options=(
                Option(
                    text="Fetch the issuer's set again, at most once in a while, and then refuse",
                    why="The key may be new. Without the limit, tokens with invented names would make it "
                    "fetch all day.",
                    right=True,
                ),
                Option(
                    text="Fetch the key from the address in the token's header",
                    why="Whoever wrote the token chose that address, and would have a fitting key lie there.",
                ),
                Option(
                    text="Try all the keys it has, one after the other",
                    why="The token says that it was signed with another key. None of these will fit.",
                ),
            ),
        ),
        Question(
            id="07.q2",
            text="One of the four keys in a set has a kty that your library has never heard of. What should it do?",
            options=(
                Option(
                    text="Refuse the whole set",
                    why="Then an issuer could never add a new kind of key without locking everybody out.",
                ),
                Option(
                    text="Ignore that key and use the others",
                    why="RFC 7517 §5 says so: what is not understood is ignored.",
                    right=True,
                ),
                Option(
                    text="Take that key for a shared secret",
                    why="Never guess what a key is. A public key taken for a secret lets everybody sign: lesson 11.",
                ),
            ),
        ),
        Question(
            id="07.q3",
            text="A signing key was stolen, and a minute ago the issuer removed it from its set. Who still accepts the "
            "thief's tokens?",
            options=(
                Option(
                    text="Nobody: the key is gone",
                    why="It is gone from the issuer's address. Verifiers go on using the copy they fetched before.",
                ),
                Option(
                    text="Every verifier, until the tokens expire",
                    why="The thief writes exp as well, so that may be never. It is the key that must not be trusted.",
                ),
                Option(
                    text="Every verifier whose copy of the set is older than that",
                    why="So a copy must not live long, and the verifiers are told to fetch it anew at once.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=(
        "kids-unique",
        "set-unmixed",
        "key-found",
        "key-use",
        "key-ops",
        "key-size",
        "key-roca",
        "signature-valid",
    ),
)
