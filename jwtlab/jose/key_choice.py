"""Which of the trusted keys is meant? RFC 7515 §4.1.4, §6; RFC 7517 §4.5."""

from __future__ import annotations

from jwtlab.checks import Check, Refusal
from jwtlab.errors import KeyRefused, kind
from jwtlab.jose.case import Case
from jwtlab.jose.header_checks import about_header
from jwtlab.jose.key import Key
from jwtlab.jose.key_checks import GROUP as KEY


def kids_unique(case: Case) -> str:
    kid = case.header.get("kid")
    if isinstance(kid, str) and len(case.candidates) > 1:
        raise Refusal(
            f"{len(case.candidates)} trusted keys are called {kid!r}, and each fits this token: nobody can tell "
            "which is meant. Give each its own kid",
            claim="kid",
            found=kid,
        )
    return ""


def set_unmixed(case: Case) -> str:
    kinds = {key.is_symmetric for key in case.keys}
    if len(kinds) == 2:
        raise Refusal(
            "the trusted set mixes shared secrets with public keys: keep them in two sets, so that neither "
            "can be taken for the other",
        )
    return ""


def key_found(case: Case) -> str:
    kid = case.header.get("kid")
    if "kid" in case.header and not isinstance(kid, str):
        reason = f"kid must be text; this is {kind(kid)}"
        raise Refusal(reason, claim="kid", found=kid)
    if not case.candidates:
        raise Refusal(_no_candidate(case, kid), claim="kid", expected=_kids(case), found=kid)
    if kid is None and len(case.candidates) > 1:
        reason = f"the token names no key (kid), and {len(case.candidates)} trusted keys would fit"
        raise Refusal(reason, claim="kid", expected=_kids(case))
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
    if not key.signs():
        return f"use {key.use!r}"
    return f"alg {key.alg}" if key.verifies() else f"key_ops {', '.join(key.key_ops or ()) or 'none'}"


def _ignored(case: Case) -> str:
    """The entries of the set that could not be used, for the end of a sentence."""
    count = len(case.keys.ignored)
    return f" ({count} more could not be used: {case.keys.ignored[0]})" if count else ""


def _kids(case: Case) -> tuple[str, ...]:
    return tuple(key.kid for key in case.keys if key.kid is not None)


KEY_CHOICE = (
    Check(
        id="kids-unique",
        title="The token's kid names one key",
        spec="",
        run=kids_unique,
        group=KEY,
        purpose="A rule of the house, since RFC 7517 §4.5 only says SHOULD: with two keys of one name that both "
        "fit, chance decides which one verifies.",
        error=KeyRefused,
        memory=about_header,
    ),
    Check(
        id="set-unmixed",
        title="Secrets and public keys are kept apart",
        spec="",
        run=set_unmixed,
        group=KEY,
        purpose="A rule of the house: in a mixed set one kind of key can be taken for the other.",
        error=KeyRefused,
        memory=about_header,
    ),
    Check(
        id="key-found",
        title="A trusted key fits the token",
        spec="RFC 7515 §4.1.4",
        run=key_found,
        group=KEY,
        purpose="Without a clear choice a verifier tries keys until one happens to fit.",
        error=KeyRefused,
        memory=about_header,
    ),
)
"""There is one key that the token can mean."""
