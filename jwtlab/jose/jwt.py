"""JSON Web Token: issue and verify (RFC 7519 §7), with the practices of RFC 8725.

`STANDARD` is the whole decision as a list: everything JWS asks, then everything about the claims.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from jwtlab.checks import Policy, Report
from jwtlab.errors import UsageError, kind
from jwtlab.jose import jws, strict_json
from jwtlab.jose.case import Case
from jwtlab.jose.key import Key
from jwtlab.jose.key_checks import KEY_CHECKS
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.verifier import STANDARD, Verifier

__all__ = ["STANDARD", "Case", "issue", "verify"]


def issue(
    claims: Mapping[str, Any],
    key: Key,
    *,
    alg: str,
    header: Mapping[str, Any] | None = None,
    policy: Policy = KEY_CHECKS,
) -> str:
    """Sign claims into a token (RFC 7519 §7.1).

    The claims are signed as they stand: nothing is added, and nothing is judged. Judging is the
    verifier's business, and a lab has to be able to make bad tokens.

    Args:
        claims: the claims; an aware ``datetime`` becomes a NumericDate.
        key: a private key or a shared secret that fits ``alg``.
        alg: the algorithm's name.
        header: further header parameters; ``typ`` is ``"JWT"`` unless it says otherwise.
        policy: the checks that the key has to pass before it signs.

    Returns:
        The token in compact serialization.

    Raises:
        InvalidKey: the key is unfit; ``.finding`` says why.
        UnknownAlgorithm: no such algorithm.
        UsageError: something cannot be written as JSON; the message names it.
    """
    payload = strict_json.write(claims, "claims")
    if header is not None and not isinstance(header, Mapping):
        raise UsageError(f"the header must be an object (dict), not {kind(header)}")
    return jws.sign(payload, key, alg=alg, header={"typ": "JWT", **(header or {})}, policy=policy)


def verify(
    token: str | bytes,
    keys: Key | KeySet | Iterable[Key],
    *,
    algorithms: Iterable[str],
    issuer: str | Iterable[str] | None = None,
    audience: str | Iterable[str] | None = None,
    typ: str | None = None,
    now: float | datetime | None = None,
    leeway: float | timedelta = 0,
    seen: Container[str] | None = None,
    policy: Policy | None = None,
    context: Any = None,
    keep_going: bool = False,
) -> Report:
    """Decide whether to trust a token (RFC 7519 §7.2): signature and claims in one call.

    A bad token never raises here. It is reported, and ``report.claims`` raises.

    Args:
        token: the token in compact serialization.
        keys: the keys that the verifier trusts: a `Key`, a `KeySet` or an iterable of keys.
        algorithms: the algorithms that the verifier accepts. There is no default: the verifier
            brings the list, the token never does (RFC 8725 §3.1).
        issuer: whom the verifier trusts as ``iss``: one name or several.
        audience: the names under which the verifier knows itself, one of which must be in ``aud``.
            A token with an ``aud`` is refused by a verifier that has none (RFC 7519 §4.1.3).
        typ: the kind of token expected, such as ``"at+jwt"`` (RFC 8725 §3.11).
        now: the current time, in seconds since 1970 or as an aware datetime. No clock is read here.
        leeway: seconds by which clocks may differ.
        seen: the ``jti`` values that have been used. If given, a token without ``jti`` or with a
            used one is refused. Recording the new one after acceptance is the caller's part.
        policy: the checks to run (`STANDARD`).
        context: whatever further checks of your own policy want to look at, as ``case.context``.
        keep_going: ask every check even after one has failed.

    Returns:
        A `Report`.

    Raises:
        UsageError, UnknownAlgorithm: the call itself is wrong (never the token).
    """
    verifier = Verifier(
        keys,
        algorithms=algorithms,
        issuer=issuer,
        audience=audience,
        typ=typ,
        leeway=leeway,
        policy=policy,
    )
    return verifier.verify(token, now=now, seen=seen, context=context, keep_going=keep_going)
