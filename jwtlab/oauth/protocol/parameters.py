"""Parameters as RFC 6749 wants them read: form-encoded, each once, and nothing that cannot be decoded."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from jwtlab.checks import Check, Policy
from jwtlab.oauth.protocol.names import FORM, REPEATABLE, refuse

LONGEST = 8192
"""Characters of one parameter."""


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


def read_parameters(octets: bytes) -> list[tuple[str, str]]:
    """Names and values out of a query or a form.

    What is no UTF-8 keeps its octets, as lone surrogates (``surrogateescape``): nobody takes it for a
    text, and nobody repeats it in another spelling.
    """
    text = octets.decode("ascii", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


class Parameters(Mapping[str, str]):
    """Parameters of a request. One without a value counts as left out (RFC 6749 §3.1).

    Args:
        pairs: names and values in the order in which they came.
        known: the names that the receiver knows; others are ignored. ``None`` knows every name.
        form_encoded: they came in the one encoding that counts; if not, there are none.

    Attributes:
        repeated: names that occur more than once and must not.
    """

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]],
        known: Collection[str] | None = None,
        *,
        form_encoded: bool = True,
    ) -> None:
        self.form_encoded = form_encoded
        self.pairs = tuple(
            (name, value) for name, value in pairs if value and (known is None or name in known)
        )
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
        """A list parted by spaces, such as ``scope`` (RFC 6749 §3.3); no word twice, no empty word."""
        return tuple(dict.fromkeys(each for each in self.get(name, "").split(" ") if each))

    def one(self, name: str) -> str | None:
        """The value of a parameter that is there once and readable; of any other nobody can say what it is."""
        value = self.get(name)
        unclear = name in self.repeated or value is None or _fault(value)
        return None if unclear else value


def form_encoded(case: Any) -> str:
    if not case.parameters.form_encoded:
        raise refuse("invalid_request", f"parameters come as {FORM}, and in no other encoding", expected=FORM)
    return ""


def parameters_once(case: Any) -> str:
    repeated = case.parameters.repeated
    if repeated:
        raise refuse(
            "invalid_request",
            f"the parameter {repeated[0][:40]!r} occurs more than once: nobody can say which is meant",
            repeated[0],
        )
    return ""


def _fault(value: str) -> str:
    """Why a value is not taken, or nothing."""
    if len(value) > LONGEST:
        return f"has {len(value)} characters; {LONGEST} are the limit"
    if any("\ud800" <= each <= "\udfff" for each in value):
        return "is no UTF-8"
    if any(each < " " or each == "\x7f" for each in value):
        return "contains control characters"
    return ""


def parameters_readable(case: Any) -> str:
    for name, value in case.parameters.pairs:
        fault = _fault(value)
        if fault:
            raise refuse("invalid_request", f"the parameter {name[:40]!r} {fault}", name)
    return ""


FORM_ENCODED = Check(
    id="form-encoded",
    title="Its parameters are form-encoded",
    spec="RFC 6749 Appendix B",
    run=form_encoded,
    group="Request",
    purpose="Two encodings are two readings.",
)
PARAMETERS_ONCE = Check(
    id="parameters-once",
    title="No parameter occurs twice",
    spec="RFC 6749 §3.1",
    run=parameters_once,
    group="Request",
    purpose="Two readers of the same request would see two different requests.",
)
PARAMETERS_READABLE = Check(
    id="parameters-readable",
    title="Every parameter is short and printable",
    spec="RFC 6749 Appendix A",
    run=parameters_readable,
    group="Request",
    purpose="A line break in a parameter may end up in a header, or in a log.",
)
PARAMETER_CHECKS = Policy((FORM_ENCODED, PARAMETERS_ONCE, PARAMETERS_READABLE), "parameters")
"""What every endpoint asks first, of the parameters that it knows."""
