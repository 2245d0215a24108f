"""JSON Web Signature, compact serialization: RFC 7515 §5.1 (sign), §5.2 (verify), §7.1 (form)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from jwtlab.checks import Check, NotReadable, Policy, Refusal, Report
from jwtlab.errors import (
    AlgorithmRefused,
    InvalidKey,
    InvalidSignature,
    KeyRefused,
    MalformedToken,
    UnknownAlgorithm,
    UsageError,
    kind,
)
from jwtlab.jose import base64url, jwa, strict_json
from jwtlab.jose.header_parameters import HEADER_PARAMETERS
from jwtlab.jose.jwk import Key, KeySet, as_key_set
from jwtlab.jose.keychecks import KEY_CHECKS, Signing
from jwtlab.jose.token import Reading, read

T = TypeVar("T")


def sign(
    payload: bytes,
    key: Key,
    *,
    alg: str,
    header: Mapping[str, Any] | None = None,
    policy: Policy = KEY_CHECKS,
) -> str:
    """Sign any payload (RFC 7515 §5.1).

    Args:
        payload: the bytes to protect.
        key: a private key or a shared secret that fits ``alg``.
        alg: the algorithm; it becomes the header's ``alg``.
        header: further header parameters. Nothing is changed in it; ``kid`` is added from the key
            if the key has one and the header does not.
        policy: the checks that the key has to pass.

    Returns:
        The token in compact serialization.

    Raises:
        UnknownAlgorithm: no such algorithm.
        InvalidKey: the key is unfit; ``.finding`` says which check refused it.
        UsageError: the header contradicts ``alg``, or something cannot be written as JSON.
    """
    algorithm = jwa.get(alg)
    if not isinstance(key, Key):
        raise UsageError(f"the key must be a Key; this is {kind(key)}. Key.generate({alg!r}) makes one")
    if not isinstance(payload, bytes | bytearray):
        raise UsageError(f"a payload is bytes; this is {kind(payload)}. For claims there is jwtlab.issue")
    failure = policy.run(Signing(key, algorithm)).first_failure
    if failure is not None:
        raise InvalidKey(failure.reason, failure)
    head = strict_json.write(_full_header(algorithm.name, key, header or {}), "header")
    signing_input = f"{base64url.encode(head)}.{base64url.encode(bytes(payload))}"
    signature = algorithm.sign(key, signing_input.encode("ascii"))
    return f"{signing_input}.{base64url.encode(signature)}"


def verify(
    token: str | bytes,
    keys: Key | KeySet | Iterable[Key],
    *,
    algorithms: Iterable[str],
    policy: Policy | None = None,
) -> bytes:
    """Verify a signed token of any payload (RFC 7515 §5.2).

    Args:
        token: the token in compact serialization.
        keys: the keys that the verifier trusts.
        algorithms: the algorithms that the verifier accepts. There is no default: the verifier
            brings the list, the token never does.
        policy: the checks to run (`JWS_CHECKS`).

    Returns:
        The payload.

    Raises:
        InvalidToken: the token is refused; ``.finding`` says by which check and why.
        UsageError, UnknownAlgorithm: the call itself is wrong.
    """
    case = Case(token, as_key_set(keys), jwa.allow_list(algorithms))
    payload: bytes = examine(case, JWS_CHECKS if policy is None else policy).value
    return payload


def examine(case: Case, policy: Policy) -> Report:
    """The report behind `verify`."""
    return policy.run(case, lambda checked: checked.payload)


def _full_header(alg: str, key: Key, header: Mapping[str, Any]) -> dict[str, Any]:
    if header.get("alg", alg) != alg:
        raise UsageError(
            f"the header says alg {header['alg']!r} and the call says {alg!r}; say it once, in alg="
        )
    full = {"alg": alg, **header}
    if key.kid is not None and "kid" not in full:
        full["kid"] = key.kid
    return full


@dataclass(frozen=True)
class Case:
    """A token in front of a verifier: what the checks look at.

    Attributes:
        token: whatever was handed over as a token.
        keys: the keys that the verifier trusts.
        algorithms: the algorithms that it accepts.
    """

    token: object
    keys: KeySet
    algorithms: tuple[str, ...]

    @property
    def operation(self) -> str:
        return "verify"

    @cached_property
    def reading(self) -> Reading:
        return read(self.token)

    @property
    def header(self) -> dict[str, Any]:
        return readable(self.reading.header, "the header")

    @property
    def payload(self) -> bytes:
        return readable(self.reading.payload, "the payload")

    @property
    def signature(self) -> bytes:
        return readable(self.reading.signature, "the signature")

    @property
    def algorithm(self) -> jwa.Algorithm:
        try:
            return jwa.get(self.header.get("alg"))
        except UnknownAlgorithm as error:
            raise NotReadable(str(error), claim="alg", error=AlgorithmRefused) from error

    @cached_property
    def candidates(self) -> tuple[Key, ...]:
        """The keys that the token can mean: by ``kid``, and of these the ones that fit (RFC 7515 §6)."""
        kid = self.header.get("kid")
        if not isinstance(kid, str):
            return self.keys.keys if len(self.keys) == 1 else _different(filter(self._fits, self.keys))
        named = self.keys.find(kid)
        if len(named) > 1:
            return self._narrowed(named)
        # A hint that leads nowhere: only a single key without a name of its own is left.
        alone = self.keys.keys if len(self.keys) == 1 and self.keys.keys[0].kid is None else ()
        return named or alone

    def _narrowed(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        """Of keys of one name those that fit: by type, then ``alg``, ``use`` and ``key_ops``.

        A question that none of them answers well is passed over: its own check will say so.
        """
        name = self.algorithm.name
        for fits in (self.algorithm.fits, lambda key: key.alg in (None, name), _signs, _verifies):
            keys = tuple(filter(fits, keys)) or keys
        return _different(keys)

    def _fits(self, key: Key) -> bool:
        return (
            self.algorithm.fits(key)
            and key.alg in (None, self.algorithm.name)
            and _signs(key)
            and _verifies(key)
        )

    @property
    def key(self) -> Key:
        """The key to verify with: the first candidate, or what a careless verifier would take."""
        fitting = [key for key in self.candidates if self.algorithm.fits(key)]
        choice = (*fitting, *self.candidates, *filter(self.algorithm.fits, self.keys))
        if not choice:
            raise NotReadable("there is no key to verify with", error=KeyRefused)
        return choice[0]


def _signs(key: Key) -> bool:
    return key.use in (None, "sig")


def _verifies(key: Key) -> bool:
    return key.key_ops is None or "verify" in key.key_ops


def _different(keys: Iterable[Key]) -> tuple[Key, ...]:
    """The keys without those that are the same key once more."""
    return tuple({key.material: key for key in keys}.values())


def readable(value: T | None, name: str) -> T:
    """The value, or a refusal that says what could not be read."""
    if value is None:
        raise NotReadable(f"{name} cannot be read", error=MalformedToken)
    return value


# The checks. Each is a function of the case that returns a note or raises Refusal.


def no_fault(check_id: str, note: Callable[[Any], str] | None = None) -> Callable[[Case], str]:
    """A check that passes when the reader has found no fault of this kind."""

    def run(case: Case) -> str:
        fault = case.reading.fault(check_id)
        if fault is not None:
            error = type(fault.error())
            raise Refusal(fault.message, error=error, part=fault.part, position=fault.position)
        return note(case) if note else ""

    return run


def header_types(case: Case) -> str:
    for row in HEADER_PARAMETERS.values():
        value = case.header.get(row.name, _MISSING)
        if value is not _MISSING and row.signed and not row.type.holds(value):
            raise Refusal(
                f"{row.name} is {row.type.words} ({row.spec}); this is {kind(value)}",
                claim=row.name,
                expected=row.type.words,
                found=value,
                error=MalformedToken,
                part="header",
            )
    return ""


_MISSING = object()


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
    return Refusal(reason, claim="alg", expected=case.algorithms, found=found, error=AlgorithmRefused)


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
    raise Refusal(fault, claim="crit", expected="nothing", found=crit, error=MalformedToken, part="header")


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


def kids_unique(case: Case) -> str:
    kid = case.header.get("kid")
    if isinstance(kid, str) and len(case.candidates) > 1:
        raise Refusal(
            f"{len(case.candidates)} trusted keys are called {kid!r}, and each fits this token: nobody can tell "
            "which is meant. Give each its own kid",
            claim="kid",
            found=kid,
            error=KeyRefused,
        )
    return ""


def set_unmixed(case: Case) -> str:
    kinds = {key.is_symmetric for key in case.keys}
    if len(kinds) == 2:
        raise Refusal(
            "the trusted set mixes shared secrets with public keys: keep them in two sets, so that neither "
            "can be taken for the other",
            error=KeyRefused,
        )
    return ""


def key_found(case: Case) -> str:
    kid = case.header.get("kid")
    if "kid" in case.header and not isinstance(kid, str):
        reason = f"kid must be text; this is {kind(kid)}"
        raise Refusal(reason, claim="kid", found=kid, error=KeyRefused)
    if not case.candidates:
        raise Refusal(
            _no_candidate(case, kid), claim="kid", expected=_kids(case), found=kid, error=KeyRefused
        )
    if kid is None and len(case.candidates) > 1:
        reason = f"the token names no key (kid), and {len(case.candidates)} trusted keys would fit"
        raise Refusal(reason, claim="kid", expected=_kids(case), error=KeyRefused)
    return f"with {case.key.label}"


def _no_candidate(case: Case, kid: str | None) -> str:
    ignored = case.keys.why_ignored(kid) if kid is not None else None
    if ignored is not None:
        return f"the trusted set has a key called {kid!r:.60}, but it cannot be used: {ignored.reason}"
    if not len(case.keys):
        return "the verifier trusts no key at all" + _ignored(case)
    if kid is None:
        return _none_fits(case)
    known = ", ".join(map(repr, _kids(case)[:5]))
    there = f"there are: {known}" if known else "the trusted keys have no names"
    return f"no trusted key is called {kid[:60]!r}; {there}. Fetch the issuer's keys again, once"


def _none_fits(case: Case) -> str:
    name = case.algorithm.name
    typed = [key for key in case.keys if case.algorithm.fits(key)]
    if not typed:
        return f"none of the {len(case.keys)} trusted keys fits {name}" + _ignored(case)
    return (
        f"{case.algorithm.key_wanted} is among the {len(case.keys)} trusted keys, but it is for something else: "
        + "; ".join(dict.fromkeys(_what_for(key) for key in typed))
    )


def _what_for(key: Key) -> str:
    if not _signs(key):
        return f"use {key.use!r}"
    return f"key_ops {', '.join(key.key_ops or ())}" if not _verifies(key) else f"alg {key.alg}"


def _ignored(case: Case) -> str:
    """The entries of the set that could not be used, for the end of a sentence."""
    count = len(case.keys.ignored)
    return f" ({count} more could not be used: {case.keys.ignored[0]})" if count else ""


def _kids(case: Case) -> tuple[str, ...]:
    return tuple(key.kid for key in case.keys if key.kid is not None)


def signature_valid(case: Case) -> str:
    key, algorithm = case.key, case.algorithm
    try:
        good = algorithm.verify(key, case.reading.signing_input, case.signature)
    except InvalidKey as error:
        raise Refusal(str(error), error=KeyRefused) from error
    if not good:
        raise Refusal(_why_not(case, key), error=InvalidSignature, found=case.signature)
    return f"with {key.label}"


def _why_not(case: Case, key: Key) -> str:
    size = case.algorithm.signature_bytes or (key.bits + 7) // 8
    if case.algorithm.family == "ECDSA" and jwa.is_der_signature(case.signature):
        return (
            f"the signature is in DER, as certificates and OpenSSL write it; JWS puts r and s side by side, "
            f"{size} bytes (RFC 7518 §3.4)"
        )
    if len(case.signature) != size:
        return f"the signature has {len(case.signature)} bytes; one of {case.algorithm.name} has {size}"
    if key.kty == "RSA" and jwa.exponent_too_long(key):
        return f"{key.label} has an exponent of {key.exponent.bit_length()} bits: OpenSSL computes with no such key"
    return (
        f"the signature does not belong to these bytes and {key.label}: the token was changed after it was "
        "signed, or it was signed with another key"
    )


FORM, ALGORITHM, KEY, SIGNATURE = "Form", "Algorithm", "Key", "Signature"

JWS_CHECKS = Policy(
    (
        Check(
            id="token-size",
            title="Not too long",
            spec="",
            run=no_fault("token-size"),
            group=FORM,
            purpose="Work on a token that nobody needs that long is work an attacker gets for nothing.",
        ),
        Check(
            id="compact-form",
            title="Three parts joined by two dots",
            spec="RFC 7515 §7.1",
            run=no_fault("compact-form"),
            group=FORM,
            purpose="A reader that accepts other forms may check one thing and read another.",
        ),
        Check(
            id="base64url-strict",
            title="Strict base64url",
            spec="RFC 7515 §2",
            run=no_fault("base64url-strict"),
            group=FORM,
            purpose="Otherwise one token has many spellings, and a deny list misses all but one.",
        ),
        Check(
            id="header-json",
            title="The header is a JSON object",
            spec="RFC 7515 §4",
            run=no_fault("header-json"),
            group=FORM,
            purpose="Two JSON readers that forgive differently read two different headers.",
        ),
        Check(
            id="header-unique",
            title="No header parameter appears twice",
            spec="RFC 7515 §4",
            run=no_fault("header-unique"),
            group=FORM,
            purpose="Which of two alg values counts depends on the reader.",
        ),
        Check(
            id="header-types",
            title="Header parameters are of their type",
            spec="RFC 7515 §4.1",
            run=header_types,
            group=FORM,
            purpose="A list or a null where text is expected makes comparisons mean something else.",
        ),
        Check(
            id="algorithm-allowed",
            title="The algorithm is on my list",
            spec="RFC 8725 §3.1",
            run=algorithm_allowed,
            group=ALGORITHM,
            purpose="Otherwise the token chooses how it is checked.",
        ),
        Check(
            id="critical-understood",
            title="Every critical header is understood",
            spec="RFC 7515 §4.1.11",
            run=critical_understood,
            group=ALGORITHM,
            purpose="crit marks what must not be ignored; ignoring it accepts what the issuer meant to limit.",
        ),
        Check(
            id="kids-unique",
            title="The token's kid names one key",
            spec="",
            run=kids_unique,
            group=KEY,
            purpose="A rule of the house, since RFC 7517 §4.5 only says SHOULD: with two keys of one name that both "
            "fit, chance decides which one verifies.",
        ),
        Check(
            id="set-unmixed",
            title="Secrets and public keys are kept apart",
            spec="",
            run=set_unmixed,
            group=KEY,
            purpose="A rule of the house: in a mixed set one kind of key can be taken for the other.",
        ),
        Check(
            id="key-found",
            title="A trusted key fits the token",
            spec="RFC 7515 §4.1.4",
            run=key_found,
            group=KEY,
            purpose="Without a clear choice a verifier tries keys until one happens to fit.",
        ),
        *KEY_CHECKS.checks,
        Check(
            id="signature-valid",
            title="The signature matches",
            spec="RFC 7515 §5.2",
            run=signature_valid,
            group=SIGNATURE,
            purpose="Without it anybody writes the claims.",
        ),
    ),
    "JWS",
)
"""Everything that has to hold before the payload is looked at."""
