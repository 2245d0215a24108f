"""Is this a token in good form, and one that the verifier understands? RFC 7515 §2, §4, §5.2, §7.1.

Each check is a function of the `Case` that returns a note or raises `Refusal`. What depends on the header
alone is found out once for each header (`Check.memory`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jwtlab.checks import Check, Memory, Refusal
from jwtlab.errors import AlgorithmRefused, EncryptedToken, MalformedToken, kind
from jwtlab.jose.case import Case
from jwtlab.jose.header_parameters import HEADER_PARAMETERS

_SOUND: Memory = {}


def soundly_read(case: Case) -> Memory:
    """What is known of a token in which the reader has found no fault at all: of all those, the same."""
    return {} if case.reading.faults else _SOUND


def about_header(case: Case) -> Memory:
    """What is known of a token with this header at this verifier."""
    return case.about_header


def no_fault(check_id: str, note: Callable[[Any], str] | None = None) -> Callable[[Case], str]:
    """A check that passes when the reader has found no fault of this kind."""

    def run(case: Case) -> str:
        fault = case.reading.fault(check_id)
        if fault is not None:
            error = EncryptedToken if fault.encrypted else None
            raise Refusal(fault.message, error=error, part=fault.part, position=fault.position)
        return note(case) if note else ""

    return run


def header_types(case: Case) -> str:
    for name, value in case.header.items():
        row = HEADER_PARAMETERS.get(name)
        if row is not None and row.signed and not row.type.holds(value):
            raise Refusal(
                f"{row.name} is {row.type.words} ({row.spec}); this is {kind(value)}",
                claim=row.name,
                expected=row.type.words,
                found=value,
                part="header",
            )
    return ""


def algorithm_allowed(case: Case) -> str:
    alg = case.header.get("alg")
    if alg is None:
        raise _refused_algorithm("the header names no algorithm (alg is missing)", case, alg)
    if not isinstance(alg, str):
        raise _refused_algorithm(f"alg names one algorithm, as text; this is {kind(alg)}", case, alg)
    if alg not in case.algorithms:
        allowed = ", ".join(case.algorithms)
        raise _refused_algorithm(f"the token says {alg[:40]!r}; this verifier accepts {allowed}", case, alg)
    return f"{alg} is on the list"


def _refused_algorithm(reason: str, case: Case, found: object) -> Refusal:
    return Refusal(reason, claim="alg", expected=case.algorithms, found=found)


def critical_understood(case: Case) -> str:
    extension = next((name for name in case.header if _is_extension(name)), None)
    if "crit" not in case.header and extension is None:
        return "the header marks nothing as critical"
    crit = case.header.get("crit", [])
    if extension is not None and not (isinstance(crit, list) and extension in crit):
        fault = f"{extension} changes what the token means, so crit must name it (RFC 7797 §6)"
    else:
        fault = _crit_fault(crit, case.header) or (
            f"the token insists that {', '.join(map(repr, crit[:3]))} be understood, and this verifier does not"
        )
    raise Refusal(fault, claim="crit", expected="nothing", found=crit, part="header")


def _is_extension(name: str) -> bool:
    row = HEADER_PARAMETERS.get(name)
    return row is not None and row.extension


def _crit_fault(crit: object, header: Mapping[str, Any]) -> str:
    if not isinstance(crit, list) or not crit or not all(isinstance(name, str) for name in crit):
        return "crit must be a list of names that is not empty"
    registered = next((name for name in crit if name in HEADER_PARAMETERS and not _is_extension(name)), None)
    if registered is not None:
        return f"crit names {registered!r}, which every verifier knows anyway: not allowed"
    missing = next((name for name in crit if name not in header), None)
    return f"crit names {missing!r}, which is not in the header" if missing is not None else ""


FORM, ALGORITHM = "Form", "Algorithm"

FORM_CHECKS = (
    Check(
        id="token-size",
        title="Not too long",
        spec="",
        run=no_fault("token-size"),
        group=FORM,
        purpose="Work on a token that nobody needs that long is work an attacker gets for nothing.",
        error=MalformedToken,
        memory=soundly_read,
    ),
    Check(
        id="compact-form",
        title="Three parts joined by two dots",
        spec="RFC 7515 §7.1",
        run=no_fault("compact-form"),
        group=FORM,
        purpose="A reader that accepts other forms may check one thing and read another.",
        error=MalformedToken,
        memory=soundly_read,
    ),
    Check(
        id="base64url-strict",
        title="Strict base64url",
        spec="RFC 7515 §2",
        run=no_fault("base64url-strict"),
        group=FORM,
        purpose="Otherwise one token has many spellings, and a deny list misses all but one.",
        error=MalformedToken,
        memory=soundly_read,
    ),
    Check(
        id="header-json",
        title="The header is a JSON object",
        spec="RFC 7515 §4",
        run=no_fault("header-json"),
        group=FORM,
        purpose="Two JSON readers that forgive differently read two different headers.",
        error=MalformedToken,
        memory=soundly_read,
    ),
    Check(
        id="header-unique",
        title="No header parameter appears twice",
        spec="RFC 7515 §4",
        run=no_fault("header-unique"),
        group=FORM,
        purpose="Which of two alg values counts depends on the reader.",
        error=MalformedToken,
        memory=soundly_read,
    ),
    Check(
        id="header-types",
        title="Header parameters are of their type",
        spec="RFC 7515 §4.1",
        run=header_types,
        group=FORM,
        purpose="A list or a null where text is expected makes comparisons mean something else.",
        error=MalformedToken,
        memory=about_header,
    ),
)
"""The token can be read, in one way only."""

ALGORITHM_CHECKS = (
    Check(
        id="algorithm-allowed",
        title="The algorithm is on my list",
        spec="RFC 8725 §3.1",
        run=algorithm_allowed,
        group=ALGORITHM,
        purpose="Otherwise the token chooses how it is checked.",
        error=AlgorithmRefused,
        memory=about_header,
    ),
    Check(
        id="critical-understood",
        title="Every critical header is understood",
        spec="RFC 7515 §4.1.11",
        run=critical_understood,
        group=ALGORITHM,
        purpose="crit marks what must not be ignored; ignoring it accepts what the issuer meant to limit.",
        error=MalformedToken,
        memory=about_header,
    ),
)
"""The verifier understands what it is asked to do, and is ready to do it."""
