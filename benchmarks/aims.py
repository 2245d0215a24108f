"""What the figures are to be: one table of aims, looked up by the name of a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from measure import Row, is_rate

OURS = "jwtlab"
PYJWT, PROVIDER, PLAIN = "PyJWT", "oidc-provider", "one that drew a figure"


@dataclass(frozen=True)
class Aim:
    """A limit for a figure.

    Attributes:
        rows: a regular expression for the whole name of the row.
        limit: of our figure; with ``beside``, of our time divided by theirs (their rate divided by ours).
        beside: the column of the peer.
        more: the limit is of the difference to ``beside``, in the row's unit.
        obstacle: what stands in the way where it is missed; where the evidence is.
    """

    rows: str
    limit: float
    beside: str = ""
    more: bool = False
    obstacle: str = ""

    @property
    def words(self) -> str:
        """Such as ``≤ 1.25 × PyJWT``."""
        if self.more:
            return f"≤ {self.limit:g} more than {self.beside}"
        return f"≤ {self.limit:g} × {self.beside}" if self.beside else f"≤ {self.limit:g}"

    def value(self, row: Row) -> float | None:
        """The figure that the limit is of; nothing where the peer could not be had."""
        if OURS not in row.values or (self.beside and self.beside not in row.values):
            return None
        ours = row.values[OURS]
        if not self.beside:
            return ours
        theirs = row.values[self.beside]
        return ours - theirs if self.more else times(ours, theirs, row.unit)

    def reached(self, row: Row) -> bool | None:
        value = self.value(row)
        # To two places after the point: what is closer than that is noise.
        return None if value is None else round(value, 2) <= self.limit


def times(ours: float, theirs: float, unit: str) -> float:
    """Our time divided by theirs; of rates, theirs divided by ours. Below 1 we are faster."""
    return theirs / ours if is_rate(unit) else ours / theirs


REPORT = "Our refusal keeps the answer of every check, theirs is the first fault alone."
FETCHED = (
    "What is fetched and written beside JupyterLab: matplotlib with numpy and Pillow, cryptography, Flask, Authlib, "
    "ipywidgets."
)
PROFILE = 'See "profile".'
LOADED = "Other work on the machine: see the load of the section."
RSA = (
    "cryptography holds the interpreter's lock while it makes an RSA signature, so one process of Python signs on one "
    'core; Node signs in its pool of threads. See "profile".'
)
AIMS: Sequence[Aim] = (
    Aim("refuse: .*|verify HS256, .* of filler|verify ES256 out of .* keys", 1.5, PYJWT, obstacle=REPORT),
    Aim("(sign|verify) HS256", 1.25, PYJWT),
    Aim("sign (ES256|EdDSA)", 1.0, PYJWT, obstacle='The checks of the key take 1.3 of 27 µs. See "profile".'),
    Aim(
        "sign (RS256|PS256)",
        1.0,
        PYJWT,
        obstacle="Both spend their time in the same signature of OpenSSL: noise.",
    ),
    Aim("(sign|verify) .*|decode .*", 1.0, PYJWT),
    Aim(r"import \(PyJWT with cryptography\)", 1.1, PYJWT),
    Aim("tokens, .*", 1.0, PROVIDER, obstacle=RSA),
    Aim("flow openid-connect, .*", 10, obstacle=PROFILE),
    Aim("guess, HS256, [0-9]+ cores", 1.0, "hashcat", obstacle=LOADED),
    Aim("(FlowStepper, click to new picture|TokenInspector, .*), median", 40, obstacle=PROFILE),
    Aim(
        "(FlowStepper, click to new picture|TokenInspector, .*), 95th percentile",
        70,
        obstacle=PROFILE,
    ),
    Aim("(FlowStepper|TraceReader), [0-9,]+ messages, .*", 150, obstacle=LOADED),
    Aim("kernel after lesson .*", 25, PLAIN, more=True, obstacle=PROFILE),
    Aim("[A-Z][A-Za-z]+: .*", 20, obstacle=LOADED),  # widgets, in the kernel
    Aim(
        "fresh clone to open lab, no caches",
        1.5,
        "pip install jupyterlab",
        obstacle=FETCHED,
    ),
    Aim("second start, best of 3", 2.5, obstacle="JupyterLab's own start, beside it, is most of it."),
    Aim(".* lessons under nbval, two processes", 45, obstacle=PROFILE),
)
CRACKER = Aim(
    "guess, HS256, [0-9]+ cores",
    0.1,
    "jwt-cracker",
    obstacle="Both compute the same hash; what is left to gain is the loop around it.",
)
"""The second aim of a row that has two."""


def aims_of(row: Row) -> list[Aim]:
    """The aims of a row: the first that names it, and what else is asked of it."""
    found = [aim for aim in AIMS if re.fullmatch(aim.rows, row.what)][:1]
    return found + ([CRACKER] if re.fullmatch(CRACKER.rows, row.what) else [])


def place_of(row: Row) -> int:
    """For an order of rows: the place of its aim among `AIMS`."""
    return next((at for at, aim in enumerate(AIMS) if re.fullmatch(aim.rows, row.what)), len(AIMS))
