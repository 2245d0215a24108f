"""Keys of SSH, one a line (RFC 4253 §6.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jwtlab.jose.key_text.pem import base64_body
from jwtlab.jose.key_text.pieces import Piece, ssh_type

# OpenSSH

_SSH_LINE = re.compile(r"(?<![A-Za-z0-9+/=])AAAA[A-Za-z0-9+/]{30,}={0,2}")


def ssh_lines(text: str) -> Iterator[Piece]:
    """Every line such as ``ssh-ed25519 AAAA… alice@host``, also with options or a host in front."""
    for match in _SSH_LINE.finditer(text):
        octets = base64_body(match[0])
        name = ssh_type(octets)
        if name:
            yield Piece("OpenSSH", "public", f"a public OpenSSH key ({name})", octets)
