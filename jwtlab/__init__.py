"""jwtlab: learn JSON Web Tokens, OAuth 2.0 and OpenID Connect by doing.

The face of the package, in the order in which one meets it::

    key    = jwtlab.Key.generate("ES256")
    keys   = jwtlab.KeySet([key])
    token  = jwtlab.issue({"sub": "alice", "exp": 1767227400}, key, alg="ES256")
    parts  = jwtlab.decode(token)                          # looks; verifies nothing
    report = jwtlab.verify(token, keys, algorithms=["ES256"], now=1767225600)
    report.accepted, report.findings, report.claims
    verifier = jwtlab.Verifier(keys, algorithms=["ES256"])  # the same as a value: verifier.verify(token, now=...)
    lab    = jwtlab.Lab()                                  # a world with its own clock and keys

Names are loaded when they are first used (PEP 562), so ``import jwtlab`` stays cheap: it loads
neither matplotlib nor ipywidgets nor Flask.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab import checks, errors, exercises, figures, glossary, widgets
    from jwtlab.checks import Check, Finding, Policy, Report
    from jwtlab.errors import (
        AlgorithmRefused,
        ClaimRefused,
        EncryptedToken,
        ExpiredToken,
        InvalidKey,
        InvalidSignature,
        InvalidToken,
        JwtlabError,
        KeyRefused,
        MalformedToken,
        NotYetValid,
        ReplayedToken,
        UnknownAlgorithm,
        UsageError,
    )
    from jwtlab.jose import algorithms as jwa
    from jwtlab.jose import base64url, jws, jwt
    from jwtlab.jose import key_set as jwk
    from jwtlab.jose.algorithms import ALGORITHMS
    from jwtlab.jose.jwt import issue, verify
    from jwtlab.jose.key import Key
    from jwtlab.jose.key_set import KeySet
    from jwtlab.jose.token import Token, decode
    from jwtlab.jose.verifier import STANDARD, Verifier
    from jwtlab.lab import Lab
    from jwtlab.oauth.choosing import flows_cheat_sheet

__version__ = "0.1.0"

_WHERE = {
    "jwtlab.errors": (
        "AlgorithmRefused ClaimRefused EncryptedToken ExpiredToken InvalidKey InvalidSignature InvalidToken "
        "JwtlabError KeyRefused MalformedToken NotYetValid ReplayedToken UnknownAlgorithm UsageError"
    ),
    "jwtlab.checks": "Check Finding Policy Report",
    "jwtlab.jose.token": "Token decode",
    "jwtlab.jose.key": "Key",
    "jwtlab.jose.key_set": "KeySet",
    "jwtlab.jose.algorithms": "ALGORITHMS",
    "jwtlab.jose.jwt": "issue verify",
    "jwtlab.jose.verifier": "STANDARD Verifier",
    "jwtlab.lab": "Lab",
    "jwtlab.oauth.choosing": "flows_cheat_sheet",
}
_NAMES = {name: module for module, names in _WHERE.items() for name in names.split()}
_MODULES = {name: f"jwtlab.jose.{name}" for name in ("base64url", "jws", "jwt")}
_MODULES |= {"jwa": "jwtlab.jose.algorithms", "jwk": "jwtlab.jose.key_set"}  # by the names of their RFCs
_MODULES |= {
    name: f"jwtlab.{name}"
    for name in (
        "attacks",
        "board",
        "checks",
        "errors",
        "exercises",
        "figures",
        "glossary",
        "oauth",
        "widgets",
    )
}

__all__ = [
    "ALGORITHMS",
    "STANDARD",
    "AlgorithmRefused",
    "Check",
    "ClaimRefused",
    "EncryptedToken",
    "ExpiredToken",
    "Finding",
    "InvalidKey",
    "InvalidSignature",
    "InvalidToken",
    "JwtlabError",
    "Key",
    "KeyRefused",
    "KeySet",
    "Lab",
    "MalformedToken",
    "NotYetValid",
    "Policy",
    "ReplayedToken",
    "Report",
    "Token",
    "UnknownAlgorithm",
    "UsageError",
    "Verifier",
    "base64url",
    "board",
    "checks",
    "decode",
    "errors",
    "exercises",
    "figures",
    "flows_cheat_sheet",
    "glossary",
    "issue",
    "jwa",
    "jwk",
    "jws",
    "jwt",
    "verify",
    "widgets",
]


def __getattr__(name: str) -> Any:
    if name in _NAMES:  # kept, so that a program that says jwtlab.verify a million times asks here once
        found = globals()[name] = getattr(importlib.import_module(_NAMES[name]), name)
        return found
    if name in _MODULES:
        try:
            return importlib.import_module(_MODULES[name])
        except ModuleNotFoundError as error:
            raise AttributeError(f"jwtlab has no room {name!r}") from error
    raise AttributeError(f"jwtlab has no {name!r}; there are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
