"""Lesson 07: key sets. How keys are published, named, exchanged and judged."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from jwtlab.attacks import cast
from jwtlab.checks import Policy
from jwtlab.errors import kind
from jwtlab.exercises.lesson_04 import NOTHING, SMALL, SMALL_TOKEN, lesson_key
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url, jwt
from jwtlab.jose.jwk import Key, KeySet
from jwtlab.lab import Lab

NO_QUESTIONS = Policy((), "no questions asked")
"""Signing with unfit keys: the lab has to be able to make what it then refuses."""


# Unfit keys, for the passage on them.


@dataclass(frozen=True)
class Unfit:
    """An otherwise good token in front of a verifier that trusts something it should not.

    Attributes:
        title: what is wrong with the key, or with the set.
        token: a token that would otherwise be accepted.
        keys: what the verifier trusts.
        algorithms: the verifier's allow-list.
    """

    title: str
    token: str
    keys: KeySet
    algorithms: tuple[str, ...]


def _token(key: Key, alg: str) -> str:
    return jwt.issue(Lab("04").claims("alice", jti=None), key, alg=alg, policy=NO_QUESTIONS)


def _held(key: Key, **changes: Any) -> Key:
    """A key as a verifier holds it."""
    return replace(key if key.is_symmetric else key.public(), **changes)


@cache
def unfit() -> tuple[Unfit, ...]:
    """Ten ways in which a key, or a set of keys, can be unfit."""
    lab = Lab("04")
    es, rs, hs = lab.key("ES256"), lab.key("RS256"), lab.key("HS256")
    hello = Key.from_secret("hello", kid="hello")
    pem = Key.from_secret(rs.to_pem(), kid="pem")
    roca = cast.special_key("roca")
    off = Key.from_jwk(es.public().to_jwk() | {"y": lesson_key("elsewhere").to_jwk()["y"]})
    twin = _held(lab.key("ES256", "mallory"), kid=es.kid)
    good, rsa = _token(es, "ES256"), _token(rs, "RS256")
    return (
        Unfit("a secret of five letters", _token(hello, "HS256"), KeySet([hello]), ("HS256",)),
        Unfit("RSA, 1024 bits", SMALL_TOKEN, KeySet([Key.from_jwk(SMALL)]), ("RS256",)),
        Unfit("RSA from a faulty chip (ROCA)", _token(roca, "RS256"), KeySet([_held(roca)]), ("RS256",)),
        Unfit("meant for encrypting (use enc)", good, KeySet([_held(es, use="enc")]), ("ES256",)),
        Unfit("may only sign (key_ops)", good, KeySet([_held(es, key_ops=("sign",))]), ("ES256",)),
        Unfit("meant for PS256 (alg)", rsa, KeySet([_held(rs, alg="PS256")]), ("RS256",)),
        Unfit("a public key taken for a secret", _token(pem, "HS256"), KeySet([pem]), ("HS256",)),
        Unfit("a point that is not on its curve", good, KeySet([off]), ("ES256",)),
        Unfit("a set with a secret among public keys", good, KeySet([_held(es), hs]), ("ES256", "HS256")),
        Unfit("a set with two keys of one kid", good, KeySet([_held(es), twin]), ("ES256",)),
    )


@cache
def bad_ring() -> tuple[KeySet, dict[str, str]]:
    """A set in which every key but one is unfit in its own way, and a token for each."""
    rs = Lab("04").key("RS256")
    roca = cast.special_key("roca")
    signers = {
        "sound": rs,
        "faulty chip": replace(roca, kid="faulty chip"),
        "for encrypting": replace(rs, kid="for encrypting", use="enc"),
        "may only sign": replace(rs, kid="may only sign", key_ops=("sign",)),
    }
    held = [replace(key.public(), key_ops=key.key_ops) for key in signers.values()]
    tokens = {name: _token(key, "RS256") for name, key in signers.items()}
    return KeySet([*held, Key.from_jwk(SMALL)]), {**tokens, "1024 bits": SMALL_TOKEN}


# 07.1

_COPY = frozenset({"2026-01", "2026-02"})

_FETCHES: tuple[tuple[str | None, frozenset[str], float | None, bool, str], ...] = (
    ("2026-01", frozenset(), None, True, "There is no copy yet, so there is nothing to look in."),
    (None, frozenset(), None, True, "There is no copy yet, whatever the token says."),
    ("2026-01", _COPY, 0, False, "The copy is new and has this name."),
    ("2026-01", _COPY, 299, False, "The copy has this name and is not yet 300 seconds old."),
    ("2026-01", _COPY, 300, True, "At 300 seconds the copy is too old: a stolen key would stay in it."),
    ("2026-02", _COPY, 5000, True, "A copy this old may hold keys that the issuer has removed long ago."),
    (
        "2026-03",
        _COPY,
        30,
        True,
        "The name is unknown and the last fetch 30 seconds ago: the key may be new.",
    ),
    ("2026-03", _COPY, 299, True, "The name is unknown: the key may be newer than the copy."),
    (
        "2026-03",
        _COPY,
        29,
        False,
        "The last fetch was 29 seconds ago. Mallory can invent names all day, and each would be a request.",
    ),
    ("2026-03", _COPY, 0, False, "The set was fetched this second, and the name is not in it."),
    ("2026-03", _COPY, 300, True, "The copy is too old, whatever the name."),
    (
        None,
        _COPY,
        60,
        False,
        "This token names no key. A new copy would not name one either: that is no reason to fetch.",
    ),
    (None, _COPY, 300, True, "The copy is too old, whatever the token names."),
    ("2026-0", _COPY, 60, True, "Names are compared whole: the beginning of a name is another name."),
)
"""Exercise 07.1: kid, names in the copy, its age, whether to fetch, and why."""


def _judge_fetching(answer: Any) -> str:
    said = [call(answer, kid, set(known), age) for kid, known, age, _, _ in _FETCHES]
    if all(each in (None, ...) for each in said):
        raise NotYet(NOTHING)
    for (kid, known, age, expected, advice), each in zip(_FETCHES, said, strict=True):
        if each is expected:
            continue
        case = f"answer({kid!r}, {sorted(known) or 'no names'}, {age})"
        if not isinstance(each, bool):
            raise Wrong(f"{case} gives {kind(each)}; True or False is wanted.")
        raise Wrong(f"{case} gives {each}. {advice}")
    return "New keys are found at once, old ones are forgotten soon, and nobody can make your verifier fetch all day."


# 07.2

_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}


def _sha256(members: Mapping[str, Any], *, separators: tuple[str, str] = (",", ":")) -> bytes:
    return hashlib.sha256(json.dumps(members, separators=separators).encode()).digest()


def _misprints(jwk: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """What comes out when one step is forgotten, and which one it was."""
    required = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    octets = _sha256(required)
    unsorted = {name: jwk[name] for name in jwk if name in required}
    public = {name: jwk[name] for name in sorted(jwk) if name != "d"}
    yield octets, "These are the 32 bytes of the hash. A thumbprint is text: base64url, without padding."
    yield octets.hex(), "The hash is right, but written in hexadecimal. A thumbprint is base64url."
    yield base64.urlsafe_b64encode(octets).decode(), "Almost: leave off the padding (=)."
    yield base64.urlsafe_b64encode(octets), "These are bytes, and the padding (=) is still there."
    for text in (base64.b64encode(octets).decode(), base64.b64encode(octets).decode().rstrip("=")):
        yield text, "The hash is right, but this is plain base64. Use base64.urlsafe_b64encode."
    for members, separators, reason in (
        (required, (", ", ": "), "There were spaces in the JSON: separators=(',', ':') leaves them out."),
        (unsorted, (",", ":"), "The members stood in another order. Sort their names: sort_keys=True."),
        (unsorted, (", ", ": "), "The members have to be sorted by name, and there must be no spaces."),
        (dict(sorted(jwk.items())), (",", ":"), "There are too many members in it. kid, alg and d stay out."),
        (public, (",", ":"), "kid or alg is in it: the name would change with them. Required members only."),
        (jwk, (", ", ": "), "The whole JWK went in. Take the required members only, sorted, without spaces."),
    ):
        text = base64url.encode(_sha256(members, separators=separators))
        for form in (text, text + "="):
            yield form, reason


def _judge_thumbprint(answer: Any) -> str:
    lab = Lab("04")
    cases = (
        ("an EC key", lab.key("ES256").public()),
        ("a private EC key (its thumbprint is that of the public half)", lab.key("ES384")),
        ("an RSA key", lab.key("RS256").public()),
        ("an Ed25519 key (kty OKP, which has no y)", lab.key("EdDSA").public()),
    )
    if call(answer, lab.key("ES256").public().to_jwk()) in (None, ...):
        raise NotYet(NOTHING)
    for title, key in cases:
        jwk = key.to_jwk(private=key.is_private)
        try:
            said = call(answer, deepcopy(jwk))
        except Wrong as wrong:
            raise Wrong(f"With {title}: {wrong}") from None
        if isinstance(said, str) and said == key.thumbprint():
            continue
        if said is None:
            raise Wrong(f"With {title}: your function gave nothing. Is there a return?")
        reason = next(
            (why for wrong, why in _misprints(jwk) if type(said) is type(wrong) and said == wrong), ""
        )
        raise Wrong(
            f"With {title}: "
            + (reason or "this is another hash. The input is the JSON of the required members, nothing more.")
        )
    return "Two parties who never met now give the same key the same name. Key.generate names key pairs this way."


# 07.3

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


def _judge_ring(answer: Any) -> str:
    keys = _as_keys(answer)
    private = [key.kid for key in keys if key.is_private]
    if private:
        names = ", ".join(map(repr, private))
        raise Wrong(f"The private half of {names} is in the set: everybody could sign. Publish public().")
    own = ring()
    prints = [key.thumbprint() for key in keys]
    if len(set(prints)) != len(prints):
        raise Wrong("One key stands in the set twice.")
    if set(prints) - {key.thumbprint() for key in own.values()}:
        raise Wrong(
            "There is a key in the set that is not on the ring. Trust nothing but what the plan names."
        )
    there = {name for name, key in own.items() if key.thumbprint() in prints}
    for name, fault in _RING_FAULTS:
        if (name in there) is (name in ("black", "red")):
            raise Wrong(fault)
    lab = Lab("04")
    for name in sorted(there):
        token = lab.token("alice", key=own[name])
        failure = lab.verify(token, keys).first_failure
        if failure is not None:
            raise Wrong(f"A token of {name} is refused: {failure.reason}.")
    return (
        "Yesterday's key until its last token has expired, today's, and tomorrow's before it is used. A stolen key "
        "goes at once, whatever becomes of its tokens: nobody can tell Mallory's from the issuer's."
    )


_RING_FAULTS = (
    ("black", "black is stolen. As long as it is in the set, Mallory's tokens are as good as the issuer's."),
    ("green", "green signs right now. Without it every new token is refused."),
    ("orange", "orange has stopped, but it signed until 23:30, and those tokens are good until 00:30."),
    (
        "blue",
        "blue will sign in half an hour. Verifiers keep a copy of the set: publish it before it is used.",
    ),
    ("red", "red's last token expired at 23:00. A key that nobody needs can only do harm."),
)


def _as_keys(answer: Any) -> KeySet:
    if isinstance(answer, KeySet):
        return answer
    if isinstance(answer, Mapping):
        return KeySet.from_jwks(answer)
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        raise Wrong(
            f"The answer is a KeySet; this is {kind(answer)}. KeySet([...]) makes one of a list of keys."
        )
    keys = list(answer)
    if keys and all(isinstance(key, str) for key in keys):
        raise Wrong("These are names. The set holds keys: ring['green'].public(), and so on.")
    if not keys or not all(isinstance(key, Key) for key in keys):
        raise Wrong("The answer is a KeySet of Key objects: jwtlab.KeySet([ring['green'].public(), ...]).")
    return KeySet(keys)


__all__ = ["LESSON", "PLAN", "Unfit", "bad_ring", "ring", "unfit"]

LESSON = Lesson(
    number="07",
    name="07_key_sets",
    title="Key sets",
    why="Verifiers trust whatever keys are in the set, so it is the set that has to be kept in order.",
    minutes=50,
    needs=("05",),
    exercises=(
        Exercise(
            "07.1",
            "Fetch again or not?",
            _judge_fetching,
            (
                "Two reasons to fetch: the copy is missing or too old, or a name is unknown.",
                "First: age is None or age >= 300. The second reason counts only if age >= 30.",
                "An unknown name is one that is not None and not in known.",
            ),
            """\
