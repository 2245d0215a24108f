"""The response types: what an authorization response may bring (RFC 6749 §3.1.1, Multiple Response Types §3, §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

RESPONSE_MODES = ("query", "fragment", "form_post")
"""How an authorization response travels (Multiple Response Types §2.1, Form Post Response Mode §2)."""

PROMPTS = ("none", "login", "consent", "select_account")
"""What a client may say about pages (OpenID Connect Core §3.1.2.1)."""


@dataclass(frozen=True, kw_only=True)
class ResponseType:
    """A response type.

    Attributes:
        id: its words, such as ``"code id_token"``; their order has no meaning (RFC 6749 §3.1.1).
        spec: where it is described.
        retired: answered only by a server that was told to (RFC 9700 §2.1.2).
    """

    id: str
    spec: str
    retired: bool = False

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.id.split())

    @property
    def mode(self) -> str:
        """How its answer travels, unless it is said."""
        return usual_mode(self.words)


def usual_mode(words: Iterable[str]) -> str:
    """Tokens travel behind the #, a code in the query (Multiple Response Types §5)."""
    return "fragment" if {"token", "id_token"} & set(words) else "query"


RESPONSE_TYPES = (
    ResponseType(id="code", spec="RFC 6749 §4.1.1"),
    ResponseType(id="id_token", spec="OpenID Connect Core §3.2"),
    ResponseType(id="code id_token", spec="OpenID Connect Core §3.3"),
    ResponseType(id="code token", spec="OpenID Connect Core §3.3"),
    ResponseType(id="code id_token token", spec="OpenID Connect Core §3.3"),
    # An access token in the address bar, and nothing that would tell where it belongs.
    ResponseType(id="token", spec="RFC 6749 §4.2.1", retired=True),
    ResponseType(id="id_token token", spec="OpenID Connect Core §3.2", retired=True),
)
"""Every response type, in the order of the metadata."""


def find(words: Iterable[str], among: Iterable[ResponseType] = RESPONSE_TYPES) -> ResponseType | None:
    """The response type of these words, in whatever order they come."""
    wanted = frozenset(words)
    return next((each for each in among if each.words == wanted), None)
