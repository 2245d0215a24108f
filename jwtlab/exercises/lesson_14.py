"""Lesson 14: keys that the attacker brings along, and names of keys that become paths and queries."""

from __future__ import annotations

import re
from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.kid import STYLE_SHEET, secret_from_file
from jwtlab.exercises.forging import FORGED, as_token, forged
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false
from jwtlab.jose.token import read

__all__ = ["LESSON", "MINE", "MINE_HS256", "STYLE_SHEET", "file_called"]

_EMBEDDED = ATTACKS["embedded-jwk"].scenario()
_PATH = ATTACKS["kid-path-traversal"].scenario("public-file")
_SQL = ATTACKS["kid-sql-injection"].scenario()

MINE = _EMBEDDED.good
"""Mallory's own token, ES256."""
MINE_HS256 = _PATH.good
"""Mallory's own token, HS256."""


def file_called(kid: str) -> bytes:
    """What the careless server of exercise 14.2 reads for this ``kid``."""
    return secret_from_file(kid)


@mistakes(
    {
        "private": "Your private key stands in the header (d)! It would work, but give away only the public half.",
        "no-jwk": 'There is no jwk in the header, so this verifier takes its own key: header={"jwk": ...}.',
        "no-object": "jwk is an object: key.public().to_jwk() gives the dict for it.",
    },
    FORGED,
)
def _judge_embedded(answer: Any) -> str:
    text = as_token(answer)
    reading = read(text)
    jwk = (reading.header or {}).get("jwk")
    if isinstance(jwk, dict) and "d" in jwk:
        raise Wrong("private")
    if reading.header is not None and jwk is None and text != MINE:
        raise Wrong("no-jwk")
    if jwk is not None and not isinstance(jwk, dict):
        raise Wrong("no-object")
    forged(answer, _EMBEDDED)
    return "The verifier found a key in your token, and of course it fits: you made both."


@mistakes(
    {
        "alg": "The header says alg {alg!r}. This server verifies HS256.",
        "no-step-up": "From the folder with the keys, this leads nowhere. One step up first, with two dots.",
    },
    FORGED,
)
def _judge_path(answer: Any) -> str:
    header = read(as_token(answer)).header or {}
    if header and header.get("alg") != "HS256":
        raise Wrong("alg", alg=header.get("alg"))
    if header.get("kid") in ("style.css", "static/style.css", "/static/style.css", "./static/style.css"):
        raise Wrong("no-step-up")
    forged(answer, _PATH)
    return f"kid {header.get('kid')!r} became a path, and the path led out of the folder."


@mistakes(
    {
        "no-apostrophe": "As long as there is no apostrophe in kid, it stays inside the quotes: a name and no SQL.",
        "every-row": "OR makes the query answer with every row of the table, and the first is a secret that you do not "
        "know. Add a row of your own: UNION SELECT.",
        "no-row": "Nothing in this kid adds a row of your own to the answer: UNION SELECT 'abc'.",
        "no-comment": "The query's own last apostrophe is still there, behind yours: make it a comment with --.",
    },
    FORGED,
)
def _judge_sql(answer: Any) -> str:
    text = as_token(answer)
    kid = (read(text).header or {}).get("kid")
    if isinstance(kid, str) and text != MINE_HS256:
        if "'" not in kid:
            raise Wrong("no-apostrophe")
        if not re.search(r"\bunion\b", kid, re.IGNORECASE):
            raise Wrong("every-row" if re.search(r"\bor\b", kid, re.IGNORECASE) else "no-row")
        if kid.count("'") % 2 and "--" not in kid and "/*" not in kid:
            raise Wrong("no-comment")
    forged(answer, _SQL)
    return "The database was asked for a key and answered with yours. Parameters (kid = ?) would have kept it a name."


_NO_TEXTS: tuple[Any, ...] = ({"lab-1": 1}, [], {}, 0, 1, True, 1.5)
_KEYS = {"lab-1": "key one", "Lab-2": "key two", "": "a key without a name"}


def _kid(mistake: str, kid: Any, expected: Any = None, why: str = "") -> Case:
    return Case(mistake, (kid, _KEYS), expected, why)


