"""DER and points of curves."""

from __future__ import annotations

from jwtlab.jose import der
from jwtlab.jose.curves import CURVES, WeierstrassCurve
from jwtlab.jose.key_text.pieces import Piece, ssh_type

# Bytes


def binary_piece(octets: bytes) -> Piece | None:
    ssh = ssh_type(octets)
    if ssh:
        return Piece("OpenSSH", "public", f"a public OpenSSH key ({ssh})", octets)
    for curve in CURVES.values():
        if isinstance(curve, WeierstrassCurve) and _is_point(octets, curve):
            return Piece("EC point", "public", f"a public point on {curve.name}", octets)
    return der_piece(octets)


def _is_point(octets: bytes, curve: WeierstrassCurve) -> bool:
    """Is this a point as SEC 1 §2.3.3 writes it, uncompressed?"""
    if octets[:1] != b"\x04" or len(octets) != 1 + 2 * curve.size:
        return False
    return curve.holds(int.from_bytes(octets[1 : 1 + curve.size]), int.from_bytes(octets[1 + curve.size :]))


def der_piece(octets: bytes, form: str = "DER") -> Piece | None:
    found = der.recognise(octets)
    if found is None:
        return None
    words = f"{found.words} in {form}"
    return Piece(form, found.half, words, found.octets, locked=found.locked, only_for=found.only_for)
