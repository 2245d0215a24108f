"""Today's PyJWT, asked about the same forgeries, called as a developer would have called it.

PyJWT reads the machine's clock, and the lab's stands still: so dates are left out of the question
wherever they are not the question.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import jwt

from jwtlab.attacks.model import LibraryVerdict, Scenario

NO_DATES = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def ask(scenario: Scenario, key: Any = None, **arguments: Any) -> LibraryVerdict:
    """Call ``jwt.decode`` on the forged token.

    Args:
        scenario: where the token, the key and the expectations come from.
        key: another key, such as the bytes of a PEM.
        **arguments: other arguments of ``jwt.decode``; ``options`` are added to `NO_DATES`.

    Returns:
        A `LibraryVerdict`: accepted or not, and in what words.
    """
    verifier = scenario.verifier
    filled: dict[str, Any] = {
        "algorithms": list(verifier.algorithms),
        "audience": verifier.audience,
        "issuer": verifier.issuer,
    } | arguments
    filled["options"] = NO_DATES | arguments.get("options", {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a short secret draws a warning, not a refusal
        try:
            claims = jwt.decode(scenario.forged, _key(scenario) if key is None else key, **filled)
        except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError) as error:
            return LibraryVerdict(False, f"{type(error).__name__}: {error}")
    return LibraryVerdict(True, f"accepted; sub is {claims.get('sub')!r}")


def unverified(scenario: Scenario) -> LibraryVerdict:
    """``options={"verify_signature": False}``: it does what it says."""
    return ask(scenario, options={"verify_signature": False, "verify_aud": False, "verify_iss": False})


def header_chooses(scenario: Scenario) -> LibraryVerdict:
    """``algorithms=[jwt.get_unverified_header(token)["alg"]]``."""
    try:
        alg = jwt.get_unverified_header(scenario.forged)["alg"]
    except jwt.PyJWTError as error:
        return LibraryVerdict(False, f"{type(error).__name__}: {error}")
    return ask(scenario, scenario.knowledge.get("public_key"), algorithms=[alg])


def key_from(find: Callable[[dict[str, Any]], Any], scenario: Scenario) -> LibraryVerdict:
    """The developer's own search for a key, and then ``jwt.decode`` with whatever it found."""
    return ask(scenario, find(jwt.get_unverified_header(scenario.forged)))


def with_dates(scenario: Scenario) -> LibraryVerdict:
    """Dates are the question, and the machine's own clock answers it."""
    return ask(scenario, options={"verify_exp": True, "verify_iat": False, "verify_nbf": False})


def _key(scenario: Scenario) -> Any:
    first = next(iter(scenario.verifier.keys))
    return first.secret if first.is_symmetric else first.to_pem()
