"""What Mallory has: keys of her own, certificates that she gave herself, and a web site on loopback."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from jwtlab.jose.algorithms import ALGORITHMS, EDDSA, Algorithm
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
        alg = next((each for each in path.split("/") if each in ALGORITHMS), "")
        content, body = "application/json", b""
        if alg and "/jwks.json" in path:
            asked = dict(parse_qsl(environ.get("QUERY_STRING", "")))
            own = key(alg).public().to_jwk()
            names = dict.fromkeys((KID, asked.get("kid", KID)))
            body = json.dumps({"keys": [own | {"kid": each} for each in names]}).encode()
        elif alg and "/certificate.pem" in path:
            content, body = "application/x-pem-file", certificate(alg).public_bytes(Encoding.PEM)
        elif alg and "/.well-known/" in path:
            body = json.dumps(self._metadata(alg, path)).encode()
        if not body:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing here"]
        start_response("200 OK", [("Content-Type", content)])
        return [body]

    def _metadata(self, alg: str, path: str) -> dict[str, Any]:
        """She has an issuer, too (OpenID Connect Discovery §4, RFC 8414 §3); its keys bear whatever name is asked."""
        kid = next((each.partition("=")[2] for each in path.split("/") if each.startswith("kid=")), KID)
        issuer = f"http://{self.host}/{alg}/kid={kid}"
        jwks_uri = f"http://{self.host}/jwks.json/{alg}?{urlencode({'kid': kid})}"
        return {
            "issuer": issuer,
            "jwks_uri": jwks_uri,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [alg],
        }
