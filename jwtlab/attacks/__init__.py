"""Attacks on tokens: forged, run against a weak and a sound verifier, and stopped.

Only tokens and servers of the lab are attacked; nothing in here opens a connection to anywhere.
To attack other people's systems without their permission is a crime nearly everywhere.

One family a file: `signature`, `confusion`, `guessing`, `headers`, `kid`, `claims`, `parsers`; beside
them the `matrix`, the `cracker` and the `wordlist`. A new attack is a declaration in one of these files
and its place in the tuple below, in the order in which the lessons meet them; one that was forgotten
there fails a test. What is weak in here is weak on purpose, and none
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
from jwtlab.attacks.cracker import SearchProgress, attempts, crack
from jwtlab.attacks.matrix import Matrix, MatrixRow, attack_matrix
from jwtlab.attacks.model import GOAL, Attack, LibraryVerdict, Scenario, Variant
from jwtlab.attacks.probes import PROBES, Probe
from jwtlab.attacks.wordlist import Estimate, estimate, word_list, words_with_rules

_ALL = (
    signature.UNVERIFIED,
    signature.STRIPPED,
    signature.ALG_NONE,
    confusion.CONFUSION,
    confusion.RECOVERED,
    claims.EXPIRED,
    claims.NOT_YET,
    claims.REPLAYED,
    guessing.WEAK,
    guessing.EMPTY,
    headers.EMBEDDED,
    headers.JKU,
    headers.X5U,
    headers.X5C,
    kid.PATH,
    kid.SQL,
    signature.PSYCHIC,
    claims.AUDIENCE,
    claims.ISSUER,
    claims.TYPE,
    parsers.CRIT,
    parsers.DUPLICATE,
    parsers.MALLEABLE,
    parsers.POLYGLOT,
)

ATTACKS: Mapping[str, Attack] = MappingProxyType({attack.id: attack for attack in _ALL})
"""Every attack, by id, in the order in which the lessons meet them."""

__all__ = [
    "ATTACKS",
    "GOAL",
    "PROBES",
    "Attack",
    "Estimate",
    "LibraryVerdict",
    "Matrix",
    "MatrixRow",
    "Probe",
    "Scenario",
    "SearchProgress",
    "Variant",
    "attack_matrix",
    "attempts",
    "crack",
    "estimate",
    "word_list",
    "words_with_rules",
]
