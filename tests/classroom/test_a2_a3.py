"""Assignments 2 and 3: the official answers have full marks, and each mistake costs its own part."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest
import solving
from short_form import few

from jwtlab.classroom import judging
from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.classroom.assignments.a2_verify import my_rules
from jwtlab.classroom.assignments.a3_attacks import my_algorithms
from jwtlab.classroom.assignments.a3_doors import FAMILIES
from jwtlab.classroom.assignments.a3_my_doors import my_doors
from jwtlab.classroom.model import LocalAnswer, judge
from jwtlab.classroom.variants import variant

STUDENTS = ("alice", "bob", "zoë 1", "s-4711", "carol@example")
BOTH = ("alice", "bob")
NAMES = ("a2_verify", "a3_attacks")


def lost_by(
    name: str, task: str, student: str, changes: dict[str, str], seed: str = "the course"
) -> set[str]:
    space = solving.names(solving.cells(name, student, changes=changes))
    plan = next(each for each in assignment(name).tasks if each.id == task)
    return set(solving.lost(judge(plan, LocalAnswer(space[plan.name]), variant(student), seed)))


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_official_solution_has_full_marks_in_the_sandbox(name, student):
    judged = judging.run(assignment(name), solving.cells(name, student), variant(student), f"of {student}")
    assert {each.task.id: solving.lost(each) for each in judged.results if solving.lost(each)} == {}
    assert judged.earned == assignment(name).points
    assert judged.notes == ()  # the text itself borrows nothing


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_one_has_no_points_and_is_told_that_there_is_no_answer(name):
    judged = judging.run(
        assignment(name), solving.cells(name, "alice", solved=False), variant("alice"), "seed"
    )
    assert judged.earned == 0
    words = [part.words for each in judged.results for part in each.parts]
    assert all(each.startswith("there is no answer yet") for each in words), words


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("import jwtlab", "jwtlab"),
        ("from jwtlab import verify as check_it", "jwtlab.verify"),
        ("from jwtlab.jose import jwt", "jwtlab.jose.jwt"),
        ("from jwtlab.classroom.assignments import a2_verify", "jwtlab.classroom.assignments.a2_verify"),
        ("from jwtlab.classroom.assignments.a2_verify import *", "jwtlab.classroom.assignments.a2_verify.*"),
        ("from jwt import decode", "jwt.decode"),
        ("from jwtlab import base64url", None),
        ("import json", None),
    ],
)
def test_whoever_borrows_a_verifier_is_named_to_the_one_who_marks(line, named):
    found = judging._borrowed(assignment("a2_verify"), [(0, line)])
    assert found == ([f"imports {named}, which the text asks to do without"] if named else [])


@pytest.mark.parametrize("plan", ASSIGNMENTS, ids=lambda plan: plan.name)
def test_whoever_borrows_from_the_tests_is_named_and_who_has_only_what_was_given_is_not(plan):
    module = f"jwtlab.classroom.assignments.{plan.name}"
    found = judging._borrowed(
        plan, [(0, f"from {module} import _secret_helper\nimport jwtlab.classroom.model")]
    )
    assert found == [
        f"imports {name}, which the text asks to do without"
        for name in (f"{module}._secret_helper", "jwtlab.classroom.model")
    ]
    given = [(0, cell.source) for cell in solving.cells(plan.name, "alice") if cell.cell_type == "code"]
    assert judging._borrowed(plan, given) == []


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_visible_tests_pass_for_the_official_solution_whatever_the_seed(name, student):
    space = solving.names(solving.cells(name, student))
    for seed in ("visible", "1", "2", "3"):
        results = solving.judged(name, space, student, seed, hidden=False)
        assert [solving.lost(each) for each in results.values()] == [{}] * len(results)


def test_a_verifier_for_another_student_fails_wherever_its_world_matters():
    """What every student writes alike cannot tell: taking apart, and the type."""
    results = solving.judged("a2_verify", solving.names(solving.cells("a2_verify", "alice")), "bob")
    assert {task for task, result in results.items() if not solving.lost(result)} == {"a2.1", "a2.6"}
    assert all(results[task].earned == 0 for task in ("a2.3", "a2.7"))
    assert set(solving.lost(results["a2.2"])) == {"good", "others", "near", "types", "crit"}
    assert set(solving.lost(results["a2.4"])) == {"exp", "nbf"}


def test_a_function_that_says_the_same_to_everything_gains_nothing():
    plans = [task for name in NAMES for task in assignment(name).tasks if not task.name.startswith("forged")]
    for plan in plans:
        for value in (True, False, None, {}, []):
            result = judge(plan, LocalAnswer(lambda *given, value=value: value), variant("alice"), "seed")
            assert result.earned == 0, (plan.id, value)


A2_HS256 = 'hmac.compare_digest(hmac.digest(keys["HS256"], signing_input, "sha256"), signature)'
A2_ALG = 'header.get("alg") == rules["algorithm"]'
A2_ES256 = 'return ecdsa_fits(keys["ES256"], signing_input, r, s)'
A2_ISS = 'claims.get("iss") == my.issuer'
A2_TYP = 'typ.lower() in (rules["typ"], f"application/{rules[\'typ\']}")'
A2_TEXT = "isinstance(typ, str) and "
A2_SIGNED = 'if not signature_fits(header["alg"], signing_input, signature):'
A2_REQUIRED = 'if not isinstance(required, str) or required == "":'
A2 = [
    # what is wrong · the task · exactly these parts are lost · the piece of the solution · in its place
    ("header and claims swapped", "a2.1", "reads", "return header, claims, ", "return claims, header, "),
    ("written anew", "a2.1", "exact", 'f"{first}.{second}".encode("ascii")', "json.dumps(header).encode()"),
    ("signature as text", "a2.1", "exact", "signature, f", "third, f"),
    ("four parts", "a2.1", "pieces",
     'token.count(".") != 2:\n        return None', "token.count('.') < 2:\n        return None\n    "
     "token = '.'.join(token.split('.')[:3])"),
    ("one dot", "a2.1", "pieces", ' or token.count(".") != 2', ""),
    ("any kind of token", "a2.1", "pieces", "not isinstance(token, str) or ", ""),
    ("lenient base64", "a2.1", "letters", "signature = base64url.decode(third)",
     "import base64; signature = base64.urlsafe_b64decode(third.encode() + b'===')"),
    ("white space", "a2.1", "letters", "signature = base64url.decode(third)",
     "signature = base64url.decode(third.strip())"),
    ("a list of claims", "a2.1", "objects", " or not isinstance(claims, dict)", ""),
    ("a list as header", "a2.1", "objects", "not isinstance(header, dict) or ", ""),
    ("brackets without end", "a2.1", "strict", ", RecursionError", ""),
    ("doubled names", "a2.1", "strict", "claims = read_object(base64url.decode(second))",
     "claims = json.loads(base64url.decode(second).decode())"),
    ("doubled names in the header", "a2.1", "strict", "header = read_object(base64url.decode(first))",
     "header = json.loads(base64url.decode(first).decode())"),
    ("nothing beside alg", "a2.2", "good", A2_ALG, A2_ALG + " and len(header) == 2"),
    ("a list of both", "a2.2", "others", A2_ALG, 'str(header.get("alg")) in ("HS256", "ES256")'),
    ("all but none", "a2.2", "others near types", A2_ALG, 'header.get("alg") != "none"'),
    ("upper", "a2.2", "near", A2_ALG, 'str(header.get("alg")).upper() == rules["algorithm"]'),
    ("strip", "a2.2", "near", A2_ALG, 'str(header.get("alg")).strip() == rules["algorithm"]'),
    ("startswith", "a2.2", "near", A2_ALG, 'str(header.get("alg")).startswith(rules["algorithm"])'),
    ("in", "a2.2", "near", A2_ALG, 'str(header.get("alg", "?")) in rules["algorithm"]'),
    ("no alg", "a2.2", "types", A2_ALG, 'header["alg"] == rules["algorithm"]'),
    ("a default", "a2.2", "types", A2_ALG, 'header.get("alg", rules["algorithm"]) == rules["algorithm"]'),
    ("in a set", "a2.2", "types", A2_ALG, 'header.get("alg") in {rules["algorithm"]}'),
    ("a list as alg", "a2.2", "types", A2_ALG, 'rules["algorithm"] in (header.get("alg"), *([header.get("alg")[0]]'
     ' if isinstance(header.get("alg"), list) and header["alg"] else []))'),
    ("crit", "a2.2", "crit", ' and "crit" not in header', ""),
    ("crit, if it holds something", "a2.2", "crit", '"crit" not in header', 'not header.get("crit")'),
    ("another secret", "a2.3", "hs256", 'hmac.digest(keys["HS256"]', 'hmac.digest(b"secret"'),
    ("s before r", "a2.3", "es256", "r, s = int", "s, r = int"),
    ("length alone", "a2.3", "changed", A2_HS256, "len(signature) == 32"),
    ("half of the MAC", "a2.3", "changed", A2_HS256,
     'len(signature) == 32 and hmac.digest(keys["HS256"], signing_input, "sha256")[:16] == signature[:16]'),
    ("length of ES256 alone", "a2.3", "changed", A2_ES256, "return True"),
    ("as far as it goes", "a2.3", "length", A2_HS256,
     'hmac.digest(keys["HS256"], signing_input, "sha256").startswith(signature)'),
    ("the beginning", "a2.3", "length", A2_HS256,
     'signature.startswith(hmac.digest(keys["HS256"], signing_input, "sha256"))'),
    ("any length of ES256", "a2.3", "length", ' and len(signature) == 64', ""),
    ("everything else is HS256", "a2.3", "names", 'if alg == "HS256":', 'if alg != "ES256":'),
    ("none is true", "a2.3", "names", A2_ES256 + "\n    return False",
     A2_ES256 + "\n    return alg.lower() == 'none'"),
    ("a KeyError", "a2.3", "names", 'if alg == "HS256":', 'keys[alg]\n    if alg == "HS256":'),
    ("whole numbers only", "a2.4", "good", "return math.isfinite(value)", "return False"),
    ("nbf is wanted", "a2.4", "good exp nbf numbers", 'claims.get("nbf", now)', 'claims.get("nbf")'),
    ("<=", "a2.4", "exp", "now < exp", "now <= exp"),
    ("no leeway at exp", "a2.4", "exp", 'now < exp + rules["leeway"]', "now < exp"),
    ("exp is not asked", "a2.4", "exp", 'now < exp + rules["leeway"] and ', ""),
    ("<", "a2.4", "nbf", 'nbf - rules["leeway"] <= now', 'nbf - rules["leeway"] < now'),
    ("no leeway at nbf", "a2.4", "nbf", 'nbf - rules["leeway"] <= now', "nbf <= now"),
    ("nbf is not asked", "a2.4", "nbf", ' and nbf - rules["leeway"] <= now', ""),
    ("True is a number", "a2.4", "numbers", " and not isinstance(value, bool)", ""),
    ("infinity", "a2.4", "numbers", "return math.isfinite(value)", "return True"),
    ("texts are read", "a2.4", "numbers", 'exp, nbf = claims.get("exp"), ',
     'exp, nbf = int(claims["exp"]) if str(claims.get("exp")).isdigit() else claims.get("exp"), '),
    ("no exp", "a2.4", "numbers", 'claims.get("exp"), ', 'claims.get("exp", now), '),
    ("null for nbf", "a2.4", "numbers", 'claims.get("nbf", now)',
     'claims["nbf"] if claims.get("nbf") is not None else now'),
    ("isfinite of all", "a2.4", "numbers", "return isinstance(value, int) and",
     "return isinstance(value, int) and math.isfinite(value) and"),
    ("no list", "a2.5", "good", "aud if isinstance(aud, list) else [aud]", "[aud]"),
    ("startswith", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss")).startswith(my.issuer)'),
    ("endswith", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss")).endswith(my.issuer)'),
    ("in", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss", "?")) in my.issuer'),
    ("lower", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss")).lower() == my.issuer'),
    ("rstrip a slash", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss")).rstrip("/") == my.issuer'),
    ("strip", "a2.5", "issuer", A2_ISS, 'str(claims.get("iss")).strip() == my.issuer'),
    ("a pattern", "a2.5", "issuer", A2_ISS,
     '__import__("re").fullmatch(my.issuer, str(claims.get("iss"))) is not None'),
    ("$ in a pattern", "a2.5", "issuer", A2_ISS,
     '__import__("re").match(__import__("re").escape(my.issuer) + "$", str(claims.get("iss"))) is not None'),
    ("not asked", "a2.5", "issuer types", A2_ISS + " and ", ""),
    ("a default", "a2.5", "issuer", A2_ISS, 'claims.get("iss", my.issuer) == my.issuer'),
    ("in a text", "a2.5", "audience", "aud if isinstance(aud, list) else [aud]",
     "aud if isinstance(aud, (list, str)) else [aud]"),
    ("startswith", "a2.5", "audience", "my.audience in audiences",
     "any(str(a).startswith(my.audience) for a in audiences)"),
    ("lower", "a2.5", "audience", "my.audience in audiences", "my.audience in [str(a).lower() for a in audiences]"),
    ("a dict", "a2.5", "types", "isinstance(aud, list)", "isinstance(aud, (list, dict))"),
    ("any kind", "a2.5", "audience types", "audiences = aud if isinstance(aud, list) else [aud]",
     "audiences = [aud] if isinstance(aud, str) else aud"),
    ("a list of issuers", "a2.5", "types", A2_ISS,
     'my.issuer in (claims["iss"] if isinstance(claims.get("iss"), list) else [claims.get("iss")])'),
    ("one spelling", "a2.6", "spellings", "typ.lower() in", "typ in"),
    ("endswith", "a2.6", "others", A2_TYP, 'typ.lower().endswith(rules["typ"])'),
    ("behind the last slash", "a2.6", "others", A2_TYP, 'typ.lower().split("/")[-1] == rules["typ"]'),
    ("removed", "a2.6", "others", A2_TYP, 'typ.lower().replace("application/", "") == rules["typ"]'),
    ("strip", "a2.6", "others", "typ.lower() in", "typ.lower().strip() in"),
    ("any kind", "a2.6", "others", A2_TEXT, ""),
    ("a default", "a2.6", "others", 'header.get("typ")', 'header.get("typ", rules["typ"])'),
    ("not all claims", "a2.7", "own", "return claims\n    ###", 'return {"sub": claims["sub"]}\n    ###'),
    ("no list of audiences", "a2.7", "good", "    required = claims",
     '    if isinstance(claims["aud"], list):\n        return None\n    required = claims'),
    ("always my.now", "a2.7", "good dates", "dates_fit(claims, now) or", "dates_fit(claims, my.now) or"),
    ("only if there is a signature", "a2.7", "unsigned", A2_SIGNED,
     "if signature and not signature_fits(header['alg'], signing_input, signature):"),
    ("only the length", "a2.7", "changed", A2_SIGNED, "if len(signature) not in (32, 64):"),
    ("the token's own key", "a2.7", "changed", A2_SIGNED,
     "if 'jwk' not in header and not signature_fits(header['alg'], signing_input, signature):"),
    ("decoded only", "a2.7", "unsigned changed", A2_SIGNED, "if False:"),
    ("any algorithm", "a2.7", "algorithm", "not algorithm_fits(header) or ", ""),
    ("no clock", "a2.7", "dates", "not dates_fit(claims, now) or ", ""),
    ("no names", "a2.7", "names", " or not names_fit(claims)", ""),
    ("no type", "a2.7", "type", " or not type_fits(header)", ""),
    ("not required", "a2.7", "required", A2_REQUIRED, "if False:"),
    ("empty", "a2.7", "required", A2_REQUIRED, "if not isinstance(required, str):"),
    ("of any kind", "a2.7", "required", A2_REQUIRED, "if not required:"),
    ("falls over", "a2.7", "hostile", "if parts is None:", "if token is None:"),
]  # fmt: skip


@pytest.mark.parametrize("student", few(BOTH, BOTH[0]))
@pytest.mark.parametrize(
    ("task", "parts", "old", "new"), [pytest.param(*each[1:], id=f"{each[1]} {each[0]}") for each in A2]
)
def test_a2_each_mistake_costs_its_part_and_no_other(task, parts, old, new, student):
    assert lost_by("a2_verify", task, student, {old: new}) == set(parts.split())


def test_a2_the_two_have_different_algorithms_so_that_both_are_tried():
    assert {my_rules(variant(each))["algorithm"] for each in BOTH} == {"HS256", "ES256"}


def test_a2_every_part_has_a_mistake_that_costs_it_alone():
    alone = {(task, parts) for _, task, parts, *_ in A2}
    assert {(task.id, part.id) for task in assignment("a2_verify").tasks for part in task.parts} <= alone


A3_KEY = 'key.get("kid") == kid and key.get("issuer") == my.issuer and key.get("use", "sig") == "sig"'
A3_KID = 'key.get("kid") == kid'
A3_ISS = 'key.get("issuer") == my.issuer'
A3_USE = 'key.get("use", "sig") == "sig"'
A3_TEXT = "if not isinstance(kid, str):"
A3_ALG = 'alg in algorithms and alg == key.get("alg")'
A3 = [
    ("the first of the list", "a3.6", "good", "alg in algorithms and", "alg == algorithms[0] and"),
    ("a key needs a name", "a3.6", "good", A3_ALG, A3_ALG + ' and "kid" in key'),
    ("or none", "a3.6", "none", A3_ALG, "(" + A3_ALG + ') or alg == "none"'),
    ("or None", "a3.6", "none list near", A3_ALG, "(" + A3_ALG + ') or str(alg).strip().lower() == "none"'),
    ("the key is not asked", "a3.6", "confusion", ' and alg == key.get("alg")', ""),
    ("a key that says nothing", "a3.6", "confusion", 'key.get("alg")', 'key.get("alg", alg)'),
    ("in the key's", "a3.6", "confusion", 'alg == key.get("alg")', 'alg in str(key.get("alg"))'),
    ("a KeyError", "a3.6", "confusion", 'key.get("alg")', 'key["alg"]'),
    ("no list", "a3.6", "list", "alg in algorithms and ", ""),
    ("all but none", "a3.6", "list", "alg in algorithms", 'alg not in ("none", "None", "NONE")'),
    ("upper", "a3.6", "near", 'alg = header.get("alg")', 'alg = str(header.get("alg")).upper()'),
    ("strip", "a3.6", "near", 'alg = header.get("alg")', 'alg = str(header.get("alg")).strip()'),
    ("startswith", "a3.6", "near", A3_ALG,
     'isinstance(alg, str) and any(alg.startswith(a) and a == key.get("alg") for a in algorithms)'),
    ("in", "a3.6", "near", A3_ALG,
     'isinstance(alg, str) and alg[:5] in algorithms and alg[:5] == key.get("alg")'),
    ("a default", "a3.6", "near", 'header.get("alg")', 'header.get("alg", key.get("alg"))'),
    ("no alg", "a3.6", "list near", 'header.get("alg")', 'header["alg"]'),
    ("a set", "a3.6", "near", "alg in algorithms", "alg in set(algorithms)"),
    ("use is wanted", "a3.7", "finds embedded unknown near types issuer use", '("use", "sig")', '("use")'),
    ("only without use", "a3.7", "finds", A3_USE, '"use" not in key'),
    ("the token's key", "a3.7", "embedded", "    kid = header",
     "    if 'jwk' in header:\n        return header['jwk']\n    kid = header"),
    ("the token's key, if it has a good name", "a3.7", "embedded", "    for key in keys:\n        if",
     "    for key in [*([header['jwk']] if 'jwk' in header else []), *keys]:\n        if"),
    ("the first, if none is named", "a3.7", "unknown", A3_TEXT,
     "if 'kid' not in header and len(keys) == 1 and keys[0].get('kid'):\n        return keys[0]\n    " + A3_TEXT),
    ("a key for all", "a3.7", "embedded unknown near issuer use", "            return key\n    return None",
     "            return key\n    return keys[0] if keys else None"),
    ("startswith", "a3.7", "near", A3_KID, 'kid.startswith(key.get("kid", "?"))'),
    ("endswith", "a3.7", "near", A3_KID, 'kid.endswith(key.get("kid", "?"))'),
    ("in", "a3.7", "unknown near", A3_KID, 'kid in key.get("kid", "?")'),
    ("lower", "a3.7", "near", A3_KID, 'key.get("kid") == kid.lower()'),
    ("strip", "a3.7", "near", A3_KID, 'key.get("kid") == kid.strip()'),
    ("the name of a file", "a3.7", "near", A3_KID, 'key.get("kid") == kid.split("/")[0]'),
    ("no kid is the same as no kid", "a3.7", "types", A3_TEXT, "if False:"),
    ("a number", "a3.7", "types", A3_TEXT, "if not isinstance(kid, (str, int)):"),
    ("a dict", "a3.7", "types", A3_TEXT, "kid, = {kid}\n    if not isinstance(kid, str):"),
    ("any issuer", "a3.7", "issuer", " and " + A3_ISS, ""),
    ("an issuer that begins alike", "a3.7", "issuer", A3_ISS, 'key.get("issuer", "").startswith(my.issuer)'),
    ("an issuer in other letters", "a3.7", "issuer", A3_ISS, 'key.get("issuer", "").lower() == my.issuer'),
    ("nobody's key", "a3.7", "issuer", '("issuer")', '("issuer", my.issuer)'),
    ("a slash", "a3.7", "issuer", A3_ISS, 'key.get("issuer", "").rstrip("/") == my.issuer'),
    ("the first of that name", "a3.7", "issuer", "if " + A3_KEY + ":\n            return key",
     "if " + A3_KID + ":\n            return key if " + A3_ISS + " and " + A3_USE + " else None"),
    ("any use", "a3.7", "use", " and " + A3_USE, ""),
    ("all but enc", "a3.7", "use", A3_USE, 'key.get("use") != "enc"'),
    ("use that is empty", "a3.7", "use", A3_USE, '(key.get("use") or "sig") == "sig"'),
]  # fmt: skip


@pytest.mark.parametrize("student", few(BOTH, BOTH[0]))
@pytest.mark.parametrize(
    ("task", "parts", "old", "new"), [pytest.param(*each[1:], id=f"{each[1]} {each[0]}") for each in A3]
)
def test_a3_each_mistake_costs_its_part_and_no_other(task, parts, old, new, student):
    assert lost_by("a3_attacks", task, student, {old: new}) == set(parts.split())


def test_a3_every_part_of_a_mend_has_a_mistake_that_costs_it_alone():
    alone = {(task, parts) for _, task, parts, *_ in A3}
    mends = [task for task in assignment("a3_attacks").tasks if not task.name.startswith("forged")]
    assert {(task.id, part.id) for task in mends for part in task.parts} <= alone


@cache
def everybody() -> tuple[str, ...]:
    """Students who together meet every door there is."""
    found, seen = [], set()
    for number in range(200):
        student = f"student {number}"
        kinds = {door.judge for door in my_doors(variant(student)).values()}
        if kinds - seen:
            found.append(student)
            seen |= kinds
    assert seen == {judge for judges in FAMILIES.values() for judge in judges}
    return tuple(found)


def forgeries(student: str, wanted: bool = True):
    """Door → the official forgery, with the claims that are wanted or with others."""
    space = solving.names(solving.cells("a3_attacks", student))
    for number, door in space["doors"].items():
        if wanted:
            yield door, space[f"forged_{number}"]
        elif door.family == "not-asked":
            small = [token for token in door.given if token != door.token and door(token)]
            yield door, next(each for each in small if space["unpack"](each)[1]["role"] == "reader")
        else:
            yield door, space["forge"](dataclasses.replace(door, wanted={"note": "other"}))


def lost_at(door, token, student: str, seed: str = "any") -> set[str]:
    plan = assignment("a3_attacks").tasks[door.number - 1]
    return set(solving.lost(judge(plan, LocalAnswer(token), variant(student), seed)))


def test_a3_every_student_meets_a_door_of_each_family_and_not_all_in_one_order():
    orders = set()
    for number in range(30):
        doors = my_doors(variant(f"student {number}"))
        assert sorted(door.family for door in doors.values()) == sorted(FAMILIES)
        assert [door.number for door in doors.values()] == [1, 2, 3, 4, 5]
        orders.add(tuple(door.family for door in doors.values()))
        assert len({door.wanted["sub"] for door in doors.values()}) == 5
    assert len(orders) > 15


def test_a3_every_door_there_is_falls_to_the_official_forgery():
    for student in everybody():
        for door, token in forgeries(student):
            assert lost_at(door, token, student) == set(), door
        for door, token in forgeries(student, wanted=False):
            assert lost_at(door, token, student) == {"claims"}, door


def test_a3_the_code_that_is_shown_does_not_name_its_fault():
    for student in everybody():
        for door in my_doors(variant(student)).values():
            assert door.source.startswith("def door(token, service):"), door.source
            assert door.judge.__name__ not in str(door)
            assert str(door.service.secret) not in str(door)
            assert door.token in str(door)


@pytest.mark.parametrize("student", BOTH)
def test_a3_what_is_no_forgery_opens_nothing(student):
    my = variant(student)
    space = solving.names(solving.cells("a3_attacks", student))
    pack, unpack, sign = space["pack"], space["unpack"], space["sign_es256"]
    for door in my_doors(my).values():
        header, claims = unpack(door.token)
        claims |= door.wanted
        assert lost_at(door, door.token, student) == {"claims", "opens"}  # the token that was given
        assert lost_at(door, door.token.rpartition(".")[0] + ".AA", student) == {"claims", "opens"}
        assert "opens" in lost_at(door, pack(header, claims, lambda data: bytes(64)), student)
        honest = pack({"alg": "ES256", "typ": "at+jwt"}, claims, lambda data: sign(my.key, data))
        assert lost_at(door, honest, student) == {"opens"}  # with the issuer's own key
        other = pack({"alg": "ES256", "typ": "at+jwt"}, claims | {"aud": "https://x.example"},
                     lambda data: sign(my.key, data))  # fmt: skip
        assert lost_at(door, other, student) == {"opens"}
        if door.service.secret and door.family != "secret":
            sealed = pack(header, claims, space["hs256"](door.service.secret))
            assert door(sealed)
            assert lost_at(door, sealed, student) == {"opens"}  # with the service's own secret
        for nothing in ("", "a.b.c", "....", "x" * 30_000, 7, ["x"], {"a": 1}, b"x", "[" * 9_000 + ".a.b"):
            assert lost_at(door, nothing, student) == {"claims", "opens"}


@pytest.mark.parametrize("student", BOTH)
def test_a3_of_the_tokens_that_mallory_took_one_fits_and_each_other_is_told(student):
    door = next(door for door in my_doors(variant(student)).values() if door.family == "not-asked")
    lost = [lost_at(door, token, student) for token in door.given]
    assert lost.count(set()) == 1
    assert lost.count({"claims"}) == 1  # it gets in, as a reader
    assert lost.count({"opens"}) == 3  # an administrator's, refused for another reason
    assert lost.count({"claims", "opens"}) == 3


def test_a3_a_copied_value_fails_and_so_does_a_list_of_somebody_else():
    assert my_algorithms(variant("alice")) != my_algorithms(variant("bob"))
    results = solving.judged("a3_attacks", solving.names(solving.cells("a3_attacks", "alice")), "bob")
    for number in range(1, 6):
        assert results[f"a3.{number}"].earned == 0
    assert results["a3.6"].earned < results["a3.6"].task.points
    assert results["a3.7"].earned == 0


@pytest.mark.long
def test_what_a_hidden_part_says_gives_no_input_away():
    """Neither a token nor a value that was drawn stands in the words."""
    my = variant("alice")
    for name, (_, task, parts, old, new) in [("a2_verify", each) for each in A2] + [
        ("a3_attacks", each) for each in A3
    ]:
        space = solving.names(solving.cells(name, "alice", changes={old: new}))
        plan = next(each for each in assignment(name).tasks if each.id == task)
        for words in solving.lost(judge(plan, LocalAnswer(space[plan.name]), my, "the course")).values():
            assert "eyJ" not in words
            assert "mallory.example" not in words
            assert my.issuer not in words
            assert words, parts