def answer(kid, known, age):
    if age is None or age >= 300:
        return True
    return kid is not None and kid not in known and age >= 30""",
        ),
        Exercise(
            "07.2",
            "A thumbprint for every key",
            _judge_thumbprint,
            (
                "The steps are those of the cell above. Only the members depend on kty.",
                'A dict says which: {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), ...}[jwk["kty"]].',
                'json.dumps(required, separators=(",", ":"), sort_keys=True), then SHA-256, then base64url.',
            ),
            """\
import base64, hashlib, json
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}

def answer(jwk):
    required = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    text = json.dumps(required, separators=(",", ":"), sort_keys=True)
    octets = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()""",
        ),
        Exercise(
            "07.3",
            "Which keys belong in the set?",
            _judge_ring,
            (
                "Ask of each key: is there a token of it that is still good, or will there soon be one?",
                "A key stays for 60 minutes after it has stopped. A stolen key stays not one second.",
                "Three keys remain. Publish the public half of each.",
            ),
            """\
names = ("orange", "green", "blue")
answer = jwtlab.KeySet([ring[name].public() for name in names])""",
        ),
    ),
    predictions=(
        Question(
            "07.p1",
            "A service exchanges its signing key for a new one at noon: old out, new in, everywhere at once. "
            "Tokens live for an hour. What happens?",
            (
                Option(
                    "Nothing: that is how it is done",
                    "At 12:01 there are tokens around that were signed at 11:59. Nobody can verify them now.",
                ),
                Option(
                    "Everybody who logged in within the last hour is thrown out",
                    "Their tokens are still good, but the key that verifies them is gone.",
                    True,
                ),
                Option(
                    "The old tokens are accepted with the new key",
                    "A signature belongs to one key. With another it does not match.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "07.q1",
            "A token names a kid that is not in the verifier's copy of the key set. What should the verifier do?",
            (
                Option(
                    "Fetch the key from the address in the token's header",
                    "Whoever wrote the token chose that address, and would have a fitting key lie there.",
                ),
                Option(
                    "Fetch the issuer's set again, at most once in a while, and then refuse",
                    "The key may be new. Without the limit, tokens with invented names would make it fetch all day.",
                    True,
                ),
                Option(
                    "Try all the keys it has, one after the other",
                    "The token says that it was signed with another key. None of these will fit.",
                ),
            ),
        ),
        Question(
            "07.q2",
            "One of the four keys in a set has a kty that your library has never heard of. What should it do?",
            (
                Option(
                    "Refuse the whole set",
                    "Then an issuer could never add a new kind of key without locking everybody out.",
                ),
                Option(
                    "Ignore that key and use the others",
                    "RFC 7517 §5 says so: what is not understood is ignored.",
                    True,
                ),
                Option(
                    "Take that key for a shared secret",
                    "Never guess what a key is. A public key taken for a secret lets everybody sign: lesson 11.",
                ),
            ),
        ),
        Question(
            "07.q3",
            "A signing key was stolen, and a minute ago the issuer removed it from its set. Who still accepts the "
            "thief's tokens?",
            (
                Option(
                    "Nobody: the key is gone",
                    "It is gone from the issuer's address. Verifiers go on using the copy they fetched before.",
                ),
                Option(
                    "Every verifier, until the tokens expire",
                    "The thief writes exp as well, so that may be never. It is the key that must not be trusted.",
                ),
                Option(
                    "Every verifier whose copy of the set is older than that",
                    "So a copy must not live long, and the verifiers are told to fetch it anew at once.",
                    True,
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
