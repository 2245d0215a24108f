"""Lesson 14: keys that the attacker brings along, and names of keys that become paths and queries."""

from __future__ import annotations

from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.kid import STYLE_SHEET, secret_from_file
from jwtlab.exercises.forging import as_token, forged
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose.token import read

__all__ = ["LESSON", "MINE", "MINE_HS256", "STYLE_SHEET", "file_called"]

_EMBEDDED = ATTACKS["embedded-jwk"].scenario()
_PATH = ATTACKS["kid-path-traversal"].scenario("public-file")
_SQL = ATTACKS["kid-sql-injection"].scenario()

MINE = _EMBEDDED.good
"""Mallory's own token, ES256."""
MINE_HS256 = _PATH.good
"""Mallory's own token, HS256."""

_SET = "https://as.example/jwks.json"


def file_called(kid: str) -> bytes:
    """What the careless server of exercise 14.2 reads for this ``kid``."""
    return secret_from_file(kid)


def _judge_embedded(answer: Any) -> str:
    reading = read(as_token(answer))
    jwk = (reading.header or {}).get("jwk")
    if isinstance(jwk, dict) and "d" in jwk:
        raise Wrong(
            "Your private key stands in the header (d)! It would work, but give away only the public half."
        )
    if reading.header is not None and jwk is None and answer != MINE:
        raise Wrong('There is no jwk in the header, so this verifier takes its own key: header={"jwk": ...}.')
    if jwk is not None and not isinstance(jwk, dict):
        raise Wrong("jwk is an object: key.public().to_jwk() gives the dict for it.")
    forged(answer, _EMBEDDED)
    return "The verifier found a key in your token, and of course it fits: you made both."


def _judge_path(answer: Any) -> str:
    reading = read(as_token(answer))
    header = reading.header or {}
    if header and header.get("alg") != "HS256":
        raise Wrong(f"The header says alg {header.get('alg')!r}. This server verifies HS256.")
    if header.get("kid") in ("style.css", "static/style.css", "/static/style.css"):
        raise Wrong("From the folder with the keys, this leads nowhere. One step up first, with two dots.")
    forged(answer, _PATH)
    return f"kid {header.get('kid')!r} became a path, and the path led out of the folder."


def _judge_sql(answer: Any) -> str:
    reading = read(as_token(answer))
    kid = (reading.header or {}).get("kid")
    if isinstance(kid, str) and answer != MINE_HS256 and "'" not in kid:
        raise Wrong(
            "As long as there is no apostrophe in kid, it stays inside the quotes: a name and no SQL."
        )
    forged(answer, _SQL)
    return "The database was asked for a key and answered with yours. Parameters (kid = ?) would have kept it a name."


_KEYS = {"lab-1": "key one", "lab-2": "key two", "": "a key without a name"}
_LOOK_UPS: tuple[tuple[Any, Any, str], ...] = (
    ("lab-1", "key one", "lab-1 is in the dict."),
    ("lab-2", "key two", "lab-2 is in the dict."),
    ("LAB-1", None, "Names are compared letter by letter."),
    ("lab-1 ", None, "A space at the end makes another name."),
    ("lab", None, "The beginning of a name is not the name."),
    ("../lab-1", None, "A path is not a name of this dict."),
    ("x' OR '1'='1", None, "SQL is not a name of this dict."),
    (None, None, "kid may be missing: then no key was chosen."),
    ("", None, "An empty kid names no key, even if the dict has one under the empty text."),
    (["lab-1"], None, "kid may be a list, which a dict cannot look up. Raise nothing."),
    ({"lab-1": 1}, None, "kid may be an object. Raise nothing."),
    (0, None, "kid may be a number. It is no name."),
)


def _judge_look_up(answer: Any) -> str:
    if call(answer, "lab-1", dict(_KEYS)) in (None, ...):
        raise NotYet
    for kid, expected, advice in _LOOK_UPS:
        found = call(answer, kid, dict(_KEYS))
        if found != expected:
            raise Wrong(f"For kid {kid!r} your function gives {found!r} instead of {expected!r}. {advice}")
    return "Twelve kids, two keys. Whatever a stranger writes there, it can only choose or miss."


_ADDRESSES: tuple[tuple[Any, bool, str], ...] = (
    (_SET, True, "This is the address."),
    (
        "https://as.example.mallory.example/jwks.json",
        False,
        "It begins like the issuer and belongs to mallory.example.",
    ),
    (
        "https://as.example@mallory.example/jwks.json",
        False,
        "What stands before the @ is a user name, not the server.",
    ),
    ("https://mallory.example/https://as.example/jwks.json", False, "It only contains the address."),
    ("http://as.example/jwks.json", False, "Without TLS, anybody on the way can exchange the keys."),
    (
        "https://as.example/uploads/jwks.json",
        False,
        "The issuer's server, but a folder where others may write.",
    ),
    ("https://as.example:8443/jwks.json", False, "Another port may be another program."),
    ("https://AS.example/jwks.json/", False, "Another text: do not try to be clever about spellings."),
    ("", False, "The empty text is a piece of every text, and no address."),
    (
        "https://as.example",
        False,
        "This is the issuer's name. It is a piece of the address, and not the address.",
    ),
    (f"{_SET}?x", False, "With a question behind it, the server may answer with something else."),
    (f"{_SET}#x", False, "There is something behind the address."),
    (f"{_SET} ", False, "There is a space behind the address."),
    (_SET.replace("as.", "AS."), False, "Another spelling is another text: compare letter by letter."),
    (None, False, "jku may be missing."),
    ([_SET], False, "jku may be a list. Raise nothing."),
)


