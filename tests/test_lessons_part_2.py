"""Lessons 10 to 16: the lines that are shown but not run there were run here, and what was wrong stays away."""

from __future__ import annotations

import json
import re
import time
import warnings
from pathlib import Path

import jwt
import nbformat
import pytest

import jwtlab
from jwtlab import exercises
from jwtlab.attacks import ATTACKS, word_list
from jwtlab.exercises import lesson_11

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NUMBERS = ("10", "11", "12", "13", "14", "15", "16")


def cells(number: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(FOLDER / f"{exercises.lesson(number).name}.ipynb", as_version=4).cells


def words(number: str) -> str:
    asked = exercises.lesson(number)
    questions = [repr((each.text, each.options)) for each in (*asked.predictions, *asked.quiz)]
    return "\n\n".join([*(c.source for c in cells(number) if c.cell_type == "markdown"), *questions])


def snippets() -> list[tuple[str, str]]:
    """The lines for joserfc: shown in the lessons, and not run there, for learners need not have it."""
    found = [
        (number, code)
        for number in NUMBERS
        for code in re.findall(r"```python\n(# joserfc.*?)```", words(number), re.S)
    ]
    assert len(found) >= 4
    return found


def a_token(lab: jwtlab.Lab, **claims: object) -> str:
    now = int(time.time())  # joserfc looks at the machine's clock
    return lab.token("alice", **{"header": {"typ": "at+jwt"}, "iat": now, "exp": now + 900, **claims})


def names(lab: jwtlab.Lab, token: str) -> dict[str, object]:
    return {
        "lab": lab,
        "pem": lab.key("ES256").public().to_pem(),
        "rsa_pem": lesson_11.PEM,
        "token": token,
        "confused": ATTACKS["key-confusion"].scenario("pem").forged,
    }


def run(code: str, lab: jwtlab.Lab, token: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code, names(lab, token))


@pytest.mark.parametrize(("number", "code"), snippets())
def test_lines_for_joserfc_run_with_a_good_token(number, code, capsys):
    lab = jwtlab.Lab()
    run(code, lab, a_token(lab))
    shown = capsys.readouterr().out
    for comment in re.findall(r"print\(.*\)  # (.+)", code):
        assert comment in shown


@pytest.mark.parametrize(
    ("number", "bad"),
    [
        ("12", {"exp": None}),
        ("12", {"exp": 1}),
        ("15", {"iss": ["https://mallory.example"]}),
        ("15", {"aud": "x"}),
    ],
)
def test_lines_for_joserfc_refuse_what_the_lesson_is_about(number, bad):
    from joserfc.errors import ClaimError, ExpiredTokenError

    lab = jwtlab.Lab()
    [code] = [code for each, code in snippets() if each == number]
    with pytest.raises((ClaimError, ExpiredTokenError)):
        run(code, lab, a_token(lab, **bad))


WRONG = {
    "10": ("without `algorithms` it refuses to decode at all", "CVE-2015-2951", "mended"),
    "11": ("That holds for every token", "mended", "hangs on every wall"),
    "12": ("CVE-2026-53777", "kept until `exp`.", "makes guessing dear"),
    "13": ("your-256-bit-secret-goes-here-ok", "rents a hundred machines", "thought up"),
    "14": ("RFC 8725 §3.8", "mended"),
    "15": ("§2.7 and §2.8 call this", "asks issuers for rules", "stands twice", "mended"),
    "16": ("could not have stopped it", "stands twice", "39"),
}


@pytest.mark.parametrize("number", WRONG)
def test_a_sentence_that_was_not_true_stays_away(number):
    assert [wrong for wrong in WRONG[number] if wrong in words(number)] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_questions_to_try_have_answers(number):
    """Every list of things to try, in the cell before a widget, is answered in the cell behind it."""
    all_cells = cells(number)
    for index, cell in enumerate(all_cells):
        if cell.cell_type == "code" and re.match(r"\w+Bench\(", cell.source.splitlines()[-1]):
            asked = re.findall(r"^\d\. .*\?", all_cells[index - 1].source, re.M)
            assert not asked or "<details><summary>Answers</summary>" in all_cells[index + 1].source


def test_the_long_secret_of_lesson_13_is_in_the_list():
    [quoted] = re.findall(r"`([^`]{30,})` has (\d+) characters", words("13"))
    assert quoted[0].encode() in word_list()
    assert len(quoted[0]) == int(quoted[1])


def test_pyjwt_decodes_by_a_jwk_without_a_list():
    lab = jwtlab.Lab()
    key = jwt.PyJWK(lab.key("ES256").public().to_jwk())
    assert jwt.decode(a_token(lab), key, audience=lab.audience)["sub"] == "alice"


def at_work():
    """The verifier to take home, as lesson 16 shows it."""
    names: dict[str, object] = {"json": json, "jwt": jwt}
    for cell in cells("16"):
        if "def no_name_twice" in cell.source or "def verify_at_work" in cell.source:
            exec(cell.source, names)
    return names["verify_at_work"]


def test_the_verifier_to_take_home_accepts_good_tokens_and_no_forgery():
    lab = jwtlab.Lab()
    pem = lab.key("ES256").public().to_pem()
    expected = {"issuer": lab.issuer, "audience": lab.audience, "revoked": {(lab.issuer, "revoked-1")}}
    verify = at_work()
    for typ in ("at+jwt", "application/AT+JWT"):
        token = a_token(lab, header={"typ": typ}, jti="fresh")
        assert verify(token, pem, **expected)["sub"] == "alice"
    payload = json.dumps(jwtlab.decode(a_token(lab)).claims)[:-1] + ',"admin":true,"admin":false}'
    header, body, signature = a_token(lab, jti="revoked-1").split(".")
    forged = {
        "zeros": f"{header}.{body}." + "A" * 86,
        "none": "eyJhbGciOiJub25lIn0." + body + ".",
        "cut off": f"{header}.{body}.",
        "revoked": f"{header}.{body}.{signature}",
        "revoked, with padding": f"{header}.{body}.{signature}==",
        "ID token": a_token(lab, header={"typ": "JWT"}),
        "unknown crit": a_token(lab, header={"typ": "at+jwt", "crit": ["x"], "x": 1}),
        "a claim twice": jwtlab.jws.sign(
            payload.encode(), lab.key("ES256"), alg="ES256", header={"typ": "at+jwt"}
        ),
        "issuers in a list": a_token(lab, iss=[lab.issuer]),
        "no jti": a_token(lab, jti=None),
        "years": a_token(lab, exp=2**40),
        "exp is true": a_token(lab, exp=True),
        "nbf as text": a_token(lab, nbf="1"),
        "expired": a_token(lab, iat=1, exp=2),
    }
    for name, token in forged.items():
        with pytest.raises(jwt.PyJWTError):
            pytest.fail(f"{name}: {verify(token, pem, **expected)}")
