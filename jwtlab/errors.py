"""Every error that jwtlab raises, as one tree.

::

    JwtlabError
    ├── InvalidToken              a token is refused; .finding says which check refused it, and why
    │   ├── MalformedToken        it cannot be read as a token; .part and .position say where
    │   │   └── EncryptedToken    it is a JWE (five parts): only its recipient can read it
    │   ├── AlgorithmRefused      the algorithm is not on the verifier's list
    │   ├── KeyRefused            no key fits, or the key itself is unfit
    │   ├── InvalidSignature      the signature does not belong to these bytes and this key
    │   ├── ClaimRefused          a claim is missing, malformed or not what the verifier expects
    │   │   ├── ExpiredToken      now is at or after ``exp``
    │   │   └── NotYetValid       now is before ``nbf`` (or ``iat`` lies in the future)
    │   └── ReplayedToken         its ``jti`` has been used before
    ├── InvalidKey                a key cannot be read, or may not do what it was asked to do
    ├── OAuthError                a request is refused; .code is the protocol's word for it
    │   └── StorageError          what has to be kept cannot be kept or read just now; ask again later
    ├── UnknownAlgorithm          a name that is in no table of RFC 7518, RFC 8037 or RFC 9864
    └── UsageError                the call itself is wrong: an argument is missing or of the wrong kind

A hostile token never raises anything that is not in this tree. ``verify`` raises nothing at
all for a bad token: it reports.
"""

from __future__ import annotations

from typing import Any, Protocol


class RefusingCheck(Protocol):
    """What an error knows of the check that refused: `jwtlab.checks.Finding` is one."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def claim(self) -> str | None: ...
    @property
    def expected(self) -> Any: ...
    @property
    def found(self) -> Any: ...


class JwtlabError(Exception):
    """Root of the tree: ``except jwtlab.JwtlabError`` catches everything jwtlab raises.

    Attributes:
        finding: the `RefusingCheck` of the check that refused, with the evidence (which claim, what was
            expected, what was found); ``None`` where no policy was run.
    """

    def __init__(self, message: str = "", finding: RefusingCheck | None = None) -> None:
        super().__init__(message)
        self.finding = finding


class InvalidToken(JwtlabError):
    """A token is refused."""


class MalformedToken(InvalidToken):
    """The text cannot be read as a token.

    Attributes:
        part: ``"token"``, ``"header"``, ``"payload"`` or ``"signature"``.
        position: where in that part, counted in characters from 0, or ``None`` if no single
            place is to blame.
    """

    def __init__(
        self,
        message: str,
        part: str = "token",
        position: int | None = None,
        finding: RefusingCheck | None = None,
    ) -> None:
        super().__init__(message, finding)
        self.part = part
        self.position = position


class EncryptedToken(MalformedToken):
    """A JWE in compact serialization (RFC 7516 §7.1): five parts, readable by its recipient only."""


class AlgorithmRefused(InvalidToken):
    """The token's algorithm is not on the verifier's list (RFC 8725 §3.1)."""


class KeyRefused(InvalidToken):
    """No trusted key fits the token, or the key that fits is itself unfit."""


class InvalidSignature(InvalidToken):
    """The signature does not belong to these bytes and this key (RFC 7515 §5.2)."""


class ClaimRefused(InvalidToken):
    """A claim is missing, malformed, or not what the verifier expects (RFC 7519 §4.1)."""


class ExpiredToken(ClaimRefused):
    """The current time is at or after ``exp`` (RFC 7519 §4.1.4)."""


class NotYetValid(ClaimRefused):
    """The current time is before ``nbf`` (RFC 7519 §4.1.5), or ``iat`` lies in the future."""


class ReplayedToken(ClaimRefused):
    """The token's ``jti`` has been used before (RFC 7519 §4.1.7)."""


class InvalidKey(JwtlabError):
    """A key cannot be read, or may not do what it was asked to do."""


class UnknownAlgorithm(JwtlabError):
    """The name is in no table of RFC 7518 §3.1, RFC 8037 §3.1 or RFC 9864 §2.2."""


class OAuthError(JwtlabError):
    """A request is refused by a server, an API or a client application.

    Attributes:
        code: the protocol's word, such as ``"invalid_grant"`` (RFC 6749 §5.2).
        status: the HTTP status that goes with it.
    """

    def __init__(
        self,
        message: str,
        code: str = "invalid_request",
        status: int = 400,
        finding: RefusingCheck | None = None,
    ) -> None:
        super().__init__(message, finding)
        self.code = code
        self.status = status


class StorageError(OAuthError):
    """A full disk, a locked or damaged file: nothing of the request has happened.

    Its code is ``temporarily_unavailable`` (RFC 6749 §4.1.2.1) and its status 503, so that a client keeps what it
    holds, and asks again.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, "temporarily_unavailable", 503)


class UsageError(JwtlabError):
    """The call is wrong: an argument is missing or of the wrong kind. The message says what to write."""


def kind(value: Any) -> str:
    """What a value is, in words for a message: ``"nothing (None)"``, ``"text (str)"``, ``"a number (int)"``."""
    words = {
        "NoneType": "nothing (None)",
        "str": "text (str)",
        "bytes": "bytes",
        "bool": "true or false (bool)",
        "int": "a number (int)",
        "float": "a number (float)",
        "list": "a list",
        "tuple": "a tuple",
        "dict": "an object (dict)",
    }
    name = type(value).__name__
    return words.get(name, f"a {name}")
