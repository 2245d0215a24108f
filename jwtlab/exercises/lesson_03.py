"""Lesson 03: signatures. What is signed, how four families of algorithms sign it, and what it proves."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url, jws
from jwtlab.jose.jwk import Key
from jwtlab.jose.token import decode
from jwtlab.lab import Lab

_LAB = Lab("03")
SECRET = hashlib.sha256(b"the secret of lesson 03").digest()
"""The shared secret of exercise 03.1: 32 bytes."""

CLAIMS: Mapping[str, Any] = {"sub": "alice", "note": "signed by hand"}

_RSA = _LAB.key("RS256")
N, E = (int.from_bytes(base64url.decode(_RSA.public().to_jwk()[name]), "big") for name in "ne")
"""The public RSA key of exercise 03.2, as two numbers."""


def _three() -> dict[str, str]:
    found = {name: _LAB.token(name, alg="RS256", admin=False) for name in ("red", "green", "blue")}
    header, payload, signature = found["green"].split(".")
    claims = json.loads(base64url.decode(payload)) | {"admin": True}
    payload = base64url.encode(json.dumps(claims, separators=(",", ":")).encode())
    return found | {"green": f"{header}.{payload}.{signature}"}


THREE: Mapping[str, str] = _three()
"""Three tokens; one was changed after it had been signed."""


def _hs256(message: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()


def _judge_signing(answer: Any) -> str:
    if isinstance(answer, bytes):
        raise Wrong("Almost: these are bytes, and a token is text. End with .decode().")
    if not isinstance(answer, str):
        raise Wrong(f"The answer is a token, a text with three parts; this is {kind(answer)}.")
    try:
        token = decode(answer)
    except InvalidToken as error:
        raise Wrong(f"This cannot be read as a token: {error}.") from None
    if token.header.get("alg") != "HS256":
        raise Wrong(f"The header says alg {token.header.get('alg')!r}; it should be HS256.")
    if token.payload and token.claims != dict(CLAIMS):
        raise Wrong("The payload differs from lesson_03.CLAIMS. Encode them unchanged.")
    header, payload, _ = token.segments
    right = _hs256(token.signing_input)
    if token.signature == right:
        return "The lab's own verifier accepts it: HMAC is a few lines, and the rest is spelling."
    if token.signature == right.hex().encode():
        raise Wrong(
            "The signature is hexadecimal text. Sign with .digest(), which gives bytes, not .hexdigest()."
        )
    if token.signature == _hs256(base64url.decode(header) + b"." + token.payload):
        raise Wrong("You signed the JSON. What is signed is the encoded text: header.payload in base64url.")
    if token.signature == _hs256((header + payload).encode()):
        raise Wrong("The dot between the two parts is missing in what you signed.")
    if token.signature == _hs256(payload.encode()):
        raise Wrong("You signed the payload alone. The header belongs to the signing input as well.")
    if token.signature == hashlib.sha256(token.signing_input).digest():
        raise Wrong("This is a hash without a key: everybody can compute it. Use hmac.new with the secret.")
    if token.signature == _hs256(token.signing_input + b"."):
        raise Wrong("There is a dot too many: the signing input ends before the second dot.")
    if len(token.signature) != 32:
        raise Wrong(f"The signature has {len(token.signature)} bytes; HMAC with SHA-256 gives 32.")
    raise Wrong("The signature does not fit. Is it HMAC-SHA-256 of header.payload with lesson_03.SECRET?")


def _judge_seal(answer: Any) -> str:
    if not isinstance(answer, str):
        raise Wrong(f"The answer is a name: one of {', '.join(THREE)}. This is {kind(answer)}.")
    said = answer.strip().lower()
    if said in THREE.values() or answer in THREE.values():
        raise Wrong("This is the token itself. Its name is asked for.")
    if said not in THREE:
        raise Wrong(f"There is no {answer[:30]!r}; there are: {', '.join(THREE)}.")
    if said != "green":
        raise Wrong(
            f"The seal of {said} is whole: the last 32 bytes of pow(signature, e, n) are the SHA-256 hash of its "
            "signing input. Look at the others."
        )
    return (
        "Its seal opens like the others, but it shows the hash of another message: the one before the change."
    )


def _signatures() -> Iterator[tuple[str, int, int]]:
    signature = decode(_LAB.token("alice")).signature
    yield (
        "an ordinary signature",
        int.from_bytes(signature[:32], "big"),
        int.from_bytes(signature[32:], "big"),
    )
    yield "a signature with a small r (31 bytes)", 2**244 + 7, 2**255 + 11
    yield "a signature with a small s (30 bytes)", 2**255 + 5, 2**236 + 3
    yield "a signature with the highest bit set", 2**255 + 1, 2**255 + 9


def _judge_der(answer: Any) -> str:
    cases = [(name, encode_dss_signature(r, s), r, s) for name, r, s in _signatures()]
    if call(answer, cases[0][1]) in (None, ...):
        raise NotYet
    for name, der, r, s in cases:
        found = call(answer, der)
        if not isinstance(found, bytes):
            raise Wrong(f"For {name} your function returns {kind(found)} instead of bytes.")
        if found == der:
            raise Wrong("This is the DER as it came. Take r and s out of it first.")
        if found == s.to_bytes(32, "big") + r.to_bytes(32, "big"):
            raise Wrong("The two are swapped: r comes first.")
        if found == r.to_bytes(32, "little") + s.to_bytes(32, "little"):
            raise Wrong('The bytes run backwards. JOSE writes numbers with the highest byte first: "big".')
        if len(found) != 64:
            raise Wrong(
                f"For {name} your function returns {len(found)} bytes. Both numbers take 32 bytes, "
                "with zeros in front where they are small."
            )
        if found != r.to_bytes(32, "big") + s.to_bytes(32, "big"):
            raise Wrong(
                f"For {name} the 64 bytes are not r and s. Cutting DER at fixed places does not work."
            )
    return "Four signatures, small numbers and large ones: always 64 bytes. ES384 has 96, ES512 has 132."


def _judge_verifier(answer: Any) -> str:
    key = Key.from_secret(SECRET)
    good = jws.sign(b'{"sub":"alice"}', key, alg="HS256", header={"typ": "JWT"})
    first = call(answer, good, SECRET)
    if first in (None, ...):
        raise NotYet
    if first is not True:
        raise Wrong(f"For a good token your function returns {first!r}. It should be True.")
    for token, secret, advice in _bad_tokens(good):
        found = call(answer, token, secret)
        if found is not False:
            said = repr(found) if not isinstance(found, bool) else "True"
            raise Wrong(f"Your function returns {said} where it should return False. {advice}")
    if not _compares_in_constant_time(answer):
        raise Wrong(
            "All answers are right. One thing is left: compare with hmac.compare_digest, not with ==."
        )
    return (
        "Ten tokens judged rightly, in constant time. This is what the check signature-valid does for HS256."
    )


def _bad_tokens(good: str) -> Iterator[tuple[str, bytes, str]]:
    header, payload, signature = good.split(".")
    yield good, b"x" * 32, "It was signed with another secret."
    admin = base64url.encode(b'{"sub":"admin"}')
    yield f"{header}.{admin}.{signature}", SECRET, "The payload was changed."
    yield f"{header}.{payload}.", SECRET, "The signature is missing."
    yield f"{header}.{payload}.{signature[:8]}", SECRET, "Only the beginning of the signature is there."
    plain = hashlib.sha256(f"{header}.{payload}".encode()).digest()
    yield f"{header}.{payload}.{base64url.encode(plain)}", SECRET, "It is a hash without the secret."
    longer = hmac.new(SECRET, (text := _other_header("HS512", payload)).encode(), hashlib.sha512).digest()
    yield f"{text}.{base64url.encode(longer)}", SECRET, "It is signed with HS512, not with HS256."
    text = _other_header("none", payload)
    own = base64url.encode(_hs256(text.encode()))
    yield f"{text}.{own}", SECRET, "Its header says alg none: look at the header as well."
    yield "no token at all", SECRET, "It has no three parts."
    yield f"{header}.{payload}.*", SECRET, "Its signature is no base64url: catch MalformedToken."


def _other_header(alg: str, payload: str) -> str:
    return f"{base64url.encode(json.dumps({'alg': alg}).encode())}.{payload}"


def _compares_in_constant_time(function: Any) -> bool:
    """Is compare_digest (or a library's own verify) named in the function or what it calls? Unknown counts as yes."""
    try:
        names = set(inspect.unwrap(function).__code__.co_names)
    except AttributeError:
        return True
    return bool(names & {"compare_digest", "verify"}) or not names & {"new", "digest"}


LESSON = Lesson(
    number="03",
    name="03_signatures",
    title="Signatures",
    why="The signature is the one part of a token that not everyone can write.",
    minutes=65,
    needs=("02",),
    exercises=(
        Exercise(
            "03.1",
            "Sign by hand",
            _judge_signing,
            (
                "The first two parts are those of exercise 01.2. The third is HMAC over both, with the dot.",
                "hmac.new(lesson_03.SECRET, signing_input, hashlib.sha256).digest() gives 32 bytes.",
                'Encode these bytes too: token = signing_input + "." + base64url.encode(signature).',
            ),
            """\
import hashlib, hmac, json

def part(value):
    return base64url.encode(json.dumps(value).encode())

signing_input = part(header) + "." + part(dict(claims))
signature = hmac.new(lesson_03.SECRET, signing_input.encode(), hashlib.sha256).digest()
answer = signing_input + "." + base64url.encode(signature)""",
        ),
        Exercise(
            "03.2",
            "Open the seal",
            _judge_seal,
            (
                "Do for each token what the lesson did for one, and compare the two hashes.",
                "jwtlab.decode(token) gives .signature and .signing_input, both as bytes.",
                "pow(int.from_bytes(signature, 'big'), e, n).to_bytes(256, 'big')[-32:] is the hash in the signature.",
            ),
            """\
import hashlib
for name, token in three.items():
    parts = jwtlab.decode(token)
    opened = pow(int.from_bytes(parts.signature, "big"), e, n).to_bytes(256, "big")
    if opened[-32:] != hashlib.sha256(parts.signing_input).digest():
        answer = name""",
        ),
        Exercise(
            "03.3",
            "From DER to JOSE",
            _judge_der,
            (
                "r, s = decode_dss_signature(der) gives two numbers.",
                "A number becomes bytes with .to_bytes(32, 'big'): 32 bytes, however small it is.",
                "Put the bytes of r before those of s.",
            ),
            """\
def answer(der):
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")""",
        ),
        Exercise(
            "03.4",
            "Verify by hand",
            _judge_verifier,
            (
                "Compute the signature yourself and compare. What if there are not three parts?",
                "Look into the header as well: its alg has to be HS256. jwtlab.decode reads it for you.",
                "Put everything into try and except jwtlab.MalformedToken: return False.",
            ),
            """\
import hashlib, hmac

def answer(token, secret):
    try:
        parts = jwtlab.decode(token)
    except jwtlab.MalformedToken:
        return False
    right = hmac.new(secret, parts.signing_input, hashlib.sha256).digest()
    return parts.header.get("alg") == "HS256" and hmac.compare_digest(right, parts.signature)""",
        ),
    ),
    predictions=(
        Question(
            "03.p1",
            "Alice's token is signed with a perfect algorithm and a perfect key. Mallory, the attacker, has a copy. "
            "What can she not do?",
            (
                Option(
                    "See what is in it",
                    "She can: a signature hides nothing. Lesson 01 needed no key to read a token.",
                ),
                Option(
                    "Send it to the server herself",
                    "She can: a copy is as good as the original. Against that helps encryption on the way (TLS), "
                    "and a short life.",
                ),
                Option(
                    "Change a letter of it without being noticed",
                    "This is what a signature is for: a change is noticed. That is called integrity.",
                    True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "03.q1",
            "The notes service verifies HS256 tokens. What else can it do with the same secret?",
            (
                Option(
                    "Nothing; verifying is all",
                    "HMAC has one key. Whoever can compute it to compare can compute it to sign.",
                ),
                Option("Sign tokens itself", "With a shared secret, every verifier is an issuer.", True),
                Option(
                    "Decrypt the payload",
                    "There is nothing to decrypt: the payload is encoded, not encrypted.",
                ),
            ),
        ),
        Question(
            "03.q2",
            "The lab signs the same claims twice with PS256 and gets two different signatures. What is wrong?",
            (
                Option("A bug: one of them is bad", "Both are good; try it with lab.verify."),
                Option(
                    "Nothing: PSS mixes in fresh random bytes",
                    "RSASSA-PSS has a random salt in each signature. The verifier finds it inside.",
                    True,
                ),
                Option(
                    "The clock has moved",
                    "The time is in the claims, not in the signature, and the claims were the same.",
                ),
            ),
        ),
        Question(
            "03.q3",
            "Why does one not compare signatures with == ?",
            (
                Option(
                    "== does not work for bytes",
                    "It works, and gives the right answer. The trouble is how long it takes.",
                ),
                Option(
                    "It takes longer the more bytes are right",
                    "That time can be measured, byte by byte. hmac.compare_digest always takes the same.",
                    True,
                ),
                Option(
                    "Two signatures may differ and both be good",
                    "That is true of PS256 and some ECDSA, but HMAC gives one signature for one message.",
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
    ),
)
