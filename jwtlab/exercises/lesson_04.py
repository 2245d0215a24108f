"""Lesson 04: keys. Who holds which half, how keys are written, named, exchanged and judged."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jwtlab.attacks import cast
from jwtlab.checks import Policy
from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url, jwt
from jwtlab.jose.jwk import Key, KeySet
from jwtlab.lab import Lab

NO_QUESTIONS = Policy((), "no questions asked")
"""Signing with unfit keys: the lab has to be able to make what it then refuses."""


NOTHING = "Your function gives nothing yet. Write it, end it with a return, and run this cell again."


@cache
def lesson_key(name: str) -> Key:
    """A P-256 key of this lesson, made from its name; so everybody knows it. For learning only."""
    number = int.from_bytes(hashlib.sha256(f"jwtlab lesson 04: {name}".encode()).digest())
    pair = ec.derive_private_key(number, ec.SECP256R1())
    pem = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Key.from_pem(pem, kid=name, alg="ES256")


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


_SMALL = {
    "kty": "RSA",
    "n": "u5QIGG4XfNEMPNXtKlHitRE9lIQmuBjH68cYLi4GRYvWWrjrHYHQHwMPnmH7ezJT9eMufAtrpPCUOGEU_uiYV-0ZVzSXDC4Thl_r"
    "VmqFE7NRoWKDNcg9FBmwmb6BhXSoLgkudHvSGgJhRUuG3Y-raHY5miADFgswko2MZMm0rlc",
    "e": "AQAB",
    "kid": "small",
    "alg": "RS256",
}
_SMALL_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNtYWxsIn0."
    "eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJpYXQiOjE3Njcy"
    "MjU2MDAsImV4cCI6MTc2NzIyNjUwMH0."
    "p8LBLminkKsnOz_0DNyu8ZuHqY8vSQkC79HXOUwZs_NztUkTVj4iuhNTm04JCPCzGPDS_VuVK5o2cdTwI-sE_gzkd_P9P1eTzGZCO00wqhMx"
    "48Z3hBH3EkPvvflbVbrL0LLbAz35F534mbYEhCaPTWdrQSMJH4M5uBgMjftLZ8k"
)
"""Signed once with a 1024-bit key, which was then thrown away."""


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
        Unfit("RSA, 1024 bits", _SMALL_TOKEN, KeySet([Key.from_jwk(_SMALL)]), ("RS256",)),
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
    return KeySet([*held, Key.from_jwk(_SMALL)]), {**tokens, "1024 bits": _SMALL_TOKEN}


# 04.1

PRIVATE_JWK: Mapping[str, Any] = Lab("04").key("RS256").to_jwk(private=True)
"""The issuer's key pair; exercise 04.1 asks for what may be published of it."""

_RSA_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")


def _judge_public(answer: Any) -> str:
    if isinstance(answer, Key):
        raise Wrong("This is a Key object. Published is its JSON form, a dict: build that, member by member.")
    if isinstance(answer, str | bytes):
        raise Wrong("The answer is the JWK as a dict, not as text or PEM.")
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a JWK, a dict; this is {kind(answer)}.")
    if "keys" in answer:
        raise Wrong("This is a key set. Asked for is the one JWK, without the list around it.")
    left = [name for name in _RSA_PRIVATE if name in answer]
    if left and "d" not in left:
        raise Wrong(
            f"d is gone, but {', '.join(left)} stayed. Whoever has a prime of n computes d in no time: "
            "all of these are private."
        )
    if left:
        raise Wrong(f"Stop: {', '.join(left)} would be published. With these everybody signs in your name.")
    missing = [name for name in ("kty", "n", "e") if name not in answer]
    if missing:
        raise Wrong(f"Too much is gone: {', '.join(missing)}. Without these nobody can verify.")
    if any(answer[name] != PRIVATE_JWK[name] for name in ("kty", "n", "e")):
        raise Wrong("kty, n or e was changed. The public half consists of these members as they are.")
    lost = [name for name in ("kid", "alg") if answer.get(name) != PRIVATE_JWK[name]]
    if lost:
        raise Wrong(
            f"It verifies, but {' and '.join(lost)} got lost: the name by which verifiers find the key, and what it "
            "is for. Both may be published."
        )
    lab = Lab("04")
    if not lab.verify(lab.token(alg="RS256"), Key.from_jwk(answer), algorithms=["RS256"]).accepted:
        raise Wrong("A token of the issuer is not accepted with this key. Copy the public members unchanged.")
    return (
        "n and e verify, and nothing in this dict can sign. A token of the issuer was just verified with it."
    )


# 04.2


def _jwks() -> dict[str, Any]:
    jwks = Lab("04").keys().to_jwks()
    nameless = {k: v for k, v in lesson_key("nameless").public().to_jwk().items() if k != "kid"}
    return {"keys": [nameless, *jwks["keys"]]}