_judge_look_up = Table(
    cases=(
        _kid("by-name", "lab-1", "key one", "This name is in the dict."),
        _kid("by-name", "Lab-2", "key two"),
        Case(
            "given-keys",
            ("lab-1", {"lab-1": "another"}),
            "another",
            "Look into the dict that is handed over.",
        ),
        _kid("unknown", "lab-9", why="No key has this name: None."),
        _kid("path", "../lab-1", why="A path is not a name of this dict."),
        _kid("path", "keys/lab-1"),
        _kid("sql", "x' OR '1'='1", why="SQL is not a name of this dict."),
        _kid("missing", None, why="kid may be missing: then no key was chosen."),
        _kid("empty", "", why="An empty kid names no key, even if the dict has one under the empty text."),
        _kid(
            "kind",
            ["lab-1"],
            why="kid may be anything that JSON has. What is no text is no name; raise nothing.",
        ),
        *(_kid("kind", other) for other in _NO_TEXTS),
        *near("kid", "lab-1", lambda text: (text, _KEYS), None),
        *near("kid", "Lab-2", lambda text: (text, _KEYS), None),
    ),
    praise="{count} kids, two keys. Whatever a stranger writes there, it can only choose or miss.",
)

_SET = "https://as.example/jwks.json"


def _jku(mistake: str, address: Any, why: str = "") -> Case:
    return Case(mistake, (address,), False, why)


_judge_address = Table(
    cases=(
        Case("right", (_SET,), True, "This is the address."),
        _jku("begins-like-it", "https://as.example.mallory.example/jwks.json",
             "It begins like the issuer and belongs to mallory.example."),
        _jku("user-name", "https://as.example@mallory.example/jwks.json",
             "What stands before the @ is a user name, not the server."),
        _jku("contains-it", f"https://mallory.example/{_SET}", "It only contains the address."),
        _jku("contains-it", f"https://mallory.example/?{_SET}"),
        _jku("contains-it", f"https://mallory.example/#{_SET}"),
        _jku("http", "http://as.example/jwks.json", "Without TLS, anybody on the way can exchange the keys."),
        _jku("other-folder", "https://as.example/uploads/jwks.json",
             "The issuer's server, but a folder where others may write."),
        _jku("port", "https://as.example:8443/jwks.json", "Another port may be another program."),
        _jku("empty", "", "The empty text is a piece of every text, and no address."),
        _jku("issuer", "https://as.example", "This is the issuer's name: a piece of the address, and not the address."),
        _jku("query", f"{_SET}?x", "With a query behind it, the server may answer with something else."),
        _jku("spelling", "https://AS.example/jwks.json", "Another spelling is another text: compare letter by letter."),
        _jku("spelling", "https:/\\as.example/jwks.json"),
        _jku("spelling", "//as.example/jwks.json"),
        _jku("spelling", "https://as.example//jwks.json"),
        _jku("spelling", "https://as.example/./jwks.json"),
        _jku("spelling", "https://as.example/x/../jwks.json"),
        _jku("missing", None, "jku may be missing."),
        _jku("kind", [_SET], "jku may be anything that JSON has. What is no text is no address; raise nothing."),
        *(_jku("kind", other) for other in _NO_TEXTS),
        *near("address", _SET, lambda text: (text,), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="{count} addresses. The comparison of the whole text needs no knowledge of addresses at all.",
)  # fmt: skip


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
                    text="Choose among keys that it trusts already",
                    why="Then a stranger can choose, and nothing more.",
                    right=True,
                ),
                Option(
                    text="Ask the database for it, in quotes",
                    why="An apostrophe ends the quotes. Use parameters.",
                ),
                Option(
                    text="Open the file of that name in the folder for keys",
                    why="Two dots lead out of the folder.",
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
                    text="Yes, if kid is checked too",
                    why="kid chooses a key in the set, and the set is Mallory's.",
                ),
                Option(
                    text="No: the name of the server may go on after that",
                    why="Compare the whole address, or do not look at jku.",
                    right=True,
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
