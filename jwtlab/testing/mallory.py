"""What Mallory has: keys of her own, certificates that she gave herself, and a web site on loopback."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from jwtlab.jose.algorithms import EDDSA, Algorithm
from jwtlab.jose.key import Key
from jwtlab.testing.sockets import LoopbackServer

KID = "mallory-1"


@cache
def key(alg: str) -> Key:
    """A key of Mallory's for this algorithm."""
    return Key.generate(alg, kid=KID)


@cache
def certificate(alg: str) -> x509.Certificate:
    """Her certificate for it, given by herself."""
    own = key(alg)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer.example")])
    now = datetime.now(UTC)
    private: Any = own.private_crypto
    digest = None if Algorithm.named(alg).family == EDDSA else hashes.SHA256()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(private, digest)
    )


def chain(alg: str) -> list[str]:
    """The certificate as ``x5c`` has it (RFC 7515 §4.1.6)."""
    return [base64.b64encode(certificate(alg).public_bytes(Encoding.DER)).decode()]


class KeySite:
    """Her web site: a key set and a certificate for each algorithm, and a count of its visitors.

    Attributes:
        visits: the paths that somebody asked for.
    """

    def __init__(self) -> None:
        self.visits: list[str] = []
        self._socket = LoopbackServer(self._answer)

    def start(self) -> KeySite:
        self._socket.start()
        return self

    def stop(self) -> None:
        self._socket.stop()

    @property
    def host(self) -> str:
        """Host and port."""
        return self._socket.origin.removeprefix("http://")

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ.get("PATH_INFO", "")
        self.visits.append(path)
        kind, _, alg = path.strip("/").partition("/")
        if kind == "jwks.json" and alg:
            body = json.dumps({"keys": [key(alg).public().to_jwk()]}).encode()
        elif kind == "certificate.pem" and alg:
            body = certificate(alg).public_bytes(Encoding.PEM)
        else:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing here"]
        content = "application/json" if kind == "jwks.json" else "application/x-pem-file"
        start_response("200 OK", [("Content-Type", content)])
        return [body]