def _judge_choice(answer: Any) -> str:
    jwks = _jwks()
    named = [{"alg": jwk["alg"], "kid": jwk["kid"]} for jwk in jwks["keys"][1:]]
    if all(call(answer, header, deepcopy(jwks)) in (None, ...) for header in named):
        raise NotYet(NOTHING)
    for wanted in jwks["keys"][1:]:
        found = call(answer, {"alg": wanted["alg"], "kid": wanted["kid"]}, deepcopy(jwks))
        if found is None:
            raise Wrong(f"For kid {wanted['kid']!r} you gave None, and there is a key of that name.")
        if found != wanted:
            shown = found.get("kid") if isinstance(found, Mapping) else kind(found)
            raise Wrong(f"For kid {wanted['kid']!r} the JWK of that name is wanted; you gave {shown!r}.")
    mallory = Lab("04").key("ES256", "mallory").public().to_jwk()
    for header, reason in (
        (
            {"alg": "ES256", "kid": "moon"},
            "No key is called 'moon', and you gave one all the same. A kid that leads nowhere is a refusal.",
        ),
        (
            {"alg": "ES256"},
            "This header names no kid, and you gave a key. (One key of the set has no kid either: None equals None.)",
        ),
        (
            {"alg": "ES256", "kid": mallory["kid"], "jwk": mallory},
            "This header brought a key along (jwk), and you took it. Keys come from the set you trust, never "
            "from the token.",
        ),
        ({"alg": "ES256", "kid": ["lab-es256"]}, "This kid is a list, not a text, and you gave a key."),
    ):
        if call(answer, header, deepcopy(jwks)) is not None:
            raise Wrong(reason)
    twin = mallory | {"kid": "lab-es256"}
    for keys in ([*jwks["keys"], twin], [twin, *jwks["keys"]]):
        if call(answer, {"alg": "ES256", "kid": "lab-es256"}, deepcopy({"keys": keys})) is not None:
            raise Wrong(
                "Here two keys are called 'lab-es256', and you picked one. Which one would be chance."
            )
    return "The kid only looks something up in a set that was there before. It never leads anywhere else."


# 04.3

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


# 04.4

PLAN = (
    ("red", "until 22:00, two hours ago", ""),
    ("orange", "until 23:30, half an hour ago", ""),
    ("green", "since 23:30", ""),
    ("blue", "will sign from 00:30 on", ""),
    ("black", "until 23:50, ten minutes ago", "Mallory has copied its private half"),
)
"""Exercise 04.4: which key signs when. It is midnight, and every token lives for 60 minutes."""


@cache
def ring() -> dict[str, Key]:
    """The keys of exercise 04.4, by name, with their private halves."""
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


# 04.5


def _judge_secret(answer: Any) -> str:
    secret = Lab("04").random.bytes(64)
    text = base64url.encode(secret)
    key = _ask(answer, {"JWT_SECRET": text, "LANG": "C"}, "With a good secret")
    if key in (None, ...):
        raise NotYet(NOTHING)
    if not isinstance(key, Key):
        raise Wrong(f"With a good secret a Key is wanted; you gave {kind(key)}.")
    if key.is_symmetric and key.secret == text.encode():
        raise Wrong("You took the letters themselves as secret. They are base64url: decode them first.")
    if not key.is_symmetric or key.secret != secret:
        raise Wrong("The Key does not hold the bytes that JWT_SECRET spells in base64url.")
    if key.alg not in (None, "HS512"):
        raise Wrong(f"This Key says it is for {key.alg}. The service signs with HS512.")
    for environ, said in (
        ({"LANG": "C"}, "With no JWT_SECRET at all"),
        ({"JWT_SECRET": ""}, "With an empty JWT_SECRET"),
        ({"JWT_SECRET": base64url.encode(b"hello")}, "With a secret of five letters"),
        ({"JWT_SECRET": base64url.encode(secret[:32])}, "With a secret of 32 bytes (enough for HS256)"),
    ):
        key = _ask(answer, environ, said)
        if isinstance(key, Key) and "JWT_SECRET" not in environ:
            raise Wrong(
                f"{said} your function still gave a key. A secret that stands in the source as a fallback is known "
                "to everybody who can read the source."
            )
        if isinstance(key, Key):
            raise Wrong(
                f"{said} your function gave a key of {key.bits} bits; HS512 wants 512 or more. Give None."
            )
        if key is not None:
            raise Wrong(f"{said} None is wanted; you gave {kind(key)}.")
    return (
        "The secret comes from outside, and without a good one the service does not start. So it should be."
    )


def _ask(answer: Callable[..., Any], environ: dict[str, str], said: str) -> Any:
    try:
        return call(answer, dict(environ))
    except Wrong as wrong:
        raise Wrong(f"{said}: {wrong}") from None


