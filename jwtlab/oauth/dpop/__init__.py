"""DPoP: whoever uses a token shows that they hold the key it is bound to (RFC 9449)."""

from __future__ import annotations

from jwtlab.oauth.dpop.checks import CHECKS, LIFETIME, ProofCase, examine
from jwtlab.oauth.dpop.nonces import Nonces
from jwtlab.oauth.dpop.proofs import ALGORITHMS, TYPE, address, proof, token_hash

__all__ = [
    "ALGORITHMS",
    "CHECKS",
    "LIFETIME",
    "TYPE",
    "Nonces",
    "ProofCase",
    "address",
    "examine",
    "proof",
    "token_hash",
]