def _judge_address(answer: Any) -> str:
    if call(answer, _SET) in (None, ...):
        raise NotYet
    for address, expected, advice in _ADDRESSES:
        found = call(answer, address)
        if found is not expected:
            raise Wrong(f"For {address!r} it should be {expected}; yours gives {found!r}. {advice}")
    return f"{len(_ADDRESSES)} addresses. The comparison of the whole text needs no knowledge of addresses at all."


LESSON = Lesson(
    number="14",
    name="14_attacker_chosen_keys",
    title="Attacker-chosen keys",
    why="A signature proves something only if you knew the key before the token came.",
    minutes=40,
    needs=("13", "07"),
    exercises=(
        Exercise(
            id="14.1",
            title="Bring your own key",
            judge_answer=_judge_embedded,
            hints=(
                "jwtlab.issue signs with any key of yours; header={...} adds to the header.",
                "The public half belongs in the header: key.public().to_jwk().",
                'jwtlab.issue(claims, key, alg="ES256", header={"jwk": key.public().to_jwk()})',
            ),
            solution="""\
key = jwtlab.Key.generate("ES256")
claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
answer = jwtlab.issue(claims, key, alg="ES256", header={"jwk": key.public().to_jwk()})""",
        ),
        Exercise(
            id="14.2",
            title="Sign with a style sheet",
            judge_answer=_judge_path,
            hints=(
                "kid is the path from the folder with the keys to the style sheet.",
                'The lesson has shown it: "../static/style.css".',
                "Sign header.payload with hmac.new(lesson_14.STYLE_SHEET, ...), as in lesson 03.",
            ),
            solution="""\
def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256", "kid": "../static/style.css"}) + "." + part(claims)
mac = hmac.new(lesson_14.STYLE_SHEET, text.encode(), hashlib.sha256).digest()
answer = text + "." + base64url.encode(mac)""",
        ),
        Exercise(
            id="14.3",
            title="Let the database say what you know",
            judge_answer=_judge_sql,
            hints=(
                "Write the whole query down with your kid in it, and look where the quotes open and close.",
                "Begin with a name that is not there and an apostrophe: x' ... --",
                "kid = \"x' UNION SELECT 'abc';--\", and the secret is abc.",
            ),
            solution="""\
def part(value):
    return base64url.encode(json.dumps(value).encode())

claims = {**jwtlab.decode(mine).claims, "sub": "admin", "admin": True}
text = part({"alg": "HS256", "kid": "x' UNION SELECT 'abc';--"}) + "." + part(claims)
answer = text + "." + base64url.encode(hmac.new(b"abc", text.encode(), hashlib.sha256).digest())""",
        ),
        Exercise(
            id="14.4",
            title="Look it up",
            judge_answer=_judge_look_up,
            hints=(
                "keys.get(kid) does most of it. For which values of kid does it raise?",
                "A list or an object cannot be looked up in a dict: ask isinstance(kid, str) first.",
                "An empty text is a text as well; if kid and isinstance(kid, str).",
            ),
            solution="""\
def answer(kid, keys):
    if not isinstance(kid, str) or not kid:
        return None
    return keys.get(kid)""",
        ),
        Exercise(
            id="14.5",
            title="Whose address is it?",
            judge_answer=_judge_address,
            hints=(
                "Every clever comparison has a gap: the beginning, the end, what it contains.",
                "There is one good address. How does one compare with one?",
                'return address == "https://as.example/jwks.json"',
            ),
            solution="""\
def answer(address):
    return address == "https://as.example/jwks.json" """.rstrip(),
        ),
    ),
    predictions=(
        Question(
            id="14.p1",
            text="The header of a token may contain the public key that fits its signature (jwk). A verifier takes it, "
            "and the signature is good. What does it know now?",
            options=(
                Option(
                    text="That the issuer signed the token",
                    why="Only the token itself says whose key it is.",
                ),
                Option(
                    text="That whoever signed the token has a key",
                    why="And nothing else: somebody made a key, signed, and put the public half into the header.",
                    right=True,
                ),
                Option(
                    text="That the claims are true",
                    why="The claims are whatever the owner of that key wrote. And anybody can own a key.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="14.q1",
            text="What may a verifier do with kid?",
            options=(
                Option(
                    text="Open the file of that name in the folder for keys",
                    why="Two dots lead out of the folder.",
                ),
                Option(
                    text="Ask the database for it, in quotes",
                    why="An apostrophe ends the quotes. Use parameters.",
                ),
                Option(
                    text="Choose among keys that it trusts already",
                    why="Then a stranger can choose, and nothing more.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="14.q2",
            text='A service fetches keys from jku if the address starts with "https://as.example". Is that enough?',
            options=(
                Option(
                    text="Yes, HTTPS guards the name",
                    why="It guards https://as.example.mallory.example as well.",
                ),
                Option(
                    text="No: the name of the server may go on after that",
                    why="Compare the whole address, or do not look at jku.",
                    right=True,
                ),
                Option(
                    text="Yes, if kid is checked too",
                    why="kid chooses a key in the set, and the set is Mallory's.",
                ),
            ),
        ),
        Question(
            id="14.q3",
            text="Besides forged tokens, what is the danger of fetching an address that a token names?",
            options=(
                Option(text="It is slow", why="It is slow, but that is not the worst of it."),
                Option(
                    text="The server calls places that the attacker cannot reach",
                    why="Inside the company's network it is a trusted caller: server-side request forgery.",
                    right=True,
                ),
                Option(
                    text="The key might have expired", why="An expired key is refused; that is no danger."
                ),
            ),
        ),
    ),
    checks=(
        "key-found",
        "signature-valid",
    ),
)
