"""Attacks on tokens: forged, run against a weak and a sound verifier, and stopped.

Only tokens and servers of the lab are attacked; nothing in here opens a connection to anywhere.
To attack other people's systems without their permission is a crime nearly everywhere.

One family a file: `signature`, `confusion`, `guessing`, `headers`, `kid`, `claims`, `parsers`; beside
them the `matrix`, the `cracker` and the `wordlist`. What is weak in here is weak on purpose, and none
of it can be reached from the sound face of the package::

    attack   = jwtlab.attacks.ATTACKS["alg-none"]
    scenario = attack.scenario("NONE", goal={"sub": "admin"})
    scenario.good, scenario.forged, scenario.knowledge
    scenario.victim_report.claims                      # the weak verifier reads what Mallory wrote
    scenario.sound_report.failures                     # what STANDARD says
    print(jwtlab.attacks.attack_matrix())
    jwtlab.attacks.crack(token, "words.txt")
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jwtlab.attacks import claims, confusion, guessing, headers, kid, parsers, signature
from jwtlab.attacks.cracker import Progress, attempts, crack
from jwtlab.attacks.matrix import Matrix, Row, attack_matrix
from jwtlab.attacks.model import GOAL, Attack, Scenario, Variant, Verdict, Verifier
from jwtlab.attacks.probes import PROBES, Probe
from jwtlab.attacks.wordlist import Estimate, estimate, word_list, words_with_rules

_ORDER = [
    "unverified",
    "signature-stripped",
    "alg-none",
    "key-confusion",
    "key-confusion-recovered",
    "expired",
    "not-yet-valid",
    "replayed",
    "weak-secret",
    "empty-secret",
    "embedded-jwk",
    "jku-spoof",
    "x5u-spoof",
    "x5c",
    "kid-path-traversal",
    "kid-sql-injection",
    "psychic-signature",
    "wrong-audience",
    "wrong-issuer",
    "wrong-type",
    "crit-ignored",
    "duplicate-claim",
    "malleable-token",
    "polyglot",
]
_ALL = {
    attack.id: attack
    for family in (signature, confusion, guessing, headers, kid, claims, parsers)
    for attack in family.ATTACKS
}

ATTACKS: Mapping[str, Attack] = MappingProxyType({name: _ALL[name] for name in _ORDER})
"""Every attack, by id, in the order in which the lessons meet them."""

__all__ = [
    "ATTACKS",
    "GOAL",
    "PROBES",
    "Attack",
    "Estimate",
    "Matrix",
    "Probe",
    "Progress",
    "Row",
    "Scenario",
    "Variant",
    "Verdict",
    "Verifier",
    "attack_matrix",
    "attempts",
    "crack",
    "estimate",
    "word_list",
    "words_with_rules",
]