__all__ = [
    "LESSON",
    "PLAN",
    "PRIVATE_JWK",
    "Unfit",
    "bad_ring",
    "lesson_key",
    "ring",
    "unfit",
]

LESSON = Lesson(
    number="04",
    name="04_keys",
    title="Keys",
    why="A signature is worth exactly as much as the key behind it, and as the care of whoever holds it.",
    minutes=30,
    needs=("03",),
    exercises=(
        Exercise(
            "04.1",
            "Publish the public half",
            _judge_public,
            (
                "Which members verify, and which ones sign? The table above says it for RSA.",
                "Keep kty, n and e, and the two that only describe: kid and alg.",
                "A dict comprehension picks them: {name: jwk[name] for name in (...)}.",
            ),
            """\
public = ("kty", "n", "e", "kid", "alg")
answer = {name: jwk[name] for name in public}""",
        ),
        Exercise(
            "04.2",
            "Find the key",
            _judge_choice,
            (
                "Start with the kid. If it is no text, there is nothing to look up.",
                'Collect the keys of that name: [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid].',
                "One key found: that is it. None or several: None.",
            ),
            """\
def answer(header, jwks):
    kid = header.get("kid")
    if not isinstance(kid, str):
        return None
    found = [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid]
    return found[0] if len(found) == 1 else None""",
        ),
        Exercise(
            "04.3",
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
            "04.4",
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
        Exercise(
            "04.5",
            "A secret from outside",
            _judge_secret,
            (
                'environ.get("JWT_SECRET") gives None where there is none. Do not give it a second argument.',
                "jwtlab.base64url.decode turns the text into bytes. Count them: 512 bits are 64 bytes.",
                'In the end: jwtlab.Key.from_secret(secret, alg="HS512").',
            ),
            """\
def answer(environ):
    text = environ.get("JWT_SECRET")
    if not text:
        return None
    secret = jwtlab.base64url.decode(text)
    return jwtlab.Key.from_secret(secret, alg="HS512") if len(secret) >= 64 else None""",
        ),
    ),
    predictions=(
        Question(
            "04.p1",
            "A cinema has five halls. At the till, tickets are signed with HS256; so that every hall can check "
            "them, each doorkeeper is given the secret. One doorkeeper is dishonest. What can he do?",
            (
                Option(
                    "Only check tickets: he was given the secret for checking",
                    "The secret does not know what it was given for. Checking and signing are the same computation.",
                ),
                Option(
                    "Let friends into his own hall, no more",
                    "His forged tickets are good in all five halls, for all use the same secret.",
                ),
                Option(
                    "Make tickets for every hall, and nobody can tell them from real ones",
                    "Whoever can check with a shared secret can also sign with it.",
                    True,
                ),
            ),
        ),
        Question(
            "04.p2",
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
            "04.q1",
            "You want to check the tokens of a large login provider in your own small service. What do you need?",
            (
                Option(
                    "The provider's shared secret",
                    "If every customer had it, each of them could sign tokens for all the others.",
                ),
                Option(
                    "The provider's public keys",
                    "They verify and cannot sign. The provider publishes them as a JWK Set for everybody.",
                    True,
                ),
                Option(
                    "The provider's private key",
                    "That one signs, and never leaves the provider. You only want to verify.",
                ),
                Option(
                    "The key that stands in the token's header",
                    "Whoever wrote the token wrote its header too, and would bring a key that fits.",
                ),
            ),
        ),
        Question(
            "04.q2",
            "What does the kid in a token's header tell a verifier?",
            (
                Option(
                    "That the token was signed with that key",
                    "It only claims so. The signature shows it, or does not.",
                ),
                Option(
                    "Which of its trusted keys to try",
                    "A hint for looking up, in a set that the verifier had before.",
                    True,
                ),
                Option(
                    "Where to fetch the key",
                    "A verifier that follows a stranger's directions ends up with a stranger's key.",
                ),
            ),
        ),
        Question(
            "04.q3",
            "Your HS256 secret stands in the source code, and the repository was public for ten minutes. "
            "What now?",
            (
                Option(
                    "Delete the line and make the repository private",
                    "Copies remain: in its history, in forks, with everybody who looked. The secret is known.",
                ),
                Option(
                    "Rename the secret's kid",
                    "The name is not the secret. The same bytes still sign.",
                ),
                Option(
                    "Make a new secret at once, and trust the old one no more",
                    "Everybody has to log in again. That is the cheap part.",
                    True,
                ),
                Option(
                    "Wait until the last token has expired, then exchange it",
                    "That is right for a planned rotation. Here others may be signing tokens of their own already.",
                ),
            ),
        ),
    ),
    checks=(
        "key-found",
        "key-type",
        "key-alg",
        "key-use",
        "key-size",
        "signature-valid",
    ),
)
