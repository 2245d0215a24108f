"""A client's name that is an address: where its metadata document may be fetched, and what may stand in it.

draft-ietf-oauth-client-id-metadata-document-02, sections 3 to 6 and 8, as the Model Context Protocol of 2026-07-28
uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.errors import UsageError
from jwtlab.jose import strict_json
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.guarded import Fetch, Fetched, Resolve, fetch, host_and_port, is_public, resolve
from jwtlab.oauth.protocol import refuse

MOST_OCTETS = 5 * 1024
"""Of a document (section 8.7 recommends 5 kilobytes)."""

SPEC = "Client ID Metadata Document"
NOT_FETCHED = "this server fetches nothing from that address"
"""One sentence for a name that leads nowhere and for one that leads inside: the difference would draw a map."""


@dataclass(frozen=True)
class Documents:
    """How the server reaches documents.

    Attributes:
        resolve: names to addresses.
        fetch: a document from an address.
    """

    resolve: Resolve = resolve
    fetch: Fetch = fetch


def is_address(client_id: str) -> bool:
    """Does this name look like the address of a document?"""
    return client_id[:8].lower().startswith(("https://", "http://"))


@dataclass(frozen=True)
class DocumentAddress:
    """A client's name, before anything is sent there."""

    url: str
    documents: Documents

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """What the name leads to. It is asked once: the connection goes where this says."""
        try:
            return tuple(self.documents.resolve(*host_and_port(self.url)))
        except UsageError:
            return ()


def address_https(case: DocumentAddress) -> str:
    if not case.url.startswith("https://"):
        raise refuse("invalid_client", "a client_id that is an address begins with https://", "client_id")
    return ""


def address_plain(case: DocumentAddress) -> str:
    try:
        parts = split(case.url)
    except UsageError as error:
        raise refuse("invalid_client", str(error), "client_id") from error
    odd = any(not "!" <= each <= "~" or each == "\\" for each in case.url)
    dots = any(each.lower().replace("%2e", ".") in (".", "..") for each in parts.path.split("/"))
    if odd or dots or not parts.path or "#" in case.url or "@" in parts.netloc or len(case.url) > 500:
        raise refuse(
            "invalid_client",
            "a client_id that is an address has a path, and neither dots as a segment of it, nor a fragment, nor "
            "a user name",
            "client_id",
        )
    return ""


def address_public(case: DocumentAddress) -> str:
    if not case.addresses or not all(is_public(each) for each in case.addresses):
        raise refuse("invalid_client", NOT_FETCHED, "client_id")
    return case.addresses[0]


ADDRESS_CHECKS = Policy(
    (
        Check(
            id="address-https",
            title="The client's name is an https address",
            spec=f"{SPEC} §3",
            run=address_https,
            group="Client",
            purpose="Whoever is on the way writes the document.",
        ),
        Check(
            id="address-plain",
            title="It has a path, and nothing that hides where it leads",
            spec=f"{SPEC} §3",
            run=address_plain,
            group="Client",
            purpose="Two names for one client.",
        ),
        Check(
            id="address-public",
            title="Every address behind the name is public",
            spec=f"{SPEC} §8.6",
            run=address_public,
            group="Client",
            purpose="Anybody sends the server into its own network (SSRF).",
        ),
    ),
    "client document address",
)


@dataclass(frozen=True)
class DocumentAnswer:
    """What came back from a document's address."""

    url: str
    fetched: Fetched

    @cached_property
    def read(self) -> strict_json.Document:
        return strict_json.read(self.fetched.body)

    @property
    def metadata(self) -> Mapping[str, Any]:
        return self.read.value or {}


def document_arrived(case: DocumentAnswer) -> str:
    status = case.fetched.status
    if status != 200:
        moved = " A redirect is not followed: it could lead anywhere" if 300 <= status < 400 else ""
        raise refuse(
            "invalid_client", f"there is no client metadata document at that address.{moved}", "client_id"
        )
    return ""


def document_type(case: DocumentAnswer) -> str:
    found = case.fetched.content_type
    if found != "application/json" and not (found.startswith("application/") and found.endswith("+json")):
        raise refuse(
            "invalid_client", "a client metadata document is served as application/json", "client_id"
        )
    return found


def document_size(case: DocumentAnswer) -> str:
    if len(case.fetched.body) > MOST_OCTETS:
        raise refuse(
            "invalid_client", f"a client metadata document has at most {MOST_OCTETS} octets", "client_id"
        )
    return f"{len(case.fetched.body)} octets"


def document_json(case: DocumentAnswer) -> str:
    if case.read.value is None or case.read.fault or case.read.duplicates:
        raise refuse("invalid_client", "the client metadata document is no JSON object", "client_id")
    return ""


def document_names_itself(case: DocumentAnswer) -> str:
    if case.metadata.get("client_id") != case.url:
        raise refuse(
            "invalid_client",
            "the document's client_id is not the address from which it was fetched, character by character",
            "client_id",
        )
    return ""


def document_no_secret(case: DocumentAnswer) -> str:
    method = str(case.metadata.get("token_endpoint_auth_method", ""))
    held = [name for name in ("client_secret", "client_secret_expires_at") if name in case.metadata]
    if held or method.startswith("client_secret"):
        raise refuse(
            "invalid_client", "a secret in a public document is none: use keys, or nothing", "client_id"
        )
    return ""


DOCUMENT_CHECKS = Policy(
    (
        Check(
            id="document-arrived",
            title="The document is there, and not elsewhere",
            spec=f"{SPEC} §5",
            run=document_arrived,
            group="Client",
            purpose="An error page is taken for a document.",
        ),
        Check(
            id="document-type",
            title="It is served as JSON",
            spec=f"{SPEC} §4",
            run=document_type,
            group="Client",
            purpose="A picture that somebody could upload is a client.",
        ),
        Check(
            id="document-size",
            title="It is small",
            spec=f"{SPEC} §8.7",
            run=document_size,
            group="Client",
            purpose="A document without end fills the memory.",
        ),
        Check(
            id="document-json",
            title="It is a JSON object",
            spec=f"{SPEC} §4",
            run=document_json,
            group="Client",
            purpose="",
        ),
        Check(
            id="document-names-itself",
            title="It names its own address as client_id",
            spec=f"{SPEC} §4",
            run=document_names_itself,
            group="Client",
            purpose="Any JSON file on a good name's server makes a client of that name.",
        ),
        Check(
            id="document-no-secret",
            title="It holds no secret",
            spec=f"{SPEC} §4",
            run=document_no_secret,
            group="Client",
            purpose="Everybody reads the secret.",
        ),
    ),
    "client document",
)
