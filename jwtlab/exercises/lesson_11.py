"""Lesson 11: key confusion. A public key taken for a secret, and public keys that were computed."""

from __future__ import annotations

from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.confusion import key_forms, padded_hash
from jwtlab.attacks.material import hs256, key
from jwtlab.errors import kind
from jwtlab.exercises.forging import FORGED, as_token, forged
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.jose import base64url
from jwtlab.jose.token import decode, read

_PEM = ATTACKS["key-confusion"].scenario("pem")
_HIDDEN = ATTACKS["key-confusion"].scenario("pem-crlf")
_RECOVERED = ATTACKS["key-confusion-recovered"].scenario()

MINE = _PEM.good
"""Mallory's own token, signed with RS256."""

FORMS = key_forms(key("RS256"))
"""The issuer's public key as it may lie on a disk: form → bytes."""

PEM = FORMS["pem"]
"""The same as a PEM file with its last newline."""

TWO = (_RECOVERED.knowledge["first"], _RECOVERED.knowledge["second"])
"""Two tokens of an issuer that does not publish its key; its exponent is 3."""


def knock(token: str) -> bool:
    """Is the token let in by the server of exercise 11.2?"""
    return _HIDDEN.run(_HIDDEN.victim, token=as_token(token)).accepted


def numbers(token: str) -> tuple[int, int]:
    """The signature of an RS256 token and the padded hash of what was signed, as numbers."""
    parts = decode(token)
    return int.from_bytes(parts.signature), int.from_bytes(
        padded_hash(parts.signing_input, len(parts.signature))
    )


@mistakes(
    {
        "rs256": "The header still says RS256. Then the key is a public key, and you have no private one.",
        "other-hs": "The header says {alg}. This server knows HS256 and RS256 only: the hash is SHA-256.",
        "alg": "The header says alg {alg!r}; it should be HS256.",
        "no-newline": "The secret lacks its last byte: the file ends with a newline, and HMAC counts it.",
        "der": "You signed with the DER bytes. This server keeps PEM: take lesson_11.PEM as it stands.",
        "other-form": "You signed with the form {form!r} of the key. This server keeps the PEM of lesson_11.PEM.",
        "hexadecimal": "The signature has 64 bytes. Is it hexadecimal text? Use .digest().",
    },
    FORGED,
)
def _judge_confusion(answer: Any) -> str:
    text = as_token(answer)
    reading = read(text)
    if reading.header is not None and text != MINE:
        alg = reading.header.get("alg")
        if alg == "RS256":
            raise Wrong("rs256")
        if alg in ("HS384", "HS512"):
            raise Wrong("other-hs", alg=alg)
        if alg != "HS256":
            raise Wrong("alg", alg=alg)
    own = {"pem-no-newline": "no-newline", "der": "der"}
    for form, octets in FORMS.items():
        if form != "pem" and reading.signature == hs256(octets, reading.signing_input):
            raise Wrong(own.get(form, "other-form"), form=form)
    if reading.signature and len(reading.signature) == 64:
        raise Wrong("hexadecimal")
    forged(answer, _PEM)
    return "Signed with a key that hangs on every wall. In the lab four checks refuse it; one of them would be enough."


@mistakes(
    {
        "other-form": "This is signed with the form {form!r}, and the server keeps another one. Try them all.",
        "alg": "The header says alg {alg!r}; it should be HS256, whatever the form of the key.",
    },
    FORGED,
)
def _judge_forms(answer: Any) -> str:
    text = as_token(answer)
    reading = read(text)
    if reading.header is not None and text != _HIDDEN.good:
        if reading.header.get("alg") != "HS256":
            raise Wrong("alg", alg=reading.header.get("alg"))
        for form, octets in FORMS.items():
            if form != "pem-crlf" and reading.signature == hs256(octets, reading.signing_input):
                raise Wrong("other-form", form=form)
    forged(answer, _HIDDEN)
    return (
        "It was the PEM with the line ends of Windows. One byte more in every line, and it is another secret."
    )


