"""A new attack is a file and its place in one tuple; one that was forgotten there is missed."""

from __future__ import annotations

import importlib
import pkgutil

from jwtlab import attacks
from jwtlab.attacks import ATTACKS
from jwtlab.attacks.model import Attack

FILE = '''"""Made up: whoever is called mallory is an administrator."""

from functools import partial

from jwtlab.attacks import material
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.jose import jwt


def _stage(goal):
    taken = material.token(**{**goal, "aud": "https://moon.example"})
    return Stage(material.token(), {"taken": taken}, material.verifier(), jwt.STANDARD.without("audience-expected"))


MOON = Attack(
    id="from-the-moon",
    title="A token from the moon",
    knows="the way to the moon",
    story="It is far away.",
    spec="RFC 7519 §4.1.3",
    cves=(),
    forge=material.present,
    variants=(Variant(name="full", title="at full moon", stage=_stage, stopped_by=("audience-expected",)),),
)
'''


def declared():
    """Every attack that a file of the package declares."""
    for each in pkgutil.iter_modules(attacks.__path__):
        module = importlib.import_module(f"{attacks.__name__}.{each.name}")
        yield from (value for value in vars(module).values() if isinstance(value, Attack))


def test_no_attack_is_forgotten():
    assert set(map(id, declared())) == set(map(id, ATTACKS.values()))


def test_a_made_up_attack_is_found_everywhere(made_up):
    made_up.write("attacks/moon.py", FILE)
    made_up.add("attacks/__init__.py", "kid, parsers, ", "moon, ")
    made_up.add("attacks/__init__.py", "    parsers.POLYGLOT,\n", "    moon.MOON,\n")
    found = made_up.run("""
import jwtlab
from jwtlab.attacks import ATTACKS, attack_matrix
from jwtlab.widgets import AttackBench
found["last"] = list(ATTACKS)[-1]
scenario = ATTACKS["from-the-moon"].scenario()
found["victim"] = scenario.victim_report.claims["admin"]
found["failures"] = [each.id for each in scenario.sound_report.failures]
found["matrix"] = [row.stopped_by for row in attack_matrix().rows if row.id == "from-the-moon"]
found["bench"] = "A token from the moon" in AttackBench("from-the-moon").html
""")
    assert found["last"] == "from-the-moon"
    assert found["victim"] is True
    assert found["failures"] == ["audience-expected"]
    assert found["matrix"] == [["audience-expected"]]
    assert found["bench"]


def test_one_that_was_forgotten_is_missed(made_up):
    made_up.write("attacks/moon.py", FILE)
    found = made_up.run("""
import importlib
import pkgutil
from jwtlab import attacks
from jwtlab.attacks.model import Attack
modules = [importlib.import_module(f"jwtlab.attacks.{each.name}") for each in pkgutil.iter_modules(attacks.__path__)]
declared = {value.id for module in modules for value in vars(module).values() if isinstance(value, Attack)}
found["missed"] = sorted(declared - set(attacks.ATTACKS))
""")
    assert found["missed"] == ["from-the-moon"]
