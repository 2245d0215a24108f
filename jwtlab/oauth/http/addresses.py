"""Addresses taken apart, with a sentence where Python's reader would only say ``Invalid IPv6 URL``."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from jwtlab.errors import UsageError


def split(url: str) -> SplitResult:
    """Scheme, host and port, path, query and fragment of an address (RFC 3986 §3).

    Args:
        url: whatever was typed, sent or registered.

    Raises:
        UsageError: no address is written like this: a bracket that is not closed, a port that is no number
            below 65536.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # read only when it is asked for, and it may be none
    except ValueError as error:
        raise UsageError(f"{url[:80]!r} is no address: {error}") from error
    return parts


def origin_of(url: str) -> tuple[str, str]:
    """Scheme and host with port, for comparing; two empty texts for what is no address."""
    try:
        parts = split(url)
    except UsageError:
        return "", ""
    return parts.scheme, parts.netloc
