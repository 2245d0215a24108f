"""The protocol's own words: error codes, grant types, and parameters as RFC 6749 wants them read."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import OAuthError

AUTHORIZATION_CODE = "authorization_code"
CLIENT_CREDENTIALS = "client_credentials"
REFRESH_TOKEN = "refresh_token"
PASSWORD = "password"
IMPLICIT = "implicit"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANT_TYPES = (
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    DEVICE_CODE,
    TOKEN_EXCHANGE,
    PASSWORD,
)
"""What the token endpoint knows."""

ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

REPEATABLE = frozenset({"resource", "audience"})
"""The only parameters that may stand more than once (RFC 8707 §2, RFC 8693 §2.1)."""

LONGEST = 8192
"""Characters of one parameter."""


ASKS_MORE = frozenset(
    [
        "authorization_pending",  # RFC 8628 §3.5
        "slow_down",
        "login_required",  # OpenID Connect Core §3.1.2.6
        "consent_required",
        "interaction_required",
        "account_selection_required",
        "use_dpop_nonce",  # RFC 9449 §8, §9
        "insufficient_user_authentication",  # RFC 9470 §3
    ]
)
"""Error codes that refuse nothing for good: with what they ask for, the same request succeeds."""


def refuse(code: str, reason: str, parameter: str | None = None, **evidence: Any) -> Refusal:
    """A refusal with an error code of the protocol.

    Args:
        code: such as ``"invalid_grant"`` (RFC 6749 §4.1.2.1, §5.2 and the specifications that add to them).
        reason: one or two plain sentences.
        parameter: the parameter to blame.
        evidence: ``expected``, ``found``, ``status`` where the HTTP status is not the usual one, and
            ``asks_more`` where nothing is wrong but something is still missing (as in `ASKS_MORE`).
    """
    details = {"asks_more": code in ASKS_MORE, "code": code, **evidence}
    return Refusal(reason, claim=parameter, error=OAuthError, **details)


def basic_credentials(authorization: str) -> tuple[str, str] | None:
    """Name and secret from HTTP Basic, where each is form-encoded first (RFC 6749 §2.3.1).

    Args:
        authorization: the header of that name.

    Returns:
        ``None`` for another scheme; two empty texts for what cannot be read.
    """
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ("", "")
    name, _, secret = text.partition(":")
    return unquote_plus(name), unquote_plus(secret)


class Parameters(Mapping[str, str]):
    """Parameters of a request. One without a value counts as left out (RFC 6749 §3.1).

    Args:
        pairs: names and values in the order in which they came.

    Attributes:
        repeated: names that stand more than once and must not.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple((name, value) for name, value in pairs if value)
        # Counted in one pass: a stranger may send thousands of names.
        counts = Counter(name for name, _ in self.pairs)
        self.repeated = tuple(
            sorted(name for name, count in counts.items() if count > 1 and name not in REPEATABLE)
        )
        self._values = dict(reversed(self.pairs))  # the first one counts, if anybody looks nevertheless

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter that may be repeated."""
        return tuple(value for each, value in self.pairs if each == name)

    def words(self, name: str) -> tuple[str, ...]:
        """A list parted by spaces, such as ``scope`` (RFC 6749 §3.3); no word twice."""
        return tuple(dict.fromkeys(self.get(name, "").split(" "))) if self.get(name) else ()


def parameters_once(case: Any) -> str:
    repeated = case.parameters.repeated
    if repeated:
        raise refuse(
            "invalid_request",
            f"the parameter {repeated[0][:40]!r} stands more than once: nobody can say which is meant",
            repeated[0],
        )
    return ""


def parameters_readable(case: Any) -> str:
    for name, value in case.parameters.pairs:
        if len(value) > LONGEST:
            raise refuse(
                "invalid_request",
                f"the parameter {name[:40]!r} has {len(value)} characters; {LONGEST} are the limit",
                name,
            )
        if any(each < " " or each == "\x7f" or "\ud800" <= each <= "\udfff" for each in value):
            raise refuse("invalid_request", f"the parameter {name[:40]!r} contains control characters", name)
    return ""


PARAMETER_CHECKS = Policy(
    (
        Check(
            "parameters-once",
            "No parameter stands twice",
            "RFC 6749 §3.1",
            parameters_once,
            "Request",
            "Two readers of the same request would see two different requests.",
        ),
        Check(
            "parameters-readable",
            "Every parameter is short and printable",
            "RFC 6749 Appendix A",
            parameters_readable,
            "Request",
            "A line break in a parameter may end up in a header, or in a log.",
        ),
    ),
    "parameters",
)
"""What every endpoint asks first."""
