"""What a text of a key *is*: the one place that answers this, for whoever is handed a key.

Keys come as PEM (RFC 7468), DER, JWK and JWK Set (RFC 7517), OpenSSH lines and files (RFC 4253 §6.6,
RFC 4716), certificates (RFC 5280), and each of these again in UTF-16, behind a byte order mark, with
other line ends, with ``\\n`` written as two letters, in base64 or in hexadecimal. `recognise` looks at
what the bytes are, not at what they are called. It makes no key; `jwtlab.jose.key` does.
"""

from __future__ import annotations

from jwtlab.jose.key_text.pieces import ESCAPED, LIMIT, PRINTED, KeyText, Piece
from jwtlab.jose.key_text.recognition import recognise

__all__ = ["ESCAPED", "LIMIT", "PRINTED", "KeyText", "Piece", "recognise"]
