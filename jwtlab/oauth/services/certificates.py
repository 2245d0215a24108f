"""Mutual TLS: both ends show a certificate, and a token names the client's (RFC 8705).

The lab's network carries HTTP and no TLS. So the two ends of a connection stand here in memory: they are OpenSSL's,
with real handshakes, and what the server sees of the client is what such a server sees.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jwtlab.checks import Check, Refusal
from jwtlab.errors import ClaimRefused
from jwtlab.jose import base64url, jwt

if TYPE_CHECKING:
    import ssl

_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key.

    Attributes:
        name: its common name.
        der: the certificate itself, which everybody may see.
        key: its private key (PEM).
    """

    name: str
    der: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def make(cls, name: str, seed: bytes) -> Certificate:
        """A new one.

        Args:
            name: such as ``"invoices.example"``.
            seed: 32 random bytes, the private key.
        """
        private = Ed25519PrivateKey.from_private_bytes(seed)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(private.public_key())
            .serial_number(int.from_bytes(hashlib.sha256(seed).digest()[:8]) or 1)
            .not_valid_before(_FROM)
            .not_valid_after(_UNTIL)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(private, None)
        )
        key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(name, built.public_bytes(Encoding.DER), key)

    @property
    def pem(self) -> str:
        return x509.load_der_x509_certificate(self.der).public_bytes(Encoding.PEM).decode()

    @property
    def thumbprint(self) -> str:
        """``x5t#S256``: BASE64URL(SHA256(DER)) (RFC 8705 §3.1)."""
        return base64url.encode(hashlib.sha256(self.der).digest())


@dataclass(frozen=True)
class Met:
    """What came of a handshake.

    Attributes:
        certificate: the client's, in DER, as the server sees it; ``None`` if there was none.
        version: of TLS; empty if nothing came of it.
        error: why nothing came of it.
    """

    certificate: bytes | None
    version: str = ""
    error: str = ""


def meet(client: Certificate | None, server: Certificate, registered: tuple[Certificate, ...]) -> Met:
    """A handshake of mutual TLS.

    Args:
        client: with which certificate it comes.
        server: its certificate.
        registered: those that the server takes (RFC 8705 §2.2: self-signed ones, registered beforehand).
    """
    import ssl

    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _load(here, server)
    here.verify_mode = ssl.CERT_REQUIRED
    here.load_verify_locations(cadata="".join(each.pem for each in registered))
    there.load_verify_locations(cadata=server.pem)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        if client is not None:
            _load(there, client)
        one = there.wrap_bio(to_client, to_server, server_hostname=server.name)
        other = here.wrap_bio(to_server, to_client, server_side=True)
        _shake(one, other)
    except ssl.SSLError as error:
        return Met(None, error=(error.reason or "failed").lower().replace("_", " "))
    return Met(other.getpeercert(binary_form=True), str(other.version()))


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    with tempfile.TemporaryDirectory() as folder:  # OpenSSL reads keys from files only
        file = Path(folder) / "both.pem"
        file.touch(0o600)
        file.write_bytes(certificate.key + certificate.pem.encode())
        context.load_cert_chain(file)


def _shake(one: ssl.SSLObject, other: ssl.SSLObject) -> None:
    """Let both ends talk until both are done."""
    import ssl

    left = [one, other]
    for _ in range(20):
        for end in tuple(left):
            try:
                end.do_handshake()
                left.remove(end)
            except ssl.SSLWantReadError:
                pass
        if not left:
            return


def bound_to_certificate(case: jwt.Case) -> str:
    """``case.context`` is the certificate of the connection, in DER, or ``None``."""
    cnf: Any = case.claims.get("cnf")
    named = cnf.get("x5t#S256") if isinstance(cnf, dict) else None
    if not isinstance(named, str):
        raise _refuse("the token is bound to no certificate, and this API takes no others")
    if case.context is None:
        raise _refuse("the connection shows no certificate")
    seen = base64url.encode(hashlib.sha256(case.context).digest())
    if not hmac.compare_digest(seen.encode(), named.encode("utf-8", "replace")):
        raise _refuse("the connection shows another certificate", expected=named, found=seen)
    return "the certificate of this connection"


def _refuse(reason: str, **evidence: Any) -> Refusal:
    return Refusal(reason, claim="cnf", **{"error": ClaimRefused, **evidence})


BOUND = jwt.STANDARD.adding(
    Check(
        id="certificate-bound",
        title="It belongs to the certificate of this connection",
        spec="RFC 8705 §3",
        run=bound_to_certificate,
        group="Purpose",
        purpose="Whoever steals the token uses it on a connection of his own.",
    )
)
"""What an API asks that takes only tokens bound to certificates: one row more than of any token."""
