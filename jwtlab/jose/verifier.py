"""Who verifies: keys, algorithms and expectations as one value, and the sound policy of the house."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from jwtlab.checks import Policy, Report
from jwtlab.errors import UsageError, kind
from jwtlab.jose import times
from jwtlab.jose.algorithms import allow_list
from jwtlab.jose.case import Case
from jwtlab.jose.claim_checks import CLAIM_CHECKS
from jwtlab.jose.jws import JWS_CHECKS
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet, as_key_set

STANDARD = Policy((JWS_CHECKS + CLAIM_CHECKS).checks, "standard")
"""The sound verifier: every check of JWS and JWT, in order."""


@dataclass(frozen=True)
class Verifier:
    """Everything that decides about a token, except the token and the time. A value: it never changes.

    ::

        api = jwtlab.Verifier(keys, algorithms=["ES256"], issuer=ISSUER, audience=API, typ="at+jwt")
        report = api.verify(token, now=time.time())
        careless = api.without("audience-expected")

    Attributes:
        keys: the keys that the verifier trusts: a `KeySet` (made from a `Key` or an iterable of keys).
        algorithms: the algorithms that it accepts. There is no default: the verifier brings the list,
            the token never does (RFC 8725 §3.1).
        issuer: whom it trusts as ``iss``: one name or several.
        audience: the names under which it knows itself, one of which must be in ``aud``. A token with
            an ``aud`` is refused by a verifier that has none (RFC 7519 §4.1.3).
        typ: the kind of token expected, such as ``"at+jwt"`` (RFC 8725 §3.11).
        leeway: seconds by which clocks may differ.
        policy: the checks to run.

    Raises:
        UsageError, UnknownAlgorithm: an argument is missing or of the wrong kind.
    """

    keys: KeySet
    algorithms: tuple[str, ...]
    issuer: str | tuple[str, ...] | None
    audience: str | tuple[str, ...] | None
    typ: str | None
    leeway: float
    policy: Policy

    def __init__(
        self,
        keys: Key | KeySet | Iterable[Key],
        *,
        algorithms: Iterable[str],
        issuer: str | Iterable[str] | None = None,
        audience: str | Iterable[str] | None = None,
        typ: str | None = None,
        leeway: float | timedelta = 0,
        policy: Policy | None = None,
    ) -> None:
        issuers, audiences = _names(issuer, "issuer"), _names(audience, "audience")
        self.__dict__.update(
            keys=as_key_set(keys),
            algorithms=allow_list(algorithms),
            issuer=issuer if isinstance(issuer, str) else issuers,
            audience=audience if isinstance(audience, str) else audiences,
            typ=_typ(typ),
            leeway=_leeway(leeway),
            policy=STANDARD if policy is None else policy,
            _issuers=issuers,
            _audiences=audiences,
        )

    _issuers = _audiences = None

    def verify(
        self,
        token: str | bytes,
        *,
        now: float | datetime | None = None,
        seen: Container[str] | None = None,
        context: Any = None,
        keep_going: bool = False,
    ) -> Report:
        """Decide whether to trust a token (RFC 7519 §7.2): signature and claims in one call.

        A bad token never raises here. It is reported, and ``report.claims`` raises.

        Args:
            token: the token in compact serialization.
            now: the current time, in seconds since 1970 or as an aware datetime. No clock is read here.
            seen: the ``jti`` values that have been used. If given, a token without ``jti`` or with a
                used one is refused. Recording the new one after acceptance is the caller's part.
            context: whatever further checks of your own policy want to look at, as ``case.context``.
            keep_going: ask every check even after one has failed.

        Raises:
            UsageError: the call itself is wrong (never the token).
        """
        case = Case(
            token,
            self.keys,
            self.algorithms,
            self._issuers,
            self._audiences,
            self.typ,
            times.as_instant(now, "now"),
            self.leeway,
            seen,
            context,
        )
        return self.policy.run(case, _claims, keep_going=keep_going)

    def without(self, *check_ids: str) -> Verifier:
        """The same verifier with these checks taken out of its policy: a *weakened* one.

        Raises:
            UsageError: an id that is not in the policy.
        """
        return self.replace(policy=self.policy.without(*check_ids))

    def replace(self, **changes: Any) -> Verifier:
        """The same verifier with other values for some of its attributes.

        Raises:
            UsageError: there is no such attribute, or its value is of the wrong kind.
        """
        known = {each.name: getattr(self, each.name) for each in fields(self)}
        unknown = next((name for name in changes if name not in known), None)
        if unknown is not None:
            raise UsageError(f"a verifier has no {unknown!r}; it has: {', '.join(known)}")
        return Verifier(**known | changes)


def _claims(case: Case) -> dict[str, Any]:
    return case.claims


def _names(value: str | Iterable[str] | None, name: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = (value,) if isinstance(value, str) else value
    if isinstance(names, bytes | Mapping) or not isinstance(names, Iterable):
        raise UsageError(f"{name} is a text or a list of texts; this is {kind(value)}")
    names = tuple(names)
    if not names or not all(isinstance(each, str) for each in names):
        raise UsageError(f"{name} is a text or a list of texts that is not empty")
    return names


def _typ(typ: str | None) -> str | None:
    if typ is None or isinstance(typ, str):
        return typ
    raise UsageError(f"typ is a text such as 'at+jwt'; this is {kind(typ)}")


def _leeway(leeway: float | timedelta) -> float:
    seconds = times.as_seconds(leeway, "leeway")
    if seconds < 0:
        raise UsageError("leeway forgives clocks that differ; it is not negative")
    return seconds