@mistakes(
    {
        "not-a-number": "The answer is a number; this is {what}.",
        "no-divisor": "The greatest common divisor came out as {answer}. Is it s ** e - m for both tokens, with its "
        "own s and m?",
        "difference": "This is one of the differences. n divides it; take the gcd with the other one.",
        "multiple": "Nearly: this is {times} times n. Divide it by its small factors until 2048 bits are left.",
        "other": "This is not the modulus. m is the padded hash, s the signature: s ** e - m for each, then math.gcd.",
    }
)
def _judge_modulus(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise Wrong("not-a-number", what=kind(answer))
    truth = int.from_bytes(base64url.decode(next(iter(_RECOVERED.verifier.keys)).to_jwk()["n"]))
    if answer == truth:
        return "Two tokens and one gcd. Build a PEM from it, and exercise 11.1 goes on as before."
    if answer in (1, 0):
        raise Wrong("no-divisor", answer=answer)
    if answer > 0 and answer % truth == 0:
        raise Wrong("difference" if answer.bit_length() > 2100 else "multiple", times=answer // truth)
    raise Wrong("other")


def _pair(mistake: str, kty: str, alg: Any, expected: bool, why: str = "") -> Case:
    return Case(mistake, (kty, alg), expected, why)


_FAMILIES = {"oct": ("HS",), "RSA": ("RS", "PS"), "EC": ("ES",)}
_NAMES = {
    f"{family}{bits}": kty for kty, of in _FAMILIES.items() for family in of for bits in (256, 384, 512)
}
_NAMES["EdDSA"] = "OKP"

_judge_pairs = Table(
    cases=(
        *(_pair("fits", kty, alg, True, "These two belong together.") for alg, kty in _NAMES.items()),
        _pair("public-as-secret", "RSA", "HS256", False, "This is the attack: a public key as a secret."),
        _pair("public-as-secret", "EC", "HS256", False),
        _pair("public-as-secret", "OKP", "HS512", False),
        _pair("eddsa", "EC", "EdDSA", False, "EdDSA begins with E, and yet it needs OKP."),
        *(_pair("other-family", kty, alg, False, "The alg is of another family than the key.")
          for alg, own in _NAMES.items() for kty in ("oct", "RSA", "EC", "OKP") if kty != own),
        _pair("none", "RSA", "none", False, "none belongs to no key."),
        _pair("none", "oct", "none", False),
        _pair("empty", "oct", "", False, "An empty name belongs to no key."),
        _pair("missing", "oct", None, False, "alg may be missing (None). Return False, raise nothing."),
        _pair("unknown-type", "magic", "HS256", False, "An unknown type of key is good for nothing."),
        _pair("unknown-type", "", "HS256", False),
        *(_pair("unknown-type", kty, alg, False) for kty, alg in (
            ("rsa", "RS256"), ("ec", "ES256"), ("OCT", "HS256"), ("okp", "EdDSA"), ("oct ", "HS256"), ("RS", "RS256"),
            ("o", "HS256"), ("RSA-HSM", "RS256"))),
        *(_pair("loosely", kty, alg, False, "Names are compared letter by letter, from their first letter on.")
          for kty, alg in (
            ("oct", "hs256"), ("RSA", "rs256"), ("RSA", "ps256"), ("EC", "es256"), ("OKP", "eddsa"), ("OKP", "EDDSA"),
            ("oct", " HS256"), ("oct", "xHS256"), ("RSA", "xRS256"), ("EC", "AES256"), ("oct", "H"), ("RSA", "R"),
            ("oct", "S256"), ("RSA", "S256"), ("EC", "S256"), ("OKP", "Ed"), ("OKP", "E"), ("OKP", "DSA"),
            ("oct", "256"), ("OKP", "EdDS"), ("EC", "E"), ("RSA", "256"), ("oct", "SHS"), ("EC", "ECDH-ES"),
            ("RSA", "PBES2-HS256+A128KW"))),
    ),
    read=bool,
    praise="{count} pairs. A verifier that asks this before any mathematics cannot be confused.",
)  # fmt: skip


LESSON = Lesson(
    number="11",
    name="11_key_confusion",
    title="Key confusion",
    why="A public key is no secret. A verifier that takes it for one lets everybody sign.",
    minutes=40,
    needs=("10",),
    exercises=(
        Exercise(
            id="11.1",
            title="Sign with what everybody knows",
            judge_answer=_judge_confusion,
            hints=(
                "The header says HS256; the secret is the public key, as bytes, all of it.",
                "Sign header.payload with hmac.new(pem, text.encode(), hashlib.sha256).digest().",
                "The cell with forged shows it all; only admin: True is missing there.",
            ),
            solution="""\
import hashlib, hmac

def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256"}) + "." + part(claims)
answer = text + "." + base64url.encode(hmac.new(pem, text.encode(), hashlib.sha256).digest())""",
        ),
        Exercise(
            id="11.2",
            title="Try the key in every form",
            judge_answer=_judge_forms,
            hints=(
                "Write a function that forges a token with any bytes as the secret, and loop over forms.",
                "for name, octets in forms.items(): forge, knock, and keep the token if it was let in.",
                "One of them has the line ends of Windows.",
            ),
            solution="""\
import hashlib, hmac

def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256"}) + "." + part(claims)
for octets in forms.values():
    token = text + "." + base64url.encode(hmac.new(octets, text.encode(), hashlib.sha256).digest())
    if lesson_11.knock(token):
        answer = token""",
        ),
        Exercise(
            id="11.3",
            title="Compute the key that nobody published",
            judge_answer=_judge_modulus,
            hints=(
                "s, m = lesson_11.numbers(first) for one token, and the same for the other.",
                "n divides s ** e - m. Which number divides both differences?",
                "math.gcd(s1 ** e - m1, s2 ** e - m2); if it has more than 2048 bits, divide by small factors.",
            ),
            solution="""\
s1, m1 = lesson_11.numbers(first)
s2, m2 = lesson_11.numbers(second)
answer = math.gcd(s1**e - m1, s2**e - m2)
for small in range(2, 1000):
    while answer.bit_length() > 2048 and answer % small == 0:
        answer //= small""",
        ),
        Exercise(
            id="11.4",
            title="Who may do what",
            judge_answer=_judge_pairs,
            hints=(
                "A dict from the type to the names that it may have would do.",
                'ES and Ed differ in the second letter: "ES256".startswith("ES").',
                "alg may be None: ask isinstance(alg, str) first.",
            ),
            solution="""\
FAMILIES = {"oct": ("HS",), "RSA": ("RS", "PS"), "EC": ("ES",), "OKP": ("EdDSA",)}

def answer(kty, alg):
    return isinstance(alg, str) and alg.startswith(FAMILIES.get(kty, ()))""",
        ),
    ),
    predictions=(
        Question(
            id="11.p1",
            text="A server verifies RS256 tokens with the issuer's public key, which everybody can download. "
            "What can Mallory do with that public key?",
            options=(
                Option(
                    text="Nothing, that is the point of public keys",
                    why="So it should be. But keys are bytes, and some verifiers can be tricked into misusing them.",
                ),
                Option(
                    text="Compute the private key from it",
                    why="With 2048 bits nobody can. She does not need to.",
                ),
                Option(
                    text="Sign tokens, if the server lets the token choose the algorithm",
                    why="With HS256 the server would use the very same bytes as a shared secret, and she has them.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="11.q1",
            text="Which list makes key confusion possible?",
            options=(
                Option(
                    text='algorithms=["RS256", "PS256"]', why="Both need an RSA key; neither takes a secret."
                ),
                Option(
                    text='algorithms=["HS256"]',
                    why="With HS256 alone the key is a secret, and nobody publishes it.",
                ),
                Option(
                    text='algorithms=["RS256", "HS256"]',
                    why="One argument, key, has two meanings. Give each family a verifier and a key of its own.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="11.q2",
            text="Somebody's key confusion attack fails with a valid public key file. What is the likeliest reason?",
            options=(
                Option(
                    text="The server keeps the key with another line break",
                    why="One byte of difference is another secret. Try every form.",
                    right=True,
                ),
                Option(text="RS256 is too strong", why="RS256 is not used at all in this attack."),
                Option(
                    text="The token has expired",
                    why="Then the message would be about exp, not about the signature.",
                ),
            ),
        ),
        Question(
            id="11.q3",
            text="An issuer signs with RS256 and gives its public key to nobody but its own services. "
            "Does that stop the attack?",
            options=(
                Option(
                    text="Yes, without the key nobody can sign",
                    why="Two tokens are enough to compute it. You did, in exercise 11.3.",
                ),
                Option(
                    text="No, it can be computed from two tokens",
                    why="Hiding is no cure. Binding the key to its algorithm is.",
                    right=True,
                ),
                Option(
                    text="Yes, if it is changed every day",
                    why="Two tokens of one day are enough, and they are easy to get: log in twice.",
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "key-type",
        "key-secret",
        "set-unmixed",
        "signature-valid",
    ),
)
